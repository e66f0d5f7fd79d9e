//===- StructureOps.td - what programs do not name -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD
#define MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/IR/OpAsmInterface.td"

def ConstantOp : Mind_Op<"constant", [Pure, ConstantLike]> {
  let summary = "a tensor known at compile time";
  let description = [{
    ```mlir
    %c = mind.constant dense<2.0> : tensor<f32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Mind_Tensor:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
}

def GroupOp : Mind_Op<"group", [IsolatedFromAbove, RecursiveMemoryEffects,
    SingleBlockImplicitTerminator<"YieldOp">, AutomaticAllocationScope]> {
  let summary = "what one kernel computes";
  let description = [{
    A region which one kernel computes: a root (a contraction, a reduction, a
    normalisation...) with the elementwise operations before and after it.
    `mind-fuse` forms groups; everything after it works on one group at a time.

    ```mlir
    %y = mind.group (%a = %x : tensor<4xf32>) -> tensor<4xf32> {
      %0 = mind.exp %a : (tensor<4xf32>) -> tensor<4xf32>
      %1 = mind.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
      mind.yield %1 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The single block of the region; its arguments stand for `inputs`.
    ::mlir::Block &getBlock() { return getBody().front(); }
    /// The terminator.
    YieldOp getYield();
  }];
}

def YieldOp : Mind_Op<"yield", [Pure, Terminator, ReturnLike,
                                ParentOneOf<["GroupOp"]>]> {
  let summary = "the results of a group";
  let description = [{
    ```mlir
    mind.yield %1 : tensor<4xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  // For groups that yield nothing yet.
  let builders = [OpBuilder<(ins), [{ (void)$_builder; (void)$_state; }]>];
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def SizeOp : Mind_Op<"size", [Pure]> {
  let summary = "what a named size is in this call";
  let description = [{
    The value of one of the function's named sizes (`mind.sizes`). Extents
    that are expressions over sizes are arithmetic on these.

    ```mlir
    %b = mind.size "B"
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Index:$result);
  let assemblyFormat = "$name attr-dict";
}

def ExtentOp : Mind_Op<"extent", [Pure]> {
  let summary = "an extent as a value of the language";
  let description = [{
    What an expression over the function's named sizes is in this call: `B` or
    `x.shape[0]` in a program.

    ```mlir
    %n = mind.extent "4*B" : tensor<i64>
    ```
  }];
  let arguments = (ins StrAttr:$value);
  let results = (outs 0DTensorOf<[I64]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::mind::Dim getExtent() { return *::mind::Dim::parse(getValue()); }
  }];
}

def RecordErrorOp : Mind_Op<"record_error", [
    MemoryEffects<[MemWrite<DefaultResource>]>]> {
  let summary = "reports a run-time error if a condition holds";
  let description = [{
    If `condition` holds and the call has no error yet, records `code` (the
    number of a diagnostic), this operation's site and `values` in the
    context of the call. Execution goes on: whoever emits this makes the result
    defined. The location of the operation is the line that the user is shown,
    under `message`, in which {0} and {1} stand for `values`.

    ```mlir
    mind.record_error %is_zero, 6005, "integer division by zero"
    mind.record_error %outside, 6001, "index {0} is out of bounds for axis 1 of extent 5"(%i : i64)
    ```
  }];
  let arguments = (ins I1:$condition, I32Attr:$code, StrAttr:$message,
                       Variadic<AnyTypeOf<[I64, Index]>>:$values);
  // The code and message of `kind`. Those of its `arguments` that only the run
  // knows are "{0}" and "{1}", and stand in `values`.
  let builders = [OpBuilder<(ins "::mlir::Value":$condition,
                                 "::mind::DiagKind":$kind,
                                 CArg<"::llvm::ArrayRef<std::string>", "{}">:$arguments,
                                 CArg<"::mlir::ValueRange", "{}">:$values)>];
  let assemblyFormat = [{
    $condition `,` $code `,` $message (`(` $values^ `:` type($values) `)`)?
    attr-dict
  }];
  let hasVerifier = 1;
}

def RequireOp : Mind_Op<"require", [
    MemoryEffects<[MemWrite<DefaultResource>]>]> {
  let summary = "refuses calls whose sizes do not satisfy a condition";
  let description = [{
    The product of `extents` fits in 64 bits and is at least `least`. A call in
    which this does not hold computes nothing: it ends with `code` (the number
    of a diagnostic), the site of the first such operation, and the product,
    which {0} stands for in `message`. Stands at the top of a function, so that
    all that follows may rely on it.

    ```mlir
    mind.require <["B - 2"]> at_least 1, 3006, "dimension 0 of [B - 2] is {0}, and must be at least 1"
    mind.require <["N", "N", "4"]>, 3011, "shape [N, N] has more than 2^63 - 1 elements"
    ```
  }];
  let arguments = (ins Mind_DimsAttr:$extents, OptionalAttr<I64Attr>:$least,
                       I32Attr:$code, StrAttr:$message);
  // The code and message of `kind`, whose `arguments` are as in RecordErrorOp.
  let builders = [OpBuilder<(ins "::llvm::ArrayRef<::mind::Dim>":$extents,
                                 "std::optional<int64_t>":$least,
                                 "::mind::DiagKind":$kind,
                                 "::llvm::ArrayRef<std::string>":$arguments)>];
  let assemblyFormat = [{
    $extents (`at_least` $least^)? `,` $code `,` $message attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mind::Dims getDims();
  }];
}

def CallPrintOp : Mind_Op<"call_print", [
    MemoryEffects<[MemWrite<DefaultResource>]>]> {
  let summary = "shows a text and tensors to the caller";
  let description = [{
    Calls the `print` function in the context of the call, unless that is null or
    the call has an error already. In `format`, {} stands for each of `values` in
    turn, and {{ for a brace. `dtypes` are the types that their elements have in
    the language. Bufferisation makes dense memrefs of the tensors.

    ```mlir
    mind.call_print "x = {}\0A"(%x : tensor<4xi8>) as [ui8]
    ```
  }];
  let arguments = (ins StrAttr:$format,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>>:$values,
                       TypeArrayAttr:$dtypes);
  let assemblyFormat = [{
    $format (`(` $values^ `:` type($values) `)`)? `as` $dtypes attr-dict
  }];
  let hasVerifier = 1;
}

#endif // MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD
