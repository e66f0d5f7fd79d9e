//===- Parser.cpp - statements, items and recovery -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Parser.h"
#include "Mind/Syntax/Lexer.h"
#include "ParserImpl.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mind;

Tree mind::parse(const SourceFile &file, Interner &interner,
                 DiagnosticEngine &diags) {
  Tree tree;
  parse(file, interner, diags, tree);
  return tree;
}

void mind::parse(const SourceFile &file, Interner &interner,
                 DiagnosticEngine &diags, Tree &tree) {
  TreeBuilder::reset(tree, interner);
  ParserImpl(tree, file, interner, diags).run();
}

bool ParserImpl::run() {
  ExprId result = parseStatements(TokenKind::EndOfFile);
  bool isModule = !pending.empty() && !result.isValid();
  bool hasImports = false;
  for (uint32_t statement : pending) {
    NodeKind kind = builder.peek().kind(NodeId(statement));
    isModule &= isItem(kind);
    hasImports |= kind == NodeKind::Import;
  }
  uint32_t parts = storePending(0);
  builder.addExtra({result.index});
  ExprId root =
      builder.add(NodeKind::Block, {file.begin(), file.end()}, {0, parts});
  builder.finish(root, isModule);
  return hasImports;
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

void ParserImpl::fillWindow(Token *end) {
  Token *last = lexer.lex(end, window.end() - numAhead) - 1;
  if (last->kind == TokenKind::EndOfFile) {
    std::fill_n(last + 1, numAhead, *last);
    lastReady = last;
  } else {
    lastReady = last - numAhead;
  }
}

void ParserImpl::moveWindow() {
  if (lastReady->kind == TokenKind::EndOfFile) {
    token = lastReady;
    return;
  }
  Token *end = std::copy(token - 1, lastReady + numAhead + 1, window.begin());
  token = window.begin() + 1;
  fillWindow(end);
}

const Token &ParserImpl::lookAhead(size_t count) {
  while (count > size_t(lastReady - token) &&
         lastReady->kind != TokenKind::EndOfFile) {
    size_t current = size_t(token - window.begin());
    size_t end = size_t(lastReady + numAhead + 1 - window.begin());
    window.resize_for_overwrite(2 * window.size());
    token = window.begin() + current;
    fillWindow(window.begin() + end);
  }
  return token[count];
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

std::string ParserImpl::found() const {
  std::string description = describe(token->kind).str();
  switch (token->kind) {
  case TokenKind::Identifier:
  case TokenKind::Integer:
  case TokenKind::Float:
    return description + " `" + file.text(token->range()).str() + "`";
  default:
    return description;
  }
}

bool ParserImpl::isBesideInvalid() const {
  return is(TokenKind::Invalid) || token[-1].kind == TokenKind::Invalid;
}

Diagnostic &ParserImpl::report(DiagKind kind, SourceRange range,
                               llvm::ArrayRef<std::string> args) {
  if (panicking)
    return ignored.emplace();
  return diags.report(kind, range, args);
}

/// What stands here for a word of other languages, which is not expected.
static llvm::StringRef counterpart(llvm::StringRef word) {
  return llvm::StringSwitch<llvm::StringRef>(word)
      .Case("elif", "write `else if`")
      .Case("and", "of two conditions it is `&&`")
      .Case("or", "of two conditions it is `||`")
      .Cases({"?", "if"}, "`if` is an expression: `if c { a } else { b }`")
      .Case("in", "a loop is `for i in 0..n { ... }`, without parentheses")
      .Case("as", "a module is known by the last part of its name")
      .Default("");
}

/// Likewise, of a word that has been taken for a name.
static llvm::StringRef counterpartBefore(llvm::StringRef word) {
  return llvm::StringSwitch<llvm::StringRef>(word)
      .Cases({"def", "func", "function", "lambda"},
             "functions are `fn name(x: f32) -> f32 { ... }`")
      .Cases({"var", "auto", "val"}, "names are introduced by `let`")
      .Case("elif", "write `else if`")
      .Case("not", "the negation of a condition is `!`")
      .Case("from", "a module is imported as a whole: `import a.b;`")
      .Default("");
}

/// Likewise, of the end of an operator.
static llvm::StringRef counterpartOfOperator(llvm::StringRef sign) {
  return llvm::StringSwitch<llvm::StringRef>(sign)
      .Case("**", "powers are `pow(x, y)`")
      .Cases({"++", "--"}, "write `x += 1;`")
      .Case("%=", "write `x = x % y;`")
      .Case("..=", "the end of a range does not belong to it: `0..n + 1`")
      .Case("=>", "the result's type stands behind `->`")
      .Case(";;", "leave out one `;`")
      .Default("");
}

/// Whether what stands here could only go on with what is before it.
bool ParserImpl::endsBlockEarly() const {
  switch (token->kind) {
  case TokenKind::Plus:
  case TokenKind::Star:
  case TokenKind::Slash:
  case TokenKind::Percent:
  case TokenKind::At:
  case TokenKind::As:
  case TokenKind::Dot:
    return true;
  default:
    return false;
  }
}

llvm::StringRef ParserImpl::helpHere() const {
  llvm::StringRef word = file.text(token->range());
  if (llvm::StringRef help = counterpart(word); !help.empty())
    return help;
  if (isFirst())
    return {};
  if (llvm::StringRef help = counterpartBefore(file.text(token[-1].range()));
      !help.empty() && token[-1].kind == TokenKind::Identifier)
    return help;
  for (const Token *other : {token - 1, token}) {
    if (other->kind == TokenKind::EndOfFile)
      break;
    // What the scanner read as two signs was written as one.
    const Token &second = other[1];
    if (other->end == second.begin)
      if (llvm::StringRef help =
              counterpartOfOperator(file.text({other->begin, second.end}));
          !help.empty())
        return help;
  }
  if (token[-1].kind == TokenKind::RightBrace)
    return endsBlockEarly() ? "a block that begins a statement ends it; put "
                              "it in parentheses"
                            : "";
  return is(TokenKind::Plus) ? "a number needs no sign `+`" : "";
}

Diagnostic &ParserImpl::unexpected(DiagKind kind,
                                   std::vector<std::string> args) {
  panicking |= isBesideInvalid();
  if (isReserved(token->kind)) {
    kind = DiagKind::NotSupported;
    args.clear();
  }
  args.push_back(found());
  Diagnostic &diag = report(kind, token->range(), args);
  diag.help(helpHere().str());
  panicking = true;
  return diag;
}

void ParserImpl::reportMissing(TokenKind kind) {
  reportMissing(describe(kind));
}

void ParserImpl::reportMissing(llvm::StringRef what) {
  unexpected(DiagKind::ExpectedToken, {what.str()});
}

/// The token that `close` closes.
static TokenKind openerOf(TokenKind close) {
  switch (close) {
  case TokenKind::RightParen:
    return TokenKind::LeftParen;
  case TokenKind::RightBracket:
    return TokenKind::LeftBracket;
  case TokenKind::RightBrace:
    return TokenKind::LeftBrace;
  default:
    assert(close == TokenKind::Greater && "closes nothing");
    return TokenKind::Less;
  }
}

void ParserImpl::reportUnclosed(TokenKind close, uint32_t open, bool inList) {
  // Where nothing can follow in the list, its end has been forgotten.
  switch (token->kind) {
  case TokenKind::EndOfFile:
  case TokenKind::Semicolon:
  case TokenKind::RightParen:
  case TokenKind::RightBracket:
  case TokenKind::RightBrace:
    inList = false;
    break;
  default:
    inList &= !startsStatement();
  }
  if (inList)
    unexpected(DiagKind::ExpectedToken, {"`,` or " + describe(close).str()});
  else
    unexpected(DiagKind::UnclosedDelimiter,
               {describe(close).str(), describe(openerOf(close)).str()})
        .label({open, open + 1}, "opened here");
}

/// There is none, as `expectSemicolon` found.
void ParserImpl::missSemicolon() {
  if (panicking)
    return;
  // A forgotten `;` at a line's end: say so there, and go on.
  llvm::StringRef between = file.text({previousEnd(), token->begin});
  if (!isBesideInvalid() &&
      (is(TokenKind::EndOfFile) || is(TokenKind::RightBrace) ||
       between.contains('\n'))) {
    Diagnostic &diag = report(DiagKind::ExpectedToken,
                              {previousEnd(), previousEnd()}, {"`;`", found()});
    if (between.ltrim(' ').starts_with("//"))
      diag.help("`//` begins a comment; a quotient of integers is `/`");
    return;
  }
  unexpected(DiagKind::ExpectedToken, {"`;`"});
}

bool ParserImpl::tooDeep() {
  report(DiagKind::NestingTooDeep, token->range(), {std::to_string(maxNesting)})
      .help("give inner parts a name of their own with `let`");
  while (!is(TokenKind::EndOfFile))
    take();
  panicking = true;
  return false;
}

bool ParserImpl::startsStatement() const {
  switch (token->kind) {
  case TokenKind::Fn:
  case TokenKind::Let:
  case TokenKind::Const:
  case TokenKind::Type:
  case TokenKind::Import:
  case TokenKind::Return:
    return true;
  default:
    return false;
  }
}

/// Whether no header of a function goes on here.
bool ParserImpl::endsHeader() const {
  return is(TokenKind::LeftBrace) || is(TokenKind::RightBrace) ||
         is(TokenKind::Semicolon) || is(TokenKind::EndOfFile) ||
         startsStatement();
}

/// Skips to where a statement may start in a block that ends in `end`, and ends
/// the panic.
void ParserImpl::synchronize(TokenKind end) {
  // At the end of file the panic goes on, so that unclosed delimiters around
  // the statement are not reported too.
  panicking = is(TokenKind::EndOfFile);
  while (!is(TokenKind::EndOfFile) && !is(end) && !startsStatement()) {
    if (takeIf(TokenKind::Semicolon))
      return;
    if (!is(TokenKind::LeftBrace)) {
      take();
      continue;
    }
    // A whole `{ ... }` belongs to what is skipped, and the `else` after it.
    unsigned open = 0;
    do {
      open += is(TokenKind::LeftBrace);
      open -= is(TokenKind::RightBrace);
      take();
    } while (open != 0 && !is(TokenKind::EndOfFile));
    if (takeIf(TokenKind::Else)) {
      takeIf(TokenKind::If);
      continue;
    }
    takeIf(TokenKind::Semicolon);
    return;
  }
}

/// After an error in a parameter: ends the panic where the next one, or the end
/// of the list, is found.
void ParserImpl::skipParam() {
  while (!endsHeader()) {
    bool isBeforeParam = is(TokenKind::Comma) &&
                         next().kind == TokenKind::Identifier &&
                         next(2).kind == TokenKind::Colon;
    bool isListsEnd =
        is(TokenKind::RightParen) && (next().kind == TokenKind::Arrow ||
                                      next().kind == TokenKind::LeftBrace);
    if (isBeforeParam || isListsEnd) {
      panicking = false;
      return;
    }
    take();
  }
}

/// After an error in a function's header: goes on with its body, if it is
/// there.
void ParserImpl::skipToBody() {
  while (!endsHeader())
    take();
  panicking = !is(TokenKind::LeftBrace);
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// Parses up to `end`, which is left. The statements are on `pending`; returns
/// the result of the block.
ExprId ParserImpl::parseStatements(TokenKind end) {
  ExprId result;
  unsigned tallest = 0;
  while (!is(end) && !is(TokenKind::EndOfFile)) {
    uint32_t start = token->begin;
    switch (token->kind) {
    case TokenKind::RightBrace:
    case TokenKind::RightBracket:
    case TokenKind::RightParen:
      report(DiagKind::UnmatchedDelimiter, token->range(), {found()});
      panicking = !is(TokenKind::RightBrace);
      take();
      break;
    default:
      result = parseStatement();
    }
    tallest = std::max(tallest, height);
    if (panicking) {
      synchronize(end);
      if (token->begin == start)
        take();
      // Perhaps this was the result; nobody should miss one.
      if (is(end))
        result = errorExpr();
    }
  }
  height = tallest;
  return result;
}

ExprId ParserImpl::parseStatement() {
  Level level(*this);
  if (!level.ok)
    return {};
  StmtId statement;
  switch (token->kind) {
  case TokenKind::Let:
    statement = parseLet();
    break;
  case TokenKind::Return:
    statement = parseReturn();
    break;
  case TokenKind::Fn:
    statement = parseFn();
    break;
  case TokenKind::Const:
    statement = parseConst();
    break;
  case TokenKind::Type:
    statement = parseTypeAlias();
    break;
  case TokenKind::Import:
    statement = parseImport();
    break;
  default:
    return parseExprStatement();
  }
  if (statement.isValid())
    push(statement);
  return {};
}

/// An assignment, or an expression: as a statement, or as the block's result,
/// which is returned.
ExprId ParserImpl::parseExprStatement() {
  uint32_t begin = token->begin;
  bool endsAtBrace = is(TokenKind::LeftBrace) || is(TokenKind::If) ||
                     is(TokenKind::While) || is(TokenKind::For);
  ExprId expr = endsAtBrace ? parsePrimary() : parseOpenExpr();
  unsigned tallest = height;

  if (std::optional<AssignOp> op = assignOp();
      op && !endsAtBrace && !panicking) {
    Token sign = take();
    ExprId value = parseExpr();
    setHeight(std::max(tallest, height));
    expectSemicolon();
    StmtId assign = builder.add<StmtId>(
        NodeKind::Assign, rangeFrom(begin),
        {sign.begin, expr.index, value.index, uint8_t(*op)});
    push(assign);
    return {};
  }

  bool semicolon = !panicking && takeIf(TokenKind::Semicolon);
  if (!semicolon && !panicking &&
      (is(TokenKind::RightBrace) || is(TokenKind::EndOfFile)))
    return expr;
  if (!semicolon && !endsAtBrace)
    expectSemicolon();
  if (panicking && builder.peek().kind(expr) == NodeKind::Name)
    expr = errorExpr(); // As `def`, it was perhaps no name.
  // That the `;` is missing has been said, or cannot be known.
  semicolon |= panicking || !endsAtBrace;
  setHeight(tallest);
  StmtId statement = builder.add<StmtId>(NodeKind::ExprStmt, rangeFrom(begin),
                                         {0, expr.index, semicolon});
  push(statement);
  return {};
}

/// A block that could not be read: only an erroneous result, so that phases
/// to come find a block where they expect one.
ExprId ParserImpl::errorBlock() {
  ExprId result = errorExpr();
  setHeight(height);
  uint32_t parts = builder.addList({});
  builder.addExtra({result.index});
  return builder.add(NodeKind::Block, {token->begin, token->begin}, {0, parts});
}

ExprId ParserImpl::parseBlock() {
  uint32_t open = token->begin;
  if (is(TokenKind::Colon)) {
    unexpected(DiagKind::ExpectedToken, {describe(TokenKind::LeftBrace).str()})
        .help("a block stands between `{` and `}`");
    return errorBlock();
  }
  if (!expect(TokenKind::LeftBrace))
    return errorBlock();
  size_t first = pending.size();
  ExprId result = parseStatements(TokenKind::RightBrace);
  expectClose(TokenKind::RightBrace, open, /*inList=*/false);
  setHeight(height);
  uint32_t parts = storePending(first);
  builder.addExtra({result.index});
  return builder.add(NodeKind::Block, rangeFrom(open), {0, parts});
}

StmtId ParserImpl::parseLet() {
  uint32_t begin = take().begin;
  if (is(TokenKind::Identifier) && next().kind == TokenKind::Identifier &&
      isWord("mut")) {
    report(DiagKind::ExpectedPattern, token->range(), {found()})
        .help("every name of a `let` can be assigned; leave out `mut`");
    take();
  }
  PatternId pattern = parsePattern();
  unsigned tallest = height;
  TypeId type;
  if (!panicking && takeIf(TokenKind::Colon)) {
    type = parseType();
    tallest = std::max(tallest, height);
  }
  ExprId value;
  if (!panicking && expect(TokenKind::Equal))
    value = parseExpr();
  else
    value = errorExpr();
  setHeight(std::max(tallest, height));
  expectSemicolon();
  return builder.add<StmtId>(NodeKind::Let, rangeFrom(begin),
                             {type.index, pattern.index, value.index});
}

StmtId ParserImpl::parseReturn() {
  uint32_t begin = take().begin;
  ExprId value;
  height = 0;
  if (!is(TokenKind::Semicolon) && !is(TokenKind::RightBrace) &&
      !is(TokenKind::EndOfFile))
    value = parseExpr();
  setHeight(height);
  if (!is(TokenKind::RightBrace) && !is(TokenKind::EndOfFile))
    expectSemicolon();
  return builder.add<StmtId>(NodeKind::Return, rangeFrom(begin),
                             {0, value.index});
}

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

StmtId ParserImpl::parseFn() {
  uint32_t begin = take().begin;
  if (!expectName("the function's name"))
    return {};
  Token name = take();
  if (is(TokenKind::Less)) {
    report(DiagKind::NotSupported, token->range(), {"a generic function"});
    panicking = true;
  }
  uint32_t open = token->begin;
  uint32_t params = 0;
  unsigned tallest = 0;
  if (!panicking && expect(TokenKind::LeftParen)) {
    auto parseOne = [&] {
      ParamId param = parseParam();
      if (panicking)
        skipParam();
      return param;
    };
    params = parseList(open, TokenKind::RightParen, parseOne).extra;
    tallest = height;
  } else {
    params = builder.addList({});
  }
  TypeId result;
  if (!panicking && takeIf(TokenKind::Arrow)) {
    result = parseType();
    tallest = std::max(tallest, height);
  }
  if (!panicking && is(TokenKind::Colon))
    unexpected(DiagKind::ExpectedToken, {describe(TokenKind::LeftBrace).str()})
        .help("the result's type stands behind `->`");
  if (panicking)
    skipToBody();
  ExprId body = parseBlock();
  setHeight(std::max(tallest, height));

  uint32_t parts =
      builder.addExtra({name.symbol().id, result.index, body.index, params});
  return builder.add<StmtId>(NodeKind::Fn, rangeFrom(begin),
                             {name.begin, parts});
}

ParamId ParserImpl::parseParam() {
  if (!expectName("a parameter"))
    return {};
  Token name = take();
  if (!is(TokenKind::Colon))
    unexpected(DiagKind::ExpectedToken, {describe(TokenKind::Colon).str()})
        .help("a parameter has a type: `" + file.text(name.range()).str() +
              ": Tensor<f32,[2,3]>`");
  TypeId type = takeIf(TokenKind::Colon) ? parseType() : errorType();
  llvm::StringRef help =
      is(TokenKind::LeftBracket) ? "the type of a tensor is `Tensor<f32,[2,3]>`"
      : is(TokenKind::Equal)
          ? "a parameter has no default value; pass one in each call"
          : "";
  if (!panicking && !help.empty())
    unexpected(DiagKind::ExpectedToken,
               {"`,` or " + describe(TokenKind::RightParen).str()})
        .help(help.str());
  setHeight(height);
  return builder.add<ParamId>(NodeKind::Param, rangeFrom(name.begin),
                              {name.begin, name.symbol().id, type.index});
}

StmtId ParserImpl::parseConst() {
  uint32_t begin = take().begin;
  if (!expectName("the constant's name"))
    return {};
  Token name = take();
  TypeId type;
  unsigned tallest = 0;
  if (takeIf(TokenKind::Colon)) {
    type = parseType();
    tallest = height;
  }
  ExprId value;
  if (!panicking && expect(TokenKind::Equal))
    value = parseExpr();
  else
    value = errorExpr();
  setHeight(std::max(tallest, height));
  expectSemicolon();
  uint32_t parts =
      builder.addExtra({name.symbol().id, type.index, value.index});
  return builder.add<StmtId>(NodeKind::Const, rangeFrom(begin),
                             {name.begin, parts});
}

StmtId ParserImpl::parseTypeAlias() {
  uint32_t begin = take().begin;
  if (!expectName("the type's name"))
    return {};
  Token name = take();
  TypeId type = expect(TokenKind::Equal) ? parseType() : errorType();
  setHeight(height);
  expectSemicolon();
  return builder.add<StmtId>(NodeKind::TypeAlias, rangeFrom(begin),
                             {name.begin, name.symbol().id, type.index});
}

StmtId ParserImpl::parseImport() {
  uint32_t begin = take().begin;
  uint32_t pathBegin = token->begin;
  llvm::SmallVector<uint32_t> path;
  do {
    if (!expectName("a module's name"))
      return {};
    path.push_back(take().symbol().id);
  } while (takeIf(TokenKind::Dot));
  height = 1;
  uint32_t parts = builder.addList(path);
  builder.addExtra({previousEnd()});
  expectSemicolon();
  return builder.add<StmtId>(NodeKind::Import, rangeFrom(begin),
                             {pathBegin, parts, NodeId().index});
}
