//===- NearMemory.cpp - what compilations need in a near cache ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NearMemory.h"
#include <cstddef>

using namespace mind;

extern "C" {
// Between these, which do nothing, the linker puts the code, where it is told
// to (cmake/startup-order.txt). Elsewhere they lie side by side.
[[gnu::noinline, gnu::used]] void mindCompilerBegins() {}
[[gnu::noinline, gnu::used]] void mindCompilerEnds() {}
}

/// For how long all of it stays near, about: another program may have run.
constexpr std::chrono::milliseconds whileNear(1);

/// More than there is, or the functions lie somewhere else.
constexpr size_t mostBytes = size_t(1) << 20;

static std::span<const char> codeOfCompiler() {
  const auto begin = reinterpret_cast<uintptr_t>(&mindCompilerBegins);
  const auto end = reinterpret_cast<uintptr_t>(&mindCompilerEnds);
  if (end < begin || end - begin > mostBytes)
    return {};
  return {reinterpret_cast<const char *>(begin), end - begin};
}

NearMemory::NearMemory() : NearMemory(codeOfCompiler()) {}

bool NearMemory::expect() {
  const Clock::time_point now = Clock::now();
  const bool isNear = now - last < whileNear;
  last = now;
  if (isNear)
    return false;
  // Code is read, since most of what is only prefetched stays where it is:
  // processors drop prefetches that they have no place for. Between readings,
  // which wait for their turn, there is a place for each.
  constexpr size_t line = 64;
  for (size_t at = 0; at < code.size(); at += line) {
    (void)*static_cast<const volatile char *>(&code[at]);
    if (data != 0)
      __builtin_prefetch(reinterpret_cast<const void *>(data + at));
  }
  return true;
}
