//===- Cpu.h - what kernels know of the processor --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_CPU_H
#define MIND_RUNTIME_KERNELS_CPU_H

#include <cstdint>

namespace mind::kernels {

/// The instruction sets that kernels are compiled for, the poorest first: the
/// levels of the x86-64 psABI.
enum class CpuLevel {
  Baseline, ///< whatever the compiler's default is
  V3,       ///< x86-64-v3: AVX2 and FMA
  V4,       ///< x86-64-v4: AVX-512 F, BW, CD, DQ, VL
};

/// The richest level that this process may use.
CpuLevel cpuLevel();

/// The bytes of a core's second-level cache, or a guess.
int64_t level2CacheBytes();

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_CPU_H
