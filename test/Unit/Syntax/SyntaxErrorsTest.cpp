//===- SyntaxErrorsTest.cpp - what is reported where, and nothing more ----===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntaxTest.h"
#include "gtest/gtest.h"

using namespace mind;

static std::string errors(std::string text) {
  return Parsed(std::move(text)).errors();
}

TEST(SyntaxErrors, Characters) {
  EXPECT_EQ(errors("let a = 1; \xFF\xFE\n// \xC3\x28"),
            "InvalidUtf8 '\xFF\xFE'\nInvalidUtf8 '\xC3'\n");
  EXPECT_EQ(errors("a $$$ b"), "InvalidCharacter '$'\n");
  EXPECT_EQ(errors("a & b"), "InvalidCharacter '&'\n");
  EXPECT_EQ(errors("f('text')"), "InvalidCharacter '''\n");
  EXPECT_EQ(errors(std::string("a\0", 2)),
            std::string("InvalidCharacter '\0'\n", 21));
}

TEST(SyntaxErrors, Strings) {
  EXPECT_EQ(errors("let a = \"bc;\nlet d = 1;"),
            "UnterminatedString '\"bc;'\n");
  EXPECT_EQ(errors(R"("a\qb\é")"),
            "InvalidEscape '\\q'\nInvalidEscape '\\é'\n");
  EXPECT_EQ(errors(R"("\u{D800} \u{110000} \u{} \u41")"),
            "InvalidUnicodeEscape '\\u{D800}'\n"
            "InvalidUnicodeEscape '\\u{110000}'\n"
            "InvalidEscape '\\u{'\nInvalidEscape '\\u'\n");
  EXPECT_EQ(errors("\"\\"), "UnterminatedString '\"\\'\n");
}

TEST(SyntaxErrors, Numbers) {
  EXPECT_EQ(errors("1f32"), "LiteralSuffix 'f32'\n");
  EXPECT_EQ(errors("1.5e"), "LiteralDigits 'e'\n");
  EXPECT_EQ(errors("1el"), "LiteralSuffix 'el'\n");
  EXPECT_EQ(errors("0x + 0b_"), "LiteralDigits '0x'\nLiteralDigits '0b_'\n");
  EXPECT_EQ(errors("0b12 + 0o8"), "LiteralDigit '2'\nLiteralDigit '8'\n");
  EXPECT_EQ(errors("1. + .5"), "FloatPoint '1.'\nFloatPoint '.5'\n");
  EXPECT_EQ(errors("18446744073709551616"),
            "IntegerTooLarge '18446744073709551616'\n");
  EXPECT_EQ(errors("let a: Tensor<f32,[9223372036854775808]> = 1;"),
            "LiteralOutOfRange '9223372036854775808'\n");
}

TEST(SyntaxErrors, Comments) {
  EXPECT_EQ(errors("a /* /* */"), "UnterminatedComment '/*'\n");
}

TEST(SyntaxErrors, ExpectedThings) {
  EXPECT_EQ(errors("let a 1;"), "ExpectedToken '1'\n");
  EXPECT_EQ(errors("let a = ;"), "ExpectedExpression ';'\n");
  EXPECT_EQ(errors("let a: 1 = 2;"), "ExpectedType '1'\n");
  EXPECT_EQ(errors("let a: Tensor<f32,[*]> = 2;"), "ExpectedDimension '*'\n");
  EXPECT_EQ(errors("let a: Tensor<f32,[2*B]> = 2;"), "ExpectedToken '*'\n");
  EXPECT_EQ(errors("let 1 = 2;"), "ExpectedPattern '1'\n");
  EXPECT_EQ(errors("f(a b)"), "ExpectedToken 'b'\n");
  EXPECT_EQ(errors("x[]"), "ExpectedExpression ']'\n");
  EXPECT_EQ(errors("let a = 1"), "ExpectedToken ''\n");
}

TEST(SyntaxErrors, Delimiters) {
  EXPECT_EQ(errors("f(a, b;"), "UnclosedDelimiter ';'\n");
  EXPECT_EQ(errors("[1, 2)"), "UnclosedDelimiter ')'\n");
  EXPECT_EQ(errors("fn f() { a"), "UnclosedDelimiter ''\n");
  EXPECT_EQ(errors("let a = f(b\nlet c = 1;"), "UnclosedDelimiter 'let'\n");
  EXPECT_EQ(errors("a; ) b; } c"),
            "UnmatchedDelimiter ')'\nUnmatchedDelimiter '}'\n");
}

TEST(SyntaxErrors, Rules) {
  EXPECT_EQ(errors("a < b < c"), "ChainedComparison '<'\n");
  EXPECT_EQ(errors("a = b = c;"), "ChainedAssignment '='\n");
  EXPECT_EQ(errors("let a = b += c;"), "ChainedAssignment '+='\n");
  EXPECT_EQ(errors("let a = 0..4;"), "RangeOutsideFor '..'\n");
  // One each, and what follows is read.
  EXPECT_EQ(errors("x[0..4, 1..] + y[..2, a = 1]"),
            "RangeOutsideFor '..'\nRangeOutsideFor '..'\n"
            "RangeOutsideFor '..'\nChainedAssignment '='\n");
  EXPECT_EQ(errors("if a = b { }"), "ChainedAssignment '='\n");
  EXPECT_EQ(errors("fn f(a: f32 = 1) { }"), "ExpectedToken '='\n");
  EXPECT_EQ(errors("f(a=1, 2)"), "PositionalAfterNamed '2'\n");
}

TEST(SyntaxErrors, NotSupported) {
  for (const char *word :
       {"struct", "trait", "match", "defer", "export", "break", "continue"})
    EXPECT_EQ(errors(std::string(word) + " S { a: f32 } let b = 1;"),
              std::string("NotSupported '") + word + "'\n");
  EXPECT_EQ(errors("x[...]"), "NotSupported '...'\n");
  EXPECT_EQ(errors("fn f<T>(x: T) -> T { x }"), "NotSupported '<'\n");
}

TEST(SyntaxErrors, OneForEachStatement) {
  EXPECT_EQ(errors("let a = ;\nlet b = (1;\nfn f( { let c = ]; c }\n"
                   "if x { y z } else { 1 }\nlet = 2;\n3"),
            "ExpectedExpression ';'\nUnclosedDelimiter ';'\n"
            "ExpectedToken '{'\nExpectedExpression ']'\n"
            "ExpectedToken 'z'\nExpectedPattern '='\n");
}

TEST(SyntaxErrors, AForgottenSemicolonIsSaidAtTheLinesEnd) {
  Parsed parsed("let a = 1 // one\nlet b = ;");
  EXPECT_EQ(parsed.errors(), "ExpectedToken ''\nExpectedExpression ';'\n");
  EXPECT_EQ(parsed.diags.sorted()[0].range, SourceRange(9, 9));
}

TEST(SyntaxErrors, ParametersAreRecoveredOneByOne) {
  Parsed parsed("fn f(a Tensor<f32,[2,3]>, b: (f32, , i64), c: f32) { a }");
  EXPECT_EQ(parsed.errors(), "ExpectedToken 'Tensor'\nExpectedType ','\n");
  EXPECT_EQ(parsed.print(), R"(module
  fn `f`
    param `a`
      error type
    param `b`
      tuple type
        type f32
        error type
    param `c`
      type f32
    block
      name `a`
)");
}

TEST(SyntaxErrors, AnUnreadableBodyOrResultIsStillThere) {
  Parsed parsed("fn f() -> f32 = 1;\nfn g() -> f32 { let a = 1; a + }");
  EXPECT_EQ(parsed.errors(), "ExpectedToken '='\nExpectedExpression '}'\n");
  EXPECT_EQ(parsed.print(), R"(module
  fn `f`
    result
      type f32
    block
      error
  fn `g`
    result
      type f32
    block
      let
        pattern `a`
        integer 1
      statement
        binary +
          name `a`
          error
      error
)");
}

TEST(SyntaxErrors, TheTreeStaysWhole) {
  Parsed parsed("let a: [ = 1; let = 2; f($, 1f); fn (;");
  EXPECT_TRUE(parsed.diags.hasErrors());
  EXPECT_NE(parsed.print().find("error"), std::string::npos);
}
