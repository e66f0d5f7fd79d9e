//===- SmallCopy.h - copies of a few bytes ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_SMALLCOPY_H
#define MIND_LIB_RUNTIME_KERNELS_SMALLCOPY_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mind::kernels {

/// Two pieces of so many bytes each that cover all, one from each end.
template <size_t bytes>
inline void copyEnds(const char *from, char *to, size_t count) {
  char first[bytes], last[bytes];
  __builtin_memcpy(first, from, bytes);
  __builtin_memcpy(last, from + count - bytes, bytes);
  __builtin_memcpy(to, first, bytes);
  __builtin_memcpy(to + count - bytes, last, bytes);
}

/// memcpy, without a call for a few bytes.
inline void copyRow(const char *from, char *to, size_t count) {
  if (count > 64)
    std::memcpy(to, from, count);
  else if (count >= 32)
    copyEnds<32>(from, to, count);
  else if (count >= 16)
    copyEnds<16>(from, to, count);
  else if (count >= 8)
    copyEnds<8>(from, to, count);
  else if (count >= 4)
    copyEnds<4>(from, to, count);
  else if (count >= 2)
    copyEnds<2>(from, to, count);
  else if (count == 1)
    *to = *from;
}

/// Calls `body` with a number of the type of elements of so many bytes.
template <typename Body> void withElement(size_t bytes, Body body) {
  if (bytes == 1)
    body(uint8_t());
  else if (bytes == 2)
    body(uint16_t());
  else if (bytes == 4)
    body(uint32_t());
  else
    body(uint64_t());
}

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_SMALLCOPY_H
