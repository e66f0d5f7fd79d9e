//===- PatternSelection.h - the patterns that a module needs ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
#define MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H

#include "mlir/Rewrite/FrozenRewritePatternSet.h"

namespace mind {

/// The names of the operations in `root`, each once.
llvm::SmallVector<mlir::OperationName> operationNames(mlir::Operation *root);

/// The patterns of `all` for operations named `names`. Whoever applies patterns
/// sorts and weighs all that it is given, each time anew, which for a small
/// module takes longer than what it does. `all` must live as long.
mlir::FrozenRewritePatternSet
selectPatterns(const mlir::FrozenRewritePatternSet &all,
               llvm::ArrayRef<mlir::OperationName> names);

} // namespace mind

#endif // MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
