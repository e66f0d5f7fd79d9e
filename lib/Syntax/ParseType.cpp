//===- ParseType.cpp - types, dimensions and patterns ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParserImpl.h"
#include <utility>

using namespace mind;

TypeId ParserImpl::errorType() {
  height = 1;
  return builder.add<TypeId>(NodeKind::ErrorType, {token->begin, token->begin},
                             {});
}

/// Takes a name, perhaps with a module before it, and returns the parts of its
/// node. `what` is what may stand behind a dot.
std::optional<TreeBuilder::Parts>
ParserImpl::parseQualified(llvm::StringRef what) {
  Symbol name = take().symbol(), module;
  if (takeIf(TokenKind::Dot)) {
    if (!expectName(what))
      return std::nullopt;
    module = std::exchange(name, take().symbol());
  }
  return TreeBuilder::Parts{0, name.id, module.id};
}

TypeId ParserImpl::parseType() {
  Level level(*this);
  if (!level.ok)
    return errorType();
  Token first = *token;
  height = 1;
  switch (first.kind) {
  case TokenKind::Tensor:
    return parseTensorType();
  case TokenKind::LeftParen:
    return parseTupleType();
  case TokenKind::Diff: {
    take();
    TypeId type = parseType();
    setHeight(height);
    return builder.add<TypeId>(NodeKind::DiffType, rangeFrom(first.begin),
                               {0, type.index});
  }
  case TokenKind::Identifier:
    if (isWord("unit")) {
      take();
      return builder.add<TypeId>(NodeKind::UnitType, first.range(), {});
    }
    if (auto name = parseQualified("a type's name"))
      return builder.add<TypeId>(NodeKind::NamedType, rangeFrom(first.begin),
                                 *name);
    return errorType();
  default:
    if (std::optional<DType> dtype = dtypeOf(first.kind)) {
      take();
      return builder.add<TypeId>(NodeKind::ScalarType, first.range(),
                                 {0, uint32_t(*dtype)});
    }
    unexpected(DiagKind::ExpectedType);
    return errorType();
  }
}

/// `Tensor<f32,[2,3]>` or `Tensor[f32,(2,3)]`.
TypeId ParserImpl::parseTensorType() {
  uint32_t begin = take().begin;
  bool angle = is(TokenKind::Less);
  if (!angle && !is(TokenKind::LeftBracket)) {
    unexpected(DiagKind::ExpectedToken, {"`<` or `[`"})
        .help("tensor types are written Tensor<f32,[2,3]> or "
              "Tensor[f32,(2,3)]");
    return errorType();
  }
  uint32_t open = take().begin;
  Token dtypeToken = *token;
  std::optional<DType> dtype = dtypeOf(dtypeToken.kind);
  if (!dtype) {
    unexpected(DiagKind::ExpectedToken, {"an element type"})
        .help("the element types are bool i8 u8 i32 i64 f16 bf16 f32 f64");
    return errorType();
  }
  take();
  if (!expect(TokenKind::Comma))
    return errorType();

  uint32_t openDims = token->begin;
  TokenKind closeDims = angle ? TokenKind::RightBracket : TokenKind::RightParen;
  TokenKind wanted = angle ? TokenKind::LeftBracket : TokenKind::LeftParen;
  if (!is(wanted)) {
    unexpected(DiagKind::ExpectedToken, {describe(wanted).str()})
        .help(angle ? "dimensions stand in brackets here: Tensor<f32,[2,3]>"
                    : "dimensions stand in parentheses here: "
                      "Tensor[f32,(2,3)]");
    return errorType();
  }
  take();
  auto parseOne = [&]() -> NodeId {
    DimId dim = parseDim();
    switch (token->kind) {
    case TokenKind::Plus:
    case TokenKind::Minus:
    case TokenKind::Star:
    case TokenKind::Slash:
      unexpected(DiagKind::ExpectedToken,
                 {"`,` or " + describe(closeDims).str()})
          .help("type annotations hold no arithmetic; name the size instead");
      return {};
    default:
      return dim;
    }
  };
  List dims = parseList(openDims, closeDims, parseOne);
  if (panicking)
    return errorType();
  height = dims.size == 0 ? 1 : 2;

  // A `>=` closes the type with its `>` and leaves the `=`.
  if (angle && is(TokenKind::GreaterEqual)) {
    token[-1] = {0, token->begin, token->begin + 1, TokenKind::Greater};
    token->kind = TokenKind::Equal;
    ++token->begin;
  } else if (!expectClose(angle ? TokenKind::Greater : TokenKind::RightBracket,
                          open, /*inList=*/false)) {
    return errorType();
  }
  return builder.add<TypeId>(
      NodeKind::TensorType, rangeFrom(begin),
      {dtypeToken.begin, dims.extra, angle, uint8_t(*dtype)});
}

DimId ParserImpl::parseDim() {
  if (LLVM_LIKELY(is(TokenKind::Integer) &&
                  token->payload <= uint64_t(INT64_MAX))) {
    height = 1;
    DimId dim = builder.addWide<DimId>(NodeKind::ConstantDim, token->range(),
                                       token->payload);
    take();
    return dim;
  }
  return parseOtherDim();
}

/// A dimension that is no integer, has a sign, or is too large.
DimId ParserImpl::parseOtherDim() {
  Token first = *token;
  height = 1;
  bool negative = takeIf(TokenKind::Minus);
  if (is(TokenKind::Integer)) {
    Token integer = take();
    uint64_t value = integer.payload;
    SourceRange range = rangeFrom(first.begin);
    if (value > uint64_t(INT64_MAX)) {
      report(DiagKind::LiteralOutOfRange, range,
             {"`" + file.text(range).str() + "`", "a dimension"});
      panicking = true;
      return {};
    }
    return builder.addWide<DimId>(NodeKind::ConstantDim, range,
                                  negative ? -value : value);
  }
  if (!negative && is(TokenKind::Identifier)) {
    if (auto name = parseQualified("a constant's name"))
      return builder.add<DimId>(NodeKind::NamedDim, rangeFrom(first.begin),
                                *name);
    return {};
  }
  if (!negative && takeIf(TokenKind::Question))
    return builder.add<DimId>(NodeKind::UnknownDim, first.range(), {});
  unexpected(DiagKind::ExpectedDimension)
      .help("a dimension is an integer, a name, or `?`");
  return {};
}

/// `(T)` is `T`, `(T,)` a tuple of one and `()` is unit.
TypeId ParserImpl::parseTupleType() {
  uint32_t open = take().begin;
  TypeId only;
  List list = parseList(open, TokenKind::RightParen,
                        [&]() -> NodeId { return only = parseType(); });
  if (list.size == 1 && !list.trailingComma)
    return only;
  setHeight(height);
  if (list.size == 0)
    return builder.add<TypeId>(NodeKind::UnitType, rangeFrom(open), {});
  return builder.add<TypeId>(NodeKind::TupleType, rangeFrom(open),
                             {0, list.extra});
}

PatternId ParserImpl::parseOtherPattern() {
  Level level(*this);
  Token first = *token;
  height = 1;
  if (level.ok && isWord("_")) {
    take();
    return builder.add<PatternId>(NodeKind::WildcardPattern, first.range(), {});
  }
  if (level.ok && is(TokenKind::LeftParen)) {
    take();
    PatternId only;
    List list = parseList(first.begin, TokenKind::RightParen,
                          [&]() -> NodeId { return only = parsePattern(); });
    if (list.size == 1 && !list.trailingComma)
      return only;
    setHeight(height);
    return builder.add<PatternId>(NodeKind::TuplePattern,
                                  rangeFrom(first.begin), {0, list.extra});
  }
  unexpected(DiagKind::ExpectedPattern);
  return builder.add<PatternId>(NodeKind::ErrorPattern,
                                {token->begin, token->begin}, {});
}
