// RUN: mind-opt %s --mind-share-groups --split-input-file | FileCheck %s
// RUN: mind-opt %s --mind-share-groups --split-input-file | mind-opt --split-input-file | FileCheck %s

// Layers that differ in their weights only become calls of one function.
// CHECK-LABEL: func @layers
// CHECK-SAME: %[[X:.*]]: tensor<8x16xf32>, %[[W:.*]]: tensor<16x16xf32>, %[[V:.*]]: tensor<16x16xf32>
// CHECK-NEXT: %[[INIT:.*]] = tensor.empty() : tensor<8x16xf32>
// CHECK-NEXT: %[[H:.*]] = mind.call_group @mind.group.0 ins(%[[X]], %[[W]] : tensor<8x16xf32>, tensor<16x16xf32>) outs(%[[INIT]] : tensor<8x16xf32>) -> tensor<8x16xf32>
// CHECK-NEXT: tensor.empty
// CHECK-NEXT: %[[Y:.*]] = mind.call_group @mind.group.0 ins(%[[H]], %[[V]]
// CHECK-NEXT: return %[[Y]]
// CHECK: func private @mind.group.0(%[[A:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<16x16xf32>) -> tensor<8x16xf32>
// CHECK-NEXT: %[[R:.*]] = mind.group (%{{.*}} = %[[A]] : tensor<8x16xf32>, %{{.*}} = %[[B]] : tensor<16x16xf32>)
// CHECK: mind.matmul
// CHECK: mind.relu
// CHECK: return %[[R]]
// CHECK-NOT: func private
func.func @layers(%x: tensor<8x16xf32>, %w: tensor<16x16xf32>, %v: tensor<16x16xf32>) -> tensor<8x16xf32> {
  %h = mind.group (%a = %x : tensor<8x16xf32>, %b = %w : tensor<16x16xf32>) -> tensor<8x16xf32> {
    %0 = mind.matmul %a, %b : (tensor<8x16xf32>, tensor<16x16xf32>) -> tensor<8x16xf32>
    %1 = mind.relu %0 : (tensor<8x16xf32>) -> tensor<8x16xf32>
    mind.yield %1 : tensor<8x16xf32>
  }
  %y = mind.group (%a = %h : tensor<8x16xf32>, %b = %v : tensor<16x16xf32>) -> tensor<8x16xf32> {
    %0 = mind.matmul %a, %b : (tensor<8x16xf32>, tensor<16x16xf32>) -> tensor<8x16xf32>
    %1 = mind.relu %0 : (tensor<8x16xf32>) -> tensor<8x16xf32>
    mind.yield %1 : tensor<8x16xf32>
  }
  return %y : tensor<8x16xf32>
}

// -----

// What differs in an operation, a constant, or in how operations are connected, is
// not equal. Functions are numbered in the order of the program, and groups in
// several functions and in regions share one.
// CHECK-LABEL: func @different
// CHECK: mind.call_group @mind.group.0
// CHECK: mind.group
// CHECK: mind.exp
// CHECK: mind.call_group @mind.group.1
// CHECK: mind.group
// CHECK: dense<2.0
// CHECK: mind.group
// CHECK: mind.sub %{{.*}}, %{{.*}}
// CHECK-LABEL: func @other
// CHECK: scf.if
// CHECK: mind.call_group @mind.group.1
// CHECK: mind.call_group @mind.group.0
// CHECK: func private @mind.group.0
// CHECK: mind.relu
// CHECK: func private @mind.group.1
// CHECK: dense<3.0
// CHECK: mind.sub
// CHECK-NOT: func private
func.func @different(%x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %r = mind.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  %1 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %r = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  %2 = mind.group (%a = %x : tensor<4xf32>, %b = %z : tensor<4xf32>) -> tensor<4xf32> {
    %c = mind.constant dense<3.0> : tensor<f32>
    %s = mind.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %r = mind.mul %s, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  %3 = mind.group (%a = %x : tensor<4xf32>, %b = %z : tensor<4xf32>) -> tensor<4xf32> {
    %c = mind.constant dense<2.0> : tensor<f32>
    %s = mind.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %r = mind.mul %s, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  %4 = mind.group (%a = %x : tensor<4xf32>, %b = %z : tensor<4xf32>) -> tensor<4xf32> {
    %c = mind.constant dense<3.0> : tensor<f32>
    %s = mind.sub %b, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %r = mind.mul %s, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  return %0, %1, %2, %3, %4 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func @other(%x: tensor<4xf32>, %z: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  %y = scf.if %c -> tensor<4xf32> {
    %0 = mind.group (%a = %x : tensor<4xf32>, %b = %z : tensor<4xf32>) -> tensor<4xf32> {
      %k = mind.constant dense<3.0> : tensor<f32>
      %s = mind.sub %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %r = mind.mul %s, %k : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      mind.yield %r : tensor<4xf32>
    }
    scf.yield %0 : tensor<4xf32>
  } else {
    scf.yield %z : tensor<4xf32>
  }
  %0 = mind.group (%a = %y : tensor<4xf32>) -> tensor<4xf32> {
    %r = mind.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// What stays: a group that may fail, one on tensors of rank 0, one that only moves
// elements, and one that reads what another moves.
// CHECK-LABEL: func @stay
// CHECK-NOT: mind.call_group
// CHECK-NOT: func private
func.func @stay(%x: tensor<4x6xi32>, %s: tensor<f32>) -> (tensor<4x6xi32>, tensor<4x6xi32>, tensor<f32>, tensor<6x4xi32>, tensor<6x4xi32>) {
  %0 = mind.group (%a = %x : tensor<4x6xi32>) -> tensor<4x6xi32> {
    %r = mind.div %a, %a : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x6xi32>
    mind.yield %r : tensor<4x6xi32>
  }
  %1 = mind.group (%a = %0 : tensor<4x6xi32>) -> tensor<4x6xi32> {
    %r = mind.div %a, %a : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x6xi32>
    mind.yield %r : tensor<4x6xi32>
  }
  %2 = mind.group (%a = %s : tensor<f32>) -> tensor<f32> {
    %r = mind.exp %a : (tensor<f32>) -> tensor<f32>
    mind.yield %r : tensor<f32>
  }
  %3 = mind.group (%a = %2 : tensor<f32>) -> tensor<f32> {
    %r = mind.exp %a : (tensor<f32>) -> tensor<f32>
    mind.yield %r : tensor<f32>
  }
  %4 = mind.group (%a = %0 : tensor<4x6xi32>) -> tensor<6x4xi32> {
    %r = mind.transpose %a {axes = array<i64: 1, 0>} : (tensor<4x6xi32>) -> tensor<6x4xi32>
    mind.yield %r : tensor<6x4xi32>
  }
  %5 = mind.group (%a = %1 : tensor<4x6xi32>) -> tensor<6x4xi32> {
    %r = mind.transpose %a {axes = array<i64: 1, 0>} : (tensor<4x6xi32>) -> tensor<6x4xi32>
    mind.yield %r : tensor<6x4xi32>
  }
  %6 = mind.group (%a = %4 : tensor<6x4xi32>) -> tensor<6x4xi32> {
    %r = mind.neg %a : (tensor<6x4xi32>) -> tensor<6x4xi32>
    mind.yield %r : tensor<6x4xi32>
  }
  %7 = mind.group (%a = %5 : tensor<6x4xi32>) -> tensor<6x4xi32> {
    %r = mind.neg %a : (tensor<6x4xi32>) -> tensor<6x4xi32>
    mind.yield %r : tensor<6x4xi32>
  }
  return %0, %1, %3, %6, %7 : tensor<4x6xi32>, tensor<4x6xi32>, tensor<f32>, tensor<6x4xi32>, tensor<6x4xi32>
}

// -----

// Nor are those of a function of named sizes shared.
// CHECK-LABEL: func @sizes
// CHECK-NOT: mind.call_group
func.func @sizes(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) attributes {mind.sizes = ["B"]} {
  %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
    %r = mind.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  %1 = mind.group (%a = %0 : tensor<4xf32>) -> tensor<4xf32> {
    %r = mind.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    mind.yield %r : tensor<4xf32>
  }
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
