//===- RuntimeDiagnostic.cpp - run-time errors as diagnostics -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/RuntimeDiagnostic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace mind;

/// The bytes that the first `count` characters of `text` take.
static size_t bytesOfCharacters(llvm::StringRef text, size_t count) {
  size_t bytes = 0;
  for (; count != 0 && bytes < text.size(); --count)
    bytes +=
        llvm::getUTF8SequenceSize(text.bytes_begin() + bytes, text.bytes_end())
            ?: 1;
  return bytes;
}

std::pair<Diagnostic, SourceManager>
mind::describe(const runtime::RuntimeError &error) {
  const DiagKind *kind = llvm::find_if(allDiagKinds(), [&](DiagKind kind) {
    return diagnosticCode(kind) == error.code;
  });
  assert(kind != allDiagKinds().end() && "every error has a code of the table");
  Diagnostic diagnostic;
  diagnostic.kind = *kind;
  diagnostic.message = error.message;

  // Empty lines stand for the text before the line that is shown.
  std::string text;
  if (error.line != 0) {
    text.assign(error.line - 1, '\n');
    llvm::StringRef line = error.lineText;
    size_t column = bytesOfCharacters(line, error.column - 1);
    size_t length = bytesOfCharacters(line.drop_front(column), error.length);
    diagnostic.range = SourceRange(uint32_t(text.size() + column),
                                   uint32_t(text.size() + column + length));
    text += error.lineText;
  }
  return {diagnostic, SourceManager(error.fileName, text)};
}
