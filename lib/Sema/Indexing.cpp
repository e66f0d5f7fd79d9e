//===- Indexing.cpp - x[i, a:b] --------------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index expression is two operations of the language: `slice` for what
// stands with a colon, then `index` for the positions.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

Ints Checker::knownElements(ValueId id) const {
  const CheckedValue *value = &program.value(id);
  while (value->kind == ValueKind::Name || value->kind == ValueKind::Let)
    value = &program.values[value->a];
  if (value->kind == ValueKind::Constant) {
    auto elements = llvm::ArrayRef(program.elements).slice(value->a, value->b);
    return Ints(elements.begin(), elements.end());
  }
  std::optional<Scalar> scalar = known(id);
  if (scalar && isInt(scalar->dtype) && scalar->integer.isConstant())
    return {scalar->integer.constant()};
  return {};
}

Checker::Operand Checker::applySlices(Operand base,
                                      llvm::ArrayRef<ExprId> elements,
                                      ExprId expr) {
  const OpInfo &op = operationInfo(OpKind::Slice);
  mind::Call call(op);
  call.spelling = shortText(expr);
  call.operands.push_back(types.tensorType(base.type));
  unsigned starts = call.paramIndex("starts"), ends = call.paramIndex("ends"),
           steps = call.paramIndex("steps");
  Ints bounds[3];
  bool isRight = true, isWhole = true;
  auto bound = [&](Ints &values, ExprId written, unsigned param,
                   int64_t missing) {
    std::optional<int64_t> value = missing;
    if (written.isValid())
      value = constantArgument(written, op, param);
    isRight &= value.has_value();
    isWhole &= value == missing;
    values.push_back(value.value_or(missing));
  };
  for (ExprId element : elements) {
    SliceView view;
    if (tree.kind(element) == NodeKind::Slice)
      view = tree.slice(element);
    bound(bounds[0], view.start, starts, 0);
    bound(bounds[1], view.stop, ends, INT64_MAX);
    bound(bounds[2], view.step, steps, 1);
  }
  if (!isRight)
    return errorOperand(expr);
  if (isWhole)
    return base;
  call.args[starts] = std::move(bounds[0]);
  call.args[ends] = std::move(bounds[1]);
  call.args[steps] = std::move(bounds[2]);

  TensorType result;
  if (std::optional<ShapeError> error = inferType(call, result)) {
    SourceRange range = tree.range(expr);
    if (error->element && *error->element < elements.size())
      range = tree.range(elements[*error->element]);
    diags.report(error->kind, range, error->args).help(error->help);
    return errorOperand(expr);
  }
  ValueId slice = emitOperation(
      op, base.value, {call.args[starts], call.args[ends], call.args[steps]},
      types.tensor(result), expr, tree.range(expr).begin);
  noteRequirements(slice, call);
  return emitted(slice);
}

Checker::Operand Checker::checkIndex(ExprId expr) {
  IndexView view = tree.index(expr);
  if (isShape(view.base))
    return checkShapeIndex(expr);
  Operand base = checkDecided(view.base);
  llvm::SmallVector<ExprId> elements(view.indices.begin(), view.indices.end());
  if (isError(base))
    return errorOperand(expr);
  if (!types.isTensor(base.type)) {
    Diagnostic &diag = diags.report(DiagKind::NotATensor, tree.range(view.base),
                                    {"indexing", types.str(base.type)});
    if (types.kind(base.type) == TypeKind::Tuple)
      diag.help("elements of a tuple are `.0`, `.1`...");
    return errorOperand(expr);
  }
  unsigned rank = types.tensorType(base.type).rank();
  if (elements.size() > rank) {
    diags
        .report(DiagKind::IndexCount, tree.range(elements[rank]),
                {"indexing", shapeString(types.tensorType(base.type).dims),
                 std::to_string(elements.size()),
                 elements.size() == 1 ? "index" : "indices",
                 std::to_string(rank)})
        .label(tree.range(view.base),
               shapeString(types.tensorType(base.type).dims));
    return errorOperand(expr);
  }

  // The positions are evaluated in their order, after the tensor.
  const OpInfo &op = operationInfo(OpKind::Index);
  mind::Call call(op);
  call.spelling = shortText(expr);
  llvm::SmallVector<ValueId> operands(1);
  llvm::SmallVector<ExprId> positions;
  Ints axes;
  bool isRight = true;
  for (auto [axis, element] : llvm::enumerate(elements)) {
    if (tree.kind(element) == NodeKind::Slice)
      continue;
    Operand position = decide(check(element), DType::I64);
    if (isError(position)) {
      isRight = false;
      continue;
    }
    if (!types.isTensor(position.type) ||
        types.tensorType(position.type).rank() != 0) {
      isRight = false;
      if (!types.isTensor(position.type)) {
        diags.report(DiagKind::NotATensor, tree.range(element),
                     {"indexing", types.str(position.type)});
        continue;
      }
      bool isMask = isBool(types.tensorType(position.type).dtype);
      notSupported(tree.range(element),
                   isMask ? "a mask as an index" : "a tensor as an index")
          .help(isMask ? "to choose elements, use `where(mask, x, y)`"
                       : "to select many positions, use `gather(x, indices, "
                         "axis=" +
                             std::to_string(axis) + ")`");
      continue;
    }
    operands.push_back(position.value);
    positions.push_back(element);
    axes.push_back(axis);
    call.known.resize(operands.size());
    call.known.back() = knownElements(position.value);
    call.operands.resize(operands.size());
    call.operands.back() = types.tensorType(position.type);
  }
  base = applySlices(base, elements, expr);
  if (!isRight || isError(base))
    return errorOperand(expr);
  if (axes.empty())
    return base;

  operands.front() = base.value;
  call.operands.front() = types.tensorType(base.type);
  unsigned param = call.paramIndex("axes");
  call.args[param] = axes;
  TensorType result;
  if (std::optional<ShapeError> error = inferType(call, result)) {
    SourceRange range = tree.range(expr);
    // Operand 0 is the tensor.
    std::optional<unsigned> culprit = error->culprit;
    if (!culprit && !error->operands.empty())
      culprit = error->operands.back();
    if (culprit && *culprit > 0)
      range = tree.range(positions[*culprit - 1]);
    diags.report(error->kind, range, error->args)
        .label(tree.range(view.base), shapeString(call.operands.front().dims))
        .help(error->help);
    return errorOperand(expr);
  }
  return emitted(emitOperation(op, operands, call.args[param],
                               types.tensor(result), expr,
                               tree.range(expr).begin));
}

} // namespace mind
