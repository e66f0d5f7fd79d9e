//===- Cpu.cpp - what kernels know of the processor ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Cpu.h"
#include <algorithm>
#include <unistd.h>

namespace mind::kernels {

CpuLevel cpuLevel() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("x86-64-v4"))
    return CpuLevel::V4;
  if (__builtin_cpu_supports("x86-64-v3"))
    return CpuLevel::V3;
#endif
  return CpuLevel::Baseline;
}

int64_t level2CacheBytes() {
  // Virtual machines may hide their caches, or show those of all cores.
  constexpr int64_t least = 256 << 10, usual = 512 << 10, most = 2 << 20;
#ifdef _SC_LEVEL2_CACHE_SIZE
  static const int64_t bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
#else
  constexpr int64_t bytes = 0;
#endif
  return bytes <= 0 ? usual : std::clamp(bytes, least, most);
}

} // namespace mind::kernels
