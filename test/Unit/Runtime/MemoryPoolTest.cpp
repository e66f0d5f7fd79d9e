//===- MemoryPoolTest.cpp - large memory, used again ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/MemoryPool.h"
#include "Mind/Runtime/Tensor.h"
#include "Mind/Runtime/WorkspacePool.h"
#include "gtest/gtest.h"
#include <cstring>
#include <thread>

using namespace mind;
using namespace mind::runtime;

namespace {

constexpr size_t kib = size_t(1) << 10, mib = size_t(1) << 20;

TEST(MemoryPool, HandsOutTheLatestThatSuits) {
  MemoryPool pool(64 * mib);
  MemoryBlock small = pool.take(300 * kib), large = pool.take(9 * mib),
              latest = pool.take(300 * kib);
  void *const smallAt = small.begin, *const largeAt = large.begin,
              *const latestAt = latest.begin;
  pool.give(std::move(large));
  pool.give(std::move(small));
  pool.give(std::move(latest));
  EXPECT_NE(pool.take(4 * mib).begin, largeAt); // more than twice as large
  MemoryBlock first = pool.take(200 * kib), second = pool.take(200 * kib);
  EXPECT_EQ(first.begin, latestAt);
  EXPECT_EQ(second.begin, smallAt);
  EXPECT_EQ(pool.take(8 * mib).begin, largeAt);
  EXPECT_EQ(pool.size(), 0u);
}

TEST(MemoryPool, BlocksHaveTheSizeAndAlignmentThatWasWanted) {
  MemoryPool pool(64 * mib);
  for (int round = 0; round < 2; ++round)
    for (size_t size : {size_t(1), 200 * kib, 511 * kib, 600 * kib, 2 * mib,
                        2 * mib + 1, 3 * mib, 5 * mib + 7}) {
      MemoryBlock block = pool.take(size);
      ASSERT_NE(block.memory, nullptr);
      EXPECT_GE(block.size, size);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(block.begin) %
                    MIND_WORKSPACE_ALIGNMENT,
                0u);
      std::memset(block.begin, 1, block.size);
      void *const at = block.begin;
      pool.give(std::move(block));
      EXPECT_EQ((block = pool.take(size)).begin, at);
      pool.give(std::move(block));
    }
}

TEST(MemoryPool, KeepsNoMoreThanItMay) {
  MemoryPool pool(10 * mib);
  pool.give(MemoryBlock(11 * mib));
  EXPECT_EQ(pool.size(), 0u);
  MemoryBlock oldest(4 * mib);
  pool.give(std::move(oldest));
  pool.give(MemoryBlock(2 * mib));
  pool.give(MemoryBlock(8 * mib)); // instead of the oldest
  EXPECT_EQ(pool.size(), 10 * mib);
  EXPECT_EQ(pool.take(2 * mib).size, 2 * mib);
  EXPECT_EQ(pool.size(), 8 * mib);
  for (int i = 0; i < 1000; ++i)
    pool.give(MemoryBlock(kib));
  EXPECT_LE(pool.size(), 10 * mib);
  pool.clear();
  EXPECT_EQ(pool.size(), 0u);
}

TEST(MemoryPool, NoMemoryIsNotKept) {
  MemoryPool pool(10 * mib);
  pool.give(MemoryBlock());
  EXPECT_EQ(pool.take(SIZE_MAX).memory, nullptr);
  EXPECT_EQ(pool.size(), 0u);
}

TEST(MemoryPool, TensorsAndWorkspacesShareIt) {
  auto pool = std::make_shared<MemoryPool>(64 * mib);
  const void *at;
  {
    Tensor tensor(DType::F32, {512, 512}, pool);
    at = tensor.data();
    Tensor moved;
    moved = std::move(tensor);
    EXPECT_EQ(moved.data(), at);
    EXPECT_EQ(pool->size(), 0u);
    moved = Tensor(DType::F32, {2}, pool); // too small to keep
    EXPECT_GE(pool->size(), mib);
  }
  {
    WorkspacePool workspaces;
    {
      WorkspacePool::Lease lease(workspaces, 900 * kib, pool);
      EXPECT_EQ(lease.data(), at);
    }
    EXPECT_EQ(pool->size(), 0u);
    workspaces.clear();
    EXPECT_GE(pool->size(), mib);
  }
  Tensor tensor(DType::F32, {512, 512}, pool);
  pool.reset(); // The tensor keeps it.
  EXPECT_EQ(tensor.data(), at);
}

TEST(MemoryPool, ServesSeveralThreads) {
  auto pool = std::make_shared<MemoryPool>(3 * mib);
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id)
    threads.emplace_back([&pool, id] {
      for (int i = 0; i < 200; ++i) {
        Tensor tensor(DType::U8, {int64_t((130 + 100 * (i % 7)) * kib)}, pool);
        ASSERT_TRUE(tensor.valid());
        // Nobody else has it.
        auto *bytes = tensor.as<char>();
        bytes[0] = bytes[tensor.size() - 1] = char(id);
        EXPECT_EQ(bytes[0], char(id));
        EXPECT_EQ(bytes[tensor.size() - 1], char(id));
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_LE(pool->size(), 3 * mib);
}

} // namespace
