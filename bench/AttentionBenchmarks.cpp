//===- AttentionBenchmarks.cpp - the kernel of attention --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention of the shapes of shapes/attention.txt in f32 on one thread, beside
// the roof: chains of multiply-adds in registers. The counter is the rate of
// multiplications and additions of both products, of what is seen.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Attention.h"
#include "Mind/Runtime/Kernels/Roof.h"
#include <benchmark/benchmark.h>
#include <cmath>
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

/// Heads whose matrices are dense.
static AttentionShape shapeOf(int64_t heads, int64_t queries, int64_t keys,
                              int64_t size) {
  AttentionShape shape = {};
  shape.queries = queries;
  shape.keys = keys;
  shape.depth = shape.features = size;
  shape.q = shape.k = shape.v = shape.out = {size, 1};
  shape.axes[0] = {heads, queries * size, keys * size, keys * size,
                   0,     queries * size};
  return shape;
}

static void measure(benchmark::State &state, int64_t heads, int64_t queries,
                    int64_t keys, int64_t size, bool causal) {
  AttentionOptions options = {1 / std::sqrt(double(size)), AttentionMask::None,
                              causal};
  AttentionPlan<float> plan(shapeOf(heads, queries, keys, size), options);
  auto values = [](int64_t count) {
    std::vector<float> result;
    for (int64_t i = 0; i < count; ++i)
      result.push_back(std::sin(float(i)));
    return result;
  };
  std::vector<float> q = values(heads * queries * size),
                     k = values(heads * keys * size), v = k, out = q;
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> workspace(
      std::aligned_alloc(64, (plan.workspaceBytes() + 63) / 64 * 64));
  for (auto _ : state) {
    plan.run(q.data(), k.data(), v.data(), nullptr, out.data(),
             workspace.get());
    benchmark::ClobberMemory();
  }
  state.counters["flops"] =
      Counter(plan.flops(), Counter::kIsIterationInvariantRate);
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  std::ifstream file(MIND_SHAPES_DIR "/attention.txt");
  if (!file) {
    std::fprintf(stderr, "cannot read " MIND_SHAPES_DIR "/attention.txt\n");
    return 1;
  }
  benchmark::RegisterBenchmark("roof", measureRoof);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    int64_t heads, queries, keys, size;
    std::string attention, causal;
    std::istringstream(line) >> attention >> heads >> queries >> keys >> size >>
        causal;
    std::string name = std::to_string(heads) + "x" + std::to_string(queries) +
                       "x" + std::to_string(keys) + "x" + std::to_string(size);
    if (!causal.empty())
      name += "/" + causal;
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) {
      measure(state, heads, queries, keys, size, !causal.empty());
    });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
