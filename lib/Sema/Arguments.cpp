//===- Arguments.cpp - arguments known at compile time --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Counterparts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace mind {

/// What a parameter accepts, in words.
static std::string wanted(const ParamInfo &param) {
  switch (param.kind) {
  case ParamKind::Tensor:
  case ParamKind::Rest:
  case ParamKind::Values:
    return "a tensor";
  case ParamKind::Tensors:
    return "a list of tensors such as [x, y]";
  case ParamKind::Axis:
  case ParamKind::Int:
    return "an integer";
  case ParamKind::Axes:
    return "an axis or a list of axes";
  case ParamKind::Ints:
    return "a list of integers";
  case ParamKind::Pairs:
    return "a list of pairs such as [[0, 1], [2, 2]]";
  case ParamKind::Float:
  case ParamKind::Number:
    return "a number";
  case ParamKind::String:
    return "a string";
  case ParamKind::Pair:
    return "an integer or a list of two";
  case ParamKind::Padding:
    return "`Valid`, `Same` or [[top, bottom], [left, right]]";
  case ParamKind::Bool:
    return "`true` or `false`";
  case ParamKind::Choice:
    return "one of \"" + llvm::join(param.choices, "\", \"") + "\"";
  case ParamKind::Shape:
    return "a shape such as [2, 3]";
  case ParamKind::DType:
    return "a dtype such as `f32`";
  }
  llvm_unreachable("unknown kind of parameter");
}

std::string Checker::describe(ExprId expr) const {
  switch (tree.kind(expr)) {
  case NodeKind::List:
    return "a list";
  case NodeKind::Tuple:
    return "a tuple";
  case NodeKind::Block:
    return "a block";
  default:
    break;
  }
  llvm::StringRef text = shortText(expr);
  return text.empty() ? "an expression" : "`" + text.str() + "`";
}

llvm::StringRef Checker::shortText(ExprId expr) const {
  // Long expressions are underlined; the message need not repeat them.
  llvm::StringRef text = tree.text(expr);
  return text.size() <= 40 && !text.contains('\n') ? text : llvm::StringRef();
}

std::nullopt_t Checker::reportArgumentKind(ExprId expr, const OpInfo &op,
                                           unsigned param) {
  if (tree.kind(expr) == NodeKind::ErrorExpr)
    return std::nullopt;
  Diagnostic &diag = diags.report(DiagKind::ArgumentKind, tree.range(expr),
                                  {op.params[param].name.str(), quotedName(op),
                                   wanted(op.params[param]), describe(expr)});
  if (op.params[param].kind == ParamKind::DType)
    if (llvm::StringRef meant = typeCounterpart(tree.text(expr));
        !meant.empty())
      diag.help("did you mean `" + meant.str() + "`?");
  return std::nullopt;
}

static bool isSequence(NodeKind kind) {
  return kind == NodeKind::List || kind == NodeKind::Tuple;
}

std::optional<Argument> Checker::argument(const Application &application,
                                          unsigned param) {
  const OpInfo &op = application.op;
  ExprId expr = application.written[param];
  switch (op.params[param].kind) {
  case ParamKind::Tensor:
  case ParamKind::Tensors:
  case ParamKind::Rest:
  case ParamKind::Values:
    break;
  case ParamKind::Axis:
  case ParamKind::Int:
    return constantArgument(expr, op, param);
  case ParamKind::Pairs:
    return pairsArgument(expr, op, param);
  case ParamKind::Float: {
    std::optional<Argument> number = numberArgument(expr, op, param);
    if (number && std::holds_alternative<int64_t>(*number))
      return double(std::get<int64_t>(*number));
    return number;
  }
  case ParamKind::Number:
    return numberArgument(expr, op, param);
  case ParamKind::String:
    if (tree.kind(expr) == NodeKind::StringLiteral)
      return tree.text(tree.string(expr)).str();
    return reportArgumentKind(expr, op, param);
  case ParamKind::Axes:
  case ParamKind::Ints:
  case ParamKind::Pair:
    return listArgument(expr, op, param);
  case ParamKind::Padding:
    return paddingArgument(expr, op, param);
  case ParamKind::Shape:
    return shapeArgument(expr, op, param);
  case ParamKind::Choice:
    return choiceArgument(expr, op, param);
  case ParamKind::Bool:
    if (tree.kind(expr) == NodeKind::BoolLiteral)
      return tree.boolean(expr);
    return reportArgumentKind(expr, op, param);
  case ParamKind::DType:
    if (tree.kind(expr) == NodeKind::DTypeName)
      return tree.dtypeName(expr);
    return reportArgumentKind(expr, op, param);
  }
  return std::nullopt;
}

std::optional<Dim> Checker::integerArgument(ExprId expr, const OpInfo &op,
                                            unsigned param) {
  // A number, as most arguments are, needs no value of its own.
  if (isInteger(expr)) {
    std::optional<Scalar> number = numberValue(expr, DType::I64);
    return number ? std::optional(number->integer) : std::nullopt;
  }
  std::optional<Dims> value =
      integersArgument(expr, op, param, /*mayBeTuple=*/false);
  return value ? std::optional(value->front()) : std::nullopt;
}

std::optional<Dims> Checker::integersArgument(ExprId expr, const OpInfo &op,
                                              unsigned param, bool mayBeTuple) {
  NodeKind kind = tree.kind(expr);
  if (isSequence(kind) || kind == NodeKind::StringLiteral ||
      kind == NodeKind::DTypeName || kind == NodeKind::BoolLiteral)
    return reportArgumentKind(expr, op, param);

  // The values that lead to an argument are not computed at run time.
  size_t firstValue = program.values.size();
  Operand operand = check(expr);
  if (operand.floatLiteral.isValid())
    return reportArgumentKind(expr, op, param);
  operand = decide(operand, DType::I64);
  std::optional<Dims> values;
  bool isWrong = isError(operand);
  bool isTuple = mayBeTuple && types.kind(operand.type) == TypeKind::Tuple;
  bool isInteger = types.isTensor(operand.type) &&
                   types.tensorType(operand.type).rank() == 0 &&
                   isInt(types.tensorType(operand.type).dtype);
  if (isTuple && !hasEffects(firstValue))
    values = knownShape(operand.value);
  else if (std::optional<Scalar> value; isInteger && !hasEffects(firstValue) &&
                                        (value = known(operand.value)))
    values = Dims{value->integer};
  forgetValues(firstValue);
  if (isWrong)
    return std::nullopt;
  if (!isInteger && !isTuple)
    return reportArgumentKind(expr, op, param);
  if (values)
    return values;
  diags.report(
      DiagKind::NotConstant, tree.range(expr),
      {"argument `" + op.params[param].name.str() + "` of " + quotedName(op)});
  return std::nullopt;
}

std::optional<int64_t> Checker::constantArgument(ExprId expr, const OpInfo &op,
                                                 unsigned param) {
  std::optional<Dim> value = integerArgument(expr, op, param);
  if (!value)
    return std::nullopt;
  if (value->isConstant())
    return value->constant();
  diags.report(
      DiagKind::NotConstant, tree.range(expr),
      {"argument `" + op.params[param].name.str() + "` of " + quotedName(op)});
  return std::nullopt;
}

std::optional<Ints> Checker::listArgument(ExprId expr, const OpInfo &op,
                                          unsigned param) {
  Ints values;
  if (!isSequence(tree.kind(expr))) {
    std::optional<int64_t> value = constantArgument(expr, op, param);
    if (!value)
      return std::nullopt;
    values.push_back(*value);
    return values;
  }
  for (ExprId element : tree.elements(expr)) {
    std::optional<int64_t> value = constantArgument(element, op, param);
    if (!value)
      return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<Ints> Checker::pairsArgument(ExprId expr, const OpInfo &op,
                                           unsigned param) {
  if (!isSequence(tree.kind(expr)))
    return reportArgumentKind(expr, op, param);
  Ints values;
  for (ExprId pair : tree.elements(expr)) {
    if (!isSequence(tree.kind(pair)) || tree.elements(pair).size() != 2)
      return reportArgumentKind(expr, op, param);
    std::optional<Ints> both = listArgument(pair, op, param);
    if (!both)
      return std::nullopt;
    values.append(both->begin(), both->end());
  }
  return values;
}

std::optional<Argument> Checker::numberArgument(ExprId expr, const OpInfo &op,
                                                unsigned param) {
  NodeKind kind = tree.kind(expr);
  if (isSequence(kind) || kind == NodeKind::StringLiteral ||
      kind == NodeKind::DTypeName || kind == NodeKind::BoolLiteral)
    return reportArgumentKind(expr, op, param);
  // The values that lead to an argument are not computed at run time.
  size_t firstValue = program.values.size();
  Operand operand = check(expr);
  // Floats keep all their digits until they meet the dtype that they are for.
  operand = operand.isPending() && operand.floatLiteral.isValid()
                ? decide(operand, DType::F64)
                : decide(operand);
  if (isError(operand)) {
    forgetValues(firstValue);
    return std::nullopt;
  }
  bool isNumber = types.isTensor(operand.type) &&
                  types.tensorType(operand.type).rank() == 0 &&
                  !isBool(types.tensorType(operand.type).dtype);
  std::optional<Scalar> value;
  if (!hasEffects(firstValue))
    value = known(operand.value);
  forgetValues(firstValue);
  if (!isNumber)
    return reportArgumentKind(expr, op, param);
  if (value && isFloat(value->dtype))
    return value->real;
  if (value && value->integer.isConstant())
    return value->integer.constant();
  diags.report(
      DiagKind::NotConstant, tree.range(expr),
      {"argument `" + op.params[param].name.str() + "` of " + quotedName(op)});
  return std::nullopt;
}

std::optional<Argument> Checker::shapeArgument(ExprId expr, const OpInfo &op,
                                               unsigned param) {
  if (!isSequence(tree.kind(expr)))
    return integersArgument(expr, op, param, /*mayBeTuple=*/true);
  Dims dims;
  for (ExprId element : tree.elements(expr)) {
    std::optional<Dim> value = integerArgument(element, op, param);
    if (!value)
      return std::nullopt;
    dims.push_back(*value);
  }
  return dims;
}

std::optional<Argument> Checker::paddingArgument(ExprId expr, const OpInfo &op,
                                                 unsigned param) {
  llvm::StringRef word;
  if (tree.kind(expr) == NodeKind::Name)
    word = tree.text(tree.name(expr));
  else if (tree.kind(expr) == NodeKind::StringLiteral)
    word = tree.text(tree.string(expr));
  if (word == "Valid" || word == "Same")
    return word.str();
  if (!isSequence(tree.kind(expr))) {
    if (!word.empty()) {
      reportArgumentKind(expr, op, param);
      return std::nullopt;
    }
    // One integer pads every side.
    std::optional<int64_t> value = constantArgument(expr, op, param);
    if (!value)
      return std::nullopt;
    return Ints(4, *value);
  }
  std::optional<Ints> values = pairsArgument(expr, op, param);
  if (values && values->size() != 4)
    return reportArgumentKind(expr, op, param);
  return values;
}

std::optional<Argument> Checker::choiceArgument(ExprId expr, const OpInfo &op,
                                                unsigned param) {
  if (tree.kind(expr) == NodeKind::StringLiteral) {
    llvm::StringRef word = tree.text(tree.string(expr));
    if (llvm::is_contained(op.params[param].choices, word))
      return word.str();
  }
  return reportArgumentKind(expr, op, param);
}

} // namespace mind
