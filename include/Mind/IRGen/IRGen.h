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
#include <memory>

namespace mind {

/// Loads the dialects of every module that IRGenerator makes. Those of control
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

class IRCache;

/// Makes modules in one context. What many modules have in common, such as the
/// names of operations and the types of tensors, it keeps from one to the next,
/// within a bound.
class IRGenerator {
public:
  /// The context must have loadIRGenDialects behind it, and outlive this.
  explicit IRGenerator(mlir::MLIRContext &context);
  ~IRGenerator();

  /// Makes a module of `program`, which must be ok: a func.func for each
  /// function, with operations of the mind dialect at the places of the source:
  /// the whole expression where it stands on one line, else its operator or
  /// callee. Tuples are taken apart: a parameter or result of tuple type
  /// becomes one for each of its tensors. Each argument has its name as the
  /// attribute `mind.name`. A function with named sizes that is called with
  /// certain ones is generated for these too, as a private copy.
  mlir::OwningOpRef<mlir::ModuleOp> generate(const CheckedProgram &program,
                                             const IRGenOptions &options = {});

  /// Destroys what is in `module`, of the same context, and keeps the rest for
  /// the next one, which is made sooner if it is there. MLIR goes over all
  /// operations three times first, so that none is destroyed while it is used.
  /// From the last to the first none is, if it is the module of a program.
  void recycle(mlir::OwningOpRef<mlir::ModuleOp> module);

private:
  std::unique_ptr<IRCache> cache;
  /// Empty, without attributes; or null.
  mlir::OwningOpRef<mlir::ModuleOp> spare;
};

} // namespace mind

#endif // MIND_IRGEN_IRGEN_H
