//===- Planning.cpp - from the mind dialect to a plan ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "Mind/Plan/Planner.h"
#include "Mind/Runtime/Plan/PlanExecutable.h"
#include "Signatures.h"
#include "mlir/IR/Diagnostics.h"

using namespace mind;

bool Compilation::plan() {
  std::string error;
  std::optional<mlir::Location> location;
  mlir::ScopedDiagnosticHandler handler(&session.context(),
                                        [&](mlir::Diagnostic &diagnostic) {
                                          if (!location) {
                                            error = diagnostic.str();
                                            location = diagnostic.getLocation();
                                          }
                                          return mlir::success();
                                        });
  for (const CheckedFunction *function : wantedFunctions()) {
    auto op = state.module->lookupSymbol<mlir::func::FuncOp>(function->name);
    mlir::FailureOr<PlannedFunction> planned = planFunction(op);
    if (mlir::failed(planned))
      return fail(Phase::Plan, error, location);
    plan::Program &program = planned->program;
    program.signature = toRuntime(state.program->signature(*function));
    for (auto [site, at] : llvm::zip_equal(program.sites, planned->locations))
      locate(site, at);
    state.plans.push_back(std::move(program));
  }
  // Of several functions there is the text only.
  if (entry) {
    auto made =
        std::make_shared<plan::PlanExecutable>(std::move(state.plans.front()));
    state.plans.clear();
    state.executable = std::move(made);
  }
  return true;
}
