//===- PatternSelection.h - the patterns that a module needs ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
#define MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H

#include "mlir/Rewrite/FrozenRewritePatternSet.h"

namespace mind {

/// The patterns of `all` whose operation occurs in `root`. A conversion sorts
/// and weighs all that it is given, each time anew, which on a small module
/// takes longer than what it converts. `all` must live as long, and its
/// patterns must make nothing that other patterns are needed for.
mlir::FrozenRewritePatternSet
selectPatterns(const mlir::FrozenRewritePatternSet &all, mlir::Operation *root);

} // namespace mind

#endif // MIND_DIALECT_MIND_TRANSFORMS_PATTERNSELECTION_H
