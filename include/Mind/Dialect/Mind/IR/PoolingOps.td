//===- PoolingOps.td - windows of images ---------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_POOLINGOPS_TD
#define MIND_DIALECT_MIND_IR_POOLINGOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_PoolingOp<string mnemonic, string dtypes, string which,
                     string about>
    : Mind_InferredOp<mnemonic, "Pooling", "pool2d", dtypes, [Pure]> {
  let summary = "the " # which # " of each window of images, NHWC";
  let description = "`window`, `strides` (by default the window) and `padding`" #
    [{ are as in `conv2d`; padding is smaller than the window. }] # about # [{

    ```mlir
    %y = mind.}] # mnemonic # [{ %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
         : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Pair<>:$window,
                       Mind_Pair<"none">:$strides, Mind_Padding<>:$padding);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def MaxPool2dOp : Mind_PoolingOp<"max_pool2d", "Numeric", "largest",
    "Padding is less than every number; NaN wins.">;
def AvgPool2dOp : Mind_PoolingOp<"avg_pool2d", "Float", "mean",
    "Padding does not count.">;

def GlobalAvgPool2dOp : Mind_InferredOp<"global_avg_pool2d", "Pooling",
                                        "globalPool2d", "Float", [Pure]> {
  let summary = "the mean of each channel of each image, NHWC to NC";
  let description = [{
    ```mlir
    %y = mind.global_avg_pool2d %x : (tensor<2x8x8x4xf32>) -> tensor<2x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_POOLINGOPS_TD
