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
def MaxOp : Mind_ReductionOp<"max", "Numeric",
    "the largest; NaN if any is NaN">;
def MinOp : Mind_ReductionOp<"min", "Numeric",
    "the smallest; NaN if any is NaN">;
def AnyOp : Mind_ReductionOp<"any", "Bool", "whether any holds">;
def AllOp : Mind_ReductionOp<"all", "Bool", "whether all hold">;

#endif // MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD
