//===- IndexingOps.td - elements by their position -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_INDEXINGOPS_TD
#define MIND_DIALECT_MIND_IR_INDEXINGOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"

// Indices that are out of bounds are E6001: at compile time if they are
// constants, else at run time.
class Mind_IndexingOp<string mnemonic, string rule, string dtypes = "Any">
    : Mind_InferredOp<mnemonic, "Indexing", rule, dtypes, failureTraits> {
  let extraClassDeclaration = languageDeclaration # failureDeclaration;
  let extraClassDefinition = inferredDefinition # failureDefinition;
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

def IndexOp : Mind_IndexingOp<"index", "index"> {
  let summary = "the part of x at one position of some axes";
  let description = [{
    `index(x, i, j)` is what `x[i, j]` means: each index selects from an axis,
    which the result lacks. The axes are the first ones unless stated. An index
    has rank 0 and may be computed at run time; a negative one counts from the
    end. One that is out of bounds is E6001.

    ```mlir
    %y = mind.index %x, %i {axes = array<i64: 1>} : (tensor<3x4xf32>, tensor<i64>) -> tensor<3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Rest<"Index">:$indices,
                       Mind_Axes<>:$axes);
  let example = [{
    let x = [[1, 2, 3], [4, 5, 6]];
    let i = argmax([0.5, 2.5]);
    (x[i], index(x, 0, -1), index(x, -1, axes=1))
    // [4 5 6]
    // 3
    // [3 6]
  }];
}

def GatherOp : Mind_IndexingOp<"gather", "gather"> {
  let summary = "the parts of x at many positions of an axis";
  let description = [{
    The result has the shape of `indices` in place of the axis, as NumPy's
    `take` gives it (and unlike PyTorch's `gather`). An index that is negative
    or beyond the axis is E6001.

    ```mlir
    %y = mind.gather %x, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_TensorOf<"Index">:$indices,
                       Mind_Axis<"0">:$axis);
  let example = [{
    let x = [[1, 2, 3], [4, 5, 6]];
    (gather(x, [1, 0, 1]), gather(x, [[0, 2], [2, 0]], axis=-1))
    // [[4 5 6]
    //  [1 2 3]
    //  [4 5 6]]
    // [[[1 3]
    //   [3 1]]
    //
    //  [[4 6]
    //   [6 4]]]
  }];
}

def EmbeddingOp : Mind_IndexingOp<"embedding", "embedding"> {
  let summary = "the rows of a table that ids name";
  let description = [{
    `gather(table, ids, axis=0)` of a table of rank 2: the result has the shape
    of `ids`, and then the length of a row. An id without a row is E6001.

    ```mlir
    %y = mind.embedding %table, %ids : (tensor<10x4xf32>, tensor<2x5xi64>) -> tensor<2x5x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$table, Mind_TensorOf<"Index">:$ids);
  let example = [{
    let table = [[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]];
    embedding(table, [2, 0, 2])
    // [[2.  2.5]
    //  [0.  0.5]
    //  [2.  2.5]]
  }];
}

def ScatterAddOp : Mind_IndexingOp<"scatter_add", "scatterAdd",
                                   "Numeric"> {
  let summary = "the sum of x and updates at many positions of an axis";
  let description = [{
    The opposite of `gather`: `updates` have the shape that
    `gather(x, indices, axis)` has, and go where that takes from. Several may go
    to one place: they are added in row-major order. Integers wrap, f16 and bf16
    are added in f32 and rounded once. An index that is negative or beyond the
    axis is E6001.

    ```mlir
    %y = mind.scatter_add %x, %i, %u {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>, tensor<5x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_TensorOf<"Index">:$indices,
                       Mind_Tensor:$updates, Mind_Axis<"0">:$axis);
  let example = [{
    let counts = zeros(4);
    scatter_add(counts, [1, 3, 1, 1], [1.0, 1.0, 1.0, 0.5])
    // [0.  2.5 0.  1. ]
  }];
}

def OneHotOp : Mind_LanguageOp<"one_hot", "Indexing", "oneHot", "Index",
                               failureTraits> {
  let summary = "ones at the positions that ids name, zeros elsewhere";
  let description = [{
    The result has one axis more, of extent `n`, at the end. Ids are from 0 to
    n - 1; others are E6001.

    ```mlir
    %y = mind.one_hot %ids {n = 10 : i64} : (tensor<5xi64>) -> tensor<5x10xf32>
    ```
  }];
  let arguments = (ins Mind_TensorOf<"Index">:$ids, Mind_Int<>:$n);
  let parameters = (ins Mind_TensorOf<"Index">:$ids, Mind_Int<>:$n,
                        Mind_DType<"f32">:$dtype);
  let example = [{
    one_hot([2, 0], 3, dtype=i32)
    // [[0 0 1]
    //  [1 0 0]]
  }];
  let assemblyFormat = "$ids attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = languageDeclaration # failureDeclaration;
  let extraClassDefinition = languageDefinition # failureDefinition;
}

#endif // MIND_DIALECT_MIND_IR_INDEXINGOPS_TD
