//===- LexerTest.cpp - source text to tokens -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Lexer.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {
struct Lexed {
  SourceFile file;
  Interner interner;
  DiagnosticEngine diags;
  std::vector<Token> tokens;

  explicit Lexed(std::string text)
      : file("test.mind", std::move(text)), tokens(lex(file, interner, diags)) {
  }

  /// The texts of the tokens, a space between them.
  std::string texts() const {
    std::string result;
    for (const Token &token : tokens)
      if (token.kind != TokenKind::EndOfFile)
        result += (result.empty() ? "" : " ") + file.text(token.range()).str();
    return result;
  }
  TokenKind kind(size_t i) const { return tokens.at(i).kind; }
  uint64_t integer(size_t i) const { return tokens.at(i).payload; }
  llvm::StringRef string(size_t i) const {
    return interner.text(tokens.at(i).symbol());
  }
};
} // namespace

TEST(Lexer, EverySignAndKeywordIsItself){
#define MIND_PUNCTUATION(Name, Spelling)                                       \
  {                                                                            \
    Lexed lexed(Spelling);                                                     \
    EXPECT_EQ(lexed.kind(0), TokenKind::Name);                                 \
    EXPECT_EQ(lexed.tokens.size(), 2u);                                        \
  }
#define MIND_KEYWORD(Name, Spelling) MIND_PUNCTUATION(Name, Spelling)
#include "Mind/Syntax/Tokens.def"
}

TEST(Lexer, DTypeWordsKnowTheirType) {
  EXPECT_EQ(dtypeOf(TokenKind::Bool), DType::Bool);
  EXPECT_EQ(dtypeOf(TokenKind::F64), DType::F64);
  EXPECT_EQ(dtypeOf(TokenKind::Struct), std::nullopt);
  EXPECT_EQ(dtypeOf(TokenKind::Tensor), std::nullopt);
}

TEST(Lexer, Identifiers) {
  Lexed lexed("_ _a1 lets \xCE\xB1\xCE\xB2 x\xCC\x81");
  for (size_t i = 0; i != 5; ++i)
    EXPECT_EQ(lexed.kind(i), TokenKind::Identifier);
  EXPECT_EQ(lexed.texts(), "_ _a1 lets \xCE\xB1\xCE\xB2 x\xCC\x81");
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, EqualNamesAreOneSymbol) {
  Lexed lexed("abc abd abc \xCE\xB1 \xCE\xB1");
  const auto &tokens = lexed.tokens;
  EXPECT_EQ(tokens[0].symbol(), tokens[2].symbol());
  EXPECT_NE(tokens[0].symbol(), tokens[1].symbol());
  EXPECT_EQ(tokens[3].symbol(), tokens[4].symbol());
  EXPECT_EQ(lexed.interner.intern("abd"), tokens[1].symbol());
}

TEST(Lexer, TokensDoNotDependOnWhereTheyStand) {
  // Any of them may be where one look at 64 characters ends.
  const char *texts[] = {"a",
                         "ab1_",
                         "a_name_of_sixteen",
                         "a_name_of_twenty_one_",
                         "7",
                         "123456",
                         "1.5e3",
                         "0x1F",
                         "==",
                         "<=",
                         "->",
                         "...",
                         "\"a string\"",
                         "\xCE\xB1\xCE\xB2",
                         "x\xCC\x81"};
  for (size_t first = 0; first != 140; ++first) {
    SCOPED_TRACE(first);
    std::string source(first, ' '), expected;
    for (const char *text : texts) {
      source += std::string(text) + "/*\xCE\xB1*/,\n";
      expected += std::string(text) + " , ";
    }
    Lexed lexed(source);
    EXPECT_EQ(lexed.texts() + " ", expected);
    EXPECT_EQ(lexed.tokens.front().begin, first);
    EXPECT_FALSE(lexed.diags.hasErrors());
  }
}

TEST(Lexer, SignsBesideSigns) {
  Lexed lexed("a=-1 b=.5 (x)=(-y) c==-d e<-f g>=.h i=//j\n--> +=*+ l*-m "
              "n/(o) p/ /q r&&!s t=/*u*/-=v>w/=");
  EXPECT_EQ(
      lexed.texts(),
      "a = - 1 b = . 5 ( x ) = ( - y ) c == - d e < - f g >= . h i = - -> "
      "+= * + l * - m n / ( o ) p / / q r && ! s t = -= v > w /=");
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, LongRunsOfOneKind) {
  std::string word(200, 'a'), digits(200, '0'), space(200, ' ');
  EXPECT_EQ(Lexed(word).texts(), word);
  EXPECT_EQ(Lexed(digits).texts(), digits);
  EXPECT_EQ(Lexed(space).texts(), "");
  EXPECT_EQ(Lexed(std::string(200, '(')).tokens.size(), 201u);
}

TEST(Interner, LongNamesDifferBehindTheirBeginning) {
  Interner interner;
  std::string name(40, 'a');
  std::vector<Symbol> symbols;
  for (size_t size = 0; size != name.size(); ++size) {
    symbols.push_back(interner.intern(llvm::StringRef(name).take_front(size)));
    std::string other = name;
    other[size] = 'b';
    symbols.push_back(interner.intern(other));
    symbols.push_back(interner.intern(std::string(size + 1, '\0')));
  }
  for (uint32_t i = 1; i != symbols.size(); ++i)
    EXPECT_EQ(symbols[i].id, symbols[0].id + i);
  EXPECT_EQ(interner.intern(llvm::StringRef(name).take_front(17)), symbols[51]);
}

TEST(Interner, KeepsSymbolsWhenItGrows) {
  Interner interner;
  std::vector<Symbol> symbols;
  for (int i = 0; i != 5000; ++i)
    symbols.push_back(interner.intern("name" + std::to_string(i)));
  for (int i = 0; i != 5000; ++i) {
    EXPECT_EQ(interner.intern("name" + std::to_string(i)), symbols[i]);
    EXPECT_EQ(interner.text(symbols[i]), "name" + std::to_string(i));
  }
}

TEST(Lexer, Integers) {
  Lexed lexed("0 007 1_000 0b1_01 0o17 0xFf_fF 18446744073709551615 "
              "123456789012345678 1234567890123456789");
  uint64_t values[] = {0,
                       7,
                       1000,
                       5,
                       15,
                       0xFFFF,
                       UINT64_MAX,
                       123456789012345678,
                       1234567890123456789};
  for (size_t i = 0; i != std::size(values); ++i) {
    EXPECT_EQ(lexed.kind(i), TokenKind::Integer);
    EXPECT_EQ(lexed.integer(i), values[i]);
  }
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, Floats) {
  Lexed lexed("1.5 1e-3 1.5e+3 1_0.0_1E5");
  for (size_t i = 0; i != 4; ++i)
    EXPECT_EQ(lexed.kind(i), TokenKind::Float);
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, PointsThatAreNotOfFloats) {
  EXPECT_EQ(Lexed("0..4").texts(), "0 .. 4");
  EXPECT_EQ(Lexed("0.5..1.5").texts(), "0.5 .. 1.5");
  EXPECT_EQ(Lexed("t.0.1").texts(), "t . 0 . 1");
  EXPECT_EQ(Lexed("t.0.1.f").texts(), "t . 0 . 1 . f");
  EXPECT_EQ(Lexed("2.sqrt()").texts(), "2 . sqrt ( )");
}

TEST(Lexer, StringsAndEscapes) {
  Lexed lexed(R"("" "a b" "\n\r\t\\\"\0\u{41}\u{3b1}")");
  EXPECT_EQ(lexed.string(0), "");
  EXPECT_EQ(lexed.string(1), "a b");
  EXPECT_EQ(lexed.string(2), llvm::StringRef("\n\r\t\\\"\0A\xCE\xB1", 9));
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, CommentsAndByteOrderMarkLeaveNothing) {
  Lexed lexed("\xEF\xBB\xBF"
              "a // b\n/* c /* d */ \xCE\xB1 */ e //");
  EXPECT_EQ(lexed.texts(), "a e");
  EXPECT_FALSE(lexed.diags.hasErrors());
}

TEST(Lexer, EndOfFileIsWhereTheLastTokenEnds) {
  Lexed lexed("ab  \n\n");
  EXPECT_EQ(lexed.tokens.back().range(), SourceRange(2, 2));
}
