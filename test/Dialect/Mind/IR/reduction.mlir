// RUN: mind-opt %s | mind-opt | FileCheck %s
// RUN: mind-opt %s --emit-bytecode | mind-opt | FileCheck %s

// CHECK-LABEL: func @reduction
func.func @reduction(%f: tensor<3x4xf32>, %i: tensor<3x4xi32>, %b: tensor<3x4xi1>) {
  // CHECK: mind.sum %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %sumf32 = mind.sum %f {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  // CHECK: mind.sum %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi64>
  %sumi1 = mind.sum %b {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi64>
  // CHECK: mind.prod %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi32>) -> tensor<3x1xi64>
  %prodi32 = mind.prod %i {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi32>) -> tensor<3x1xi64>
  // CHECK: mind.mean %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %meanf32 = mind.mean %f {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  // CHECK: mind.max %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi32>) -> tensor<3x1xi32>
  %maxi32 = mind.max %i {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi32>) -> tensor<3x1xi32>
  // CHECK: mind.min %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %minf32 = mind.min %f {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  // CHECK: mind.any %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi1>
  %anyi1 = mind.any %b {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi1>
  // CHECK: mind.all %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi1>
  %alli1 = mind.all %b {axes = array<i64: 1>, keepdims = true} : (tensor<3x4xi1>) -> tensor<3x1xi1>
  // CHECK: mind.sum %{{.*}} {axes = array<i64: 0, 1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<f32>
  %s = mind.sum %f {axes = array<i64: 0, 1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<f32>
  // CHECK: mind.softmax %{{.*}} {axis = 0 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %m = mind.softmax %f {axis = 0 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}
