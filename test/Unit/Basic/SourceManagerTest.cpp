//===- SourceManagerTest.cpp - the files of a program -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DiagnosticRenderer.h"
#include "gtest/gtest.h"

using namespace mind;

TEST(SourceManager, EveryOffsetBelongsToOneFile) {
  SourceManager sources("main.mind", "ab\ncd");
  const SourceFile &empty = sources.add("empty.mind", "");
  const SourceFile &last = sources.add("last.mind", "ef\n");
  EXPECT_EQ(sources.numFiles(), 3u);
  const SourceFile &main = sources.mainFile();
  EXPECT_EQ(main.begin(), 0u);
  EXPECT_EQ(&sources.fileAt(0), &main);
  EXPECT_EQ(&sources.fileAt(main.end()), &main);
  EXPECT_EQ(&sources.fileAt(empty.begin()), &empty);
  EXPECT_EQ(&sources.fileAt(last.begin()), &last);
  EXPECT_EQ(&sources.fileAt(last.end()), &last);
  EXPECT_EQ(&sources.fileOf(SourceRange()), &main);
  EXPECT_EQ(sources.find("last.mind"), &last);
  EXPECT_EQ(sources.find("none.mind"), nullptr);
  EXPECT_EQ(sources.endOffset(), uint64_t(last.end()) + 1);
}

TEST(SourceManager, BeginsAnew) {
  SourceManager sources("main.mind", "ab\ncd");
  sources.add("other.mind", "ef");
  EXPECT_EQ(sources.mainFile().lineColumn(3).line, 2u);
  sources.restart("next.mind", "\xCE\xB1x");
  EXPECT_EQ(sources.numFiles(), 1u);
  EXPECT_EQ(sources.find("other.mind"), nullptr);
  EXPECT_EQ(sources.mainFile().name(), "next.mind");
  EXPECT_EQ(sources.mainFile().text(), "\xCE\xB1x");
  EXPECT_EQ(sources.mainFile().lineColumn(2).column, 2u);
  EXPECT_EQ(sources.endOffset(), 4u);
}

TEST(SourceManager, PlacesAreThoseOfTheFile) {
  SourceManager sources("main.mind", "ab\ncd");
  const SourceFile &file = sources.add("b.mind", "\xEF\xBB\xBFxy\n\xCE\xB1z\n");
  uint32_t z = file.begin() + 8;
  EXPECT_EQ(file.text({z, z + 1}), "z");
  EXPECT_EQ(file.lineColumn(z).line, 2u);
  EXPECT_EQ(file.lineColumn(z).column, 2u);
  EXPECT_EQ(file.text(file.lineRange(1)), "xy");
  EXPECT_EQ(file.lineColumn(file.begin() + 4).column, 2u);
  EXPECT_EQ(file.lineColumn(file.end()).line, 3u);
}

TEST(SourceManager, SnippetsShowTheirFile) {
  SourceManager sources("main.mind", "let x = y;");
  const SourceFile &file = sources.add("b.mind", "\nfn y() { }");
  DiagnosticEngine diags;
  SourceRange y(file.begin() + 4, file.begin() + 5);
  diags.report(DiagKind::UndefinedName, {8, 9}, {"y"})
      .label(y, "a label elsewhere")
      .note(y, "a note elsewhere");
  std::string text, json;
  llvm::raw_string_ostream textOs(text), jsonOs(json);
  renderText(diags, sources, textOs);
  renderJson(diags, sources, jsonOs);
  EXPECT_EQ(text, R"(error[E2002]: name `y` is not defined
 --> main.mind:1:9
  |
1 | let x = y;
  |         ^
note: a label elsewhere
 --> b.mind:2:4
  |
2 | fn y() { }
  |    ^
note: a note elsewhere
 --> b.mind:2:4
  |
2 | fn y() { }
  |    ^
)");
  EXPECT_NE(json.find(R"("file":"main.mind","line":1,"column":9)"),
            std::string::npos);
  EXPECT_NE(json.find(R"("file":"b.mind","line":2,"column":4)"),
            std::string::npos);
}
