//===- RendererTest.cpp - diagnostics as text and JSON -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DiagnosticRenderer.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {
struct Report {
  SourceManager sources;
  const SourceFile &file = sources.mainFile();
  DiagnosticEngine diags;

  explicit Report(std::string text) : sources("model.mind", std::move(text)) {}

  /// The range of the `nth` occurrence of `word`, from 0.
  SourceRange find(llvm::StringRef word, unsigned nth = 0) {
    size_t at = file.text().find(word);
    while (nth--)
      at = file.text().find(word, at + 1);
    return {uint32_t(at), uint32_t(at + word.size())};
  }
  std::string text(bool colour = false) {
    std::string result;
    llvm::raw_string_ostream os(result);
    renderText(diags, sources, os, colour);
    return result;
  }
  std::string json() {
    std::string result;
    llvm::raw_string_ostream os(result);
    renderJson(diags, sources, os);
    return result;
  }
};
} // namespace

TEST(TextRenderer, MarksOperandsBesideTheOperator) {
  Report report(std::string(41, '\n') + "    let z = x + y;\n");
  report.diags
      .report(DiagKind::BroadcastMismatch, report.find("+"),
              {"[3, 4]", "[3, 5]", "1", "4", "5"})
      .label(report.find("x"), "[3, 4]")
      .label(report.find("y"), "[3, 5]")
      .help("make dimension 1 equal, or 1 on one side");
  EXPECT_EQ(
      report.text(),
      R"(error[E3001]: cannot broadcast [3, 4] with [3, 5]: dimension 1 is 4 and 5
  --> model.mind:42:15
   |
42 |     let z = x + y;
   |             - ^ - [3, 5]
   |             |
   |             [3, 4]
   = help: make dimension 1 equal, or 1 on one side
)");
}

TEST(TextRenderer, ShowsFarLabelsAndNotes) {
  Report report("fn f(\n  x\n\n  y;\nlet f = 1;\n");
  report.diags
      .report(DiagKind::UnclosedDelimiter, report.find(";"),
              {"`)`", "`(`", "`;`"})
      .label(report.find("("), "opened here")
      .note(report.find("let"), "another statement begins here")
      .note(SourceRange(), "a remark");
  EXPECT_EQ(report.text(), R"(error[E1106]: expected `)` to close `(`, found `;`
 --> model.mind:4:4
  |
1 | fn f(
  |     - opened here
...
4 |   y;
  |    ^
  = note: a remark
note: another statement begins here
 --> model.mind:5:1
  |
5 | let f = 1;
  | ^^^
)");
}

TEST(TextRenderer, AlignsUnderTabsAndWideCharacters) {
  Report report("\t\"\xE6\xBC\xA2\" $ \x01;\r\n");
  report.diags.report(DiagKind::InvalidCharacter, report.find("$"), {"`$`"});
  EXPECT_EQ(report.text(), "error[E1002]: character `$` has no meaning here\n"
                           " --> model.mind:1:6\n"
                           "  |\n"
                           "1 |     \"\xE6\xBC\xA2\" $ \xEF\xBF\xBD;\n"
                           "  |          ^\n");
}

TEST(TextRenderer, CutsLongLines) {
  Report report(std::string(100000, '(') + "$" + std::string(1000, ')'));
  report.diags.report(DiagKind::InvalidCharacter, report.find("$"), {"`$`"});
  std::string text = report.text();
  EXPECT_LT(text.size(), 1000u);
  EXPECT_NE(text.find("($)"), std::string::npos);
}

TEST(TextRenderer, ShowsEmptyRangesAndPlaceless) {
  Report report("x");
  report.diags.report(DiagKind::ExpectedToken, {1, 1}, {"`;`", "end of file"});
  report.diags.report(DiagKind::AllocationFailure, SourceRange(), {"8"});
  EXPECT_EQ(report.text(), R"(error[E1101]: expected `;`, found end of file
 --> model.mind:1:2
  |
1 | x
  |  ^

error[E6004]: cannot allocate 8 bytes
)");
}

TEST(TextRenderer, TellsHowManyMore) {
  Report report("x");
  for (int i = 0; i != 60; ++i)
    report.diags.report(DiagKind::DivisionByZero, {0, 1});
  EXPECT_NE(report.text().find("\n10 more errors\n"), std::string::npos);
}

TEST(TextRenderer, ColoursOnlyWhenAsked) {
  Report report("x");
  report.diags.report(DiagKind::DivisionByZero, {0, 1}).help("help");
  EXPECT_EQ(report.text().find('\x1b'), std::string::npos);
  EXPECT_NE(report.text(true).find("\x1b[1;31merror[E6005]\x1b[0m"),
            std::string::npos);
}

TEST(JsonRenderer, WritesOneObjectALine) {
  Report report("let a = \"\xCE\xB1\" + y;\n");
  report.diags.report(DiagKind::UndefinedName, report.find("y"), {"y"})
      .label(report.find("+"), "an operand of this")
      .help("define it");
  report.diags.report(DiagKind::AllocationFailure, SourceRange(), {"8"});
  EXPECT_EQ(
      report.json(),
      R"({"code":"E2002","severity":"error","message":"name `y` is not defined",)"
      R"("file":"model.mind","line":1,"column":15,"endLine":1,"endColumn":16,)"
      R"("notes":[{"message":"an operand of this","file":"model.mind",)"
      R"("line":1,"column":13,"endLine":1,"endColumn":14}],"help":"define it"})"
      "\n"
      R"({"code":"E6004","severity":"error","message":"cannot allocate 8 bytes",)"
      R"("file":"model.mind","line":null,"column":null,"endLine":null,)"
      R"("endColumn":null,"notes":[],"help":null})"
      "\n");
}
