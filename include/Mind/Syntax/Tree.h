//===- Tree.h - the syntax tree --------------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tree is one array of equal nodes that refer to each other by 32-bit
// indices, children before parents. What a node means is read through views:
// `tree.call(expr)` gives a Call with a callee and a list of arguments. A
// later phase keeps what it learns in arrays of its own, indexed by
// NodeId::index.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_TREE_H
#define MIND_SYNTAX_TREE_H

#include "Mind/Basic/DType.h"
#include "Mind/Basic/SourceFile.h"
#include "Mind/Syntax/FlatArray.h"
#include "Mind/Syntax/Symbol.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cassert>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace mind {

enum class NodeKind : uint8_t {
#define MIND_NODE(Kind, Category) Kind,
#include "Mind/Syntax/Nodes.def"
};

/// The kind's name, such as "MethodCall".
llvm::StringRef nodeKindName(NodeKind kind);

/// Whether a statement of that kind is an item.
constexpr bool isItem(NodeKind kind) {
  return kind == NodeKind::Fn || kind == NodeKind::Const ||
         kind == NodeKind::TypeAlias || kind == NodeKind::Import;
}

enum class BinaryOp : uint8_t {
#define MIND_BINARY(Name, Token, Precedence) Name,
#include "Mind/Syntax/Operators.def"
};
enum class UnaryOp : uint8_t {
#define MIND_UNARY(Name, Token) Name,
#include "Mind/Syntax/Operators.def"
};
/// `x op= e` means `x = x op e`; Assign is the plain `x = e`.
enum class AssignOp : uint8_t {
#define MIND_ASSIGN(Name, Token) Name,
#include "Mind/Syntax/Operators.def"
};

/// The sign of an operator in the language.
llvm::StringRef spelling(BinaryOp op);
llvm::StringRef spelling(UnaryOp op);
llvm::StringRef spelling(AssignOp op);

/// A node of the tree, or none.
struct NodeId {
  uint32_t index = UINT32_MAX;

  constexpr NodeId() = default;
  constexpr explicit NodeId(uint32_t index) : index(index) {}
  constexpr bool isValid() const { return index != UINT32_MAX; }
  friend constexpr bool operator==(NodeId a, NodeId b) {
    return a.index == b.index;
  }
  friend constexpr bool operator!=(NodeId a, NodeId b) {
    return a.index != b.index;
  }
};

/// Nodes of one category of Nodes.def. A block's statements include items.
struct ExprId : NodeId {
  using NodeId::NodeId;
};
struct StmtId : NodeId {
  using NodeId::NodeId;
};
struct TypeId : NodeId {
  using NodeId::NodeId;
};
struct DimId : NodeId {
  using NodeId::NodeId;
};
struct PatternId : NodeId {
  using NodeId::NodeId;
};
struct ParamId : NodeId {
  using NodeId::NodeId;
};

/// A read-only list of ids or symbols that a node holds.
template <typename T> class NodeList {
public:
  class iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T *;
    using reference = T;

    explicit iterator(const uint32_t *at) : at(at) {}
    T operator*() const { return T(*at); }
    iterator &operator++() { return ++at, *this; }
    bool operator==(iterator other) const { return at == other.at; }
    bool operator!=(iterator other) const { return at != other.at; }

  private:
    const uint32_t *at;
  };

  NodeList(const uint32_t *first, uint32_t count)
      : first(first), count(count) {}

  uint32_t size() const { return count; }
  bool empty() const { return count == 0; }
  T operator[](uint32_t i) const {
    assert(i < count && "out of bounds");
    return T(first[i]);
  }
  T front() const { return (*this)[0]; }
  T back() const { return (*this)[count - 1]; }
  iterator begin() const { return iterator(first); }
  iterator end() const { return iterator(first + count); }

private:
  friend class Tree;

  const uint32_t *first;
  uint32_t count;
};

//===----------------------------------------------------------------------===//
// Views: the parts of a node. Ids of absent parts are invalid.
//===----------------------------------------------------------------------===//

/// `-x`
struct UnaryView {
  UnaryOp op;
  SourceRange opRange;
  ExprId operand;
};
/// `a + b`
struct BinaryView {
  BinaryOp op;
  SourceRange opRange;
  ExprId lhs, rhs;
};
/// `x as f32`
struct CastView {
  ExprId operand;
  TypeId type;
};
/// `f(x, axis=0)`; the callee is a Name in every program that checks.
struct CallView {
  ExprId callee;
  NodeList<ExprId> args;
};
/// `x.op(y)` and `tensor.op(x, y)`: which of both, names decide.
struct MethodCallView {
  ExprId receiver;
  Symbol method;
  SourceRange methodRange;
  NodeList<ExprId> args;
};
/// An argument of a call, named or not.
struct ArgumentView {
  Symbol name; ///< Invalid for a positional argument.
  SourceRange nameRange;
  ExprId value;
};
/// `x.shape`
struct FieldView {
  ExprId base;
  Symbol field;
  SourceRange fieldRange;
};
/// `t.0`
struct TupleElementView {
  ExprId base;
  uint64_t element;
  SourceRange elementRange;
};
/// `x[i, a:b]`; the indices are expressions and Slices.
struct IndexView {
  ExprId base;
  NodeList<ExprId> indices;
};
/// `start:stop:step`, each optional.
struct SliceView {
  ExprId start, stop, step;
};
/// `{ statements; result }`; the body of a script too.
struct BlockView {
  NodeList<StmtId> statements;
  ExprId result; ///< The last expression without `;`.
};
/// `if condition { } else { }`; the else branch is a Block or another If.
struct IfView {
  ExprId condition, thenBlock, elseBranch;
};
struct WhileView {
  ExprId condition, body;
};
/// `for i in start..stop { }`
struct ForView {
  PatternId variable;
  ExprId start, stop, body;
};
/// `let pattern: type = value;`
struct LetView {
  PatternId pattern;
  TypeId type;
  ExprId value;
};
/// `target = value;` and `target += value;`
struct AssignView {
  AssignOp op;
  SourceRange opRange;
  ExprId target, value;
};
/// `fn name(params) -> result { body }`
struct FnView {
  Symbol name;
  SourceRange nameRange;
  NodeList<ParamId> params;
  TypeId result; ///< Invalid where `->` is omitted.
  ExprId body;   ///< A Block.
};
struct ParamView {
  Symbol name;
  SourceRange nameRange;
  TypeId type;
};
/// `const name: type = value;`
struct ConstView {
  Symbol name;
  SourceRange nameRange;
  TypeId type;
  ExprId value;
};
/// `type name = type;`
struct TypeAliasView {
  Symbol name;
  SourceRange nameRange;
  TypeId type;
};
/// `module.name`, or `name` alone: then `module` is invalid.
struct QualifiedName {
  Symbol module;
  SourceRange moduleRange;
  Symbol name;
  SourceRange nameRange;
};
/// `import a.b;`
struct ImportView {
  NodeList<Symbol> path;
  /// Of the whole path, and of its last name, by which the module is used.
  SourceRange pathRange, nameRange;
  /// Into Tree::modules(); none before parseProgram has found it, or if it
  /// cannot be imported, which has been reported.
  std::optional<uint32_t> module;
};
/// `Tensor<f32,[2,B]>`, or `Tensor[f32,(2,B)]` when `angle` is false.
struct TensorTypeView {
  DType dtype;
  SourceRange dtypeRange;
  NodeList<DimId> dims;
  bool angle;
};

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

/// One file of a program.
struct SourceModule {
  const SourceFile *file;
  /// Where it is imported from, seen from the main file: "a.b"; empty for the
  /// main file itself.
  std::string path;
  /// The whole file: a Block whose statements are the items and, in a script,
  /// statements. The result is absent in a module.
  ExprId root;
  /// Whether the file consists of items only.
  bool isModule = false;
};

/// The syntax tree of a program: of one file, or of a file with all those that
/// it imports, whose nodes lie one file behind the other. The files and the
/// interner must outlive it.
class Tree {
public:
  /// Without files; parse (Parser.h) fills it.
  Tree() = default;

  const Interner &interner() const { return *names; }

  /// The files, the main one first.
  llvm::ArrayRef<SourceModule> modules() const { return files; }

  // Of the main file.

  const SourceFile &file() const { return *files.front().file; }
  ExprId root() const { return files.front().root; }
  bool isModule() const { return files.front().isModule; }

  /// The number of nodes: arrays of this size may be indexed by NodeId::index.
  uint32_t size() const { return uint32_t(nodes.size()); }

  NodeKind kind(NodeId id) const { return node(id).kind; }
  SourceRange range(NodeId id) const { return {node(id).begin, node(id).end}; }
  /// The source text of a node; for float literals it is the only value, so
  /// that rounding is left to the dtype they adopt.
  llvm::StringRef text(NodeId id) const { return text(range(id)); }
  llvm::StringRef text(SourceRange range) const {
    return moduleAt(range.begin).file->text(range);
  }
  /// The file that `offset` is in.
  const SourceModule &moduleAt(uint32_t offset) const;
  /// The text of a symbol.
  llvm::StringRef text(Symbol symbol) const { return names->text(symbol); }

  // Expressions.

  /// The value of an IntegerLiteral; one beyond 64 bits has been reported.
  uint64_t integer(ExprId id) const {
    return wide(at(id, NodeKind::IntegerLiteral));
  }
  bool boolean(ExprId id) const { return at(id, NodeKind::BoolLiteral).a; }
  /// The value of a StringLiteral, escapes replaced.
  Symbol string(ExprId id) const {
    return Symbol(at(id, NodeKind::StringLiteral).a);
  }
  DType dtypeName(ExprId id) const {
    return DType(at(id, NodeKind::DTypeName).a);
  }
  Symbol name(ExprId id) const { return Symbol(at(id, NodeKind::Name).a); }
  UnaryView unary(ExprId id) const;
  BinaryView binary(ExprId id) const;
  CastView cast(ExprId id) const;
  CallView call(ExprId id) const;
  MethodCallView methodCall(ExprId id) const;
  /// Reads an element of a call's `args`, named or positional.
  ArgumentView argument(ExprId id) const;
  FieldView field(ExprId id) const;
  TupleElementView tupleElement(ExprId id) const;
  IndexView index(ExprId id) const;
  SliceView slice(ExprId id) const;
  /// The elements of a List or Tuple; the unit value is the empty Tuple.
  NodeList<ExprId> elements(ExprId id) const;
  BlockView block(ExprId id) const;
  IfView ifElse(ExprId id) const;
  WhileView whileLoop(ExprId id) const;
  ForView forLoop(ExprId id) const;

  // Statements and items.

  LetView let(StmtId id) const;
  AssignView assign(StmtId id) const;
  /// The expression of an ExprStmt. A block, `if` or loop may come without
  /// `;`, which hasSemicolon tells.
  ExprId exprStmt(StmtId id) const {
    return ExprId(at(id, NodeKind::ExprStmt).a);
  }
  bool hasSemicolon(StmtId id) const { return at(id, NodeKind::ExprStmt).b; }
  /// The value of a Return, or an invalid id.
  ExprId returnValue(StmtId id) const {
    return ExprId(at(id, NodeKind::Return).a);
  }
  FnView fn(StmtId id) const;
  ParamView param(ParamId id) const;
  ConstView constant(StmtId id) const;
  TypeAliasView typeAlias(StmtId id) const;
  ImportView importItem(StmtId id) const;

  // Types, dimensions and patterns.

  DType scalarType(TypeId id) const {
    return DType(at(id, NodeKind::ScalarType).a);
  }
  TensorTypeView tensorType(TypeId id) const;
  NodeList<TypeId> tupleType(TypeId id) const;
  Symbol namedType(TypeId id) const {
    return Symbol(at(id, NodeKind::NamedType).a);
  }
  /// The whole name of a NamedType or NamedDim.
  QualifiedName qualifiedName(NodeId id) const;
  TypeId diffType(TypeId id) const {
    return TypeId(at(id, NodeKind::DiffType).a);
  }
  /// The value of a ConstantDim, as written: zero and negative ones parse.
  int64_t constantDim(DimId id) const {
    return int64_t(wide(at(id, NodeKind::ConstantDim)));
  }
  Symbol namedDim(DimId id) const {
    return Symbol(at(id, NodeKind::NamedDim).a);
  }
  Symbol namePattern(PatternId id) const {
    return Symbol(at(id, NodeKind::NamePattern).a);
  }
  NodeList<PatternId> tuplePattern(PatternId id) const;

private:
  friend class TreeBuilder;

  /// What `anchor`, `a` and `b` hold depends on the kind; the views are the
  /// description. `detail` is an operator or a dtype.
  struct Node {
    NodeKind kind;
    uint8_t detail;
    uint32_t begin, end;
    uint32_t anchor; ///< Where the operator or the name in the node begins.
    uint32_t a, b;
  };

  const Node &node(NodeId id) const {
    assert(id.index < nodes.size() && "no such node");
    return nodes[id.index];
  }
  const Node &at(NodeId id, [[maybe_unused]] NodeKind kind) const {
    assert(node(id).kind == kind && "node of another kind");
    return nodes[id.index];
  }
  static uint64_t wide(const Node &node) {
    return uint64_t(node.b) << 32 | node.a;
  }
  /// The list whose length is stored at `extra[start]`.
  template <typename T> NodeList<T> list(uint32_t start) const {
    return {extra.data() + start + 1, extra[start]};
  }
  /// What is stored behind the end of a list.
  template <typename T> static uint32_t behind(NodeList<T> list) {
    return list.first[list.count];
  }
  SourceRange anchored(const Node &node, size_t length) const {
    return {node.anchor, uint32_t(node.anchor + length)};
  }

  const Interner *names = nullptr;
  std::vector<SourceModule> files;
  FlatArray<Node> nodes;
  /// Parts that do not fit in a node: lists and third children.
  FlatArray<uint32_t> extra;
  /// The parser's own, and empty otherwise; here, its memory is used again.
  FlatArray<uint32_t> pending;
};

} // namespace mind

#endif // MIND_SYNTAX_TREE_H
