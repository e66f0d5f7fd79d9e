// RUN: mind-opt %s --convert-mind-to-linalg | FileCheck %s

// Largest, exponentials, their sum, quotients; in f32 until the end.
// CHECK-DAG: #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: func @softmax
// CHECK-SAME: (%[[X:.*]]: tensor<3x4x5xbf16>)
func.func @softmax(%x: tensor<3x4x5xbf16>) -> tensor<3x4x5xbf16> {
  // CHECK: %[[M:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ROWS]]], iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[X]]
  // CHECK: arith.maximumf
  // CHECK: %[[E:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ROWS]], #[[ALL]]]{{.*}} ins(%[[X]], %[[M]] : tensor<3x4x5xbf16>, tensor<3x5xf32>)
  // CHECK: arith.subf
  // CHECK: math.exp
  // CHECK: %[[S:.*]] = linalg.generic {{.*}} ins(%[[E]] : tensor<3x4x5xf32>)
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}} ins(%[[E]], %[[S]] : tensor<3x4x5xf32>, tensor<3x5xf32>)
  // CHECK: %[[Q:.*]] = arith.divf
  // CHECK: arith.truncf %[[Q]] : f32 to bf16
  %0 = mind.softmax %x {axis = 1 : i64} : (tensor<3x4x5xbf16>) -> tensor<3x4x5xbf16>
  return %0 : tensor<3x4x5xbf16>
}

// The distance from the largest, less the logarithm of the sum.
// CHECK-LABEL: func @log_softmax
func.func @log_softmax(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // CHECK: arith.maximumf
  // CHECK: math.exp
  // CHECK: arith.addf
  // CHECK: math.log
  // CHECK: arith.subf
  // CHECK: arith.subf
  %0 = mind.log_softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// Mean, then variance, then what every element is multiplied by: once a row.
// CHECK-LABEL: func @layer_norm
func.func @layer_norm(%x: tensor<3x4xf32>, %g: tensor<4xf32>) -> tensor<3x4xf32> {
  // CHECK: arith.addf
  // CHECK: arith.divf
  // CHECK: %[[D:.*]] = arith.subf
  // CHECK: arith.mulf %[[D]], %[[D]]
  // CHECK: arith.addf
  // CHECK: arith.divf
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3xf32>)
  // CHECK: math.sqrt
  // CHECK: arith.divf
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4xf32>)
  // CHECK: arith.subf
  // CHECK: arith.mulf
  // CHECK: arith.mulf
  // CHECK: arith.addf
  %0 = mind.layer_norm %x, %g, %g {axes = array<i64: 1>, eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// The root is taken once a channel.
// CHECK-LABEL: func @batch_norm
func.func @batch_norm(%x: tensor<3x4xf32>, %c: tensor<4xf32>) -> tensor<3x4xf32> {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4xf32>)
  // CHECK: math.sqrt
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4xf32>)
  %0 = mind.batch_norm %x, %c, %c, %c, %c {eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
