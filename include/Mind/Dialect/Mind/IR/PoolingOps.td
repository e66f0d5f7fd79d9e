//===- PoolingOps.td - windows of images ---------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_POOLINGOPS_TD
#define MIND_DIALECT_MIND_IR_POOLINGOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_PoolingOp<string mnemonic, string dtypes, string which,
                     string about>
    : Mind_InferredOp<mnemonic, "Pooling", "pool2d", dtypes, [Pure]> {
  let summary = "the " # which # " of each window of an image";
  let description = [{
    Images are `[N, H, W, C]`. `window`, `strides` and `padding` are as in
    `conv2d`; the strides are the window unless stated, and padding is smaller
    than the window. }] # about # [{

    ```mlir
    %y = mind.}] # mnemonic # [{ %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
         : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Pair<>:$window,
                       Mind_Pair<"none">:$strides, Mind_Padding<>:$padding);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def MaxPool2dOp : Mind_PoolingOp<"max_pool2d", "Numeric", "largest element",
    "Padding is less than every number. NaN wins."> {
  let example = [{
    let x = reshape(arange(-9, 0), [1, 3, 3, 1]);
    let wide = max_pool2d(x, [1, 2], strides=1);
    let padded = max_pool2d(x, 2, padding=Same);
    (squeeze(x), squeeze(wide), squeeze(padded))
    // [[-9 -8 -7]
    //  [-6 -5 -4]
    //  [-3 -2 -1]]
    // [[-8 -7]
    //  [-5 -4]
    //  [-2 -1]]
    // [[-5 -4]
    //  [-2 -1]]
  }];
}
def AvgPool2dOp : Mind_PoolingOp<"avg_pool2d", "Float", "mean",
    "Padding does not count."> {
  let example = [{
    let x = reshape(arange(0.0, 9), [1, 3, 3, 1]);
    let wide = avg_pool2d(x, [1, 2], strides=1);
    let padded = avg_pool2d(x, 2, padding=Same);
    (squeeze(x), squeeze(wide), squeeze(padded))
    // [[0. 1. 2.]
    //  [3. 4. 5.]
    //  [6. 7. 8.]]
    // [[0.5 1.5]
    //  [3.5 4.5]
    //  [6.5 7.5]]
    // [[2.  3.5]
    //  [6.5 8. ]]
  }];
}

def GlobalAvgPool2dOp : Mind_InferredOp<"global_avg_pool2d", "Pooling",
                                        "globalPool2d", "Float", [Pure]> {
  let summary = "the mean of each channel of each image";
  let description = [{
    Of `[N, H, W, C]` the result is `[N, C]`.

    ```mlir
    %y = mind.global_avg_pool2d %x : (tensor<2x8x8x4xf32>) -> tensor<2x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let example = [{
    let x = reshape(arange(0.0, 8), [1, 2, 2, 2]);
    global_avg_pool2d(x)
    // [[3. 4.]]
  }];
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_POOLINGOPS_TD
