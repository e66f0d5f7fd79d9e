//===- Scan.h - many characters at a time ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lexer's first look at a text: which of 64 characters belong to words, and
// which are white space, as sets of bits. Tokens begin where these sets say, so
// that nobody steps through words and spaces. With SSE2, which every x86-64
// has, 16 characters are looked at in each step.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SYNTAX_SCAN_H
#define MIND_LIB_SYNTAX_SCAN_H

#include "Mind/Basic/SourceFile.h"
#include "Mind/Syntax/Symbol.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Compiler.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace mind {

/// The tokens among the next 64 characters; bit i of a set speaks of the one at
/// i. A word that does not end there is left to the next block.
class CharBlock {
public:
  static constexpr unsigned maxSize = 64;
  static_assert(SourceFile::padding >= maxSize);

  /// A token may begin at `text`.
  LLVM_ATTRIBUTE_ALWAYS_INLINE explicit CharBlock(const char *text) {
    read(text);
    begins = ~space & ~(word & word << 1);
    ends = isAscii ? ~word : 0;
    if (LLVM_LIKELY(~word != 0)) {
      unsigned cut = unsigned(llvm::countl_zero(~word));
      count = maxSize - cut;
      begins &= ~uint64_t(0) >> cut;
    }
  }

  /// The number of characters.
  unsigned size() const { return count; }

  /// Where tokens begin: at every sign, and at the first character of a word,
  /// which is letters, digits, `_` and what is not ASCII.
  uint64_t starts() const { return begins; }

  /// The same from `first` on, where any token may begin.
  uint64_t startsFrom(unsigned first) const {
    uint64_t atFirst = uint64_t(1) << first;
    return (begins | (atFirst & ~space)) & -atFirst;
  }

  /// How many characters from `first` on belong to a word. More than there are
  /// where not all is ASCII, since not every other character is of a word.
  unsigned wordSize(unsigned first) const {
    return unsigned(llvm::countr_zero(ends >> first));
  }

private:
  void read(const char *text);

  uint64_t word = 0, space = 0, begins, ends;
  unsigned count = maxSize;
  bool isAscii;
};

/// Whether a text that is followed by SourceFile::padding is ASCII.
inline bool isAscii(const char *at, const char *end) {
  uint64_t bits = 0;
  for (; at < end; at += SourceFile::padding) {
    uint64_t words[SourceFile::padding / sizeof(uint64_t)];
    std::memcpy(words, at, sizeof(words));
    for (uint64_t word : words)
      bits |= word;
  }
  return (bits & 0x8080808080808080u) == 0;
}

/// The first `size` characters of `text`, fewer than 16.
Interner::Head headOfWord(const char *text, unsigned size);

#ifdef __SSE2__

inline void CharBlock::read(const char *text) {
  auto isBetween = [](__m128i chars, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(chars, _mm_set1_epi8(char(first - 1))),
                         _mm_cmplt_epi8(chars, _mm_set1_epi8(char(last + 1))));
  };
  auto bits = [](__m128i mask) { return uint64_t(_mm_movemask_epi8(mask)); };
  __m128i all = _mm_setzero_si128();
  for (unsigned i = 0; i != maxSize; i += 16) {
    __m128i chars =
        _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + i));
    __m128i letters =
        isBetween(_mm_or_si128(chars, _mm_set1_epi8(0x20)), 'a', 'z');
    __m128i digits = isBetween(chars, '0', '9');
    __m128i underscores = _mm_cmpeq_epi8(chars, _mm_set1_epi8('_'));
    // What is not ASCII has the bit set that is asked for.
    word |= bits(_mm_or_si128(_mm_or_si128(letters, digits),
                              _mm_or_si128(underscores, chars)))
            << i;
    space |= bits(_mm_or_si128(_mm_cmpeq_epi8(chars, _mm_set1_epi8(' ')),
                               isBetween(chars, '\t', '\r')))
             << i;
    all = _mm_or_si128(all, chars);
  }
  isAscii = bits(all) == 0;
}

inline Interner::Head headOfWord(const char *text, unsigned size) {
  static constexpr uint8_t ones[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                       255, 255, 255, 255, 255, 255, 255, 255};
  auto load = [](const void *from) {
    return _mm_loadu_si128(static_cast<const __m128i *>(from));
  };
  __m128i head = _mm_and_si128(load(text), load(ones + 16 - size));
  return {uint64_t(_mm_cvtsi128_si64(head)),
          uint64_t(_mm_cvtsi128_si64(_mm_unpackhi_epi64(head, head)))};
}

#else

inline void CharBlock::read(const char *text) {
  isAscii = true;
  for (unsigned i = 0; i != maxSize; ++i) {
    bool isOther = (unsigned char)text[i] >= 0x80;
    bool isWord = llvm::isAlnum(text[i]) || text[i] == '_' || isOther;
    word |= uint64_t(isWord) << i;
    space |= uint64_t(llvm::isSpace(text[i])) << i;
    isAscii &= !isOther;
  }
}

inline Interner::Head headOfWord(const char *text, unsigned size) {
  return Interner::Head::of({text, size});
}

#endif

} // namespace mind

#endif // MIND_LIB_SYNTAX_SCAN_H
