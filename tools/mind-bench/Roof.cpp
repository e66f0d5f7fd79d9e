//===- Roof.cpp - what the machine can do at most -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roof.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

// A product and a sum become one instruction where there is one for it.
#pragma clang fp contract(fast)

namespace mind::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Enough independent chains to hide the latency of two FMA units.
constexpr int numChains = 12;
constexpr int numRepetitions = 5;

template <int Lanes>
[[gnu::always_inline]] inline void multiplyAdd(long iterations) {
  typedef float Vector __attribute__((vector_size(Lanes * sizeof(float))));
  Vector chains[numChains] = {};
  Vector factor = Vector{} + 0.5f, term = Vector{} + 1.0f;
  // Hidden from the optimiser, which would compute the fixed point.
  asm volatile("" : "+m"(factor), "+m"(term));
  for (long i = 0; i != iterations; ++i)
    for (Vector &chain : chains)
      chain = chain * factor + term;
  Vector sum = {};
  for (Vector &chain : chains)
    sum += chain;
  asm volatile("" : : "m"(sum));
}

void multiplyAddBaseline(long iterations) { multiplyAdd<4>(iterations); }

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void multiplyAddAvx2(long iterations) {
  multiplyAdd<8>(iterations);
}

[[gnu::target("avx512f,fma")]] void multiplyAddAvx512(long iterations) {
  multiplyAdd<16>(iterations);
}
#endif

/// The loop on the widest vectors of this CPU, and the operations of a round.
struct Loop {
  void (*run)(long iterations);
  double operations;
};

Loop widestLoop() {
  auto loop = [](auto *run, int lanes) {
    return Loop{run, 2.0 * lanes * numChains};
  };
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return loop(multiplyAddAvx512, 16);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return loop(multiplyAddAvx2, 8);
#endif
  return loop(multiplyAddBaseline, 4);
}

/// Work per second of the best of some repetitions, in which `threads` threads
/// each do `work`, which tells how much it was.
double bestRate(unsigned threads, const std::function<double(unsigned)> &work) {
  double best = 0;
  for (int i = 0; i != numRepetitions; ++i) {
    std::atomic<double> total = 0;
    auto add = [&](unsigned index) { total += work(index); };
    Clock::time_point start = Clock::now();
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads; ++t)
      others.emplace_back(add, t);
    add(0);
    for (std::thread &other : others)
      other.join();
    std::chrono::duration<double> time = Clock::now() - start;
    best = std::max(best, total / time.count());
  }
  return best;
}

} // namespace

double measureFmaRoof(unsigned threads) {
  constexpr long iterations = 10'000'000;
  const Loop loop = widestLoop();
  return bestRate(threads, [&](unsigned) {
    loop.run(iterations);
    return loop.operations * iterations;
  });
}

void multiplyAddRoof(double operations) {
  const Loop loop = widestLoop();
  loop.run(long(std::ceil(operations / loop.operations)));
}

double measureBandwidth(unsigned threads) {
  constexpr size_t elements = 32 << 20; // 128 MiB an array.
  auto array = [] { return std::make_unique<float[]>(elements); };
  auto a = array(), b = array(), c = array();
  return bestRate(threads, [&](unsigned thread) {
    size_t begin = elements * thread / threads;
    size_t end = elements * (thread + 1) / threads;
    float *out = a.get();
    const float *lhs = b.get(), *rhs = c.get();
#pragma clang loop vectorize(enable)
    for (size_t i = begin; i != end; ++i)
      out[i] = lhs[i] + 0.5f * rhs[i];
    asm volatile("" : : "r"(out) : "memory");
    return 3.0 * sizeof(float) * (end - begin);
  });
}

} // namespace mind::bench
