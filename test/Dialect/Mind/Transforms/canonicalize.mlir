// RUN: mind-opt %s --canonicalize --split-input-file | FileCheck %s
// RUN: mind-opt %s --pass-pipeline='builtin.module(func.func(mind-simplify))' --split-input-file | FileCheck %s

// Neutral elements, where they are exact: 0 + -0 is 0, so only -0 is neutral
// to a float sum.
// CHECK-LABEL: func @neutral
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[I:.*]]: tensor<4xi32>)
func.func @neutral(%x: tensor<4xf32>, %i: tensor<4xi32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi32>, tensor<4xi32>) {
  %zero = mind.constant dense<0.0> : tensor<f32>
  %minus = mind.constant dense<-0.0> : tensor<f32>
  %one = mind.ones : () -> tensor<4xf32>
  %izero = mind.zeros : () -> tensor<i32>
  %ione = mind.ones : () -> tensor<i32>
  // CHECK: %[[S:.*]] = mind.add %[[X]],
  %0 = mind.add %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = mind.add %minus, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = mind.sub %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = mind.mul %one, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = mind.div %x, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = mind.add %i, %izero : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  %6 = mind.div %i, %ione : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  // CHECK: return %[[S]], %[[X]], %[[X]], %[[X]], %[[X]], %[[I]], %[[I]]
  return %0, %1, %2, %3, %4, %5, %6 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi32>, tensor<4xi32>
}

// -----

// A neutral element that broadcasts its neighbour stays.
// CHECK-LABEL: func @stretched
func.func @stretched(%x: tensor<1xf32>) -> tensor<4xf32> {
  // CHECK: mind.mul
  %one = mind.ones : () -> tensor<4xf32>
  %0 = mind.mul %x, %one : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Parameters are never folded, not even where an operation repeats.
// CHECK-LABEL: func @involutions
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[B:.*]]: tensor<4xi1>)
func.func @involutions(%x: tensor<4xf32>, %b: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[R:.*]] = mind.relu %[[X]]
  // CHECK-NEXT: return %[[X]], %[[B]], %[[R]], %[[X]]
  %0 = mind.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mind.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = mind.not %b : (tensor<4xi1>) -> tensor<4xi1>
  %3 = mind.not %2 : (tensor<4xi1>) -> tensor<4xi1>
  %4 = mind.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %5 = mind.relu %4 : (tensor<4xf32>) -> tensor<4xf32>
  %6 = mind.cast %x : (tensor<4xf32>) -> tensor<4xf32>
  return %1, %3, %5, %6 : tensor<4xf32>, tensor<4xi1>, tensor<4xf32>, tensor<4xf32>
}

// -----

// Constants broadcast; each dtype computes in its own precision, and rounds to
// nearest, ties to even.
// CHECK-LABEL: func @arithmetic
func.func @arithmetic() -> (tensor<2x3xf32>, tensor<f16>, tensor<i8>, tensor<f32>, tensor<4096xf32>) {
  // CHECK-DAG: mind.constant dense<{{\[}}[1.100000e+01, 2.100000e+01, 3.100000e+01], [1.200000e+01, 2.200000e+01, 3.200000e+01]]>
  %a = mind.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %b = mind.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %0 = mind.add %a, %b : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK-DAG: mind.constant dense<2.048000e+03> : tensor<f16>
  %c = mind.constant dense<2048.0> : tensor<f16>
  %d = mind.constant dense<1.0> : tensor<f16>
  %1 = mind.add %c, %d : (tensor<f16>, tensor<f16>) -> tensor<f16>
  // CHECK-DAG: mind.constant dense<-128> : tensor<i8>
  %e = mind.constant dense<-128> : tensor<i8>
  %f = mind.constant dense<-1> : tensor<i8>
  %2 = mind.div %e, %f : (tensor<i8>, tensor<i8>) -> tensor<i8>
  // CHECK-DAG: mind.constant dense<-1.500000e+00> : tensor<f32>
  %g = mind.constant dense<-5.5> : tensor<f32>
  %h = mind.constant dense<2.0> : tensor<f32>
  %3 = mind.rem %g, %h : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK-DAG: mind.constant dense<6.000000e+00> : tensor<4096xf32>
  %i = mind.constant dense<3.0> : tensor<4096xf32>
  %4 = mind.mul %i, %h : (tensor<4096xf32>, tensor<f32>) -> tensor<4096xf32>
  // CHECK-NOT: mind.{{add|div|rem|mul}}
  return %0, %1, %2, %3, %4 : tensor<2x3xf32>, tensor<f16>, tensor<i8>, tensor<f32>, tensor<4096xf32>
}

// -----

// A zero divisor is an error at run time, so it stays.
// CHECK-LABEL: func @zero_divisor
func.func @zero_divisor() -> tensor<2xi32> {
  // CHECK: mind.div
  %a = mind.constant dense<[4, 4]> : tensor<2xi32>
  %b = mind.constant dense<[2, 0]> : tensor<2xi32>
  %0 = mind.div %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// Large tensors are computed at run time unless they are splats.
// CHECK-LABEL: func @large
func.func @large() -> tensor<600x2xf32> {
  // CHECK: mind.add
  %a = mind.constant dense<1.0> : tensor<600x2xf32>
  %b = mind.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %0 = mind.add %a, %b : (tensor<600x2xf32>, tensor<2xf32>) -> tensor<600x2xf32>
  return %0 : tensor<600x2xf32>
}

// -----

// CHECK-LABEL: func @cast
func.func @cast() -> (tensor<4xi8>, tensor<4xui8>, tensor<4xi1>, tensor<i8>, tensor<ui8>, tensor<f16>) {
  // Truncates and saturates; NaN gives 0.
  // CHECK-DAG: mind.constant dense<[127, -128, -1, 0]> : tensor<4xi8>
  // CHECK-DAG: mind.constant dense<[255, 0, 0, 0]> : tensor<4xui8>
  // CHECK-DAG: mind.constant dense<true> : tensor<4xi1>
  %x = mind.constant dense<[1.0e10, -300.0, -1.9, 0x7FC00000]> : tensor<4xf32>
  %0 = mind.cast %x : (tensor<4xf32>) -> tensor<4xi8>
  %1 = mind.cast %x : (tensor<4xf32>) -> tensor<4xui8>
  %2 = mind.cast %x : (tensor<4xf32>) -> tensor<4xi1>
  // Wraps.
  // CHECK-DAG: mind.constant dense<44> : tensor<i8>
  // CHECK-DAG: mind.constant dense<212> : tensor<ui8>
  %i = mind.constant dense<300> : tensor<i32>
  %3 = mind.cast %i : (tensor<i32>) -> tensor<i8>
  %j = mind.constant dense<-300> : tensor<i32>
  %4 = mind.cast %j : (tensor<i32>) -> tensor<ui8>
  // CHECK-DAG: mind.constant dense<0x7C00> : tensor<f16>
  %k = mind.constant dense<100000> : tensor<i64>
  %5 = mind.cast %k : (tensor<i64>) -> tensor<f16>
  return %0, %1, %2, %3, %4, %5 : tensor<4xi8>, tensor<4xui8>, tensor<4xi1>, tensor<i8>, tensor<ui8>, tensor<f16>
}

// -----

// CHECK-LABEL: func @movement
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>, %[[V:.*]]: tensor<4xf32>)
func.func @movement(%x: tensor<2x3x4xf32>, %v: tensor<4xf32>) -> (tensor<6x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>, tensor<4xf32>) {
  // CHECK-DAG: %[[R:.*]] = mind.reshape %[[X]] : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %0 = mind.reshape %x : (tensor<2x3x4xf32>) -> tensor<24xf32>
  %1 = mind.reshape %0 : (tensor<24xf32>) -> tensor<6x4xf32>
  %2 = mind.expand_dims %x {axis = 0 : i64} : (tensor<2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %3 = mind.reshape %2 : (tensor<1x2x3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK-DAG: %[[T:.*]] = mind.transpose %[[X]] {axes = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %4 = mind.transpose %x {axes = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %5 = mind.transpose %4 {axes = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  %6 = mind.transpose %4 {axes = array<i64: 1, 2, 0>} : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  %7 = mind.broadcast_to %v : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: return %[[R]], %[[X]], %[[X]], %[[T]], %[[V]]
  return %1, %3, %5, %6, %7 : tensor<6x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>, tensor<4xf32>
}

// -----

// Changes of shape that undo one another.
// CHECK-LABEL: func @undone
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @undone(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK: return %[[X]], %[[X]], %[[X]]
  %0 = mind.expand_dims %x {axis = 0 : i64} : (tensor<4xf32>) -> tensor<1x4xf32>
  %1 = mind.squeeze %0 {axes = array<i64: 0>} : (tensor<1x4xf32>) -> tensor<4xf32>
  %2 = mind.flatten %0 : (tensor<1x4xf32>) -> tensor<4xf32>
  %3 = mind.flatten %x : (tensor<4xf32>) -> tensor<4xf32>
  return %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK-LABEL: func @constant_movement
func.func @constant_movement() -> (tensor<3x2xi32>, tensor<6xi32>, tensor<2x3xf32>, tensor<1x2x3xi32>) {
  // CHECK-DAG: mind.constant dense<{{\[}}[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32>
  // CHECK-DAG: mind.constant dense<[1, 2, 3, 4, 5, 6]> : tensor<6xi32>
  // CHECK-DAG: mind.constant dense<7.000000e+00> : tensor<2x3xf32>
  %a = mind.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %0 = mind.transpose %a {axes = array<i64: 1, 0>} : (tensor<2x3xi32>) -> tensor<3x2xi32>
  %1 = mind.reshape %a : (tensor<2x3xi32>) -> tensor<6xi32>
  %b = mind.constant dense<7.0> : tensor<f32>
  %2 = mind.broadcast_to %b : (tensor<f32>) -> tensor<2x3xf32>
  // CHECK-DAG: mind.constant dense<{{\[\[}}[1, 2, 3], [4, 5, 6]]]> : tensor<1x2x3xi32>
  %3 = mind.expand_dims %a {axis = 0 : i64} : (tensor<2x3xi32>) -> tensor<1x2x3xi32>
  return %0, %1, %2, %3 : tensor<3x2xi32>, tensor<6xi32>, tensor<2x3xf32>, tensor<1x2x3xi32>
}

// -----

// CHECK-LABEL: func @extent
func.func @extent() -> (tensor<i64>, tensor<i64>) attributes {mind.sizes = ["B"]} {
  // CHECK-DAG: %[[N:.*]] = mind.constant dense<12> : tensor<i64>
  // CHECK-DAG: %[[B:.*]] = mind.extent "2*B"
  // CHECK: return %[[N]], %[[B]]
  %0 = mind.extent "3*4" : tensor<i64>
  %1 = mind.extent "2*B" : tensor<i64>
  return %0, %1 : tensor<i64>, tensor<i64>
}

// -----

// What is known to hold is not checked; what is known to fail fails in its place.
// CHECK-LABEL: func @assertions
// CHECK-SAME: (%[[C:.*]]: tensor<i1>)
func.func @assertions(%c: tensor<i1>) {
  // CHECK-NEXT: %[[FALSE:.*]] = mind.constant dense<false>
  // CHECK-NEXT: mind.assert %[[C]] : tensor<i1>
  // CHECK-NEXT: mind.assert %[[FALSE]] : tensor<i1>
  // CHECK-NEXT: return
  %0 = mind.constant dense<true> : tensor<i1>
  %1 = mind.constant dense<false> : tensor<i1>
  mind.assert %c : tensor<i1>
  mind.assert %0 : tensor<i1>
  mind.assert %1 : tensor<i1>
  return
}

// -----

// Equal prints are two.
// CHECK-LABEL: func @prints
func.func @prints(%x: tensor<2xf32>) {
  // CHECK-COUNT-2: mind.println "{}"
  // CHECK-NOT: mind.println
  mind.println "{}"(%x : tensor<2xf32>)
  mind.println "{}"(%x : tensor<2xf32>)
  return
}
