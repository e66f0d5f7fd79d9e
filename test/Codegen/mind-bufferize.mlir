// RUN: mind-opt %s --mind-bufferize --split-input-file | FileCheck %s

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

// -----

// An input that is a result is copied.
// CHECK-LABEL: func @copy
func.func @copy(%x: tensor<4xf32> {bufferization.writable = false}, %out: memref<4xf32>) {
  // CHECK: memref.copy
  bufferization.materialize_in_destination %x in restrict writable %out : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

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

// -----

// What is printed is read at that point: what is made of it before goes elsewhere.
// What is not dense is copied.
// CHECK-LABEL: func @print
// CHECK-SAME: %[[X:.*]]: memref<4x4xf32>, %[[D:.*]]: memref<?xf32>, %[[OUT:.*]]: memref<4xf32>
func.func @print(%x: tensor<4x4xf32> {bufferization.writable = false}, %d: tensor<?xf32> {bufferization.writable = false}, %out: memref<4xf32>, %n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  // CHECK: %[[ROW:.*]] = memref.subview %[[X]][0, 0] [4, 1] [1, 1]
  // CHECK: %[[DENSE:.*]] = memref.alloc() {{.*}}: memref<4xf32>
  // CHECK: scf.for
  // CHECK: mind.call_print "{} {}"(%[[X]], %[[DENSE]] : memref<4x4xf32>, memref<4xf32>) as [f32, f32]
  %row = tensor.extract_slice %x[0, 0] [4, 1] [1, 1] : tensor<4x4xf32> to tensor<4xf32>
  mind.call_print "{} {}"(%x, %row : tensor<4x4xf32>, tensor<4xf32>) as [f32, f32]
  // CHECK: %[[PART:.*]] = memref.subview %[[D]][1] [%{{.*}}] [1]
  // CHECK: %[[SIZE:.*]] = memref.dim %[[PART]]
  // CHECK: memref.alloc(%[[SIZE]]) {{.*}}: memref<?xf32>
  // CHECK: mind.call_print
  %part = tensor.extract_slice %d[1] [%n] [1] : tensor<?xf32> to tensor<?xf32>
  mind.call_print "{}"(%part : tensor<?xf32>) as [f32]
  // CHECK: math.exp
  // CHECK: %[[SECOND:.*]] = memref.alloc()
  // CHECK: memref.store %{{.*}}, %[[SECOND]]
  // CHECK: mind.call_print "{}"(%[[OUT]] : memref<4xf32>)
  // CHECK: memref.copy %[[SECOND]], %[[OUT]]
  %e = tensor.empty() : tensor<4xf32>
  %first = linalg.exp ins(%row : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %second = tensor.insert %v into %first[%c0] : tensor<4xf32>
  mind.call_print "{}"(%first : tensor<4xf32>) as [f32]
  bufferization.materialize_in_destination %second in restrict writable %out : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Each use of what is empty has memory of its own.
// CHECK-LABEL: func @shared_empty
func.func @shared_empty(%x: tensor<8xf32> {bufferization.writable = false}, %i: index) -> f32 {
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK: %[[B:.*]] = memref.alloc
  // CHECK: vector.transfer_write %{{.*}}, %[[B]]
  // CHECK: vector.transfer_write %{{.*}}, %[[A]]
  // CHECK: memref.load %[[B]]
  // CHECK: memref.load %[[A]]
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%c0], %zero {in_bounds = [true]} : tensor<8xf32>, vector<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %0 = vector.transfer_write %v, %e[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
  %w = arith.addf %v, %v : vector<8xf32>
  %1 = vector.transfer_write %w, %e[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
  %a = tensor.extract %0[%i] : tensor<8xf32>
  %b = tensor.extract %1[%i] : tensor<8xf32>
  %r = arith.addf %a, %b : f32
  return %r : f32
}

// -----

// What is read after something is written over it is copied before.
// CHECK-LABEL: func @read_later
func.func @read_later(%v: vector<8xf32>, %i: index) -> f32 {
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK: %[[B:.*]] = memref.alloc
  // CHECK: memref.copy %[[A]], %[[B]]
  %c0 = arith.constant 0 : index
  %w = arith.addf %v, %v : vector<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %0 = vector.transfer_write %v, %e[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
  %s = vector.extract %w[0] : f32 from vector<8xf32>
  %1 = tensor.insert %s into %0[%i] : tensor<8xf32>
  %a = tensor.extract %0[%i] : tensor<8xf32>
  %b = tensor.extract %1[%i] : tensor<8xf32>
  %r = arith.addf %a, %b : f32
  return %r : f32
}

// -----

// A loop that reads what it is written to does so before it writes.
// CHECK-LABEL: func @read_before
// CHECK-SAME: %{{.*}}: vector<8xf32>, %[[OUT:.*]]: memref<8xf32>
func.func @read_before(%v: vector<8xf32>, %out: memref<8xf32>) {
  // CHECK-NOT: memref.alloc
  // CHECK: vector.transfer_write %{{.*}}, %[[OUT]]
  // CHECK: scf.for %{{[^ ]*}} = %{{[^ ]*}} to %{{[^ ]*}} step %{{[^ ]*}} {
  // CHECK: vector.transfer_read %[[OUT]]
  // CHECK: vector.transfer_write %{{.*}}, %[[OUT]]
  // CHECK-NOT: memref.copy
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %0 = vector.transfer_write %v, %e[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
  %1 = scf.for %i = %c0 to %c8 step %c1 iter_args(%t = %0) -> tensor<8xf32> {
    %u = vector.transfer_read %t[%c0], %zero {in_bounds = [true]} : tensor<8xf32>, vector<8xf32>
    %w = arith.addf %u, %v : vector<8xf32>
    %2 = vector.transfer_write %w, %t[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
    scf.yield %2 : tensor<8xf32>
  }
  bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<8xf32>, memref<8xf32>) -> ()
  return
}

// -----

// A tensor that ends in a buffer of another shape is computed there.
// CHECK-LABEL: func @reshaped_result
// CHECK-SAME: %[[OUT:arg[0-9]+]]: memref<8x2x2xf32>, %[[FLAT:arg[0-9]+]]: memref<32xf32>
func.func @reshaped_result(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>, %out: memref<8x2x2xf32>, %flat: memref<32xf32>) {
  // CHECK-DAG: %[[C:.*]] = memref.collapse_shape %[[OUT]] {{.*}} into memref<8x4xf32>
  // CHECK-DAG: %[[E:.*]] = memref.expand_shape %[[FLAT]] {{.*}} into memref<8x4xf32>
  // CHECK: mind.kernel.matmul {{.*}} outs(%[[C]] :
  // CHECK: mind.kernel.matmul {{.*}} outs(%[[E]] :
  // CHECK-NOT: memref.copy
  %e = tensor.empty() : tensor<8x4xf32>
  %0 = mind.kernel.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>) outs(%e : tensor<8x4xf32>) {batch = 0 : i64, level = 1 : i64} -> tensor<8x4xf32>
  %1 = tensor.expand_shape %0 [[0], [1, 2]] output_shape [8, 2, 2] : tensor<8x4xf32> into tensor<8x2x2xf32>
  bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<8x2x2xf32>, memref<8x2x2xf32>) -> ()
  %f = tensor.empty() : tensor<8x4xf32>
  %2 = mind.kernel.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>) outs(%f : tensor<8x4xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x4xf32>
  %3 = tensor.collapse_shape %2 [[0, 1]] : tensor<8x4xf32> into tensor<32xf32>
  bufferization.materialize_in_destination %3 in restrict writable %flat : (tensor<32xf32>, memref<32xf32>) -> ()
  return
}
