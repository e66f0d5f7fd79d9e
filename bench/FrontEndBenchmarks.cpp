//===- FrontEndBenchmarks.cpp - source to module ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The front end beside its yardstick (yardstick/Yardstick.h). Each benchmark
// makes a module and destroys it, in a warm session or context:
//
//   yardstick/NAME  build the module by hand, and mlir::verify
//   built/NAME      build it by hand only
//   module/NAME     source to the checked module of the mind dialect
//   verified/NAME   the same, and mlir::verify
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Programs.h"
#include "Yardstick.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include <benchmark/benchmark.h>
#include <functional>

using namespace mind;
using benchmark::RegisterBenchmark;

using MakeModule =
    std::function<mlir::OwningOpRef<mlir::ModuleOp>(mlir::MLIRContext &)>;

static void buildModule(benchmark::State &state, mlir::MLIRContext &context,
                        const MakeModule &make, bool verify) {
  for (auto _ : state) {
    mlir::OwningOpRef<mlir::ModuleOp> module = make(context);
    if (verify && failed(mlir::verify(*module)))
      return state.SkipWithError("the module does not verify");
  }
}

static void compileModule(benchmark::State &state, Session &session,
                          const std::string &source, bool verify) {
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  options.verify = verify;
  for (auto _ : state) {
    CompileResult result = session.compile(source, "benchmark.mind", options);
    if (!result.ok())
      return state.SkipWithError("the program does not compile");
  }
}

/// A Session from nothing to its first module.
static void compileInFreshSession(benchmark::State &state,
                                  const std::string &source) {
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  for (auto _ : state) {
    Session session;
    CompileResult result = session.compile(source, "benchmark.mind", options);
    benchmark::DoNotOptimize(result);
  }
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  Session session;
  session.prepare(Phase::Mind);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  yardstick::loadDialects(context);

  const std::pair<const char *, MakeModule> yardsticks[] = {
      {"small_matmul",
       [](auto &context) {
         return yardstick::makeMatmul(context, 10, 20, 30);
       }},
      {"simple_mlp", yardstick::makeMlp}};
  for (const auto &[name, make] : yardsticks)
    for (bool verify : {false, true})
      RegisterBenchmark(
          (std::string(verify ? "yardstick/" : "built/") + name).c_str(),
          [&context, &make, verify](benchmark::State &state) {
            buildModule(state, context, make, verify);
          });

  std::vector<bench::Program> programs = bench::loadPrograms();
  for (const bench::Program &program : programs)
    for (bool verify : {false, true})
      RegisterBenchmark(
          ((verify ? "verified/" : "module/") + program.name).c_str(),
          [&session, &program, verify](benchmark::State &state) {
            compileModule(state, session, program.source, verify);
          });
  const bench::Program &small =
      *llvm::find_if(programs, [](const bench::Program &program) {
        return program.name == "script_small_matmul";
      });
  RegisterBenchmark("fresh_session/script_small_matmul",
                    [&small](benchmark::State &state) {
                      compileInFreshSession(state, small.source);
                    });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
