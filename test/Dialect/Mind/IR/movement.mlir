// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @movement
func.func @movement(%x: tensor<2x6xf32>, %y: tensor<1x4x1xui8>) {
  // CHECK: mind.reshape %{{.*}} : (tensor<2x6xf32>) -> tensor<3x4xf32>
  %0 = mind.reshape %x : (tensor<2x6xf32>) -> tensor<3x4xf32>
  // CHECK: mind.transpose %{{.*}} {axes = array<i64: 1, 0>} : (tensor<2x6xf32>) -> tensor<6x2xf32>
  %1 = mind.transpose %x {axes = array<i64: 1, 0>} : (tensor<2x6xf32>) -> tensor<6x2xf32>
  // CHECK: mind.expand_dims %{{.*}} {axis = 1 : i64} : (tensor<2x6xf32>) -> tensor<2x1x6xf32>
  %2 = mind.expand_dims %x {axis = 1 : i64} : (tensor<2x6xf32>) -> tensor<2x1x6xf32>
  // CHECK: mind.squeeze %{{.*}} {axes = array<i64: 0, 2>} : (tensor<1x4x1xui8>) -> tensor<4xui8>
  %3 = mind.squeeze %y {axes = array<i64: 0, 2>} : (tensor<1x4x1xui8>) -> tensor<4xui8>
  // CHECK: mind.flatten %{{.*}} : (tensor<2x6xf32>) -> tensor<12xf32>
  %4 = mind.flatten %x : (tensor<2x6xf32>) -> tensor<12xf32>
  // CHECK: mind.broadcast_to %{{.*}} : (tensor<2x6xf32>) -> tensor<5x2x6xf32>
  %5 = mind.broadcast_to %x : (tensor<2x6xf32>) -> tensor<5x2x6xf32>
  // CHECK: mind.zeros : () -> tensor<2x3xbf16>
  %6 = mind.zeros : () -> tensor<2x3xbf16>
  // CHECK: mind.ones : () -> tensor<i1>
  %7 = mind.ones : () -> tensor<i1>
  return
}

// Sizes that are not constants keep their expressions.
// CHECK-LABEL: func @symbolic
func.func @symbolic(%x: tensor<?x4x3xf32, #mind.dims<["B", "4", "3"]>>) {
  // CHECK: mind.reshape %{{.*}} -> tensor<?x3xf32, #mind.dims<["4*B", "3"]>>
  %0 = mind.reshape %x : (tensor<?x4x3xf32, #mind.dims<["B", "4", "3"]>>) -> tensor<?x3xf32, #mind.dims<["4*B", "3"]>>
  // CHECK: mind.flatten %{{.*}} -> tensor<?xf32, #mind.dims<["12*B"]>>
  %1 = mind.flatten %0 : (tensor<?x3xf32, #mind.dims<["4*B", "3"]>>) -> tensor<?xf32, #mind.dims<["12*B"]>>
  return
}
