//===- Symbol.cpp - names as small numbers ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Symbol.h"

using namespace mind;

Interner::Interner() : slots(256) {
  // Keywords come first and in order, so that the lexer tells them from their
  // symbol's number.
#define MIND_KEYWORD(Name, Spelling) intern(Spelling);
#include "Mind/Syntax/Tokens.def"
}

Symbol Interner::intern(llvm::StringRef text, uint32_t hash) {
  uint32_t mask = uint32_t(slots.size()) - 1;
  uint32_t slot = hash & mask;
  while (uint32_t entry = slots[slot]) {
    uint32_t id = entry - 1;
    if (hashes[id] == hash && texts[id] == text)
      return Symbol(id);
    slot = (slot + 1) & mask;
  }
  Symbol symbol(size());
  slots[slot] = symbol.id + 1;
  texts.push_back(text.copy(storage));
  hashes.push_back(hash);
  if (texts.size() > slots.size() / 2)
    grow();
  return symbol;
}

void Interner::grow() {
  slots.assign(slots.size() * 2, 0);
  uint32_t mask = uint32_t(slots.size()) - 1;
  for (uint32_t id = 0; id != size(); ++id) {
    uint32_t slot = hashes[id] & mask;
    while (slots[slot])
      slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
}
