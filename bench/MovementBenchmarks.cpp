//===- MovementBenchmarks.cpp - the kernels that move elements --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies and transpositions on one thread, beside memcpy, which is the roof.
// The counter is the rate of bytes that are read and written.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Copy.h"
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using namespace mind::kernels;

using Integers = std::vector<int64_t>;

/// A shape, and the order in which a copy reads its axes.
struct Movement {
  Integers extents, order;
};

/// Memory as tensors have it.
class Memory {
public:
  explicit Memory(size_t bytes)
      : memory(std::aligned_alloc(64, (bytes + 63) / 64 * 64)) {
    std::memset(memory.get(), 1, bytes);
  }
  void *get() const { return memory.get(); }

private:
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory;
};

static void measureMemcpy(benchmark::State &state) {
  const size_t bytes = size_t(state.range(0));
  const Memory from(bytes), to(bytes);
  for (auto _ : state) {
    std::memcpy(to.get(), from.get(), bytes);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 2 * state.range(0));
}
BENCHMARK(measureMemcpy)
    ->Arg(4 << 12)
    ->Arg(4 << 16)
    ->Arg(4 << 20)
    ->Arg(16 << 20);

static void measureTransposition(benchmark::State &state,
                                 const Movement &movement, size_t bytes) {
  Integers strides(movement.extents.size()), extents, from, to;
  int64_t elements = 1;
  for (size_t axis = strides.size(); axis-- > 0;) {
    strides[axis] = elements;
    elements *= movement.extents[axis];
  }
  for (int64_t axis : movement.order) {
    extents.push_back(movement.extents[axis]);
    from.push_back(strides[axis]);
  }
  to.resize(extents.size());
  int64_t stride = 1;
  for (size_t axis = to.size(); axis-- > 0;) {
    to[axis] = stride;
    stride *= extents[axis];
  }
  CopyPlan plan(bytes, extents, from, to);
  const Memory source(elements * bytes), destination(elements * bytes);
  for (auto _ : state) {
    plan.run(source.get(), destination.get());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 2 * elements * int64_t(bytes));
}

static void measurePlanning(benchmark::State &state) {
  const Integers extents = {8, 12, 197, 64}, from = {151296, 64, 768, 1},
                 to = {151296, 12608, 64, 1};
  for (auto _ : state)
    benchmark::DoNotOptimize(CopyPlan(4, extents, from, to));
}
BENCHMARK(measurePlanning);

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  const Movement movements[] = {
      {{64, 64}, {1, 0}},
      {{512, 512}, {1, 0}},
      {{1000, 1000}, {1, 0}},
      {{2048, 2048}, {1, 0}},
      {{8, 197, 12, 64}, {0, 2, 1, 3}},
      {{8, 56, 56, 64}, {0, 3, 1, 2}},
      {{8, 224, 224, 3}, {0, 3, 1, 2}},
      {{8, 3, 224, 224}, {0, 2, 3, 1}},
      {{64, 32, 48}, {2, 1, 0}},
  };
  for (const Movement &movement : movements)
    for (size_t bytes : {4, 1, 2, 8}) {
      std::string name = "transpose" + std::to_string(bytes);
      for (size_t i = 0; i < movement.extents.size(); ++i)
        name += (i == 0 ? "/" : "x") + std::to_string(movement.extents[i]);
      benchmark::RegisterBenchmark(
          name.c_str(), [movement, bytes](benchmark::State &state) {
            measureTransposition(state, movement, bytes);
          });
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
