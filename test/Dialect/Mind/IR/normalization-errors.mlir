// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3003: gamma has the extents of the axes.
func.func @case(%x: tensor<3x4xf32>, %g: tensor<3xf32>) {
  // expected-error @+1 {{E3003: `layer_norm` of [3, 4] with [3]: the extent of an axis is 4 and 3}}
  %0 = mind.layer_norm %x, %g, %g {axes = array<i64: 1>, eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3x4xf32>
  return
}

// -----

// E3003: one number for each channel.
func.func @case(%x: tensor<3x4xf32>, %g: tensor<3xf32>) {
  // expected-error @+1 {{E3003: `batch_norm` of [3, 4] with [3]: the number of channels is 4 and 3}}
  %0 = mind.batch_norm %x, %g, %g, %g, %g {eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3x4xf32>
  return
}

// -----

// A left-out scale is filled in.
func.func @case(%q: tensor<5x4xf32>) {
  // expected-error @+1 {{op attribute 'scale' is not normalised}}
  %0 = mind.attention %q, %q, %q {causal = true} : (tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  return
}

// -----

// E2005: a mask is of bool or of the operands' dtype.
func.func @case(%q: tensor<5x4xf32>, %m: tensor<5x5xi64>) {
  // expected-error @+1 {{E2005: `attention` does not take i64, only bool or f32 as its mask}}
  %0 = mind.attention %q, %q, %q, %m {causal = true, scale = 5.0e-1 : f64} : (tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x5xi64>) -> tensor<5x4xf32>
  return
}

// -----

// E4010: padding is smaller than the window.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{E4010: `max_pool2d`: padding of 2 along dimension 1 must be less than the window, 2}}
  %0 = mind.max_pool2d %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 2, 0, 0, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x5x4x4xf32>
  return
}

// -----

// Strides are explicit.
func.func @case(%x: tensor<1x8x8x4xf32>) {
  // expected-error @+1 {{op requires attribute 'strides'}}
  %0 = mind.max_pool2d %x {window = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

// E3004: no such axis.
func.func @case(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{E3004: `argmax`: axis 2 is out of range for [3, 4] of rank 2}}
  %0 = mind.argmax %x {axis = 2 : i64, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xi64>
  return
}
