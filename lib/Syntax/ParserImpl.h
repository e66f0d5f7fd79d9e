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

#include "Mind/Syntax/Lexer.h"
#include "Mind/Syntax/Parser.h"
#include "TreeBuilder.h"
#include "llvm/ADT/SmallVector.h"
#include <array>
#include <optional>

namespace mind {

/// What a kind of token may be in an expression.
struct TokenRole {
  /// How tightly it binds as a binary operator, or as `as`; 0 if it is none.
  uint8_t precedence = 0;
  BinaryOp op{};
  /// Whether it is an expression by itself, whose node holds its payload, and
  /// which.
  bool isAtom = false;
  NodeKind atom{};
  /// Behind an atom: whether it belongs to the same operand, and whether the
  /// whole expression ends before it.
  bool extendsAtom = false, endsExpr = false;
};
extern const std::array<TokenRole, 256> tokenRoles;

class ParserImpl {
public:
  /// Adds `file` to `tree`.
  ParserImpl(Tree &tree, const SourceFile &file, Interner &interner,
             DiagnosticEngine &diags)
      : file(file), diags(diags), lexer(file, interner, diags),
        builder(tree, file) {
    if (file.text().size() <= maxFileSize)
      builder.reserve(file.text().size());
    window.resize_for_overwrite(window.capacity());
    window[0] = lexer.beforeFirst();
    token = &window[1];
    fillWindow(token);
  }

  /// Returns whether the file imports others.
  bool run();

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
  ExprId parseExpr() {
    // Most are one token.
    if (isWholeExpr())
      return parseAtom();
    return checkEnd(parseOpenExpr());
  }
  /// Reports what cannot stand behind `expr` where an expression ends.
  ExprId checkEnd(ExprId expr) {
    return LLVM_UNLIKELY(is(TokenKind::DotDot) || assignOp()) ? reportEnd(expr)
                                                              : expr;
  }
  [[gnu::cold, clang::preserve_most]] ExprId reportEnd(ExprId expr);
  /// An expression that may have `..` or an assignment's sign behind it.
  ExprId parseOpenExpr();
  std::optional<AssignOp> assignOp() const {
    switch (token->kind) {
#define MIND_ASSIGN(Name, Sign)                                                \
  case TokenKind::Sign:                                                        \
    return AssignOp::Name;
#include "Mind/Syntax/Operators.def"
    default:
      return std::nullopt;
    }
  }
  /// Goes on after an operand that begins at `begin` with the operators that
  /// bind at least as tightly as `minPrecedence`.
  ExprId parseBinary(ExprId lhs, uint32_t begin, unsigned minPrecedence);
  /// What stands between binary operators.
  ExprId parseOperand() {
    return isWholeOperand() ? parseAtom() : parseLongOperand();
  }
  /// One of several tokens.
  ExprId parseLongOperand();
  ExprId parseUnary(UnaryOp op);
  ExprId parsePrimary();
  /// A number, a string or a name.
  ExprId parseAtom();
  /// Whether an operand, or a whole expression, begins here and is an atom.
  bool isWholeOperand() const {
    return tokenRoles[size_t(token->kind)].isAtom &&
           !tokenRoles[size_t(next().kind)].extendsAtom;
  }
  bool isWholeExpr() const {
    return tokenRoles[size_t(token->kind)].isAtom &&
           tokenRoles[size_t(next().kind)].endsExpr && depth < maxNesting;
  }
  ExprId parseParenthesized();
  ExprId parseMember(ExprId base, uint32_t begin);
  uint32_t parseArguments();
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
  DimId parseOtherDim();
  std::optional<TreeBuilder::Parts> parseQualified(llvm::StringRef what);
  PatternId parsePattern() {
    // Most are a name.
    if (LLVM_UNLIKELY(!is(TokenKind::Identifier) || isWord("_") ||
                      depth == maxNesting))
      return parseOtherPattern();
    height = 1;
    auto name = builder.add<PatternId>(NodeKind::NamePattern, token->range(),
                                       {0, token->symbol().id});
    take();
    return name;
  }
  PatternId parseOtherPattern();
  TypeId errorType();

  // Tokens.
  bool is(TokenKind kind) const { return token->kind == kind; }
  Token take() {
    Token taken = *token;
    if (LLVM_UNLIKELY(token++ == lastReady))
      moveWindow();
    return taken;
  }
  /// Whether the current token is `word`, which is no keyword.
  bool isWord(llvm::StringRef word) const {
    return token->range().size() == word.size() &&
           std::memcmp(file.text().data() + (token->begin - file.begin()),
                       word.data(), word.size()) == 0;
  }
  bool takeIf(TokenKind kind) {
    if (!is(kind))
      return false;
    take();
    return true;
  }
  /// The token `count` after the current one, up to numAhead.
  const Token &next(unsigned count = 1) const { return token[count]; }
  /// Whether `token` is the first one of the file.
  bool isFirst() const { return token[-1].kind == TokenKind::EndOfFile; }
  /// The token `count` after the current one, however far that is; nothing
  /// comes after EndOfFile.
  const Token &lookAhead(size_t count);
  /// Lexes on, where the tokens in the window end at `end`.
  void fillWindow(Token *end);
  /// For take(): the current token is beyond `lastReady`.
  [[gnu::cold, clang::preserve_most]] void moveWindow();
  /// The end of the last token taken.
  uint32_t previousEnd() const { return token[-1].end; }
  SourceRange rangeFrom(uint32_t begin) const { return {begin, previousEnd()}; }

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
  [[gnu::cold, clang::preserve_most]] Diagnostic &
  unexpected(DiagKind kind, std::vector<std::string> args = {});
  [[gnu::cold, clang::preserve_most]] Diagnostic &
  report(DiagKind kind, SourceRange range,
         llvm::ArrayRef<std::string> args = {});
  [[gnu::cold, clang::preserve_most]] void reportMissing(TokenKind kind);
  [[gnu::cold, clang::preserve_most]] void reportMissing(llvm::StringRef what);
  bool expect(TokenKind kind) {
    if (LLVM_LIKELY(takeIf(kind)))
      return true;
    reportMissing(kind);
    return false;
  }
  /// Whether a name stands here, which is `what`; reports if none does.
  bool expectName(llvm::StringRef what) {
    if (LLVM_LIKELY(is(TokenKind::Identifier)))
      return true;
    reportMissing(what);
    return false;
  }
  /// Takes the token that closes the one at `open`, in whose list a `,` was
  /// possible too where `inList` says so.
  bool expectClose(TokenKind close, uint32_t open, bool inList) {
    if (LLVM_LIKELY(takeIf(close)))
      return true;
    reportUnclosed(close, open, inList);
    return false;
  }
  [[gnu::cold, clang::preserve_most]] void
  reportUnclosed(TokenKind close, uint32_t open, bool inList);
  /// Takes the `;` after a statement.
  void expectSemicolon() {
    if (LLVM_UNLIKELY(panicking || !takeIf(TokenKind::Semicolon)))
      missSemicolon();
  }
  void missSemicolon();
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
  /// the last; the token at `open` has been taken. `element` gives the node to
  /// enter; an invalid one is left out. With `marksCut`, an erroneous
  /// expression stands for what an error of syntax may have cut off.
  template <typename Element>
  List parseList(uint32_t open, TokenKind close, Element element,
                 bool marksCut = false) {
    size_t first = pending.size();
    unsigned tallest = 0;
    bool comma = false;
    while (!panicking && !is(close)) {
      NodeId node = element();
      if (node.isValid())
        push(node);
      tallest = std::max(tallest, height);
      comma = !panicking && takeIf(TokenKind::Comma);
      if (!comma)
        break;
    }
    if (!panicking)
      expectClose(close, open, /*inList=*/!comma);
    if (LLVM_UNLIKELY(panicking) && marksCut) {
      push(errorExpr());
      tallest = std::max(tallest, height);
    }
    height = tallest;
    auto size = uint32_t(pending.size() - first);
    return {storePending(first), size, comma};
  }

  /// Puts an element of a list, or a statement, on `pending`.
  void push(NodeId node) { *pending.add() = node.index; }

  /// Moves what is on `pending` from `first` on to the tree, as a list.
  uint32_t storePending(size_t first) {
    uint32_t start = builder.addList({pending.begin() + first, pending.end()});
    pending.truncate(first);
    return start;
  }

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
  [[gnu::cold, clang::preserve_most]] bool tooDeep();
  /// Makes `children + 1` the height of the node about to be added.
  void setHeight(unsigned children) {
    height = children + 1;
    if (height > maxNesting)
      tooDeep();
  }

  const SourceFile &file;
  DiagnosticEngine &diags;
  Lexer lexer;
  TreeBuilder builder;

  /// The tokens around the current one: that before it, all up to `lastReady`,
  /// and numAhead more; behind EndOfFile, more of the same.
  static constexpr unsigned numAhead = 2;
  llvm::SmallVector<Token, 192> window;
  Token *token;
  Token *lastReady;
  bool panicking = false;
  unsigned depth = 0;
  unsigned height = 0;
  /// Elements of the lists and blocks that are being parsed, a stack.
  FlatArray<uint32_t> &pending = builder.pending();
  /// Takes what is said about an error that is not reported.
  std::optional<Diagnostic> ignored;
};

} // namespace mind

#endif // MIND_LIB_SYNTAX_PARSERIMPL_H
