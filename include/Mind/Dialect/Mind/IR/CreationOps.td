//===- CreationOps.td - tensors from nothing -----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_CREATIONOPS_TD
#define MIND_DIALECT_MIND_IR_CREATIONOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

class Mind_FilledOp<string mnemonic, string value>
    : Mind_LanguageOp<mnemonic, "Creation", "filled", "Any", [Pure]> {
  let summary = "a tensor of " # value;
  let description = [{
    ```mlir
    %x = mind.}] # mnemonic # [{ : () -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins);
  let parameters = (ins Mind_Shape<>:$shape, Mind_DType<"f32">:$dtype);
  let assemblyFormat = "attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}
def ZerosOp : Mind_FilledOp<"zeros", "zeros"> {
  let example = [{
    zeros([2, 3], dtype=i32)
    // [[0 0 0]
    //  [0 0 0]]
  }];
}
def OnesOp : Mind_FilledOp<"ones", "ones"> {
  let example = [{
    (ones(3), ones([2, 2], dtype=bool))
    // [1. 1. 1.]
    // [[ True  True]
    //  [ True  True]]
  }];
}

def ZerosLikeOp : Mind_InferredOp<"zeros_like", "Creation", "sameType", "Any",
                                  [Pure]> {
  let summary = "zeros of the shape and dtype of x";
  let description = [{
    ```mlir
    %y = mind.zeros_like %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    zeros_like([[1, 2], [3, 4]])
    // [[0 0]
    //  [0 0]]
  }];
}

def OnesLikeOp : Mind_InferredOp<"ones_like", "Creation", "sameType", "Any",
                                 [Pure]> {
  let summary = "ones of the shape and dtype of x";
  let description = [{
    ```mlir
    %y = mind.ones_like %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let example = [{
    let x = [1.5, 2.5, 3.5];
    x - ones_like(x)
    // [0.5 1.5 2.5]
  }];
}

def FullOp : Mind_LanguageOp<"full", "Creation", "full", "Any", [Pure]> {
  let summary = "a tensor of one value, which may be computed at run time";
  let description = [{
    The dtype is that of the value unless stated.

    ```mlir
    %y = mind.full %value : (tensor<f32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$value);
  let parameters = (ins Mind_Shape<>:$shape, Mind_Tensor:$value,
                        Mind_DType<"none">:$dtype);
  let assemblyFormat =
      "$value attr-dict `:` functional-type(operands, results)";
  let example = [{
    let x = [1.5, 2.5];
    (full([2, 2], sum(x)), full(3, 7, dtype=f32))
    // [[4. 4.]
    //  [4. 4.]]
    // [7. 7. 7.]
  }];
}

def EyeOp : Mind_LanguageOp<"eye", "Creation", "eye", "Any", [Pure]> {
  let summary = "the n x m matrix with ones on its diagonal, zeros elsewhere";
  let description = [{
    `m` is `n` unless stated.

    ```mlir
    %y = mind.eye {n = 2 : i64, m = 3 : i64} : () -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Mind_Int<>:$n, Mind_Int<"none">:$m);
  let parameters = (ins Mind_Int<>:$n, Mind_Int<"none">:$m,
                        Mind_DType<"f32">:$dtype);
  let assemblyFormat = "attr-dict `:` functional-type(operands, results)";
  let example = [{
    (eye(2), eye(2, 3, dtype=i64))
    // [[1. 0.]
    //  [0. 1.]]
    // [[1 0 0]
    //  [0 1 0]]
  }];
}

def ArangeOp : Mind_InferredOp<"arange", "Creation", "arange", "Any", [Pure]> {
  let summary = "the numbers from start up to, not including, stop, in steps";
  let description = [{
    `arange(n)` counts from 0 to n - 1. Integers give i64; if one of the numbers
    is a float, the result is f32, each element rounded once. The numbers are
    known at compile time, and at least one is in the result.

    ```mlir
    %y = mind.arange {start = 0 : i64, stop = 10 : i64, step = 2 : i64} : () -> tensor<5xi64>
    ```
  }];
  let arguments = (ins Mind_Number<>:$start, Mind_Number<"none">:$stop,
                       Mind_Number<"1">:$step);
  let assemblyFormat = "attr-dict `:` functional-type(operands, results)";
  let example = [{
    (arange(5), arange(2, 10, 3), arange(3, 0, step=-1), arange(0.5, 2))
    // [0 1 2 3 4]
    // [2 5 8]
    // [3 2 1]
    // [0.5 1.5]
  }];
}

def LinspaceOp : Mind_InferredOp<"linspace", "Creation", "linspace", "Any",
                                 [Pure]> {
  let summary = "some numbers, evenly spaced from start to stop, both included";
  let description = [{
    There are `n` of them, in f32, each rounded once; a single one is `start`.

    ```mlir
    %y = mind.linspace {start = 0.0, stop = 1.0, n = 5 : i64} : () -> tensor<5xf32>
    ```
  }];
  let arguments = (ins Mind_Float<>:$start, Mind_Float<>:$stop, Mind_Int<>:$n);
  let assemblyFormat = "attr-dict `:` functional-type(operands, results)";
  let example = [{
    linspace(0, 1, 5)
    // [0.   0.25 0.5  0.75 1.  ]
  }];
}

def IotaOp : Mind_LanguageOp<"iota", "Creation", "iota", "Any", [Pure]> {
  let summary = "the position of each element along an axis, as i64";
  let description = [{
    ```mlir
    %y = mind.iota {axis = 1 : i64} : () -> tensor<2x3xi64>
    ```
  }];
  let arguments = (ins Mind_Axis<>:$axis);
  let parameters = (ins Mind_Shape<>:$shape, Mind_Axis<>:$axis);
  let assemblyFormat = "attr-dict `:` functional-type(operands, results)";
  let example = [{
    (iota([2, 3], 0), iota([2, 3], -1))
    // [[0 0 0]
    //  [1 1 1]]
    // [[0 1 2]
    //  [0 1 2]]
  }];
}

#endif // MIND_DIALECT_MIND_IR_CREATIONOPS_TD
