//===- Roof.h - what a core can do at most ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The yardstick beside which the speed of kernels is reported: measured in the
// same run, since clocks and neighbours change.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_ROOF_H
#define MIND_RUNTIME_KERNELS_ROOF_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <cstdint>

namespace mind::kernels {

/// Executes at least `count` multiplications and additions of T (float or
/// double) in independent chains of fused multiply-adds that stay in registers.
/// Returns how many they were; their rate is what one core can do at most.
template <typename T>
int64_t multiplyAdd(int64_t count, CpuLevel level = cpuLevel());

extern template int64_t multiplyAdd<float>(int64_t, CpuLevel);
extern template int64_t multiplyAdd<double>(int64_t, CpuLevel);

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ROOF_H
