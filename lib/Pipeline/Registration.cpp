//===- Registration.cpp - passes and pipelines by name --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Conversion/Passes.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "Mind/Pipeline/Pipelines.h"
#include "Mind/Plan/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/Transforms/Passes.h"
#include "mlir/Dialect/Vector/Transforms/Passes.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mind;

namespace {
/// What code generation is told on the command line; the processor that runs
/// mind-opt has no say, so that its output is the same everywhere.
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<unsigned> vectorBits{
      *this, "vector-bits",
      llvm::cl::desc("Width of a vector register in bits"),
      llvm::cl::init(CodegenOptions().vectorBits)};
  Option<unsigned> registers{*this, "registers",
                             llvm::cl::desc("Number of vector registers"),
                             llvm::cl::init(CodegenOptions().registers)};
  Option<int64_t> kernelLevel{
      *this, "kernel-level",
      llvm::cl::desc("Call kernels for x86-64-v3 (1), -v4 (2) or less (0)")};

  CodegenOptions codegen() const {
    CodegenOptions options{vectorBits, registers};
    if (kernelLevel.hasValue())
      options.kernelLevel = kernelLevel;
    return options;
  }
};
} // namespace

static void registerPipeline(Phase phase) {
  std::string name = "mind-to-" + std::string(phaseName(phase));
  std::string description =
      "From the mind dialect to: " + std::string(phaseInfo(phase).description);
  PassPipelineRegistration<PipelineOptions>(
      name, description, [phase](OpPassManager &pm, const PipelineOptions &o) {
        buildPipeline(pm, phase, o.codegen());
      });
}

void mind::registerPassesAndPipelines() {
  registerMindTransformsPasses();
  registerMindConversionPasses();
  registerCodegenPasses();
  registerPlanPasses();
  for (const PhaseInfo &info : phases)
    if (info.phase > firstModulePhase && info.phase <= lastModulePhase)
      registerPipeline(info.phase);

  registerTransformsPasses();
  arith::registerArithPasses();
  bufferization::registerBufferizationPasses();
  memref::registerMemRefPasses();
  registerLinalgPasses();
  registerSCFPasses();
  tensor::registerTensorPasses();
  vector::registerVectorPasses();
  registerConvertVectorToLLVMPass();
  registerConvertVectorToSCF();
  registerReconcileUnrealizedCastsPass();
  registerSCFToControlFlowPass();
}
