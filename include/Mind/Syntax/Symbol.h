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
#include "llvm/Support/Allocator.h"
#include <cassert>
#include <cstdint>
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

  /// The symbol of `text`, entered if it is new.
  Symbol intern(llvm::StringRef text) { return intern(text, hash(text)); }

  /// The same where the caller has computed hash(text) already.
  Symbol intern(llvm::StringRef text, uint32_t hash);

  /// The text of a valid symbol; it lives as long as the Interner.
  llvm::StringRef text(Symbol symbol) const {
    assert(symbol.isValid() && "no name has no text");
    return texts[symbol.id];
  }

  /// One more than the largest symbol number.
  uint32_t size() const { return uint32_t(texts.size()); }

  /// One step of the hash, for those who see the characters one by one.
  static constexpr uint32_t hashStep(uint32_t hash, unsigned char c) {
    return (hash ^ c) * 16777619u; // FNV-1a
  }
  static constexpr uint32_t hashSeed = 2166136261u;

  static uint32_t hash(llvm::StringRef text) {
    uint32_t hash = hashSeed;
    for (char c : text)
      hash = hashStep(hash, (unsigned char)c);
    return hash;
  }

private:
  void grow();

  llvm::BumpPtrAllocator storage;
  std::vector<llvm::StringRef> texts;
  std::vector<uint32_t> hashes;
  /// Open addressing; a slot holds a symbol number plus one, or 0.
  std::vector<uint32_t> slots;
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
