//===- LanguageOpInterface.td - operations of the language ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_LANGUAGEOPINTERFACE_TD
#define MIND_DIALECT_MIND_IR_LANGUAGEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def Mind_LanguageOpInterface : OpInterface<"LanguageOpInterface"> {
  let cppNamespace = "::mind";
  let description = [{
    An operation that programs of the language can name. Gives access to its
    entry in the operation table: family, parameters, shape rule.
  }];
  let methods = [
    InterfaceMethod<"The operation's entry in the table of operations.",
                    "const ::mind::OpInfo &", "getOpInfo">,
  ];
  let extraSharedClassDeclaration = [{
    /// Whether every element of the result depends only on the elements of
    /// the operands at the same (broadcast) position.
    bool isElementwise() {
      return $_op.getOpInfo().family == ::mind::OpFamily::Elementwise;
    }
  }];
}

#endif // MIND_DIALECT_MIND_IR_LANGUAGEOPINTERFACE_TD
