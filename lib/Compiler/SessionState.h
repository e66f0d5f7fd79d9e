//===- SessionState.h - what compilations share ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_SESSIONSTATE_H
#define MIND_LIB_COMPILER_SESSIONSTATE_H

#include "CodeBuilder.h"
#include "Mind/Codegen/MachineCode.h"
#include "Mind/Compiler/Session.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/IRGen/IRGen.h"
#include "Mind/Jit/Jit.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Symbol.h"
#include "NearMemory.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/LLVMContext.h"

namespace mind {

class BackgroundCompiler;
class FirstError;

/// Each part is made when it is first wanted: `mindc check` pays for none.
struct Session::State {
  explicit State(std::shared_ptr<CodeCache> cache,
                 std::shared_ptr<runtime::MemoryPool> memory =
                     std::make_shared<runtime::MemoryPool>());

  NearMemory nearMemory;
  Interner interner;
  TypeChecker checker{interner};
  /// For results and workspaces of the programs.
  const std::shared_ptr<runtime::MemoryPool> memory;
  /// Starts no thread before something is to be compiled.
  const std::shared_ptr<BackgroundCompiler> background;

  /// Knows the dialects up to the phase `plan`, and has none before there is an
  /// IRGenerator.
  mlir::MLIRContext &context();
  IRGenerator &irGenerator();
  /// Whom the context's diagnostics go to; null: to standard error, as MLIR
  /// does it. One handler for all of a Session, since it takes longer to
  /// register one than to plan a small operation.
  FirstError *firstError = nullptr;
  /// Makes the dialects and interfaces of code generation known to the context.
  void addCodegenDialects();
  llvm::LLVMContext &llvmContext();

  /// For the processor `cpu`. An error if LLVM does not know it.
  llvm::Expected<MachineCodeGenerator &> generator(llvm::StringRef cpu);
  llvm::Expected<Jit &> jit();
  /// For code that runs in this process.
  CodeBuilder codeBuilder;

  /// For the phase `opt`, without a verifier.
  Optimizer &optimizer() { return ownOptimizer; }

  /// The passes that lead to `phase`, with their options for `generator`
  /// (null before code generation), kernels if `kernels`, and the verifier
  /// after each if `verify`. The code builder is asked what need not be
  /// compiled.
  mlir::PassManager &passes(Phase phase, MachineCodeGenerator *generator,
                            bool kernels, bool verify);

private:
  std::unique_ptr<mlir::MLIRContext> mlirContext;
  std::unique_ptr<IRGenerator> ownIRGenerator;
  bool hasCodegenDialects = false;
  Optimizer ownOptimizer;
  std::unique_ptr<llvm::LLVMContext> ownLlvmContext;
  std::string cpu;
  std::unique_ptr<MachineCodeGenerator> machineCode;
  std::unique_ptr<Jit> ownJit;

  /// One slot a phase. A pass manager is made anew when what it was made for
  /// changes.
  struct Passes {
    std::unique_ptr<mlir::PassManager> manager;
    MachineCodeGenerator *generator = nullptr;
    bool kernels = false;
    bool verify = false;
  };
  std::array<Passes, numPhases> passManagers;

public:
  /// What is left of a compilation that is over, for the next; or null.
  std::unique_ptr<CompileResult::State> spare;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_SESSIONSTATE_H
