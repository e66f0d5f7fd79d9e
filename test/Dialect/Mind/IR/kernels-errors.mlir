// RUN: mind-opt %s --split-input-file --verify-diagnostics

func.func @case(%a: tensor<8x4xf16>, %b: tensor<4x2xf16>, %c: tensor<8x2xf16>) {
  // expected-error @+1 {{multiplies f32 or f64}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf16>, tensor<4x2xf16>) outs(%c : tensor<8x2xf16>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf16>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<5x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{multiplies matrices that do not fit}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<5x2xf32>) outs(%c : tensor<8x2xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %v: tensor<3xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{has a bias of other than `n` elements}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x2xf32>) bias(%v : tensor<3xf32>) outs(%c : tensor<8x2xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%a: tensor<2x8x4xf32>, %b: tensor<3x4x2xf32>, %c: tensor<2x8x2xf32>) {
  // expected-error @+1 {{has other products than it yields}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<2x8x4xf32>, tensor<3x4x2xf32>) outs(%c : tensor<2x8x2xf32>) {batch = 1 : i64, level = 0 : i64} -> tensor<2x8x2xf32>
  return
}

// -----

func.func @case(%a: memref<8x4xf32>, %b: memref<4x2xf32>, %c: memref<8x2xf32>) {
  // expected-error @+1 {{has a plan, on memory}}
  mind.kernel.matmul ins(%a, %b : memref<8x4xf32>, memref<4x2xf32>) outs(%c : memref<8x2xf32>) {batch = 0 : i64, level = 0 : i64}
  return
}

// -----

func.func @case(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<1xf32>) {
  // expected-error @+1 {{has operands of other ranks than it multiplies}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%c : tensor<1xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<1xf32>
  return
}

// -----

func.func @case(%a: tensor<1x9x9x4xf32>, %b: tensor<3x3x4x8xf32>, %c: tensor<1x8x7x8xf32>) {
  // expected-error @+1 {{has windows that do not fit}}
  %0 = mind.kernel.conv2d ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%c : tensor<1x8x7x8xf32>) {dilation = 1 : i64, level = 0 : i64, strides = array<i64: 1, 1>} -> tensor<1x8x7x8xf32>
  return
}

// -----

func.func @case(%a: tensor<1x9x9x4xf32>, %b: tensor<3x3x4x8xf32>, %c: tensor<1x9x9x8xf32>) {
  // expected-error @+1 {{has windows that do not fit}}
  %0 = mind.kernel.conv2d ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%c : tensor<1x9x9x8xf32>) {dilation = 1 : i64, level = 0 : i64, padding = array<i64: 1, 1, 1, 0>, strides = array<i64: 1, 1>} -> tensor<1x9x9x8xf32>
  return
}

// -----

func.func @case(%a: tensor<1x9x9x4xf32>, %b: tensor<3x3x4x8xf32>, %c: tensor<1x7x7x8xf32>) {
  // expected-error @+1 {{has padding on four sides, of at least 0}}
  %0 = mind.kernel.conv2d ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%c : tensor<1x7x7x8xf32>) {dilation = 1 : i64, level = 0 : i64, padding = array<i64: 1, 1, 1, -1>, strides = array<i64: 1, 1>} -> tensor<1x7x7x8xf32>
  return
}
