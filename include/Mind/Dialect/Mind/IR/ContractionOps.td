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
  let summary = "the matrix product of the last two axes";
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
  let example = [{
    let batch = [[[1.0, 2.0]], [[3.0, 4.0]]];
    let w = [[1.0, 0.0, 1.0], [0.0, 10.0, 1.0]];
    batch @ w
    // [[[ 1. 20.  3.]]
    //
    //  [[ 3. 40.  7.]]]
  }];
}

def DotOp : Mind_ContractionOp<"dot", "dot"> {
  let summary = "the product of vectors and matrices";
  let description = [{
    Sums over the last axis of `x` and the first of `y`, each of which has
    rank 1 or 2. f16 and bf16 accumulate in f32 and round once; integers wrap.

    ```mlir
    %d = mind.dot %a, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$lhs, Mind_Tensor:$rhs);
  let parameters = (ins Mind_Tensor:$x, Mind_Tensor:$y);
  let example = [{
    let v = [1.0, 2.0];
    let m = [[1.0, 2.0], [3.0, 4.0]];
    (dot(v, v), dot(m, v), dot(v, m))
    // 5.0
    // [ 5. 11.]
    // [ 7. 10.]
  }];
}

def LinearOp : Mind_ContractionOp<"linear", "linear"> {
  let summary = "PyTorch's linear layer: x times the transpose of w, plus b";
  let description = [{
    `result[..., o] = sum_i x[..., i] * w[o, i] + b[o]`: the weight is
    `[out, in]`, and `b` is `[out]`. f16 and bf16 accumulate in f32 and round
    once; integers wrap.

    ```mlir
    %y = mind.linear %x, %w, %b : (tensor<8x20xf32>, tensor<30x20xf32>, tensor<30xf32>) -> tensor<8x30xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$w, Mind_Tensor:$b);
  let example = [{
    let x = [1.0, 2.0];
    let w = [[1.0, 0.0], [0.0, 1.0], [10.0, 10.0]];
    linear(x, w, [0.5, 0.5, 0.0])
    // [ 1.5  2.5 30. ]
  }];
}

def Conv2dOp : Mind_ContractionOp<"conv2d", "conv2d"> {
  let summary = "the two-dimensional convolution of images with filters";
  let description = [{
    Images are `[N, H, W, C]`, filters `[KH, KW, C / groups, F]`, the result is
    `[N, H', W', F]`. As in all of machine learning, the filter is not turned
    around: this is a cross-correlation.

    - `padding` is zeros around the image: none for `Valid`, so many that the
      result is `ceil(H / stride)` by `ceil(W / stride)` for `Same`, where the
      odd one goes after, or `[[top, bottom], [left, right]]`.
    - `strides` and `dilation` are one integer for both dimensions, or two.
    - `groups` divides `C` and `F`; with `C` groups each channel has filters of
      its own.

    f16 and bf16 accumulate in f32 and round once; integers wrap.

    ```mlir
    %y = mind.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>,
         dilation = array<i64: 1, 1>, groups = 1 : i64}
         : (tensor<1x56x56x64xf32>, tensor<3x3x64x64xf32>) -> tensor<1x56x56x64xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$w,
      Mind_Pair<"[1, 1]">:$strides, Mind_Padding<>:$padding,
      Mind_Pair<"[1, 1]">:$dilation, Mind_Int<"1">:$groups);
  let example = [{
    let x = reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1]);
    let w = reshape([1.0, 10.0], [1, 2, 1, 1]);
    (flatten(conv2d(x, w)), flatten(conv2d(x, w, padding=Same)))
    // [21. 32. 43.]
    // [21. 32. 43.  4.]
  }];
}

def AttentionOp : Mind_InferredOp<"attention", "Contraction", "attention",
                                  "Float", [Pure]> {
  let summary = "scaled dot-product attention";
  let description = [{
    `softmax(q @ transpose(k) * scale) @ v`, where `q` is `[..., T, d]`, `k` is
    `[..., S, d]` and `v` is `[..., S, e]`; the axes before broadcast, and the
    result is `[..., T, e]`.

    - `mask` broadcasts to `[..., T, S]`: one of bool keeps a position where it
      is true, one of the operands' dtype is added to the scores.
    - With `causal`, query i sees the keys 0 to i.
    - `scale` is `1 / sqrt(d)` unless stated.

    A row with nothing to attend to is 0. A hidden key has the weight 0; whether
    infinities and NaN in its value reach the result is not defined for `causal`.
    f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.attention %q, %k, %v {causal = true, scale = 5.0e-1 : f64} : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>) -> tensor<2x5x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$q, Mind_Tensor:$k, Mind_Tensor:$v,
                       Mind_OptionalTensorOf<"Any">:$mask,
                       Mind_Bool<"false">:$causal, Mind_OptionalFloat:$scale);
  let example = [{
    let q = [[0.0, 0.0], [1.0, 0.0]];
    let v = [[1.0, 2.0], [3.0, 4.0]];
    let mask = [[true, true], [false, false]];
    (attention(q, q, v, causal=true), attention(q, q, v, mask))
    // [[1.       2.      ]
    //  [2.339523 3.339523]]
    // [[2. 3.]
    //  [0. 0.]]
  }];
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_CONTRACTIONOPS_TD
