//===- MachineCode.h - from the LLVM dialect to machine code ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_CODEGEN_MACHINECODE_H
#define MIND_CODEGEN_MACHINECODE_H

#include "Mind/Codegen/Passes.h"
#include "Mind/Runtime/Kernels/Cpu.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace mind {

/// Makes machine code for one processor. Dear to make, cheap to use; for one
/// thread at a time.
class MachineCodeGenerator {
public:
  /// For `cpu`: "native", or a name that LLVM knows, such as "x86-64-v3".
  static llvm::Expected<std::unique_ptr<MachineCodeGenerator>>
  create(llvm::StringRef cpu = "native");

  llvm::TargetMachine &getTargetMachine() { return *machine; }
  /// Whether the processor that this runs on has every instruction the code may
  /// use.
  bool runsHere() const { return canRunHere; }
  /// How code is best generated for the processor; without kernels.
  CodegenOptions getCodegenOptions() const;
  /// The instruction set of the kernels for the processor.
  kernels::CpuLevel getKernelLevel() const;

  /// LLVM IR for a module in the LLVM dialect; null if it cannot be
  /// translated.
  std::unique_ptr<llvm::Module> translate(mlir::ModuleOp module,
                                          llvm::LLVMContext &context);
  /// Appends an object file to `object`; changes `module`. `hasKernels` if
  /// kernels do all that takes long, so that less care for the code is due.
  llvm::Error emitObject(llvm::Module &module,
                         llvm::SmallVectorImpl<char> &object,
                         bool hasKernels = false);
  /// Writes the same as assembly; changes `module`.
  llvm::Error emitAssembly(llvm::Module &module, llvm::raw_pwrite_stream &os,
                           bool hasKernels = false);

  ~MachineCodeGenerator();

private:
  struct ObjectPasses;

  MachineCodeGenerator(std::unique_ptr<llvm::TargetMachine> made,
                       bool isNative);
  /// Chooses how much is done for the code of `module`, as a number.
  unsigned prepare(llvm::Module &module, bool hasKernels);

  std::unique_ptr<llvm::TargetMachine> machine;
  bool canRunHere;
  /// By how much is done.
  std::unique_ptr<ObjectPasses> objectPasses[3];
};

} // namespace mind

#endif // MIND_CODEGEN_MACHINECODE_H
