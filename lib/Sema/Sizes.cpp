//===- Sizes.cpp - named sizes and shapes as values -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dimension's name, and each extent of `x.shape`, is a value of i64 that is
// known at compile time, if only as a polynomial: it may state a shape.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "Mind/Shape/Rules.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

ValueId Checker::emitExtent(const Dim &extent, ExprId expr) {
  if (extent.isConstant())
    return emitScalar(Scalar::ofInteger(DType::I64, extent), expr).value;
  program.extents.push_back(extent);
  return emit(ValueKind::Size, TypeTable::scalar(DType::I64), expr,
              tree.range(expr).begin, program.extents.size() - 1);
}

Checker::Operand Checker::checkShapeOf(ValueId x, ExprId expr) {
  const TensorType &type = types.tensorType(program.value(x).type);
  llvm::SmallVector<ValueId> values;
  for (const Dim &extent : type.dims)
    values.push_back(emitExtent(extent, expr));
  llvm::SmallVector<TypeRef> elements(values.size(),
                                      TypeTable::scalar(DType::I64));
  TypeRef shape = tupleType(elements, tree.range(expr));
  uint32_t first = program.operands.size();
  llvm::append_range(program.operands, values);
  return emitted(emit(ValueKind::Tuple, shape, expr, tree.range(expr).begin,
                      first, values.size()));
}

bool Checker::isShape(ExprId expr) {
  if (tree.kind(expr) != NodeKind::Field)
    return false;
  FieldView view = tree.field(expr);
  return tree.text(view.field) == "shape" && !moduleNamed(view.base);
}

Checker::Operand Checker::checkShapeIndex(ExprId expr) {
  IndexView view = tree.index(expr);
  FieldView field = tree.field(view.base);
  Operand base = checkDecided(field.base);
  if (isError(base))
    return errorOperand(expr);
  if (!types.isTensor(base.type))
    return reportUndefinedField(field, base.type, expr);
  const Dims &dims = types.tensorType(base.type).dims;
  std::string shape = shapeString(dims);
  if (view.indices.size() != 1) {
    diags.report(DiagKind::IndexCount, tree.range(expr),
                 {"`shape`", shape, std::to_string(view.indices.size()),
                  "indices", "1"});
    return errorOperand(expr);
  }
  ExprId index = view.indices.front();
  if (tree.kind(index) == NodeKind::Slice) {
    notSupported(tree.range(index), "a slice of `shape`");
    return errorOperand(expr);
  }

  // The values that lead to the index are not computed at run time.
  size_t firstValue = program.values.size();
  Operand operand = check(index);
  operand = operand.floatLiteral.isValid() ? decide(operand)
                                           : decide(operand, DType::I64);
  bool isWrong = isError(operand);
  std::optional<Scalar> value;
  bool isInteger = types.isTensor(operand.type) &&
                   types.tensorType(operand.type).rank() == 0 &&
                   isInt(types.tensorType(operand.type).dtype);
  if (!isWrong && isInteger && !hasEffects(firstValue))
    value = known(operand.value);
  forgetValues(firstValue);
  if (isWrong)
    return errorOperand(expr);
  if (!isInteger) {
    diags.report(
        DiagKind::TypeMismatch, tree.range(index),
        {"an integer as the index of `shape`", types.str(operand.type)});
    return errorOperand(expr);
  }
  if (!value || !value->integer.isConstant()) {
    diags.report(DiagKind::NotConstant, tree.range(index),
                 {"the index of `shape`"});
    return errorOperand(expr);
  }
  int64_t written = value->integer.constant();
  std::optional<int64_t> axis = normalizeAxis(written, int64_t(dims.size()));
  if (!axis) {
    diags.report(DiagKind::AxisOutOfRange, tree.range(index),
                 {"`shape`", std::to_string(written), shape,
                  std::to_string(dims.size())});
    return errorOperand(expr);
  }
  return emitted(emitExtent(dims[*axis], expr));
}

std::optional<Dims> Checker::knownShape(ValueId id) const {
  const CheckedValue &tuple = origin(id);
  if (tuple.kind != ValueKind::Tuple)
    return std::nullopt;
  Dims dims;
  for (ValueId element :
       llvm::ArrayRef(program.operands).slice(tuple.a, tuple.b)) {
    std::optional<Scalar> value = known(element);
    if (!value || !isInt(value->dtype))
      return std::nullopt;
    dims.push_back(value->integer);
  }
  return dims;
}

/// Whether leaving `value` out changes nothing but for who uses it.
static bool isForgettable(const CheckedProgram &program,
                          const CheckedValue &value) {
  switch (value.kind) {
  case ValueKind::Error:
  case ValueKind::Size:
  case ValueKind::Constant:
  case ValueKind::Name:
  case ValueKind::Tuple:
  case ValueKind::Element:
    return true;
  case ValueKind::Operation:
    return program.operations[value.a].op->results != ResultCount::None;
  default:
    // A call may report; what stands in a block may be assigned to a name.
    return false;
  }
}

void Checker::forgetValues(size_t first) {
  if (!llvm::all_of(
          llvm::ArrayRef(program.values).drop_front(first),
          [&](const auto &value) { return isForgettable(program, value); }))
    return;
  while (!memory.folded.empty() && memory.folded.back().first >= first)
    memory.folded.pop_back();
  while (!program.requirements.empty() &&
         program.requirements.back().value >= first)
    program.requirements.pop_back();
  program.values.resize(first);
}

} // namespace mind
