//===- Planning.cpp - from the mind dialect to a plan ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BackgroundCompiler.h"
#include "Compilation.h"
#include "Mind/Plan/Planner.h"
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
    if (mlir::failed(planned)) {
      if (!reportCoded(error, location))
        fail(Phase::Plan, error, location);
      return false;
    }
    plan::Program &program = planned->program;
    program.signature = signatureOf(state.program, *function);
    for (auto [site, at] : llvm::zip_equal(program.sites, planned->locations))
      locate(site, at);
    state.plans.push_back(std::move(program));
  }
  // Of several functions there is the text only.
  if (entry) {
    state.planned = std::make_shared<plan::PlanExecutable>(
        std::move(state.plans.front()), session.memory);
    state.plans.clear();
    state.executable = state.planned;
    if (state.options.tier == Tier::Auto &&
        state.options.stopAfter == Phase::Object &&
        mayGainByCode(state.planned->program()))
      state.executable = makeTiered();
  }
  return true;
}

namespace {
/// Has the program compiled again in the background.
class BackgroundMaker : public runtime::TieredExecutable::Maker {
public:
  BackgroundMaker(std::shared_ptr<BackgroundCompiler> compiler,
                  BackgroundCompiler::Job job, Duration cost)
      : compiler(std::move(compiler)), job(std::move(job)), cost(cost) {}

  Duration expectedCost() const override {
    return compiler->isWarm() ? cost : cost + expectedFirstCodeCost;
  }

  void start(std::shared_ptr<runtime::Promotion> promotion) override {
    job.promotion = std::move(promotion);
    compiler->add(std::move(job));
  }

private:
  std::shared_ptr<BackgroundCompiler> compiler;
  BackgroundCompiler::Job job;
  Duration cost;
};
} // namespace

std::shared_ptr<const runtime::Executable> Compilation::makeTiered() {
  BackgroundCompiler::Job job;
  const SourceFile &main = state.sources.mainFile();
  job.sources.restart(main.name(), main.text());
  for (size_t i = 1; i < state.sources.numFiles(); ++i) {
    const SourceFile &file = state.sources.file(i);
    job.sources.add(file.name(), file.text());
  }
  job.options = state.options;
  job.options.imports = nullptr; // Its owner promises it for this call only.
  return std::make_shared<runtime::TieredExecutable>(
      state.planned, std::make_unique<BackgroundMaker>(
                         session.background, std::move(job),
                         expectedCodeCost(state.planned->program())));
}
