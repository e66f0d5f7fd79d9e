//===- Passes.h - passes on the mind dialect -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_TRANSFORMS_PASSES_H
#define MIND_DIALECT_MIND_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mind {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"

/// Lets the upstream inliner inline calls between functions of the language,
/// for experiments in mind-opt.
void registerInlinerExtension(mlir::DialectRegistry &registry);

/// From the phase `mind` to the phase `opt`: inlines calls, simplifies, and
/// forms groups. Optimizer does the same without a pass manager.
void buildOptPipeline(mlir::OpPassManager &manager);

} // namespace mind

#endif // MIND_DIALECT_MIND_TRANSFORMS_PASSES_H
