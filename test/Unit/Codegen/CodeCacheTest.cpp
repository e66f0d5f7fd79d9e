//===- CodeCacheTest.cpp - machine code that is there already ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Jit/CodeCache.h"
#include "Harness.h"
#include "gtest/gtest.h"

#include <thread>

using namespace mind;
using namespace mind::test;

namespace {

using Code = std::shared_ptr<const Jit::Code>;

/// The object file of a function that adds `number` to its argument.
llvm::SmallVector<char, 0> makeObject(int number) {
  return Harness::get().compile(R"(
func.func @main(%x: tensor<i32>) -> tensor<i32> {
  %e = tensor.empty() : tensor<i32>
  %r = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%x : tensor<i32>) outs(%e : tensor<i32>) {
  ^bb0(%p: i32, %o: i32):
    %c = arith.constant )" + std::to_string(number) +
                                R"( : i32
    %s = arith.addi %p, %c : i32
    linalg.yield %s : i32
  } -> tensor<i32>
  return %r : tensor<i32>
})");
}

Code makeCode(int number) {
  return llvm::cantFail(Harness::get().jit().load(makeObject(number)));
}

/// What `code` makes of 0.
int32_t run(const Code &code) {
  MindFunction function = llvm::cantFail(code->lookup("mind_main"));
  int32_t x = 0, result = 0;
  void *buffers[] = {&x, &result};
  MindContext context = {MIND_ABI_VERSION, 0, 0, {0, 0}, nullptr, nullptr};
  EXPECT_EQ(function(&context, buffers, nullptr, nullptr), 0);
  return result;
}

TEST(CodeCache, FindsWhatWasAdded) {
  CodeCache cache;
  EXPECT_EQ(cache.find("one"), nullptr);
  Code one = makeCode(1);
  EXPECT_EQ(cache.add("one", one), one);
  EXPECT_EQ(cache.find("one"), one);
  EXPECT_EQ(cache.find(llvm::StringRef("one\0", 4)), nullptr);
  CodeCache::Statistics statistics = cache.statistics();
  EXPECT_EQ(statistics.hits, 1u);
  EXPECT_EQ(statistics.misses, 2u);
  EXPECT_EQ(statistics.entries, 1u);
  EXPECT_EQ(statistics.bytes, one->size() + 3);
}

TEST(CodeCache, WhoIsFirstStays) {
  CodeCache cache;
  Code first = cache.add("one", makeCode(1));
  EXPECT_EQ(cache.add("one", makeCode(1)), first);
  EXPECT_EQ(cache.statistics().entries, 1u);
}

TEST(CodeCache, WhatWasNotWantedForLongestGoes) {
  Code one = makeCode(1), two = makeCode(2), three = makeCode(3);
  CodeCache cache(2 * one->size() + 100);
  cache.add("1", one);
  cache.add("2", two);
  EXPECT_EQ(cache.find("1"), one);
  cache.add("3", three);
  EXPECT_EQ(cache.find("2"), nullptr);
  EXPECT_EQ(cache.find("1"), one);
  EXPECT_EQ(cache.find("3"), three);
  EXPECT_EQ(cache.statistics().entries, 2u);
  // Whoever has it may still run it.
  EXPECT_EQ(run(two), 2);
  cache.clear();
  EXPECT_EQ(cache.find("1"), nullptr);
  EXPECT_EQ(cache.statistics().bytes, 0u);
  EXPECT_EQ(run(one), 1);
}

TEST(CodeCache, WhatIsTooLargeIsNotKept) {
  CodeCache cache(1);
  Code one = makeCode(1);
  EXPECT_EQ(cache.add("1", one), one);
  EXPECT_EQ(cache.statistics().entries, 0u);
  EXPECT_EQ(run(one), 1);
}

TEST(CodeCache, CodeOutlivesItsEngine) {
  CodeCache cache;
  {
    std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create());
    cache.add("5", llvm::cantFail(jit->load(makeObject(5))));
  }
  EXPECT_EQ(run(cache.find("5")), 5);
}

TEST(CodeCache, IsOnePerProcess) {
  EXPECT_EQ(CodeCache::ofProcess(), CodeCache::ofProcess());
}

TEST(CodeCache, SeveralThreadsMayUseIt) {
  std::vector<Code> codes;
  for (int i = 0; i < 4; ++i)
    codes.push_back(makeCode(i));
  // Always one too many.
  CodeCache cache(3 * codes.front()->size() + 100);
  auto work = [&](int first) {
    for (int i = 0; i < 2000; ++i) {
      int number = (first + i * 7) % 4;
      std::string key = std::to_string(number);
      Code code = cache.find(key);
      if (!code)
        code = cache.add(key, codes[number]);
      ASSERT_EQ(code, codes[number]);
      if (i % 500 == 0)
        cache.clear();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_LE(cache.statistics().entries, 3u);
}

} // namespace
