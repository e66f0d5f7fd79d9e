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

namespace mind {

/// The largest source file, in bytes; a larger one is error E1191.
inline constexpr uint32_t maxFileSize = 64u << 20;

/// Splits `file` into tokens. Reports E1001 to E1006; text that is no token
/// becomes one of kind Invalid, about which the parser stays silent, or is
/// skipped. Always ends in EndOfFile.
TokenBuffer lex(const SourceFile &file, Interner &interner,
                DiagnosticEngine &diags);

} // namespace mind

#endif // MIND_SYNTAX_LEXER_H
