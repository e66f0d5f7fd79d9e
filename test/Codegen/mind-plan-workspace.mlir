// RUN: mind-opt %s --mind-plan-workspace | FileCheck %s

// The third buffer lives after the first: they share memory.
// CHECK-LABEL: func @shared
// CHECK-SAME: %[[OUT:.*]]: memref<f32>, %[[W:.*]]: memref<576xi8>) attributes {mind.workspace_live = 576 : i64, mind.workspace_size = 576 : i64}
func.func @shared(%out: memref<f32>) {
  // CHECK: arith.constant 0 : index
  // CHECK: %[[O1:.*]] = arith.constant 0 : index
  // CHECK: memref.view %[[W]][%[[O1]]][] : memref<576xi8> to memref<100xf32>
  // CHECK: %[[O2:.*]] = arith.constant 448 : index
  // CHECK: memref.view %[[W]][%[[O2]]][] : memref<576xi8> to memref<4x8xf32>
  // CHECK: %[[O3:.*]] = arith.constant 0 : index
  // CHECK: memref.view %[[W]][%[[O3]]][] : memref<576xi8> to memref<100xf32>
  %c0 = arith.constant 0 : index
  %a = memref.alloc() : memref<100xf32>
  %b = memref.alloc() : memref<4x8xf32>
  %x = memref.load %a[%c0] : memref<100xf32>
  memref.store %x, %b[%c0, %c0] : memref<4x8xf32>
  %c = memref.alloc() : memref<100xf32>
  memref.store %x, %c[%c0] : memref<100xf32>
  %y = memref.load %b[%c0, %c0] : memref<4x8xf32>
  memref.store %y, %out[] : memref<f32>
  return
}

// A view keeps its buffer alive, past a loop.
// CHECK-LABEL: func @views_and_loops
// CHECK-SAME: memref<128xi8>
func.func @views_and_loops(%out: memref<f32>) {
  // CHECK: scf.for
  // CHECK: %[[O2:.*]] = arith.constant 64 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %a = memref.alloc() : memref<4x4xf32>
  %v = memref.collapse_shape %a [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    %b = memref.alloc() : memref<4xf32>
    %x = memref.load %b[%i] : memref<4xf32>
    memref.store %x, %out[] : memref<f32>
  }
  %y = memref.load %v[%c0] : memref<16xf32>
  memref.store %y, %out[] : memref<f32>
  return
}

// CHECK-LABEL: func @none
// CHECK-SAME: (%{{.*}}: memref<f32>) attributes {mind.workspace_live = 0 : i64, mind.workspace_size = 0 : i64}
func.func @none(%out: memref<f32>) {
  return
}

// What is allocated in a loop lives within an iteration: the second buffer takes
// the place of the first. One that leaves a region lives past its end.
// CHECK-LABEL: func @iterations
// CHECK-SAME: memref<192xi8>
func.func @iterations(%out: memref<f32>) {
  // CHECK: arith.constant true
  // CHECK: %[[OUTER:.*]] = arith.constant 0 : index
  // CHECK: memref.view %{{.*}}[%[[OUTER]]][]
  // CHECK: scf.for
  // CHECK: %[[FIRST:.*]] = arith.constant 64 : index
  // CHECK: memref.view %{{.*}}[%[[FIRST]]][]
  // CHECK: %[[SECOND:.*]] = arith.constant 64 : index
  // CHECK: memref.view %{{.*}}[%[[SECOND]]][]
  // CHECK: scf.if
  // CHECK: %[[ESCAPES:.*]] = arith.constant 64 : index
  // CHECK: memref.view %{{.*}}[%[[ESCAPES]]][]
  // CHECK: %[[THIRD:.*]] = arith.constant 128 : index
  // CHECK: memref.view %{{.*}}[%[[THIRD]]][]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %true = arith.constant true
  %s = memref.alloc() : memref<4xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    %a = memref.alloc() : memref<4xf32>
    %x = memref.load %a[%i] : memref<4xf32>
    %b = memref.alloc() : memref<4xf32>
    %y = memref.load %b[%i] : memref<4xf32>
    memref.store %x, %out[] : memref<f32>
    memref.store %y, %s[%i] : memref<4xf32>
    %r = scf.if %true -> memref<4xf32> {
      %d = memref.alloc() : memref<4xf32>
      scf.yield %d : memref<4xf32>
    } else {
      scf.yield %s : memref<4xf32>
    }
    %c = memref.alloc() : memref<4xf32>
    %z = memref.load %c[%i] : memref<4xf32>
    memref.store %z, %r[%i] : memref<4xf32>
  }
  return
}

// Buffers whose sizes are symbolic come after the others, each in the first
// slot of its size that is free.
// CHECK-LABEL: func @symbolic
// CHECK-SAME: memref<?xi8> {mind.extents = #mind.dims<["384*B + 64"]>})
// CHECK-SAME: mind.workspace_size = "384*B + 64"
func.func @symbolic(%out: memref<f32>) {
  // CHECK-DAG: %[[START:.*]] = arith.constant 64 : index
  // CHECK-DAG: %[[NEXT:.*]] = arith.addi %[[START]], %{{.*}}
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %b = mind.size "B"
  %b3 = arith.muli %b, %c3 : index
  %fixed = memref.alloc() : memref<4xf32>
  // CHECK: memref.view %{{.*}}[%[[START]]][%{{.*}}] : memref<?xi8> to memref<?x16xf32>
  %x = memref.alloc(%b3) : memref<?x16xf32>
  // CHECK: memref.view %{{.*}}[%[[NEXT]]]
  %y = memref.alloc(%b3) : memref<?x16xf32>
  %0 = memref.load %x[%c0, %c0] : memref<?x16xf32>
  memref.store %0, %y[%c0, %c0] : memref<?x16xf32>
  // CHECK: memref.view %{{.*}}[%[[START]]]
  %d = memref.dim %y, %c0 : memref<?x16xf32>
  %z = memref.alloc(%d) : memref<?x16xf32>
  %1 = memref.load %y[%c0, %c0] : memref<?x16xf32>
  memref.store %1, %z[%c0, %c0] : memref<?x16xf32>
  %2 = memref.load %z[%c0, %c0] : memref<?x16xf32>
  %3 = memref.load %fixed[%c0] : memref<4xf32>
  memref.store %2, %out[] : memref<f32>
  return
}

// Where a size may be no multiple of 64, what follows it is moved up; that is
// at most 63 bytes.
// CHECK-LABEL: func @unaligned
// CHECK-SAME: mind.workspace_size = "4*N + 4*M + 126"
func.func @unaligned(%x: memref<?xf32> {mind.extents = #mind.dims<["N"]>}) {
  // CHECK: %[[UP:.*]] = arith.addi
  // CHECK: %[[MASK:.*]] = arith.constant -64 : index
  // CHECK: %[[SECOND:.*]] = arith.andi %{{.*}}, %[[MASK]]
  // CHECK: memref.view %{{.*}}[%[[SECOND]]]
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %m = mind.size "M"
  %a = memref.alloc(%n) : memref<?xf32>
  %b = memref.alloc(%m) : memref<?xf32>
  %0 = memref.load %a[%c0] : memref<?xf32>
  memref.store %0, %b[%c0] : memref<?xf32>
  return
}

// A buffer that is printed lives until then.
// CHECK-LABEL: func @printed
// CHECK-SAME: memref<128xi8>
func.func @printed(%out: memref<f32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  %c0 = arith.constant 0 : index
  %x = memref.load %b[%c0] : memref<4xf32>
  memref.store %x, %out[] : memref<f32>
  mind.call_print "{}"(%a : memref<4xf32>) as [f32]
  return
}

// The workspace of a function that equal groups became is a buffer of its caller,
// whichever stands first in the module.
// CHECK-LABEL: func @caller
// CHECK-SAME: %[[X:.*]]: memref<4xf32>, %[[OUT:.*]]: memref<4xf32>, %[[W:.*]]: memref<192xi8>)
func.func @caller(%x: memref<4xf32>, %out: memref<4xf32>) {
  // CHECK: %[[H:.*]] = memref.view %[[W]][%{{.*}}][] : memref<192xi8> to memref<4xf32>
  // CHECK: %[[S:.*]] = memref.view %[[W]][%{{.*}}][] : memref<192xi8> to memref<128xi8>
  // CHECK: mind.call_group @callee ins(%[[X]] : memref<4xf32>) outs(%[[H]] : memref<4xf32>) scratch(%[[S]] : memref<128xi8>)
  // CHECK: %[[T:.*]] = memref.view %[[W]]
  // CHECK: mind.call_group @callee ins(%[[H]] : memref<4xf32>) outs(%[[OUT]] : memref<4xf32>) scratch(%[[T]] : memref<128xi8>)
  // CHECK: mind.call_group @needs_none ins(%[[X]] : memref<4xf32>) outs(%[[OUT]] : memref<4xf32>)
  // CHECK-NOT: scratch
  // CHECK: return
  %h = memref.alloc() : memref<4xf32>
  mind.call_group @callee ins(%x : memref<4xf32>) outs(%h : memref<4xf32>)
  mind.call_group @callee ins(%h : memref<4xf32>) outs(%out : memref<4xf32>)
  mind.call_group @needs_none ins(%x : memref<4xf32>) outs(%out : memref<4xf32>)
  return
}
// CHECK: func private @callee(%{{.*}}: memref<4xf32>, %{{.*}}: memref<4xf32>, %{{.*}}: memref<128xi8>) attributes {{{.*}}mind.workspace_size = 128
func.func private @callee(%x: memref<4xf32>, %out: memref<4xf32>) {
  %a = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<4xf32>
  memref.store %v, %a[%c0] : memref<32xf32>
  memref.store %v, %out[%c0] : memref<4xf32>
  return
}
func.func private @needs_none(%x: memref<4xf32>, %out: memref<4xf32>) {
  memref.copy %x, %out : memref<4xf32> to memref<4xf32>
  return
}

// In order of time the third buffer would not fit below the second; larger ones
// are placed first, so that no more is taken than lives at once.
// CHECK-LABEL: func @by_size
// CHECK-SAME: mind.workspace_live = 192 : i64, mind.workspace_size = 192 : i64
func.func @by_size(%out: memref<f32>) {
  // CHECK: arith.constant 0 : index
  // CHECK: %[[O1:.*]] = arith.constant 0 : index
  // CHECK: memref.view %{{.*}}[%[[O1]]][] : memref<192xi8> to memref<16xf32>
  // CHECK: %[[O2:.*]] = arith.constant 128 : index
  // CHECK: memref.view %{{.*}}[%[[O2]]][] : memref<192xi8> to memref<4x4xf32>
  // CHECK: %[[O3:.*]] = arith.constant 0 : index
  // CHECK: memref.view %{{.*}}[%[[O3]]][] : memref<192xi8> to memref<32xf32>
  %c0 = arith.constant 0 : index
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<4x4xf32>
  %x = memref.load %a[%c0] : memref<16xf32>
  memref.store %x, %b[%c0, %c0] : memref<4x4xf32>
  %c = memref.alloc() : memref<32xf32>
  memref.store %x, %c[%c0] : memref<32xf32>
  %y = memref.load %b[%c0, %c0] : memref<4x4xf32>
  memref.store %y, %out[] : memref<f32>
  return
}
