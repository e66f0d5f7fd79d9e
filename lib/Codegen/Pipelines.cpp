//===- Pipelines.cpp - the passes of code generation in order ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallPrint.h"
#include "KernelCalls.h"
#include "Mind/Codegen/CodeParts.h"
#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/Transforms/SubsetOpInterfaceImpl.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

using namespace mlir;

namespace mind {

void buildLinalgToVector(OpPassManager &pm, const CodegenOptions &options) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  VectorizeOptions vectorize;
  vectorize.vectorBits = options.vectorBits;
  vectorize.registers = options.registers;
  // Before there are loops on tensors that are not the program's.
  functions.addPass(createDestinationPassing());
  functions.addPass(createVectorize(vectorize));
  functions.addPass(createInlineGroups());
}

void buildVectorToBufferized(OpPassManager &pm) {
  pm.addPass(createBufferize());
  pm.addPass(createPlanWorkspace());
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createRollCalls());
  functions.addPass(createPrefetch());
}

void buildBufferizedToLLVM(OpPassManager &pm, const CodegenOptions &options) {
  pm.addPass(createLowerAbi());
  pm.addPass(createOutlineLoops());
  if (options.parts)
    pm.addPass(createFindKnownParts(*options.parts));
  pm.addPass(createExpandMath());
  pm.addPass(createConvertToLLVM());
}

void registerCodegenInterfaces(DialectRegistry &registry) {
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  vector::registerBufferizableOpInterfaceExternalModels(registry);
  vector::registerSubsetOpInterfaceExternalModels(registry);
  registerCallPrintBufferization(registry);
  registerKernelBufferization(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

} // namespace mind
