//===- DiagnosticRenderer.h - diagnostics as text and JSON -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two faces of one record: a snippet with underlined ranges for the terminal,
// and one JSON object a line for programs and editors.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_DIAGNOSTICRENDERER_H
#define MIND_BASIC_DIAGNOSTICRENDERER_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Basic/SourceManager.h"
#include "llvm/Support/raw_ostream.h"

namespace mind {

/// Prints `diag` with the lines of source it speaks of. `colour` writes ANSI
/// escapes; whether that is wanted (a terminal, no NO_COLOR) the caller knows.
void renderText(const Diagnostic &diag, const SourceManager &sources,
                llvm::raw_ostream &os, bool colour = false);

/// Prints `diag` as a JSON object on one line, with the members `code severity
/// message file line column endLine endColumn notes help`. Lines and columns
/// are those of SourceFile::lineColumn; the end is exclusive. Labels come
/// first among the notes. A diagnostic without a range has null positions, and
/// the main file.
void renderJson(const Diagnostic &diag, const SourceManager &sources,
                llvm::raw_ostream &os);

/// Prints all diagnostics of `diags` in source order by renderText, and how
/// many more there were.
void renderText(DiagnosticEngine &diags, const SourceManager &sources,
                llvm::raw_ostream &os, bool colour = false);

/// Prints all diagnostics of `diags` in source order by renderJson.
void renderJson(DiagnosticEngine &diags, const SourceManager &sources,
                llvm::raw_ostream &os);

} // namespace mind

#endif // MIND_BASIC_DIAGNOSTICRENDERER_H
