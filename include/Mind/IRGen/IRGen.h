//===- IRGen.h - from checked programs to modules ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_IRGEN_IRGEN_H
#define MIND_IRGEN_IRGEN_H

#include "Mind/Sema/CheckedProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mind {

/// Loads the dialects of every module that generateIR makes. Those of control
/// flow it loads itself when there is any: a program without takes a third of
/// the time to a module.
void loadIRGenDialects(mlir::MLIRContext &context);

struct IRGenOptions {
  /// If set, it alone is made, with what it calls: what else there is would be
  /// made to be erased.
  const CheckedFunction *entry = nullptr;
  /// Whether arguments have their names. Machine code has none.
  bool names = true;
};

/// Makes a module of `program`, which must be ok: a func.func for each
/// function, with operations of the mind dialect at the places of the source:
/// the whole expression where it stands on one line, else its operator or
/// callee. Tuples are taken apart: a parameter or result of tuple type becomes
/// one for each of its tensors. Each argument has its name as the attribute
/// `mind.name`. A function with named sizes that is called with certain ones
/// is generated for these too, as a private copy.
mlir::OwningOpRef<mlir::ModuleOp> generateIR(const CheckedProgram &program,
                                             mlir::MLIRContext &context,
                                             const IRGenOptions &options = {});

} // namespace mind

#endif // MIND_IRGEN_IRGEN_H
