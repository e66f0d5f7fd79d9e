//===- FuzzDialect.cpp - parser and verifier of the dialect ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contexts.h"
#include "Mind/Plan/Planner.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

/// What is read and verifies can be printed and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static mind::Contexts contexts;
  mlir::MLIRContext &context = contexts.next();
  mlir::ScopedDiagnosticHandler silence(
      &context, [](mlir::Diagnostic &) { return mlir::success(); });
  auto read = [&](llvm::StringRef text) {
    return mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  };
  std::string input(data, data + size); // a NUL must follow it
  // MLIR's own parser of attributes dies of it.
  if (input.find("array<index") != std::string::npos)
    return 0;
  auto module = read(input);
  if (!module)
    return 0;
  std::string text;
  llvm::raw_string_ostream(text) << *module;
  if (!read(text)) {
    llvm::errs() << "what was printed cannot be read:\n" << text << '\n';
    std::abort();
  }
  module->walk([](mlir::func::FuncOp function) {
    mind::PlannedFunction planned;
    if (!function.isExternal() && succeeded(mind::verifyGrouped(function)))
      (void)mind::planFunction(function, planned);
  });
  return 0;
}
