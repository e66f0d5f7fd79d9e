//===- NearCode.h - the compiler in a near cache ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_NEARCODE_H
#define MIND_LIB_COMPILER_NEARCODE_H

#include <chrono>
#include <span>

namespace mind {

/// The code of compilations to tier 0, which others push out of the caches
/// while nothing is compiled. A processor asks for a line of it when it gets
/// there, and waits; asked for together, all lines come in a fraction of the
/// time that those of one program take.
class NearCode {
public:
  /// The compiler's, where the linker was told to put it in one place; else
  /// hardly anything.
  NearCode();
  explicit NearCode(std::span<const char> code) : code(code) {}

  /// To be called before each compilation. Reads the code if there was none
  /// for a while, and says whether it did.
  bool expect();

private:
  using Clock = std::chrono::steady_clock;
  const std::span<const char> code;
  Clock::time_point last;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_NEARCODE_H
