//===- LimitsTest.cpp - input that is too deep, too long or no text -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntaxTest.h"
#include "gtest/gtest.h"
#include <random>

using namespace mind;

static std::string repeat(llvm::StringRef text, size_t count) {
  std::string result;
  for (size_t i = 0; i != count; ++i)
    result += text;
  return result;
}

/// The kinds of all errors, each once.
static std::string kinds(std::string text) {
  Parsed parsed(std::move(text));
  std::string result;
  for (const Diagnostic &diag : parsed.diags.sorted())
    if (llvm::StringRef name = diagnosticName(diag.kind);
        !llvm::StringRef(result).contains(name))
      result += (result.empty() ? "" : " ") + name.str();
  return result;
}

TEST(Limits, DeepNestingIsOneError) {
  for (const char *opener :
       {"(", "[", "{", "f(", "x[", "-", "!", "if a {", "(1+", "x.f(",
        "f(a=", "fn f() {", "while ", "if ", "1 as ("}) {
    SCOPED_TRACE(opener);
    EXPECT_LE(Parsed(repeat(opener, 10000)).diags.numErrors(), 2u);
  }
  EXPECT_EQ(kinds("let a: " + repeat("(", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds("let " + repeat("(", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds("type T = " + repeat("diff ", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds(repeat("(", 10000) + "1" + repeat(")", 10000)),
            "NestingTooDeep");
  EXPECT_EQ(kinds(repeat("[", 10000) + "1" + repeat("]", 10000)),
            "NestingTooDeep");
  EXPECT_EQ(kinds(repeat("if a {} else ", 10000) + "{}"), "NestingTooDeep");
}

TEST(Limits, LongChainsAreDeepTrees) {
  EXPECT_EQ(kinds("1" + repeat("+1", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds("x" + repeat(".f()", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds("x" + repeat("[0]", 10000)), "NestingTooDeep");
  EXPECT_EQ(kinds("x" + repeat(" as f32", 10000)), "NestingTooDeep");
  // Deep in both ways: each alone is within the limit.
  std::string chain = "1";
  for (int i = 0; i != 100; ++i)
    chain = "(" + chain + ")" + repeat("+1", 100);
  EXPECT_EQ(kinds(chain), "NestingTooDeep");
}

TEST(Limits, WithinTheLimitIsFine) {
  EXPECT_EQ(kinds(repeat("(", 200) + "1" + repeat(")", 200)), "");
  EXPECT_EQ(kinds("1" + repeat("+1", 400)), "");
  EXPECT_EQ(kinds("[" + repeat("1,", 100000) + "]"), "");
  EXPECT_EQ(kinds(repeat("let a = 1;", 10000)), "");
}

TEST(Limits, ManyTokensWithinOneStatement) {
  std::string sum = repeat("1 + ", 300) + "1";
  EXPECT_EQ(kinds("let a = " + sum + ";"), "");
  EXPECT_EQ(kinds("f(" + repeat("[1, 2], ", 1000) + ")"), "");
  // The head of a loop that cannot be read, and its body far behind.
  EXPECT_EQ(Parsed("for (j in 0.." + sum + ") { 1 $ 2; }").errors(),
            "ExpectedToken 'in'\nInvalidCharacter '$'\n");
}

TEST(Limits, RandomBytesAndTokensGetAnAnswer) {
  std::mt19937 random(1);
  const char *words[] = {"fn",  "let", "(",  ")",    "{",      "}",   "[",
                         "]",   ",",   ";",  "=",    "x",      "1",   "1.5",
                         "-",   "+",   "<",  ">=",   "Tensor", "f32", ":",
                         "->",  "if",  "as", "else", "\"s\"",  ".",   "..",
                         "for", "in",  "?",  "diff", "struct", "$",   "\xFF"};
  for (int round = 0; round != 300; ++round) {
    std::string bytes, tokens;
    for (int i = 0; i != 200; ++i) {
      bytes += char(random());
      tokens += std::string(words[random() % std::size(words)]) + " ";
    }
    EXPECT_NE(Parsed(bytes).errors(), "");
    Parsed parsed(tokens);
    parsed.print();
  }
}
