// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// CHECK-LABEL: func @matmul
func.func @matmul(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[Z:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: %[[F:.*]] = linalg.fill ins(%[[Z]] : f32)
  // CHECK: %[[M:.*]] = linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<8x16xf32>, tensor<16x4xf32>) outs(%[[F]] : tensor<8x4xf32>)
  // CHECK: return %[[M]]
  %0 = mind.matmul %x, %w : (tensor<8x16xf32>, tensor<16x4xf32>) -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// -----

// f16 is summed in f32 and rounded once.
// CHECK-LABEL: func @matmul_f16
func.func @matmul_f16(%x: tensor<8x16xf16>, %w: tensor<16x4xf16>) -> tensor<8x4xf16> {
  // CHECK: linalg.matmul ins({{.*}} : tensor<8x16xf16>, tensor<16x4xf16>) outs({{.*}} : tensor<8x4xf32>)
  // CHECK: linalg.generic
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  %0 = mind.matmul %x, %w : (tensor<8x16xf16>, tensor<16x4xf16>) -> tensor<8x4xf16>
  return %0 : tensor<8x4xf16>
}

// -----

// CHECK-LABEL: func @batch_matmul
func.func @batch_matmul(%x: tensor<5x8x16xi32>, %w: tensor<5x16x4xi32>) -> tensor<5x8x4xi32> {
  // CHECK: linalg.batch_matmul
  %0 = mind.matmul %x, %w : (tensor<5x8x16xi32>, tensor<5x16x4xi32>) -> tensor<5x8x4xi32>
  return %0 : tensor<5x8x4xi32>
}

// -----

// Batch axes broadcast by the indexing maps.
// CHECK-DAG: #[[LHS:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d2, d4)>
// CHECK-DAG: #[[RHS:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d4, d3)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-LABEL: func @broadcast_matmul
func.func @broadcast_matmul(%x: tensor<5x1x2x3xf32>, %w: tensor<7x3x4xf32>) -> tensor<5x7x2x4xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #[[OUT]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
  // CHECK: %[[P:.*]] = arith.mulf
  // CHECK: arith.addf %{{.*}}, %[[P]] : f32
  %0 = mind.matmul %x, %w : (tensor<5x1x2x3xf32>, tensor<7x3x4xf32>) -> tensor<5x7x2x4xf32>
  return %0 : tensor<5x7x2x4xf32>
}

// -----

// CHECK-LABEL: func @dot
func.func @dot(%v: tensor<3xf32>, %m: tensor<3x3xf32>) {
  // CHECK: linalg.dot
  // CHECK: linalg.vecmat
  // CHECK: linalg.matvec
  // CHECK: linalg.matmul
  %0 = mind.dot %v, %v : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
  %1 = mind.dot %v, %m : (tensor<3xf32>, tensor<3x3xf32>) -> tensor<3xf32>
  %2 = mind.dot %m, %v : (tensor<3x3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %3 = mind.dot %m, %m : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

// The weight is read transposed; the bias is added before the sum is rounded.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func @linear
func.func @linear(%x: tensor<8x20xbf16>, %w: tensor<30x20xbf16>, %b: tensor<30xbf16>) -> tensor<8x30xbf16> {
  // CHECK: %[[S:.*]] = linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[OUT]]], iterator_types = ["parallel", "parallel", "reduction"]}
  // CHECK-SAME: outs(%{{.*}} : tensor<8x30xf32>)
  // CHECK: linalg.generic {{.*}} ins(%[[S]], %{{.*}} : tensor<8x30xf32>, tensor<30xbf16>)
  // CHECK: %[[B:.*]] = arith.extf
  // CHECK: %[[A:.*]] = arith.addf %{{.*}}, %[[B]] : f32
  // CHECK: arith.truncf %[[A]] : f32 to bf16
  %0 = mind.linear %x, %w, %b : (tensor<8x20xbf16>, tensor<30x20xbf16>, tensor<30xbf16>) -> tensor<8x30xbf16>
  return %0 : tensor<8x30xbf16>
}

// -----

// CHECK-LABEL: func @conv2d
func.func @conv2d(%x: tensor<1x9x9x4xf32>, %w: tensor<3x3x4x8xf32>) -> tensor<1x5x3x8xf32> {
  // CHECK: %[[P:.*]] = tensor.pad %{{.*}} low[0, 1, 0, 0] high[0, 1, 2, 0]
  // CHECK: tensor<1x9x9x4xf32> to tensor<1x11x11x4xf32>
  // CHECK: linalg.conv_2d_nhwc_hwcf {dilations = dense<[1, 3]> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%[[P]],
  %0 = mind.conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 2>,
      dilation = array<i64: 1, 3>, groups = 1 : i64}
      : (tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x5x3x8xf32>
  return %0 : tensor<1x5x3x8xf32>
}

// -----

// Groups are an axis of their own.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1 * 2 + d5, d2 * 2 + d6, d3, d7)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d5, d6, d7, d3, d4)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1, d2, d3, d4)>
// CHECK-LABEL: func @grouped_conv2d
func.func @grouped_conv2d(%x: tensor<1x9x9x4xf32>, %w: tensor<3x3x2x8xf32>) -> tensor<1x4x4x8xf32> {
  // CHECK: %[[EX:.*]] = tensor.expand_shape {{.*}} into tensor<1x9x9x2x2xf32>
  // CHECK: %[[EW:.*]] = tensor.expand_shape {{.*}} into tensor<3x3x2x2x4xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[OUT]]]
  // CHECK-SAME: ins(%[[EX]], %[[EW]]
  // CHECK: tensor.collapse_shape {{.*}} into tensor<1x4x4x8xf32>
  %0 = mind.conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>,
      dilation = array<i64: 1, 1>, groups = 2 : i64}
      : (tensor<1x9x9x4xf32>, tensor<3x3x2x8xf32>) -> tensor<1x4x4x8xf32>
  return %0 : tensor<1x4x4x8xf32>
}
