// RUN: mind-opt %s --convert-mind-to-linalg | FileCheck %s

// CHECK-DAG: #[[SAME:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[FLIP:.*]] = affine_map<(d0, d1) -> (d0, -d1 + 5)>

// CHECK-LABEL: func @join
func.func @join(%x: tensor<2x6xf32>, %y: tensor<4x6xf32>) {
  // CHECK: tensor.concat dim(0) %{{.*}}, %{{.*}} : (tensor<2x6xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  %0 = mind.concat %x, %y {axis = 0 : i64} : (tensor<2x6xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  // CHECK-COUNT-2: tensor.expand_shape %{{.*}} {{.*}} into tensor<2x1x6xf32>
  // CHECK: tensor.concat dim(1) {{.*}} -> tensor<2x2x6xf32>
  %1 = mind.stack %x, %x {axis = 1 : i64} : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2x6xf32>
  return
}

// CHECK-LABEL: func @cut
func.func @cut(%x: tensor<2x6xf32>) {
  // CHECK: tensor.extract_slice %{{.*}}[0, 0] [2, 3] [1, 1]
  // CHECK: tensor.extract_slice %{{.*}}[0, 3] [2, 3] [1, 1]
  %0:2 = mind.split %x {axis = 1 : i64, parts = 2 : i64} : (tensor<2x6xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
  // CHECK: tensor.extract_slice %{{.*}}[0, 1] [2, 3] [1, 2]
  %1 = mind.slice %x {starts = array<i64: 0, 1>, ends = array<i64: 2, 6>, steps = array<i64: 1, 2>} : (tensor<2x6xf32>) -> tensor<2x3xf32>
  return
}

// A value computed at run time replaces the zeros of a padding.
// CHECK-LABEL: func @pad
func.func @pad(%x: tensor<2x6xf32>, %s: tensor<f32>) {
  // CHECK: tensor.pad %{{.*}} low[1, 0] high[0, 2]
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<3x8xf32>, tensor<f32>)
  // CHECK: arith.select %{{.*}}, %in, %{{.*}} : f32
  %0 = mind.pad %x, %s {padding = array<i64: 1, 0, 0, 2>} : (tensor<2x6xf32>, tensor<f32>) -> tensor<3x8xf32>
  return
}

// CHECK-LABEL: func @reorder
func.func @reorder(%x: tensor<2x6xf32>) {
  // CHECK: linalg.generic {indexing_maps = [#[[FLIP]], #[[SAME]]]
  %0 = mind.flip %x {axes = array<i64: 1>} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[SAME]], #[[SAME]]]
  // CHECK: %[[DIAGONAL:.*]] = arith.addi %{{.*}}, %c-1 : index
  // CHECK: arith.cmpi sle, %{{.*}}, %[[DIAGONAL]] : index
  %1 = mind.tril %x {k = -1 : i64} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  return
}

// Elements that follow from their position are computed, not stored.
// CHECK-LABEL: func @generate
func.func @generate() {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4xf32>)
  // CHECK: arith.cmpi eq
  %0 = mind.eye {n = 3 : i64, m = 4 : i64} : () -> tensor<3x4xf32>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<5xi64>)
  // CHECK: arith.muli
  // CHECK: arith.addi
  %1 = mind.arange {start = 1 : i64, stop = 10 : i64, step = 2 : i64} : () -> tensor<5xi64>
  // The last element of a linspace is its stop exactly.
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<5xf32>)
  // CHECK: %[[STOP:.*]] = arith.constant 1.000000e+00 : f64
  // CHECK: arith.select %{{.*}}, %[[STOP]], %{{.*}} : f64
  %2 = mind.linspace {n = 5 : i64, start = 0.0 : f64, stop = 1.0 : f64} : () -> tensor<5xf32>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4xi64>)
  // CHECK: linalg.index 1
  %3 = mind.iota {axis = 1 : i64} : () -> tensor<3x4xi64>
  return
}

// Numbers are put together one by one.
// CHECK-LABEL: func.func @stack_of_numbers
// CHECK-SAME:    (%[[X:.*]]: tensor<f32>, %[[Y:.*]]: tensor<f32>)
// CHECK:         %[[A:.*]] = tensor.extract %[[X]][]
// CHECK:         %[[B:.*]] = tensor.extract %[[Y]][]
// CHECK:         tensor.from_elements %[[A]], %[[B]] : tensor<2xf32>
func.func @stack_of_numbers(%x: tensor<f32>, %y: tensor<f32>) -> tensor<2xf32> {
  %0 = mind.stack %x, %y {axis = 0 : i64} : (tensor<f32>, tensor<f32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
