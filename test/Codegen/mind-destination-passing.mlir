// RUN: mind-opt %s --mind-destination-passing | FileCheck %s

// CHECK-LABEL: func @two
// CHECK-SAME: %[[X:.*]]: tensor<4xf32> {bufferization.writable = false}, %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>)
func.func @two(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[E:.*]] = math.exp %[[X]]
  // CHECK: bufferization.materialize_in_destination %[[E]] in restrict writable %[[A]]
  // CHECK: bufferization.materialize_in_destination %[[X]] in restrict writable %[[B]]
  // CHECK: return{{$}}
  %0 = math.exp %x : tensor<4xf32>
  return %0, %x : tensor<4xf32>, tensor<4xf32>
}
