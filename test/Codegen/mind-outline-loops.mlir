// RUN: mind-opt %s --mind-outline-loops=least-saved=4 --split-input-file | FileCheck %s

// Equal loops become one function, to which pointers go.
// CHECK-LABEL: func @equal
// CHECK-SAME: %[[A:.*]]: memref<64xf32>, %[[B:.*]]: memref<64xf32>, %[[C:.*]]: memref<64xf32>
// CHECK-DAG: %[[PA:.*]] = builtin.unrealized_conversion_cast %[[A]] : memref<64xf32> to !llvm.ptr
// CHECK-DAG: %[[PB:.*]] = builtin.unrealized_conversion_cast %[[B]] : memref<64xf32> to !llvm.ptr
// CHECK: call @mind.loop.0(%[[PA]], %[[PB]])
// CHECK: call @mind.loop.0
// CHECK-NOT: scf.for
// CHECK: func private @mind.loop.0(%[[P:.*]]: !llvm.ptr, %[[Q:.*]]: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>}
// CHECK: %[[FROM:.*]] = builtin.unrealized_conversion_cast %[[P]] : !llvm.ptr to memref<64xf32>
// CHECK: %[[TO:.*]] = builtin.unrealized_conversion_cast %[[Q]] : !llvm.ptr to memref<64xf32>
// CHECK: scf.for
// CHECK: memref.load %[[FROM]]
// CHECK: memref.store %{{.*}}, %[[TO]]
// CHECK-NOT: func private
func.func @equal(%a: memref<64xf32>, %b: memref<64xf32>, %c: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    memref.store %x, %b[%i] : memref<64xf32>
  }
  %d0 = arith.constant 0 : index
  %d1 = arith.constant 1 : index
  %d64 = arith.constant 64 : index
  scf.for %i = %d0 to %d64 step %d1 {
    %x = memref.load %b[%i] : memref<64xf32>
    memref.store %x, %c[%i] : memref<64xf32>
  }
  return
}

// -----

// Of a buffer of any size the extent goes too; numbers go as they are.
// CHECK-LABEL: func @symbolic
// CHECK-SAME: %[[A:.*]]: memref<?xf32>, %[[B:.*]]: memref<?xf32>, %[[N:.*]]: index
// CHECK: %[[P:.*]] = builtin.unrealized_conversion_cast %[[A]] : memref<?xf32> to !llvm.ptr
// CHECK: %[[SIZE:.*]] = memref.dim %[[A]]
// CHECK: call @mind.loop.0(%[[N]], %[[P]], %[[SIZE]])
// CHECK: call @mind.loop.0(%[[N]],
// CHECK: func private @mind.loop.0(%{{.*}}: index, %[[Q:.*]]: !llvm.ptr, %[[M:.*]]: index)
// CHECK: builtin.unrealized_conversion_cast %[[Q]], %[[M]] : !llvm.ptr, index to memref<?xf32>
func.func @symbolic(%a: memref<?xf32>, %b: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.load %b[%i] : memref<?xf32>
    memref.store %x, %b[%i] : memref<?xf32>
  }
  return
}

// -----

// What differs in an operation or in how these are connected is not equal, and a
// small loop is not worth a function.
// CHECK-LABEL: func @different
// CHECK: call @mind.loop.0
// CHECK: call @mind.loop.1
// CHECK: scf.for
// CHECK: scf.for
// CHECK: func private @mind.loop.0
// CHECK: func private @mind.loop.1
// CHECK-NOT: func private
func.func @different(%a: memref<64xf32>, %b: memref<64xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    memref.store %x, %b[%i] : memref<64xf32>
  }
  scf.for %i = %c0 to %c64 step %c1 {
    %x = memref.load %a[%i] : memref<64xf32>
    memref.store %x, %a[%i] : memref<64xf32>
  }
  scf.for %i = %c0 to %c64 step %c1 {
    memref.store %v, %a[%i] : memref<64xf32>
  }
  scf.for %i = %c0 to %c64 step %c1 {
    memref.store %v, %b[%i] : memref<64xf32>
  }
  return
}
