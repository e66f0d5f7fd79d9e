//===- Printer.cpp - syntax trees as text ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/Printer.h"
#include "llvm/ADT/Twine.h"

using namespace mind;

namespace {

class TreePrinter {
public:
  TreePrinter(const Tree &tree, llvm::raw_ostream &os, bool ranges)
      : tree(tree), os(os), ranges(ranges) {}

  void print();

private:
  void printExpr(ExprId id);
  void printStmt(StmtId id);
  void printFn(StmtId id);
  void printType(TypeId id);
  void printPattern(PatternId id);
  void printTensorType(TypeId id);
  void printSlice(ExprId id);
  void printBlockParts(ExprId id);

  template <typename Ids> void printExprs(const Ids &ids) {
    for (ExprId id : ids)
      printExpr(id);
  }
  void printOptional(ExprId id) {
    if (id.isValid())
      printExpr(id);
  }
  void printOptional(TypeId id) {
    if (id.isValid())
      printType(id);
  }

  /// Prints the line of a node; its children go one level deeper while the
  /// returned object lives.
  struct Children {
    explicit Children(unsigned &indent) : indent(indent) { indent += 2; }
    ~Children() { indent -= 2; }
    unsigned &indent;
  };
  [[nodiscard]] Children line(NodeId id, const llvm::Twine &text) {
    os.indent(indent) << text;
    if (ranges) {
      SourceRange range = tree.range(id);
      const SourceFile &file = *tree.moduleAt(range.begin).file;
      LineColumn begin = file.lineColumn(range.begin);
      LineColumn end = file.lineColumn(range.end);
      os << ' ' << begin.line << ':' << begin.column << '-' << end.line << ':'
         << end.column;
    }
    os << '\n';
    return Children(indent);
  }
  void leaf(NodeId id, const llvm::Twine &text) {
    Children none = line(id, text);
  }
  std::string quoted(Symbol symbol) const {
    return ("`" + tree.text(symbol) + "`").str();
  }

  std::string qualified(NodeId id) const {
    QualifiedName whole = tree.qualifiedName(id);
    std::string name = tree.text(whole.name).str();
    return whole.module.isValid() ? tree.text(whole.module).str() + "." + name
                                  : name;
  }

  const Tree &tree;
  llvm::raw_ostream &os;
  bool ranges;
  unsigned indent = 0;
};

} // namespace

void TreePrinter::print() {
  for (const SourceModule &module : tree.modules()) {
    std::string title = module.isModule ? "module" : "script";
    if (!module.path.empty())
      title += " `" + module.path + "`";
    Children children = line(module.root, title);
    printBlockParts(module.root);
  }
}

void TreePrinter::printBlockParts(ExprId id) {
  BlockView block = tree.block(id);
  for (StmtId statement : block.statements)
    printStmt(statement);
  printOptional(block.result);
}

void TreePrinter::printStmt(StmtId id) {
  switch (tree.kind(id)) {
  case NodeKind::Let: {
    LetView let = tree.let(id);
    Children children = line(id, "let");
    printPattern(let.pattern);
    printOptional(let.type);
    return printExpr(let.value);
  }
  case NodeKind::Assign: {
    AssignView assign = tree.assign(id);
    Children children = line(id, "assign " + spelling(assign.op));
    printExpr(assign.target);
    return printExpr(assign.value);
  }
  case NodeKind::ExprStmt: {
    Children children = line(id, "statement");
    return printExpr(tree.exprStmt(id));
  }
  case NodeKind::Return: {
    Children children = line(id, "return");
    return printOptional(tree.returnValue(id));
  }
  case NodeKind::Fn:
    return printFn(id);
  case NodeKind::Const: {
    ConstView constant = tree.constant(id);
    Children children = line(id, "const " + quoted(constant.name));
    printOptional(constant.type);
    return printExpr(constant.value);
  }
  case NodeKind::TypeAlias: {
    TypeAliasView alias = tree.typeAlias(id);
    Children children = line(id, "type " + quoted(alias.name));
    return printType(alias.type);
  }
  case NodeKind::Import: {
    std::string path;
    for (Symbol name : tree.importItem(id).path)
      path += (path.empty() ? "" : ".") + tree.text(name).str();
    return leaf(id, "import `" + path + "`");
  }
  default:
    llvm_unreachable("not a statement");
  }
}

void TreePrinter::printFn(StmtId id) {
  FnView fn = tree.fn(id);
  Children children = line(id, "fn " + quoted(fn.name));
  for (ParamId param : fn.params) {
    ParamView view = tree.param(param);
    Children type = line(param, "param " + quoted(view.name));
    printType(view.type);
  }
  if (fn.result.isValid()) {
    Children type = line(fn.result, "result");
    printType(fn.result);
  }
  printExpr(fn.body);
}

void TreePrinter::printExpr(ExprId id) {
  switch (tree.kind(id)) {
  case NodeKind::ErrorExpr:
    return leaf(id, "error");
  case NodeKind::IntegerLiteral:
    return leaf(id, "integer " + llvm::Twine(tree.integer(id)));
  case NodeKind::FloatLiteral:
    return leaf(id, "float " + tree.text(id));
  case NodeKind::BoolLiteral:
    return leaf(id, tree.boolean(id) ? "bool true" : "bool false");
  case NodeKind::StringLiteral:
    return leaf(id, "string " + tree.text(id));
  case NodeKind::DTypeName:
    return leaf(id, "dtype " + llvm::StringRef(dtypeName(tree.dtypeName(id))));
  case NodeKind::Name:
    return leaf(id, "name " + quoted(tree.name(id)));
  case NodeKind::Unary: {
    UnaryView unary = tree.unary(id);
    Children children = line(id, "unary " + spelling(unary.op));
    return printExpr(unary.operand);
  }
  case NodeKind::Binary: {
    BinaryView binary = tree.binary(id);
    Children children = line(id, "binary " + spelling(binary.op));
    printExpr(binary.lhs);
    return printExpr(binary.rhs);
  }
  case NodeKind::Cast: {
    CastView cast = tree.cast(id);
    Children children = line(id, "as");
    printExpr(cast.operand);
    return printType(cast.type);
  }
  case NodeKind::Call: {
    CallView call = tree.call(id);
    Children children = line(id, "call");
    printExpr(call.callee);
    return printExprs(call.args);
  }
  case NodeKind::MethodCall: {
    MethodCallView call = tree.methodCall(id);
    Children children = line(id, "method " + quoted(call.method));
    printExpr(call.receiver);
    return printExprs(call.args);
  }
  case NodeKind::NamedArgument: {
    ArgumentView argument = tree.argument(id);
    Children children = line(id, "argument " + quoted(argument.name));
    return printExpr(argument.value);
  }
  case NodeKind::Field: {
    FieldView field = tree.field(id);
    Children children = line(id, "field " + quoted(field.field));
    return printExpr(field.base);
  }
  case NodeKind::TupleElement: {
    TupleElementView element = tree.tupleElement(id);
    Children children = line(id, "element " + llvm::Twine(element.element));
    return printExpr(element.base);
  }
  case NodeKind::Index: {
    IndexView index = tree.index(id);
    Children children = line(id, "index");
    printExpr(index.base);
    return printExprs(index.indices);
  }
  case NodeKind::Slice:
    return printSlice(id);
  case NodeKind::List: {
    Children children = line(id, "list");
    return printExprs(tree.elements(id));
  }
  case NodeKind::Tuple: {
    Children children = line(id, "tuple");
    return printExprs(tree.elements(id));
  }
  case NodeKind::Block: {
    Children children = line(id, "block");
    return printBlockParts(id);
  }
  case NodeKind::If: {
    IfView branches = tree.ifElse(id);
    Children children = line(id, "if");
    printExpr(branches.condition);
    printExpr(branches.thenBlock);
    return printOptional(branches.elseBranch);
  }
  case NodeKind::While: {
    WhileView loop = tree.whileLoop(id);
    Children children = line(id, "while");
    printExpr(loop.condition);
    return printExpr(loop.body);
  }
  case NodeKind::For: {
    ForView loop = tree.forLoop(id);
    Children children = line(id, "for");
    printPattern(loop.variable);
    printExpr(loop.start);
    printExpr(loop.stop);
    return printExpr(loop.body);
  }
  default:
    llvm_unreachable("not an expression");
  }
}

void TreePrinter::printSlice(ExprId id) {
  SliceView slice = tree.slice(id);
  Children children = line(id, "slice");
  auto printPart = [&](const char *name, ExprId part) {
    if (part.isValid()) {
      Children value = line(part, name);
      printExpr(part);
    }
  };
  printPart("start", slice.start);
  printPart("stop", slice.stop);
  printPart("step", slice.step);
}

void TreePrinter::printType(TypeId id) {
  switch (tree.kind(id)) {
  case NodeKind::ErrorType:
    return leaf(id, "error type");
  case NodeKind::ScalarType:
    return leaf(id, "type " + llvm::StringRef(dtypeName(tree.scalarType(id))));
  case NodeKind::UnitType:
    return leaf(id, "type unit");
  case NodeKind::TensorType:
    return printTensorType(id);
  case NodeKind::TupleType: {
    Children children = line(id, "tuple type");
    for (TypeId element : tree.tupleType(id))
      printType(element);
    return;
  }
  case NodeKind::NamedType:
    return leaf(id, "type `" + qualified(id) + "`");
  case NodeKind::DiffType: {
    Children children = line(id, "diff");
    return printType(tree.diffType(id));
  }
  default:
    llvm_unreachable("not a type");
  }
}

void TreePrinter::printTensorType(TypeId id) {
  TensorTypeView type = tree.tensorType(id);
  std::string text = "type " + std::string(dtypeName(type.dtype)) + "[";
  const char *separator = "";
  for (DimId dim : type.dims) {
    text += separator;
    separator = ", ";
    switch (tree.kind(dim)) {
    case NodeKind::ConstantDim:
      text += std::to_string(tree.constantDim(dim));
      break;
    case NodeKind::NamedDim:
      text += qualified(dim);
      break;
    default:
      text += '?';
    }
  }
  leaf(id, text + "]");
}

void TreePrinter::printPattern(PatternId id) {
  switch (tree.kind(id)) {
  case NodeKind::ErrorPattern:
    return leaf(id, "error pattern");
  case NodeKind::NamePattern:
    return leaf(id, "pattern " + quoted(tree.namePattern(id)));
  case NodeKind::WildcardPattern:
    return leaf(id, "pattern _");
  case NodeKind::TuplePattern: {
    Children children = line(id, "tuple pattern");
    for (PatternId element : tree.tuplePattern(id))
      printPattern(element);
    return;
  }
  default:
    llvm_unreachable("not a pattern");
  }
}

void mind::print(const Tree &tree, llvm::raw_ostream &os, bool ranges) {
  TreePrinter(tree, os, ranges).print();
}
