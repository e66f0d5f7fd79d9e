//===- SyntaxBenchmarks.cpp - lexer and parser ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times are for a whole source; the counters give them per token or per node,
// and per byte of source.
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Lexer.h"
#include "Mind/Syntax/Parser.h"
#include "Programs.h"
#include <benchmark/benchmark.h>

using namespace mind;
using benchmark::Counter;

/// Seconds spent on each of `count` things that one iteration deals with.
static Counter perThing(double count) {
  return Counter(count, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

static void lexSource(benchmark::State &state, const std::string &source) {
  SourceFile file("benchmark.mind", source);
  size_t numTokens = 0;
  for (auto _ : state) {
    Interner interner;
    DiagnosticEngine diags;
    TokenBuffer tokens = lex(file, interner, diags);
    numTokens = tokens.tokens.size();
    benchmark::DoNotOptimize(tokens);
  }
  state.counters["per_token"] = perThing(numTokens);
  state.counters["per_byte"] = perThing(source.size());
}

static void parseSource(benchmark::State &state, const std::string &source) {
  SourceFile file("benchmark.mind", source);
  size_t numNodes = 0;
  for (auto _ : state) {
    Interner interner;
    DiagnosticEngine diags;
    Tree tree = parse(file, interner, diags);
    if (diags.hasErrors())
      return state.SkipWithError("the program has syntax errors");
    numNodes = tree.size();
    benchmark::DoNotOptimize(tree);
  }
  state.counters["per_node"] = perThing(numNodes);
  state.counters["per_byte"] = perThing(source.size());
}

int main(int argc, char **argv) {
  std::vector<bench::Program> programs = bench::loadPrograms();
  programs.push_back({"long_source", bench::makeLongSource(1000)});
  for (const bench::Program &program : programs) {
    benchmark::RegisterBenchmark(("lex/" + program.name).c_str(), lexSource,
                                 program.source);
    benchmark::RegisterBenchmark(("parse/" + program.name).c_str(), parseSource,
                                 program.source);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
