// RUN: mind-opt %s --mind-convert-to-llvm | FileCheck %s

// Addresses: what varies first, what is constant as a displacement after it.
// CHECK-LABEL: llvm.func @accesses
func.func @accesses(%p: !llvm.ptr, %i: i64) -> i32 {
  // CHECK: %[[ROW:.*]] = llvm.mul %{{.*}}, %{{.*}} : i64
  // CHECK: %[[A:.*]] = llvm.getelementptr %{{.*}}[%[[ROW]]] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  // CHECK: %[[B:.*]] = llvm.getelementptr %[[A]][28] : (!llvm.ptr) -> !llvm.ptr, f32
  // CHECK: llvm.load %[[B]] {alignment = 4 : i64} : !llvm.ptr -> vector<8xf32>
  // CHECK: "llvm.intr.prefetch"(%{{.*}}) <{cache = 1 : i32, hint = 3 : i32, rw = 0 : i32}>
  // CHECK: llvm.intr.masked.store
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<16x20xf32>
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %mask = arith.constant dense<[true, true, true, false, false, false, false, false]> : vector<8xi1>
  %j = arith.index_cast %i : i64 to index
  %k = arith.addi %j, %c1 : index
  %v = vector.transfer_read %m[%k, %c8], %zero {in_bounds = [true]} : memref<16x20xf32>, vector<8xf32>
  memref.prefetch %m[%j, %c8], read, locality<3>, data : memref<16x20xf32>
  vector.transfer_write %v, %m[%j, %c8], %mask {in_bounds = [true]} : vector<8xf32>, memref<16x20xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}

// One lane is stored as a scalar.
// CHECK-LABEL: llvm.func @one_lane
func.func @one_lane(%p: !llvm.ptr, %v: vector<4xi32>) -> i32 {
  // CHECK: %[[AT:.*]] = llvm.getelementptr %{{.*}}[2] : (!llvm.ptr) -> !llvm.ptr, i32
  // CHECK: %[[LANE:.*]] = llvm.extractelement %{{.*}}[%{{.*}} : i64] : vector<4xi32>
  // CHECK: llvm.store %[[LANE]], %[[AT]] {alignment = 4 : i64} : i32, !llvm.ptr
  // CHECK-NOT: masked
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<4xi32>
  %c0 = arith.constant 0 : index
  %mask = arith.constant dense<[false, false, true, false]> : vector<4xi1>
  vector.transfer_write %v, %m[%c0], %mask {in_bounds = [true]} : vector<4xi32>, memref<4xi32>
  %r = arith.constant 0 : i32
  return %r : i32
}

// Vectors whose lanes lie apart, as those of a slice may, are gathered.
// CHECK-LABEL: llvm.func @apart
func.func @apart(%p: !llvm.ptr, %q: !llvm.ptr, %o: !llvm.ptr, %n: i64) -> i32 {
  // CHECK-DAG: %[[LANES:.*]] = llvm.mlir.constant(dense<[0, 1, 2, 3, 4, 5, 6, 7]> : vector<8xi64>)
  // CHECK-DAG: %[[TWO:.*]] = llvm.mlir.constant(dense<2> : vector<8xi64>)
  // CHECK: %[[STEPS:.*]] = llvm.mul %[[LANES]], %[[TWO]] : vector<8xi64>
  // CHECK: %[[AT:.*]] = llvm.getelementptr %{{.*}}[%[[STEPS]]] : (!llvm.ptr, vector<8xi64>) -> vector<8x!llvm.ptr>, f32
  // CHECK: llvm.intr.masked.gather %[[AT]], %{{[^,]*}} {alignment = 4 : i32}
  // CHECK: llvm.intr.masked.gather %{{.*}}, %{{.*}}, %{{.*}} {alignment = 4 : i32}
  // CHECK: llvm.extractvalue %{{.*}}[4, 0]
  // CHECK: llvm.insertelement
  // CHECK: llvm.intr.masked.gather
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<16x2xf32>
  %out = builtin.unrealized_conversion_cast %o : !llvm.ptr to memref<8xf32>
  %j = arith.index_cast %n : i64 to index
  %d = builtin.unrealized_conversion_cast %q, %j : !llvm.ptr, index to memref<16x?xf32>
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %mask = arith.constant dense<[true, true, true, false, false, false, false, false]> : vector<8xi1>
  %column = memref.subview %m[0, 1] [16, 1] [1, 1] : memref<16x2xf32> to memref<16x1xf32, strided<[2, 1], offset: 1>>
  %dynamic = memref.subview %d[0, 1] [16, 1] [1, 1] : memref<16x?xf32> to memref<16x1xf32, strided<[?, 1], offset: 1>>
  %v = vector.transfer_read %column[%c0, %c0], %zero {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<16x1xf32, strided<[2, 1], offset: 1>>, vector<8xf32>
  %w = vector.transfer_read %column[%c0, %c0], %zero, %mask {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<16x1xf32, strided<[2, 1], offset: 1>>, vector<8xf32>
  %x = vector.transfer_read %dynamic[%c0, %c0], %zero {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : memref<16x1xf32, strided<[?, 1], offset: 1>>, vector<8xf32>
  %s = arith.addf %v, %w : vector<8xf32>
  %t = arith.addf %s, %x : vector<8xf32>
  vector.transfer_write %t, %out[%c0] {in_bounds = [true]} : vector<8xf32>, memref<8xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}

// Views are pointers, copies of whole buffers are memcpy, constants globals.
// CHECK: llvm.mlir.global private constant @table(dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>)
memref.global "private" constant @table : memref<2xf32> = dense<[1.0, 2.0]>
// CHECK-LABEL: llvm.func @views
func.func @views(%p: !llvm.ptr, %w: !llvm.ptr) -> i32 {
  // CHECK: %[[V:.*]] = llvm.getelementptr %{{.*}}[%{{.*}}] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK: %[[T:.*]] = llvm.mlir.addressof @table
  // CHECK: "llvm.intr.memcpy"(%[[V]], %[[T]],
  // CHECK: %[[S:.*]] = llvm.getelementptr %{{.*}}[4] : (!llvm.ptr) -> !llvm.ptr, f32
  // CHECK: llvm.load %[[S]] : !llvm.ptr -> f32
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<4x4xf32>
  %ws = builtin.unrealized_conversion_cast %w : !llvm.ptr to memref<128xi8>
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %v = memref.view %ws[%c64][] : memref<128xi8> to memref<2xf32>
  %t = memref.get_global @table : memref<2xf32>
  memref.copy %t, %v : memref<2xf32> to memref<2xf32>
  %s = memref.subview %m[1, 0] [1, 4] [1, 1] : memref<4x4xf32> to memref<4xf32, strided<[1], offset: 4>>
  %x = memref.load %s[%c0] : memref<4xf32, strided<[1], offset: 4>>
  memref.store %x, %v[%c0] : memref<2xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}

// Loops are branches.
// CHECK-LABEL: llvm.func @loop
func.func @loop(%p: !llvm.ptr) -> i32 {
  // CHECK: llvm.cond_br
  // CHECK-NOT: scf
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<4xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %x = arith.constant 1.0 : f32
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %x, %m[%i] : memref<4xf32>
  }
  %r = arith.constant 0 : i32
  return %r : i32
}

// A memref with a symbolic extent is a descriptor. Only the outermost extent
// is symbolic here, so that strides are constants.
// CHECK-LABEL: llvm.func @symbolic
// CHECK-SAME: %{{[^:]*}}: !llvm.ptr, %[[N:[^:]*]]: i64
func.func @symbolic(%p: !llvm.ptr, %n: index, %i: index) -> index {
  // CHECK: %[[D:.*]] = llvm.insertvalue %[[N]], %{{.*}}[3, 0]
  // CHECK: llvm.mul %{{.*}}, %{{.*}} : i64
  // CHECK: llvm.store
  %m = builtin.unrealized_conversion_cast %p, %n : !llvm.ptr, index to memref<?x4xf32>
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  memref.store %x, %m[%i, %c0] : memref<?x4xf32>
  // CHECK: %[[SIZE:.*]] = llvm.extractvalue %{{.*}}[3, 0]
  // CHECK: llvm.return %[[SIZE]]
  %d = memref.dim %m, %c0 : memref<?x4xf32>
  return %d : index
}

// A memref that is shown is the pointer to its first element.
// CHECK-LABEL: llvm.func @shown
// CHECK-SAME: (%[[P:.*]]: !llvm.ptr, %[[Q:.*]]: !llvm.ptr, %{{.*}}: i64)
func.func @shown(%p: !llvm.ptr, %q: !llvm.ptr, %n: i64) -> i32 {
  // CHECK: llvm.store %[[P]], %[[P]]
  %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<2xf32>
  %s = builtin.unrealized_conversion_cast %m : memref<2xf32> to !llvm.ptr
  llvm.store %s, %p : !llvm.ptr, !llvm.ptr
  // CHECK: %[[DATA:.*]] = llvm.extractvalue %{{.*}}[1]
  // CHECK: llvm.store %[[DATA]], %[[Q]]
  %i = arith.index_cast %n : i64 to index
  %d = builtin.unrealized_conversion_cast %q, %i : !llvm.ptr, index to memref<?xf32>
  %t = builtin.unrealized_conversion_cast %d : memref<?xf32> to !llvm.ptr
  llvm.store %t, %q : !llvm.ptr, !llvm.ptr
  %r = arith.constant 0 : i32
  return %r : i32
}
