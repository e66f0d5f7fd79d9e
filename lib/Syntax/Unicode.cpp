//===- Unicode.cpp - characters beyond ASCII -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Unicode.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <cstring>

using namespace mind;

namespace {
struct CodeRange {
  uint32_t first, last;
};
} // namespace

#include "UnicodeRanges.inc"

static bool contains(llvm::ArrayRef<CodeRange> ranges, uint32_t c) {
  const CodeRange *after = llvm::upper_bound(
      ranges, c, [](uint32_t c, CodeRange range) { return c < range.first; });
  return after != ranges.begin() && c <= after[-1].last;
}

bool mind::isIdentifierStart(uint32_t c) {
  return contains(identifierStart, c);
}

bool mind::isIdentifierContinue(uint32_t c) {
  return contains(identifierContinue, c);
}

bool mind::decodeUtf8(const char *&at, const char *end, uint32_t &c) {
  return llvm::convertUTF8Sequence(reinterpret_cast<const llvm::UTF8 **>(&at),
                                   reinterpret_cast<const llvm::UTF8 *>(end),
                                   &c, llvm::strictConversion) ==
         llvm::conversionOK;
}

/// Whether the 32 bytes at `at` are.
static bool areAscii(const char *at) {
  uint64_t words[4];
  std::memcpy(words, at, sizeof(words));
  return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) ==
         0;
}

const char *mind::findInvalidUtf8(const char *at, const char *end) {
  while (at < end) {
    uint32_t c;
    if (areAscii(at)) // or padding
      at += 32;
    else if ((unsigned char)*at < 0x80)
      ++at;
    else if (!decodeUtf8(at, end, c))
      return at;
  }
  return end;
}
