// RUN: mind-opt %s --convert-mind-to-linalg | FileCheck %s

// Largest, exponentials, their sum, quotients; in f32 until the end.
// CHECK-DAG: #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: func @softmax
// CHECK-SAME: (%[[X:.*]]: tensor<3x4x5xbf16>)
func.func @softmax(%x: tensor<3x4x5xbf16>) -> tensor<3x4x5xbf16> {
  // CHECK: %[[M:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ROWS]]], iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[X]]
  // CHECK: arith.maximumf
  // CHECK: %[[E:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ROWS]], #[[ALL]]]{{.*}} ins(%[[X]], %[[M]] : tensor<3x4x5xbf16>, tensor<3x5xf32>)
  // CHECK: arith.subf
  // CHECK: math.exp
  // CHECK: %[[S:.*]] = linalg.generic {{.*}} ins(%[[E]] : tensor<3x4x5xf32>)
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}} ins(%[[E]], %[[S]] : tensor<3x4x5xf32>, tensor<3x5xf32>)
  // CHECK: %[[Q:.*]] = arith.divf
  // CHECK: arith.truncf %[[Q]] : f32 to bf16
  %0 = mind.softmax %x {axis = 1 : i64} : (tensor<3x4x5xbf16>) -> tensor<3x4x5xbf16>
  return %0 : tensor<3x4x5xbf16>
}
