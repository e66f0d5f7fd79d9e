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
    One extent of the shape may be -1: it is worked out from the others.

    ```mlir
    %y = mind.reshape %x : (tensor<2x6xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_Shape<>:$shape);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [[1, 2, 3], [4, 5, 6]];
    reshape(x, [3, -1])
    // [[1 2]
    //  [3 4]
    //  [5 6]]
  }];
}

def TransposeOp : Mind_InferredOp<"transpose", "Movement", "transpose", "Any",
                                  [Pure]> {
  let summary = "the same elements with the axes in another order";
  let description = [{
    Axis `i` of the result is axis `axes[i]` of `x`. Unless stated, their order
    is reversed.

    ```mlir
    %y = mind.transpose %x {axes = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [[[1, 2, 3], [4, 5, 6]]];
    (transpose([[1, 2, 3], [4, 5, 6]]), transpose(x, [1, 0, 2]))
    // [[1 4]
    //  [2 5]
    //  [3 6]]
    // [[[1 2 3]]
    //
    //  [[4 5 6]]]
  }];
}

def ExpandDimsOp : Mind_InferredOp<"expand_dims", "Movement", "expandDims",
                                   "Any", [Pure]> {
  let summary = "the same elements with one more axis, of extent 1";
  let description = [{
    `axis` is its place in the result.

    ```mlir
    %y = mind.expand_dims %x {axis = 0 : i64} : (tensor<4xf32>) -> tensor<1x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axis<>:$axis);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [1, 2, 3];
    (expand_dims(x, 0), expand_dims(x, -1))
    // [[1 2 3]]
    // [[1]
    //  [2]
    //  [3]]
  }];
}

def SqueezeOp : Mind_InferredOp<"squeeze", "Movement", "squeeze", "Any",
                                [Pure]> {
  let summary = "the same elements without axes of extent 1";
  let description = [{
    Every such axis is removed unless `axes` are stated.

    ```mlir
    %y = mind.squeeze %x {axes = array<i64: 0>} : (tensor<1x4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [[[1], [2]]];
    (squeeze(x), squeeze(x, axes=0))
    // [1 2]
    // [[1]
    //  [2]]
  }];
}

def FlattenOp : Mind_InferredOp<"flatten", "Movement", "flatten", "Any",
                                [Pure]> {
  let summary = "the same elements, in row-major order, in one axis";
  let description = [{
    ```mlir
    %y = mind.flatten %x : (tensor<2x3xf32>) -> tensor<6xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    flatten([[1, 2, 3], [4, 5, 6]])
    // [1 2 3 4 5 6]
  }];
}

def BroadcastToOp : Mind_LanguageOp<"broadcast_to", "Movement", "broadcastTo",
                                    "Any", [Pure]> {
  let summary = "the same elements, repeated to fill a shape";
  let description = [{
    Axes of extent 1 stretch, and new ones are added at the front.

    ```mlir
    %y = mind.broadcast_to %x : (tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let parameters = (ins Mind_Tensor:$x, Mind_Shape<>:$shape);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    broadcast_to([[1], [2]], [2, 2, 3])
    // [[[1 1 1]
    //   [2 2 2]]
    //
    //  [[1 1 1]
    //   [2 2 2]]]
  }];
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
  let example = [{
    let x = [[1, 2], [3, 4]];
    (concat([x, [[5, 6]]]), concat([x, [[7], [8]]], axis=-1))
    // [[1 2]
    //  [3 4]
    //  [5 6]]
    // [[1 2 7]
    //  [3 4 8]]
  }];
}

def StackOp : Mind_InferredOp<"stack", "Movement", "stack", "Any", [Pure]> {
  let summary = "tensors of one type along a new axis";
  let description = [{
    `axis` is its place in the result.

    ```mlir
    %z = mind.stack %x, %y {axis = 0 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensors:$tensors, Mind_Axis<"0">:$axis);
  let assemblyFormat =
      "$tensors attr-dict `:` functional-type(operands, results)";
  let example = [{
    let (x, y) = ([1, 2, 3], [4, 5, 6]);
    (stack([x, y]), stack([x, y], axis=-1))
    // [[1 2 3]
    //  [4 5 6]]
    // [[1 4]
    //  [2 5]
    //  [3 6]]
  }];
}

def SplitOp : Mind_InferredOp<"split", "Movement", "split", "Any", [Pure]> {
  let summary = "a tuple of equal parts along an axis";
  let description = [{
    The extent is a multiple of the number of parts, which is known at compile
    time.

    ```mlir
    %y:2 = mind.split %x {parts = 2 : i64, axis = 0 : i64} : (tensor<4x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Int<>:$parts, Mind_Axis<"0">:$axis);
  let results = (outs Variadic<Mind_AnyTensor>:$results);
  let resultCount = "parts";
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let example = [{
    let (low, high) = split([[1, 2, 3, 4], [5, 6, 7, 8]], 2, axis=-1);
    (low, high)
    // [[1 2]
    //  [5 6]]
    // [[3 4]
    //  [7 8]]
  }];
}

def SliceOp : Mind_InferredOp<"slice", "Movement", "slice", "Any", [Pure]> {
  let summary = "the elements from starts up to, not including, ends, in steps";
  let description = [{
    `slice(x, [a, c], [b, d])` is what `x[a:b, c:d]` means. Bounds are as in
    Python: negative ones count from the end, those beyond an end are clamped.
    They are known at compile time. Steps are at least 1. Dimensions that the
    lists leave out stay whole. A slice without elements is E3006.

    A symbolic dimension is not clamped to: a call in which it is too short is
    refused (E3006). Its slice has an extent over the named sizes; with a step
    other than 1, the bounds count from the same end.

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
  let example = [{
    let x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]];
    (slice(x, [1], [99]), slice(x, [0, -3], [2, 4], [1, 2]), x[:2, -3::2])
    // [[ 5  6  7  8]
    //  [ 9 10 11 12]]
    // [[2 4]
    //  [6 8]]
    // [[2 4]
    //  [6 8]]
  }];
}

def PadOp : Mind_InferredOp<"pad", "Movement", "pad", "Any", [Pure]> {
  let summary = "the same elements with a value around them";
  let description = [{
    `padding` has a pair for each dimension: how many to add before and after.

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
  let example = [{
    let x = [[1, 2], [3, 4]];
    pad(x, [[1, 0], [0, 2]], value=9)
    // [[9 9 9 9]
    //  [1 2 9 9]
    //  [3 4 9 9]]
  }];
}

def FlipOp : Mind_InferredOp<"flip", "Movement", "flip", "Any", [Pure]> {
  let summary = "the same elements in reverse order along axes";
  let description = [{
    Along all axes unless stated.

    ```mlir
    %y = mind.flip %x {axes = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Axes<>:$axes);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [[1, 2, 3], [4, 5, 6]];
    (flip(x), flip(x, axes=-1))
    // [[6 5 4]
    //  [3 2 1]]
    // [[3 2 1]
    //  [6 5 4]]
  }];
}

class Mind_TriangleOp<string mnemonic, string part>
    : Mind_InferredOp<mnemonic, "Movement", "triangle", "Any", [Pure]> {
  let summary = "the " # part # " triangle of matrices, zeros elsewhere";
  let description = "\n    Of the last two dimensions, keeps elements on and " #
    !if(!eq(part, "lower"), "below", "above") # [{ the
    `k`-th diagonal. The main one is 0, those above it are 1, 2, ..., those
    below it -1, -2, ...

    ```mlir
    %y = mind.}] # mnemonic # [{ %x {k = 0 : i64} : (tensor<3x3xf32>) -> tensor<3x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Int<"0">:$k);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def TrilOp : Mind_TriangleOp<"tril", "lower"> {
  let example = [{
    let x = reshape(arange(1, 10), [3, 3]);
    (tril(x), tril(x, k=-1))
    // [[1 0 0]
    //  [4 5 0]
    //  [7 8 9]]
    // [[0 0 0]
    //  [4 0 0]
    //  [7 8 0]]
  }];
}
def TriuOp : Mind_TriangleOp<"triu", "upper"> {
  let example = [{
    let x = reshape(arange(1, 10), [3, 3]);
    (triu(x), triu(x, k=1))
    // [[1 2 3]
    //  [0 5 6]
    //  [0 0 9]]
    // [[0 2 3]
    //  [0 0 6]
    //  [0 0 0]]
  }];
}

#endif // MIND_DIALECT_MIND_IR_MOVEMENTOPS_TD
