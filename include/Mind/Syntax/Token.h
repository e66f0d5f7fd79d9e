//===- Token.h - a lexed word or sign --------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_TOKEN_H
#define MIND_SYNTAX_TOKEN_H

#include "Mind/Basic/DType.h"
#include "Mind/Basic/SourceFile.h"
#include "Mind/Syntax/Symbol.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace mind {

enum class TokenKind : uint8_t {
#define MIND_TOKEN(Name, Description) Name,
#define MIND_PUNCTUATION(Name, Spelling) Name,
#define MIND_KEYWORD(Name, Spelling) Name,
#include "Mind/Syntax/Tokens.def"
};

/// How messages name a kind: "`let`", "name", "end of file".
llvm::StringRef describe(TokenKind kind);

/// The spelling of a sign or keyword; empty for kinds with many spellings.
llvm::StringRef spelling(TokenKind kind);

/// Whether `kind` is a word kept for a feature to come.
bool isReserved(TokenKind kind);

/// The element type that `kind` names, if it does.
inline std::optional<DType> dtypeOf(TokenKind kind) {
  constexpr auto first = TokenKind::Bool;
  unsigned offset = unsigned(kind) - unsigned(first);
  if (offset < numDTypes)
    return DType(offset);
  return std::nullopt;
}

/// One token. Comments and white space leave none.
struct Token {
  /// Identifiers, keywords and strings (decoded): the symbol. Integers: the
  /// value.
  uint64_t payload;
  uint32_t begin;
  uint32_t end;
  TokenKind kind;

  SourceRange range() const { return {begin, end}; }
  Symbol symbol() const { return Symbol(uint32_t(payload)); }
};

} // namespace mind

#endif // MIND_SYNTAX_TOKEN_H
