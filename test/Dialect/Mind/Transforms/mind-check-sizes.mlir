// RUN: mind-opt %s --mind-check-sizes --split-input-file | FileCheck %s

// Sizes are at least 1, and so are extents that may not be. Equal conditions
// are required once, in the order of the program.
// CHECK-LABEL: func @extents
// CHECK-NEXT:    mind.require <["B"]> at_least 1, 3006, "dimension 0 of [B, T] is {0}, and must be at least 1"
// CHECK-NEXT:    mind.require <["T"]> at_least 1, 3006, "dimension 1 of [B, T] is {0}, and must be at least 1"
// CHECK-NEXT:    mind.require <["B - 2"]> at_least 1, 3006, "dimension 0 of [B - 2, T] is {0}, and must be at least 1"
// CHECK-NEXT:    mind.zeros
func.func @extents(%x: tensor<?x?xf32, #mind.dims<["B", "T"]>>) -> tensor<?xf32, #mind.dims<["B - 2"]>> attributes {mind.sizes = ["B", "T"]} {
  %0 = mind.zeros : () -> tensor<?x?xf32, #mind.dims<["B - 2", "T"]>>
  %1 = mind.sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<?x?xf32, #mind.dims<["B - 2", "T"]>>) -> tensor<?xf32, #mind.dims<["B - 2"]>>
  // CHECK-NOT: mind.require
  return %1 : tensor<?xf32, #mind.dims<["B - 2"]>>
}

// -----

// What is sliced is long enough. That the result has elements is the same.
// CHECK-LABEL: func @slices
// CHECK-NEXT:    mind.require <["B"]> at_least 1,
// CHECK-NEXT:    mind.require <["B"]> at_least 3, 3006, "`slice` of [B, 3]: dimension 0 is {0}, and must be at least 3"
// CHECK-NEXT:    mind.require <["B - 2"]> at_least 5, 3006, "`slice` of [B - 2, 3]: dimension 0 is {0}, and must be at least 5"
// CHECK-NEXT:    mind.slice
func.func @slices(%x: tensor<?x3xf32, #mind.dims<["B", "3"]>>) -> tensor<5x3xf32> attributes {mind.sizes = ["B"]} {
  %0 = mind.slice %x {starts = array<i64: 2, 0>, ends = array<i64: 9223372036854775807, 3>, steps = array<i64: 1, 1>} : (tensor<?x3xf32, #mind.dims<["B", "3"]>>) -> tensor<?x3xf32, #mind.dims<["B - 2", "3"]>>
  %1 = mind.slice %0 {starts = array<i64: -5, 0>, ends = array<i64: 9223372036854775807, 3>, steps = array<i64: 1, 1>} : (tensor<?x3xf32, #mind.dims<["B - 2", "3"]>>) -> tensor<5x3xf32>
  return %1 : tensor<5x3xf32>
}

// -----

// The bytes of what may be larger than the parameters can be counted, and then
// those of what is no larger than that.
// CHECK-LABEL: func @counts
// CHECK-NEXT:    mind.require <["N"]> at_least 1,
// CHECK-NEXT:    mind.require <["N", "N", "8"]>, 3011, "shape [N, N] has more than 2^63 - 1 elements"
// CHECK-NEXT:    mind.expand_dims
func.func @counts(%x: tensor<?xf32, #mind.dims<["N"]>>) -> tensor<?x?xi1, #mind.dims<["N", "N"]>> attributes {mind.sizes = ["N"]} {
  %0 = mind.expand_dims %x {axis = 0 : i64} : (tensor<?xf32, #mind.dims<["N"]>>) -> tensor<1x?xf32, #mind.dims<["1", "N"]>>
  %1 = mind.cast %0 : (tensor<1x?xf32, #mind.dims<["1", "N"]>>) -> tensor<1x?xf64, #mind.dims<["1", "N"]>>
  %2 = mind.broadcast_to %1 : (tensor<1x?xf64, #mind.dims<["1", "N"]>>) -> tensor<?x?xf64, #mind.dims<["N", "N"]>>
  %3 = mind.isnan %2 : (tensor<?x?xf64, #mind.dims<["N", "N"]>>) -> tensor<?x?xi1, #mind.dims<["N", "N"]>>
  // CHECK-NOT: mind.require
  return %3 : tensor<?x?xi1, #mind.dims<["N", "N"]>>
}

// -----

// What stands under a condition is required like the rest.
// CHECK-LABEL: func @inside
// CHECK-NEXT:    mind.require <["B"]> at_least 1,
// CHECK-NEXT:    mind.require <["B"]> at_least 7,
// CHECK-NEXT:    scf.if
func.func @inside(%x: tensor<?xf32, #mind.dims<["B"]>>, %c: i1) -> tensor<?xf32, #mind.dims<["B"]>> attributes {mind.sizes = ["B"]} {
  %0 = scf.if %c -> tensor<?xf32, #mind.dims<["B"]>> {
    %1 = mind.slice %x {starts = array<i64: 0>, ends = array<i64: 7>, steps = array<i64: 1>} : (tensor<?xf32, #mind.dims<["B"]>>) -> tensor<7xf32>
    %2 = mind.sum %1 {axes = array<i64: 0>, keepdims = false} : (tensor<7xf32>) -> tensor<f32>
    %3 = mind.add %x, %2 : (tensor<?xf32, #mind.dims<["B"]>>, tensor<f32>) -> tensor<?xf32, #mind.dims<["B"]>>
    scf.yield %3 : tensor<?xf32, #mind.dims<["B"]>>
  } else {
    scf.yield %x : tensor<?xf32, #mind.dims<["B"]>>
  }
  return %0 : tensor<?xf32, #mind.dims<["B"]>>
}

// -----

// Without sizes there is nothing to require.
// CHECK-LABEL: func @numbers
// CHECK-NEXT:    mind.slice
func.func @numbers(%x: tensor<4xf32>) -> tensor<2xf32> {
  %0 = mind.slice %x {starts = array<i64: 2>, ends = array<i64: 4>, steps = array<i64: 1>} : (tensor<4xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
