// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3001: extents that do not broadcast.
func.func @case(%x: tensor<3x4xf32>, %y: tensor<3x5xf32>) {
  // expected-error @+1 {{E3001: cannot broadcast [3, 4] with [3, 5]: dimension 1 is 4 and 5}}
  %0 = mind.add %x, %y : (tensor<3x4xf32>, tensor<3x5xf32>) -> tensor<3x4xf32>
  return
}

// -----

// E2004: operands of two dtypes.
func.func @case(%x: tensor<3xf32>, %y: tensor<3xf64>) {
  // expected-error @+1 {{E2004: `mul` of f32 and f64: no implicit conversion between dtypes}}
  %0 = mind.mul %x, %y : (tensor<3xf32>, tensor<3xf64>) -> tensor<3xf32>
  return
}

// -----

// E2005: a dtype the operation does not take.
func.func @case(%x: tensor<3xi32>) {
  // expected-error @+1 {{E2005: `exp` does not take i32, only f16, bf16, f32 and f64}}
  %0 = mind.exp %x : (tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

// E2005: arithmetic rejects bool.
func.func @case(%x: tensor<3xi1>) {
  // expected-error @+1 {{E2005: `add` does not take bool, only numbers}}
  %0 = mind.add %x, %x : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  return
}

// -----

// E2005: a condition is bool.
func.func @case(%x: tensor<3xf32>) {
  // expected-error @+1 {{E2005: `where` does not take f32, only bool as its condition}}
  %0 = mind.where %x, %x, %x : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

// A comparison gives bool.
func.func @case(%x: tensor<3xf32>) {
  // expected-error @+1 {{'mind.lt' op result is Tensor<f32, [3]>, but should be Tensor<bool, [3]>}}
  "mind.lt"(%x, %x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

// A cast keeps the shape.
func.func @case(%x: tensor<3xf32>) {
  // expected-error @+1 {{op result is Tensor<i32, [4]>, but should be Tensor<i32, [3]>}}
  %0 = mind.cast %x : (tensor<3xf32>) -> tensor<4xi32>
  return
}

// -----

// Element types outside the language.
func.func @case(%x: tensor<3xi16>) {
  // expected-error @+1 {{'tensor<3xi16>' is not a tensor of the language}}
  %0 = mind.neg %x : (tensor<3xi16>) -> tensor<3xi16>
  return
}

// -----

// A choice is one of its words.
func.func @case(%x: tensor<3xf32>) {
  // expected-error @+1 {{op attribute 'approximate' is "fast", not one of "none", "tanh"}}
  %0 = mind.gelu %x {approximate = "fast"} : (tensor<3xf32>) -> tensor<3xf32>
  return
}
