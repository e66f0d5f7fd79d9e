//===- MatmulBenchmarks.cpp - the kernels of matrix products ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of the shapes of shapes/matmul.txt, B stored by rows (nn) and by
// columns (nt), in f32 on one thread, beside the roof: chains of multiply-adds
// in registers. The counter is the rate of multiplications and additions.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Mind/Runtime/Kernels/Roof.h"
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace mind::kernels;
using benchmark::Counter;

static void measureRoof(benchmark::State &state) {
  int64_t done = 0;
  for (auto _ : state)
    done += multiplyAdd<float>(1 << 22);
  state.counters["flops"] = Counter(double(done), Counter::kIsRate);
}

static void measure(benchmark::State &state, const MatmulShape &shape) {
  MatmulPlan<float> plan(shape);
  std::vector<float> a(shape.m * shape.k, 1), b(shape.k * shape.n, 1);
  std::vector<float> c(shape.m * shape.n);
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> workspace(
      std::aligned_alloc(64, (plan.workspaceBytes() + 64) / 64 * 64));
  for (auto _ : state) {
    plan.run(a.data(), b.data(), {}, c.data(), workspace.get());
    benchmark::ClobberMemory();
  }
  state.counters["flops"] =
      Counter(plan.flops(), Counter::kIsIterationInvariantRate);
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  std::ifstream file(MIND_SHAPES_DIR "/matmul.txt");
  if (!file) {
    std::fprintf(stderr, "cannot read " MIND_SHAPES_DIR "/matmul.txt\n");
    return 1;
  }
  benchmark::RegisterBenchmark("roof", measureRoof);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    int64_t m, n, k;
    std::istringstream(line) >> m >> n >> k;
    std::string name =
        std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k);
    for (bool isTransposed : {false, true}) {
      MatmulShape shape = {m, n, k, {k, 1}, {n, 1}, n};
      if (isTransposed)
        shape.b = {1, k};
      benchmark::RegisterBenchmark(
          ((isTransposed ? "nt/" : "nn/") + name).c_str(),
          [shape](benchmark::State &state) { measure(state, shape); });
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
