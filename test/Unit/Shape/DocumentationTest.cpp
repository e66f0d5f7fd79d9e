//===- DocumentationTest.cpp - what people read about operations ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Documentation.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

const OpInfo &named(llvm::StringRef name) {
  return *operationsNamed(name).front();
}

TEST(Documentation, TheTableKeepsEveryLine) {
  llvm::StringRef gather = named("gather").description;
  EXPECT_TRUE(gather.contains("NumPy's\n`take` gives it")) << gather.str();
  EXPECT_TRUE(gather.contains("%y = mind.gather %x, %i {axis = 0 : i64}"));
  for (const OpInfo &op : operations())
    EXPECT_EQ(op.description.count("```") % 2, 0u) << op.name().str();
}

TEST(Documentation, EveryOperationHasAnExample) {
  for (const OpInfo &op : operations()) {
    EXPECT_FALSE(op.example.empty()) << op.name().str();
    llvm::SmallVector<llvm::StringRef> lines;
    op.example.split(lines, '\n');
    EXPECT_EQ(lines.back(), "") << op.name().str();
    lines.pop_back();
    EXPECT_TRUE(lines.back().starts_with("//")) << op.name().str();
    for (llvm::StringRef line : lines)
      EXPECT_LT(line.size(), 80u) << line.str();
    EXPECT_TRUE(documentation(op).find(op.example.str()) != std::string::npos);
  }
}

// A summary begins with a word, which is made a capital, not with `x`.
TEST(Documentation, SummariesBeginASentence) {
  for (const OpInfo &op : operations()) {
    llvm::StringRef first = op.summary.split(' ').first;
    EXPECT_TRUE(first == "a" || first.size() > 1) << op.summary.str();
    EXPECT_TRUE(llvm::all_of(first, [](char c) {
      return llvm::isAlpha(c) || c == '\'' || c == ',';
    })) << op.summary.str();
    EXPECT_FALSE(op.summary.ends_with(".")) << op.summary.str();
    EXPECT_TRUE(llvm::isUpper(documentation(op)[0])) << op.summary.str();
  }
}

TEST(Documentation, SaysWhatAnOperationTakes) {
  auto firstLines = [](llvm::StringRef name) {
    llvm::SmallVector<llvm::StringRef> lines;
    std::string text = documentation(named(name));
    llvm::StringRef(text).split(lines, '\n');
    return llvm::join(llvm::ArrayRef(lines).take_front(3), "\n");
  };
  EXPECT_EQ(firstLines("matmul"),
            "The matrix product of the last two axes.\n\n"
            "Also written `x @ y`. Takes numbers: all dtypes but bool.");
  EXPECT_EQ(firstLines("maximum"),
            "The larger of two.\n\n"
            "Also written `max`. Takes numbers: all dtypes but bool.");
  EXPECT_EQ(firstLines("exp"), "The exponential, e to the power x.\n\n"
                               "Takes f16, bf16, f32 and f64.");
  EXPECT_EQ(firstLines("gather"),
            "The parts of x at many positions of an axis.\n\n"
            "Takes any dtype; `indices` takes i32 and i64.");
  EXPECT_EQ(firstLines("one_hot"),
            "Ones at the positions that ids name, zeros elsewhere.\n\n"
            "Takes i32 and i64.");
  // No operand, nothing to take.
  EXPECT_EQ(firstLines("linspace"),
            "Some numbers, evenly spaced from start to stop, both included.\n\n"
            "There are `n` of them, in f32, each rounded once; a single one is "
            "`start`.");
}

TEST(Documentation, JoinsLinesOfParagraphsAndItems) {
  OpInfo op = named("exp");
  op.description = "One\n    two.\n\n- item\n  goes on\n- last\n\n"
                   "```text\n  as it\n is\n```\nThree.\n\n"
                   "In IR there is more.\n\n"
                   "```mlir\n%y = mind.exp\n```\n";
  EXPECT_EQ(plainDescription(op), "One two.\n\n- item goes on\n- last\n\n"
                                  "```text\n  as it\n is\n```\nThree.\n");
  op.description = "";
  EXPECT_EQ(plainDescription(op), "");
}

TEST(Documentation, EveryFamilyIsIntroduced) {
  for (const OpInfo &op : operations()) {
    llvm::StringRef text = introduction(op.family);
    EXPECT_TRUE(llvm::isUpper(text.front()) && text.ends_with("."))
        << text.str();
  }
}

TEST(Documentation, SignaturesQuoteWords) {
  EXPECT_EQ(named("gelu").signature(), "gelu(x, approximate=\"none\")");
  EXPECT_EQ(named("full").signature(), "full(shape, value, dtype=none)");
}

} // namespace
