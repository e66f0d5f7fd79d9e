//===- OptPipeline.cpp - from the phase mind to the phase opt --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mind;

namespace {

/// Operations of the language mean the same wherever they stand.
struct MindInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};

} // namespace

void mind::registerInlinerExtension(DialectRegistry &registry) {
  func::registerInlinerExtension(registry);
  registry.addExtension(+[](MLIRContext *, MindDialect *dialect) {
    dialect->addInterfaces<MindInlinerInterface>();
  });
}

void mind::buildOptPipeline(OpPassManager &manager) {
  // What is inlined is simplified below, together with the caller.
  manager.addPass(createInline());
  OpPassManager &functions = manager.nest<func::FuncOp>();
  functions.addPass(createCheckSizes());
  functions.addPass(createSimplify());
  functions.addPass(createFuse());
}

void Optimizer::run(ModuleOp module) {
  inlineCalls(module);
  for (auto function : module.getOps<func::FuncOp>()) {
    checkSizes(function);
    simplify(function.getBody(), patterns);
    formGroups(function);
  }
}
