//===- MemoryPlan.cpp - blocks of memory that share one area --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/MemoryPlan.h"
#include <algorithm>
#include <numeric>

namespace mind {

/// The largest sum of what is in use at one time. `byTime` are the blocks in
/// the order in which they begin. None if it overflows.
static std::optional<int64_t> liveSize(std::span<const MemoryBlock> blocks,
                                       std::span<const unsigned> byTime) {
  std::vector<unsigned> byEnd(byTime.begin(), byTime.end());
  std::ranges::stable_sort(byEnd, [&](unsigned a, unsigned b) {
    return blocks[a].last < blocks[b].last;
  });
  auto ended = byEnd.begin();
  int64_t sum = 0, largest = 0;
  for (unsigned block : byTime) {
    for (; blocks[*ended].last < blocks[block].first; ++ended)
      sum -= blocks[*ended].size;
    if (__builtin_add_overflow(sum, blocks[block].size, &sum))
      return std::nullopt;
    largest = std::max(largest, sum);
  }
  return largest;
}

/// Places the blocks in `order`, each at the lowest offset where it overlaps
/// none that is in use at the same time. None if the size overflows.
static std::optional<MemoryPlan> firstFit(std::span<const MemoryBlock> blocks,
                                          std::span<const unsigned> order,
                                          bool isByTime) {
  MemoryPlan plan;
  plan.offsets.resize(blocks.size());
  std::vector<unsigned> placed; // by offset
  for (unsigned index : order) {
    const MemoryBlock &block = blocks[index];
    if (isByTime) // What has ended is in nobody's way any more.
      std::erase_if(placed, [&](unsigned other) {
        return blocks[other].last < block.first;
      });
    int64_t offset = 0;
    for (unsigned other : placed) {
      int64_t begin = plan.offsets[other], end = begin + blocks[other].size;
      if (block.first > blocks[other].last ||
          blocks[other].first > block.last || end <= offset)
        continue;
      if (block.size <= begin - offset)
        break;
      offset = end;
    }
    int64_t end;
    if (__builtin_add_overflow(offset, block.size, &end))
      return std::nullopt;
    plan.offsets[index] = offset;
    plan.size = std::max(plan.size, end);
    placed.insert(std::ranges::upper_bound(placed, index,
                                           [&](unsigned a, unsigned b) {
                                             return plan.offsets[a] <
                                                    plan.offsets[b];
                                           }),
                  index);
  }
  return plan;
}

std::optional<MemoryPlan> planMemory(std::span<const MemoryBlock> blocks) {
  if (blocks.empty())
    return MemoryPlan();
  if (blocks.size() == 1) { // as small programs have it
    MemoryPlan plan;
    plan.offsets = {0};
    plan.size = plan.live = blocks[0].size;
    return plan;
  }
  std::vector<unsigned> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](unsigned a, unsigned b) {
    return blocks[a].first < blocks[b].first;
  });
  std::optional<int64_t> live = liveSize(blocks, order);
  if (!live)
    return std::nullopt;
  std::optional<MemoryPlan> plan = firstFit(blocks, order, /*isByTime=*/true);
  if (!plan || plan->size > *live) {
    std::ranges::stable_sort(order, [&](unsigned a, unsigned b) {
      return blocks[a].size > blocks[b].size;
    });
    std::optional<MemoryPlan> bySize =
        firstFit(blocks, order, /*isByTime=*/false);
    if (bySize && (!plan || bySize->size < plan->size))
      plan = std::move(bySize);
  }
  if (plan)
    plan->live = *live;
  return plan;
}

} // namespace mind
