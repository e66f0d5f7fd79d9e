//===- PatternSelection.cpp - the patterns that a module needs -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace {
/// Stands for a pattern of another set.
struct Reference : RewritePattern {
  explicit Reference(const RewritePattern &pattern, OperationName root)
      : RewritePattern(root.getStringRef(), pattern.getBenefit(),
                       root.getContext()),
        pattern(pattern) {
    setHasBoundedRewriteRecursion(pattern.hasBoundedRewriteRecursion());
  }

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    return pattern.matchAndRewrite(op, rewriter);
  }

  const RewritePattern &pattern;
};
} // namespace

SmallVector<OperationName> mind::operationNames(Operation *root) {
  llvm::SmallSetVector<OperationName, 16> names;
  root->walk([&](Operation *op) { names.insert(op->getName()); });
  return names.takeVector();
}

FrozenRewritePatternSet mind::selectPatterns(const FrozenRewritePatternSet &all,
                                             ArrayRef<OperationName> names) {
  const auto &patterns = all.getOpSpecificNativePatterns();
  OperationName any = names.front();
  RewritePatternSet selected(any.getContext());
  for (OperationName name : names)
    if (auto found = patterns.find(name); found != patterns.end())
      for (const RewritePattern *pattern : found->second)
        selected.add(std::make_unique<Reference>(*pattern, name));
  return FrozenRewritePatternSet(std::move(selected));
}
