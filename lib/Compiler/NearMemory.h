//===- NearMemory.h - what compilations need in a near cache ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_NEARMEMORY_H
#define MIND_LIB_COMPILER_NEARMEMORY_H

#include <chrono>
#include <cstdint>
#include <span>

namespace mind {

/// The code of compilations to tier 0, and data that these find by following
/// pointers, which others push out of the caches while nothing is compiled. A
/// processor asks for a line of it when it gets there, and waits; asked for
/// together, all lines come in a fraction of the time that those of one program
/// take.
class NearMemory {
public:
  /// With the compiler's code, where the linker was told to put it in one
  /// place; else with hardly anything.
  NearMemory();
  explicit NearMemory(std::span<const char> code) : code(code) {}

  /// Has what lies from `begin` on asked for too, as much as there is code.
  /// Nothing of it is read, so that it need not belong to anybody.
  void setData(const void *begin) { data = reinterpret_cast<uintptr_t>(begin); }

  /// To be called before each compilation. Brings all of it near if there was
  /// none for a while, and says whether it did.
  bool expect();

private:
  using Clock = std::chrono::steady_clock;
  const std::span<const char> code;
  uintptr_t data = 0; // none
  Clock::time_point last;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_NEARMEMORY_H
