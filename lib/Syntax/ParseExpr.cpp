//===- ParseExpr.cpp - expressions -----------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParserImpl.h"
#include <array>

using namespace mind;

static constexpr unsigned comparisonPrecedence = 3;
static constexpr unsigned castPrecedence = 6;

constexpr std::array<TokenRole, 256> mind::tokenRoles = [] {
  std::array<TokenRole, 256> table{};
#define MIND_BINARY(Name, Sign, Precedence)                                    \
  table[size_t(TokenKind::Sign)].precedence = Precedence;                      \
  table[size_t(TokenKind::Sign)].op = BinaryOp::Name;                          \
  static_assert(Precedence < castPrecedence);
#include "Mind/Syntax/Operators.def"
  table[size_t(TokenKind::As)].precedence = castPrecedence;
  for (auto [kind, atom] :
       {std::pair(TokenKind::Identifier, NodeKind::Name),
        std::pair(TokenKind::Integer, NodeKind::IntegerLiteral),
        std::pair(TokenKind::Float, NodeKind::FloatLiteral),
        std::pair(TokenKind::String, NodeKind::StringLiteral)}) {
    table[size_t(kind)].isAtom = true;
    table[size_t(kind)].atom = atom;
  }
  // A string behind a name is a mistake.
  for (TokenKind kind : {TokenKind::LeftParen, TokenKind::LeftBracket,
                         TokenKind::Dot, TokenKind::String})
    table[size_t(kind)].extendsAtom = true;
  for (TokenKind kind :
       {TokenKind::Comma, TokenKind::Semicolon, TokenKind::RightParen,
        TokenKind::RightBracket, TokenKind::RightBrace, TokenKind::EndOfFile})
    table[size_t(kind)].endsExpr = true;
  return table;
}();

ExprId ParserImpl::errorExpr() {
  height = 1;
  return builder.add(NodeKind::ErrorExpr, {token->begin, token->begin}, {});
}

ExprId ParserImpl::parseOpenExpr() {
  Level level(*this);
  if (!level.ok)
    return errorExpr();
  uint32_t begin = token->begin;
  ExprId first = parseOperand();
  if (tokenRoles[size_t(token->kind)].precedence == 0)
    return first;
  return parseBinary(first, begin, 1);
}

ExprId ParserImpl::reportEnd(ExprId expr) {
  if (is(TokenKind::DotDot)) {
    report(DiagKind::RangeOutsideFor, token->range());
    panicking = true;
    return expr;
  }
  report(DiagKind::ChainedAssignment, token->range())
      .help("compare with `==`, or assign in a statement of its own");
  panicking = true;
  return errorExpr();
}

ExprId ParserImpl::parseBinary(ExprId lhs, uint32_t begin,
                               unsigned minPrecedence) {
  unsigned lhsHeight = height;
  SourceRange comparison; // the comparison that lhs is, if it is one
  while (!panicking) {
    TokenRole role = tokenRoles[size_t(token->kind)];
    if (role.precedence < minPrecedence)
      break;
    SourceRange sign = take().range();
    if (role.precedence == castPrecedence) {
      TypeId type = parseType();
      setHeight(std::max(lhsHeight, height));
      lhsHeight = height;
      lhs = builder.add(NodeKind::Cast, rangeFrom(begin),
                        {sign.begin, lhs.index, type.index});
      continue;
    }
    uint32_t rhsBegin = token->begin;
    ExprId rhs = parseOperand();
    if (tokenRoles[size_t(token->kind)].precedence > role.precedence)
      rhs = parseBinary(rhs, rhsBegin, role.precedence + 1);
    setHeight(std::max(lhsHeight, height));
    lhsHeight = height;
    if (role.precedence == comparisonPrecedence) {
      if (comparison.isValid()) {
        report(DiagKind::ChainedComparison, sign)
            .label(comparison, "compared here already")
            .help("join two comparisons with `&&`");
        lhs = errorExpr();
        lhsHeight = height;
        continue;
      }
      comparison = sign;
    } else {
      comparison = SourceRange();
    }
    lhs = builder.add(NodeKind::Binary, rangeFrom(begin),
                      {sign.begin, lhs.index, rhs.index, uint8_t(role.op)});
  }
  height = lhsHeight;
  return lhs;
}

ExprId ParserImpl::parseUnary(UnaryOp op) {
  Level level(*this);
  if (!level.ok)
    return errorExpr();
  uint32_t sign = take().begin;
  ExprId operand = parseOperand();
  setHeight(height);
  return builder.add(NodeKind::Unary, rangeFrom(sign),
                     {sign, operand.index, 0, uint8_t(op)});
}

ExprId ParserImpl::parseLongOperand() {
  switch (token->kind) {
#define MIND_UNARY(Name, Sign)                                                 \
  case TokenKind::Sign:                                                        \
    return parseUnary(UnaryOp::Name);
#include "Mind/Syntax/Operators.def"
  default:
    break;
  }
  uint32_t begin = token->begin;
  ExprId expr = parsePrimary();
  while (!panicking) {
    unsigned baseHeight = height;
    switch (token->kind) {
    case TokenKind::LeftParen: {
      uint32_t args = parseArguments();
      setHeight(std::max(baseHeight, height));
      expr =
          builder.add(NodeKind::Call, rangeFrom(begin), {0, expr.index, args});
      break;
    }
    case TokenKind::LeftBracket: {
      uint32_t open = take().begin;
      if (is(TokenKind::RightBracket))
        unexpected(DiagKind::ExpectedExpression);
      List indices = parseList(open, TokenKind::RightBracket,
                               [&] { return parseIndexElement(); });
      setHeight(std::max(baseHeight, height));
      expr = builder.add(NodeKind::Index, rangeFrom(begin),
                         {0, expr.index, indices.extra});
      break;
    }
    case TokenKind::Dot:
      expr = parseMember(expr, begin);
      break;
    default:
      return expr;
    }
  }
  return expr;
}

/// Parses `.field`, `.0` or `.method(...)` after `base`, which starts at
/// `begin`.
ExprId ParserImpl::parseMember(ExprId base, uint32_t begin) {
  unsigned baseHeight = height;
  take();
  Token member = *token;
  if (member.kind == TokenKind::Integer) {
    take();
    setHeight(baseHeight);
    uint64_t element = member.payload;
    return builder.add(NodeKind::TupleElement, rangeFrom(begin),
                       {member.begin, base.index,
                        uint32_t(std::min<uint64_t>(element, UINT32_MAX))});
  }
  if (!expectName("a field, a method or a tuple's index"))
    return errorExpr();
  take();
  if (!is(TokenKind::LeftParen)) {
    setHeight(baseHeight);
    return builder.add(NodeKind::Field, rangeFrom(begin),
                       {member.begin, base.index, member.symbol().id});
  }
  uint32_t parts = parseArguments();
  builder.addExtra({member.symbol().id});
  setHeight(std::max(baseHeight, height));
  return builder.add(NodeKind::MethodCall, rangeFrom(begin),
                     {member.begin, base.index, parts});
}

/// Parses `(arguments)`; returns where the list is.
uint32_t ParserImpl::parseArguments() {
  uint32_t open = take().begin;
  bool namedBefore = false;
  return parseList(
             open, TokenKind::RightParen,
             [&] { return parseArgument(namedBefore); },
             /*marksCut=*/true)
      .extra;
}

ExprId ParserImpl::parseArgument(bool &namedBefore) {
  Token first = *token;
  if (is(TokenKind::Identifier) && next().kind == TokenKind::Equal) {
    namedBefore = true;
    take();
    take();
    ExprId value = parseExpr();
    setHeight(height);
    return builder.add(NodeKind::NamedArgument, rangeFrom(first.begin),
                       {first.begin, first.symbol().id, value.index});
  }
  ExprId value = parseExpr();
  if (namedBefore)
    report(DiagKind::PositionalAfterNamed, rangeFrom(first.begin))
        .help("name this argument too, or put it before the named ones");
  return value;
}

/// `i`, or `start:stop:step` with any of them left out.
ExprId ParserImpl::parseIndexElement() {
  uint32_t begin = token->begin;
  if (is(TokenKind::Ellipsis)) {
    report(DiagKind::NotSupported, token->range(), {"the index `...`"});
    take();
    return errorExpr();
  }
  unsigned tallest = 0;
  auto parsePart = [&]() -> ExprId {
    if (is(TokenKind::Colon) || is(TokenKind::Comma) ||
        is(TokenKind::RightBracket))
      return {};
    ExprId part = parseExpr();
    tallest = std::max(tallest, height);
    return part;
  };
  bool hasStart = !is(TokenKind::Colon) && !is(TokenKind::DotDot);
  ExprId start = hasStart ? parseOpenExpr() : ExprId();
  if (hasStart)
    tallest = height;
  if (!panicking && is(TokenKind::DotDot)) {
    report(DiagKind::RangeOutsideFor, token->range())
        .help("in an index, write `:` between the bounds");
    take();
    parsePart();
    return errorExpr();
  }
  if (!is(TokenKind::Colon) || panicking)
    return checkEnd(start);
  take();
  ExprId stop = parsePart(), step;
  if (!panicking && takeIf(TokenKind::Colon))
    step = parsePart();
  setHeight(tallest);
  return builder.add(NodeKind::Slice, rangeFrom(begin),
                     {step.index, start.index, stop.index});
}

ExprId ParserImpl::parseAtom() {
  height = 1;
  NodeKind kind = tokenRoles[size_t(token->kind)].atom;
  ExprId atom = builder.addWide(kind, token->range(), token->payload);
  take();
  return atom;
}

ExprId ParserImpl::parsePrimary() {
  Token first = *token;
  height = 1;
  switch (first.kind) {
  case TokenKind::Identifier:
    if (next().kind == TokenKind::String && next().begin == first.end) {
      take();
      take();
      report(DiagKind::NotSupported, rangeFrom(first.begin),
             {"a string with a prefix"})
          .help("`println` takes what it shows one by one: "
                "`println(\"x is\", x)`");
      return builder.add(NodeKind::ErrorExpr, rangeFrom(first.begin), {});
    }
    return parseAtom();
  case TokenKind::Integer:
  case TokenKind::Float:
  case TokenKind::String:
    return parseAtom();
  case TokenKind::True:
  case TokenKind::False:
    take();
    return builder.add(NodeKind::BoolLiteral, first.range(),
                       {0, first.kind == TokenKind::True});
  case TokenKind::Invalid: {
    // Reported by the lexer; it stands for an operand.
    ExprId error = builder.add(NodeKind::ErrorExpr, first.range(), {});
    take();
    return error;
  }
  case TokenKind::LeftParen:
    return parseParenthesized();
  case TokenKind::LeftBracket: {
    take();
    List list = parseList(first.begin, TokenKind::RightBracket,
                          [&] { return parseExpr(); });
    setHeight(height);
    return builder.add(NodeKind::List, rangeFrom(first.begin), {0, list.extra});
  }
  case TokenKind::LeftBrace:
    return parseBlock();
  case TokenKind::If:
    return parseIf();
  case TokenKind::While:
    return parseWhile();
  case TokenKind::For:
    return parseFor();
  case TokenKind::Dot:
    if (next().kind == TokenKind::Integer) {
      take();
      take();
      std::string digits = file.text({first.begin + 1, previousEnd()}).str();
      report(DiagKind::FloatPoint, rangeFrom(first.begin))
          .help("write `0." + digits + "`");
      return errorExpr();
    }
    break;
  default:
    if (std::optional<DType> dtype = dtypeOf(first.kind)) {
      take();
      return builder.add(NodeKind::DTypeName, first.range(),
                         {0, uint32_t(*dtype)});
    }
  }
  unexpected(DiagKind::ExpectedExpression);
  return errorExpr();
}

/// `(e)` is `e`, `(e,)` a tuple of one and `()` the unit value.
ExprId ParserImpl::parseParenthesized() {
  uint32_t open = take().begin;
  ExprId only;
  List list = parseList(open, TokenKind::RightParen,
                        [&] { return only = parseExpr(); });
  if (list.size == 1 && !list.trailingComma)
    return only;
  setHeight(height);
  return builder.add(NodeKind::Tuple, rangeFrom(open), {0, list.extra});
}

ExprId ParserImpl::parseIf() {
  Level level(*this);
  if (!level.ok)
    return errorExpr();
  uint32_t begin = take().begin;
  ExprId condition = parseExpr();
  unsigned tallest = height;
  ExprId thenBlock = panicking ? errorBlock() : parseBlock();
  tallest = std::max(tallest, height);
  ExprId elseBranch;
  if (!panicking && takeIf(TokenKind::Else)) {
    elseBranch = is(TokenKind::If) ? parseIf() : parseBlock();
    tallest = std::max(tallest, height);
  } else if (!panicking && isWord("elif")) {
    unexpected(DiagKind::ExpectedToken, {"`else`"});
    elseBranch = errorBlock();
  }
  setHeight(tallest);
  return builder.add(NodeKind::If, rangeFrom(begin),
                     {elseBranch.index, condition.index, thenBlock.index});
}

ExprId ParserImpl::parseWhile() {
  uint32_t begin = take().begin;
  ExprId condition = parseExpr();
  unsigned tallest = height;
  ExprId body = panicking ? errorBlock() : parseBlock();
  setHeight(std::max(tallest, height));
  return builder.add(NodeKind::While, rangeFrom(begin),
                     {0, condition.index, body.index});
}

/// After an error in the head of a `for`, such as that of C: goes on with its
/// body, if it begins on the same line.
void ParserImpl::skipToLoopBody() {
  size_t ahead = 0;
  Token brace;
  do
    brace = lookAhead(ahead++);
  while (brace.kind != TokenKind::LeftBrace &&
         brace.kind != TokenKind::RightBrace &&
         brace.kind != TokenKind::EndOfFile);
  if (brace.kind != TokenKind::LeftBrace ||
      file.text({previousEnd(), brace.begin}).contains('\n'))
    return;
  while (!is(TokenKind::LeftBrace))
    take();
  panicking = false;
}

ExprId ParserImpl::parseFor() {
  uint32_t begin = take().begin;
  PatternId variable = parsePattern();
  unsigned tallest = height;
  bool readable = !panicking && takeIf(TokenKind::In);
  if (!panicking && !readable)
    unexpected(DiagKind::ExpectedToken, {describe(TokenKind::In).str()})
        .help("a loop is `for i in 0..n { ... }`");
  ExprId start = readable ? parseOpenExpr() : errorExpr();
  tallest = std::max(tallest, height);
  readable = !panicking && takeIf(TokenKind::DotDot);
  if (!panicking && !readable) {
    unexpected(DiagKind::ExpectedToken, {"`..`"})
        .help("a loop runs over a range, for example `0..n`");
    start = errorExpr();
  }
  ExprId stop = readable ? parseExpr() : errorExpr();
  tallest = std::max(tallest, height);
  if (panicking)
    skipToLoopBody();
  ExprId body = panicking ? errorBlock() : parseBlock();
  setHeight(std::max(tallest, height));
  uint32_t parts =
      builder.addExtra({variable.index, start.index, stop.index, body.index});
  return builder.add(NodeKind::For, rangeFrom(begin), {0, parts});
}
