// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// Operations that take tensors apart and put them together.

// CHECK-LABEL: func @assembly
func.func @assembly(%x: tensor<2x6xf32>, %y: tensor<4x6xf32>, %s: tensor<f32>) {
  // CHECK: mind.concat %{{.*}}, %{{.*}} {axis = 0 : i64} : (tensor<2x6xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  %0 = mind.concat %x, %y {axis = 0 : i64} : (tensor<2x6xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  // CHECK: mind.stack %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2x6xf32>
  %1 = mind.stack %x, %x {axis = 1 : i64} : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2x6xf32>
  // CHECK: %{{.*}}:3 = mind.split %{{.*}} {axis = 1 : i64, parts = 3 : i64} : (tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  %2:3 = mind.split %x {axis = 1 : i64, parts = 3 : i64} : (tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  // CHECK: mind.slice %{{.*}} {ends = array<i64: 2, 6>, starts = array<i64: 0, 1>, steps = array<i64: 1, 2>} : (tensor<2x6xf32>) -> tensor<2x3xf32>
  %3 = mind.slice %x {starts = array<i64: 0, 1>, ends = array<i64: 2, 6>, steps = array<i64: 1, 2>} : (tensor<2x6xf32>) -> tensor<2x3xf32>
  // CHECK: mind.pad %{{.*}}, %{{.*}} {padding = array<i64: 1, 0, 0, 2>} : (tensor<2x6xf32>, tensor<f32>) -> tensor<3x8xf32>
  %4 = mind.pad %x, %s {padding = array<i64: 1, 0, 0, 2>} : (tensor<2x6xf32>, tensor<f32>) -> tensor<3x8xf32>
  // CHECK: mind.flip %{{.*}} {axes = array<i64: 1>} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %5 = mind.flip %x {axes = array<i64: 1>} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK: mind.tril %{{.*}} {k = -1 : i64} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %6 = mind.tril %x {k = -1 : i64} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK: mind.triu %{{.*}} {k = 0 : i64} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %7 = mind.triu %x {k = 0 : i64} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  return
}

// CHECK-LABEL: func @creation
func.func @creation(%x: tensor<2x6xf32>, %n: tensor<i64>) {
  // CHECK: mind.eye {m = 4 : i64, n = 3 : i64} : () -> tensor<3x4xf32>
  %0 = mind.eye {n = 3 : i64, m = 4 : i64} : () -> tensor<3x4xf32>
  // CHECK: mind.arange {start = 1 : i64, step = 2 : i64, stop = 10 : i64} : () -> tensor<5xi64>
  %1 = mind.arange {start = 1 : i64, stop = 10 : i64, step = 2 : i64} : () -> tensor<5xi64>
  // CHECK: mind.linspace {n = 5 : i64, start = 0.000000e+00 : f64, stop = 1.000000e+00 : f64} : () -> tensor<5xf32>
  %2 = mind.linspace {n = 5 : i64, start = 0.0 : f64, stop = 1.0 : f64} : () -> tensor<5xf32>
  // CHECK: mind.iota {axis = 1 : i64} : () -> tensor<3x4xi64>
  %3 = mind.iota {axis = 1 : i64} : () -> tensor<3x4xi64>
  // CHECK: mind.full %{{.*}} : (tensor<i64>) -> tensor<2x2xi64>
  %4 = mind.full %n : (tensor<i64>) -> tensor<2x2xi64>
  // CHECK: mind.zeros_like %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %5 = mind.zeros_like %x : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK: mind.ones_like %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %6 = mind.ones_like %x : (tensor<2x6xf32>) -> tensor<2x6xf32>
  return
}
