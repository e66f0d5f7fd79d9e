// RUN: mind-opt %s --split-input-file --verify-diagnostics

func.func @yield_types(%x: tensor<4xf32>) {
  // expected-error @+1 {{'mind.group' op yields other types than its results}}
  %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<5xf32> {
    mind.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @argument_types(%x: tensor<4xf32>) {
  // expected-error @+1 {{'mind.group' op arguments of the region have other types than inputs}}
  "mind.group"(%x) ({
  ^bb0(%a: tensor<5xf32>):
    "mind.yield"() : () -> ()
  }) : (tensor<4xf32>) -> ()
  return
}

// -----

func.func @isolated(%x: tensor<4xf32>) {
  // expected-note @+1 {{required by region isolation constraints}}
  mind.group () {
    // expected-error @+1 {{'mind.exp' op using value defined outside the region}}
    %0 = mind.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  }
  return
}

// -----

func.func @record_error(%condition: i1, %i: i64) {
  // expected-error @+1 {{has 3 values, but a call records at most 2}}
  mind.record_error %condition, 6001, "{0} {1} {2}"(%i, %i, %i : i64, i64, i64)
  return
}

// -----

// expected-error @+1 {{the encoding has 1 extents for a tensor of rank 2}}
func.func @encoding_rank(%x: tensor<?x3xf32, #mind.dims<["B"]>>) {
  return
}

// -----

// expected-error @+1 {{'4*' is not an expression over named sizes}}
func.func @encoding_text(%x: tensor<?xf32, #mind.dims<["4*"]>>) {
  return
}

// -----

// expected-error @+1 {{extent '3' disagrees with the tensor's shape}}
func.func @encoding_extent(%x: tensor<?xf32, #mind.dims<["3"]>>) {
  return
}

// -----

func.func @extent_text() {
  // expected-error @+1 {{'4*' is not an expression over named sizes}}
  mind.extent "4*" : tensor<i64>
  return
}

// -----

func.func @requirement_text() {
  // expected-error @+1 {{'4*' is not an expression over named sizes}}
  mind.require <["4*"]> at_least 1, 3006, "too short"
  return
}

// -----

func.func @requirement_inside(%condition: i1) {
  scf.if %condition {
    // expected-error @+1 {{stands elsewhere than at the top of a function}}
    mind.require <["B"]> at_least 1, 3006, "too short"
  }
  return
}

// -----

func.func @constant_type() {
  // expected-error @+1 {{'mind.constant' op failed to verify that all of {value, result} have same type}}
  "mind.constant"() <{value = dense<1.0> : tensor<2xf32>}> : () -> tensor<3xf32>
  return
}

// -----

func.func @constant_without_value() {
  // expected-error @+1 {{'mind.constant' op requires attribute 'value'}}
  "mind.constant"() : () -> tensor<3xf32>
  return
}

// -----

func.func @no_tensor(%x: memref<2xf32>) {
  // expected-error @+1 {{'mind.exp' op operand #0 must be tensor of a MIND dtype, but got 'memref<2xf32>'}}
  "mind.exp"(%x) : (memref<2xf32>) -> tensor<2xf32>
  return
}
