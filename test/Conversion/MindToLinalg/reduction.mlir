// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: func @sum
func.func @sum(%x: tensor<3x4x5xf32>) -> tensor<4xf32> {
  // CHECK: %[[Z:.*]] = arith.constant 0.0
  // CHECK: %[[F:.*]] = linalg.fill ins(%[[Z]] : f32) outs(%{{.*}} : tensor<4xf32>)
  // CHECK: %[[S:.*]] = linalg.generic {indexing_maps = [#[[IN]], #[[OUT]]], iterator_types = ["reduction", "parallel", "reduction"]}
  // CHECK-SAME: outs(%[[F]] : tensor<4xf32>)
  // CHECK: arith.addf
  // CHECK: return %[[S]]
  %0 = mind.sum %x {axes = array<i64: 0, 2>, keepdims = false} : (tensor<3x4x5xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Kept axes come back at the end.
// CHECK-LABEL: func @keepdims
func.func @keepdims(%x: tensor<3x4xf32>) -> tensor<1x1xf32> {
  // CHECK: %[[S:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<f32>)
  // CHECK: tensor.expand_shape %[[S]] [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
  %0 = mind.sum %x {axes = array<i64: 0, 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// Integers and bool add up in i64.
// CHECK-LABEL: func @wide
func.func @wide(%i: tensor<4xi8>, %u: tensor<4xui8>, %b: tensor<4xi1>) {
  // CHECK: arith.extsi %{{.*}} : i8 to i64
  // CHECK: arith.addi %{{.*}} : i64
  %0 = mind.sum %i {axes = array<i64: 0>, keepdims = false} : (tensor<4xi8>) -> tensor<i64>
  // CHECK: arith.constant 1 : i64
  // CHECK: arith.extui %{{.*}} : i8 to i64
  // CHECK: arith.muli %{{.*}} : i64
  %1 = mind.prod %u {axes = array<i64: 0>, keepdims = false} : (tensor<4xui8>) -> tensor<i64>
  // CHECK: arith.cmpi ne
  // CHECK: arith.extui %{{.*}} : i1 to i64
  %2 = mind.sum %b {axes = array<i64: 0>, keepdims = false} : (tensor<4xi1>) -> tensor<i64>
  return
}

// -----

// f16 is summed and divided in f32, and rounded once.
// CHECK-LABEL: func @mean
func.func @mean(%x: tensor<3x4xf16>) -> tensor<3x1xf16> {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3xf32>)
  // CHECK: arith.extf
  // CHECK: arith.addf %{{.*}} : f32
  // CHECK: linalg.generic
  // CHECK: %[[N:.*]] = arith.constant 4.0
  // CHECK: arith.divf %{{.*}}, %[[N]] : f32
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  // CHECK: tensor.expand_shape
  %0 = mind.mean %x {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf16>) -> tensor<3x1xf16>
  return %0 : tensor<3x1xf16>
}

// -----

// CHECK-LABEL: func @extremes
func.func @extremes(%f: tensor<4xf32>, %i: tensor<4xi32>, %u: tensor<4xui8>) {
  // CHECK: arith.constant 0xFF800000 : f32
  // CHECK: arith.maximumf
  %0 = mind.max %f {axes = array<i64: 0>, keepdims = false} : (tensor<4xf32>) -> tensor<f32>
  // CHECK: arith.constant 0x7F800000 : f32
  // CHECK: arith.minimumf
  %1 = mind.min %f {axes = array<i64: 0>, keepdims = false} : (tensor<4xf32>) -> tensor<f32>
  // CHECK: arith.constant -2147483648 : i32
  // CHECK: arith.maxsi
  %2 = mind.max %i {axes = array<i64: 0>, keepdims = false} : (tensor<4xi32>) -> tensor<i32>
  // CHECK: arith.constant -1 : i8
  // CHECK: arith.minui
  %3 = mind.min %u {axes = array<i64: 0>, keepdims = false} : (tensor<4xui8>) -> tensor<ui8>
  return
}

// -----

// CHECK-LABEL: func @logic
func.func @logic(%b: tensor<4xi1>) {
  // CHECK: arith.constant 0 : i8
  // CHECK: arith.ori
  %0 = mind.any %b {axes = array<i64: 0>, keepdims = false} : (tensor<4xi1>) -> tensor<i1>
  // CHECK: arith.constant 1 : i8
  // CHECK: arith.andi
  %1 = mind.all %b {axes = array<i64: 0>, keepdims = false} : (tensor<4xi1>) -> tensor<i1>
  return
}

// -----

// The best element and its position, the first of equals; a NaN beats all else.
// CHECK-LABEL: func @positions
func.func @positions(%x: tensor<3x4xf16>, %u: tensor<3x4xui8>) {
  // CHECK: linalg.generic {{.*}}["parallel", "reduction"]{{.*}} outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xi64>)
  // CHECK: %[[NAN:.*]] = arith.cmpf uno
  // CHECK: %[[NUMBER:.*]] = arith.cmpf ord
  // CHECK: arith.andi %[[NAN]], %[[NUMBER]]
  // CHECK: arith.cmpf ogt
  // CHECK: linalg.yield %{{.*}}, %{{.*}} : f32, i64
  %0 = mind.argmax %x {axis = 1 : i64, keepdims = false} : (tensor<3x4xf16>) -> tensor<3xi64>
  // Without an axis it counts all elements in row-major order.
  // CHECK: arith.constant -1 : i8
  // CHECK: linalg.generic {{.*}}["reduction", "reduction"]{{.*}} outs(%{{.*}}, %{{.*}} : tensor<i8>, tensor<i64>)
  // CHECK: arith.cmpi ult
  // CHECK: arith.muli
  // CHECK: arith.addi
  // CHECK: tensor.expand_shape
  %1 = mind.argmin %u {keepdims = true} : (tensor<3x4xui8>) -> tensor<1x1xi64>
  return
}

// -----

// CHECK-LABEL: func @variance
func.func @variance(%x: tensor<3x4xf32>) -> tensor<3xf32> {
  // CHECK: arith.divf
  // CHECK: %[[D:.*]] = arith.subf
  // CHECK: arith.mulf %[[D]], %[[D]]
  // CHECK: arith.divf
  %0 = mind.var %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
