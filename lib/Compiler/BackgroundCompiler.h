//===- BackgroundCompiler.h - tier 1 beside the calls ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_BACKGROUNDCOMPILER_H
#define MIND_LIB_COMPILER_BACKGROUNDCOMPILER_H

#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/Plan/Program.h"
#include "Mind/Runtime/TieredExecutable.h"
#include <deque>
#include <pthread.h>
#include <unistd.h>

namespace mind {

/// Compiles programs to tier 1, one after the other, in a thread and with
/// contexts of its own, all made when the first program is asked for. Shared by
/// a Session and the programs it made, the last of which ends it. Safe to use
/// from several threads.
///
/// What it is handed is the program's source, not its module: to write that as
/// bytecode takes half as long to as long as all that leads to a plan
/// (docs/tiers.md), for each program, though few are ever wanted on tier 1; to
/// read, check and simplify the source again is a small part of what tier 1
/// takes. Nor may bytecode be written later, as the module belongs to the
/// Session's thread.
class BackgroundCompiler {
public:
  struct Job {
    std::shared_ptr<runtime::Promotion> promotion;
    SourceManager sources{"", ""};
    CompileOptions options;
  };

  /// `memory` and `cache` are those of the Session.
  BackgroundCompiler(std::shared_ptr<runtime::MemoryPool> memory,
                     std::shared_ptr<CodeCache> cache)
      : memory(std::move(memory)), cache(std::move(cache)) {}
  ~BackgroundCompiler();

  void add(Job job);

  /// Gives up all jobs: what runs, at the end of its phase, which is waited
  /// for. There are no more from then on.
  void stop();

  /// Whether what the first program pays for has been made.
  bool isWarm() const { return warm.load(std::memory_order_relaxed); }

private:
  void work();
  static void compile(Session::State &session, const Job &job,
                      const std::atomic<bool> &stopping);
  /// A process that was forked has only a copy of what a thread left.
  bool isForked() const { return started && startedBy != getpid(); }

  struct Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
  };
  const std::shared_ptr<runtime::MemoryPool> memory;
  const std::shared_ptr<CodeCache> cache;
  std::unique_ptr<Queue> queue = std::make_unique<Queue>();
  std::atomic<bool> stopping{false}, warm{false};
  pthread_t thread;
  std::atomic<bool> started{false};
  std::atomic<pid_t> startedBy{0};
};

/// Whether code can do better than the plan `program`: it fuses what the plan
/// computes instruction by instruction, and what decides which step comes next.
/// All else both tiers leave to the same kernels, or code has none that good.
bool mayGainByCode(const plan::Program &program);

/// How long code takes to make for a program with the plan `program`.
runtime::TieredExecutable::Duration
expectedCodeCost(const plan::Program &program);
/// And how much longer the first program of a process takes.
inline constexpr runtime::TieredExecutable::Duration expectedFirstCodeCost =
    std::chrono::milliseconds(10);

} // namespace mind

#endif // MIND_LIB_COMPILER_BACKGROUNDCOMPILER_H
