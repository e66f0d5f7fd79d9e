//===- MemoryPlan.h - blocks of memory that share one area -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_MEMORYPLAN_H
#define MIND_RUNTIME_MEMORYPLAN_H

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mind {

/// A block of memory, and the times from which and to which it is in use, both
/// included.
struct MemoryBlock {
  int64_t size;
  unsigned first, last;
};

/// Where each block lies in an area that all share.
struct MemoryPlan {
  std::vector<int64_t> offsets;
  /// Of the area.
  int64_t size = 0;
  /// The largest sum of what is in use at one time: no plan is smaller.
  int64_t live = 0;
};

/// A plan by which no two blocks overlap that are in use at one time: first fit
/// by time or, if that is larger than what is in use, by decreasing size,
/// whichever is smaller. Offsets are sums of sizes. None if 64 bits do not
/// suffice.
std::optional<MemoryPlan> planMemory(std::span<const MemoryBlock> blocks);

} // namespace mind

#endif // MIND_RUNTIME_MEMORYPLAN_H
