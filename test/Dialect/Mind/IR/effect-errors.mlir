// RUN: mind-opt %s --split-input-file --verify-diagnostics

func.func @missing_place(%x: tensor<2xf32>) {
  // expected-error @+1 {{'mind.print' op failed to verify that the format has a place for each value}}
  mind.print "{{}"(%x : tensor<2xf32>)
  return
}

// -----

func.func @missing_value(%x: tensor<2xf32>) {
  // expected-error @+1 {{'mind.println' op failed to verify that the format has a place for each value}}
  mind.println "{} {}"(%x : tensor<2xf32>)
  return
}

// -----

func.func @no_dtype(%x: tensor<2xi16>) {
  // expected-error @+1 {{'tensor<2xi16>' is not a tensor of the language}}
  mind.print "{}"(%x : tensor<2xi16>)
  return
}

// -----

// E3002: one condition.
func.func @rank(%c: tensor<2xi1>) {
  // expected-error @+1 {{E3002: `assert` wants a condition of rank 0, found [2] of rank 1}}
  mind.assert %c : tensor<2xi1>
  return
}

// -----

// E2005: a condition.
func.func @dtype(%c: tensor<f32>) {
  // expected-error @+1 {{E2005: `assert` does not take f32, only bool}}
  mind.assert %c : tensor<f32>
  return
}

// -----

func.func @places(%x: tensor<2xf32>) {
  // expected-error @+1 {{'mind.call_print' op needs a place and a dtype for each value}}
  mind.call_print "x"(%x : tensor<2xf32>) as [f32]
  return
}

// -----

func.func @dtypes(%x: tensor<2xf32>) {
  // expected-error @+1 {{'mind.call_print' op needs a place and a dtype for each value}}
  mind.call_print "{}"(%x : tensor<2xf32>) as []
  return
}

// -----

func.func @storage(%x: tensor<2xf32>) {
  // expected-error @+1 {{'mind.call_print' op cannot show 'tensor<2xf32>' as 'ui8'}}
  mind.call_print "{}"(%x : tensor<2xf32>) as [ui8]
  return
}

// -----

func.func @unknown(%x: tensor<2xi16>) {
  // expected-error @+1 {{'mind.call_print' op cannot show 'tensor<2xi16>' as 'i16'}}
  mind.call_print "{}"(%x : tensor<2xi16>) as [i16]
  return
}

// -----

func.func @dense(%x: memref<2xf32, strided<[2]>>) {
  // expected-error @+1 {{'mind.call_print' op cannot show 'memref<2xf32, strided<[2]>>', which is not dense}}
  mind.call_print "{}"(%x : memref<2xf32, strided<[2]>>) as [f32]
  return
}
