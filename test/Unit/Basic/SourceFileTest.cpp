//===- SourceFileTest.cpp - lines and columns -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/SourceFile.h"
#include "gtest/gtest.h"

using namespace mind;

static void expectAt(const SourceFile &file, uint32_t offset, uint32_t line,
                     uint32_t column) {
  LineColumn at = file.lineColumn(offset);
  EXPECT_EQ(at.line, line) << "offset " << offset;
  EXPECT_EQ(at.column, column) << "offset " << offset;
}

TEST(SourceFile, CountsLinesAndColumnsFromOne) {
  SourceFile file("a.mind", "ab\n\ncd\n");
  EXPECT_EQ(file.numLines(), 4u);
  expectAt(file, 0, 1, 1);
  expectAt(file, 2, 1, 3);
  expectAt(file, 3, 2, 1);
  expectAt(file, 5, 3, 2);
  expectAt(file, 7, 4, 1);
  expectAt(file, 1000, 4, 1);
  EXPECT_EQ(file.text(file.lineRange(3)), "cd");
  EXPECT_EQ(file.text(file.lineRange(4)), "");
}

TEST(SourceFile, EmptyFileHasOneLine) {
  SourceFile file("a.mind", "");
  EXPECT_EQ(file.numLines(), 1u);
  expectAt(file, 0, 1, 1);
}

TEST(SourceFile, ColumnsCountCharacters) {
  SourceFile file("a.mind", "\xCE\xB1\xE6\xBC\xA2x");
  expectAt(file, 2, 1, 2);
  expectAt(file, 5, 1, 3);
}

TEST(SourceFile, FindsOffsetsOfLinesAndColumns) {
  SourceFile file("a.mind", "ab\n\n\xCE\xB1\xE6\xBC\xA2x\n", 100);
  for (uint32_t offset : {100, 101, 102, 103, 104, 106, 109, 110, 111})
    EXPECT_EQ(file.offset(file.lineColumn(offset)), offset);
  EXPECT_EQ(file.offset({1, 9}), 102u);
  EXPECT_EQ(file.offset({9, 1}), file.end());
}

TEST(SourceFile, ByteOrderMarkAndCarriageReturnAreNoText) {
  SourceFile file("a.mind", "\xEF\xBB\xBF"
                            "ab\r\nc");
  expectAt(file, 3, 1, 1);
  EXPECT_EQ(file.text(file.lineRange(1)), "ab");
  EXPECT_EQ(file.text(file.lineRange(2)), "c");
}

TEST(SourceFile, PlacesDoNotDependOnWhatWasAskedBefore) {
  const std::string text = "a\n\n\xCE\xB1\xE6\xBC\xA2x\r\nlast";
  SourceFile shared("a.mind", text, 7);
  uint32_t offset = 0;
  for (unsigned i = 0; i != 200; ++i) {
    offset = (offset * 29 + 11) % (text.size() + 3);
    SourceFile fresh("a.mind", text, 7);
    LineColumn at = fresh.lineColumn(7 + offset);
    expectAt(shared, 7 + offset, at.line, at.column);
  }
}
