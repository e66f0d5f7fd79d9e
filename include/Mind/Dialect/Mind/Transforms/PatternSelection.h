//===- PatternSelection.h - the patterns that a module needs ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
#define MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H

#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "llvm/ADT/DenseMap.h"

namespace mind {

/// The names of the operations in `root`, each once.
llvm::SmallVector<mlir::OperationName> operationNames(mlir::Operation *root);

/// The patterns of `all` for operations named `names`. Whoever applies patterns
/// sorts and weighs all that it is given, each time anew, which for a small
/// module takes longer than what it does. `all` must live as long.
mlir::FrozenRewritePatternSet
selectPatterns(const mlir::FrozenRewritePatternSet &all,
               llvm::ArrayRef<mlir::OperationName> names);

/// The canonicalisation patterns of operations, made when an operation of the
/// name first occurs: most never do.
class CanonicalizationPatterns {
public:
  /// Whether there are any for operations named `name`.
  bool contains(mlir::OperationName name) { return !of(name).empty(); }

  /// Those for operations named `names`. This must live as long.
  mlir::FrozenRewritePatternSet
  select(llvm::ArrayRef<mlir::OperationName> names);

private:
  llvm::ArrayRef<mlir::RewritePattern *> of(mlir::OperationName name);

  llvm::DenseMap<mlir::OperationName, mlir::FrozenRewritePatternSet> sets;
};

} // namespace mind

#endif // MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
