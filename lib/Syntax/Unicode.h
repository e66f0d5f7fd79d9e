//===- Unicode.h - characters beyond ASCII ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SYNTAX_UNICODE_H
#define MIND_LIB_SYNTAX_UNICODE_H

#include <cstdint>

namespace mind {

/// Whether the code point `c` beyond ASCII may start an identifier
/// (XID_Start), or continue one (XID_Continue).
bool isIdentifierStart(uint32_t c);
bool isIdentifierContinue(uint32_t c);

/// Reads the UTF-8 character at `at` and moves past it. False, with `at`
/// unmoved, if there is no well-formed character before `end`.
bool decodeUtf8(const char *&at, const char *end, uint32_t &c);

/// The first byte in [at, end) that belongs to no well-formed character, or
/// `end`. The 31 bytes behind may be read.
const char *findInvalidUtf8(const char *at, const char *end);

} // namespace mind

#endif // MIND_LIB_SYNTAX_UNICODE_H
