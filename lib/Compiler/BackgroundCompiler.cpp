//===- BackgroundCompiler.cpp - tier 1 beside the calls -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BackgroundCompiler.h"
#include "Compilation.h"
#include "Thread.h"

using namespace mind;

//===----------------------------------------------------------------------===//
// One program
//===----------------------------------------------------------------------===//

void BackgroundCompiler::compile(Session::State &session, const Job &job,
                                 const std::atomic<bool> &stopping) {
  LoadedImports imports(job.sources);
  CompileOptions options = job.options;
  options.tier = Tier::Code;
  options.imports = &imports;
  const SourceFile &main = job.sources.mainFile();
  CompileResult::State result(session);
  result.start(main.text(), main.name(), options, /*wantsObjectFile=*/false);
  result.isGivenUp = [&] {
    return stopping.load(std::memory_order_relaxed) ||
           job.promotion->isAbandoned();
  };
  Compilation(result).run();
  if (result.executable)
    job.promotion->publish(result.executable);
  else if (result.internalError)
    job.promotion->fail(result.internalError->message);
  else if (result.diagnostics.hasErrors())
    job.promotion->fail(result.diagnostics.sorted().front().message);
  else
    job.promotion->fail("");
}

//===----------------------------------------------------------------------===//
// The thread
//===----------------------------------------------------------------------===//

BackgroundCompiler::~BackgroundCompiler() {
  stop();
  // There, the thread still waits for the queue, as far as that knows, and to
  // destroy it would take forever.
  if (isForked())
    (void)queue.release();
}

void BackgroundCompiler::work() {
  std::optional<Session::State> session;
  std::unique_lock lock(queue->mutex);
  while (true) {
    queue->changed.wait(lock, [&] { return stopping || !queue->jobs.empty(); });
    if (queue->jobs.empty())
      return;
    Job job = std::move(queue->jobs.front());
    queue->jobs.pop_front();
    lock.unlock();
    if (stopping || job.promotion->isAbandoned()) {
      job.promotion->fail("");
    } else {
      if (!session)
        session.emplace(cache, memory);
      compile(*session, job, stopping);
      warm.store(true, std::memory_order_relaxed);
    }
    job = {};
    lock.lock();
  }
}

void BackgroundCompiler::add(Job job) {
  // The lock may be one that the parent's thread held.
  if (isForked())
    return job.promotion->fail("");
  std::unique_lock lock(queue->mutex);
  bool mayRun = !stopping;
  if (mayRun && !started) {
    startedBy = getpid();
    started = startThread<&BackgroundCompiler::work>(thread, *this);
    mayRun = started;
  }
  if (!mayRun) {
    lock.unlock();
    return job.promotion->fail("");
  }
  queue->jobs.push_back(std::move(job));
  lock.unlock();
  queue->changed.notify_one();
}

void BackgroundCompiler::stop() {
  if (isForked())
    return;
  {
    std::lock_guard lock(queue->mutex);
    stopping = true;
    if (!started)
      return;
    started = false;
  }
  queue->changed.notify_one();
  pthread_join(thread, nullptr);
}

//===----------------------------------------------------------------------===//
// What it costs
//===----------------------------------------------------------------------===//

bool mind::mayGainByCode(const plan::Program &program) {
  return llvm::any_of(program.steps, [](const plan::Step &step) {
    return step.kind == plan::StepKind::Elementwise ||
           step.kind == plan::StepKind::Reduce ||
           step.kind == plan::StepKind::Jump;
  });
}

runtime::TieredExecutable::Duration
mind::expectedCodeCost(const plan::Program &program) {
  // Microseconds, which are within a factor of two of the truth on
  // bench/programs and examples (two cores of an Intel Xeon): loops cost, and
  // calls of kernels little. What goes by rows or reduces becomes several
  // loops, with polynomials in them.
  int64_t cost = 300;
  for (const plan::Step &step : program.steps)
    switch (step.kind) {
    case plan::StepKind::Elementwise:
      cost += 300;
      break;
    case plan::StepKind::Reduce:
    case plan::StepKind::Rows:
      cost += 1500;
      break;
    default:
      cost += 100;
    }
  return std::chrono::microseconds(cost);
}
