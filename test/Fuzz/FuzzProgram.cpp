//===- FuzzProgram.cpp - from any source to a module and its plan --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contexts.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Plan/Planner.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Imports.h"
#include "mlir/IR/Verifier.h"

using namespace mind;

namespace {
/// A program may import itself, or a file that is always there.
class Imports : public ImportLoader {
public:
  llvm::ErrorOr<std::string> load(llvm::StringRef path) override {
    if (path == "a.mind")
      return std::string("import input;\nconst N: i64 = 2;\n"
                         "type T = Tensor<f32,[N]>;\nfn f(x: T) { x + 1 }\n");
    if (path == "b.mind")
      return std::string("const N: i64 = 2;\ntype T = Tensor<f32,[N]>;\n"
                         "fn f(x: T) { x + 1 }\n");
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }
};
} // namespace

/// Either there are messages, or a module that verifies.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Contexts contexts;
  bool isTooLarge = false;
  SourceManager sources("input.mind", std::string(data, data + size));
  Imports imports;
  Interner interner;
  DiagnosticEngine diagnostics;
  Tree tree = parseProgram(sources, imports, interner, diagnostics);
  CheckedProgram program = check(tree, diagnostics);
  std::string messages;
  llvm::raw_string_ostream os(messages);
  renderText(diagnostics, sources, os);
  if (diagnostics.hasErrors())
    return 0;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      IRGenerator(contexts.next()).generate(program);
  if (!module || failed(mlir::verify(*module))) {
    llvm::errs() << "the module does not verify\n";
    std::abort();
  }
  Optimizer().run(*module);
  module->walk([&](mlir::func::FuncOp function) {
    mlir::ScopedDiagnosticHandler silence(
        module->getContext(), [&](mlir::Diagnostic &diagnostic) {
          // Memory beyond 64 bits is the program's fault.
          if (diagnostic.str().find("E1191") == std::string::npos)
            llvm::errs() << diagnostic << '\n';
          else
            isTooLarge = true;
          return mlir::success();
        });
    PlannedFunction planned;
    if (failed(planFunction(function, planned)) && !isTooLarge) {
      llvm::errs() << "there is no plan\n";
      std::abort();
    }
  });
  return 0;
}
