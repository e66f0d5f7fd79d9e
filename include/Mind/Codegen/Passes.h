//===- Passes.h - passes of code generation --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From linalg on tensors to the LLVM dialect, on CPU.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_CODEGEN_PASSES_H
#define MIND_CODEGEN_PASSES_H

#include "Mind/Shape/Dim.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace mind {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Mind/Codegen/Passes.h.inc"

class CodeParts;

/// What code generation knows of the machine.
struct CodegenOptions {
  /// Width of a vector register in bits, and how many there are.
  unsigned vectorBits = 256;
  unsigned registers = 16;
  /// The instruction set of the kernels that code may call
  /// (kernels::CpuLevel); none: all code is generated.
  std::optional<int64_t> kernelLevel = std::nullopt;
  /// Who has a say in which parts of a module are compiled; null: all are.
  CodeParts *parts = nullptr;
};

/// linalg -> vector: the groups of each function become loops on vectors, once
/// kernels are selected and no attention is left.
void buildLinalgToVector(mlir::OpPassManager &pm,
                         const CodegenOptions &options);
/// vector -> bufferized: tensors become buffers, in one workspace.
void buildVectorToBufferized(mlir::OpPassManager &pm);
/// bufferized -> llvm: the LLVM dialect, with the ABI of executables.
void buildBufferizedToLLVM(mlir::OpPassManager &pm,
                           const CodegenOptions &options);

/// Registers the interfaces by which these passes bufferise and translate.
void registerCodegenInterfaces(mlir::DialectRegistry &registry);

/// The name, in machine code, of the MIND function `function`. It is another
/// one, so that a program may have a `main` or an `exp` of its own.
inline std::string getSymbolName(llvm::StringRef function) {
  return ("mind_" + function).str();
}

/// The attribute of functions that holds the size of their workspace in bytes:
/// a number, or an expression over the named sizes.
inline constexpr llvm::StringLiteral workspaceSizeAttr = "mind.workspace_size";
/// The attribute of functions that says, if that size is a number, how many of
/// these bytes are in use at once, at most.
inline constexpr llvm::StringLiteral workspaceLiveAttr = "mind.workspace_live";
/// What workspaceSizeAttr says; 0 if it is not there.
Dim getWorkspaceSize(mlir::Operation *function);
/// The attribute (a `DimsAttr`) of memref arguments whose extents are not all
/// constant.
inline constexpr llvm::StringLiteral extentsAttr = "mind.extents";
/// The attribute of functions that are compiled apart from their module; see
/// `mind-outline-loops`.
inline constexpr llvm::StringLiteral partAttr = "mind.part";
/// The attribute of functions that lists the sites of run-time errors in the
/// order of their numbers: dictionaries of `at`, a location, `message`, and
/// `values`, how many values the message shows.
inline constexpr llvm::StringLiteral sitesAttr = "mind.sites";
/// The attribute of functions that lists what they require of their sizes:
/// dictionaries of `extents`, a `DimsAttr`, and `code`, `site` and maybe
/// `least`, integers; see `mind.require`.
inline constexpr llvm::StringLiteral requirementsAttr = "mind.requirements";

} // namespace mind

#endif // MIND_CODEGEN_PASSES_H
