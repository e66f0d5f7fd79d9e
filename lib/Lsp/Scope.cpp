//===- Scope.cpp - the names that are visible at a place ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scope.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;
using namespace mind::lsp;

void lsp::forEachName(const Tree &tree, PatternId pattern,
                      llvm::function_ref<void(PatternId, Symbol)> visit) {
  if (tree.kind(pattern) == NodeKind::NamePattern)
    visit(pattern, tree.namePattern(pattern));
  else if (tree.kind(pattern) == NodeKind::TuplePattern)
    for (PatternId element : tree.tuplePattern(pattern))
      forEachName(tree, element, visit);
}

std::optional<Declaration> lsp::itemDeclaration(const Tree &tree,
                                                StmtId statement) {
  switch (tree.kind(statement)) {
  case NodeKind::Fn: {
    FnView fn = tree.fn(statement);
    return Declaration{NameKind::Function, fn.name, fn.nameRange, statement};
  }
  case NodeKind::Const: {
    ConstView constant = tree.constant(statement);
    return Declaration{NameKind::Constant, constant.name, constant.nameRange,
                       statement};
  }
  case NodeKind::TypeAlias: {
    TypeAliasView alias = tree.typeAlias(statement);
    return Declaration{NameKind::TypeAlias, alias.name, alias.nameRange,
                       statement};
  }
  case NodeKind::Import: {
    ImportView import = tree.importItem(statement);
    return Declaration{NameKind::Module, import.path.back(), import.nameRange,
                       statement};
  }
  default:
    return std::nullopt;
  }
}

namespace {

/// Gathers declarations from the outside in.
class ScopeReader {
public:
  ScopeReader(const Tree &tree, uint32_t offset) : tree(tree), offset(offset) {}

  std::vector<Declaration> run();

private:
  bool contains(SourceRange range) const {
    return range.begin <= offset && offset <= range.end;
  }
  void add(NameKind kind, Symbol name, SourceRange range, NodeId node) {
    declarations.push_back({kind, name, range, node});
  }
  void enterFn(StmtId statement);
  void enterBlock(const BlockView &block);
  void addSizes(TypeId type);
  void addPattern(PatternId pattern) {
    forEachName(tree, pattern, [&](PatternId node, Symbol name) {
      add(NameKind::Variable, name, tree.range(node), node);
    });
  }

  const Tree &tree;
  uint32_t offset;
  std::vector<Declaration> declarations;
};

} // namespace

/// The named dimensions of a parameter are values in the function's body.
void ScopeReader::addSizes(TypeId type) {
  switch (tree.kind(type)) {
  case NodeKind::TensorType:
    for (DimId dim : tree.tensorType(type).dims)
      if (tree.kind(dim) == NodeKind::NamedDim) {
        Symbol name = tree.namedDim(dim);
        bool isKnown = llvm::any_of(declarations, [&](const Declaration &d) {
          return d.name == name && namespaceOf(d.kind) == Namespace::Values;
        });
        if (!isKnown)
          add(NameKind::Size, name, tree.range(dim), dim);
      }
    return;
  case NodeKind::TupleType:
    for (TypeId element : tree.tupleType(type))
      addSizes(element);
    return;
  case NodeKind::DiffType:
    return addSizes(tree.diffType(type));
  default:
    return;
  }
}

void ScopeReader::enterFn(StmtId statement) {
  // A function sees the items around it, not the variables.
  llvm::erase_if(declarations, [](const Declaration &declaration) {
    return declaration.kind == NameKind::Variable ||
           declaration.kind == NameKind::Parameter ||
           declaration.kind == NameKind::Size;
  });
  FnView fn = tree.fn(statement);
  for (ParamId param : fn.params)
    addSizes(tree.param(param).type);
  for (ParamId param : fn.params)
    add(NameKind::Parameter, tree.param(param).name,
        tree.param(param).nameRange, param);
}

void ScopeReader::enterBlock(const BlockView &block) {
  for (StmtId statement : block.statements)
    if (std::optional<Declaration> item = itemDeclaration(tree, statement))
      declarations.push_back(*item);
  for (StmtId statement : block.statements)
    if (tree.kind(statement) == NodeKind::Let &&
        tree.range(statement).end <= offset)
      addPattern(tree.let(statement).pattern);
}

std::vector<Declaration> ScopeReader::run() {
  // Parents come after their children in the tree.
  for (uint32_t i = tree.size(); i-- > 0;) {
    NodeId node(i);
    if (!contains(tree.range(node)))
      continue;
    switch (tree.kind(node)) {
    case NodeKind::Fn:
      enterFn(StmtId(i));
      break;
    case NodeKind::For: {
      ForView loop = tree.forLoop(ExprId(i));
      if (contains(tree.range(loop.body)))
        addPattern(loop.variable);
      break;
    }
    case NodeKind::Block:
      enterBlock(tree.block(ExprId(i)));
      break;
    default:
      break;
    }
  }
  return std::move(declarations);
}

std::vector<Declaration> lsp::declarationsAt(const Document &document,
                                             uint32_t offset) {
  return ScopeReader(document.tree, offset).run();
}

Namespace lsp::namespaceOf(NameKind kind) {
  switch (kind) {
  case NameKind::Function:
    return Namespace::Calls;
  case NameKind::TypeAlias:
    return Namespace::Types;
  default:
    return Namespace::Values;
  }
}

ExprId lsp::callOf(const Tree &tree, NodeId name) {
  for (uint32_t i = name.index + 1; i < tree.size(); ++i)
    if (tree.kind(NodeId(i)) == NodeKind::Call &&
        tree.call(ExprId(i)).callee == name)
      return ExprId(i);
  return {};
}

void lsp::forEachMember(const Document &document, const Declaration &import,
                        llvm::function_ref<void(const Declaration &)> visit) {
  const Tree &tree = document.tree;
  ImportView view = tree.importItem(StmtId(import.node.index));
  if (!view.module)
    return;
  ExprId root = tree.modules()[*view.module].root;
  for (StmtId statement : tree.block(root).statements)
    if (auto item = itemDeclaration(tree, statement);
        item && item->kind != NameKind::Module)
      visit(*item);
}

std::optional<Declaration> lsp::memberOf(const Document &document,
                                         const Declaration &import, Symbol name,
                                         Namespace space) {
  std::optional<Declaration> found;
  forEachMember(document, import, [&](const Declaration &item) {
    if (!found && item.name == name && namespaceOf(item.kind) == space)
      found = item;
  });
  return found;
}

/// What `name` means at `offset`.
static std::optional<Declaration> lookUp(const Document &document,
                                         uint32_t offset, Symbol name,
                                         Namespace space) {
  std::vector<Declaration> declarations = declarationsAt(document, offset);
  auto found = llvm::find_if(llvm::reverse(declarations),
                             [&](const Declaration &declaration) {
                               return declaration.name == name &&
                                      namespaceOf(declaration.kind) == space;
                             });
  if (found == declarations.rend())
    return std::nullopt;
  return *found;
}

/// What the part of `whole` at `offset` means: its module, or a name in it.
static std::optional<Declaration> lookUp(const Document &document,
                                         uint32_t offset,
                                         const QualifiedName &whole,
                                         Namespace space) {
  if (!whole.module.isValid())
    return lookUp(document, offset, whole.name, space);
  std::optional<Declaration> module =
      lookUp(document, offset, whole.module, Namespace::Values);
  if (!module || module->kind != NameKind::Module)
    return std::nullopt;
  if (offset < whole.nameRange.begin)
    return module;
  return memberOf(document, *module, whole.name, space);
}

std::optional<Declaration> lsp::declarationOf(const Document &document,
                                              uint32_t offset) {
  const Tree &tree = document.tree;
  NodeId node = document.nodeAt(offset);
  if (!node.isValid())
    return std::nullopt;
  ExprId expr(node.index);
  switch (tree.kind(node)) {
  case NodeKind::Name:
    return lookUp(document, offset, tree.name(expr),
                  callOf(tree, node).isValid() ? Namespace::Calls
                                               : Namespace::Values);
  case NodeKind::MethodCall: {
    MethodCallView call = tree.methodCall(expr);
    if (tree.kind(call.receiver) != NodeKind::Name ||
        offset < call.methodRange.begin || offset > call.methodRange.end)
      return std::nullopt;
    return lookUp(document, offset,
                  {tree.name(call.receiver), tree.range(call.receiver),
                   call.method, call.methodRange},
                  Namespace::Calls);
  }
  case NodeKind::Field: {
    FieldView field = tree.field(expr);
    if (tree.kind(field.base) != NodeKind::Name)
      return std::nullopt;
    return lookUp(document, offset,
                  {tree.name(field.base), tree.range(field.base), field.field,
                   field.fieldRange},
                  Namespace::Values);
  }
  case NodeKind::NamedDim:
    return lookUp(document, offset, tree.qualifiedName(node),
                  Namespace::Values);
  case NodeKind::NamedType:
    return lookUp(document, offset, tree.qualifiedName(node), Namespace::Types);
  case NodeKind::NamePattern:
    return Declaration{NameKind::Variable,
                       tree.namePattern(PatternId(node.index)),
                       tree.range(node), node};
  case NodeKind::Param: {
    ParamView param = tree.param(ParamId(node.index));
    return Declaration{NameKind::Parameter, param.name, param.nameRange, node};
  }
  case NodeKind::Fn:
  case NodeKind::Const:
  case NodeKind::TypeAlias:
  case NodeKind::Import: {
    std::optional<Declaration> item = itemDeclaration(tree, StmtId(node.index));
    if (item->nameRange.begin <= offset && offset <= item->nameRange.end)
      return item;
    return std::nullopt;
  }
  default:
    return std::nullopt;
  }
}
