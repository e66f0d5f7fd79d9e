// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// bool and ui8 are i8 in signatures, calls, groups and constants; the group
// stays.
// CHECK-LABEL: func @storage
// CHECK-SAME: (%[[B:.*]]: tensor<4xi8>, %[[U:.*]]: tensor<4xi8>) -> (tensor<4xi8>, tensor<4xi8>)
func.func @storage(%b: tensor<4xi1>, %u: tensor<4xui8>) -> (tensor<4xi1>, tensor<4xui8>) {
  // CHECK: %[[G:.*]] = mind.group (%[[X:.*]] = %[[B]] : tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: mind.yield %{{.*}} : tensor<4xi8>
  %0 = mind.group (%x = %b : tensor<4xi1>) -> tensor<4xi1> {
    %1 = mind.not %x : (tensor<4xi1>) -> tensor<4xi1>
    mind.yield %1 : tensor<4xi1>
  }
  // CHECK: call @callee(%[[U]]) : (tensor<4xi8>) -> tensor<4xi8>
  %2 = func.call @callee(%u) : (tensor<4xui8>) -> tensor<4xui8>
  return %0, %2 : tensor<4xi1>, tensor<4xui8>
}
// CHECK: func private @callee(tensor<4xi8>) -> tensor<4xi8>
func.func private @callee(tensor<4xui8>) -> tensor<4xui8>

// -----

// CHECK-LABEL: func @constants
func.func @constants() -> (tensor<2xi1>, tensor<2xui8>, tensor<2xf16>, tensor<3xi1>, tensor<2x2xf64>) {
  // CHECK-DAG: arith.constant dense<[1, 0]> : tensor<2xi8>
  // CHECK-DAG: arith.constant dense<[-1, 127]> : tensor<2xi8>
  // CHECK-DAG: arith.constant dense<{{\[}}1.000000e+00, 0x7C00]> : tensor<2xf16>
  // CHECK-DAG: arith.constant dense<1> : tensor<3xi8>
  // CHECK-DAG: arith.constant dense<0.000000e+00> : tensor<2x2xf64>
  %0 = mind.constant dense<[true, false]> : tensor<2xi1>
  %1 = mind.constant dense<[255, 127]> : tensor<2xui8>
  %2 = mind.constant dense<[1.0, 0x7C00]> : tensor<2xf16>
  %3 = mind.ones : () -> tensor<3xi1>
  %4 = mind.zeros : () -> tensor<2x2xf64>
  return %0, %1, %2, %3, %4 : tensor<2xi1>, tensor<2xui8>, tensor<2xf16>, tensor<3xi1>, tensor<2x2xf64>
}

// -----

// What branches and loops carry changes its type with the rest; a condition is
// a byte that is not zero.
// CHECK-LABEL: func @control
// CHECK-SAME: (%[[C:.*]]: tensor<i8>, %[[X:.*]]: tensor<4xi8>, %[[U:.*]]: tensor<4xi8>)
func.func @control(%c: tensor<i1>, %x: tensor<4xi1>, %u: tensor<4xui8>) -> (tensor<4xi1>, tensor<4xui8>, tensor<4xi1>) {
  // CHECK: %[[BYTE:.*]] = tensor.extract %[[C]][] : tensor<i8>
  // CHECK: %[[IF:.*]] = arith.cmpi ne, %[[BYTE]], %{{.*}} : i8
  // CHECK: %[[R:.*]] = scf.if %[[IF]] -> (tensor<4xi8>)
  // CHECK: scf.while (%{{.*}} = %[[U]]) : (tensor<4xi8>) -> tensor<4xi8>
  // CHECK: scf.condition(%{{.*}}) %{{.*}} : tensor<4xi8>
  // CHECK: scf.yield %{{.*}} : tensor<4xi8>
  // CHECK: arith.select %[[IF]], %[[R]], %[[X]] : tensor<4xi8>
  %if = tensor.extract %c[] : tensor<i1>
  %0 = scf.if %if -> (tensor<4xi1>) {
    %1 = mind.not %x : (tensor<4xi1>) -> tensor<4xi1>
    scf.yield %1 : tensor<4xi1>
  } else {
    scf.yield %x : tensor<4xi1>
  }
  %2 = scf.while (%a = %u) : (tensor<4xui8>) -> tensor<4xui8> {
    scf.condition(%if) %a : tensor<4xui8>
  } do {
  ^bb0(%a: tensor<4xui8>):
    %3 = mind.add %a, %a : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
    scf.yield %3 : tensor<4xui8>
  }
  %4 = arith.select %if, %0, %x : tensor<4xi1>
  return %0, %2, %4 : tensor<4xi1>, tensor<4xui8>, tensor<4xi1>
}

// What is shared computes on storage types too.
// CHECK-LABEL: func @shared
// CHECK-SAME: %[[X:.*]]: tensor<4xi8>
// CHECK: %[[E:.*]] = tensor.empty() : tensor<4xi8>
// CHECK: mind.call_group @mind.group.0 ins(%[[X]] : tensor<4xi8>) outs(%[[E]] : tensor<4xi8>) -> tensor<4xi8>
// CHECK: func private @mind.group.0(%{{.*}}: tensor<4xi8>) -> tensor<4xi8>
func.func @shared(%x: tensor<4xi1>) -> tensor<4xi1> {
  %e = tensor.empty() : tensor<4xi1>
  %0 = mind.call_group @mind.group.0 ins(%x : tensor<4xi1>) outs(%e : tensor<4xi1>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}
func.func private @mind.group.0(%x: tensor<4xi1>) -> tensor<4xi1> {
  %0 = mind.group (%a = %x : tensor<4xi1>) -> tensor<4xi1> {
    %1 = mind.not %a : (tensor<4xi1>) -> tensor<4xi1>
    mind.yield %1 : tensor<4xi1>
  }
  return %0 : tensor<4xi1>
}
