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

// -----

// Nor such an operation on tensors.
func.func @operation(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @below {{'tensor.cast' op has no kernel}}
  %y = tensor.cast %x : tensor<4xi32> to tensor<4xi32>
  return %y : tensor<4xi32>
}

// -----

func.func @arithmetic(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @below {{'arith.addi' op has no kernel}}
  %y = arith.addi %x, %x : tensor<4xi32>
  %z = mind.group (%a = %y : tensor<4xi32>) -> tensor<4xi32> {
    %b = mind.neg %a : (tensor<4xi32>) -> tensor<4xi32>
    mind.yield %b : tensor<4xi32>
  }
  return %z : tensor<4xi32>
}

// -----

// expected-error @below {{has a size that the function does not list}}
func.func @size(%x: tensor<?xf32, #mind.dims<["B"]>>) {
  return
}

// -----

func.func @made_size(%x: tensor<4xf32>) attributes {mind.sizes = ["B"]} {
  // expected-error @below {{has a size that the function does not list}}
  %0 = mind.zeros : () -> tensor<?xf32, #mind.dims<["B + N"]>>
  return
}

// -----

// Each would take the other's into its epilogue.
func.func @two(%x: tensor<8x8xf32>, %v: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = mind.matmul %x, %v : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  // expected-error @below {{'mind.matmul' op is not in a group of its own}}
  %1 = mind.matmul %v, %x : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = mind.add %0, %1 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %2 : tensor<8x8xf32>
}

// -----

// expected-error @below {{has more than one block}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}
