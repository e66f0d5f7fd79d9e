//===- Simplify.cpp - canonical forms, at the cost of what occurs --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mind {
#define GEN_PASS_DEF_SIMPLIFY
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace {
struct Simplify : mind::impl::SimplifyBase<Simplify> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet all(context);
    for (Dialect *dialect : context->getLoadedDialects())
      dialect->getCanonicalizationPatterns(all);
    for (RegisteredOperationName name : context->getRegisteredOperations())
      name.getCanonicalizationPatterns(all, context);
    patterns = std::move(all);
    return success();
  }

  void runOnOperation() override {
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal();
    SmallVector<OperationName> before,
        after = mind::operationNames(getOperation());
    // What patterns make may be of another kind, which others are made for.
    do {
      before = std::move(after);
      // Simplification is best effort.
      (void)applyPatternsGreedily(
          getOperation(), mind::selectPatterns(patterns, before), config);
      after = mind::operationNames(getOperation());
    } while (!llvm::all_of(after, [&](OperationName name) {
      return llvm::is_contained(before, name);
    }));
  }

  FrozenRewritePatternSet patterns;
};
} // namespace
