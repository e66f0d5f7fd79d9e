//===- PhaseBenchmarks.cpp - every phase of compilation ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One benchmark for each phase of Phases.def and each program: the time that
// the phase alone takes in a warm session, as the compiler itself reports it.
// The counters give it per operation of the mind dialect that the phase works
// on, and per byte of source.
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Programs.h"
#include <benchmark/benchmark.h>

using namespace mind;
using benchmark::Counter;

/// The number of operations of the mind dialect that `phase` works on: those of
/// `source`, or after phase `opt` those that it leaves, groups not counted.
static size_t countOperations(Session &session, const std::string &source,
                              Phase phase) {
  CompileOptions options;
  options.stopAfter = phase > Phase::Opt ? Phase::Opt : Phase::Mind;
  std::string text;
  llvm::raw_string_ostream os(text);
  session.compile(source, "benchmark.mind", options).print(os);
  llvm::StringRef module(text);
  return module.count(" = mind.") - module.count(" = mind.group");
}

static void compilePhase(benchmark::State &state, Session &session, Phase phase,
                         const std::string &source) {
  CompileOptions options;
  options.stopAfter = phase;
  options.tier = Tier::Code;
  options.reuseCode = false;
  options.timePhases = true;
  for (auto _ : state) {
    CompileResult result = session.compile(source, "benchmark.mind", options);
    if (!result.ok())
      return state.SkipWithError("the program does not compile");
    state.SetIterationTime(result.timings()[size_t(phase)]);
  }
  const auto each = Counter::kIsIterationInvariantRate | Counter::kInvert;
  state.counters["per_op"] =
      Counter(countOperations(session, source, phase), each);
  state.counters["per_byte"] = Counter(source.size(), each);
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  Session session;
  session.prepare();
  std::vector<bench::Program> programs = bench::loadPrograms();
  for (const PhaseInfo &info : phases)
    for (const bench::Program &program : programs)
      benchmark::RegisterBenchmark(
          (std::string(info.name) + "/" + program.name).c_str(),
          [&session, &info, &program](benchmark::State &state) {
            compilePhase(state, session, info.phase, program.source);
          })
          ->UseManualTime()
          ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
