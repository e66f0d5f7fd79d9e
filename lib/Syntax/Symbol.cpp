//===- Symbol.cpp - names as small numbers ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Symbol.h"

using namespace mind;

Interner::Interner() : slots(256), mask(uint32_t(slots.size()) - 1) {
  entries.reserve(slots.size() / 2);
  // Keywords come first and in order, so that the lexer tells them from their
  // symbol's number.
#define MIND_KEYWORD(Name, Spelling) intern(Spelling);
#include "Mind/Syntax/Tokens.def"
}

Symbol Interner::probe(llvm::StringRef text, Head head, uint32_t hash) {
  for (size_t at = Head::size; at < text.size(); at += Head::size)
    hash = hashOf(Head::of(text.drop_front(at)), hash);
  for (uint32_t slot = hash & mask; slots[slot] != 0;
       slot = (slot + 1) & mask) {
    const Entry &entry = entries[slots[slot] - 1];
    if (entry.head == head && entry.size == text.size() &&
        (text.size() <= Head::size || entry.text() == text))
      return Symbol(slots[slot] - 1);
  }

  Symbol symbol(size());
  entries.push_back(
      {head, text.copy(storage).data(), uint32_t(text.size()), hash});
  if (entries.size() <= slots.size() / 2) {
    addToSlots(symbol.id);
    return symbol;
  }
  slots.assign(slots.size() * 2, 0);
  mask = uint32_t(slots.size()) - 1;
  for (uint32_t number = 0; number != size(); ++number)
    addToSlots(number);
  return symbol;
}

void Interner::addToSlots(uint32_t number) {
  uint32_t slot = entries[number].hash & mask;
  while (slots[slot] != 0)
    slot = (slot + 1) & mask;
  slots[slot] = number + 1;
}
