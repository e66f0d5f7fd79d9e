//===- Parser.h - source text to syntax tree -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_PARSER_H
#define MIND_SYNTAX_PARSER_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Syntax/Tree.h"

namespace mind {

/// The height of the tallest tree that the parser makes, counted in nodes that
/// nest; a program that wants more is error E1191. Who walks a tree by
/// recursion may rely on it.
inline constexpr unsigned maxNesting = 500;

/// Lexes and parses one file; what it imports stays open, which is for
/// parseProgram (Imports.h) to find. After errors (E10xx, E11xx) the tree is
/// still whole: what could not be read is an Error node, or missing. `file` and
/// `interner` must outlive the tree.
Tree parse(const SourceFile &file, Interner &interner, DiagnosticEngine &diags);

/// The same into `tree`, whose contents are replaced, and whose memory is used
/// again.
void parse(const SourceFile &file, Interner &interner, DiagnosticEngine &diags,
           Tree &tree);

} // namespace mind

#endif // MIND_SYNTAX_PARSER_H
