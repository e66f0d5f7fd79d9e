//===- ParserImpl.h - the recursive-descent parser -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How errors are contained: the first one in a statement is reported and sets
// `panicking`. From then on every function returns at once with an Error node,
// until the loop over statements skips to the next one. So a mistake gives one
// message, and mistakes in different statements give one each.
//
// How depth is contained: `depth` counts the calls in progress, `height` the
// nodes on top of each other in the tree just made, which a long chain of
// operators builds without recursion. Neither exceeds maxNesting.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SYNTAX_PARSERIMPL_H
#define MIND_LIB_SYNTAX_PARSERIMPL_H

#include "Mind/Syntax/Parser.h"
#include "TreeBuilder.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace mind {

class ParserImpl {
public:
  /// `path` is the file's as a module.
  ParserImpl(Tree tree, const SourceFile &file, std::string path,
             TokenBuffer &buffer, DiagnosticEngine &diags)
      : file(file), buffer(buffer), diags(diags),
        builder(std::move(tree), file, std::move(path)),
        token(buffer.tokens.data()), previousEnd(file.begin()) {
    builder.reserve(buffer.tokens.size() * 3 / 4);
  }

  Tree run();

private:
  // Statements and items (Parser.cpp). A statement goes onto `pending`, unless
  // it is the block's result, which is returned.
  ExprId parseStatements(TokenKind end);
  ExprId parseStatement();
  ExprId parseExprStatement();
  ExprId parseBlock();
  ExprId errorBlock();
  StmtId parseLet();
  StmtId parseReturn();
  StmtId parseFn();
  ParamId parseParam();
  StmtId parseConst();
  StmtId parseTypeAlias();
  StmtId parseImport();

  // Expressions (ParseExpr.cpp).
  ExprId parseExpr();
  /// Reports what cannot stand behind `expr` where an expression ends.
  ExprId checkEnd(ExprId expr);
  /// An expression that may have `..` or an assignment's sign behind it.
  ExprId parseOpenExpr();
  std::optional<AssignOp> assignOp() const;
  ExprId parseBinary(unsigned minPrecedence);
  ExprId parseCast();
  ExprId parseUnary();
  ExprId parsePostfix();
  ExprId parsePrimary();
  ExprId parseParenthesized();
  ExprId parseMember(ExprId base, uint32_t begin);
  uint32_t parseArguments(llvm::ArrayRef<uint32_t> head);
  ExprId parseArgument(bool &namedBefore);
  ExprId parseIndexElement();
  ExprId parseIf();
  ExprId parseWhile();
  ExprId parseFor();
  void skipToLoopBody();
  ExprId errorExpr();

  // Types, dimensions and patterns (ParseType.cpp).
  TypeId parseType();
  TypeId parseTensorType();
  TypeId parseTupleType();
  DimId parseDim();
  std::optional<Token> parseQualified(const Token &first, llvm::StringRef what);
  PatternId parsePattern();
  TypeId errorType();

  // Tokens.
  bool is(TokenKind kind) const { return token->kind == kind; }
  Token take() {
    previousEnd = token->end;
    return token->kind == TokenKind::EndOfFile ? *token : *token++;
  }
  bool takeIf(TokenKind kind) {
    if (!is(kind))
      return false;
    take();
    return true;
  }
  /// The token `count` after the current one; all before it must not be the
  /// last.
  const Token &next(unsigned count = 1) const { return token[count]; }
  /// From `begin` to the end of the last token taken.
  SourceRange rangeFrom(uint32_t begin) const { return {begin, previousEnd}; }

  // Errors.
  std::string found() const;
  /// Whether the current token or the one before it is text that the lexer has
  /// reported, so that more words about this place would repeat it.
  bool isBesideInvalid() const;
  /// How what stands here, and is not expected, is written in MIND, or nothing.
  llvm::StringRef helpHere() const;
  bool endsBlockEarly() const;
  /// Reports `kind` at the current token with `found()` as last argument (or
  /// that the token is reserved), and panics.
  Diagnostic &unexpected(DiagKind kind, std::vector<std::string> args = {});
  Diagnostic &report(DiagKind kind, SourceRange range,
                     llvm::ArrayRef<std::string> args = {});
  bool expect(TokenKind kind);
  std::optional<Token> expectName(llvm::StringRef what);
  /// Takes the token that closes `open`, in whose list a `,` was possible too
  /// where `inList` says so.
  bool expectClose(TokenKind close, const Token &open, bool inList);
  /// Takes the `;` after a statement.
  void expectSemicolon();
  void synchronize(TokenKind end);
  void skipParam();
  void skipToBody();
  bool startsStatement() const;
  bool endsHeader() const;

  struct List {
    uint32_t extra; ///< Where the tree keeps it.
    uint32_t size;
    bool trailingComma;
  };
  /// Parses elements up to `close` with commas between them, perhaps one after
  /// the last. `element` gives the node to enter; an invalid one is left out.
  /// The list is stored after `head`.
  /// With `marksCut`, an erroneous expression stands for what an error of
  /// syntax may have cut off.
  List parseList(const Token &open, TokenKind close,
                 llvm::ArrayRef<uint32_t> head,
                 llvm::function_ref<NodeId()> element, bool marksCut = false);

  /// Counts a level of recursion; `ok` is false beyond the limit.
  struct Level {
    explicit Level(ParserImpl &parser) : parser(parser) {
      ok = ++parser.depth <= maxNesting || parser.tooDeep();
    }
    ~Level() { --parser.depth; }
    ParserImpl &parser;
    bool ok;
  };
  /// Reports E1191, gives up on the rest of the file, and returns false.
  bool tooDeep();
  /// Makes `children + 1` the height of the node about to be added.
  void setHeight(unsigned children) {
    height = children + 1;
    if (height > maxNesting)
      tooDeep();
  }

  const SourceFile &file;
  TokenBuffer &buffer;
  DiagnosticEngine &diags;
  TreeBuilder builder;
  Token *token;
  uint32_t previousEnd;
  bool panicking = false;
  unsigned depth = 0;
  unsigned height = 0;
  /// Elements of the lists and blocks that are being parsed, a stack.
  std::vector<uint32_t> pending;
  /// Takes what is said about an error that is not reported.
  Diagnostic ignored{};
};

} // namespace mind

#endif // MIND_LIB_SYNTAX_PARSERIMPL_H
