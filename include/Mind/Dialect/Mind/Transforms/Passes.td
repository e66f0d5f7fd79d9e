//===- Passes.td - passes on the mind dialect ----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_PASSES_TD
#define MIND_DIALECT_MIND_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Fuse : Pass<"mind-fuse", "::mlir::func::FuncOp"> {
  let summary = "Form groups of operations that one kernel computes";
  let description = [{
    Puts every operation of the language into exactly one `mind.group`. One
    pass over each block, from its end to its start, so that an operation is
    placed after all who use it; time is linear in the operations and their
    uses.

    An operation joins a group as a producer only if all its uses are in that
    group. So a group has one result, nothing is computed twice, and groups
    never depend on one another in a cycle. Further, an operation joins

    - if it is elementwise: when each user is elementwise of the same shape
      (a chain or diamond over one iteration space), or is a reduction or a
      normalisation. An operand of a contraction is read many times, and so is
      computed once, in a group before;
    - if it is a root (contraction, reduction, normalisation): when the group
      has no root yet and each user is elementwise of the same shape. What is
      in the group by then is the epilogue: bias, activation, residual;
    - if it only reinterprets (reshape, expand_dims, squeeze, flatten) or moves
      elements (transpose, broadcast_to): whoever reads it. Nothing joins it in
      turn.

    An operation with an effect (an integer division that may fail) joins
    nobody, though its producers join it: groups stand where their last
    operation stood, so effects keep their order. Constants are copied into
    every group that reads them. A group holds at most 128 operations.

    ```mlir
    %0 = mind.matmul %x, %w : (tensor<8x16xf32>, tensor<16x4xf32>) -> tensor<8x4xf32>
    %1 = mind.add %0, %b : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
    %2 = mind.relu %1 : (tensor<8x4xf32>) -> tensor<8x4xf32>
    ```
    becomes
    ```mlir
    %2 = mind.group (%p = %x : tensor<8x16xf32>, %q = %w : tensor<16x4xf32>,
                     %r = %b : tensor<4xf32>) -> tensor<8x4xf32> {
      %3 = mind.matmul %p, %q : (tensor<8x16xf32>, tensor<16x4xf32>) -> tensor<8x4xf32>
      %4 = mind.add %3, %r : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
      %5 = mind.relu %4 : (tensor<8x4xf32>) -> tensor<8x4xf32>
      mind.yield %5 : tensor<8x4xf32>
    }
    ```
  }];
}

#endif // MIND_DIALECT_MIND_TRANSFORMS_PASSES_TD
