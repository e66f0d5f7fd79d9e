//===- Lexer.h - source text to tokens -------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_LEXER_H
#define MIND_SYNTAX_LEXER_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Basic/SourceFile.h"
#include "Mind/Syntax/Token.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace mind {

/// The largest source file, in bytes; a larger one is error E1191.
inline constexpr uint32_t maxFileSize = 64u << 20;

/// Splits a file into tokens, as many at a time as its user has room for: the
/// parser looks at few of them at once. Reports E1001 to E1006 and E1191; text
/// that is no token becomes one of kind Invalid, about which the parser stays
/// silent, or is skipped.
class Lexer {
public:
  /// What is not UTF-8 in the whole file is reported here.
  Lexer(const SourceFile &file, Interner &interner, DiagnosticEngine &diags);

  /// What to put before the first token.
  Token beforeFirst() const { return {0, base, base, TokenKind::EndOfFile}; }

  /// Puts the tokens that follow into [first, limit) and returns their end: as
  /// many as leave less than minRoom free, or up to EndOfFile, the last one.
  /// There must be minRoom at first, and `first[-1]` be the token before.
  Token *lex(Token *first, Token *limit);

  static constexpr ptrdiff_t minRoom = 64;

private:
  void validateUtf8();
  /// Lexes the tokens that begin in the next 64 characters. False at the end of
  /// the file.
  bool lexBlock();
  void endFile();

  // These lex one token, or none, from `at` on, and move `at` behind it.

  void lexRare();
  void lexWord();
  void lexNumber();
  void lexString();
  bool lexEscape(llvm::SmallVectorImpl<char> &value);
  void lexSign();
  void skipBlockComment();
  void lexInvalid();

  /// Moves past what may continue an identifier.
  void skipWordTail();
  bool skipDigits(unsigned base);
  void finishInteger(const char *begin, const char *digits, unsigned base);

  uint32_t offset(const char *place) const {
    return base + uint32_t(place - start);
  }
  SourceRange rangeFrom(const char *begin) const {
    return {offset(begin), offset(at)};
  }
  /// Adds the token from `begin` to `at`.
  void emit(TokenKind kind, const char *begin, uint64_t payload = 0) {
    *out++ = {payload, offset(begin), offset(at), kind};
  }
  Diagnostic &report(DiagKind kind, SourceRange range,
                     llvm::ArrayRef<std::string> args = {}) {
    return diags.report(kind, range, args);
  }
  /// Reports a malformed number that starts at `begin` and ends at `at`.
  Diagnostic &invalidNumber(const char *begin, DiagKind kind, SourceRange range,
                            llvm::ArrayRef<std::string> args = {}) {
    emit(TokenKind::Invalid, begin);
    return report(kind, range, args);
  }

  Interner &interner;
  DiagnosticEngine &diags;
  /// The offset of `start`.
  uint32_t base;
  const char *start, *at, *end;
  /// Where the next token goes.
  Token *out = nullptr;
};

/// All tokens of `file`; the last is EndOfFile.
std::vector<Token> lex(const SourceFile &file, Interner &interner,
                       DiagnosticEngine &diags);

} // namespace mind

#endif // MIND_SYNTAX_LEXER_H
