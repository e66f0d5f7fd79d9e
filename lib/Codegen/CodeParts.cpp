//===- CodeParts.cpp - what of a module is compiled apart ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/CodeParts.h"
#include "CanonicalText.h"
#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace mind {
namespace {

struct FindKnownParts : PassWrapper<FindKnownParts, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FindKnownParts)
  explicit FindKnownParts(CodeParts &parts) : parts(parts) {}

  StringRef getName() const override { return "FindKnownParts"; }

  void runOnOperation() override {
    if (!parts.areWanted())
      return;
    std::string rest;
    CanonicalText restText(rest);
    SmallVector<Operation *> restOps;
    for (Operation &op :
         llvm::make_early_inc_range(*getOperation().getBody())) {
      auto function = dyn_cast<func::FuncOp>(op);
      if (op.hasAttr(partAttr)) {
        std::string text;
        CanonicalText partText(text);
        partText.add(function.getFunctionType());
        partText.add(function.getBody());
        if (parts.isKnown(function.getName(), text))
          eraseBody(function);
        continue;
      }
      // What executables are told of their errors is not in their code.
      restText.add(&op, {sitesAttr, requirementsAttr});
      restOps.push_back(&op);
    }
    if (!parts.isKnown("", rest))
      return;
    for (Operation *op : restOps)
      if (auto function = dyn_cast<func::FuncOp>(op))
        eraseBody(function);
  }

private:
  static void eraseBody(func::FuncOp function) {
    function.eraseBody();
    function.setPrivate();
    function->removeAttr("llvm.linkage");
  }

  CodeParts &parts;
};

} // namespace

std::unique_ptr<Pass> createFindKnownParts(CodeParts &parts) {
  return std::make_unique<FindKnownParts>(parts);
}

OwningOpRef<ModuleOp> extractPart(ModuleOp module, StringRef name) {
  SymbolTable symbols(module);
  auto function = symbols.lookup<LLVM::LLVMFuncOp>(name);
  function.setLinkage(LLVM::Linkage::External);
  function->removeAttr(partAttr);
  Operation *declaration = function->cloneWithoutRegions();
  module.getBody()->getOperations().insert(function->getIterator(),
                                           declaration);
  function.setSymName(partName);
  OwningOpRef<ModuleOp> part(ModuleOp::create(function.getLoc()));
  function->moveBefore(part->getBody(), part->getBody()->end());
  // Functions of the C library, plans of kernels: none uses another symbol.
  llvm::SetVector<Operation *> used;
  auto uses = SymbolTable::getSymbolUses(&function.getBody());
  for (const SymbolTable::SymbolUse &use : *uses)
    if (Operation *op = symbols.lookup(use.getSymbolRef().getRootReference()))
      used.insert(op);
  OpBuilder builder = OpBuilder::atBlockBegin(part->getBody());
  for (Operation *op : used)
    builder.clone(*op);
  return part;
}

} // namespace mind
