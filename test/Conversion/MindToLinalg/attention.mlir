// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file | FileCheck %s

// The axes before the matrices broadcast.
// CHECK-DAG: #[[Q:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d2, d4)>
// CHECK-DAG: #[[K:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, 0, d3, d4)>
// CHECK-DAG: #[[V:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d3, d5)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d5)>
// CHECK-LABEL: func @attention
func.func @attention(%q: tensor<3x5x4xf16>, %k: tensor<2x1x7x4xf16>, %v: tensor<7x3xf16>) -> tensor<2x3x5x3xf16> {
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<2x3x5x3xf16>
  // CHECK: mind.kernel.attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<3x5x4xf16>, tensor<2x1x7x4xf16>, tensor<7x3xf16>) outs(%[[E]] : tensor<2x3x5x3xf16>) {maps = [#[[Q]], #[[K]], #[[V]], #[[OUT]]], scale = 5.000000e-01 : f64} -> tensor<2x3x5x3xf16>
  %0 = mind.attention %q, %k, %v {causal = false, scale = 5.0e-1 : f64} : (tensor<3x5x4xf16>, tensor<2x1x7x4xf16>, tensor<7x3xf16>) -> tensor<2x3x5x3xf16>
  return %0 : tensor<2x3x5x3xf16>
}

// -----

// So does the mask, in all axes; its elements are bytes.
// CHECK-DAG: #[[MASK:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (0, d2)>
// CHECK-LABEL: func @masked
func.func @masked(%q: tensor<2x5x4xf32>, %m: tensor<1x5xi1>) -> tensor<2x5x4xf32> {
  // CHECK: mask(%{{.*}} : tensor<1x5xi8>) outs(%{{.*}}) {causal, maps = [{{.*}}, {{.*}}, {{.*}}, #[[MASK]], {{.*}}]
  %0 = mind.attention %q, %q, %q, %m {causal = true, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<1x5xi1>) -> tensor<2x5x4xf32>
  return %0 : tensor<2x5x4xf32>
}
