//===- Pipelines.cpp - the passes between phases --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Pipeline/Pipelines.h"
#include "Mind/Conversion/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "Mind/Plan/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

void mind::buildPhase(OpPassManager &pm, Phase phase,
                      const CodegenOptions &options) {
  switch (phase) {
  case Phase::Opt:
    buildOptPipeline(pm);
    return;
  case Phase::Plan:
    pm.addPass(createPrintPlan());
    return;
  case Phase::Linalg:
    pm.addPass(createShareGroups());
    pm.addPass(createConvertMindToLinalg());
    return;
  case Phase::Vector:
    if (options.kernelLevel)
      pm.nest<func::FuncOp>().addPass(
          createSelectKernels({*options.kernelLevel}));
    pm.nest<func::FuncOp>().addPass(createDecomposeAttention());
    buildLinalgToVector(pm, options);
    return;
  case Phase::Bufferized:
    buildVectorToBufferized(pm);
    return;
  case Phase::Llvm:
    buildBufferizedToLLVM(pm, options);
    return;
  case Phase::Parse:
  case Phase::Check:
  case Phase::Mind:
  case Phase::Object:
    break;
  }
  llvm_unreachable("no passes lead to this phase");
}

void mind::buildPipeline(OpPassManager &pm, Phase phase,
                         const CodegenOptions &options) {
  for (const PhaseInfo &info : phases)
    if (info.phase > Phase::Mind && leadsTo(info.phase, phase))
      buildPhase(pm, info.phase, options);
}

void mind::registerLanguageDialects(DialectRegistry &registry) {
  registry.insert<MindDialect, arith::ArithDialect, func::FuncDialect,
                  scf::SCFDialect, tensor::TensorDialect>();
}

void mind::registerDialects(DialectRegistry &registry) {
  registerLanguageDialects(registry);
  registry.insert<bufferization::BufferizationDialect, cf::ControlFlowDialect,
                  linalg::LinalgDialect, LLVM::LLVMDialect, math::MathDialect,
                  memref::MemRefDialect, vector::VectorDialect>();
  registerInlinerExtension(registry);
  registerCodegenInterfaces(registry);
}
