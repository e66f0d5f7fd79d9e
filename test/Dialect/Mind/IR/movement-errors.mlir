// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3007: element counts differ.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3007: cannot reshape [2, 6] (12 elements) to [5] (5 elements)}}
  %0 = mind.reshape %x : (tensor<2x6xf32>) -> tensor<5xf32>
  return
}

// -----

// E3008: not a permutation.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3008: `transpose`: axes [0, 0] are not a permutation of the 2 axes of [2, 6]}}
  %0 = mind.transpose %x {axes = array<i64: 0, 0>} : (tensor<2x6xf32>) -> tensor<2x2xf32>
  return
}

// -----

// E3004: an axis beyond the end.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3004: `expand_dims`: axis 3 is out of range for [2, 6] of rank 2}}
  %0 = mind.expand_dims %x {axis = 3 : i64} : (tensor<2x6xf32>) -> tensor<2x6x1xf32>
  return
}

// -----

// E3009: only an extent of 1 can go.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3009: `squeeze` of [2, 6]: dimension 0 is 2, not 1}}
  %0 = mind.squeeze %x {axes = array<i64: 0>} : (tensor<2x6xf32>) -> tensor<6xf32>
  return
}

// -----

// E3001: a target that does not fit.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3001: cannot broadcast [2, 6] to [2, 7]: dimension 1 is 6 and 7}}
  %0 = mind.broadcast_to %x : (tensor<2x6xf32>) -> tensor<2x7xf32>
  return
}

// -----

// E3006: an empty tensor.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3006: dimension 0 of [0, 3] is 0, and must be at least 1}}
  %0 = mind.zeros : () -> tensor<0x3xf32>
  return
}

// -----

// A dynamic extent needs its expression.
func.func @case(%x: tensor<?xf32>) {
  // expected-error @+1 {{'tensor<?xf32>' is not a tensor of the language}}
  %0 = mind.reshape %x : (tensor<?xf32>) -> tensor<5xf32>
  return
}
