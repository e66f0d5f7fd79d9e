//===- Literals.cpp - numbers and lists adopt a dtype ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An expression of literals alone takes its context's dtype as a whole. It is
// checked twice: without a context it gives a pending operand and makes no
// values; once the context is known, it is one constant if it is arithmetic,
// and else check() is asked again, with Context::adopt.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Shape/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

namespace mind {

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

ExprId Checker::withoutMinus(ExprId expr) const {
  if (tree.kind(expr) != NodeKind::Unary)
    return expr;
  UnaryView view = tree.unary(expr);
  return view.op == UnaryOp::Neg ? view.operand : expr;
}

bool Checker::isInteger(ExprId expr) const {
  return tree.kind(withoutMinus(expr)) == NodeKind::IntegerLiteral;
}

bool Checker::isNumber(ExprId expr) const {
  NodeKind kind = tree.kind(withoutMinus(expr));
  return kind == NodeKind::IntegerLiteral || kind == NodeKind::FloatLiteral;
}

std::optional<Scalar> Checker::literalValue(ExprId number, bool negative,
                                            DType dtype) const {
  if (tree.kind(number) == NodeKind::IntegerLiteral)
    return integerLiteral(tree.integer(number), negative, dtype);
  if (isInt(dtype))
    return std::nullopt;
  return floatLiteral(tree.text(number), negative, dtype);
}

std::optional<Scalar> Checker::numberValue(ExprId expr, DType dtype) {
  bool negative = tree.kind(expr) == NodeKind::Unary;
  ExprId number = negative ? tree.unary(expr).operand : expr;
  std::optional<Scalar> value = literalValue(number, negative, dtype);
  if (value)
    return value;
  if (tree.kind(number) == NodeKind::FloatLiteral && isInt(dtype))
    diags.report(DiagKind::FloatLiteralForInteger, tree.range(number),
                 {tree.text(number).str(), dtypeText(dtype).str()});
  else
    diags.report(DiagKind::LiteralOutOfRange, tree.range(expr),
                 {tree.text(expr).str(), dtypeText(dtype).str()});
  return std::nullopt;
}

std::optional<Scalar> Checker::arithmeticValue(ExprId expr, DType dtype) const {
  switch (tree.kind(expr)) {
  case NodeKind::IntegerLiteral:
  case NodeKind::FloatLiteral:
    return literalValue(expr, /*negative=*/false, dtype);
  case NodeKind::Unary: {
    UnaryView view = tree.unary(expr);
    if (view.op != UnaryOp::Neg)
      return std::nullopt;
    if (isNumber(expr))
      return literalValue(view.operand, /*negative=*/true, dtype);
    std::optional<Scalar> operand = arithmeticValue(view.operand, dtype);
    if (!operand)
      return std::nullopt;
    return fold(OpKind::Neg, *operand);
  }
  case NodeKind::Binary: {
    BinaryView view = tree.binary(expr);
    std::optional<Scalar> lhs = arithmeticValue(view.lhs, dtype);
    if (!lhs)
      return std::nullopt;
    std::optional<Scalar> rhs = arithmeticValue(view.rhs, dtype);
    if (!rhs)
      return std::nullopt;
    return fold(operationOf(view.op).kind, {*lhs, *rhs});
  }
  default:
    return std::nullopt;
  }
}

Checker::Operand Checker::checkNumber(ExprId expr, Context context) {
  if (!context.adopt) {
    ExprId number =
        tree.kind(expr) == NodeKind::Unary ? tree.unary(expr).operand : expr;
    bool isFloat = tree.kind(number) == NodeKind::FloatLiteral;
    return {{}, {}, expr, isFloat ? number : ExprId()};
  }
  if (std::optional<Scalar> value = numberValue(expr, *context.adopt))
    return emitScalar(*value, expr);
  return errorOperand(expr);
}

ValueId Checker::fillWith(ExprId expr, TypeRef type) {
  ExprId number = withoutMinus(expr);
  NodeKind kind = tree.kind(number);
  if ((kind != NodeKind::IntegerLiteral && kind != NodeKind::FloatLiteral) ||
      !types.isTensor(type))
    return {};
  const TensorType &tensor = types.tensorType(type);
  if (isBool(tensor.dtype) || !tensor.isStatic())
    return {};
  std::optional<Scalar> value = literalValue(
      number, /*negative=*/number.index != expr.index, tensor.dtype);
  if (!value)
    return {};
  ValueId filled = emitScalar(*value, expr).value;
  program.values[filled.index].type = type;
  return filled;
}

Checker::Operand Checker::emitScalar(const Scalar &scalar, ExprId expr) {
  uint32_t element = program.elements.size();
  program.elements.push_back(scalar.bits());
  return emitted(emit(ValueKind::Constant, TypeTable::scalar(scalar.dtype),
                      expr, tree.range(expr).begin, element, 1));
}

inline Checker::Seen Checker::lookThrough(ExprId expr, ExprId &floatLiteral,
                                          unsigned &most) const {
  if (most-- == 0)
    return {};
  switch (tree.kind(expr)) {
  case NodeKind::FloatLiteral:
    floatLiteral = expr;
    return {Seen::Numbers};
  case NodeKind::IntegerLiteral: {
    const uint64_t value = tree.integer(expr);
    return {value <= INT64_MAX ? Seen::Integer : Seen::Numbers, int64_t(value)};
  }
  default:
    return lookThroughOperands(expr, floatLiteral, most);
  }
}

Checker::Seen Checker::lookThroughOperands(ExprId expr, ExprId &floatLiteral,
                                           unsigned &most) const {
  auto folded = [](OpKind kind, int64_t lhs, int64_t rhs) -> Seen {
    std::optional<int64_t> value = foldInteger(kind, lhs, rhs);
    return {value ? Seen::Integer : Seen::Numbers, value.value_or(0)};
  };
  switch (tree.kind(expr)) {
  case NodeKind::Unary: {
    UnaryView view = tree.unary(expr);
    if (view.op != UnaryOp::Neg)
      return {};
    const Seen operand = lookThrough(view.operand, floatLiteral, most);
    if (operand.kind != Seen::Integer)
      return operand;
    return folded(OpKind::Neg, operand.integer, 0);
  }
  case NodeKind::Binary: {
    BinaryView view = tree.binary(expr);
    if (view.op == BinaryOp::And || view.op == BinaryOp::Or)
      return {};
    const OpInfo &op = operationOf(view.op);
    if (op.rule != rules::elementwise)
      return {};
    const Seen lhs = lookThrough(view.lhs, floatLiteral, most);
    if (lhs.kind == Seen::Other)
      return {};
    const Seen rhs = lookThrough(view.rhs, floatLiteral, most);
    if (lhs.kind == Seen::Integer && rhs.kind == Seen::Integer)
      return folded(op.kind, lhs.integer, rhs.integer);
    return {std::min(lhs.kind, rhs.kind)};
  }
  default:
    return {};
  }
}

bool Checker::isShortArithmetic(ExprId expr, Operand &pending) {
  // Within a bound, so that a long expression is not looked through again for
  // each of its parts.
  unsigned most = 16;
  pending.literal = expr;
  const Seen seen = lookThrough(expr, pending.floatLiteral, most);
  if (seen.kind == Seen::Integer)
    memory.integer = {expr, seen.integer};
  return seen.kind != Seen::Other;
}

//===----------------------------------------------------------------------===//
// Adoption
//===----------------------------------------------------------------------===//

DType Checker::defaultDType(llvm::ArrayRef<Operand> operands) {
  for (const Operand &operand : operands)
    if (operand.floatLiteral.isValid())
      return DType::F32;
  return DType::I64;
}

Checker::Operand Checker::decide(Operand operand, DType dtype) {
  if (!operand.isPending())
    return operand;
  if (dtype == DType::I64 && operand.literal == memory.integer.expr)
    return emitScalar(Scalar::ofInteger(dtype, memory.integer.value),
                      operand.literal);
  // Arithmetic on literals is a literal. But which NaN an operation makes is
  // for the machine to say.
  if (std::optional<Scalar> value;
      !isBool(dtype) && (value = arithmeticValue(operand.literal, dtype)) &&
      !std::isnan(value->real))
    return emitScalar(*value, operand.literal);
  return check(operand.literal, {dtype, {}});
}

Checker::Operand Checker::decide(Operand operand,
                                 std::optional<TypeRef> expected) {
  if (expected && types.isTensor(*expected)) {
    DType dtype = types.tensorType(*expected).dtype;
    if (!isBool(dtype) && !(isInt(dtype) && operand.floatLiteral.isValid()))
      return decide(operand, dtype);
  }
  return decide(operand);
}

bool Checker::checkAdoption(const Operand &operand, DType dtype,
                            SourceRange because, llvm::StringRef label) {
  if (!operand.floatLiteral.isValid() || !isInt(dtype))
    return true;
  std::string name(dtypeName(dtype));
  diags
      .report(DiagKind::FloatLiteralForInteger,
              tree.range(operand.floatLiteral),
              {tree.text(operand.floatLiteral).str(), name})
      .label(because, label.str())
      .help("write an integer, or convert the other side to a float dtype");
  return false;
}

const CheckedValue &Checker::origin(ValueId id) const {
  const CheckedValue *value = &program.value(id);
  while (true) {
    if (value->kind == ValueKind::Name || value->kind == ValueKind::Let) {
      value = &program.values[value->a];
      continue;
    }
    if (value->kind != ValueKind::Element)
      return *value;
    const CheckedValue &tuple = origin(ValueId{value->a});
    if (tuple.kind != ValueKind::Tuple)
      return *value;
    value = &program.value(program.operands[tuple.a + value->b]);
  }
}

bool Checker::known(ValueId id, Scalar &scalar) const {
  const CheckedValue &value = origin(id);
  if (!TypeTable::isScalar(value.type))
    return false;
  DType dtype = types.tensorType(value.type).dtype;
  switch (value.kind) {
  case ValueKind::Constant:
    scalar = Scalar::fromBits(dtype, program.elements[value.a]);
    return true;
  case ValueKind::Size:
    scalar = Scalar::ofInteger(dtype, program.extents[value.a]);
    return true;
  case ValueKind::Operation: {
    uint32_t index = &value - program.values.data();
    auto it = llvm::lower_bound(
        memory.folded, index,
        [](const auto &entry, uint32_t index) { return entry.first < index; });
    if (it == memory.folded.end() || it->first != index)
      return false;
    scalar = it->second;
    return true;
  }
  default:
    return false;
  }
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

bool Checker::flattenList(ExprId list, llvm::SmallVectorImpl<ExprId> &leaves,
                          Dims &shape, unsigned depth) {
  NodeList<ExprId> elements = tree.elements(list);
  if (depth == shape.size()) {
    // The first list at this depth sets the extent; leaves may not be deeper.
    if (!leaves.empty())
      return false;
    shape.push_back(elements.size());
  }
  if (!shape[depth].isConstant(elements.size()))
    return false;
  for (ExprId element : elements) {
    bool isList = tree.kind(element) == NodeKind::List;
    if (!isList && depth + 1 != shape.size())
      return false;
    if (!isList)
      leaves.push_back(element);
    else if (!flattenList(element, leaves, shape, depth + 1))
      return false;
  }
  return true;
}

/// The shape of a list whose elements are taken to be alike.
static Dims shapeOfFirst(const Tree &tree, ExprId list) {
  Dims shape;
  while (tree.kind(list) == NodeKind::List) {
    NodeList<ExprId> elements = tree.elements(list);
    shape.push_back(elements.size());
    if (elements.empty())
      break;
    list = elements.front();
  }
  return shape;
}

void Checker::reportRagged(ExprId list) {
  // Find the innermost list whose elements differ.
  NodeList<ExprId> elements = tree.elements(list);
  Dims first = shapeOfFirst(tree, elements.front());
  for (ExprId element : elements) {
    Dims shape = shapeOfFirst(tree, element);
    if (shape == first)
      continue;
    diags
        .report(DiagKind::RaggedLiteral, tree.range(element),
                {shapeString(first), shapeString(shape)})
        .label(tree.range(elements.front()), shapeString(first));
    return;
  }
  for (ExprId element : elements) {
    llvm::SmallVector<ExprId> leaves;
    Dims shape;
    if (tree.kind(element) == NodeKind::List &&
        !flattenList(element, leaves, shape, 0))
      return reportRagged(element);
  }
}

Checker::Operand Checker::checkList(ExprId expr, Context context) {
  llvm::SmallVector<ExprId, 16> leaves;
  Dims shape;
  if (!flattenList(expr, leaves, shape, 0)) {
    reportRagged(expr);
    return errorOperand(expr);
  }
  if (leaves.empty()) {
    diags.report(DiagKind::NonPositiveDimension, tree.range(expr),
                 {std::to_string(shape.size() - 1), shapeString(shape), "0"});
    return errorOperand(expr);
  }
  if (!checkShape(shape, tree.range(expr)))
    return errorOperand(expr);

  // What stands in a block is evaluated once, and cannot wait.
  size_t firstValue = program.values.size();
  llvm::SmallVector<Operand, 16> elements;
  for (ExprId leaf : leaves)
    elements.push_back(check(leaf));
  std::optional<DType> dtype = context.adopt;
  if (!dtype) {
    Operand pending{{}, {}, expr, {}};
    if (!findElementDType(leaves, elements, pending, dtype))
      return errorOperand(expr);
    if (!dtype && program.values.size() == firstValue)
      return pending;
    if (!dtype)
      dtype = defaultDType(pending);
  }
  return emitList(expr, shape, *dtype, leaves, elements, firstValue);
}

bool Checker::checkElement(ExprId leaf, TypeRef type) {
  if (types.isTensor(type) && types.tensorType(type).rank() == 0)
    return true;
  Diagnostic &diag = diags.report(
      DiagKind::TypeMismatch, tree.range(leaf),
      {"a rank-0 value as an element of a tensor literal", types.str(type)});
  if (types.isTensor(type))
    diag.help("tensors are put together by `stack([x, y])` and "
              "`concat([x, y])`");
  return false;
}

bool Checker::findElementDType(llvm::ArrayRef<ExprId> leaves,
                               llvm::ArrayRef<Operand> elements,
                               Operand &pending, std::optional<DType> &dtype) {
  // The first element that is no literal decides for the others.
  SourceRange decider;
  bool isWrong = false;
  for (auto [leaf, element] : llvm::zip_equal(leaves, elements)) {
    if (element.isPending()) {
      if (element.floatLiteral.isValid())
        pending.floatLiteral = element.floatLiteral;
      continue;
    }
    if (isError(element)) {
      isWrong = true;
      continue;
    }
    if (!checkElement(leaf, element.type)) {
      isWrong = true;
      continue;
    }
    DType found = types.tensorType(element.type).dtype;
    if (dtype && *dtype != found) {
      diags
          .report(DiagKind::DTypeMismatch, tree.range(leaf),
                  {"tensor literal", dtypeText(*dtype).str(),
                   dtypeText(found).str()})
          .label(decider, dtypeText(*dtype).str());
      isWrong = true;
    } else if (!dtype) {
      dtype = found;
      decider = tree.range(leaf);
    }
  }
  return !isWrong &&
         (!dtype || checkAdoption(pending, *dtype, decider, dtypeText(*dtype)));
}

Checker::Operand Checker::emitList(ExprId expr, const Dims &shape, DType dtype,
                                   llvm::ArrayRef<ExprId> leaves,
                                   llvm::MutableArrayRef<Operand> elements,
                                   size_t firstValue) {
  llvm::SmallVector<std::optional<Scalar>, 16> scalars;
  for (auto [leaf, element] : llvm::zip_equal(leaves, elements)) {
    if (element.isPending() && isNumber(element.literal) && !isBool(dtype)) {
      // The most frequent elements need no value of their own.
      scalars.push_back(numberValue(element.literal, dtype));
      if (!scalars.back())
        return errorOperand(expr);
      continue;
    }
    if (element.isPending())
      element = isBool(dtype) ? decide(element) : decide(element, dtype);
    if (isError(element) || !checkElement(leaf, element.type))
      return errorOperand(expr);
    DType found = types.tensorType(element.type).dtype;
    if (found != dtype) {
      Diagnostic &diag = diags.report(
          DiagKind::DTypeMismatch, tree.range(leaf),
          {"tensor literal", dtypeText(dtype).str(), dtypeText(found).str()});
      for (auto [other, decider] : llvm::zip_equal(leaves, elements))
        if (!decider.isPending() && types.isTensor(decider.type) &&
            types.tensorType(decider.type).dtype == dtype) {
          diag.label(tree.range(other), dtypeText(dtype).str());
          break;
        }
      return errorOperand(expr);
    }
    scalars.push_back(known(element.value));
    if (scalars.back() && !scalars.back()->integer.isConstant())
      scalars.back().reset();
  }

  TypeRef type = types.tensor({dtype, shape});
  uint32_t location = tree.range(expr).begin;
  if (llvm::all_of(scalars, [](const auto &scalar) { return !!scalar; })) {
    // What the elements were computed by is not needed.
    forgetValues(firstValue);
    uint32_t firstElement = program.elements.size();
    for (const std::optional<Scalar> &scalar : scalars)
      program.elements.push_back(scalar->bits());
    return emitted(emit(ValueKind::Constant, type, expr, location, firstElement,
                        scalars.size()));
  }

  if (leaves.size() > maxComputedElements) {
    diags.report(DiagKind::LimitExceeded, tree.range(expr),
                 {"a list of " + std::to_string(leaves.size()) +
                      " elements, some of which are computed,",
                  std::to_string(maxComputedElements)});
    return errorOperand(expr);
  }
  llvm::SmallVector<ValueId, 16> values;
  for (auto [leaf, element, scalar] :
       llvm::zip_equal(leaves, elements, scalars))
    values.push_back(element.isPending() ? emitScalar(*scalar, leaf).value
                                         : element.value);
  TypeRef row = types.tensor({dtype, {Dim(int64_t(values.size()))}});
  ValueId list = emitOperation(operationInfo(OpKind::Stack), values,
                               Argument(int64_t(0)), row, expr, location);
  if (shape.size() != 1)
    list = emitOperation(operationInfo(OpKind::Reshape), list, Argument(shape),
                         type, expr, location);
  return emitted(list);
}

} // namespace mind
