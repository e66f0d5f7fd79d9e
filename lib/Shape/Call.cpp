//===- Call.cpp - an operation applied to types ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Call.h"
#include "Mind/Shape/Operation.h"
#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"
#include "llvm/ADT/StringExtras.h"

namespace mind {

Call::Call(const OpInfo &op) : op(op), args(op.params.size()) {}

unsigned Call::paramIndex(llvm::StringRef name) const {
  for (auto [index, param] : llvm::enumerate(op.params))
    if (param.name == name)
      return index;
  llvm_unreachable("a rule names a parameter that its operation lacks");
}

Argument &Call::arg(llvm::StringRef name) { return args[paramIndex(name)]; }

unsigned Call::numResults() const {
  switch (op.results) {
  case ResultCount::One:
    return 1;
  case ResultCount::None:
    return 0;
  case ResultCount::Counted:
    return std::get<int64_t>(args[op.countParam]);
  }
  llvm_unreachable("unknown count of results");
}

std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

std::optional<BroadcastConflict>
broadcast(llvm::ArrayRef<Dim> lhs, llvm::ArrayRef<Dim> rhs, Dims &result) {
  size_t rank = std::max(lhs.size(), rhs.size());
  result.assign(rank, Dim(1));
  for (size_t i = 0; i != rank; ++i) {
    // Position i counts from the last dimension.
    const Dim left = i < lhs.size() ? lhs[lhs.size() - 1 - i] : Dim(1);
    const Dim right = i < rhs.size() ? rhs[rhs.size() - 1 - i] : Dim(1);
    if (left != right && !left.isConstant(1) && !right.isConstant(1))
      return BroadcastConflict{unsigned(rank - 1 - i), left, right};
    result[rank - 1 - i] = left.isConstant(1) ? right : left;
  }
  return std::nullopt;
}

std::optional<BroadcastConflict> broadcastTo(llvm::ArrayRef<Dim> dims,
                                             llvm::ArrayRef<Dim> shape) {
  Dims joined;
  std::optional<BroadcastConflict> conflict = broadcast(dims, shape, joined);
  // The target does not stretch: its 1 stays 1.
  for (unsigned i = 0; !conflict && i != shape.size(); ++i)
    if (joined[i] != shape[i])
      conflict = BroadcastConflict{i, joined[i], shape[i]};
  return conflict;
}

/// The integers that `text` shows, as "[1, -1]" does: in one loop, since a call
/// with defaults passes through here, and readers of any text are much code.
static Ints integersIn(llvm::StringRef text) {
  Ints values;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!llvm::isDigit(text[at]))
      continue;
    const bool isNegative = at != 0 && text[at - 1] == '-';
    int64_t value = 0;
    for (; at < text.size() && llvm::isDigit(text[at]); ++at)
      value = 10 * value + (text[at] - '0');
    values.push_back(isNegative ? -value : value);
  }
  return values;
}

/// The value that a default's text states.
static Argument defaultArgument(const ParamInfo &param) {
  llvm::StringRef text = param.defaultText;
  if (text.empty() || text == "none")
    return param.kind == ParamKind::Choice && !text.empty()
               ? Argument(text.str())
               : Argument();
  switch (param.kind) {
  case ParamKind::Tensor:
  case ParamKind::Tensors:
  case ParamKind::Rest:
  case ParamKind::Values:
  case ParamKind::Shape:
    return {};
  case ParamKind::Bool:
    return text == "true";
  case ParamKind::Choice:
  case ParamKind::Padding:
  case ParamKind::String:
    return text.str();
  case ParamKind::Float:
  case ParamKind::Number: {
    int64_t integer = 0;
    if (param.kind == ParamKind::Number && !text.getAsInteger(10, integer))
      return integer;
    double value = 0;
    text.getAsDouble(value);
    return value;
  }
  case ParamKind::DType:
    return *parseDType(std::string_view(text.data(), text.size()));
  case ParamKind::Axis:
  case ParamKind::Int:
    return integersIn(text).front();
  case ParamKind::Axes:
  case ParamKind::Ints:
  case ParamKind::Pairs:
  case ParamKind::Pair:
    return integersIn(text);
  }
  return {};
}

std::optional<ShapeError> inferType(Call &call, TensorType &result) {
  const OpInfo &op = call.op;
  call.requirements.clear();
  for (auto [param, argument] : llvm::zip_equal(op.params, call.args))
    if (argument.index() == 0)
      argument = defaultArgument(param);

  for (auto [index, operand] : llvm::enumerate(call.operands)) {
    const ParamInfo &param =
        op.params[op.paramOfOperand(index, call.operands.size())];
    if (contains(param.dtypes, operand.dtype))
      continue;
    if (param.dtypes == DTypeClass::Index)
      return indexDTypeNotAllowed(call, index);
    return dtypeNotAllowed(call, index, describe(param.dtypes));
  }

  if (std::optional<ShapeError> error = op.rule(call, result))
    return error;
  if (!hasElementCount(result.dims))
    return ShapeError{
        DiagKind::ElementCountOverflow, {shapeString(result.dims)}, {}, {}, {}};
  return std::nullopt;
}

} // namespace mind
