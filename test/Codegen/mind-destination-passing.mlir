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

// What the branches yield ends in the result, without a copy; the value of the
// second is not computed there, since it lives outside.
// CHECK-LABEL: func @branches
// CHECK-SAME: %[[C:.*]]: i1 {{.*}}, %[[X:.*]]: tensor<4xf32> {{.*}}, %[[Y:.*]]: tensor<4xf32> {{.*}}, %[[OUT:.*]]: memref<4xf32>)
func.func @branches(%c: i1, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: scf.if %[[C]] {
  // CHECK:   %[[E:.*]] = math.exp %[[X]]
  // CHECK:   bufferization.materialize_in_destination %[[E]] in restrict writable %[[OUT]]
  // CHECK: } else {
  // CHECK:   bufferization.materialize_in_destination %[[Y]] in writable %[[OUT]]
  // CHECK: }
  // CHECK-NEXT: return{{$}}
  %0 = scf.if %c -> (tensor<4xf32>) {
    %1 = math.exp %x : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  } else {
    scf.yield %y : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// A value that is read has a buffer of its own, and rank 0 needs none. A kernel
// makes constants.
// CHECK-LABEL: func @read
// CHECK-SAME: %[[C:.*]]: i1 {{.*}}, %[[X:.*]]: tensor<4xf32> {{.*}}, %[[S:.*]]: tensor<f32> {{.*}}, %[[OUT:.*]]: memref<4xf32>
func.func @read(%c: i1, %x: tensor<4xf32>, %s: tensor<f32>) -> (tensor<4xf32>, tensor<f32>) {
  // CHECK: %[[M:.*]] = memref.alloc() : memref<4xf32>
  // CHECK: %[[IF:.*]] = scf.if %[[C]] -> (f32) {
  // CHECK:   bufferization.materialize_in_destination %[[X]] in writable %[[M]]
  // CHECK:   scf.yield %{{.*}} : f32
  // CHECK: } else {
  // CHECK:   %[[G:.*]] = mind.group
  // CHECK:   bufferization.materialize_in_destination %[[G]] in restrict writable %[[M]]
  // CHECK:   %[[E:.*]] = tensor.extract %[[S]][]
  // CHECK:   scf.yield %[[E]] : f32
  // CHECK: }
  // CHECK: %[[V:.*]] = bufferization.to_tensor %[[M]] restrict
  // CHECK: tensor.from_elements %[[IF]] : tensor<f32>
  // CHECK: math.exp %[[V]]
  %0:2 = scf.if %c -> (tensor<4xf32>, tensor<f32>) {
    %1 = math.exp %s : tensor<f32>
    scf.yield %x, %1 : tensor<4xf32>, tensor<f32>
  } else {
    %1 = arith.constant dense<1.0> : tensor<4xf32>
    scf.yield %1, %s : tensor<4xf32>, tensor<f32>
  }
  %2 = math.exp %0#0 : tensor<4xf32>
  %3 = math.exp %0#1 : tensor<f32>
  return %2, %3 : tensor<4xf32>, tensor<f32>
}

// Two buffers for each tensor change places. The first start is computed in its
// buffer; the second is an input.
// CHECK-LABEL: func @loop
// CHECK-SAME: %[[N:.*]]: i64 {{.*}}, %[[X:.*]]: tensor<4xf32> {{.*}}, %[[S:.*]]: tensor<i64> {{.*}}, %[[OUT:.*]]: memref<4xf32>
func.func @loop(%n: i64, %x: tensor<4xf32>, %s: tensor<i64>) -> (tensor<4xf32>, tensor<i64>) {
  // CHECK: %[[Y:.*]] = math.exp %[[X]]
  // CHECK: %[[A0:.*]] = memref.alloc()
  // CHECK: %[[A1:.*]] = memref.alloc()
  // CHECK: bufferization.materialize_in_destination %[[Y]] in restrict writable %[[A0]]
  // CHECK: %[[B0:.*]] = memref.alloc()
  // CHECK: %[[B1:.*]] = memref.alloc()
  // CHECK: bufferization.materialize_in_destination %[[X]] in writable %[[B0]]
  // CHECK: %[[E:.*]] = tensor.extract %[[S]][]
  // CHECK: %[[L:.*]]:5 = scf.for {{.*}} iter_args(%[[A:.*]] = %[[A0]], %[[ANEXT:.*]] = %[[A1]], %[[B:.*]] = %[[B0]], %[[BNEXT:.*]] = %[[B1]], %[[T:.*]] = %[[E]])
  // CHECK:   %[[VA:.*]] = bufferization.to_tensor %[[A]] restrict
  // CHECK:   %[[VB:.*]] = bufferization.to_tensor %[[B]] restrict
  // CHECK:   tensor.from_elements %[[T]]
  // CHECK:   %[[Z:.*]] = math.exp %[[VB]]
  // CHECK:   bufferization.materialize_in_destination %[[Z]] in restrict writable %[[ANEXT]]
  // CHECK:   bufferization.materialize_in_destination %[[VA]] in {{.*}}writable %[[BNEXT]]
  // CHECK:   scf.yield %[[ANEXT]], %[[A]], %[[BNEXT]], %[[B]], %{{.*}}
  // CHECK: }
  // CHECK: %[[V:.*]] = bufferization.to_tensor %[[L]]#0 restrict
  // CHECK: tensor.from_elements %[[L]]#4
  // CHECK: bufferization.materialize_in_destination %[[V]] in restrict writable %[[OUT]]
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %y = math.exp %x : tensor<4xf32>
  %0:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %y, %b = %x, %t = %s) -> (tensor<4xf32>, tensor<4xf32>, tensor<i64>) : i64 {
    %u = arith.addi %t, %t : tensor<i64>
    %z = math.exp %b : tensor<4xf32>
    scf.yield %z, %a, %u : tensor<4xf32>, tensor<4xf32>, tensor<i64>
  }
  return %0#0, %0#2 : tensor<4xf32>, tensor<i64>
}

// The condition hands on what is carried, then what it computes itself.
// CHECK-LABEL: func @until
func.func @until(%x: tensor<4xf32>, %s: tensor<i64>) -> (tensor<4xf32>, tensor<i64>) {
  // CHECK: %[[L:.*]]:4 = scf.while (%[[A:.*]] = %{{.*}}, %[[NEXT:.*]] = %{{.*}}, %[[T:.*]] = %{{.*}}) : (memref<4xf32>, memref<4xf32>, i64)
  // CHECK:   %[[VA:.*]] = bufferization.to_tensor %[[A]] restrict
  // CHECK:   %[[Z:.*]] = math.exp %[[VA]]
  // CHECK:   %[[M:.*]] = memref.alloc()
  // CHECK:   bufferization.materialize_in_destination %[[Z]] in restrict writable %[[M]]
  // CHECK:   scf.condition(%{{.*}}) %[[A]], %[[NEXT]], %[[T]], %[[M]]
  // CHECK: } do {
  // CHECK: ^bb0(%[[A:.*]]: memref<4xf32>, %[[NEXT:.*]]: memref<4xf32>, %[[T:.*]]: i64, %[[M:.*]]: memref<4xf32>):
  // CHECK:   %[[VZ:.*]] = bufferization.to_tensor %[[M]] restrict
  // CHECK:   %[[VA:.*]] = bufferization.to_tensor %[[A]] restrict
  // CHECK:   %[[V:.*]] = arith.addf %[[VZ]], %[[VA]]
  // CHECK:   bufferization.materialize_in_destination %[[V]] in restrict writable %[[NEXT]]
  // CHECK:   scf.yield %[[NEXT]], %[[A]], %{{.*}}
  // CHECK: }
  // CHECK: tensor.from_elements %[[L]]#2
  // CHECK: bufferization.to_tensor %[[L]]#3
  %c9 = arith.constant 9 : i64
  %0:3 = scf.while (%a = %x, %t = %s) : (tensor<4xf32>, tensor<i64>) -> (tensor<i64>, tensor<4xf32>, tensor<4xf32>) {
    %e = tensor.extract %t[] : tensor<i64>
    %c = arith.cmpi slt, %e, %c9 : i64
    %z = math.exp %a : tensor<4xf32>
    scf.condition(%c) %t, %z, %a : tensor<i64>, tensor<4xf32>, tensor<4xf32>
  } do {
  ^bb0(%t: tensor<i64>, %z: tensor<4xf32>, %a: tensor<4xf32>):
    %v = arith.addf %z, %a : tensor<4xf32>
    %u = arith.addi %t, %t : tensor<i64>
    scf.yield %v, %u : tensor<4xf32>, tensor<i64>
  }
  %1 = math.exp %0#1 : tensor<4xf32>
  return %1, %0#0 : tensor<4xf32>, tensor<i64>
}

// A value that is where a loop starts is computed there.
// CHECK-LABEL: func @start
func.func @start(%c: i1, %n: i64, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[START:.*]] = memref.alloc()
  // CHECK-NEXT: scf.if
  // CHECK: bufferization.materialize_in_destination %{{.*}} in restrict writable %[[START]]
  // CHECK: %[[OTHER:.*]] = memref.alloc()
  // CHECK-NEXT: scf.for {{.*}} iter_args(%{{.*}} = %[[START]], %{{.*}} = %[[OTHER]])
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %0 = scf.if %c -> (tensor<4xf32>) {
    %2 = math.exp %x : tensor<4xf32>
    scf.yield %2 : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %0) -> (tensor<4xf32>) : i64 {
    %2 = math.exp %a : tensor<4xf32>
    scf.yield %2 : tensor<4xf32>
  }
  return %1 : tensor<4xf32>
}

// Memrefs have no encodings: what those of arguments say is kept beside them.
// CHECK-LABEL: func @symbolic
// CHECK-SAME: %{{.*}}: tensor<?xf32, #mind.dims<["B"]>> {bufferization.writable = false, mind.extents = #mind.dims<["B"]>}
// CHECK-SAME: %{{.*}}: memref<?xf32> {mind.extents = #mind.dims<["B"]>})
func.func @symbolic(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
  // CHECK: math.exp %{{.*}} : tensor<?xf32, #mind.dims<["B"]>>
  %0 = math.exp %x : tensor<?xf32, #mind.dims<["B"]>>
  return %0 : tensor<?xf32, #mind.dims<["B"]>>
}

// What only chooses between tensors is a branch: as choices between buffers, one
// would read where the other ends.
// CHECK-LABEL: func @exchange
// CHECK-SAME: %[[C:.*]]: i1 {{.*}}, %[[X:.*]]: tensor<4xf32> {{.*}}, %[[Y:.*]]: tensor<4xf32> {{.*}}, %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>)
func.func @exchange(%c: i1, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: scf.if %[[C]] {
  // CHECK:   bufferization.materialize_in_destination %[[X]] in writable %[[A]]
  // CHECK: } else {
  // CHECK:   bufferization.materialize_in_destination %[[Y]] in writable %[[A]]
  // CHECK: }
  // CHECK: scf.if %[[C]] {
  // CHECK:   bufferization.materialize_in_destination %[[Y]] in writable %[[B]]
  // CHECK: } else {
  // CHECK:   bufferization.materialize_in_destination %[[X]] in writable %[[B]]
  // CHECK: }
  // CHECK-NOT: arith.select
  %0 = arith.select %c, %x, %y : tensor<4xf32>
  %1 = arith.select %c, %y, %x : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
