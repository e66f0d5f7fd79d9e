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


def ConcatOp : Mind_InferredOp<"concat", "Movement", "concat", "Any", [Pure]> {
  let summary = "tensors one after the other along an axis";
  let description = [{
    The tensors agree in dtype and in every other dimension.

    ```mlir
    %z = mind.concat %x, %y {axis = 0 : i64} : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensors:$tensors, Mind_Axis<"0">:$axis);
  let assemblyFormat =
      "$tensors attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def StackOp : Mind_InferredOp<"stack", "Movement", "stack", "Any", [Pure]> {
  let summary = "tensors of one type along a new axis";
  let description = [{
    ```mlir
    %z = mind.stack %x, %y {axis = 0 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensors:$tensors, Mind_Axis<"0">:$axis);
  let assemblyFormat =
      "$tensors attr-dict `:` functional-type(operands, results)";
}

def SplitOp : Mind_InferredOp<"split", "Movement", "split", "Any", [Pure]> {
  let summary = "a tuple of equal parts along an axis";
  let description = [{
    The extent is a multiple of the number of parts.

    ```mlir
    %y:2 = mind.split %x {parts = 2 : i64, axis = 0 : i64} : (tensor<4x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Int<>:$parts, Mind_Axis<"0">:$axis);
  let results = (outs Variadic<Mind_AnyTensor>:$results);
  let resultCount = "parts";
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def SliceOp : Mind_InferredOp<"slice", "Movement", "slice", "Any", [Pure]> {
  let summary = "every step-th element from start up to end, of each dimension";
  let description = [{
    Bounds are as in Python: negative ones count from the end, those beyond an
    end are clamped. Steps are at least 1. Dimensions that the lists leave out
    stay whole.

    A symbolic dimension is not clamped to: a call in which it is too short is
    refused. Its slice has an extent over the named sizes; with a step other
    than 1, the bounds count from the same end.

    In IR the lists are full, and the bounds lie within constant extents. Bounds
    of symbolic ones are as the language has them; an end that is the largest
    integer means the end of the dimension.

    ```mlir
    %y = mind.slice %x {starts = array<i64: 1, 0>, ends = array<i64: 3, 5>, steps = array<i64: 1, 2>} : (tensor<4x5xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Ints<>:$starts, Mind_Ints<>:$ends,
                       Mind_Ints<"none">:$steps);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def PadOp : Mind_InferredOp<"pad", "Movement", "pad", "Any", [Pure]> {
  let summary = "x with a value before and after it in each dimension";
  let description = [{
    One pair of counts for each dimension, before and after.

    ```mlir
    %y = mind.pad %x, %value {padding = array<i64: 1, 0, 2, 2>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x7xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Scalar<"0">:$value,
                       Mind_Pairs<>:$padding);
  let parameters = (ins Mind_Tensor:$x, Mind_Pairs<>:$padding,
                        Mind_Scalar<"0">:$value);
  let assemblyFormat =
      "$x `,` $value attr-dict `:` functional-type(operands, results)";
}

def FlipOp : Mind_InferredOp<"flip", "Movement", "flip", "Any", [Pure]> {
  let summary = "reverses axes";
  let description = [{
    The language's default reverses all.

    ```mlir
    %y = mind.flip %x {axes = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

class Mind_TriangleOp<string mnemonic, string part>
    : Mind_InferredOp<mnemonic, "Movement", "triangle", "Any", [Pure]> {
  let summary = "the " # part # " triangle of matrices, zeros elsewhere";
  let description = "Of the last two dimensions, keeps elements on and " #
    !if(!eq(part, "lower"), "below", "above") # [{ the
    `k`-th diagonal; the first above the main one is 1.

    ```mlir
    %y = mind.}] # mnemonic # [{ %x {k = 0 : i64} : (tensor<3x3xf32>) -> tensor<3x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Int<"0">:$k);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def TrilOp : Mind_TriangleOp<"tril", "lower">;
def TriuOp : Mind_TriangleOp<"triu", "upper">;

#endif // MIND_DIALECT_MIND_IR_MOVEMENTOPS_TD
