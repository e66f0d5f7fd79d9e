//===- MindDialect.td - the mind dialect ---------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_MINDDIALECT_TD
#define MIND_DIALECT_MIND_IR_MINDDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"

def Mind_Dialect : Dialect {
  let name = "mind";
  let cppNamespace = "::mind";
  let summary = "Tensor programs as the MIND language states them";
  let description = [{
    A tensor dialect in SSA form on builtin ranked tensors, one operation per
    operation of the language. Elementwise operations broadcast as the
    language does; convolution is NHWC by HWCF. Integers are signless, `u8` is
    `ui8`, `bool` is `i1`. Functions are `func.func`.

    Result types follow from operand types and attributes by the rules of the
    `Shape` room, which the type checker of the language uses too: type
    inference and verification here only call them.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    /// What verifiers have found right already.
    ::mind::detail::RightTypes rightTypes;
  }];
}

class Mind_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Mind_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def Mind_DimsAttr : Mind_Attr<"Dims", "dims",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "Extents of a tensor as expressions over named sizes";
  let description = [{
    The encoding of a ranked tensor whose extents are not all constants: one
    polynomial over the function's named sizes per dimension, so that `4*B`
    is not lost where the builtin type can only say `?`.

    ```mlir
    tensor<?x3xf32, #mind.dims<["4*B", "3"]>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$extents);
  let assemblyFormat = "`<` `[` $extents `]` `>`";
}

#endif // MIND_DIALECT_MIND_IR_MINDDIALECT_TD
