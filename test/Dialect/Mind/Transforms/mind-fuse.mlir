// RUN: mind-opt %s --mind-fuse --split-input-file | FileCheck %s

// A contraction takes its epilogue, constants are copied in.
// CHECK-LABEL: func @epilogue
// CHECK-SAME: (%[[X:.*]]: tensor<8x16xf32>, %[[W:.*]]: tensor<16x4xf32>, %[[B:.*]]: tensor<4xf32>)
func.func @epilogue(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>, %b: tensor<4xf32>) -> tensor<8x4xf32> {
  // CHECK-NOT: mind.constant
  // CHECK: %[[G:.*]] = mind.group (%[[P:.*]] = %[[X]] : tensor<8x16xf32>, %[[Q:.*]] = %[[W]] : tensor<16x4xf32>, %[[R:.*]] = %[[B]] : tensor<4xf32>) -> tensor<8x4xf32> {
  // CHECK-NEXT: %[[C:.*]] = mind.constant dense<2.0
  // CHECK-NEXT: %[[M:.*]] = mind.matmul %[[P]], %[[Q]]
  // CHECK-NEXT: %[[A:.*]] = mind.add %[[M]], %[[R]]
  // CHECK-NEXT: %[[S:.*]] = mind.mul %[[A]], %[[C]]
  // CHECK-NEXT: mind.yield %[[S]]
  // CHECK-NEXT: }
  // CHECK-NEXT: return %[[G]]
  %c = mind.constant dense<2.0> : tensor<f32>
  %0 = mind.matmul %x, %w : (tensor<8x16xf32>, tensor<16x4xf32>) -> tensor<8x4xf32>
  %1 = mind.add %0, %b : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %2 = mind.mul %1, %c : (tensor<8x4xf32>, tensor<f32>) -> tensor<8x4xf32>
  return %2 : tensor<8x4xf32>
}

// -----

// A group has one root: the later contraction takes the sum, the earlier one
// is an input.
// CHECK-LABEL: func @two_roots
func.func @two_roots(%x: tensor<8x8xf32>, %v: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: %[[G:.*]] = mind.group
  // CHECK-NEXT: mind.matmul
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group ({{.*}}%[[I:.*]] = %[[G]] : tensor<8x8xf32>)
  // CHECK-NEXT: %[[M:.*]] = mind.matmul
  // CHECK-NEXT: mind.add %[[I]], %[[M]]
  // CHECK-NEXT: mind.yield
  %0 = mind.matmul %x, %v : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mind.matmul %x, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = mind.add %0, %1 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %2 : tensor<8x8xf32>
}

// -----

// What a contraction reads is computed once, before.
// CHECK-LABEL: func @operand
func.func @operand(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.matmul
  // CHECK-NEXT: mind.yield
  %0 = mind.exp %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mind.matmul %0, %0 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

// -----

// A chain with a diamond is one group, over one iteration space.
// CHECK-LABEL: func @diamond
func.func @diamond(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  // CHECK-COUNT-1: mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.sigmoid
  // CHECK-NEXT: mind.mul
  // CHECK-NEXT: mind.yield
  // CHECK-NOT: mind.group
  %0 = mind.exp %x : (tensor<4x5xf32>) -> tensor<4x5xf32>
  %1 = mind.sigmoid %0 : (tensor<4x5xf32>) -> tensor<4x5xf32>
  %2 = mind.mul %0, %1 : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %2 : tensor<4x5xf32>
}

// -----

// A value that is needed elsewhere ends its group: nothing is computed twice.
// CHECK-LABEL: func @shared
func.func @shared(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[E:.*]] = mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group (%{{.*}} = %[[E]] : tensor<4xf32>)
  // CHECK-NEXT: mind.sqrt
  // CHECK-NEXT: mind.yield
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mind.sqrt %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// A smaller producer would be computed once a row, so it stands alone.
// CHECK-LABEL: func @broadcast
func.func @broadcast(%x: tensor<4x5xf32>, %b: tensor<5xf32>) -> tensor<4x5xf32> {
  // CHECK: mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.add
  // CHECK-NEXT: mind.yield
  %0 = mind.exp %b : (tensor<5xf32>) -> tensor<5xf32>
  %1 = mind.add %x, %0 : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  return %1 : tensor<4x5xf32>
}

// -----

// A reduction takes the elementwise operations before and after it.
// CHECK-LABEL: func @reduction
func.func @reduction(%x: tensor<4x5xf32>) -> tensor<4xf32> {
  // CHECK-COUNT-1: mind.group
  // CHECK-NEXT: mind.mul
  // CHECK-NEXT: mind.sum
  // CHECK-NEXT: mind.sqrt
  // CHECK-NEXT: mind.yield
  // CHECK-NOT: mind.group
  %0 = mind.mul %x, %x : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  %1 = mind.sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<4x5xf32>) -> tensor<4xf32>
  %2 = mind.sqrt %1 : (tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// -----

// A reduction whose result broadcasts is no part of what reads it.
// CHECK-LABEL: func @centre
func.func @centre(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  // CHECK: mind.group
  // CHECK-NEXT: mind.mean
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.sub
  // CHECK-NEXT: mind.yield
  %0 = mind.mean %x {axes = array<i64: 1>, keepdims = true} : (tensor<4x5xf32>) -> tensor<4x1xf32>
  %1 = mind.sub %x, %0 : (tensor<4x5xf32>, tensor<4x1xf32>) -> tensor<4x5xf32>
  return %1 : tensor<4x5xf32>
}

// -----

// Movement joins its reader, and nothing joins it.
// CHECK-LABEL: func @movement
func.func @movement(%x: tensor<20xf32>, %y: tensor<5x4xf32>) -> tensor<4x5xf32> {
  // CHECK: %[[E:.*]] = mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.reshape
  // CHECK-NEXT: mind.transpose
  // CHECK-NEXT: mind.add
  // CHECK-NEXT: mind.yield
  %0 = mind.exp %x : (tensor<20xf32>) -> tensor<20xf32>
  %1 = mind.reshape %0 : (tensor<20xf32>) -> tensor<4x5xf32>
  %2 = mind.transpose %y {axes = array<i64: 1, 0>} : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %3 = mind.add %1, %2 : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %3 : tensor<4x5xf32>
}

// -----

// Divisions that may fail keep their order; one by constants is like any other.
// CHECK-LABEL: func @effects
func.func @effects(%x: tensor<4xi32>, %y: tensor<4xi32>) -> tensor<4xi32> {
  // CHECK: mind.group
  // CHECK-NEXT: mind.neg
  // CHECK-NEXT: mind.div
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.rem
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.constant
  // CHECK-NEXT: mind.add
  // CHECK-NEXT: mind.div
  // CHECK-NEXT: mind.abs
  // CHECK-NEXT: mind.yield
  %c = mind.constant dense<3> : tensor<i32>
  %0 = mind.neg %x : (tensor<4xi32>) -> tensor<4xi32>
  %1 = mind.div %0, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %2 = mind.rem %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %3 = mind.add %1, %2 : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %4 = mind.div %3, %c : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  %5 = mind.abs %4 : (tensor<4xi32>) -> tensor<4xi32>
  return %5 : tensor<4xi32>
}

// -----

// Constants and inputs that are results stay as they are; groups are not
// grouped again.
// CHECK-LABEL: func @grouped
func.func @grouped(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<f32>) {
  // CHECK: %[[C:.*]] = mind.constant
  // CHECK-COUNT-1: mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.yield
  // CHECK-NEXT: }
  // CHECK-NEXT: return %{{.*}}, %{{.*}}, %[[C]]
  %c = mind.constant dense<3.0> : tensor<f32>
  %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %1 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %1 : tensor<4xf32>
  }
  return %x, %0, %c : tensor<4xf32>, tensor<4xf32>, tensor<f32>
}

// -----

// Groups end where regions begin: what stands before a loop, in it and after it
// are groups of their own.
// CHECK-LABEL: func @control
func.func @control(%n: i64, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[A:.*]] = mind.group
  // CHECK-NEXT: mind.exp
  // CHECK: %[[L:.*]] = scf.for {{.*}} iter_args(%[[T:.*]] = %[[A]])
  // CHECK-NEXT: %[[B:.*]] = mind.group (%{{.*}} = %[[T]] : tensor<4xf32>, %{{.*}} = %[[A]] : tensor<4xf32>)
  // CHECK-NEXT: mind.constant
  // CHECK-NEXT: mind.mul
  // CHECK-NEXT: mind.add
  // CHECK: scf.yield %[[B]]
  // CHECK: %[[C:.*]] = mind.group (%{{.*}} = %[[L]] : tensor<4xf32>)
  // CHECK-NEXT: mind.neg
  // CHECK: return %[[C]]
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %two = mind.constant dense<2.0> : tensor<f32>
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %0) -> (tensor<4xf32>) : i64 {
    %2 = mind.mul %a, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    %3 = mind.add %2, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    scf.yield %3 : tensor<4xf32>
  }
  %4 = mind.neg %1 : (tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// -----

// What has no result stays between the groups, in its place; what it takes is
// computed before it.
// CHECK-LABEL: func @effects
func.func @effects(%x: tensor<4xf32>, %d: tensor<4xi32>) -> (tensor<4xf32>, tensor<4xi32>) {
  // CHECK: %[[A:.*]] = mind.group
  // CHECK-NEXT: mind.exp
  // CHECK-NEXT: mind.neg
  // CHECK: mind.println "{}"(%[[A]] : tensor<4xf32>)
  // CHECK-NEXT: %[[Q:.*]] = mind.group
  // CHECK-NEXT: mind.div
  // CHECK: mind.println "after"
  // CHECK: %[[C:.*]] = mind.group
  // CHECK-NEXT: mind.constant
  // CHECK-NEXT: mind.lt
  // CHECK-NEXT: mind.all
  // CHECK: mind.assert %[[C]] : tensor<i1>
  // CHECK-NEXT: return %[[A]], %[[Q]]
  %zero = mind.constant dense<0.0> : tensor<f32>
  %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mind.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  mind.println "{}"(%1 : tensor<4xf32>)
  %2 = mind.div %d, %d : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  mind.println "after"
  %3 = mind.lt %1, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xi1>
  %4 = mind.all %3 {axes = array<i64: 0>, keepdims = false} : (tensor<4xi1>) -> tensor<i1>
  mind.assert %4 : tensor<i1>
  return %1, %2 : tensor<4xf32>, tensor<4xi32>
}

// -----

// A transposition goes with the attention before it, not with what follows.
// CHECK-LABEL: func @heads
func.func @heads(%q: tensor<2x5x4xf32>, %w: tensor<2x2xf32>) -> tensor<5x4x2xf32> {
  // CHECK: mind.group
  // CHECK-NEXT: mind.attention
  // CHECK-NEXT: mind.transpose
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group
  // CHECK-NEXT: mind.matmul
  %0 = mind.attention %q, %q, %q {causal = true, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %1 = mind.transpose %0 {axes = array<i64: 1, 2, 0>} : (tensor<2x5x4xf32>) -> tensor<5x4x2xf32>
  %2 = mind.matmul %1, %w : (tensor<5x4x2xf32>, tensor<2x2xf32>) -> tensor<5x4x2xf32>
  return %2 : tensor<5x4x2xf32>
}

// -----

// Batch normalisation is elementwise, and each contraction takes what follows it,
// even where all ends in one sum.
// CHECK-LABEL: func @residual
func.func @residual(%x: tensor<8x8xf32>, %v: tensor<8x8xf32>, %w: tensor<8x8xf32>, %c: tensor<8xf32>) -> tensor<8x8xf32> {
  // CHECK: %[[G:.*]] = mind.group
  // CHECK-NEXT: mind.matmul
  // CHECK-NEXT: mind.batch_norm
  // CHECK-NEXT: mind.yield
  // CHECK: mind.group ({{.*}}%[[I:.*]] = %[[G]] : tensor<8x8xf32>)
  // CHECK-NEXT: %[[M:.*]] = mind.matmul
  // CHECK-NEXT: %[[N:.*]] = mind.batch_norm %[[M]]
  // CHECK-NEXT: %[[S:.*]] = mind.add %[[I]], %[[N]]
  // CHECK-NEXT: mind.relu %[[S]]
  // CHECK-NEXT: mind.yield
  %0 = mind.matmul %x, %v : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mind.batch_norm %0, %c, %c, %c, %c {eps = 1.0e-5 : f64} : (tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8x8xf32>
  %2 = mind.matmul %x, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %3 = mind.batch_norm %2, %c, %c, %c, %c {eps = 1.0e-5 : f64} : (tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8x8xf32>
  %4 = mind.add %1, %3 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %5 = mind.relu %4 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %5 : tensor<8x8xf32>
}
