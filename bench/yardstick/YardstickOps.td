//===- YardstickOps.td - the yardstick's dialect ----------------*- tablegen -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BENCH_YARDSTICK_OPS
#define MIND_BENCH_YARDSTICK_OPS

include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Yardstick_Dialect : Dialect {
  let name = "yardstick";
  let cppNamespace = "::mind::yardstick";
}

class Yardstick_Op<string mnemonic, dag operands>
    : Op<Yardstick_Dialect, mnemonic, [Pure]> {
  let arguments = operands;
  let results = (outs AnyRankedTensor:$result);
}

def Yardstick_FillOp : Yardstick_Op<"fill", (ins F64Attr:$value)>;
def Yardstick_MatmulOp
    : Yardstick_Op<"matmul", (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs)>;
def Yardstick_AddOp
    : Yardstick_Op<"add", (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs)>;
def Yardstick_ReluOp : Yardstick_Op<"relu", (ins AnyRankedTensor:$x)>;

#endif // MIND_BENCH_YARDSTICK_OPS
