// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// A text with its line end, and the dtypes that storage does not tell.
// CHECK-LABEL: func @printed
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<i8>, %[[U:.*]]: tensor<3xi8>)
func.func @printed(%x: tensor<2xf32>, %b: tensor<i1>, %u: tensor<3xui8>) {
  // CHECK-NEXT: mind.call_print "x {} {} {}"(%[[X]], %[[B]], %[[U]] : tensor<2xf32>, tensor<i8>, tensor<3xi8>) as [f32, i1, ui8]
  mind.print "x {} {} {}"(%x, %b, %u : tensor<2xf32>, tensor<i1>, tensor<3xui8>)
  // CHECK-NEXT: mind.call_print "line\0A" as []
  mind.println "line"
  // CHECK-NEXT: return
  return
}

// -----

// A kernel fills what would be a large constant; others stay as they are.
// CHECK-LABEL: func @constants
func.func @constants() {
  // CHECK-DAG: %[[LIST:.*]] = arith.constant dense<[1, 2]> : tensor<2xi32>
  // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<f32>
  // CHECK: %[[FILLED:.*]] = mind.group () -> tensor<500x500xi8> {
  // CHECK-NEXT: %[[SPLAT:.*]] = arith.constant dense<1> : tensor<500x500xi8>
  // CHECK-NEXT: mind.yield %[[SPLAT]]
  // CHECK: mind.call_print "{} {} {}"(%[[FILLED]], %[[LIST]], %[[ONE]] : tensor<500x500xi8>, tensor<2xi32>, tensor<f32>) as [i1, i32, f32]
  %0 = mind.constant dense<true> : tensor<500x500xi1>
  %1 = mind.constant dense<[1, 2]> : tensor<2xi32>
  %2 = mind.constant dense<1.0> : tensor<f32>
  mind.print "{} {} {}"(%0, %1, %2 : tensor<500x500xi1>, tensor<2xi32>, tensor<f32>)
  return
}

// -----

// An assertion records an error where its byte is zero.
// CHECK-LABEL: func @asserted
// CHECK-SAME: (%[[C:.*]]: tensor<i8>)
func.func @asserted(%c: tensor<i1>) {
  // CHECK: %[[BYTE:.*]] = tensor.extract %[[C]][] : tensor<i8>
  // CHECK: %[[HOLDS:.*]] = arith.cmpi ne, %[[BYTE]], %{{.*}} : i8
  // CHECK: %[[FAILS:.*]] = arith.xori %[[HOLDS]], %{{.*}} : i1
  // CHECK: mind.record_error %[[FAILS]], 6006, "assertion failed"{{$}}
  mind.assert %c : tensor<i1>
  // CHECK: mind.record_error %{{.*}}, 6006, "assertion failed: {0} \22quoted\22"{{$}}
  mind.assert %c, "{0} \22quoted\22" : tensor<i1>
  return
}
