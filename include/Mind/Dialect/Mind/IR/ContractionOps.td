//===- ContractionOps.td - products summed over an axis ------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_CONTRACTIONOPS_TD
#define MIND_DIALECT_MIND_IR_CONTRACTIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_ContractionOp<string mnemonic, string rule>
    : Mind_InferredOp<mnemonic, "Contraction", rule, "Numeric", [Pure]> {
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

def MatmulOp : Mind_ContractionOp<"matmul", "matmul"> {
  let summary = "matrix product of the last two axes";
  let description = [{
    `result[..., i, j] = sum_k x[..., i, k] * y[..., k, j]`. Ranks are at
    least 2; the axes before the last two broadcast. f16 and bf16 accumulate
    in f32 and round once; integers wrap.

    ```mlir
    %c = mind.matmul %a, %b : (tensor<5x2x3xf32>, tensor<3x4xf32>) -> tensor<5x2x4xf32>
    ```
  }];
  let symbol = "@";
  let arguments = (ins Mind_Tensor:$lhs, Mind_Tensor:$rhs);
  let parameters = (ins Mind_Tensor:$x, Mind_Tensor:$y);
}

def DotOp : Mind_ContractionOp<"dot", "dot"> {
  let summary = "product of vectors and matrices";
  let description = [{
    Sums over the last axis of `x` and the first of `y`, whose ranks are
    1 and 1, 2 and 1, 1 and 2, or 2 and 2.

    ```mlir
    %d = mind.dot %a, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$lhs, Mind_Tensor:$rhs);
  let parameters = (ins Mind_Tensor:$x, Mind_Tensor:$y);
}

def LinearOp : Mind_ContractionOp<"linear", "linear"> {
  let summary = "x times the transpose of w, plus b";
  let description = [{
    `result[..., o] = sum_i x[..., i] * w[o, i] + b[o]`: PyTorch's layer, with
    its weight layout `[out, in]`.

    ```mlir
    %y = mind.linear %x, %w, %b : (tensor<8x20xf32>, tensor<30x20xf32>, tensor<30xf32>) -> tensor<8x30xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$w, Mind_Tensor:$b);
}

def Conv2dOp : Mind_ContractionOp<"conv2d", "conv2d"> {
  let summary = "two-dimensional convolution, NHWC by HWCF";
  let description = [{
    Cross-correlates `x` `[N, H, W, C]` with `w` `[KH, KW, C/groups, F]`. The
    language's `Same` padding is `ceil(in / stride)` long, the odd one after.

    ```mlir
    %y = mind.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>,
         dilation = array<i64: 1, 1>, groups = 1 : i64}
         : (tensor<1x56x56x64xf32>, tensor<3x3x64x64xf32>) -> tensor<1x56x56x64xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$w,
      Mind_Pair<"[1, 1]">:$strides, Mind_Padding<>:$padding,
      Mind_Pair<"[1, 1]">:$dilation, Mind_Int<"1">:$groups);
}

def AttentionOp : Mind_InferredOp<"attention", "Contraction", "attention",
                                  "Float", [Pure]> {
  let summary = "softmax(q @ k^T * scale) @ v";
  let description = [{
    Scaled dot-product attention: `q` is `[..., T, d]`, `k` `[..., S, d]`, `v`
    `[..., S, e]`; the axes before broadcast, and the result is `[..., T, e]`.
    `scale` is `1 / sqrt(d)` unless stated. A `mask` broadcasts to `[..., T, S]`:
    one of bool keeps a position where it is true, one of floats is added to the
    scores. With `causal`, query i sees the keys 0 to i. A row with nothing to
    attend to is 0. f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.attention %q, %k, %v {causal = true, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>) -> tensor<2x5x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$q, Mind_Tensor:$k, Mind_Tensor:$v,
                       Mind_OptionalTensorOf<"Any">:$mask,
                       Mind_Bool<"false">:$causal, Mind_OptionalFloat:$scale);
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_CONTRACTIONOPS_TD
