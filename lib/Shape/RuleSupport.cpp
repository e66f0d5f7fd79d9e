//===- RuleSupport.cpp - what the shape rules share -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuleSupport.h"
#include "Mind/Shape/Rules.h"

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

ShapeError indexDTypeNotAllowed(const Call &call, unsigned operand) {
  DType dtype = call.operands[operand].dtype;
  ShapeError error{DiagKind::IndexDType,
                   {quoted(call), describe(DTypeClass::Index).str(),
                    std::string(dtypeName(dtype))},
                   {},
                   {},
                   isBool(dtype) ? ""
                                 : "convert it: `cast(x, i64)` or `x as i64`"};
  error.culprit = operand;
  return error;
}

ShapeError dtypesDiffer(const Call &call, unsigned a, unsigned b) {
  std::string expected(dtypeName(call.operands[a].dtype)),
      found(dtypeName(call.operands[b].dtype));
  return {DiagKind::DTypeMismatch,
          {quoted(call), expected, found},
          {a, b},
          {},
          "convert one: `cast(x, " + expected + ")` or `x as " + expected +
              "`"};
}

std::optional<ShapeError> checkSameDType(const Call &call, unsigned first) {
  for (unsigned i = first + 1; i < call.operands.size(); ++i)
    if (call.operands[first].dtype != call.operands[i].dtype)
      return dtypesDiffer(call, first, i);
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
    return ShapeError{
        DiagKind::NonPositiveDimension,
        {str(position), shapeString(dims), dim.str()},
        {},
        index,
        mayInfer && dim.isConstant(-1) ? "only one extent can be inferred" : "",
        unsigned(position)};
  }
  return std::nullopt;
}

ShapeError wrongRank(const Call &call, unsigned operand, std::string wanted) {
  const TensorType &found = call.operands[operand];
  return {DiagKind::RankMismatch,
          {quoted(call), std::move(wanted), shapeString(found.dims),
           str(found.rank())},
          {operand},
          {},
          {}};
}

ShapeError wrongExtent(const Call &call, unsigned lhs, unsigned rhs,
                       std::string what, const Dim &a, const Dim &b,
                       std::string help) {
  return {DiagKind::DimensionMismatch,
          {quoted(call), shapeString(call.operands[lhs].dims),
           shapeString(call.operands[rhs].dims), std::move(what), a.str(),
           b.str()},
          {lhs, rhs},
          {},
          std::move(help)};
}

} // namespace mind
