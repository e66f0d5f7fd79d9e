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
def ZerosOp : Mind_FilledOp<"zeros", "zeros">;
def OnesOp : Mind_FilledOp<"ones", "ones">;

#endif // MIND_DIALECT_MIND_IR_CREATIONOPS_TD
