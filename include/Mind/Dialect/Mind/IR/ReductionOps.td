//===- ReductionOps.td - many elements in, one out -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD
#define MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_ReductionOp<string mnemonic, string dtypes, string meaning,
                       string rule = "reduce">
    : Mind_InferredOp<mnemonic, "Reduction", rule, dtypes, [Pure]> {
  let summary = meaning # " over axes";
  let description = "Computes " # meaning # [{ of the elements along `axes`
    (the language's default is all of them). With `keepdims` the reduced axes
    stay with extent 1. f16 and bf16 accumulate in f32 and round once.

    ```mlir
    %r = mind.}] # mnemonic # [{ %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x4xTYPE>) -> tensor<3xTYPE>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes,
                       Mind_Bool<"false">:$keepdims);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def SumOp : Mind_ReductionOp<"sum", "Any",
    "the sum (of integers and bool in i64)", "reduceWide">;
def ProdOp : Mind_ReductionOp<"prod", "Any",
    "the product (of integers and bool in i64)", "reduceWide">;
def MeanOp : Mind_ReductionOp<"mean", "Float", "the mean">;
def VarOp : Mind_ReductionOp<"var", "Float",
    "the variance (the mean square distance from the mean)">;
def MaxOp : Mind_ReductionOp<"max", "Numeric",
    "the largest; NaN if any is NaN">;
def MinOp : Mind_ReductionOp<"min", "Numeric",
    "the smallest; NaN if any is NaN">;
def AnyOp : Mind_ReductionOp<"any", "Bool", "whether any holds">;
def AllOp : Mind_ReductionOp<"all", "Bool", "whether all hold">;

class Mind_PositionOp<string mnemonic, string which>
    : Mind_InferredOp<mnemonic, "Reduction", "position", "Numeric", [Pure]> {
  let summary = "the position of the " # which # " along an axis, as i64";
  let description = "Of equal elements the first counts, and a NaN is the " #
    which # [{.
    Without an axis, the position is that among all elements in row-major order.

    ```mlir
    %i = mind.}] # mnemonic # [{ %x {axis = 1 : i64, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xi64>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_OptionalAxis:$axis,
                       Mind_Bool<"false">:$keepdims);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def ArgmaxOp : Mind_PositionOp<"argmax", "largest">;
def ArgminOp : Mind_PositionOp<"argmin", "smallest">;

#endif // MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD
