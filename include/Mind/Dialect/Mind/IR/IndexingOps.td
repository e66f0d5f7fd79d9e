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
    `index(x, i, j)` is `x[i, j]`: each index selects from an axis, which the
    result lacks. The axes are the first ones unless stated. An index is a
    scalar, maybe known to the run only; a negative one counts from the end.

    ```mlir
    %y = mind.index %x, %i {axes = array<i64: 1>} : (tensor<3x4xf32>, tensor<i64>) -> tensor<3xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_Rest<"Index">:$indices,
                       Mind_Axes<>:$axes);
}

def GatherOp : Mind_IndexingOp<"gather", "gather"> {
  let summary = "the parts of x at many positions of an axis";
  let description = [{
    The result has the shape of `indices` in place of the axis, as NumPy's `take`
    gives it. Indices are not negative.

    ```mlir
    %y = mind.gather %x, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_TensorOf<"Index">:$indices,
                       Mind_Axis<"0">:$axis);
}

def EmbeddingOp : Mind_IndexingOp<"embedding", "embedding"> {
  let summary = "the rows of a table that ids name";
  let description = [{
    `gather(table, ids, axis=0)` of a table of rank 2.

    ```mlir
    %y = mind.embedding %table, %ids : (tensor<10x4xf32>, tensor<2x5xi64>) -> tensor<2x5x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$table, Mind_TensorOf<"Index">:$ids);
}

def ScatterAddOp : Mind_IndexingOp<"scatter_add", "scatterAdd",
                                   "Numeric"> {
  let summary = "x with updates added at many positions of an axis";
  let description = [{
    The opposite of `gather`: `updates` have the shape that
    `gather(x, indices, axis)` has, and go where that takes from. They are added
    in row-major order, integers wrap, f16 and bf16 are added in f32 and rounded
    once. Indices are not negative.

    ```mlir
    %y = mind.scatter_add %x, %i, %u {axis = 0 : i64} : (tensor<3x4xf32>, tensor<5xi64>, tensor<5x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Mind_Tensor:$x, Mind_TensorOf<"Index">:$indices,
                       Mind_Tensor:$updates, Mind_Axis<"0">:$axis);
}

def OneHotOp : Mind_LanguageOp<"one_hot", "Indexing", "oneHot", "Index",
                               failureTraits> {
  let summary = "1 at the position that each id names, 0 elsewhere";
  let description = [{
    A last axis of extent `n` is added. Ids are from 0 to n - 1.

    ```mlir
    %y = mind.one_hot %ids {n = 10 : i64} : (tensor<5xi64>) -> tensor<5x10xf32>
    ```
  }];
  let arguments = (ins Mind_TensorOf<"Index">:$ids, Mind_Int<>:$n);
  let parameters = (ins Mind_TensorOf<"Index">:$ids, Mind_Int<>:$n,
                        Mind_DType<"f32">:$dtype);
  let assemblyFormat = "$ids attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = languageDeclaration # failureDeclaration;
  let extraClassDefinition = languageDefinition # failureDefinition;
}

#endif // MIND_DIALECT_MIND_IR_INDEXINGOPS_TD
