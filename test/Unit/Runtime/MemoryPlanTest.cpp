//===- MemoryPlanTest.cpp - blocks of memory that share one area ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/MemoryPlan.h"
#include "gtest/gtest.h"
#include <random>

using namespace mind;

namespace {

/// What is in use at `time`.
int64_t liveAt(std::span<const MemoryBlock> blocks, unsigned time) {
  int64_t sum = 0;
  for (const MemoryBlock &block : blocks)
    if (block.first <= time && time <= block.last)
      sum += block.size;
  return sum;
}

TEST(MemoryPlan, RandomBlocksNeverOverlap) {
  constexpr unsigned numTimes = 60;
  std::mt19937 random(1);
  double worst = 1, product = 1;
  constexpr int numPlans = 500;
  for (int i = 0; i < numPlans; ++i) {
    std::vector<MemoryBlock> blocks(random() % 50);
    int64_t naive = 0, live = 0;
    for (MemoryBlock &block : blocks) {
      block.size = 64 * int64_t(random() % 100);
      block.first = random() % numTimes;
      block.last = std::min<unsigned>(block.first + random() % 8, numTimes - 1);
      naive += block.size;
    }
    for (unsigned time = 0; time < numTimes; ++time)
      live = std::max(live, liveAt(blocks, time));

    std::optional<MemoryPlan> plan = planMemory(blocks);
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->offsets.size(), blocks.size());
    EXPECT_EQ(plan->live, live);
    EXPECT_GE(plan->size, live);
    EXPECT_LE(plan->size, naive);
    for (size_t a = 0; a < blocks.size(); ++a) {
      EXPECT_GE(plan->offsets[a], 0);
      EXPECT_EQ(plan->offsets[a] % 64, 0);
      EXPECT_LE(plan->offsets[a] + blocks[a].size, plan->size);
      for (size_t b = 0; b < a; ++b)
        EXPECT_TRUE(blocks[a].last < blocks[b].first ||
                    blocks[b].last < blocks[a].first ||
                    plan->offsets[a] + blocks[a].size <= plan->offsets[b] ||
                    plan->offsets[b] + blocks[b].size <= plan->offsets[a])
            << "blocks " << a << " and " << b;
    }
    double ratio = live ? double(plan->size) / double(live) : 1;
    worst = std::max(worst, ratio);
    product *= std::pow(ratio, 1.0 / numPlans);
  }
  // What the heuristics reach on these.
  EXPECT_LT(product, 1.1);
  EXPECT_LT(worst, 1.5);
}

TEST(MemoryPlan, ReusesWhatHasEnded) {
  // A chain: each is read while the next is written.
  std::vector<MemoryBlock> blocks;
  for (unsigned i = 0; i < 100; ++i)
    blocks.push_back({64, i, i + 1});
  EXPECT_EQ(planMemory(blocks)->size, 128);
  EXPECT_EQ(planMemory(blocks)->live, 128);
}

TEST(MemoryPlan, PlacesBySizeWhereTimeLeavesHoles) {
  // By time, the first leaves a hole that is too small for the last.
  MemoryBlock blocks[] = {{64, 0, 1}, {64, 1, 3}, {128, 2, 3}};
  EXPECT_EQ(planMemory(blocks)->live, 192);
  EXPECT_EQ(planMemory(blocks)->size, 192);
}

TEST(MemoryPlan, TellsWhatDoesNotFit) {
  constexpr int64_t half = int64_t(1) << 62;
  MemoryBlock apart[] = {{half, 0, 0}, {half, 1, 1}};
  EXPECT_EQ(planMemory(apart)->size, half);
  MemoryBlock together[] = {{half, 0, 1}, {half, 1, 1}};
  EXPECT_FALSE(planMemory(together));
  EXPECT_EQ(planMemory({})->size, 0);
}

} // namespace
