//===- Worker.h - the timed MIND process -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Answers jobs of the benchmark's orchestrator: one JSON object a line on
// standard input, one a line on standard output. There is no Python and no
// PyTorch in this process.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MIND_BENCH_WORKER_H
#define MIND_TOOLS_MIND_BENCH_WORKER_H

namespace mind::bench {

/// Serves jobs until standard input ends; returns the exit code.
///
/// A job has a `kind`:
///   describe  answers `version`, `llvm` and the table of `depths`
///   roof      for `threads`: `fma_flops` and `bandwidth_bytes`, per second
///   measure   one sample of a depth; see docs/benchmarking.md
/// A job that cannot be done is answered by an `error`.
int serveJobs();

} // namespace mind::bench

#endif // MIND_TOOLS_MIND_BENCH_WORKER_H
