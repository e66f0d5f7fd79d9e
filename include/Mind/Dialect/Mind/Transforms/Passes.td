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
      computed once, in a group before. What follows a root of its own does not
      join a group that has another: it is that root's epilogue. Batch
      normalisation is elementwise too;
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

def ShareGroups : Pass<"mind-share-groups", "::mlir::ModuleOp"> {
  let summary = "Makes one function of equal groups";
  let description = [{
    Groups that are equal but for their inputs become one private function, so
    that what a model repeats is compiled once; where they stood,
    `mind.call_group` calls it. Equal is what has the same operations, attributes
    and types, connected in the same way; locations do not count, and the
    function has those of the first. Time is linear in the operations.

    A group stays where it is if the same code would not do: if it may fail, or
    its function has named sizes. So does one that is better off there: if a
    tensor of rank 0 would leave its register, or if the group only moves
    elements or reads what another one moves, since that may be a view.

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
        %2 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
        mind.yield %2 : tensor<4xf32>
      }
      %1 = mind.group (%a = %0 : tensor<4xf32>) -> tensor<4xf32> {
        %2 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
        mind.yield %2 : tensor<4xf32>
      }
      return %1 : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = tensor.empty() : tensor<4xf32>
      %1 = mind.call_group @mind.group.0 ins(%x : tensor<4xf32>) outs(%0 : tensor<4xf32>) -> tensor<4xf32>
      %2 = tensor.empty() : tensor<4xf32>
      %3 = mind.call_group @mind.group.0 ins(%1 : tensor<4xf32>) outs(%2 : tensor<4xf32>) -> tensor<4xf32>
      return %3 : tensor<4xf32>
    }
    func.func private @mind.group.0(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
        %1 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
        mind.yield %1 : tensor<4xf32>
      }
      return %0 : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def Inline : Pass<"mind-inline", "::mlir::ModuleOp"> {
  let summary = "Replace calls by what they call";
  let description = [{
    Starts from the functions that are called from outside and inlines from the
    outside in, so that what a call becomes is made once, however deep it is. The
    last call of a private function takes its body away; what nobody calls is
    erased. Time is linear in the operations that result.

    Calls in a circle stay, and so do those that say `no_inline`, and those of
    functions of several blocks. A location becomes one of a place and of the
    call that leads there.

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = call @twice(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    func.func private @twice(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = mind.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = mind.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
  }];
}

def Simplify : Pass<"mind-simplify", "::mlir::func::FuncOp"> {
  let summary = "Fold, merge what is equal, erase what is unused";
  let description = [{
    One walk from the start of each block to its end folds operations, producers
    first, and replaces one that computes what another before it does; constants
    go to the function's first block. A walk back erases what is unused. An
    operation that may fail, or has another effect, is neither merged nor erased.
    Time is linear in the operations and their uses.

    Where operations occur that have canonicalisation patterns, which of the
    language's own only `mind.assert` has, these patterns are applied to them, and
    all is done again if that changed something. To sort the patterns of all
    dialects for each function took longer than to simplify a small one.
  }];
}

def CheckSizes : Pass<"mind-check-sizes", "::mlir::func::FuncOp"> {
  let summary = "Refuse calls whose sizes a function cannot be computed for";
  let description = [{
    A function of named sizes is checked once, for all of them. What is right
    for some only becomes a `mind.require` at its beginning, with the location
    of the operation that wants it, in the order of the program:

    - sizes, and the extents of results such as `[B - 2]`, are at least 1;
    - operands are long enough for what is sliced of them;
    - the bytes of a result can be counted in 63 bits. Those of parameters can,
      since they are in memory, and so can those of other results, if for all
      sizes these have no more.

    What holds for all sizes or was required before is not required. Runs after
    calls are inlined and before anything is simplified, so that which calls are
    refused does not depend on what the compiler finds out.

    ```mlir
    func.func @f(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B - 2"]>> attributes {mind.sizes = ["B"]} {
      mind.require <["B"]> at_least 1, 3006, "dimension 0 of [B] is {0}, and must be at least 1"
      mind.require <["B"]> at_least 3, 3006, "`slice` of [B]: dimension 0 is {0}, and must be at least 3"
      %0 = mind.slice %x {starts = array<i64: 2>, ends = array<i64: 9223372036854775807>, steps = array<i64: 1>} : (tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B - 2"]>>
      return %0 : tensor<?xf32, #mind.dims<["B - 2"]>>
    }
    ```
  }];
}

#endif // MIND_DIALECT_MIND_TRANSFORMS_PASSES_TD
