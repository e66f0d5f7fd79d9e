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

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %m: tensor<5x7xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has a map for each of its operands}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>) mask(%m : tensor<5x7xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<1x9x9x4xf32>, %b: tensor<3x3x4x8xf32>, %c: tensor<1x9x9x8xf32>) {
  // expected-error @+1 {{has windows that do not fit}}
  %0 = mind.kernel.conv2d ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%c : tensor<1x9x9x8xf32>) {dilation = 1 : i64, level = 0 : i64, padding = array<i64: 1, 1, 1, 0>, strides = array<i64: 1, 1>} -> tensor<1x9x9x8xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has loops over queries, keys, depth and features}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, d) -> (t, d)>, affine_map<(t, d) -> (t, d)>, affine_map<(t, d) -> (t, d)>, affine_map<(t, d) -> (t, d)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<1x9x9x4xf32>, %b: tensor<3x3x4x8xf32>, %c: tensor<1x7x7x8xf32>) {
  // expected-error @+1 {{has padding on four sides, of at least 0}}
  %0 = mind.kernel.conv2d ins(%a, %b : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%c : tensor<1x7x7x8xf32>) {dilation = 1 : i64, level = 0 : i64, padding = array<i64: 1, 1, 1, -1>, strides = array<i64: 1, 1>} -> tensor<1x7x7x8xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has maps from loops to dimensions}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, 0)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %v: tensor<3xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{has a scale of other than `n` elements}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x2xf32>) scale(%v : tensor<3xf32>) outs(%c : tensor<8x2xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x5xf32>, %v: tensor<7x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has loops of more than one extent}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x5xf32>, tensor<7x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %v: tensor<8x1xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{has a residual of another shape than `c`}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x2xf32>) residual(%v : tensor<8x1xf32>) outs(%c : tensor<8x2xf32>) {batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<3x4xf32>, %v: tensor<3x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has operands that are indexed by foreign loops}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<3x4xf32>, tensor<3x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (e, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %v: tensor<2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{normalises with eps, scale and bias}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x2xf32>) norm(%v, %v : tensor<2xf32>, tensor<2xf32>) scale(%v : tensor<2xf32>) outs(%c : tensor<8x2xf32>) {eps = 0.1 : f32, batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf64>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{has operands of one type, but for a mask of i8}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf64>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{does not know the activation softmax}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x2xf32>) outs(%c : tensor<8x2xf32>) {activation = "softmax", batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%q: tensor<?x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %o: tensor<?x3xf32>) {
  // expected-error @+1 {{has operands of constant extents for a kernel}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<?x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>) outs(%o : tensor<?x3xf32>) {level = 2 : i64, maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<?x3xf32>
  return
}

// -----

func.func @case(%a: tensor<8x4xf64>, %b: tensor<4x2xf64>, %c: tensor<8x2xf64>) {
  // expected-error @+1 {{has activations other than relu of f32 only}}
  %0 = mind.kernel.matmul ins(%a, %b : tensor<8x4xf64>, tensor<4x2xf64>) outs(%c : tensor<8x2xf64>) {activation = "gelu", batch = 0 : i64, level = 0 : i64} -> tensor<8x2xf64>
  return
}

// -----

func.func @case(%q: tensor<5x4xf16>, %k: tensor<7x4xf16>, %v: tensor<7x3xf16>, %o: tensor<5x3xf16>) {
  // expected-error @+1 {{computes floats, a kernel f32 or f64}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf16>, tensor<7x4xf16>, tensor<7x3xf16>) outs(%o : tensor<5x3xf16>) {level = 2 : i64, maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf16>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: memref<7x4xf32>, %v: tensor<7x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{works on tensors or on memory, not on both}}
  %0 = mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, memref<7x4xf32>, tensor<7x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]} -> tensor<5x3xf32>
  return
}

// -----

func.func @case(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %o: tensor<5x3xf32>) {
  // expected-error @+1 {{yields what it writes, on tensors only}}
  mind.kernel.attention ins(%q, %k, %v : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>) outs(%o : tensor<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]}
  return
}

// -----

func.func @case(%q: memref<5x4xf32>, %k: memref<7x4xf32>, %v: memref<7x3xf32>, %o: memref<5x3xf32>) {
  // expected-error @+1 {{has a plan, on memory}}
  mind.kernel.attention ins(%q, %k, %v : memref<5x4xf32>, memref<7x4xf32>, memref<7x3xf32>) outs(%o : memref<5x3xf32>) {maps = [affine_map<(t, s, d, e) -> (t, d)>, affine_map<(t, s, d, e) -> (s, d)>, affine_map<(t, s, d, e) -> (s, e)>, affine_map<(t, s, d, e) -> (t, e)>]}
  return
}

// -----

func.func @case(%a: tensor<8x4xf32>, %b: tensor<4x2xf32>, %v: tensor<2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{has a mean and a variance, or neither}}
  %0 = "mind.kernel.matmul"(%a, %b, %v, %c) <{batch = 0 : i64, level = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 1, 0>}> : (tensor<8x4xf32>, tensor<4x2xf32>, tensor<2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

func.func @case(%x: tensor<4xf32>, %m: memref<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{works on tensors or on memory of constant extents}}
  %0 = mind.call_group @case ins(%m : memref<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @case(%x: memref<?xf32>, %m: memref<4xf32>) {
  // expected-error @+1 {{works on tensors or on memory of constant extents}}
  mind.call_group @case ins(%x : memref<?xf32>) outs(%m : memref<4xf32>)
  return
}

// -----

func.func @case(%x: tensor<4xf32>) {
  // expected-error @+1 {{yields what it writes, on tensors only}}
  mind.call_group @case ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>)
  return
}

// -----

func.func @case(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{calls no function of this module}}
  %0 = mind.call_group @other ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @case(%m: memref<4xf32>) {
  // expected-error @+1 {{has a row of operands for each call}}
  mind.call_table [@case] {arity = array<i64: 2>, table = array<i64: 0, 0>}
  return
}

// -----

func.func @case(%m: memref<4xf32>) {
  // expected-error @+1 {{has operands that are arguments of the function}}
  mind.call_table [@case] {arity = array<i64: 1>, table = array<i64: 1, 0>}
  return
}

// -----

// expected-error @+1 {{stands in a function}}
mind.call_table [@case] {arity = array<i64: 1>, table = array<i64: 0, 0>}

// -----

func.func @case(%m: memref<4xf32>) {
  // expected-error @+1 {{has a row of operands for each call}}
  mind.call_table [@case, @case] {arity = array<i64: -1, 2>, table = array<i64: 0, 0>}
  return
}

// -----

func.func @case(%m: memref<4xf32>) {
  // expected-error @+1 {{calls no function of this module}}
  mind.call_table [@other] {arity = array<i64: 1>, table = array<i64: 0, 0>}
  return
}
