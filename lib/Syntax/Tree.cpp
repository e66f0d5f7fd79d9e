//===- Tree.cpp - the syntax tree ------------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Tree.h"
#include "Mind/Syntax/Token.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;

llvm::StringRef mind::nodeKindName(NodeKind kind) {
  static constexpr llvm::StringLiteral names[] = {
#define MIND_NODE(Kind, Category) #Kind,
#include "Mind/Syntax/Nodes.def"
  };
  return names[size_t(kind)];
}

const SourceModule &Tree::moduleAt(uint32_t offset) const {
  auto behind = llvm::partition_point(modules().drop_front(),
                                      [&](const SourceModule &module) {
                                        return module.file->begin() <= offset;
                                      });
  return *std::prev(behind);
}

llvm::StringRef mind::spelling(BinaryOp op) {
  static constexpr TokenKind tokens[] = {
#define MIND_BINARY(Name, Token, Precedence) TokenKind::Token,
#include "Mind/Syntax/Operators.def"
  };
  return spelling(tokens[size_t(op)]);
}

llvm::StringRef mind::spelling(UnaryOp op) {
  static constexpr TokenKind tokens[] = {
#define MIND_UNARY(Name, Token) TokenKind::Token,
#include "Mind/Syntax/Operators.def"
  };
  return spelling(tokens[size_t(op)]);
}

llvm::StringRef mind::spelling(AssignOp op) {
  static constexpr TokenKind tokens[] = {
#define MIND_ASSIGN(Name, Token) TokenKind::Token,
#include "Mind/Syntax/Operators.def"
  };
  return spelling(tokens[size_t(op)]);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

UnaryView Tree::unary(ExprId id) const {
  const Node &n = at(id, NodeKind::Unary);
  auto op = UnaryOp(n.detail);
  return {op, anchored(n, spelling(op).size()), ExprId(n.a)};
}

BinaryView Tree::binary(ExprId id) const {
  const Node &n = at(id, NodeKind::Binary);
  auto op = BinaryOp(n.detail);
  return {op, anchored(n, spelling(op).size()), ExprId(n.a), ExprId(n.b)};
}

CastView Tree::cast(ExprId id) const {
  const Node &n = at(id, NodeKind::Cast);
  return {ExprId(n.a), TypeId(n.b)};
}

CallView Tree::call(ExprId id) const {
  const Node &n = at(id, NodeKind::Call);
  return {ExprId(n.a), list<ExprId>(n.b)};
}

MethodCallView Tree::methodCall(ExprId id) const {
  const Node &n = at(id, NodeKind::MethodCall);
  NodeList<ExprId> args = list<ExprId>(n.b);
  Symbol method(behind(args));
  return {ExprId(n.a), method, anchored(n, text(method).size()), args};
}

ArgumentView Tree::argument(ExprId id) const {
  const Node &n = node(id);
  if (n.kind != NodeKind::NamedArgument)
    return {Symbol(), SourceRange(), id};
  Symbol name(n.a);
  return {name, anchored(n, text(name).size()), ExprId(n.b)};
}

FieldView Tree::field(ExprId id) const {
  const Node &n = at(id, NodeKind::Field);
  return {ExprId(n.a), Symbol(n.b), {n.anchor, n.end}};
}

TupleElementView Tree::tupleElement(ExprId id) const {
  const Node &n = at(id, NodeKind::TupleElement);
  return {ExprId(n.a), n.b, {n.anchor, n.end}};
}

IndexView Tree::index(ExprId id) const {
  const Node &n = at(id, NodeKind::Index);
  return {ExprId(n.a), list<ExprId>(n.b)};
}

SliceView Tree::slice(ExprId id) const {
  const Node &n = at(id, NodeKind::Slice);
  return {ExprId(n.a), ExprId(n.b), ExprId(n.anchor)};
}

NodeList<ExprId> Tree::elements(ExprId id) const {
  const Node &n = node(id);
  assert((n.kind == NodeKind::List || n.kind == NodeKind::Tuple) &&
         "node of another kind");
  return list<ExprId>(n.a);
}

BlockView Tree::block(ExprId id) const {
  const Node &n = at(id, NodeKind::Block);
  NodeList<StmtId> statements = list<StmtId>(n.a);
  return {statements, ExprId(behind(statements))};
}

IfView Tree::ifElse(ExprId id) const {
  const Node &n = at(id, NodeKind::If);
  return {ExprId(n.a), ExprId(n.b), ExprId(n.anchor)};
}

WhileView Tree::whileLoop(ExprId id) const {
  const Node &n = at(id, NodeKind::While);
  return {ExprId(n.a), ExprId(n.b)};
}

ForView Tree::forLoop(ExprId id) const {
  const uint32_t *parts = &extra[at(id, NodeKind::For).a];
  return {PatternId(parts[0]), ExprId(parts[1]), ExprId(parts[2]),
          ExprId(parts[3])};
}

//===----------------------------------------------------------------------===//
// Statements and items
//===----------------------------------------------------------------------===//

LetView Tree::let(StmtId id) const {
  const Node &n = at(id, NodeKind::Let);
  return {PatternId(n.a), TypeId(n.anchor), ExprId(n.b)};
}

AssignView Tree::assign(StmtId id) const {
  const Node &n = at(id, NodeKind::Assign);
  auto op = AssignOp(n.detail);
  return {op, anchored(n, spelling(op).size()), ExprId(n.a), ExprId(n.b)};
}

FnView Tree::fn(StmtId id) const {
  const Node &n = at(id, NodeKind::Fn);
  const uint32_t *parts = &extra[n.a];
  Symbol name(parts[0]);
  return {name, anchored(n, text(name).size()), list<ParamId>(parts[3]),
          TypeId(parts[1]), ExprId(parts[2])};
}

ParamView Tree::param(ParamId id) const {
  const Node &n = at(id, NodeKind::Param);
  Symbol name(n.a);
  return {name, anchored(n, text(name).size()), TypeId(n.b)};
}

ConstView Tree::constant(StmtId id) const {
  const Node &n = at(id, NodeKind::Const);
  const uint32_t *parts = &extra[n.a];
  Symbol name(parts[0]);
  return {name, anchored(n, text(name).size()), TypeId(parts[1]),
          ExprId(parts[2])};
}

TypeAliasView Tree::typeAlias(StmtId id) const {
  const Node &n = at(id, NodeKind::TypeAlias);
  Symbol name(n.a);
  return {name, anchored(n, text(name).size()), TypeId(n.b)};
}

ImportView Tree::importItem(StmtId id) const {
  const Node &n = at(id, NodeKind::Import);
  NodeList<Symbol> path = list<Symbol>(n.a);
  uint32_t end = behind(path);
  ImportView view{path, {n.anchor, end}, {end, end}, std::nullopt};
  view.nameRange.begin -= uint32_t(text(path.back()).size());
  if (NodeId(n.b).isValid())
    view.module = n.b;
  return view;
}

//===----------------------------------------------------------------------===//
// Types and patterns
//===----------------------------------------------------------------------===//

TensorTypeView Tree::tensorType(TypeId id) const {
  const Node &n = at(id, NodeKind::TensorType);
  auto dtype = DType(n.detail);
  return {dtype, anchored(n, mind::dtypeName(dtype).size()), list<DimId>(n.a),
          bool(n.b)};
}

QualifiedName Tree::qualifiedName(NodeId id) const {
  const Node &n = node(id);
  assert((n.kind == NodeKind::NamedType || n.kind == NodeKind::NamedDim) &&
         "node of another kind");
  QualifiedName whole{Symbol(n.b), {}, Symbol(n.a), {n.begin, n.end}};
  if (whole.module.isValid()) {
    whole.moduleRange = {n.begin,
                         uint32_t(n.begin + text(whole.module).size())};
    whole.nameRange.begin = uint32_t(n.end - text(whole.name).size());
  }
  return whole;
}

NodeList<TypeId> Tree::tupleType(TypeId id) const {
  return list<TypeId>(at(id, NodeKind::TupleType).a);
}

NodeList<PatternId> Tree::tuplePattern(PatternId id) const {
  return list<PatternId>(at(id, NodeKind::TuplePattern).a);
}
