// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3004: no such axis.
func.func @case(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{E3004: `sum`: axis 2 is out of range for [3, 4] of rank 2}}
  %0 = mind.sum %x {axes = array<i64: 2>, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  return
}

// -----

// E3005: an axis named twice.
func.func @case(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{E3005: `max`: axis 1 is named twice}}
  %0 = mind.max %x {axes = array<i64: 1, 1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  return
}

// -----

// E2005: the mean of integers.
func.func @case(%x: tensor<3x4xi32>) {
  // expected-error @+1 {{E2005: `mean` does not take i32, only f16, bf16, f32 and f64}}
  %0 = mind.mean %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x4xi32>) -> tensor<3xi32>
  return
}

// -----

// Axes in IR are not negative.
func.func @case(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{op attribute 'axes' is not normalised}}
  %0 = mind.sum %x {axes = array<i64: -1>, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  return
}

// -----

// E3004: rank 0 has no axis.
func.func @case(%x: tensor<f32>) {
  // expected-error @+1 {{E3004: `softmax`: axis 0 is out of range for [] of rank 0}}
  %0 = mind.softmax %x {axis = 0 : i64} : (tensor<f32>) -> tensor<f32>
  return
}
