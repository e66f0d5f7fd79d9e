//===- FrontEndBenchmarks.cpp - source to module ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The front end beside its yardstick (yardstick/Yardstick.h). Each of these
// makes a module and destroys it, in a warm session or context:
//
//   yardstick/NAME  build the module by hand, and mlir::verify
//   built/NAME      build it by hand only
//   module/NAME     source to the checked module of the mind dialect
//   verified/NAME   the same, and mlir::verify
//   share/PHASE/NAME  the time of one of these two as a share of that of its
//                   yardstick, taken right before it each time: both see the
//                   same clock on a machine that changes its own
//
// And of others: fresh_session/NAME is a session from nothing to its first
// module; PHASE/1MB the way of 1 MB of ordinary functions through the phases up
// to that one, with bytes a second; growth/N that of about N operations to the
// module, with the time for each; cold/first/NAME the way to a plan after other
// memory has passed through the caches, and cold/next/NAME that of the program
// that is compiled right after another one was then.
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Programs.h"
#include "Yardstick.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
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

/// The counter `share` is the median of many shares. An iteration is a hundred
/// modules of each, one right after the other.
static void shareOfYardstick(benchmark::State &state, Session &session,
                             const std::string &source,
                             mlir::MLIRContext &context,
                             const MakeModule &makeYardstick, bool verify) {
  using Clock = std::chrono::steady_clock;
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  options.verify = verify;
  std::vector<double> shares;
  for (auto _ : state) {
    bool ok = true;
    Clock::time_point start = Clock::now();
    for (int i = 0; i != 100; ++i) {
      mlir::OwningOpRef<mlir::ModuleOp> module = makeYardstick(context);
      ok &= succeeded(mlir::verify(*module));
    }
    Clock::time_point middle = Clock::now();
    for (int i = 0; i != 100; ++i)
      ok &= session.compile(source, "benchmark.mind", options).ok();
    Clock::time_point end = Clock::now();
    if (!ok)
      return state.SkipWithError("a module is missing");
    shares.push_back(std::chrono::duration<double>(end - middle) /
                     std::chrono::duration<double>(middle - start));
  }
  auto median = shares.begin() + shares.size() / 2;
  std::nth_element(shares.begin(), median, shares.end());
  state.counters["share"] = *median;
}

/// A Session from nothing to its first module, without what comes after.
static void compileInFreshSession(benchmark::State &state,
                                  const std::string &source) {
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  for (auto _ : state) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point start = Clock::now();
    Session session;
    CompileResult result = session.compile(source, "benchmark.mind", options);
    if (!result.ok())
      return state.SkipWithError("the program does not compile");
    state.SetIterationTime(
        std::chrono::duration<double>(Clock::now() - start).count());
  }
}

/// To a plan after a pause in which the caches were used for something else;
/// right after it, or after another program was compiled.
static void compileCold(benchmark::State &state, Session &session,
                        const std::string &source, const std::string &another) {
  using Clock = std::chrono::steady_clock;
  std::vector<char> others(size_t(64) << 20);
  CompileOptions options;
  options.stopAfter = Phase::Plan;
  options.tier = Tier::Plan;
  bool areRight = true;
  for (auto _ : state) {
    for (size_t i = 0; i < others.size(); i += 64)
      benchmark::DoNotOptimize(++others[i]);
    if (!another.empty())
      areRight &= session.compile(another, "another.mind", options).ok();
    Clock::time_point start = Clock::now();
    CompileResult result = session.compile(source, "benchmark.mind", options);
    state.SetIterationTime(
        std::chrono::duration<double>(Clock::now() - start).count());
    areRight &= result.ok();
  }
  if (!areRight)
    state.SkipWithError("the program does not compile");
}

/// `source` up to `phase`; `numOperations` of it, if that is not 0, share in
/// the time.
static void compileLong(benchmark::State &state, Session &session,
                        const std::string &source, Phase phase,
                        size_t numOperations = 0) {
  CompileOptions options;
  options.stopAfter = phase;
  for (auto _ : state) {
    CompileResult result = session.compile(source, "benchmark.mind", options);
    if (!result.ok())
      return state.SkipWithError("the program does not compile");
  }
  state.SetBytesProcessed(int64_t(state.iterations() * source.size()));
  if (numOperations)
    state.counters["per_op"] = benchmark::Counter(
        double(numOperations), benchmark::Counter::kIsIterationInvariantRate |
                                   benchmark::Counter::kInvert);
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
  auto program = [&](llvm::StringRef name) -> const bench::Program & {
    return *llvm::find_if(programs, [&](const bench::Program &program) {
      return program.name == name;
    });
  };
  const std::pair<const char *, const MakeModule &> shares[] = {
      {"script_small_matmul", yardsticks[0].second},
      {"script_simple_mlp", yardsticks[1].second},
      {"script_scalar_math", yardsticks[0].second}};
  for (const auto &[name, make] : shares)
    for (bool verify : {false, true})
      RegisterBenchmark(
          ((verify ? "share/verified/" : "share/module/") + std::string(name))
              .c_str(),
          [&session, &context, &make, &source = program(name).source,
           verify](benchmark::State &state) {
            shareOfYardstick(state, session, source, context, make, verify);
          })
          ->Unit(benchmark::kMicrosecond);
  const bench::Program &small = program("script_small_matmul");
  RegisterBenchmark("fresh_session/script_small_matmul",
                    [&small](benchmark::State &state) {
                      compileInFreshSession(state, small.source);
                    })
      ->UseManualTime();

  const std::string another = program("script_reductions").source;
  for (const char *name :
       {"scalar_math", "small_matmul", "simple_mlp", "conv2d"})
    for (bool isNext : {false, true})
      RegisterBenchmark(
          ((isNext ? "cold/next/" : "cold/first/") + std::string(name)).c_str(),
          [&session, &source = program(name).source,
           another = isNext ? another : ""](benchmark::State &state) {
            compileCold(state, session, source, another);
          })
          ->UseManualTime()
          ->Iterations(200)
          ->Unit(benchmark::kMicrosecond);

  const std::string megabyte = bench::makeLongSource(3650);
  for (Phase phase : {Phase::Parse, Phase::Check, Phase::Mind})
    RegisterBenchmark((std::string(phaseName(phase)) + "/1MB").c_str(),
                      [&, phase](benchmark::State &state) {
                        compileLong(state, session, megabyte, phase);
                      })
        ->Unit(benchmark::kMillisecond);
  for (size_t numOperations = 10; numOperations <= 1'000'000;
       numOperations *= 10)
    RegisterBenchmark(
        ("growth/" + std::to_string(numOperations)).c_str(),
        [&session, numOperations](benchmark::State &state) {
          // A function has 7: a constant, a product and five on its elements.
          const unsigned numFunctions = (numOperations + 6) / 7;
          std::string source = bench::makeLongSource(numFunctions);
          compileLong(state, session, source, Phase::Mind, 7 * numFunctions);
        });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
