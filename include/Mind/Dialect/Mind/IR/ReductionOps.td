//===- ReductionOps.td - many elements in, one out -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD
#define MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_ReductionOp<string mnemonic, string dtypes, string meaning,
                       string about = "", string rule = "reduce">
    : Mind_InferredOp<mnemonic, "Reduction", rule, dtypes, [Pure]> {
  let summary = meaning # " along axes";
  let description = "\n    " # about # [{
    `axes` are all unless stated; with `keepdims` they stay, with extent 1.

    ```mlir
    %r = mind.}] # mnemonic # [{ %x {axes = array<i64: 1>, keepdims = false} : (tensor<3x4xTYPE>) -> tensor<3xTYPE>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes,
                       Mind_Bool<"false">:$keepdims);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

defvar accumulation = "f16 and bf16 accumulate in f32 and round once.";

def SumOp : Mind_ReductionOp<"sum", "Any", "the sum",
    !strconcat("Integers and bool give i64. ", accumulation), "reduceWide"> {
  let example = [{
    let x: Tensor<i8,[2,3]> = 100;
    (sum(x), sum(x, axes=-1), sum(x, axes=[0], keepdims=true))
    // 600
    // [300 300]
    // [[200 200 200]]
  }];
}
def ProdOp : Mind_ReductionOp<"prod", "Any", "the product",
    !strconcat("Integers and bool give i64. ", accumulation), "reduceWide"> {
  let example = [{
    let x = [[1, 2, 3], [4, 5, 6]];
    (prod(x), prod(x, axes=0))
    // 720
    // [ 4 10 18]
  }];
}
def MeanOp : Mind_ReductionOp<"mean", "Float", "the mean",
    accumulation> {
  let example = [{
    let x = [[1.0, 2.0], [3.0, 6.0]];
    (mean(x), x - mean(x, axes=-1, keepdims=true))
    // 3.0
    // [[-0.5  0.5]
    //  [-1.5  1.5]]
  }];
}
def VarOp : Mind_ReductionOp<"var", "Float", "the variance",
    !strconcat("That is the mean square distance from the mean: it divides by ",
               "the number of elements n, as NumPy's `var`; PyTorch's divides ",
               "by n - 1 unless told otherwise. ", accumulation)> {
  let example = [{
    let x = [[1.0, 2.0], [3.0, 6.0]];
    (var(x), var(x, axes=-1))
    // 3.5
    // [0.25 2.25]
  }];
}
def MaxOp : Mind_ReductionOp<"max", "Numeric", "the largest element",
    "NaN if any is NaN. With two tensors, `max` is `maximum`, so that axes " #
    "are named: `max(x, axes=0)`."> {
  let example = [{
    let x = [[1.0, 5.0], [0.0 / 0.0, 2.0]];
    (max(x), max(x, axes=1), max([[1, 5], [7, 2]], axes=0))
    // nan
    // [ 5. nan]
    // [7 5]
  }];
}
def MinOp : Mind_ReductionOp<"min", "Numeric", "the smallest element",
    "NaN if any is NaN. With two tensors, `min` is `minimum`, so that axes " #
    "are named: `min(x, axes=0)`."> {
  let example = [{
    let x = [[1.0, 5.0], [0.0 / 0.0, 2.0]];
    (min(x), min(x, axes=1), min([[1, 5], [7, 2]], axes=0))
    // nan
    // [ 1. nan]
    // [1 2]
  }];
}
def AnyOp : Mind_ReductionOp<"any", "Bool", "whether any element is true"> {
  let example = [{
    let x = [[1.0, -2.0], [3.0, 4.0]];
    (any(x < 0), any(x < 0, axes=1))
    // True
    // [ True False]
  }];
}
def AllOp : Mind_ReductionOp<"all", "Bool", "whether all elements are true"> {
  let example = [{
    let x = [[1.0, -2.0], [3.0, 4.0]];
    (all(x > 0), all(x > 0, axes=1))
    // False
    // [False  True]
  }];
}

class Mind_PositionOp<string mnemonic, string which>
    : Mind_InferredOp<mnemonic, "Reduction", "position", "Numeric", [Pure]> {
  let summary = "the position of the " # which # " element along an axis";
  let description = [{
    The result is i64. Of equal elements the first counts, and a NaN is the
    }] # which # [{. Without an axis, the position is that among all elements in
    row-major order. With `keepdims` the axis stays, with extent 1.

    ```mlir
    %i = mind.}] # mnemonic # [{ %x {axis = 1 : i64, keepdims = false} : (tensor<3x4xf32>) -> tensor<3xi64>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_OptionalAxis:$axis,
                       Mind_Bool<"false">:$keepdims);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def ArgmaxOp : Mind_PositionOp<"argmax", "largest"> {
  let example = [{
    let x = [[1.0, 7.0, 7.0], [9.0, 0.0 / 0.0, 5.0]];
    (argmax(x), argmax(x, axis=-1), argmax([[2, 5], [3, 4]], axis=0))
    // 4
    // [1 1]
    // [1 0]
  }];
}
def ArgminOp : Mind_PositionOp<"argmin", "smallest"> {
  let example = [{
    let x = [[7.0, 1.0, 1.0], [9.0, 0.0 / 0.0, 5.0]];
    (argmin(x), argmin(x, axis=-1), argmin([[2, 5], [3, 4]], axis=0))
    // 4
    // [1 1]
    // [0 1]
  }];
}

#endif // MIND_DIALECT_MIND_IR_REDUCTIONOPS_TD
