//===- CodeParts.h - what of a module is compiled apart --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module consists of parts: each function that `mind-outline-loops` marks is
// one, and all the rest is the last. Parts are translated and compiled one by
// one, in any order and beside one another. What is there already from another
// module need not be compiled at all.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_CODEGEN_CODEPARTS_H
#define MIND_CODEGEN_CODEPARTS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/Pass.h"

#include <string>

namespace mind {

/// Who knows which parts are there. Asked for each part of a module, the rest
/// last.
class CodeParts {
public:
  virtual ~CodeParts() = default;

  /// Whether code of others is wanted at all; else nothing is asked for.
  virtual bool areWanted() const = 0;

  /// Whether the code of a part is there. `name` is that of its function, empty
  /// for the rest; `text` says all that its code depends on, but for the target
  /// and the code of the parts that the rest calls.
  virtual bool isKnown(llvm::StringRef name, llvm::StringRef text) = 0;
};

/// Makes a pass that asks `parts`, and takes the bodies of functions whose code
/// is known. It runs before these would be converted to the LLVM dialect.
std::unique_ptr<mlir::Pass> createFindKnownParts(CodeParts &parts);

/// What the function of each part is called in the code of the part.
inline constexpr llvm::StringLiteral partName = "mind.part";

/// Moves the part `function` out of `module`, in the LLVM dialect: to a module
/// of its own, where it is called partName, with all that it needs from there.
/// A declaration stays behind.
mlir::OwningOpRef<mlir::ModuleOp> extractPart(mlir::ModuleOp module,
                                              llvm::StringRef function);

} // namespace mind

#endif // MIND_CODEGEN_CODEPARTS_H
