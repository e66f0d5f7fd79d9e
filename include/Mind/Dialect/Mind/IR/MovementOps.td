//===- MovementOps.td - elements keep their values -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_MOVEMENTOPS_TD
#define MIND_DIALECT_MIND_IR_MOVEMENTOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

def ReshapeOp : Mind_LanguageOp<"reshape", "Movement", "reshape", "Any",
                                [Pure]> {
  let summary = "the same elements, in row-major order, in another shape";
  let description = [{
    In the language one extent may be -1 and is inferred.

    ```mlir
    %y = mind.reshape %x : (tensor<2x6xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_Shape<>:$shape);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def TransposeOp : Mind_InferredOp<"transpose", "Movement", "transpose", "Any",
                                  [Pure]> {
  let summary = "permutes the axes";
  let description = [{
    Axis `i` of the result is axis `axes[i]` of `x`; the language's default
    reverses them.

    ```mlir
    %y = mind.transpose %x {axes = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ExpandDimsOp : Mind_InferredOp<"expand_dims", "Movement", "expandDims",
                                   "Any", [Pure]> {
  let summary = "inserts an axis of extent 1";
  let description = [{
    ```mlir
    %y = mind.expand_dims %x {axis = 0 : i64} : (tensor<4xf32>) -> tensor<1x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<>:$axis);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def SqueezeOp : Mind_InferredOp<"squeeze", "Movement", "squeeze", "Any",
                                [Pure]> {
  let summary = "removes axes of extent 1";
  let description = [{
    The language's default removes every such axis.

    ```mlir
    %y = mind.squeeze %x {axes = array<i64: 0>} : (tensor<1x4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def FlattenOp : Mind_InferredOp<"flatten", "Movement", "flatten", "Any",
                                [Pure]> {
  let summary = "the same elements in one axis";
  let description = [{
    ```mlir
    %y = mind.flatten %x : (tensor<2x3xf32>) -> tensor<6xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def BroadcastToOp : Mind_LanguageOp<"broadcast_to", "Movement", "broadcastTo",
                                    "Any", [Pure]> {
  let summary = "repeats x to fill a shape";
  let description = [{
    ```mlir
    %y = mind.broadcast_to %x : (tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_Shape<>:$shape);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

#endif // MIND_DIALECT_MIND_IR_MOVEMENTOPS_TD
