//===- TieredExecutableTest.cpp - from one tier to the next ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/TieredExecutable.h"
#include "gtest/gtest.h"
#include <array>
#include <thread>

using namespace mind;
using namespace mind::runtime;

namespace {

/// Writes the tier's number, and fails on a negative input. The tiers want
/// workspaces of different sizes and use them to the last byte.
template <int32_t number, int64_t workspaceBytes>
int32_t tierCode(MindContext *context, void *const *buffers, const int64_t *,
                 void *workspace) {
  auto *scratch = static_cast<char *>(workspace);
  std::fill_n(scratch, workspaceBytes, char(number));
  *static_cast<int32_t *>(buffers[1]) = scratch[workspaceBytes - 1];
  // As if sites had another order on each tier.
  if (*static_cast<const int32_t *>(buffers[0]) < 0) {
    context->error_code = 6006;
    context->error_site = number;
  }
  return context->error_code;
}

template <int32_t number, int64_t workspaceBytes>
std::shared_ptr<const Executable> makeTier() {
  FunctionDescription description;
  description.signature.name = "number";
  description.signature.parameters = {{"x", {DType::I32, {}}}};
  description.signature.results = {{DType::I32, {}}};
  description.workspaceSize = Dim::constant(workspaceBytes);
  description.sites.resize(2);
  description.sites[number] = {"it is negative", 0, "tiers.mind", 1, 2, 3, "x"};
  return std::make_shared<NativeExecutable>(
      std::move(description), tierCode<number, workspaceBytes>, nullptr);
}

std::shared_ptr<const Executable> firstTier() { return makeTier<0, 100>(); }
std::shared_ptr<const Executable> secondTier() { return makeTier<1, 5000>(); }

/// Makes nothing until the test says so.
struct Workshop {
  TieredExecutable::Duration cost{0};
  std::shared_ptr<Promotion> wanted;
  int numStarted = 0;
};

class TestMaker : public TieredExecutable::Maker {
public:
  explicit TestMaker(Workshop &workshop) : workshop(workshop) {}
  TieredExecutable::Duration expectedCost() const override {
    return workshop.cost;
  }
  void start(std::shared_ptr<Promotion> promotion) override {
    workshop.wanted = std::move(promotion);
    ++workshop.numStarted;
  }

private:
  Workshop &workshop;
};

/// What a call writes.
int32_t call(const Executable &executable, int32_t x = 1) {
  int32_t result = -1;
  std::array<const void *, 1> inputs{&x};
  std::array<void *, 1> outputs{&result};
  Status status = executable.run(inputs, outputs);
  EXPECT_EQ(status.ok(), x >= 0);
  if (!status.ok()) {
    EXPECT_EQ(status.error().message, "it is negative");
  }
  return result;
}

class Tiered : public testing::Test {
protected:
  std::unique_ptr<TieredExecutable> make() {
    return std::make_unique<TieredExecutable>(
        firstTier(), std::make_unique<TestMaker>(workshop));
  }
  Workshop workshop;
};

TEST_F(Tiered, IsTheFirstUntilTheSecondIsThere) {
  auto executable = make();
  EXPECT_EQ(executable->signature().name, "number");
  EXPECT_EQ(executable->tier(), 1u); // NativeExecutable says so.
  EXPECT_EQ(&executable->current(), &executable->firstTier());
  EXPECT_EQ(call(*executable), 0);
  executable->promote();
  executable->promote();
  EXPECT_EQ(workshop.numStarted, 1);
  EXPECT_EQ(call(*executable), 0);
  EXPECT_EQ(executable->workspaceSize(), 100u);

  workshop.wanted->publish(secondTier());
  EXPECT_TRUE(executable->waitForPromotion());
  EXPECT_EQ(executable->workspaceSize(), 5000u);
  EXPECT_EQ(call(*executable), 1);
  EXPECT_EQ(executable->problem(), "");
}

TEST_F(Tiered, ErrorsAreOfTheTierThatRan) {
  auto executable = make();
  call(*executable, -1);
  executable->promote();
  workshop.wanted->publish(secondTier());
  call(*executable, -1);
}

TEST_F(Tiered, TensorsGoTheSameWay) {
  auto executable = make();
  std::vector<Tensor> inputs, results;
  inputs.emplace_back(DType::I32, std::vector<int64_t>{});
  *inputs[0].as<int32_t>() = 7;
  ASSERT_TRUE(executable->run(inputs, results).ok());
  EXPECT_EQ(*results[0].as<int32_t>(), 0);
  executable->promote();
  workshop.wanted->publish(secondTier());
  ASSERT_TRUE(executable->run(inputs, results).ok());
  EXPECT_EQ(*results[0].as<int32_t>(), 1);
}

TEST_F(Tiered, OneCallAsksForNothing) {
  auto executable = make();
  call(*executable);
  EXPECT_EQ(workshop.numStarted, 0);
  // The next one that is looked at does, since nothing is to be paid.
  for (int i = 0; i < 16; ++i)
    call(*executable);
  EXPECT_EQ(workshop.numStarted, 1);
}

TEST_F(Tiered, AsksOnlyWhenItPays) {
  workshop.cost = std::chrono::hours(1000);
  auto executable = make();
  for (int i = 0; i < 1000; ++i)
    call(*executable);
  EXPECT_EQ(workshop.numStarted, 0);
  EXPECT_FALSE(executable->waitForPromotion());
  // All calls count, though some are timed only.
  EXPECT_GT(executable->timeSpent().count(), 0);
  workshop.cost = executable->timeSpent();
  for (int i = 0; i < 16; ++i)
    call(*executable);
  EXPECT_EQ(workshop.numStarted, 1);
}

TEST_F(Tiered, StaysWhereItIsIfThereIsNoSecond) {
  auto executable = make();
  executable->promote();
  workshop.wanted->fail("the compiler is wrong");
  EXPECT_FALSE(executable->waitForPromotion());
  EXPECT_EQ(executable->problem(), "the compiler is wrong");
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(call(*executable), 0);
  EXPECT_EQ(workshop.numStarted, 1);
}

TEST_F(Tiered, MayGoBeforeTheSecondIsThere) {
  auto executable = make();
  executable->promote();
  EXPECT_FALSE(workshop.wanted->isAbandoned());
  executable.reset();
  EXPECT_TRUE(workshop.wanted->isAbandoned());
  std::shared_ptr<const Executable> second = secondTier();
  std::weak_ptr<const Executable> watch = second;
  workshop.wanted->publish(std::move(second));
  workshop.wanted.reset();
  EXPECT_TRUE(watch.expired());
}

TEST_F(Tiered, ManyThreadsCallDuringTheChange) {
  auto executable = make();
  executable->promote();
  std::atomic<int> numOnSecond{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      bool changed = false;
      for (int i = 0, after = 0; after < 50; ++i) {
        int32_t tier = call(*executable, i % 7 == 6 ? -1 : 1);
        EXPECT_TRUE(tier == 1 || (tier == 0 && !changed));
        changed = tier == 1;
        after += changed;
        if (i > 100 && !changed)
          std::this_thread::yield();
      }
      ++numOnSecond;
    });
  workshop.wanted->publish(secondTier());
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(numOnSecond, 4);
}

TEST_F(Tiered, ManyThreadsAskOnce) {
  auto executable = make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        call(*executable);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(workshop.numStarted, 1);
}

} // namespace
