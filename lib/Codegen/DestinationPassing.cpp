//===- DestinationPassing.cpp - results become buffers -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"

namespace mind {
#define GEN_PASS_DEF_DESTINATIONPASSING
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

struct DestinationPassing : impl::DestinationPassingBase<DestinationPassing> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    OpBuilder builder(&getContext());
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      function.setArgAttr(
          i, bufferization::BufferizationDialect::kWritableAttrName,
          builder.getBoolAttr(false));
    auto terminator =
        cast<func::ReturnOp>(function.getBody().back().getTerminator());
    builder.setInsertionPoint(terminator);
    for (Value result : terminator.getOperands()) {
      auto type = cast<RankedTensorType>(result.getType());
      unsigned number = function.getNumArguments();
      (void)function.insertArgument(
          number, MemRefType::get(type.getShape(), type.getElementType()), {},
          result.getLoc());
      auto materialize = bufferization::MaterializeInDestinationOp::create(
          builder, result.getLoc(), result, function.getArgument(number));
      materialize.setRestrict(true);
      materialize.setWritable(true);
    }
    terminator->eraseOperands(0, terminator.getNumOperands());
    function.setType(builder.getFunctionType(function.getArgumentTypes(), {}));
    function.removeResAttrsAttr();
  }
};

} // namespace
} // namespace mind
