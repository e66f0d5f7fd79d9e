// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @norms
func.func @norms(%x: tensor<3x4xf32>, %g: tensor<4xf32>) {
  // CHECK: mind.softmax %{{.*}} {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %0 = mind.softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.log_softmax %{{.*}} {axis = 0 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %1 = mind.log_softmax %x {axis = 0 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.layer_norm %{{.*}}, %{{.*}}, %{{.*}} {axes = array<i64: 1>, eps = 1.000000e-05 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %2 = mind.layer_norm %x, %g, %g {axes = array<i64: 1>, eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {eps = 1.000000e-05 : f64}
  %3 = mind.batch_norm %x, %g, %g, %g, %g {eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return
}

// CHECK-LABEL: func @attention
func.func @attention(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %m: tensor<5x7xi1>) {
  // CHECK: mind.attention %{{.*}}, %{{.*}}, %{{.*}} {causal = true, scale = 5.000000e-01 : f64} : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>) -> tensor<2x5x3xf32>
  %0 = mind.attention %q, %k, %v {causal = true, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>) -> tensor<2x5x3xf32>
  // CHECK: mind.attention %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {causal = false, scale = 5.000000e-01 : f64}
  %1 = mind.attention %q, %k, %v, %m {causal = false, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<5x7xi1>) -> tensor<2x5x3xf32>
  return
}

// CHECK-LABEL: func @pooling
func.func @pooling(%x: tensor<1x8x8x4xf32>) {
  // CHECK: mind.max_pool2d %{{.*}} {padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>, window = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  %0 = mind.max_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  // CHECK: mind.avg_pool2d %{{.*}} {padding = array<i64: 1, 0, 1, 0>, strides = array<i64: 1, 1>, window = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  %1 = mind.avg_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 1, 0, 1, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  // CHECK: mind.global_avg_pool2d %{{.*}} : (tensor<1x8x8x4xf32>) -> tensor<1x4xf32>
  %2 = mind.global_avg_pool2d %x : (tensor<1x8x8x4xf32>) -> tensor<1x4xf32>
  return
}

// CHECK-LABEL: func @positions
func.func @positions(%x: tensor<3x4xf32>) {
  // CHECK: mind.argmax %{{.*}} {keepdims = false} : (tensor<3x4xf32>) -> tensor<i64>
  %0 = mind.argmax %x {keepdims = false} : (tensor<3x4xf32>) -> tensor<i64>
  // CHECK: mind.argmin %{{.*}} {axis = 1 : i64, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xi64>
  %1 = mind.argmin %x {axis = 1 : i64, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xi64>
  return
}
