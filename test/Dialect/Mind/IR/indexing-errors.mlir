// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E4006: an index for each axis at most.
func.func @case(%x: tensor<3xf32>, %i: tensor<i64>) {
  // expected-error @+1 {{E4006: `index` of [3]: 2 indices for a tensor of rank 1}}
  %0 = mind.index %x, %i, %i {axes = array<i64: 0, 1>} : (tensor<3xf32>, tensor<i64>, tensor<i64>) -> tensor<f32>
  return
}

// -----

// E4011: indices are integers.
func.func @case(%x: tensor<3x4xf32>, %i: tensor<2xf32>) {
  // expected-error @+1 {{E4011: `gather`: indices are i32 and i64, found f32}}
  %0 = mind.gather %x, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// E3003: updates have the shape that is taken.
func.func @case(%x: tensor<3x4xf32>, %i: tensor<2xi64>, %u: tensor<3x4xf32>) {
  // expected-error @+1 {{E3003: expected updates of shape [2, 4], found [3, 4]: dimension 0 is 2 and 3}}
  %0 = mind.scatter_add %x, %i, %u {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2xi64>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// E3002: a table has rows.
func.func @case(%x: tensor<3xf32>, %i: tensor<2xi64>) {
  // expected-error @+1 {{E3002: `embedding` wants a table of rank 2, found [3] of rank 1}}
  %0 = mind.embedding %x, %i : (tensor<3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

// The result's type is the rule's.
func.func @case(%i: tensor<2xi64>) {
  // expected-error @+1 {{result is Tensor<f32, [2, 4]>, but should be Tensor<f32, [2, 5]>}}
  %0 = mind.one_hot %i {n = 5 : i64} : (tensor<2xi64>) -> tensor<2x4xf32>
  return
}

// -----

// Axes in IR are not negative.
func.func @case(%x: tensor<3x4xf32>, %i: tensor<i64>) {
  // expected-error @+1 {{op attribute 'axes' is not normalised}}
  %0 = mind.index %x, %i {axes = array<i64: -1>} : (tensor<3x4xf32>, tensor<i64>) -> tensor<3xf32>
  return
}
