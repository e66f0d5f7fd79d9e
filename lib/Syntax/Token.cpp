//===- Token.cpp - a lexed word or sign ------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Token.h"

using namespace mind;

static constexpr llvm::StringLiteral descriptions[] = {
#define MIND_TOKEN(Name, Description) Description,
#define MIND_PUNCTUATION(Name, Spelling) "`" Spelling "`",
#define MIND_KEYWORD(Name, Spelling) "`" Spelling "`",
#include "Mind/Syntax/Tokens.def"
};

static constexpr llvm::StringLiteral spellings[] = {
#define MIND_TOKEN(Name, Description) "",
#define MIND_PUNCTUATION(Name, Spelling) Spelling,
#define MIND_KEYWORD(Name, Spelling) Spelling,
#include "Mind/Syntax/Tokens.def"
};

llvm::StringRef mind::describe(TokenKind kind) {
  return descriptions[size_t(kind)];
}

llvm::StringRef mind::spelling(TokenKind kind) {
  return spellings[size_t(kind)];
}

bool mind::isReserved(TokenKind kind) {
  switch (kind) {
#define MIND_RESERVED(Name, Spelling) case TokenKind::Name:
#include "Mind/Syntax/Tokens.def"
    return true;
  default:
    return false;
  }
}
