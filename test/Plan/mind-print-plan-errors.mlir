// RUN: mind-opt %s --mind-print-plan --split-input-file --verify-diagnostics

// No program of the language has such a condition.
func.func @condition(%x: tensor<4xf32>, %n: tensor<i64>) -> tensor<4xf32> {
  %i = tensor.extract %n[] : tensor<i64>
  // expected-error @below {{'arith.trunci' op has no kernel}}
  %c = arith.trunci %i : i64 to i1
  %y = scf.if %c -> tensor<4xf32> {
    scf.yield %x : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{takes or gives what is no tensor of the language}}
func.func @types(%x: tensor<4xi16>) {
  return
}
