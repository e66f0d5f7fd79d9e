//===- Elementwise.cpp - rules of elementwise operations and creation -*- C++
//-*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind {

ShapeError dtypeNotAllowed(const Call &call, unsigned operand,
                           llvm::StringRef allowed) {
  DType dtype = call.operands[operand].dtype;
  ShapeError error{DiagKind::DTypeNotAllowed,
                   {quoted(call), std::string(dtypeName(dtype)), allowed.str()},
                   {operand},
                   {},
                   {}};
  if (isInt(dtype) && call.op.dtypes == DTypeClass::Float)
    error.help = "convert it first: `cast(x, f32)` or `x as f32`";
  if (call.op.dtypes == DTypeClass::Bool)
    error.help = "compare it, for example `x != 0`";
  return error;
}

std::optional<ShapeError> checkSameDType(const Call &call, unsigned first) {
  for (unsigned i = first + 1; i < call.operands.size(); ++i) {
    DType expected = call.operands[first].dtype, found = call.operands[i].dtype;
    if (expected == found)
      continue;
    std::string help = "convert one: `cast(x, " +
                       std::string(dtypeName(expected)) + ")` or `x as " +
                       std::string(dtypeName(expected)) + "`";
    return ShapeError{DiagKind::DTypeMismatch,
                      {quoted(call), std::string(dtypeName(expected)),
                       std::string(dtypeName(found))},
                      {first, i},
                      {},
                      std::move(help)};
  }
  return std::nullopt;
}

std::optional<ShapeError> broadcastOperands(const Call &call, Dims &dims) {
  dims.clear();
  for (auto [index, operand] : llvm::enumerate(call.operands)) {
    Dims joined;
    std::optional<BroadcastConflict> conflict =
        broadcast(dims, operand.dims, joined);
    if (!conflict) {
      dims = std::move(joined);
      continue;
    }
    // Name the operand that set the extent, rather than the shape so far.
    unsigned culprit = 0;
    for (unsigned i = 0; i != index; ++i) {
      Dims pair;
      if (broadcast(call.operands[i].dims, operand.dims, pair)) {
        culprit = i;
        break;
      }
    }
    return ShapeError{DiagKind::BroadcastMismatch,
                      {shapeString(call.operands[culprit].dims),
                       shapeString(operand.dims), str(conflict->dimension),
                       conflict->lhs.str(), conflict->rhs.str()},
                      {culprit, unsigned(index)},
                      {},
                      "make dimension " + str(conflict->dimension) +
                          " equal, or 1 on one side"};
  }
  return std::nullopt;
}

std::optional<ShapeError> checkExtents(Call &call, llvm::StringRef param,
                                       bool mayInfer) {
  unsigned index = call.paramIndex(param);
  const Dims &dims = std::get<Dims>(call.args[index]);
  bool inferred = false;
  for (auto [position, dim] : llvm::enumerate(dims)) {
    if (!dim.isConstant() || dim.constant() >= 1)
      continue;
    if (mayInfer && dim.isConstant(-1) && !inferred) {
      inferred = true;
      continue;
    }
    return ShapeError{DiagKind::NonPositiveDimension,
                      {str(position), shapeString(dims), dim.str()},
                      {},
                      index,
                      mayInfer && dim.isConstant(-1)
                          ? "only one extent can be inferred"
                          : ""};
  }
  return std::nullopt;
}

namespace rules {

std::optional<ShapeError> elementwise(Call &call, TensorType &result) {
  if (auto error = checkSameDType(call))
    return error;
  result.dtype = call.operands.front().dtype;
  return broadcastOperands(call, result.dims);
}

std::optional<ShapeError> predicate(Call &call, TensorType &result) {
  auto error = elementwise(call, result);
  result.dtype = DType::Bool;
  return error;
}

std::optional<ShapeError> select(Call &call, TensorType &result) {
  if (!isBool(call.operands[0].dtype))
    return dtypeNotAllowed(call, 0, "bool as its condition");
  if (auto error = checkSameDType(call, 1))
    return error;
  result.dtype = call.operands[1].dtype;
  return broadcastOperands(call, result.dims);
}

std::optional<ShapeError> cast(Call &call, TensorType &result) {
  result = {std::get<DType>(call.arg("dtype")), call.operands[0].dims};
  return std::nullopt;
}

} // namespace rules
} // namespace mind
