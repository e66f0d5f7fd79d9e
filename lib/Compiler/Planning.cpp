//===- Planning.cpp - from the mind dialect to a plan ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BackgroundCompiler.h"
#include "Compilation.h"
#include "Mind/Plan/Planner.h"
#include "Signatures.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mind;

static mlir::func::FuncOp functionNamed(mlir::ModuleOp module,
                                        llvm::StringRef name) {
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (function.getSymName() == name)
      return function;
  llvm_unreachable("what is wanted has been generated");
}

bool Compilation::plan() {
  FirstError error(session);
  for (const CheckedFunction *function : wantedFunctions()) {
    PlannedFunction planned;
    if (mlir::failed(planFunction(functionNamed(*state.module, function->name),
                                  planned)))
      return fail(Phase::Plan, error);
    plan::Program &program = *planned.program;
    program.signature = signatureOf(state.program, *function);
    program.memory = session.memory;
    for (auto [site, at] : llvm::zip_equal(program.sites, planned.locations))
      locate(site, at);
    state.plans.push_back(std::move(planned.program));
  }
  // Of several functions there is the text only.
  if (entry) {
    state.planned =
        std::make_shared<plan::PlanExecutable>(std::move(state.plans.front()));
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
