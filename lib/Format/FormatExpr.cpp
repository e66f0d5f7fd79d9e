//===- FormatExpr.cpp - layout of expressions -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formatter.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

void Formatter::formatExpr(ExprId expr) {
  parenthesized(tree.range(expr).begin, [&] { formatUnparenthesized(expr); });
}

void Formatter::formatUnparenthesized(ExprId expr) {
  switch (tree.kind(expr)) {
  case NodeKind::IntegerLiteral:
  case NodeKind::FloatLiteral:
  case NodeKind::BoolLiteral:
  case NodeKind::StringLiteral:
  case NodeKind::DTypeName:
  case NodeKind::Name:
    return take();
  case NodeKind::Unary:
    take();
    return formatExpr(tree.unary(expr).operand);
  case NodeKind::Binary:
    return formatBinary(expr);
  case NodeKind::Cast: {
    CastView cast = tree.cast(expr);
    formatExpr(cast.operand);
    takeSpaced();
    return formatType(cast.type);
  }
  case NodeKind::Call:
  case NodeKind::MethodCall:
  case NodeKind::Field:
  case NodeKind::TupleElement:
  case NodeKind::Index:
    return formatPostfix(expr);
  case NodeKind::NamedArgument:
    take();
    take();
    return formatExpr(tree.argument(expr).value);
  case NodeKind::Slice:
    return formatSlice(expr);
  case NodeKind::List:
  case NodeKind::Tuple:
    return formatListElements(tree.elements(expr), tree.kind(expr));
  case NodeKind::Block:
    return formatBlock(expr);
  case NodeKind::If:
    return formatIf(expr);
  case NodeKind::While:
    take();
    layout.space();
    formatExpr(tree.whileLoop(expr).condition);
    layout.space();
    return formatBlock(tree.whileLoop(expr).body);
  case NodeKind::For:
    return formatFor(expr);
  default:
    llvm_unreachable("not an expression of a program without errors");
  }
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static unsigned precedence(BinaryOp op) {
  static constexpr unsigned precedences[] = {
#define MIND_BINARY(Name, Token, Precedence) Precedence,
#include "Mind/Syntax/Operators.def"
  };
  return precedences[size_t(op)];
}

/// Whether nothing is written before `first`, the first part of `whole`, such
/// as a parenthesis around it.
static bool beginsWith(const Tree &tree, ExprId whole, ExprId first) {
  return tree.range(whole).begin == tree.range(first).begin;
}

/// Operators of one precedence line up: `a + b - c`.
void Formatter::formatBinary(ExprId expr) {
  llvm::SmallVector<ExprId> operands;
  unsigned level = precedence(tree.binary(expr).op);
  ExprId first = expr;
  while (tree.kind(first) == NodeKind::Binary &&
         precedence(tree.binary(first).op) == level) {
    BinaryView binary = tree.binary(first);
    operands.push_back(binary.rhs);
    bool goesOn = beginsWith(tree, first, binary.lhs);
    first = binary.lhs;
    if (!goesOn)
      break;
  }
  layout.beginGroup();
  formatExpr(first);
  layout.indent();
  for (ExprId operand : llvm::reverse(operands)) {
    spaceOrBreak();
    take();
    layout.space();
    formatExpr(operand);
  }
  layout.dedent();
  layout.endGroup();
}

/// What is applied to an expression one after the other: `f(x).shape[0]`. A
/// chain of methods that does not fit on its line gets a line a method.
void Formatter::formatPostfix(ExprId expr) {
  auto baseOf = [&](ExprId link) -> ExprId {
    switch (tree.kind(link)) {
    case NodeKind::Call:
      return tree.call(link).callee;
    case NodeKind::MethodCall:
      return tree.methodCall(link).receiver;
    case NodeKind::Field:
      return tree.field(link).base;
    case NodeKind::TupleElement:
      return tree.tupleElement(link).base;
    case NodeKind::Index:
      return tree.index(link).base;
    default:
      return {};
    }
  };
  llvm::SmallVector<ExprId> links;
  unsigned methods = 0;
  ExprId base = expr;
  for (ExprId link = expr; baseOf(link).isValid(); link = base) {
    links.push_back(link);
    methods += tree.kind(link) == NodeKind::MethodCall;
    base = baseOf(link);
    if (!beginsWith(tree, link, base))
      break;
  }
  if (methods < 2) {
    formatExpr(base);
    for (ExprId link : llvm::reverse(links))
      formatLink(link);
    return;
  }
  layout.beginGroup();
  formatExpr(base);
  layout.indent();
  bool staysOnLine = tree.kind(base) == NodeKind::Name;
  for (ExprId link : llvm::reverse(links)) {
    if (tree.kind(link) == NodeKind::MethodCall && !staysOnLine)
      softBreak();
    staysOnLine = false;
    formatLink(link);
  }
  layout.dedent();
  layout.endGroup();
}

void Formatter::formatLink(ExprId link) {
  switch (tree.kind(link)) {
  case NodeKind::Call:
    return formatArguments(tree.call(link).args);
  case NodeKind::Index: {
    NodeList<ExprId> indices = tree.index(link).indices;
    return formatList(indices.size(), {ListStyle::LastComma::Never},
                      [&](uint32_t i) { formatExpr(indices[i]); });
  }
  case NodeKind::MethodCall:
    take();
    take();
    return formatArguments(tree.methodCall(link).args);
  case NodeKind::TupleElement:
    // `5 .0` is no float.
    if (tokens[at - 1].kind == TokenKind::Integer &&
        tree.kind(tree.tupleElement(link).base) == NodeKind::IntegerLiteral)
      layout.space();
    [[fallthrough]];
  default:
    take();
    return take();
  }
}

void Formatter::formatSlice(ExprId expr) {
  SliceView slice = tree.slice(expr);
  if (slice.start.isValid())
    formatExpr(slice.start);
  take();
  if (slice.stop.isValid())
    formatExpr(slice.stop);
  if (is(TokenKind::Colon))
    take();
  if (slice.step.isValid())
    formatExpr(slice.step);
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void Formatter::formatArguments(NodeList<ExprId> args) {
  // Brackets in brackets open and close together: `stack([`.
  bool hugs = args.size() == 1 &&
              tokens[at + 1].begin == tree.range(args[0]).begin &&
              (tree.kind(args[0]) == NodeKind::List ||
               tree.kind(args[0]) == NodeKind::Tuple);
  if (!hugs)
    return formatList(args.size(), {},
                      [&](uint32_t i) { formatExpr(args[i]); });
  take();
  formatExpr(args[0]);
  if (is(TokenKind::Comma))
    drop();
  take();
}

static bool isNumber(const Tree &tree, ExprId expr) {
  if (tree.kind(expr) == NodeKind::Unary)
    expr = tree.unary(expr).operand;
  return tree.kind(expr) == NodeKind::IntegerLiteral ||
         tree.kind(expr) == NodeKind::FloatLiteral;
}

void Formatter::formatListElements(NodeList<ExprId> elements, NodeKind kind) {
  ListStyle style;
  if (kind == NodeKind::Tuple && elements.size() == 1)
    style.lastComma = ListStyle::LastComma::Keep;
  style.fill = llvm::all_of(
      elements, [&](ExprId element) { return isNumber(tree, element); });
  formatList(elements.size(), style,
             [&](uint32_t i) { formatExpr(elements[i]); });
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Formatter::formatIf(ExprId expr) {
  layout.beginGroup();
  formatIfInGroup(expr);
  layout.endGroup();
}

void Formatter::formatIfInGroup(ExprId expr) {
  IfView view = tree.ifElse(expr);
  take();
  layout.space();
  formatExpr(view.condition);
  layout.space();
  formatBlockInGroup(view.thenBlock);
  if (!view.elseBranch.isValid())
    return;
  takeSpaced();
  if (tree.kind(view.elseBranch) == NodeKind::If)
    formatIfInGroup(view.elseBranch);
  else
    formatBlockInGroup(view.elseBranch);
}

void Formatter::formatFor(ExprId expr) {
  ForView view = tree.forLoop(expr);
  take();
  layout.space();
  formatPattern(view.variable);
  takeSpaced();
  formatExpr(view.start);
  take();
  formatExpr(view.stop);
  layout.space();
  formatBlock(view.body);
}

void Formatter::formatBlock(ExprId expr) {
  layout.beginGroup();
  formatBlockInGroup(expr);
  layout.endGroup();
}

void Formatter::formatBlockInGroup(ExprId expr) {
  BlockView block = tree.block(expr);
  bool isEmpty = block.statements.empty() && !block.result.isValid();
  // Who wrote an expression and its braces on one line wants it there.
  bool mayBeFlat = block.statements.empty() && !tree.text(expr).contains('\n');
  take();
  layout.indent();
  if (mayBeFlat) {
    if (!isEmpty) {
      spaceOrBreak();
      formatExpr(block.result);
    }
  } else {
    formatStatements(block);
  }
  placeComments();
  layout.dedent();
  if (!isEmpty)
    mayBeFlat ? spaceOrBreak() : hardBreak();
  take();
}
