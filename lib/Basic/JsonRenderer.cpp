//===- JsonRenderer.cpp - diagnostics as JSON lines ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DiagnosticRenderer.h"
#include "llvm/Support/JSON.h"

using namespace mind;

/// Source text may be anything; JSON strings are UTF-8.
static std::string jsonText(llvm::StringRef text) {
  return llvm::json::fixUTF8(text);
}

/// Where `range` is: the file, and in it lines and columns.
static void writePlace(llvm::json::OStream &json, SourceRange range,
                       const SourceManager &sources) {
  const SourceFile &file = sources.fileOf(range);
  json.attribute("file", jsonText(file.name()));
  if (!range.isValid()) {
    for (const char *key : {"line", "column", "endLine", "endColumn"})
      json.attribute(key, nullptr);
    return;
  }
  LineColumn begin = file.lineColumn(range.begin);
  LineColumn end = file.lineColumn(range.end);
  json.attribute("line", begin.line);
  json.attribute("column", begin.column);
  json.attribute("endLine", end.line);
  json.attribute("endColumn", end.column);
}

static void writeNote(llvm::json::OStream &json, llvm::StringRef text,
                      SourceRange range, const SourceManager &sources) {
  json.object([&] {
    json.attribute("message", jsonText(text));
    writePlace(json, range, sources);
  });
}

void mind::renderJson(const Diagnostic &diag, const SourceManager &sources,
                      llvm::raw_ostream &os) {
  llvm::json::OStream json(os);
  json.object([&] {
    json.attribute("code", diagnosticCode(diag.kind));
    json.attribute("severity", severityName(diag.severity));
    json.attribute("message", jsonText(diag.message));
    writePlace(json, diag.range, sources);
    json.attributeArray("notes", [&] {
      for (const Diagnostic::Label &label : diag.labels)
        writeNote(json, label.text, label.range, sources);
      for (const Diagnostic::Note &note : diag.notes)
        writeNote(json, note.text, note.range, sources);
    });
    if (diag.helpText.empty())
      json.attribute("help", nullptr);
    else
      json.attribute("help", jsonText(diag.helpText));
  });
  os << '\n';
}

void mind::renderJson(DiagnosticEngine &diags, const SourceManager &sources,
                      llvm::raw_ostream &os) {
  for (const Diagnostic &diag : diags.sorted())
    renderJson(diag, sources, os);
}
