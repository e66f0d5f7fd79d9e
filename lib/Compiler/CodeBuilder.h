//===- CodeBuilder.h - machine code of a module, in parts ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_CODEBUILDER_H
#define MIND_LIB_COMPILER_CODEBUILDER_H

#include "Mind/Codegen/CodeParts.h"
#include "Mind/Codegen/MachineCode.h"
#include "Mind/Compiler/Session.h"
#include "Mind/Jit/CodeCache.h"

#include <map>

namespace mind {

/// Makes machine code of modules, one after the other, that runs in this
/// process: of what is new, part by part, in threads where that pays. Each part
/// is a module, an object and an entry of the cache of its own, so that its
/// code depends on nothing else.
class CodeBuilder final : public CodeParts {
public:
  explicit CodeBuilder(std::shared_ptr<CodeCache> cache);
  ~CodeBuilder() override;

  /// Begins a module, for the processor of `generator`. From here on parts may
  /// be asked for, if `reuseCode`.
  void start(MachineCodeGenerator &generator, const CompileOptions &options,
             bool reuseCode);

  bool areWanted() const override { return reuseCode; }
  bool isKnown(llvm::StringRef name, llvm::StringRef text) override;

  /// The code of `module`, in the LLVM dialect, which is taken apart; all else
  /// is that of this thread.
  llvm::Expected<std::shared_ptr<const Jit::Code>>
  build(mlir::ModuleOp module, MachineCodeGenerator &generator,
        llvm::LLVMContext &context, Jit &jit);

  /// Of the module that was built last.
  CodePartCounts counts() const { return partCounts; }

private:
  using Code = std::shared_ptr<const Jit::Code>;

  /// A part that the cache was asked for, and what it said.
  struct Search {
    std::string text;
    Code code;
  };
  struct Task;
  struct Worker;

  std::string keyOf(llvm::StringRef name) const;
  /// Takes the parts that are to be compiled from `module`, the rest last.
  std::vector<Task> takeApart(mlir::ModuleOp module);
  llvm::SmallVector<Worker *> distribute(std::vector<Task> &tasks);
  /// Gives code that was made to whoever wants it, or takes theirs if they were
  /// faster.
  Code share(llvm::StringRef name, Code made);

  const std::shared_ptr<CodeCache> cache;
  std::string cpu;
  bool kernels = true, reuseCode = false;
  /// As CompileOptions::compileThreads.
  unsigned threads = 0;
  /// What code depends on besides the part that it is of.
  std::string target;
  /// By the name of the function, which of the rest is empty.
  std::map<std::string, Search, std::less<>> searches;
  CodePartCounts partCounts;
  /// The first works in the thread of the Session.
  std::vector<std::unique_ptr<Worker>> workers;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_CODEBUILDER_H
