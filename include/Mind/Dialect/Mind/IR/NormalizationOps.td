//===- NormalizationOps.td - rescaled along axes -------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD
#define MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

def SoftmaxOp : Mind_InferredOp<"softmax", "Normalization", "alongAxis",
                                "Float", [Pure]> {
  let summary = "exp(x - max) over its sum, along one axis";
  let description = [{
    ```mlir
    %y = mind.softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<"-1">:$axis);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def LogSoftmaxOp : Mind_InferredOp<"log_softmax", "Normalization", "alongAxis",
                                   "Float", [Pure]> {
  let summary = "the logarithm of softmax, along one axis";
  let description = [{
    `x - max - log(sum(exp(x - max)))`, which neither overflows nor loses digits
    where softmax is nearly 0.

    ```mlir
    %y = mind.log_softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<"-1">:$axis);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def LayerNormOp : Mind_InferredOp<"layer_norm", "Normalization", "layerNorm",
                                  "Float", [Pure]> {
  let summary = "x less its mean, over its standard deviation, along axes";
  let description = [{
    `(x - mean) / sqrt(var + eps) * gamma + beta`, mean and variance taken along
    `axes`. `gamma` and `beta` have the shape of these axes. f16 and bf16 compute
    in f32 and round once.

    ```mlir
    %y = mind.layer_norm %x, %gamma, %beta {axes = array<i64: 1>, eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$gamma, Mind_Tensor:$beta,
                       Mind_Axes<"[-1]">:$axes, Mind_Float<"1e-5">:$eps);
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

def BatchNormOp : Mind_InferredOp<"batch_norm", "Normalization", "batchNorm",
                                  "Float", [Pure]> {
  let summary = "x rescaled by a known mean and variance of each channel";
  let description = [{
    `(x - mean) / sqrt(var + eps) * gamma + beta`, as after training. Channels
    are the last axis of `x`, and the other operands have one element for each.

    ```mlir
    %y = mind.batch_norm %x, %mean, %var, %gamma, %beta {eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$mean, Mind_Tensor:$var,
                       Mind_Tensor:$gamma, Mind_Tensor:$beta,
                       Mind_Float<"1e-5">:$eps);
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD
