//===- Symbol.h - names as small numbers -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each distinct name or string is stored once and known by a number, so that
// comparing names is comparing integers and tables may be plain arrays.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_SYMBOL_H
#define MIND_SYNTAX_SYMBOL_H

#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Compiler.h"
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mind {

/// An interned string. Symbols of one Interner are equal if and only if their
/// texts are; numbers count up from 0 in the order of first appearance.
struct Symbol {
  uint32_t id = UINT32_MAX;

  constexpr Symbol() = default;
  constexpr explicit Symbol(uint32_t id) : id(id) {}

  /// False for the default-constructed symbol, which stands for "no name".
  constexpr bool isValid() const { return id != UINT32_MAX; }

  friend constexpr bool operator==(Symbol a, Symbol b) { return a.id == b.id; }
  friend constexpr bool operator!=(Symbol a, Symbol b) { return a.id != b.id; }
};

/// Owns the texts of symbols; one serves all files of a Session.
class Interner {
public:
  Interner();
  Interner(const Interner &) = delete;
  Interner &operator=(const Interner &) = delete;

  /// The first bytes of a text, with zeros behind its end: what a hash is made
  /// of, and all that has to be compared of most names.
  struct Head {
    static constexpr size_t size = 16;
    uint64_t low = 0, high = 0;

    static Head of(llvm::StringRef text) {
      Head head;
      std::memcpy(&head, text.data(), std::min(text.size(), size));
      return head;
    }
    friend bool operator==(const Head &, const Head &) = default;
  };

  /// The symbol of `text`, entered if it is new.
  Symbol intern(llvm::StringRef text) { return intern(text, Head::of(text)); }

  /// The same where the caller has Head::of(text) already.
  Symbol intern(llvm::StringRef text, Head head) {
    // Most names are short, known, and where their hash says.
    uint32_t hash = hashOf(head);
    const Slot &slot = slots[hash & mask];
    if (LLVM_LIKELY(slot.size == text.size() && slot.head == head &&
                    text.size() <= Head::size))
      return Symbol(slot.symbol);
    return probe(text, head, hash);
  }

  /// The text of a valid symbol; it lives as long as the Interner.
  llvm::StringRef text(Symbol symbol) const {
    assert(symbol.isValid() && "no name has no text");
    return entries[symbol.id].text();
  }

  /// One more than the largest symbol number.
  uint32_t size() const { return uint32_t(entries.size()); }

private:
  struct Entry {
    const char *data;
    uint32_t size;
    uint32_t hash;

    llvm::StringRef text() const { return {data, size}; }
  };
  /// A symbol, with what most texts are compared by; or none, of no text's
  /// size.
  struct Slot {
    Head head;
    uint32_t size = UINT32_MAX;
    uint32_t symbol = UINT32_MAX;
  };

  /// The halves of the product are mixed, since its low bits know nothing of
  /// the high bits of the factor, nor its high bits of the low ones.
  static uint32_t hashOf(Head head, uint64_t seed = 0) {
    auto product =
        (unsigned __int128)(head.low ^ llvm::rotl(head.high, 29) ^ seed) *
        0x9E3779B97F4A7C15u;
    return uint32_t(product) ^ uint32_t(product >> 64);
  }
  /// Finds or enters any text; `hash` is that of its head.
  Symbol probe(llvm::StringRef text, Head head, uint32_t hash);
  /// Doubles the number of slots.
  void grow();

  llvm::BumpPtrAllocator storage;
  std::vector<Entry> entries;
  /// Open addressing. Their number is a power of two, mask + 1.
  std::vector<Slot> slots;
  uint32_t mask;
};

} // namespace mind

template <> struct llvm::DenseMapInfo<mind::Symbol> {
  static mind::Symbol getEmptyKey() { return mind::Symbol(UINT32_MAX); }
  static mind::Symbol getTombstoneKey() { return mind::Symbol(UINT32_MAX - 1); }
  static unsigned getHashValue(mind::Symbol symbol) {
    return DenseMapInfo<uint32_t>::getHashValue(symbol.id);
  }
  static bool isEqual(mind::Symbol a, mind::Symbol b) { return a == b; }
};

#endif // MIND_SYNTAX_SYMBOL_H
