//===- Diagnostic.h - what a user is told about a program ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The diagnostic record, the table of its kinds (Diagnostics.def) and the
// engine that collects records. Rendering is in DiagnosticRenderer.h.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_DIAGNOSTIC_H
#define MIND_BASIC_DIAGNOSTIC_H

#include "Mind/Basic/SourceFile.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace mind {

/// What a diagnostic is about; each kind has one code and one message.
enum class DiagKind : uint16_t {
#define MIND_DIAG(Kind, Code, Message) Kind,
#include "Mind/Basic/Diagnostics.def"
};

/// The stable code of `kind`, such as "E3001".
llvm::StringRef diagnosticCode(DiagKind kind);

/// The number in that code, 3001 of E3001.
int32_t codeNumber(DiagKind kind);

/// The enumerator's name, such as "BroadcastMismatch"; tests speak of it.
llvm::StringRef diagnosticName(DiagKind kind);

/// The message of `kind`, its placeholders {0}, {1}... replaced by `args`.
std::string formatDiagnostic(DiagKind kind, llvm::ArrayRef<std::string> args);

/// Every kind, in the order of the table.
llvm::ArrayRef<DiagKind> allDiagKinds();

enum class Severity : uint8_t { Error, Warning };

/// "error" or "warning".
llvm::StringRef severityName(Severity severity);

/// One message to the user. The setters return the record, so that a report
/// reads as one sentence:
/// \code
///   diags.report(DiagKind::BroadcastMismatch, opRange, {...})
///       .label(lhsRange, "[3, 4]")
///       .label(rhsRange, "[3, 5]")
///       .help("make dimension 1 equal, or 1 on one side");
/// \endcode
struct Diagnostic {
  /// A word under a second range of the snippet, beside the primary one.
  struct Label {
    SourceRange range;
    std::string text;
  };
  /// A further sentence; with a valid range it is shown with its own snippet.
  struct Note {
    SourceRange range;
    std::string text;
  };

  DiagKind kind;
  Severity severity = Severity::Error;
  /// The narrowest text that is wrong; invalid if no text is.
  SourceRange range;
  std::string message;
  std::vector<Label> labels;
  std::vector<Note> notes;
  /// How to mend the program, or empty.
  std::string helpText;

  Diagnostic &label(SourceRange range, std::string text) {
    labels.push_back({range, std::move(text)});
    return *this;
  }
  Diagnostic &note(SourceRange range, std::string text) {
    notes.push_back({range, std::move(text)});
    return *this;
  }
  Diagnostic &help(std::string text) {
    helpText = std::move(text);
    return *this;
  }
};

/// Collects the diagnostics of one source file.
class DiagnosticEngine {
public:
  /// Past `limit` diagnostics further ones are counted and dropped.
  explicit DiagnosticEngine(unsigned limit = 50) : limit(limit) {}

  /// Adds an error at `range`. The reference is good until the next report.
  Diagnostic &report(DiagKind kind, SourceRange range,
                     llvm::ArrayRef<std::string> args = {});
  /// The same, of a message that somebody has formatted.
  Diagnostic &reportText(DiagKind kind, SourceRange range, std::string message);

  bool hasErrors() const { return numReported != 0; }
  /// All that were reported, those beyond the limit included.
  unsigned numErrors() const { return numReported; }
  /// How many the limit dropped.
  unsigned numDropped() const { return numReported - records.size(); }

  /// The diagnostics in source order; equal places keep the order of reporting.
  llvm::ArrayRef<Diagnostic> sorted();

  void clear();

private:
  unsigned limit;
  unsigned numReported = 0;
  std::vector<Diagnostic> records;
  /// Stands in for a record that the limit drops.
  Diagnostic dropped{};
};

} // namespace mind

#endif // MIND_BASIC_DIAGNOSTIC_H
