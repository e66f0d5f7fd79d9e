//===- Levels.h - the instruction sets to test ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_KERNELS_LEVELS_H
#define MIND_TEST_UNIT_KERNELS_LEVELS_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <vector>

/// The levels that this processor has.
inline std::vector<mind::kernels::CpuLevel> levels() {
  using mind::kernels::CpuLevel;
  std::vector<CpuLevel> all = {CpuLevel::Baseline};
  for (CpuLevel level : {CpuLevel::V3, CpuLevel::V4})
    if (level <= mind::kernels::cpuLevel())
      all.push_back(level);
  return all;
}

#endif // MIND_TEST_UNIT_KERNELS_LEVELS_H
