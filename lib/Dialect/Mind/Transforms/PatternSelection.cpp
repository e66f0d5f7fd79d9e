//===- PatternSelection.cpp - the patterns that a module needs -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mind;

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

static void addReferences(ArrayRef<RewritePattern *> patterns,
                          OperationName name, RewritePatternSet &selected) {
  for (const RewritePattern *pattern : patterns)
    selected.add(std::make_unique<Reference>(*pattern, name));
}

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
      addReferences(found->second, name, selected);
  return FrozenRewritePatternSet(std::move(selected));
}

ArrayRef<RewritePattern *> CanonicalizationPatterns::of(OperationName name) {
  auto [entry, isNew] = sets.try_emplace(name);
  if (std::optional<RegisteredOperationName> info = name.getRegisteredInfo();
      isNew && info) {
    RewritePatternSet patterns(name.getContext());
    info->getCanonicalizationPatterns(patterns, name.getContext());
    if (!patterns.getNativePatterns().empty())
      entry->second = std::move(patterns);
  }
  const auto &byName = entry->second.getOpSpecificNativePatterns();
  auto found = byName.find(name);
  if (found == byName.end())
    return {};
  return found->second;
}

FrozenRewritePatternSet
CanonicalizationPatterns::select(ArrayRef<OperationName> names) {
  RewritePatternSet selected(OperationName(names.front()).getContext());
  for (OperationName name : names)
    addReferences(of(name), name, selected);
  return FrozenRewritePatternSet(std::move(selected));
}
