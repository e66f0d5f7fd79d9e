//===- Expressions.cpp - types of expressions -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recursion follows the tree, whose height the parser limits.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Counterparts.h"

namespace mind {

Checker::Operand Checker::check(ExprId expr, Context context) {
  switch (tree.kind(expr)) {
  case NodeKind::IntegerLiteral:
  case NodeKind::FloatLiteral:
    return checkNumber(expr, context);
  case NodeKind::BoolLiteral:
    return emitScalar(Scalar::ofInteger(DType::Bool, tree.boolean(expr)), expr);
  case NodeKind::Name:
    return checkName(expr);
  case NodeKind::Unary:
    return checkUnary(expr, context);
  case NodeKind::Binary:
    return checkBinary(expr, context);
  case NodeKind::Cast:
    return checkCast(expr);
  case NodeKind::Call:
    return checkCall(expr, context);
  case NodeKind::MethodCall:
    return checkMethodCall(expr, context);
  case NodeKind::Field:
    return checkField(expr);
  case NodeKind::TupleElement:
    return checkTupleElement(expr);
  case NodeKind::Index:
    return checkIndex(expr);
  case NodeKind::List:
    return checkList(expr, context);
  case NodeKind::Tuple:
    return checkTuple(expr, context);
  case NodeKind::Block:
    return checkBlock(expr, context, /*isBody=*/false);
  case NodeKind::StringLiteral:
    notSupported(tree.range(expr), "a string as a value");
    return errorOperand(expr);
  case NodeKind::DTypeName:
    diags
        .report(DiagKind::ExpectedExpression, tree.range(expr),
                {"`" + tree.text(expr).str() + "`"})
        .help("a dtype is an argument: `cast(x, " + tree.text(expr).str() +
              ")`");
    return errorOperand(expr);
  case NodeKind::If:
    return checkIf(expr, context);
  case NodeKind::While:
    return checkWhile(expr);
  case NodeKind::For:
    return checkFor(expr);
  default:
    return errorOperand(expr);
  }
}

Checker::Operand Checker::checkDecided(ExprId expr) {
  return decide(check(expr));
}

Checker::Operand Checker::checkUnary(ExprId expr, Context context) {
  if (isNumber(expr))
    return checkNumber(expr, context);
  UnaryView view = tree.unary(expr);
  OpKind kind = view.op == UnaryOp::Neg ? OpKind::Neg : OpKind::Not;
  return applyOperator(operationInfo(kind), view.operand, expr, view.opRange,
                       context);
}

const OpInfo &operationOf(BinaryOp op) {
  static const OpInfo *const operations[] = {
#define MIND_BINARY(Name, Token, Precedence)                                   \
  operationForSymbol(mind::spelling(BinaryOp::Name)),
#include "Mind/Syntax/Operators.def"
  };
  return *operations[size_t(op)];
}

Checker::Operand Checker::checkBinary(ExprId expr, Context context) {
  BinaryView view = tree.binary(expr);
  if (view.op == BinaryOp::And || view.op == BinaryOp::Or)
    return checkLogical(expr);
  if (Operand pending; !context.adopt && isShortArithmetic(expr, pending))
    return pending;
  const ExprId written[] = {view.lhs, view.rhs};
  return applyOperator(operationOf(view.op), written, expr, view.opRange,
                       context);
}

Checker::Operand Checker::checkCast(ExprId expr) {
  CastView view = tree.cast(expr);
  TypeRef type = resolveType(view.type, DimNames::Use);
  if (types.isError(type)) {
    checkDecided(view.operand);
    return errorOperand(expr);
  }
  if (!types.isTensor(type) || types.tensorType(type).rank() != 0) {
    diags.report(DiagKind::TypeMismatch, tree.range(view.type),
                 {"a dtype after `as`", types.str(type)});
    checkDecided(view.operand);
    return errorOperand(expr);
  }
  const ExprId written[] = {view.operand, ExprId()};
  return applyOperation({operationInfo(OpKind::Cast), written, expr,
                         tree.range(expr), types.tensorType(type).dtype},
                        {});
}

//===----------------------------------------------------------------------===//
// Tuples
//===----------------------------------------------------------------------===//

Checker::Operand Checker::checkTuple(ExprId expr, Context context) {
  NodeList<ExprId> elements = tree.elements(expr);
  llvm::ArrayRef<TypeRef> wanted;
  if (context.expected &&
      types.elements(*context.expected).size() == elements.size())
    wanted = types.elements(*context.expected);

  llvm::SmallVector<ValueId> values;
  llvm::SmallVector<TypeRef> elementTypes;
  bool isWrong = false;
  for (uint32_t i = 0; i != elements.size(); ++i) {
    std::optional<TypeRef> expected;
    if (!wanted.empty())
      expected = wanted[i];
    Operand operand = decide(check(elements[i], {{}, expected}), expected);
    isWrong |= isError(operand);
    values.push_back(operand.value);
    elementTypes.push_back(operand.type);
  }
  if (isWrong)
    return errorOperand(expr);
  TypeRef type = tupleType(elementTypes, tree.range(expr));
  if (types.isError(type))
    return errorOperand(expr);
  uint32_t first = program.operands.size();
  program.operands.insert(program.operands.end(), values.begin(), values.end());
  return emitted(emit(ValueKind::Tuple, type, expr, tree.range(expr).begin,
                      first, values.size()));
}

Checker::Operand Checker::checkTupleElement(ExprId expr) {
  TupleElementView view = tree.tupleElement(expr);
  Operand base = checkDecided(view.base);
  if (isError(base))
    return errorOperand(expr);
  if (types.kind(base.type) != TypeKind::Tuple) {
    diags.report(DiagKind::NotATuple, tree.range(view.base),
                 {types.str(base.type)});
    return errorOperand(expr);
  }
  llvm::ArrayRef<TypeRef> elements = types.elements(base.type);
  if (view.element >= elements.size()) {
    diags.report(
        DiagKind::TupleIndexOutOfRange, view.elementRange,
        {std::to_string(elements.size()), std::to_string(view.element)});
    return errorOperand(expr);
  }
  return emitted(emit(ValueKind::Element, elements[view.element], expr,
                      view.elementRange.begin, base.value.index, view.element));
}

//===----------------------------------------------------------------------===//
// Fields and indices
//===----------------------------------------------------------------------===//

Checker::Operand Checker::checkField(ExprId expr) {
  FieldView view = tree.field(expr);
  if (moduleNamed(view.base)) {
    Item *constant = findMember(ItemKind::Constant,
                                {tree.name(view.base), tree.range(view.base),
                                 view.field, view.fieldRange});
    return constant ? emitConstant(*constant, expr) : errorOperand(expr);
  }
  Operand base = checkDecided(view.base);
  if (isError(base))
    return errorOperand(expr);
  if (types.isTensor(base.type) && tree.text(view.field) == "shape")
    return checkShapeOf(base.value, expr);
  return reportUndefinedField(view, base.type, expr);
}

Checker::Operand Checker::reportUndefinedField(const FieldView &view,
                                               TypeRef type, ExprId expr) {
  llvm::StringRef field = tree.text(view.field);
  Diagnostic &diag = diags.report(DiagKind::UndefinedField, view.fieldRange,
                                  {types.str(type), field.str()});
  if (!operationsNamed(view.field).empty())
    diag.help("`" + field.str() + "` is an operation; call it: `." +
              field.str() + "(...)`");
  else if (llvm::StringRef help = fieldCounterpart(field);
           types.isTensor(type) && !help.empty())
    diag.help(help.str());
  else if (types.isTensor(type))
    diag.help(suggestion(field, {"shape"}));
  return errorOperand(expr);
}

} // namespace mind
