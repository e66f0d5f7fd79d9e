//===- OptPipeline.cpp - from the phase mind to the phase opt --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/InliningUtils.h"
#include "mlir/Transforms/Passes.h"

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
  // The inliner leaves a function that only another unused one calls.
  manager.addPass(createSymbolDCEPass());
  // What is inlined is simplified below, together with the caller.
  manager.addPass(createInlinerPass({}, /*defaultPipelineBuilder=*/nullptr));
  OpPassManager &functions = manager.nest<func::FuncOp>();
  functions.addPass(createCheckSizes());
  functions.addPass(createSimplify());
  functions.addPass(createCSEPass());
  functions.addPass(createFuse());
}
