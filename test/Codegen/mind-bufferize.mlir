// RUN: mind-opt %s --mind-bufferize | FileCheck %s

// The loop stores right into the result.
// CHECK-LABEL: func @in_place
// CHECK-SAME: %[[X:.*]]: memref<64xf32>, %[[OUT:.*]]: memref<64xf32>
func.func @in_place(%x: tensor<64xf32> {bufferization.writable = false}, %out: memref<64xf32>) {
  // CHECK-NOT: memref.alloc
  // CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{[^ ]*}} {
  // CHECK-NEXT: vector.transfer_read %[[X]][%[[I]]]
  // CHECK: vector.transfer_write %{{.*}}, %[[OUT]][%[[I]]]
  // CHECK-NOT: memref.copy
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64xf32>
  %0 = scf.for %i = %c0 to %c64 step %c8 iter_args(%t = %e) -> tensor<64xf32> {
    %v = vector.transfer_read %x[%i], %zero {in_bounds = [true]} : tensor<64xf32>, vector<8xf32>
    %w = vector.transfer_write %v, %t[%i] {in_bounds = [true]} : vector<8xf32>, tensor<64xf32>
    scf.yield %w : tensor<64xf32>
  }
  bufferization.materialize_in_destination %0 in restrict writable %out : (tensor<64xf32>, memref<64xf32>) -> ()
  return
}

// An input that is a result is copied.
// CHECK-LABEL: func @copy
func.func @copy(%x: tensor<4xf32> {bufferization.writable = false}, %out: memref<4xf32>) {
  // CHECK: memref.copy
  bufferization.materialize_in_destination %x in restrict writable %out : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// What is left of linalg runs as loops on scalars.
// CHECK-LABEL: func @leftover
func.func @leftover(%x: tensor<4xf32> {bufferization.writable = false}, %out: memref<4xf32>) {
  // CHECK: scf.for
  // CHECK: math.exp
  // CHECK-NOT: linalg
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  bufferization.materialize_in_destination %0 in restrict writable %out : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}
