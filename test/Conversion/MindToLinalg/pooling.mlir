// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// Padding is less than every number, and f16 is compared in f32.
// CHECK: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4, d2 + d5, d3)>
// CHECK: #[[WINDOW:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>
// CHECK-LABEL: func @max
func.func @max(%x: tensor<1x8x8x4xf16>) -> tensor<1x4x8x4xf16> {
  // CHECK: arith.constant 0xFC00 : f16
  // CHECK: tensor.pad %{{.*}} low[0, 0, 1, 0] high[0, 0, 0, 0]
  // CHECK: tensor.empty() : tensor<2x2xf16>
  // CHECK: linalg.generic {indexing_maps = [#[[X]], #[[WINDOW]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
  // CHECK: arith.maximumf %{{.*}} : f32
  %0 = mind.max_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 2, 1>, padding = array<i64: 0, 0, 1, 0>} : (tensor<1x8x8x4xf16>) -> tensor<1x4x8x4xf16>
  return %0 : tensor<1x4x8x4xf16>
}

// -----

// CHECK-LABEL: func @integers
func.func @integers(%u: tensor<1x8x8x4xui8>) -> tensor<1x4x4x4xui8> {
  // CHECK: arith.constant 0 : i8
  // CHECK: arith.maxui
  %0 = mind.max_pool2d %u {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x8x8x4xui8>) -> tensor<1x4x4x4xui8>
  return %0 : tensor<1x4x4x4xui8>
}

// -----

// Without padding every window has as many elements.
// CHECK-LABEL: func @average
func.func @average(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: arith.addf
  // CHECK: %[[COUNT:.*]] = arith.constant 4.000000e+00 : f32
  // CHECK: arith.divf %{{.*}}, %[[COUNT]] : f32
  %0 = mind.avg_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// -----

// Padding does not count: the rows and columns on the image are counted.
// CHECK-LABEL: func @counted
func.func @counted(%x: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: linalg.index 1
  // CHECK: arith.minsi
  // CHECK: arith.maxsi
  // CHECK: linalg.index 2
  // CHECK: arith.maxsi
  // CHECK: %[[INSIDE:.*]] = arith.muli
  // CHECK: %[[I:.*]] = arith.index_cast %[[INSIDE]] : index to i64
  // CHECK: %[[COUNT:.*]] = arith.sitofp %[[I]] : i64 to f32
  // CHECK: arith.divf %{{.*}}, %[[COUNT]] : f32
  %0 = mind.avg_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 1, 0, 1, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

// CHECK-LABEL: func @global
func.func @global(%x: tensor<2x8x8x4xf32>) -> tensor<2x4xf32> {
  // CHECK: iterator_types = ["parallel", "reduction", "reduction", "parallel"]
  // CHECK: arith.constant 6.400000e+01 : f32
  %0 = mind.global_avg_pool2d %x : (tensor<2x8x8x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
