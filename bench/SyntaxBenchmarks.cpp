//===- SyntaxBenchmarks.cpp - lexer and parser ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times are for a whole source, in the state that a Session reaches: its names
// are known, and the memory of an earlier tree is used again. Counters give the
// throughput, the time per token or per node, and how much memory a first parse
// takes, at its peak, per byte of source.
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Lexer.h"
#include "Mind/Syntax/Parser.h"
#include "Programs.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mind;
using benchmark::Counter;

/// Seconds spent on each of `count` things that one iteration deals with.
static Counter perThing(double count) {
  return Counter(count, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

static void lexSource(benchmark::State &state, const std::string &source) {
  SourceFile file("benchmark.mind", source);
  Interner interner;
  size_t numTokens = 0;
  for (auto _ : state) {
    DiagnosticEngine diags;
    Lexer lexer(file, interner, diags);
    std::array<Token, 192> tokens;
    tokens[0] = lexer.beforeFirst();
    numTokens = 0;
    Token *last;
    do {
      last = lexer.lex(&tokens[1], tokens.end()) - 1;
      numTokens += size_t(last - tokens.data());
      tokens[0] = *last;
      benchmark::DoNotOptimize(tokens);
    } while (last->kind != TokenKind::EndOfFile);
  }
  state.SetBytesProcessed(int64_t(state.iterations() * source.size()));
  state.counters["per_token"] = perThing(double(numTokens));
}

/// The peak, in bytes, of the memory of a process like this one that does
/// `work` from here on.
static double peakMemory(llvm::function_ref<void()> work) {
  pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  rusage usage{};
  wait4(child, nullptr, 0, &usage);
  return double(usage.ru_maxrss) * 1024;
}

static void parseSource(benchmark::State &state, const std::string &source) {
  SourceFile file("benchmark.mind", source);
  auto parseFirst = [&] {
    Interner interner;
    DiagnosticEngine diags;
    Tree tree = parse(file, interner, diags);
    benchmark::DoNotOptimize(tree);
  };
  double memory = peakMemory(parseFirst) - peakMemory([] {});

  Interner interner;
  Tree tree;
  for (auto _ : state) {
    DiagnosticEngine diags;
    parse(file, interner, diags, tree);
    if (diags.hasErrors())
      return state.SkipWithError("the program has syntax errors");
  }
  state.SetBytesProcessed(int64_t(state.iterations() * source.size()));
  state.counters["per_node"] = perThing(tree.size());
  // Of a short source, other things' memory pages would be measured.
  if (source.size() >= 100'000)
    state.counters["memory_per_byte"] = memory / double(source.size());
}

int main(int argc, char **argv) {
  // So that what is freed goes back at once, and is seen when it is asked for
  // again.
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 0);
  std::vector<bench::Program> programs = bench::loadPrograms();
  for (unsigned numFunctions : {1u, 10u, 100u, 1'000u, 4'200u, 100'000u})
    programs.push_back({"long_source/" + std::to_string(numFunctions),
                        bench::makeLongSource(numFunctions)});
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
