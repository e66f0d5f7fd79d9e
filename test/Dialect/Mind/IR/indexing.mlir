// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// Operations that select by position.

// CHECK-LABEL: func @indexing
func.func @indexing(%x: tensor<3x4xf32>, %i: tensor<i64>, %j: tensor<i32>, %ids: tensor<5xi64>, %u: tensor<5x4xf32>) {
  // CHECK: mind.index %{{.*}}, %{{.*}}, %{{.*}} {axes = array<i64: 1, 0>} : (tensor<3x4xf32>, tensor<i64>, tensor<i32>) -> tensor<f32>
  %0 = mind.index %x, %i, %j {axes = array<i64: 1, 0>} : (tensor<3x4xf32>, tensor<i64>, tensor<i32>) -> tensor<f32>
  // CHECK: mind.gather %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<3x5xf32>
  %1 = mind.gather %x, %ids {axis = 1 : i64} : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<3x5xf32>
  // CHECK: mind.embedding %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  %2 = mind.embedding %x, %ids : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  // CHECK: mind.scatter_add %{{.*}}, %{{.*}}, %{{.*}} {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>, tensor<5x4xf32>) -> tensor<3x4xf32>
  %3 = mind.scatter_add %x, %ids, %u {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>, tensor<5x4xf32>) -> tensor<3x4xf32>
  // CHECK: mind.one_hot %{{.*}} {n = 10 : i64} : (tensor<5xi64>) -> tensor<5x10xf16>
  %4 = mind.one_hot %ids {n = 10 : i64} : (tensor<5xi64>) -> tensor<5x10xf16>
  return
}
