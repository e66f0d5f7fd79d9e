// RUN: mind-opt %s --mind-simplify --split-input-file | FileCheck %s

// Equal operations are one, whatever leads to their being equal; attributes and
// types make a difference.
// CHECK-LABEL: func @equal
// CHECK-SAME: (%[[X:.*]]: tensor<4x4xf32>)
func.func @equal(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: %[[E:.*]] = mind.exp %[[X]]
  // CHECK-NEXT: %[[A:.*]] = mind.sum %[[X]] {axes = array<i64: 0>
  // CHECK-NEXT: %[[B:.*]] = mind.sum %[[X]] {axes = array<i64: 1>
  // CHECK-NEXT: return %[[E]], %[[E]], %[[A]], %[[B]]
  %0 = mind.exp %x : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = mind.neg %x : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = mind.neg %1 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = mind.exp %2 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %4 = mind.sum %x {axes = array<i64: 0>, keepdims = false} : (tensor<4x4xf32>) -> tensor<4xf32>
  %5 = mind.sum %x {axes = array<i64: 1>, keepdims = false} : (tensor<4x4xf32>) -> tensor<4xf32>
  return %0, %3, %4, %5 : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// -0 and 0, and constants of several types, are not equal; the same number is,
// whether it was computed or written.
// CHECK-LABEL: func @constants
func.func @constants() -> (tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>) {
  // CHECK-DAG: %[[N:.*]] = mind.constant dense<-0.0{{.*}}> : tensor<f32>
  // CHECK-DAG: %[[Z:.*]] = mind.constant dense<0.0{{.*}}> : tensor<f32>
  // CHECK-DAG: %[[D:.*]] = mind.constant dense<0.0{{.*}}> : tensor<f64>
  // CHECK-NOT: mind.constant
  // CHECK: return %[[Z]], %[[N]], %[[D]], %[[Z]]
  %0 = mind.constant dense<0.0> : tensor<f32>
  %1 = mind.constant dense<-0.0> : tensor<f32>
  %2 = mind.zeros : () -> tensor<f64>
  %3 = mind.relu %1 : (tensor<f32>) -> tensor<f32>
  %4 = mind.sub %0, %0 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0, %1, %2, %4 : tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>
}

// -----

// What is unused goes, with what only it uses; what may fail or prints stays, in
// its place and as often as it is there.
// CHECK-LABEL: func @unused
// CHECK-SAME: (%[[X:.*]]: tensor<4xi32>, %[[Y:.*]]: tensor<4xi32>)
func.func @unused(%x: tensor<4xi32>, %y: tensor<4xi32>) {
  // CHECK-NEXT: mind.div %[[X]], %[[Y]]
  // CHECK-NEXT: mind.div %[[X]], %[[Y]]
  // CHECK-NEXT: return
  %c = mind.constant dense<2> : tensor<i32>
  %0 = mind.add %x, %c : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  %1 = mind.mul %0, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %2 = mind.div %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %3 = mind.div %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %4 = mind.div %1, %c : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  return
}

// -----

// In a branch what stands before it is known, but not what the other branch or a
// branch before it computes.
// CHECK-LABEL: func @regions
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[C:.*]]: i1)
func.func @regions(%x: tensor<4xf32>, %c: i1) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: %[[E:.*]] = mind.exp %[[X]]
  // CHECK-NEXT: %[[TWO:.*]] = mind.constant
  // CHECK-NEXT: %[[R:.*]] = scf.if %[[C]]
  // CHECK-NEXT: %[[A:.*]] = mind.mul %[[E]], %[[TWO]]
  // CHECK-NEXT: mind.println "{}"(%[[A]]
  // CHECK-NEXT: %[[S:.*]] = mind.sqrt %[[A]]
  // CHECK-NEXT: scf.yield %[[S]]
  // CHECK-NEXT: } else {
  // CHECK-NEXT: %[[B:.*]] = mind.mul %[[E]], %[[TWO]]
  // CHECK-NEXT: scf.yield %[[B]]
  // CHECK-NEXT: }
  // CHECK-NEXT: %[[D:.*]] = mind.mul %[[E]], %[[TWO]]
  // CHECK-NEXT: return %[[R]], %[[D]]
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = scf.if %c -> tensor<4xf32> {
    %two = mind.constant dense<2.0> : tensor<f32>
    %2 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
    %3 = mind.mul %2, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    mind.println "{}"(%3 : tensor<4xf32>)
    %4 = mind.sqrt %3 : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %4 : tensor<4xf32>
  } else {
    %two = mind.constant dense<2.0> : tensor<f32>
    %2 = mind.mul %0, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    scf.yield %2 : tensor<4xf32>
  }
  %two = mind.constant dense<2.0> : tensor<f32>
  %2 = mind.mul %0, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %1, %2 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Patterns and folding go on until neither finds anything: a branch that is known
// leaves what folds.
// CHECK-LABEL: func @rounds
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @rounds(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %[[X]]
  %true = arith.constant true
  %0 = mind.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = scf.if %true -> tensor<4xf32> {
    %2 = mind.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %2 : tensor<4xf32>
  } else {
    scf.yield %0 : tensor<4xf32>
  }
  return %1 : tensor<4xf32>
}

// -----

// A group sees nothing of what stands around it.
// CHECK-LABEL: func @groups
func.func @groups(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.group (%[[A:.*]] =
  // CHECK-NEXT: mind.constant
  // CHECK-NEXT: mind.exp %[[A]]
  // CHECK-NEXT: mind.mul
  // CHECK-NEXT: mind.yield
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %c = mind.constant dense<2.0> : tensor<f32>
    %2 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
    %3 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
    %4 = mind.mul %3, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    mind.yield %4 : tensor<4xf32>
  }
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Blocks that follow one another know what was known before them.
// CHECK-LABEL: func @blocks
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[C:.*]]: i1)
func.func @blocks(%x: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  // CHECK-NEXT: %[[E:.*]] = mind.exp %[[X]]
  // CHECK-NEXT: %[[K:.*]] = mind.constant
  // CHECK-NEXT: cf.cond_br
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  cf.cond_br %c, ^bb1(%0 : tensor<4xf32>), ^bb2
^bb1(%a: tensor<4xf32>):
  return %a : tensor<4xf32>
^bb2:
  // CHECK: mind.add %[[E]], %[[K]]
  %1 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %k = mind.constant dense<3.0> : tensor<f32>
  %2 = mind.add %1, %k : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  cf.br ^bb1(%2 : tensor<4xf32>)
}
