//===- Roof.h - what the machine can do at most ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two small loops that measure the limits which the benchmark's figures are
// read against.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MIND_BENCH_ROOF_H
#define MIND_TOOLS_MIND_BENCH_ROOF_H

namespace mind::bench {

/// f32 operations per second of independent fused multiply-adds in registers
/// (two operations each), with the widest vectors the CPU has, on `threads`
/// threads together.
double measureFmaRoof(unsigned threads);

/// Performs at least `operations` of these on one thread, as few more as one
/// round of the loop has. For the clock of whoever calls it.
void multiplyAddRoof(double operations);

/// Bytes per second of STREAM's triad a[i] = b[i] + s * c[i] over arrays that
/// no cache holds, three accesses an element, on `threads` threads together.
double measureBandwidth(unsigned threads);

} // namespace mind::bench

#endif // MIND_TOOLS_MIND_BENCH_ROOF_H
