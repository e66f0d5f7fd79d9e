//===- TieredExecutable.cpp - fast to start, then fast to run -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/TieredExecutable.h"
#include <cassert>

using namespace mind;
using namespace mind::runtime;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;

//===----------------------------------------------------------------------===//
// Promotion
//===----------------------------------------------------------------------===//

void Promotion::publish(std::shared_ptr<const Executable> executable) {
  assert(executable && "nothing to publish");
  finish(std::move(executable), "");
}

void Promotion::fail(std::string problem) {
  finish(nullptr, std::move(problem));
}

void Promotion::finish(std::shared_ptr<const Executable> executable,
                       std::string why) {
  {
    std::lock_guard lock(mutex);
    assert(!isFinished && "finished twice");
    owner = std::move(executable);
    problem = std::move(why);
    isFinished = true;
    published.store(owner.get(), memory_order_release);
  }
  finished.notify_all();
}

//===----------------------------------------------------------------------===//
// TieredExecutable
//===----------------------------------------------------------------------===//

/// Reading the clock twice takes some 50 ns. So of calls that take less than
/// this, one in so many is timed.
static constexpr TieredExecutable::Duration shortCall =
    std::chrono::microseconds(5);
static constexpr uint32_t shortCallPeriod = 16;

TieredExecutable::Maker::~Maker() = default;

TieredExecutable::TieredExecutable(std::shared_ptr<const Executable> first,
                                   std::unique_ptr<Maker> maker)
    : Executable(first.get()), first(std::move(first)), maker(std::move(maker)),
      promotion(std::make_shared<Promotion>()) {}

TieredExecutable::~TieredExecutable() {
  promotion->abandoned.store(true, memory_order_relaxed);
}

void TieredExecutable::promote() const {
  if (!asked.exchange(true, memory_order_relaxed))
    maker->start(promotion);
}

bool TieredExecutable::waitForPromotion() const {
  if (asked.load(memory_order_relaxed)) {
    std::unique_lock lock(promotion->mutex);
    promotion->finished.wait(lock, [&] { return promotion->isFinished; });
  }
  return promotion->ready();
}

std::string TieredExecutable::problem() const {
  std::lock_guard lock(promotion->mutex);
  return promotion->problem;
}

template <typename CallT> Status TieredExecutable::callFirst(CallT call) const {
  using Clock = std::chrono::steady_clock;
  const uint32_t number = calls.load(memory_order_relaxed);
  calls.store(number + 1, memory_order_relaxed);
  const uint32_t weight = period.load(memory_order_relaxed);
  if (number % weight != 0)
    return call(*first);

  // Before the call, so that a program that is called once asks for nothing.
  if (spent.load(memory_order_relaxed) != 0 &&
      timeSpent() >= maker->expectedCost()) {
    promote();
    return call(*first);
  }
  const Clock::time_point start = Clock::now();
  Status status = call(*first);
  const Duration taken = Clock::now() - start;
  spent.fetch_add(taken.count() * weight, memory_order_relaxed);
  period.store(taken < shortCall ? shortCallPeriod : 1, memory_order_relaxed);
  return status;
}

template <typename CallT> Status TieredExecutable::handOver(CallT call) const {
  if (const Executable *second = promotion->ready()) {
    if (!firstIsReleased.load(memory_order_relaxed) &&
        !firstIsReleased.exchange(true, memory_order_relaxed))
      first->releaseWorkspaces();
    return call(*second);
  }
  if (asked.load(memory_order_relaxed))
    return call(*first);
  return callFirst(call);
}

Status TieredExecutable::run(std::span<const void *const> inputs,
                             std::span<void *const> outputs,
                             std::span<const int64_t> sizes,
                             const Output &output) const {
  return handOver([&](const Executable &tier) {
    return tier.run(inputs, outputs, sizes, output);
  });
}

Status TieredExecutable::run(std::span<const Tensor> inputs,
                             std::vector<Tensor> &results,
                             const Output &output) const {
  return handOver([&](const Executable &tier) {
    return tier.run(inputs, results, output);
  });
}

bool mind::runtime::promote(const Executable &executable, bool wait) {
  auto *tiered = dynamic_cast<const TieredExecutable *>(&executable);
  if (tiered)
    tiered->promote();
  if (tiered && wait)
    tiered->waitForPromotion();
  return executable.tier() == 1;
}

int32_t TieredExecutable::invoke(MindContext &, void *const *, const int64_t *,
                                 void *) const {
  __builtin_unreachable(); // run() hands every call over.
}
