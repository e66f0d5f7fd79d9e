//===- FuzzSyntax.cpp - lexer, parser and formatter on any bytes ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Format/Format.h"
#include <cstdlib>

using namespace mind;

[[noreturn]] static void fail(llvm::StringRef what, llvm::StringRef text) {
  llvm::errs() << what << ":\n" << text << '\n';
  std::abort();
}

/// What can be formatted stays right, and the same when it is formatted again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  SourceManager sources("input.mind", std::string(data, data + size));
  const SourceFile &file = sources.mainFile();
  DiagnosticEngine diagnostics;
  std::optional<std::string> once = format(file, diagnostics);
  std::string messages;
  llvm::raw_string_ostream os(messages);
  renderText(diagnostics, sources, os);
  renderJson(diagnostics, sources, os);
  if (!once) {
    if (messages.empty())
      fail("refused without a message", file.text());
    return 0;
  }
  SourceFile formatted("formatted.mind", *once);
  std::optional<std::string> twice = format(formatted, diagnostics);
  if (!twice)
    fail("wrong after formatting", *once);
  if (*twice != *once)
    fail("formatting is not idempotent", *once + "\n----\n" + *twice);
  return 0;
}
