//===- SyntaxTest.h - what the tests of this room share -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_SYNTAX_SYNTAXTEST_H
#define MIND_TEST_UNIT_SYNTAX_SYNTAXTEST_H

#include "Mind/Syntax/Parser.h"
#include "Mind/Syntax/Printer.h"
#include "llvm/ADT/Twine.h"

namespace mind {

/// A source text and everything that parsing it leaves.
struct Parsed {
  SourceFile file;
  Interner interner;
  DiagnosticEngine diags;
  Tree tree;

  explicit Parsed(std::string text)
      : file("test.mind", std::move(text)), tree(parse(file, interner, diags)) {
  }

  /// The tree without positions.
  std::string print() {
    std::string text;
    llvm::raw_string_ostream os(text);
    mind::print(tree, os, /*ranges=*/false);
    return text;
  }

  /// One line an error: its kind and the text that it underlines.
  std::string errors() {
    std::string text;
    for (const Diagnostic &diag : diags.sorted())
      text += (diagnosticName(diag.kind) + " '" + file.text(diag.range) + "'\n")
                  .str();
    return text;
  }
};

} // namespace mind

#endif // MIND_TEST_UNIT_SYNTAX_SYNTAXTEST_H
