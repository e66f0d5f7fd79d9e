//===- RowsBenchmarks.cpp - the kernels of rows -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax and layer normalisation in f32 on one thread, of rows along the last
// axis and along one before it. The counter is the rate of elements.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Rows.h"
#include <benchmark/benchmark.h>
#include <string>
#include <vector>

using namespace mind::kernels;
using benchmark::Counter;

/// Rows along the middle axis.
struct Shape {
  int64_t outer, count, inner;
};

static void measure(benchmark::State &state, RowsKind kind,
                    const Shape &shape) {
  const int64_t extents[] = {shape.outer, shape.count, shape.inner},
                strides[] = {shape.count * shape.inner, shape.inner, 1};
  RowsPlan<float> plan(kind, extents, 1 << 1, strides, strides, 1e-5);
  const int64_t elements = shape.outer * shape.count * shape.inner;
  std::vector<float> x(elements), y(elements), gamma(shape.count, 1),
      beta(shape.count, 2);
  for (int64_t i = 0; i < elements; ++i)
    x[i] = float(i * 7919 % 1000) / 100 - 5;
  for (auto _ : state) {
    plan.run(x.data(), gamma.data(), beta.data(), y.data(), nullptr);
    benchmark::ClobberMemory();
  }
  state.counters["elements"] =
      Counter(double(elements), Counter::kIsIterationInvariantRate);
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  const std::pair<RowsKind, const char *> kinds[] = {
      {RowsKind::Softmax, "softmax"},
      {RowsKind::LogSoftmax, "log_softmax"},
      {RowsKind::LayerNorm, "layer_norm"}};
  const Shape shapes[] = {{1024, 64, 1},  {1024, 197, 1}, {256, 768, 1},
                          {128, 1024, 1}, {32, 4096, 1},  {1, 1000, 1},
                          {8, 64, 3136}};
  for (auto [kind, name] : kinds)
    for (const Shape &shape : shapes)
      benchmark::RegisterBenchmark(
          (std::string(name) + "/" + std::to_string(shape.outer) + "x" +
           std::to_string(shape.count) + "x" + std::to_string(shape.inner))
              .c_str(),
          [kind, shape](benchmark::State &state) {
            measure(state, kind, shape);
          });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
