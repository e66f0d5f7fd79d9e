// RUN: mind-opt %s --convert-mind-to-linalg --mind-decompose-attention --split-input-file | FileCheck %s

// Scores, their exponentials less the largest, both contractions in f32.
// CHECK-LABEL: func @attention
func.func @attention(%q: tensor<2x5x4xf16>, %k: tensor<2x7x4xf16>, %v: tensor<2x7x3xf16>) -> tensor<2x5x3xf16> {
  // CHECK: %[[S:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]{{.*}} outs(%{{.*}} : tensor<2x5x7xf32>)
  // CHECK-COUNT-2: arith.extf
  // CHECK: linalg.generic {{.*}} ins(%[[S]] : tensor<2x5x7xf32>)
  // CHECK: arith.mulf %{{.*}}, %{{.*}} : f32
  // CHECK: arith.maximumf
  // CHECK: arith.cmpf oeq
  // CHECK: %[[E:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x5x7xf32>)
  // CHECK: math.exp
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[E]] : tensor<2x5x7xf32>) outs(%{{.*}} : tensor<2x5xf32>)
  // CHECK: linalg.generic {{.*}}"reduction"]{{.*}} ins(%[[E]], %{{.*}} : tensor<2x5x7xf32>, tensor<2x7x3xf16>)
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[SUM]]
  // CHECK: arith.divf
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  %0 = mind.attention %q, %k, %v {causal = false, scale = 5.0e-1 : f64} : (tensor<2x5x4xf16>, tensor<2x7x4xf16>, tensor<2x7x3xf16>) -> tensor<2x5x3xf16>
  return %0 : tensor<2x5x3xf16>
}

// -----

// What is hidden has a score of minus infinity.
// CHECK-LABEL: func @masked
func.func @masked(%q: tensor<5x4xf32>, %m: tensor<5x5xi1>) -> tensor<5x4xf32> {
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<5x5xf32>, tensor<5x5xi8>)
  // CHECK: %[[HIDDEN:.*]] = arith.constant 0xFF800000 : f32
  // CHECK: arith.select %{{.*}}, %{{.*}}, %[[HIDDEN]] : f32
  // CHECK: arith.cmpi ule
  // CHECK: arith.select %{{.*}}, %{{.*}}, %[[HIDDEN]] : f32
  %0 = mind.attention %q, %q, %q, %m {causal = true, scale = 5.0e-1 : f64} : (tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x5xi1>) -> tensor<5x4xf32>
  return %0 : tensor<5x4xf32>
}

// -----

// What is bound to a kernel stays; a result may be transposed.
// CHECK-DAG: #[[VALUES:.*]] = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
// CHECK-DAG: #[[SUMS:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
#q = affine_map<(h, t, s, d, e) -> (t, h, d)>
#k = affine_map<(h, t, s, d, e) -> (s, h, d)>
#v = affine_map<(h, t, s, d, e) -> (s, h, e)>
#o = affine_map<(h, t, s, d, e) -> (t, h, e)>
// CHECK-LABEL: func @bound
func.func @bound(%q: tensor<5x2x4xf32>, %k: tensor<7x2x4xf32>, %v: tensor<7x2x3xf32>) -> (tensor<5x2x3xf32>, tensor<5x2x3xf32>) {
  // CHECK: mind.kernel.attention {{.*}}level = 2
  // CHECK-NOT: mind.kernel.attention
  // CHECK: linalg.generic {indexing_maps = [#[[VALUES]], #[[SUMS]], {{.*}}ins(%{{.*}}, %{{.*}} : tensor<2x5x3xf32>, tensor<2x5xf32>) outs(%{{.*}} : tensor<5x2x3xf32>)
  %e = tensor.empty() : tensor<5x2x3xf32>
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x2x4xf32>, tensor<7x2x4xf32>, tensor<7x2x3xf32>) outs(%e : tensor<5x2x3xf32>) {level = 2 : i64, maps = [#q, #k, #v, #o]} -> tensor<5x2x3xf32>
  %1 = mind.kernel.attention ins(%q, %k, %v : tensor<5x2x4xf32>, tensor<7x2x4xf32>, tensor<7x2x3xf32>) outs(%e : tensor<5x2x3xf32>) {maps = [#q, #k, #v, #o]} -> tensor<5x2x3xf32>
  return %0, %1 : tensor<5x2x3xf32>, tensor<5x2x3xf32>
}
