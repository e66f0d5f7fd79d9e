//===- NearCode.h - the compiler in a near cache ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_NEARCODE_H
#define MIND_LIB_COMPILER_NEARCODE_H

#include <chrono>
#include <cstddef>

namespace mind {

/// The code of compilations to tier 0, which others push out of the caches
/// while nothing is compiled. A processor asks for a line of it when it gets
/// there, and waits; asked for together, all lines come in a fraction of the
/// time that those of one program take.
class NearCode {
public:
  /// To be called before each compilation. Brings the code into the caches if
  /// there was none for a while, and says how many bytes it has read.
  size_t expect();

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_NEARCODE_H
