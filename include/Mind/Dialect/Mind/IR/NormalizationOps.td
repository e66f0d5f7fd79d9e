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

#endif // MIND_DIALECT_MIND_IR_NORMALIZATIONOPS_TD
