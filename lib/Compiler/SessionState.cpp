//===- SessionState.cpp - what compilations share -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SessionState.h"
#include "BackgroundCompiler.h"
#include "Compilation.h"
#include "Mind/Basic/DeferredConstructors.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Pipeline/Pipelines.h"

using namespace mind;

Session::State::State(std::shared_ptr<CodeCache> cache,
                      std::shared_ptr<runtime::MemoryPool> pool)
    : memory(std::move(pool)),
      background(std::make_shared<BackgroundCompiler>(memory, cache)),
      codeBuilder(std::move(cache)) {}

mlir::MLIRContext &Session::State::context() {
  if (!mlirContext) {
    mlir::DialectRegistry registry;
    registerLanguageDialects(registry);
    mlirContext = std::make_unique<mlir::MLIRContext>(
        registry, mlir::MLIRContext::Threading::DISABLED);
    mlirContext->getDiagEngine().registerHandler(
        [this](mlir::Diagnostic &diagnostic) {
          if (!firstError)
            return mlir::failure();
          firstError->note(diagnostic);
          return mlir::success();
        });
  }
  return *mlirContext;
}

IRGenerator &Session::State::irGenerator() {
  if (!ownIRGenerator) {
    loadIRGenDialects(context());
    ownIRGenerator = std::make_unique<IRGenerator>(context());
    // What is allocated one after the other lies side by side: the dialect, its
    // operations, and all that compilations add to them.
    nearMemory.setData(context().getLoadedDialect<MindDialect>());
  }
  return *ownIRGenerator;
}

void Session::State::addCodegenDialects() {
  if (std::exchange(hasCodegenDialects, true))
    return;
  runDeferredConstructors();
  mlir::DialectRegistry registry;
  registerDialects(registry);
  context().appendDialectRegistry(registry);
}

llvm::LLVMContext &Session::State::llvmContext() {
  if (!ownLlvmContext)
    ownLlvmContext = std::make_unique<llvm::LLVMContext>();
  return *ownLlvmContext;
}

llvm::Expected<MachineCodeGenerator &>
Session::State::generator(llvm::StringRef wanted) {
  if (machineCode && cpu == wanted)
    return *machineCode;
  auto created = MachineCodeGenerator::create(wanted);
  if (!created)
    return created.takeError();
  passManagers = {};
  machineCode = std::move(*created);
  cpu = wanted.str();
  return *machineCode;
}

llvm::Expected<Jit &> Session::State::jit() {
  if (!ownJit) {
    auto created = Jit::create();
    if (!created)
      return created.takeError();
    ownJit = std::move(*created);
  }
  return *ownJit;
}

mlir::PassManager &Session::State::passes(Phase phase,
                                          MachineCodeGenerator *generator,
                                          bool kernels, bool verify) {
  if (phase > Phase::Plan)
    addCodegenDialects();
  Passes &slot = passManagers[size_t(phase)];
  if (!slot.manager || slot.generator != generator || slot.kernels != kernels ||
      slot.verify != verify) {
    slot = {std::make_unique<mlir::PassManager>(&context()), generator, kernels,
            verify};
    slot.manager->enableVerifier(verify);
    CodegenOptions options;
    if (generator)
      options = generator->getCodegenOptions();
    if (generator && kernels)
      options.kernelLevel = int64_t(generator->getKernelLevel());
    options.parts = &codeBuilder;
    buildPhase(*slot.manager, phase, options);
  }
  return *slot.manager;
}
