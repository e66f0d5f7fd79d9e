//===- StructureOps.td - what programs do not name -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD
#define MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD

include "Mind/Dialect/Mind/IR/MindBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/IR/OpAsmInterface.td"

def ConstantOp : Mind_Op<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "a tensor known at compile time";
  let description = [{
    ```mlir
    %c = mind.constant dense<2.0> : tensor<f32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Mind_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
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

def RecordErrorOp : Mind_Op<"record_error", [
    MemoryEffects<[MemWrite<DefaultResource>]>]> {
  let summary = "reports a run-time error if a condition holds";
  let description = [{
    If `condition` holds and the call has no error yet, records `code` (the
    number of an E6xxx diagnostic) and this operation's site in the context of
    the call. Execution goes on: whoever emits this makes the result defined.
    The location of the operation is the line that the user is shown.

    ```mlir
    mind.record_error %is_zero {code = 6005 : i32}
    ```
  }];
  let arguments = (ins I1:$condition, I32Attr:$code);
  let assemblyFormat = "$condition attr-dict";
}

#endif // MIND_DIALECT_MIND_IR_STRUCTUREOPS_TD
