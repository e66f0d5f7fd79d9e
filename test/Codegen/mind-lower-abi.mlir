// RUN: mind-opt %s --mind-lower-abi | FileCheck %s

// What is printed below.
// CHECK: llvm.mlir.global private constant @[[PLAIN:.*]]("plain\00")
// CHECK: llvm.mlir.global private constant @[[TEXT:.*]]("{} {}\0A\00")

// CHECK-LABEL: func @mind_main
// CHECK-SAME: (%[[C:.*]]: !llvm.ptr, %[[B:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[W:.*]]: !llvm.ptr) -> i32
// CHECK-SAME: mind.sites = []
func.func @main(%x: memref<4xf32>, %out: memref<4xf32>, %w: memref<64xi8>) attributes {mind.workspace_size = 64 : i64} {
  // CHECK: %[[S0:.*]] = llvm.getelementptr %[[B]][0]
  // CHECK: %[[P0:.*]] = llvm.load %[[S0]]
  // CHECK: %[[X:.*]] = builtin.unrealized_conversion_cast %[[P0]] : !llvm.ptr to memref<4xf32>
  // CHECK: %[[S1:.*]] = llvm.getelementptr %[[B]][1]
  // CHECK: %[[P1:.*]] = llvm.load %[[S1]]
  // CHECK: %[[OUT:.*]] = builtin.unrealized_conversion_cast %[[P1]]
  // CHECK: memref.copy %[[X]], %[[OUT]]
  // CHECK: %[[V:.*]] = builtin.unrealized_conversion_cast %[[W]] : !llvm.ptr to memref<64xi8>
  // CHECK: memref.view %[[V]]
  // CHECK: %[[ZERO:.*]] = arith.constant 0 : i32
  // CHECK: return %[[ZERO]] : i32
  memref.copy %x, %out : memref<4xf32> to memref<4xf32>
  %c0 = arith.constant 0 : index
  %view = memref.view %w[%c0][] : memref<64xi8> to memref<4xf32>
  memref.copy %view, %out : memref<4xf32> to memref<4xf32>
  return
}

// A pointer is loaded where it is first used, outside of the loop it is used in; one
// that is not used is not.
// CHECK-LABEL: func @mind_first_uses
// CHECK-SAME: (%{{[a-z0-9]+}}: !llvm.ptr, %[[B:[a-z0-9]+]]: !llvm.ptr,
func.func @first_uses(%x: memref<4xf32>, %unused: memref<4xf32>, %out: memref<4xf32>) attributes {mind.workspace_size = 0 : i64} {
  // CHECK-NOT: llvm.getelementptr %[[B]][1]
  // CHECK: llvm.getelementptr %[[B]][0]
  // CHECK: memref.load
  // CHECK-NEXT: %[[S:.*]] = llvm.getelementptr %[[B]][2]
  // CHECK-NEXT: %[[P:.*]] = llvm.load %[[S]]
  // CHECK-NEXT: builtin.unrealized_conversion_cast %[[P]]
  // CHECK-NEXT: scf.for
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %v = memref.load %x[%c0] : memref<4xf32>
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %out[%i] : memref<4xf32>
  }
  return
}

// Only the first error is recorded; each location is a site.
// CHECK-LABEL: func @mind_errors
// CHECK-SAME: mind.sites = [{at = #{{.*}}, message = "integer division by zero", values = 0 : i64},
// CHECK-SAME: {at = #{{.*}}, message = "index {0} is out of bounds for axis 1 of extent {1}", values = 2 : i64}]
func.func @errors(%out: memref<i32>) attributes {mind.workspace_size = 0 : i64} {
  // CHECK: scf.if
  // CHECK: %[[CODE:.*]] = llvm.getelementptr %{{.*}}[4]
  // CHECK: %[[OLD:.*]] = llvm.load %[[CODE]] : !llvm.ptr -> i32
  // CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[OLD]]
  // CHECK: scf.if %[[FIRST]]
  // CHECK: %[[NUMBER:.*]] = arith.constant 6005 : i32
  // CHECK: llvm.store %[[NUMBER]], %[[CODE]]
  // CHECK: arith.constant 0 : i64
  // CHECK: arith.constant 1 : i64
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %{{.*}}[16]
  // CHECK: llvm.store %[[I:.*]], %[[FIELD]] : i64
  // CHECK: %[[N:.*]] = arith.index_cast %{{.*}} : index to i64
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %{{.*}}[24]
  // CHECK: llvm.store %[[N]], %[[FIELD]] : i64
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> i32
  // CHECK-NEXT: return
  %c0 = arith.constant 0 : i32
  %x = memref.load %out[] : memref<i32>
  %bad = arith.cmpi eq, %x, %c0 : i32
  %i = arith.extsi %x : i32 to i64
  %n = arith.constant 5 : index
  mind.record_error %bad, 6005, "integer division by zero"
  mind.record_error %bad, 6001, "index {0} is out of bounds for axis 1 of extent {1}"(%i, %n : i64, index)
  return
}

// A loop whose condition may never be fulfilled after an error ends at one.
// CHECK-LABEL: func @mind_until
func.func @until(%out: memref<i1>) attributes {mind.workspace_size = 0 : i64} {
  // CHECK: scf.while
  // CHECK: %[[GOES_ON:.*]] = memref.load
  // CHECK: %[[CODE:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i32
  // CHECK: %[[NONE:.*]] = arith.constant 0 : i32
  // CHECK: %[[WELL:.*]] = arith.cmpi eq, %[[CODE]], %[[NONE]]
  // CHECK: %[[BOTH:.*]] = arith.andi %[[GOES_ON]], %[[WELL]]
  // CHECK: scf.condition(%[[BOTH]])
  scf.while : () -> () {
    %c = memref.load %out[] : memref<i1>
    scf.condition(%c)
  } do {
    %c = memref.load %out[] : memref<i1>
    mind.record_error %c, 6005, "integer division by zero"
    scf.yield
  }
  return
}

// Sizes are loaded once, in the order of `mind.sizes`; the extents of memrefs
// are computed from them.
// CHECK-LABEL: func @mind_sizes
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[SIZES:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr)
func.func @sizes(%x: memref<?x3xf32> {mind.extents = #mind.dims<["2*B", "3"]>}) attributes {mind.sizes = ["A", "B"], mind.workspace_size = 0 : i64} {
  // CHECK-NEXT: %[[SLOT:.*]] = llvm.getelementptr %[[SIZES]][1] : (!llvm.ptr) -> !llvm.ptr, i64
  // CHECK-NEXT: %[[LOADED:.*]] = llvm.load %[[SLOT]]
  // CHECK-NEXT: %[[B:.*]] = arith.index_cast %[[LOADED]] : i64 to index
  // CHECK-NOT: llvm.getelementptr %[[SIZES]]
  // CHECK: %[[TWICE:.*]] = arith.muli %[[B]]
  // CHECK: builtin.unrealized_conversion_cast %{{.*}}, %[[TWICE]] : !llvm.ptr, index to memref<?x3xf32>
  // CHECK: memref.load %{{.*}}[%[[B]]
  %c0 = arith.constant 0 : index
  %b = mind.size "B"
  %0 = memref.load %x[%b, %c0] : memref<?x3xf32>
  memref.store %0, %x[%c0, %c0] : memref<?x3xf32>
  return
}

// What the sizes must satisfy is checked before anything else; the function
// returns at once if it does not hold.
// CHECK-LABEL: func @mind_requirements
// CHECK-SAME: mind.requirements = [{code = 3006 : i32, extents = #mind.dims<["2*B - 5"]>, least = 1 : i64, site = 0 : i64},
// CHECK-SAME: {code = 3011 : i32, extents = #mind.dims<["B", "B", "4"]>, site = 1 : i64}]
// CHECK-SAME: mind.sites = [{at = #{{.*}}, message = "dimension 0 is {0}", values = 1 : i64},
// CHECK-SAME: {at = #{{.*}}, message = "too many elements", values = 1 : i64},
// CHECK-SAME: {at = #{{.*}}, message = "integer division by zero", values = 0 : i64}]
func.func @requirements(%out: memref<i1>) attributes {mind.sizes = ["B"], mind.workspace_size = 0 : i64} {
  // CHECK: %[[SUM:.*]] = "llvm.intr.sadd.with.overflow"
  // CHECK: %[[O:.*]] = llvm.extractvalue %[[SUM]][1]
  // CHECK: %[[VALUE:.*]] = llvm.extractvalue %[[SUM]][0]
  // CHECK: %[[LESS:.*]] = arith.cmpi slt, %[[VALUE]], %{{.*}} : i64
  // CHECK: %[[WRONG:.*]] = arith.ori %{{.*}}, %[[LESS]]
  // CHECK: scf.if %[[WRONG]]
  // CHECK: arith.constant 3006 : i32
  // CHECK: "llvm.intr.smul.with.overflow"
  // CHECK: "llvm.intr.smul.with.overflow"
  // CHECK: arith.constant 3011 : i32
  // CHECK: %[[CODE:.*]] = llvm.load
  // CHECK: %[[WELL:.*]] = arith.cmpi eq, %[[CODE]]
  // CHECK: cf.cond_br %[[WELL]], ^bb1, ^bb2
  // CHECK: ^bb1:
  // CHECK: memref.load
  // CHECK: return
  // CHECK: ^bb2:
  // CHECK-NEXT: llvm.getelementptr
  // CHECK-NEXT: llvm.load
  // CHECK-NEXT: return
  mind.require <["2*B - 5"]> at_least 1, 3006, "dimension 0 is {0}"
  mind.require <["B", "B", "4"]>, 3011, "too many elements"
  %c = memref.load %out[] : memref<i1>
  mind.record_error %c, 6005, "integer division by zero"
  return
}

// A print calls the context's function, unless that is null or there is an error.
// Its tensors are shown through views on the stack, made on entry.
// CHECK-LABEL: func @mind_print
// CHECK-SAME: (%[[C:[^:]*]]: !llvm.ptr,
func.func @print(%x: memref<2x?xf32> {mind.extents = #mind.dims<["2", "B"]>}, %u: memref<i8>) attributes {mind.sizes = ["B"], mind.workspace_size = 0 : i64} {
  // CHECK: %[[C48:.*]] = arith.constant 48 : i64
  // CHECK: %[[VIEWS:.*]] = llvm.alloca %[[C48]] x i8 {alignment = 8 : i64}
  // CHECK: %[[C16:.*]] = arith.constant 16 : i64
  // CHECK: %[[EXTENTS:.*]] = llvm.alloca %[[C16]] x i8 {alignment = 8 : i64}
  // CHECK: scf.while
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[C]][32]
  // CHECK: %[[PRINT:.*]] = llvm.load %[[FIELD]] : !llvm.ptr -> !llvm.ptr
  // CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
  // CHECK: %[[WANTED:.*]] = llvm.icmp "ne" %[[PRINT]], %[[NULL]]
  // CHECK: %[[CODE:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i32
  // CHECK: %[[WELL:.*]] = arith.cmpi eq, %[[CODE]], %{{.*}} : i32
  // CHECK: %[[BOTH:.*]] = arith.andi %[[WANTED]], %[[WELL]]
  // CHECK: scf.if %[[BOTH]] {
  // CHECK: %[[DATA:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<2x?xf32> to !llvm.ptr
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[VIEWS]][0]
  // CHECK: llvm.store %[[DATA]], %[[FIELD]]
  // CHECK: %[[SHAPE:.*]] = llvm.getelementptr %[[EXTENTS]][0]
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[VIEWS]][8]
  // CHECK: llvm.store %[[SHAPE]], %[[FIELD]]
  // CHECK: %[[RANK:.*]] = arith.constant 2 : i32
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[VIEWS]][16]
  // CHECK: llvm.store %[[RANK]], %[[FIELD]]
  // CHECK: %[[F32:.*]] = arith.constant 7 : i32
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[VIEWS]][20]
  // CHECK: llvm.store %[[F32]], %[[FIELD]]
  // CHECK: arith.constant 2 : i64
  // CHECK: %[[DIM:.*]] = memref.dim
  // CHECK: %[[EXTENT:.*]] = arith.index_cast %[[DIM]] : index to i64
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[EXTENTS]][8]
  // CHECK: llvm.store %[[EXTENT]], %[[FIELD]]
  // CHECK: llvm.getelementptr %[[VIEWS]][24]
  // CHECK: %[[U8:.*]] = arith.constant 2 : i32
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[VIEWS]][44]
  // CHECK: llvm.store %[[U8]], %[[FIELD]]
  // CHECK: %[[ADDRESS:.*]] = llvm.mlir.addressof @[[TEXT]]
  // CHECK: %[[LENGTH:.*]] = arith.constant 6 : i64
  // CHECK: llvm.call %[[PRINT]](%[[C]], %[[ADDRESS]], %[[LENGTH]], %[[VIEWS]]) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64, !llvm.ptr) -> ()
  scf.while : () -> () {
    %c = arith.constant false
    scf.condition(%c)
  } do {
    mind.call_print "{} {}\0A"(%x, %u : memref<2x?xf32>, memref<i8>) as [f32, ui8]
    scf.yield
  }
  // CHECK: llvm.mlir.addressof @[[PLAIN]]
  // CHECK: llvm.call %{{.*}}(%[[C]], %{{.*}}, %{{.*}}, %{{.*}})
  mind.call_print "plain" as []
  return
}

// Equal texts are one.
// CHECK-LABEL: func @mind_print_again
// CHECK: llvm.mlir.addressof @[[PLAIN]]
func.func @print_again() attributes {mind.workspace_size = 0 : i64} {
  mind.call_print "plain" as []
  return
}

// So are sizes if the first operation is one.
// CHECK-LABEL: func @mind_two_sizes
// CHECK-NEXT: llvm.getelementptr %{{.*}}[0] : (!llvm.ptr) -> !llvm.ptr, i64
// CHECK-NEXT: llvm.load
// CHECK-NEXT: arith.index_cast
// CHECK-NEXT: llvm.getelementptr %{{.*}}[1] : (!llvm.ptr) -> !llvm.ptr, i64
func.func @two_sizes(%out: memref<1xindex>) attributes {mind.sizes = ["A", "B"], mind.workspace_size = 0 : i64} {
  %a = mind.size "A"
  %b = mind.size "B"
  %c0 = arith.constant 0 : index
  %sum = arith.addi %a, %b : index
  memref.store %sum, %out[%c0] : memref<1xindex>
  return
}
