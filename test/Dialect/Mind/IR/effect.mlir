// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// Operations that do something besides computing results.

// CHECK-LABEL: func @effect
func.func @effect(%x: tensor<2x3xf32>, %c: tensor<i1>, %u: tensor<4xui8>, %s: tensor<?xf32, #mind.dims<["B"]>>) {
  // CHECK: mind.print "plain"
  mind.print "plain"
  // CHECK: mind.print "{} and {{[{][{]}}{}\0A"(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<4xui8>) {note}
  mind.print "{} and {{{}\0A"(%x, %u : tensor<2x3xf32>, tensor<4xui8>) {note}
  // CHECK: mind.println ""
  mind.println ""
  // CHECK: mind.println "{}"(%{{.*}} : tensor<?xf32, #mind.dims<["B"]>>)
  mind.println "{}"(%s : tensor<?xf32, #mind.dims<["B"]>>)
  // CHECK: mind.assert %{{.*}} : tensor<i1>
  mind.assert %c : tensor<i1>
  // CHECK: mind.assert %{{.*}}, "a reason" : tensor<i1>
  mind.assert %c, "a reason" : tensor<i1>
  return
}

// CHECK-LABEL: func @call_print
func.func @call_print(%x: tensor<2x3xf32>, %b: memref<i8>, %u: memref<?x4xi8>) {
  // CHECK: mind.call_print "plain" as []
  mind.call_print "plain" as []
  // CHECK: mind.call_print "{} {}{}"(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x3xf32>, memref<i8>, memref<?x4xi8>) as [f32, i1, ui8]
  mind.call_print "{} {}{}"(%x, %b, %u : tensor<2x3xf32>, memref<i8>, memref<?x4xi8>) as [f32, i1, ui8]
  return
}
