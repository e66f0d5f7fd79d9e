//===- PrintPlan.cpp - print the plan of each function --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Plan/Passes.h"
#include "Mind/Plan/Planner.h"
#include "mlir/IR/BuiltinOps.h"

namespace mind {
#define GEN_PASS_DEF_PRINTPLAN
#include "Mind/Plan/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

/// What the IR says of the caller's side of `function`.
static runtime::Signature signatureOf(func::FuncOp function) {
  runtime::Signature signature;
  signature.name = function.getName().str();
  if (auto names = function->getAttrOfType<ArrayAttr>(sizesAttr))
    for (auto name : names.getAsRange<StringAttr>())
      signature.sizes.push_back(name.str());
  auto toRuntimeType = [&](Type type) {
    auto tensorType = cast<RankedTensorType>(type);
    runtime::TensorType result{*dtypeOf(tensorType.getElementType()), {}};
    Dims dims = *dimsOf(tensorType);
    for (const Dim &dim : dims)
      result.dims.push_back(toRuntime(dim, signature.sizes));
    return result;
  };
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto name = function.getArgAttrOfType<StringAttr>(index, "mind.name");
    signature.parameters.push_back(
        {name ? name.str() : "arg" + std::to_string(index),
         toRuntimeType(type)});
  }
  for (Type type : function.getResultTypes())
    signature.results.push_back(toRuntimeType(type));
  return signature;
}

namespace {

struct PrintPlan : mind::impl::PrintPlanBase<PrintPlan> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      if (failed(verifyGrouped(function)))
        return signalPassFailure();
      PlannedFunction planned;
      if (failed(planFunction(function, planned)))
        return signalPassFailure();
      planned.program->signature = signatureOf(function);
      llvm::outs() << planned.program->text();
    }
    markAllAnalysesPreserved();
  }
};

} // namespace
