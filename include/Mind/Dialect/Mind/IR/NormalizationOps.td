//===- NormalizationOps.td - rescaled along axes -------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD
#define MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

def SoftmaxOp : Mind_InferredOp<"softmax", "Normalization", "alongAxis",
                                "Float", [Pure]> {
  let summary = "exponentials over their sum, along an axis";
  let description = [{
    `exp(x - max) / sum(exp(x - max))`, which adds up to 1 along `axis` and does
    not overflow. f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<"-1">:$axis);
  let example = [{
    let x = [[1.0, 1.0], [0.0, 1000.0]];
    (softmax(x), softmax([[1.0, 2.0], [1.0, 2.0]], axis=0))
    // [[0.5 0.5]
    //  [0.  1. ]]
    // [[0.5 0.5]
    //  [0.5 0.5]]
  }];
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def LogSoftmaxOp : Mind_InferredOp<"log_softmax", "Normalization", "alongAxis",
                                   "Float", [Pure]> {
  let summary = "the logarithm of softmax, along an axis";
  let description = [{
    `x - max - log(sum(exp(x - max)))`, which neither overflows nor loses digits
    where softmax is nearly 0. f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.log_softmax %x {axis = 1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<"-1">:$axis);
  let example = [{
    let x = [0.0, 0.0, 1000.0];
    (log_softmax(x), log(softmax(x)))
    // [-1000. -1000.     0.]
    // [-inf -inf   0.]
  }];
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def LayerNormOp : Mind_InferredOp<"layer_norm", "Normalization", "layerNorm",
                                  "Float", [Pure]> {
  let summary = "layer normalisation: to mean 0 and variance 1 along axes";
  let description = [{
    `(x - mean) / sqrt(var + eps) * gamma + beta`, mean and variance taken along
    `axes`, the last one unless stated. `gamma` and `beta` have the shape of
    these axes. f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.layer_norm %x, %gamma, %beta {axes = array<i64: 1>, eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$gamma, Mind_Tensor:$beta,
                       Mind_Axes<"[-1]">:$axes, Mind_Float<"1e-5">:$eps);
  let example = [{
    let x = [[1.0, 3.0], [50.0, 70.0]];
    layer_norm(x, [1.0, 10.0], [0.0, 0.5], eps=0)
    // [[-1.  10.5]
    //  [-1.  10.5]]
  }];
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

def BatchNormOp : Mind_InferredOp<"batch_norm", "Normalization", "batchNorm",
                                  "Float", [Pure]> {
  let summary = "batch normalisation with a known mean and variance";
  let description = [{
    `(x - mean) / sqrt(var + eps) * gamma + beta`, as after training. Channels
    are the last axis of `x`, and the other operands have one element for each.
    f16 and bf16 compute in f32 and round once.

    ```mlir
    %y = mind.batch_norm %x, %mean, %var, %gamma, %beta {eps = 1.0e-5 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Tensor:$mean, Mind_Tensor:$var,
                       Mind_Tensor:$gamma, Mind_Tensor:$beta,
                       Mind_Float<"1e-5">:$eps);
  let example = [{
    let x = [[1.0, 10.0], [3.0, 30.0]];
    let (mean, var) = ([2.0, 20.0], [1.0, 4.0]);
    batch_norm(x, mean, var, ones(2), [0.0, 0.5], eps=0)
    // [[-1.  -4.5]
    //  [ 1.   5.5]]
  }];
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

#endif // MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD
