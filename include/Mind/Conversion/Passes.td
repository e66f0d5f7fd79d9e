//===- Passes.td - conversions between dialects --------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_CONVERSION_PASSES_TD
#define MIND_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMindToLinalg
    : Pass<"convert-mind-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower operations of the language to linalg on tensors";
  let description = [{
    Replaces every operation of the language by linalg, tensor, arith and math
    operations. `mind.group` stays, as the scope of code generation, and so
    does `mind.record_error`, which an integer division gives for its divisor.
    Attention becomes `mind.kernel.attention`, since linalg has none.

    From here on tensors hold elements as memory does: `bool` is `i8` (0 or 1)
    and `ui8` is a signless `i8`, in signatures too. f16 and bf16 are widened
    to f32 when read and rounded when written, once an operation, so that
    values do not depend on what is fused with what. Elementwise operations
    broadcast by their indexing maps; scalar constants stand in the bodies.

    Symbolic sizes are not supported yet and are reported.

    ```mlir
    %0 = mind.add %x, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
    becomes
    ```mlir
    %e = tensor.empty() : tensor<2x3xf32>
    %0 = linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (i, j)>,
                         affine_map<(i, j) -> (j)>,
                         affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %b : tensor<2x3xf32>, tensor<3xf32>)
        outs(%e : tensor<2x3xf32>) {
    ^bb0(%l: f32, %r: f32, %o: f32):
      %s = arith.addf %l, %r : f32
      linalg.yield %s : f32
    } -> tensor<2x3xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"];
}

def DecomposeAttention
    : Pass<"mind-decompose-attention", "::mlir::func::FuncOp"> {
  let summary = "Replaces attention that no kernel takes by linalg";
  let description = [{
    Each `mind.kernel.attention` without a level becomes two contractions and
    what a softmax is made of between them.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

#endif // MIND_CONVERSION_PASSES_TD
