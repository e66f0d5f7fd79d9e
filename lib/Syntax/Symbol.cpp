//===- Symbol.cpp - names as small numbers ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Symbol.h"

using namespace mind;

Interner::Interner() : slots(512), mask(uint32_t(slots.size()) - 1) {
  entries.reserve(slots.size() / 2);
  // Keywords come first and in order, so that the lexer tells them from their
  // symbol's number.
#define MIND_KEYWORD(Name, Spelling) intern(Spelling);
#include "Mind/Syntax/Tokens.def"
}

Symbol Interner::probe(llvm::StringRef text, Head head, uint32_t hash) {
  for (size_t at = Head::size; at < text.size(); at += Head::size)
    hash = hashOf(Head::of(text.drop_front(at)), hash);
  uint32_t at = hash & mask;
  for (; slots[at].symbol != UINT32_MAX; at = (at + 1) & mask) {
    const Slot &slot = slots[at];
    if (slot.head == head && slot.size == text.size() &&
        (text.size() <= Head::size || entries[slot.symbol].text() == text))
      return Symbol(slot.symbol);
  }

  Symbol symbol(size());
  entries.push_back({text.copy(storage).data(), uint32_t(text.size()), hash});
  slots[at] = {head, uint32_t(text.size()), symbol.id};
  if (entries.size() > slots.size() / 2)
    grow();
  return symbol;
}

void Interner::grow() {
  std::vector<Slot> before(slots.size() * 2);
  before.swap(slots);
  mask = uint32_t(slots.size()) - 1;
  for (const Slot &slot : before) {
    if (slot.symbol == UINT32_MAX)
      continue;
    uint32_t at = entries[slot.symbol].hash & mask;
    while (slots[at].symbol != UINT32_MAX)
      at = (at + 1) & mask;
    slots[at] = slot;
  }
}
