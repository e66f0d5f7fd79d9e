// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// Types say what extents are; operations that need an extent at run time
// compute it from the sizes.

// CHECK-LABEL: func.func @broadcast
// CHECK:         %[[B:.*]] = mind.size "B"
// CHECK:         %[[INIT:.*]] = tensor.empty(%[[B]]) : tensor<?x3xf32, #mind.dims<["B", "3"]>>
// CHECK:         linalg.generic
// CHECK-SAME:      outs(%[[INIT]] : tensor<?x3xf32, #mind.dims<["B", "3"]>>)
func.func @broadcast(%x: tensor<?x1xf32, #mind.dims<["B", "1"]>>, %y: tensor<3xf32>) -> tensor<?x3xf32, #mind.dims<["B", "3"]>> {
  %0 = mind.add %x, %y : (tensor<?x1xf32, #mind.dims<["B", "1"]>>, tensor<3xf32>) -> tensor<?x3xf32, #mind.dims<["B", "3"]>>
  return %0 : tensor<?x3xf32, #mind.dims<["B", "3"]>>
}

// -----

// CHECK-LABEL: func.func @reshape(%arg0
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0, 1, 2]]
// CHECK-SAME:      into tensor<?xf32, #mind.dims<["6*B"]>>
// CHECK:         %[[B:.*]] = mind.size "B"
// CHECK:         %[[TWICE:.*]] = arith.muli %[[B]], %{{.*}} : index
// CHECK:         tensor.expand_shape %[[FLAT]] {{\[\[}}0, 1]] output_shape [3, %[[TWICE]]]
// CHECK-SAME:      into tensor<3x?xf32, #mind.dims<["3", "2*B"]>>
func.func @reshape(%x: tensor<?x2x3xf32, #mind.dims<["B", "2", "3"]>>) -> tensor<3x?xf32, #mind.dims<["3", "2*B"]>> {
  %0 = mind.reshape %x : (tensor<?x2x3xf32, #mind.dims<["B", "2", "3"]>>) -> tensor<3x?xf32, #mind.dims<["3", "2*B"]>>
  return %0 : tensor<3x?xf32, #mind.dims<["3", "2*B"]>>
}

// -----

// CHECK-LABEL: func.func @mean
// CHECK:         mind.size "N"
// CHECK:         arith.sitofp
// CHECK:         arith.divf
func.func @mean(%x: tensor<?xf32, #mind.dims<["N"]>>) -> tensor<f32> {
  %0 = mind.mean %x {axes = array<i64: 0>, keepdims = false} : (tensor<?xf32, #mind.dims<["N"]>>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// Where the second tensor begins depends on the size of the first.
// CHECK-LABEL: func.func @concat(%arg0: {{.*}}, %arg1
// CHECK:         %[[A:.*]] = tensor.insert_slice %arg0 into %{{.*}}[0] [%{{.*}}] [1]
// CHECK:         %[[N:.*]] = mind.size "N"
// CHECK:         tensor.insert_slice %arg1 into %[[A]][%[[N]]] [4] [1]
func.func @concat(%x: tensor<?xf32, #mind.dims<["N"]>>, %y: tensor<4xf32>) -> tensor<?xf32, #mind.dims<["N + 4"]>> {
  %0 = mind.concat %x, %y {axis = 0 : i64} : (tensor<?xf32, #mind.dims<["N"]>>, tensor<4xf32>) -> tensor<?xf32, #mind.dims<["N + 4"]>>
  return %0 : tensor<?xf32, #mind.dims<["N + 4"]>>
}

// -----

// An extent as a value of the language.
// CHECK-LABEL: func.func @extent
// CHECK:         %[[N:.*]] = mind.size "N"
// CHECK:         %[[TWICE:.*]] = arith.muli %[[N]], %{{.*}} : index
// CHECK:         %[[VALUE:.*]] = arith.index_cast %[[TWICE]] : index to i64
// CHECK:         tensor.from_elements %[[VALUE]] : tensor<i64>
func.func @extent() -> tensor<i64> attributes {mind.sizes = ["N"]} {
  %0 = mind.extent "2*N" : tensor<i64>
  return %0 : tensor<i64>
}

// -----

// A bound from the end is found by the extent.
// CHECK-LABEL: func.func @slice
// CHECK-SAME:    (%[[X:.*]]: tensor<?x?xf32, #mind.dims<["B", "T"]>>)
// CHECK:         mind.require <["B"]> at_least 4
// CHECK-DAG:     %[[B:.*]] = mind.size "B"
// CHECK-DAG:     %[[START:.*]] = arith.addi %[[B]], %{{.*}} : index
// CHECK-DAG:     %[[T:.*]] = mind.size "T"
// CHECK-DAG:     %[[LENGTH:.*]] = arith.addi %[[T]], %{{.*}} : index
// CHECK:         tensor.extract_slice %[[X]][%[[START]], 1] [4, %[[LENGTH]]] [1, 1]
func.func @slice(%x: tensor<?x?xf32, #mind.dims<["B", "T"]>>) -> tensor<4x?xf32, #mind.dims<["4", "T - 3"]>> {
  mind.require <["B"]> at_least 4, 3006, "too short"
  %0 = mind.slice %x {starts = array<i64: -4, 1>, ends = array<i64: 9223372036854775807, -2>, steps = array<i64: 1, 1>} : (tensor<?x?xf32, #mind.dims<["B", "T"]>>) -> tensor<4x?xf32, #mind.dims<["4", "T - 3"]>>
  return %0 : tensor<4x?xf32, #mind.dims<["4", "T - 3"]>>
}
