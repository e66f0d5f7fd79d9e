//===- FuzzProgram.cpp - from any source to a module that verifies --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contexts.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Parser.h"
#include "mlir/IR/Verifier.h"

using namespace mind;

/// Either there are messages, or a module that verifies.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Contexts contexts;
  SourceFile file("input.mind", std::string(data, data + size));
  Interner interner;
  DiagnosticEngine diagnostics;
  Tree tree = parse(file, interner, diagnostics);
  CheckedProgram program = check(tree, diagnostics);
  std::string messages;
  llvm::raw_string_ostream os(messages);
  renderText(diagnostics, file, os);
  if (diagnostics.hasErrors())
    return 0;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      generateIR(program, contexts.next());
  if (!module || failed(mlir::verify(*module))) {
    llvm::errs() << "the module does not verify\n";
    std::abort();
  }
  return 0;
}
