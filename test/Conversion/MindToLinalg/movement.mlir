// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// CHECK-LABEL: func @reshape
func.func @reshape(%x: tensor<2x3x4xf32>, %s: tensor<f32>) {
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<2x3x4xf32> into tensor<6x4xf32>
  %0 = mind.reshape %x : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2]] : tensor<2x3x4xf32> into tensor<24xf32>
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [8, 3] : tensor<24xf32> into tensor<8x3xf32>
  %1 = mind.reshape %x : (tensor<2x3x4xf32>) -> tensor<8x3xf32>
  // CHECK: tensor.expand_shape %{{.*}} [] output_shape [1] : tensor<f32> into tensor<1xf32>
  %2 = mind.reshape %s : (tensor<f32>) -> tensor<1xf32>
  return
}

// -----

// CHECK-LABEL: func @axes
func.func @axes(%x: tensor<3x1xf32>) {
  // CHECK: tensor.expand_shape {{.*}} into tensor<1x3x1xf32>
  %0 = mind.expand_dims %x {axis = 0 : i64} : (tensor<3x1xf32>) -> tensor<1x3x1xf32>
  // CHECK: tensor.collapse_shape {{.*}} into tensor<3xf32>
  %1 = mind.squeeze %x {axes = array<i64: 1>} : (tensor<3x1xf32>) -> tensor<3xf32>
  // CHECK: tensor.collapse_shape {{.*}} into tensor<3xf32>
  %2 = mind.flatten %x : (tensor<3x1xf32>) -> tensor<3xf32>
  return
}

// -----

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: func @transpose
func.func @transpose(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[IN]], #[[OUT]]]{{.*}} ins(%{{.*}} : tensor<2x3x4xf32>) outs(%{{.*}} : tensor<4x2x3xf32>)
  // CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: linalg.yield %[[X]]
  %0 = mind.transpose %x {axes = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %0 : tensor<4x2x3xf32>
}

// -----

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2) -> (d1, 0)>
// CHECK-LABEL: func @broadcast_to
func.func @broadcast_to(%x: tensor<3x1xi1>) -> tensor<2x3x4xi1> {
  // CHECK: linalg.generic {indexing_maps = [#[[IN]],
  // CHECK: linalg.yield %{{.*}} : i8
  %0 = mind.broadcast_to %x : (tensor<3x1xi1>) -> tensor<2x3x4xi1>
  return %0 : tensor<2x3x4xi1>
}
