//===- TieredExecutable.h - fast to start, then fast to run ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that starts on one tier and goes over to the next when that is
// ready. How the next one is made is another's business: this file knows no
// compiler.
//
// When to ask for it. As long as nobody knows how many calls will come, the
// rule that bounds the loss is that of renting or buying skis: ask when the
// time spent in calls has reached what making the next tier is expected to
// take. A program whose calls end just then has cost at most about twice what
// it had to; one that runs on has lost no more than that once.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_TIEREDEXECUTABLE_H
#define MIND_RUNTIME_TIEREDEXECUTABLE_H

#include "Mind/Runtime/Executable.h"
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace mind::runtime {

/// Where the second tier of a program appears, shared by the program and by who
/// makes it. Either may be gone before the other.
class Promotion {
public:
  /// For who makes it, who calls one of these two, once: the executable is
  /// there, for every call that begins from now on...
  void publish(std::shared_ptr<const Executable> executable);
  /// ...or there will be none, which is a bug of the compiler if `problem` says
  /// something; it is empty if the making was given up.
  void fail(std::string problem);
  /// Whether nobody waits for it any more.
  bool isAbandoned() const { return abandoned.load(std::memory_order_relaxed); }

private:
  friend class TieredExecutable;

  /// Null until it is there.
  const Executable *ready() const {
    return published.load(std::memory_order_acquire);
  }
  void finish(std::shared_ptr<const Executable> executable,
              std::string problem);

  std::atomic<const Executable *> published{nullptr};
  std::atomic<bool> abandoned{false};

  std::mutex mutex;
  std::condition_variable finished;
  bool isFinished = false;
  std::shared_ptr<const Executable> owner;
  std::string problem;
};

/// A function that calls execute on its first tier until the second is there.
/// Calls may come from several threads; each is executed by one tier from
/// beginning to end, with memory of that tier's.
class TieredExecutable final : public Executable {
public:
  using Duration = std::chrono::nanoseconds;

  /// Makes the second tier of one program, somewhere else.
  class Maker {
  public:
    using Duration = TieredExecutable::Duration;

    virtual ~Maker();
    /// How long it would take now.
    virtual Duration expectedCost() const = 0;
    /// Begins, and returns at once. Called at most once, from any thread.
    virtual void start(std::shared_ptr<Promotion> promotion) = 0;
  };

  TieredExecutable(std::shared_ptr<const Executable> first,
                   std::unique_ptr<Maker> maker);
  /// Waits for nothing: what is being made is abandoned.
  ~TieredExecutable() override;

  /// Of the calls that begin now.
  unsigned tier() const override { return current().tier(); }
  size_t workspaceSize(std::span<const int64_t> sizes = {}) const override {
    return current().workspaceSize(sizes);
  }
  const Executable &current() const {
    const Executable *second = promotion->ready();
    return second ? *second : *first;
  }
  const Executable &firstTier() const { return *first; }

  /// Asks for the second tier now, whatever the rule says.
  void promote() const;
  /// Waits until the second tier is there, and returns whether it is: not if it
  /// could not be made, or nobody has asked for it.
  bool waitForPromotion() const;
  /// Why the second tier could not be made: a bug of the compiler. Empty if
  /// there is none.
  std::string problem() const;

  /// As counted so far: some calls are timed, and stand for the others.
  Duration timeSpent() const {
    return Duration(spent.load(std::memory_order_relaxed));
  }

  Status run(std::span<const void *const> inputs,
             std::span<void *const> outputs,
             std::span<const int64_t> sizes = {},
             const Output &output = writeToStandardOutput) const override;
  Status run(std::span<const Tensor> inputs, std::vector<Tensor> &results,
             const Output &output = writeToStandardOutput) const override;

private:
  int32_t invoke(MindContext &context, void *const *buffers,
                 const int64_t *sizes, void *workspace) const override;
  /// Hands a call over to the tier that it belongs to.
  template <typename CallT> Status handOver(CallT call) const;
  template <typename CallT> Status callFirst(CallT call) const;

  std::shared_ptr<const Executable> first;
  std::unique_ptr<Maker> maker;
  std::shared_ptr<Promotion> promotion;

  mutable std::atomic<bool> asked{false};
  mutable std::atomic<bool> firstIsReleased{false};
  /// Calls on the first tier, each `period`-th of which is timed, and the
  /// nanoseconds that all took, as far as these tell. Concurrent calls may
  /// lose a count: a locked instruction would cost each call more than that.
  mutable std::atomic<uint32_t> calls{0}, period{1};
  mutable std::atomic<int64_t> spent{0};
};

/// Has `executable` go on to tier 1 now, if it ever does, and waits for that if
/// `wait`. Returns whether it is on tier 1.
bool promote(const Executable &executable, bool wait = true);

} // namespace mind::runtime

#endif // MIND_RUNTIME_TIEREDEXECUTABLE_H
