//===- Optimizer.h - the phase opt, step by step ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes on the mind dialect do, as functions. A compilation calls
// them one after the other: a pass manager takes longer to get to them than
// they take on a small program.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_OPTIMIZER_H
#define MIND_DIALECT_MIND_TRANSFORMS_OPTIMIZER_H

#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mind {

/// Replaces calls by what they call and erases functions that nobody calls
/// from outside (`mind-inline`).
void inlineCalls(mlir::ModuleOp module);

/// Adds what `function` requires of its named sizes (`mind-check-sizes`).
void checkSizes(mlir::func::FuncOp function);

/// Folds, merges equal operations and erases unused ones in `region`, and
/// applies those of `patterns` whose operations occur (`mind-simplify`).
void simplify(mlir::Region &region, CanonicalizationPatterns &patterns);

/// Puts the operations of the language in `function` into groups
/// (`mind-fuse`).
void formGroups(mlir::func::FuncOp function);

/// Takes modules from the phase `mind` to the phase `opt`, as the passes of
/// buildOptPipeline do. All must be of one context.
class Optimizer {
public:
  void run(mlir::ModuleOp module);

private:
  CanonicalizationPatterns patterns;
};

} // namespace mind

#endif // MIND_DIALECT_MIND_TRANSFORMS_OPTIMIZER_H
