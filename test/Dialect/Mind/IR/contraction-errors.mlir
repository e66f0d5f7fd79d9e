// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3002: a vector is no matrix.
func.func @case(%a: tensor<3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @+1 {{E3002: `matmul` wants tensors of rank at least 2, found [3] of rank 1}}
  %0 = mind.matmul %a, %b : (tensor<3xf32>, tensor<3x4xf32>) -> tensor<4xf32>
  return
}

// -----

// E3003: inner extents differ.
func.func @case(%a: tensor<2x5xf32>, %b: tensor<13x5xf32>) {
  // expected-error @+1 {{E3003: `matmul` of [2, 5] with [13, 5]: the inner dimension is 5 and 13}}
  %0 = mind.matmul %a, %b : (tensor<2x5xf32>, tensor<13x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

// E3001: batch dimensions do not broadcast.
func.func @case(%a: tensor<2x2x3xf32>, %b: tensor<3x3x4xf32>) {
  // expected-error @+1 {{E3001: `matmul` of [2, 2, 3] with [3, 3, 4]: batch dimensions do not broadcast, 2 and 3}}
  %0 = mind.matmul %a, %b : (tensor<2x2x3xf32>, tensor<3x3x4xf32>) -> tensor<2x2x4xf32>
  return
}

// -----

// E3002: dot stops at rank 2.
func.func @case(%a: tensor<1x2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{E3002: `dot` wants tensors of rank 1 or 2, found [1, 2, 3] of rank 3}}
  %0 = mind.dot %a, %b : (tensor<1x2x3xf32>, tensor<3xf32>) -> tensor<1x2xf32>
  return
}

// -----

// E3003: a weight in [in, out] order.
func.func @case(%x: tensor<8x20xf32>, %w: tensor<20x30xf32>, %b: tensor<30xf32>) {
  // expected-error @+1 {{E3003: `linear` of [8, 20] with [20, 30]: the number of input features is 20 and 30}}
  %0 = mind.linear %x, %w, %b : (tensor<8x20xf32>, tensor<20x30xf32>, tensor<30xf32>) -> tensor<8x30xf32>
  return
}

// -----

// E4009: channels and groups disagree.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<3x3x3x8xf32>) {
  // expected-error @+1 {{E4009: `conv2d` of [1, 8, 8, 4] with [3, 3, 3, 8]: 4 input channels, but the filter wants 3}}
  %0 = mind.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x8x8x4xf32>, tensor<3x3x3x8xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// E4010: a stride of 0.
func.func @case(%x: tensor<1x8x8x4xf32>, %w: tensor<3x3x4x8xf32>) {
  // expected-error @+1 {{E4010: `conv2d`: strides [0, 1] must be two integers of at least 1}}
  %0 = mind.conv2d %x, %w {strides = array<i64: 0, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x8x8x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

// E3006: the window is larger than the image.
func.func @case(%x: tensor<1x2x8x4xf32>, %w: tensor<3x3x4x8xf32>) {
  // expected-error @+1 {{E3006: dimension 1 of the result is 0, and must be at least 1}}
  %0 = mind.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x8x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x6x6x8xf32>
  return
}
