//===- Format.cpp - canonical layout of source text -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Format/Format.h"
#include "Formatter.h"
#include "Mind/Syntax/Lexer.h"
#include "Mind/Syntax/Parser.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

std::optional<std::string> mind::format(const SourceFile &file,
                                        DiagnosticEngine &diags) {
  Interner interner;
  Tree tree = parse(file, interner, diags);
  if (diags.hasErrors())
    return std::nullopt;
  return Formatter(tree, lex(file, interner, diags), formatWidth).run();
}

std::string Formatter::run() {
  formatStatements(tree.block(tree.root()));
  placeComments(); // those at the end of the file
  return layout.print();
}

//===----------------------------------------------------------------------===//
// Tokens and comments
//===----------------------------------------------------------------------===//

static bool isOpening(TokenKind kind) {
  return kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket;
}

/// Whether no space comes before such a token.
static bool isTight(TokenKind kind) {
  switch (kind) {
  case TokenKind::RightParen:
  case TokenKind::RightBracket:
  case TokenKind::Comma:
  case TokenKind::Semicolon:
    return true;
  default:
    return false;
  }
}

void Formatter::place(llvm::ArrayRef<Comment> comments) {
  for (size_t i = 0; i != comments.size(); ++i) {
    const Comment &comment = comments[i];
    bool isInline = comment.place == Comment::Place::Inline;
    bool leavesBlank = comment.blankBefore && !startsBlock;
    if (leavesBlank || (comment.startsLine && !isInline))
      layout.hardBreak();
    if (leavesBlank)
      layout.blankLine();
    if (at == 0 || !isOpening(tokens[at - 1].kind))
      layout.space();
    layout.text(comment.text);
    startsBlock = false;
    bool isLast = i + 1 == comments.size();
    bool goesOn = !isLast && !comments[i + 1].startsLine &&
                  comments[i + 1].place == comment.place &&
                  !comment.text.starts_with("//");
    if (!isInline && !goesOn)
      layout.hardBreak();
    else if (!isLast || !isTight(next().kind))
      layout.space();
  }
}

void Formatter::placeTrailing() {
  place(waiting);
  waiting.clear();
}

void Formatter::placeComments() {
  placeTrailing();
  if (!placedLeading)
    place(comments.leading(at));
  placedLeading = true;
}

void Formatter::advance() {
  ++at;
  placedLeading = startsBlock = false;
  if (at < tokens.size())
    llvm::append_range(waiting, comments.trailing(at));
}

void Formatter::take() {
  placeComments();
  layout.text(tree.file().text(next().range()));
  advance();
}

void Formatter::takeTight() {
  llvm::ArrayRef<Comment> leading = comments.leading(at);
  if (waiting.empty() &&
      (leading.empty() || leading.back().place == Comment::Place::Inline))
    return take();
  layout.text(tree.file().text(next().range()));
  llvm::append_range(waiting, leading);
  advance();
}

void Formatter::drop() {
  llvm::append_range(waiting, comments.leading(at));
  advance();
}

void Formatter::takeTightUntil(uint32_t end) {
  while (isBefore(end)) {
    Token &token = tokens[at];
    if (token.end > end) {
      // The `>` of a `>=` closes a type.
      placeComments();
      layout.text(tree.file().text({token.begin, end}));
      token.begin = end;
      return;
    }
    if (token.kind == TokenKind::Comma && isTight(tokens[at + 1].kind))
      drop();
    else
      take();
  }
}

void Formatter::parenthesized(uint32_t begin,
                              llvm::function_ref<void()> inside) {
  if (!is(TokenKind::LeftParen) || !isBefore(begin))
    return inside();
  layout.beginGroup();
  take();
  layout.indent();
  softBreak();
  parenthesized(begin, inside);
  placeComments();
  layout.dedent();
  softBreak();
  take();
  layout.endGroup();
}

void Formatter::formatList(uint32_t size, ListStyle style,
                           llvm::function_ref<void(uint32_t)> element) {
  using LastComma = ListStyle::LastComma;
  layout.beginGroup();
  take();
  layout.indent();
  for (uint32_t i = 0; i != size; ++i) {
    placeTrailing();
    if (i == 0)
      layout.softBreak();
    else if (style.fill)
      layout.fillBreak();
    else
      layout.spaceOrBreak();
    placeComments();
    element(i);
    if (i + 1 != size ||
        (style.lastComma == LastComma::Keep && is(TokenKind::Comma)))
      takeTight();
  }
  if (size != 0 && style.lastComma == LastComma::IfBroken)
    layout.textIfBroken(",");
  if (is(TokenKind::Comma))
    drop();
  placeComments();
  layout.dedent();
  if (size != 0)
    layout.softBreak();
  take();
  layout.endGroup();
}

//===----------------------------------------------------------------------===//
// Statements and items
//===----------------------------------------------------------------------===//

void Formatter::formatStatements(const BlockView &block) {
  startsBlock = true;
  auto beginLine = [&] {
    hardBreak();
    placeComments();
    if (comments.before(at).blankBefore && !startsBlock)
      layout.blankLine();
  };
  for (StmtId statement : block.statements) {
    beginLine();
    formatStatement(statement);
  }
  if (block.result.isValid()) {
    beginLine();
    formatExpr(block.result);
  }
}

void Formatter::formatStatement(StmtId statement) {
  uint32_t end = tree.range(statement).end;
  switch (tree.kind(statement)) {
  case NodeKind::Let: {
    LetView let = tree.let(statement);
    take();
    layout.space();
    formatPattern(let.pattern);
    formatDefinition(let.type, let.value);
    break;
  }
  case NodeKind::Const: {
    ConstView constant = tree.constant(statement);
    take();
    layout.space();
    take();
    formatDefinition(constant.type, constant.value);
    break;
  }
  case NodeKind::Assign: {
    AssignView assign = tree.assign(statement);
    formatExpr(assign.target);
    takeSpaced();
    formatExpr(assign.value);
    break;
  }
  case NodeKind::ExprStmt:
    formatExpr(tree.exprStmt(statement));
    break;
  case NodeKind::Return:
    take();
    if (ExprId value = tree.returnValue(statement); value.isValid()) {
      layout.space();
      formatExpr(value);
    }
    break;
  case NodeKind::Fn:
    formatFn(statement);
    break;
  case NodeKind::TypeAlias:
    take();
    layout.space();
    take();
    takeSpaced();
    formatType(tree.typeAlias(statement).type);
    break;
  case NodeKind::Import:
    take();
    layout.space();
    while (isBefore(end) && !is(TokenKind::Semicolon))
      take();
    break;
  default:
    llvm_unreachable("not a statement");
  }
  if (isBefore(end) && is(TokenKind::Semicolon))
    takeTight();
}

void Formatter::formatDefinition(TypeId type, ExprId value) {
  if (type.isValid()) {
    take();
    layout.space();
    formatType(type);
  }
  takeSpaced();
  formatExpr(value);
}

void Formatter::formatFn(StmtId statement) {
  FnView fn = tree.fn(statement);
  take();
  layout.space();
  take();
  formatList(fn.params.size(), {}, [&](uint32_t i) {
    take();
    take();
    layout.space();
    formatType(tree.param(fn.params[i]).type);
  });
  if (fn.result.isValid()) {
    takeSpaced();
    formatType(fn.result);
  }
  layout.space();
  formatBlock(fn.body);
}

void Formatter::formatPattern(PatternId pattern) {
  parenthesized(tree.range(pattern).begin, [&] {
    if (tree.kind(pattern) != NodeKind::TuplePattern)
      return take();
    NodeList<PatternId> elements = tree.tuplePattern(pattern);
    ListStyle style;
    if (elements.size() == 1)
      style.lastComma = ListStyle::LastComma::Keep;
    formatList(elements.size(), style,
               [&](uint32_t i) { formatPattern(elements[i]); });
  });
}

void Formatter::formatType(TypeId type) {
  parenthesized(tree.range(type).begin, [&] {
    switch (tree.kind(type)) {
    case NodeKind::TupleType:
      return formatTupleType(tree.tupleType(type));
    case NodeKind::DiffType:
      take();
      layout.space();
      return formatType(tree.diffType(type));
    default:
      return takeTightUntil(tree.range(type).end);
    }
  });
}

/// Types stay on one line: what they belong to breaks better elsewhere.
void Formatter::formatTupleType(NodeList<TypeId> elements) {
  take();
  for (uint32_t i = 0; i != elements.size(); ++i) {
    if (i != 0)
      layout.space();
    formatType(elements[i]);
    if (i + 1 != elements.size() || i == 0)
      takeTight();
  }
  if (is(TokenKind::Comma))
    drop();
  take();
}
