// RUN: mind-opt %s --mind-inline --split-input-file | FileCheck %s
// RUN: mind-opt %s --mind-inline --split-input-file --mlir-print-debuginfo | FileCheck %s --check-prefix=PLACES

// A call is replaced at every depth, in regions too, by a copy or, where it is the
// last one, by the body itself.
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[C:.*]]: i1)
// CHECK-NEXT: %[[A:.*]] = mind.exp %[[X]]
// CHECK-NEXT: %[[B:.*]] = mind.add %[[A]], %[[X]]
// CHECK-NEXT: %[[D:.*]] = scf.if %[[C]]
// CHECK-NEXT: %[[E:.*]] = mind.exp %[[B]]
// CHECK-NEXT: %[[F:.*]] = mind.add %[[E]], %[[B]]
// CHECK-NEXT: scf.yield %[[F]]
// CHECK: %[[G:.*]] = mind.exp %[[D]]
// CHECK-NEXT: return %[[G]], %[[D]]
// CHECK-NOT: func.func
func.func @main(%x: tensor<4xf32>, %c: i1) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = func.call @outer(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = scf.if %c -> tensor<4xf32> {
    %2 = func.call @outer(%0) : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %2 : tensor<4xf32>
  } else {
    scf.yield %0 : tensor<4xf32>
  }
  %3:2 = func.call @both(%1) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %3#0, %3#1 : tensor<4xf32>, tensor<4xf32>
}
func.func private @outer(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @inner(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mind.add %0, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func private @inner(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
// An argument may be a result.
func.func private @both(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = func.call @inner(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %x : tensor<4xf32>, tensor<4xf32>
}
// Calls by functions that nobody calls do not count.
func.func private @unused(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @inner(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// What is called from outside stays, and so does what is named otherwise.
// CHECK-LABEL: func.func @first
// CHECK-NEXT: mind.exp
// CHECK-NEXT: constant @named
// CHECK: func.func @second
// CHECK-NEXT: mind.exp
// CHECK-NEXT: constant @named
// CHECK-NEXT: mind.exp
// CHECK: func.func private @named
// CHECK-NEXT: mind.neg
// CHECK-NOT: func.func
func.func @first(%x: tensor<4xf32>) -> (tensor<4xf32>, (tensor<4xf32>) -> tensor<4xf32>) {
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = func.constant @named : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, (tensor<4xf32>) -> tensor<4xf32>
}
func.func @second(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = func.call @first(%x) : (tensor<4xf32>) -> (tensor<4xf32>, (tensor<4xf32>) -> tensor<4xf32>)
  %1 = mind.exp %0#0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func private @named(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @leaf(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func private @leaf(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mind.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// There is no end to a circle, nothing to a declaration, and some do not want to.
// CHECK-LABEL: func.func @stays
// CHECK-NEXT: call @even
// CHECK-NEXT: call @declared
// CHECK-NEXT: call @apart
// CHECK: func.func private @even
// CHECK-NEXT: call @even
// CHECK-NOT: func.func private @odd
// CHECK: func.func private @declared
// CHECK: func.func private @apart
// CHECK-NOT: func.func private @alone
func.func @stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @even(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = func.call @declared(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = func.call @apart(%1) : (tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
func.func private @even(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @odd(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func private @odd(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @even(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func private @declared(%x: tensor<4xf32>) -> tensor<4xf32>
func.func private @apart(%x: tensor<4xf32>) -> tensor<4xf32> attributes {no_inline} {
  return %x : tensor<4xf32>
}
func.func private @alone(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @alone(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A place leads back through the calls.
// PLACES-LABEL: func.func @places
// PLACES-NEXT: mind.exp %{{.*}} loc(#[[AT:.*]])
// PLACES-DAG: #[[LEAF:.*]] = loc("leaf")
// PLACES-DAG: #[[MIDDLE:.*]] = loc("middle")
// PLACES-DAG: #[[TOP:.*]] = loc("top")
// PLACES-DAG: #[[CALL:.*]] = loc(callsite(#[[MIDDLE]] at #[[TOP]]))
// PLACES-DAG: #[[AT]] = loc(callsite(#[[LEAF]] at #[[CALL]]))
func.func @places(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @middle(%x) : (tensor<4xf32>) -> tensor<4xf32> loc("top")
  return %0 : tensor<4xf32>
}
func.func private @middle(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @bottom(%x) : (tensor<4xf32>) -> tensor<4xf32> loc("middle")
  return %0 : tensor<4xf32>
}
func.func private @bottom(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32> loc("leaf")
  return %0 : tensor<4xf32>
}
