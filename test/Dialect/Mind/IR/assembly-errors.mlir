// RUN: mind-opt %s --split-input-file --verify-diagnostics

// E3003: the other dimensions agree.
func.func @case(%x: tensor<2x6xf32>, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{E3003: `concat` of [2, 6] with [4, 5]: dimension 1 is 6 and 5}}
  %0 = mind.concat %x, %y {axis = 0 : i64} : (tensor<2x6xf32>, tensor<4x5xf32>) -> tensor<6x6xf32>
  return
}

// -----

// E3003: equal parts.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3003: `split` of [2, 6]: dimension 1 is 6, which is no multiple of 4}}
  %0:4 = mind.split %x {axis = 1 : i64, parts = 4 : i64} : (tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  return
}

// -----

// E3006: no element is left.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E3006: `slice` of [2, 6]: dimension 1 from 4 to 3 is empty}}
  %0 = mind.slice %x {starts = array<i64: 0, 4>, ends = array<i64: 2, 3>, steps = array<i64: 1, 1>} : (tensor<2x6xf32>) -> tensor<2x1xf32>
  return
}

// -----

// E4006: a pair for each dimension.
func.func @case(%x: tensor<2x6xf32>, %s: tensor<f32>) {
  // expected-error @+1 {{E4006: `pad` of [2, 6]: 1 pair for a tensor of rank 2}}
  %0 = mind.pad %x, %s {padding = array<i64: 1, 0>} : (tensor<2x6xf32>, tensor<f32>) -> tensor<3x6xf32>
  return
}

// -----

// E4007: as many starts as ends.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E4007: `slice`: 1 starts, 2 ends and 2 steps}}
  %0 = mind.slice %x {starts = array<i64: 0>, ends = array<i64: 2, 3>, steps = array<i64: 1, 1>} : (tensor<2x6xf32>) -> tensor<2x3xf32>
  return
}

// -----

// E4008: a step backward.
func.func @case(%x: tensor<2x6xf32>) {
  // expected-error @+1 {{E4008: `slice`: step -1 must be at least 1}}
  %0 = mind.slice %x {starts = array<i64: 0, 4>, ends = array<i64: 2, 6>, steps = array<i64: 1, -1>} : (tensor<2x6xf32>) -> tensor<2x2xf32>
  return
}

// -----

// E3002: a triangle is of a matrix.
func.func @case(%x: tensor<6xf32>) {
  // expected-error @+1 {{E3002: `tril` wants a tensor of rank at least 2, found [6] of rank 1}}
  %0 = mind.tril %x {k = 0 : i64} : (tensor<6xf32>) -> tensor<6xf32>
  return
}
