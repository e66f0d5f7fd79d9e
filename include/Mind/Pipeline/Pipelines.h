//===- Pipelines.h - the passes between phases -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which passes lead from one phase to the next. The compiler and mind-opt run
// the same ones.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PIPELINE_PIPELINES_H
#define MIND_PIPELINE_PIPELINES_H

#include "Mind/Codegen/Passes.h"
#include "Mind/Pipeline/Phases.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace mind {

/// The phases whose result is a module of MLIR that passes work on.
inline constexpr Phase firstModulePhase = Phase::Mind;
inline constexpr Phase lastModulePhase = Phase::Llvm;

/// Adds the passes that turn what the parent of `phase` leaves into what
/// `phase` leaves. `phase` is after `mind` and not after `llvm`.
void buildPhase(mlir::OpPassManager &pm, Phase phase,
                const CodegenOptions &options);

/// Adds the passes from the mind dialect to what `phase` leaves.
void buildPipeline(mlir::OpPassManager &pm, Phase phase,
                   const CodegenOptions &options);

/// Registers the dialects that programs are in up to the phase `plan`. None
/// brings in another's: to load all takes microseconds.
void registerLanguageDialects(mlir::DialectRegistry &registry);

/// Registers the dialects that programs are in before and between the phases,
/// with the interfaces that the passes want of them.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers our passes and the upstream ones that they build on, and a
/// pipeline for each phase, such as --mind-to-linalg. For mind-opt, since it
/// fills global tables.
void registerPassesAndPipelines();

} // namespace mind

#endif // MIND_PIPELINE_PIPELINES_H
