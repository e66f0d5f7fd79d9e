//===- Reduction.cpp - rules of what works along axes -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"
#include "llvm/ADT/BitVector.h"
#include <numeric>

namespace mind {

/// `rank`: of the result, if that is where the axis belongs.
static ShapeError axisOutOfRange(const Call &call, unsigned param, int64_t axis,
                                 const TensorType &tensor, int64_t rank) {
  std::string help = "it may be " + str(-rank) + " to " + str(rank - 1);
  if (rank == int64_t(tensor.rank()))
    help = "axes of rank " + str(rank) + " are " + str(-rank) + " to " +
           str(rank - 1);
  ShapeError error{
      DiagKind::AxisOutOfRange,
      {quoted(call), str(axis), shapeString(tensor.dims), str(tensor.rank())},
      {},
      param,
      rank ? help : std::string()};
  if (!call.operands.empty())
    error.operands.push_back(0);
  return error;
}

std::optional<ShapeError> normalizeAxis(Call &call, llvm::StringRef param,
                                        const TensorType &tensor,
                                        int64_t rank) {
  unsigned index = call.paramIndex(param);
  int64_t &axis = std::get<int64_t>(call.args[index]);
  std::optional<int64_t> normal = normalizeAxis(axis, rank);
  if (!normal)
    return axisOutOfRange(call, index, axis, tensor, rank);
  axis = *normal;
  return std::nullopt;
}

std::optional<ShapeError> normalizeAxes(Call &call, llvm::StringRef param,
                                        const TensorType &tensor,
                                        bool ascending) {
  unsigned index = call.paramIndex(param);
  Argument &argument = call.args[index];
  if (argument.index() == 0) {
    Ints all(tensor.rank());
    std::iota(all.begin(), all.end(), 0);
    argument = std::move(all);
    return std::nullopt;
  }
  llvm::BitVector seen(tensor.rank());
  for (auto [position, axis] : llvm::enumerate(std::get<Ints>(argument))) {
    std::optional<int64_t> normal = normalizeAxis(axis, tensor.rank());
    if (!normal) {
      ShapeError error =
          axisOutOfRange(call, index, axis, tensor, tensor.rank());
      error.element = position;
      return error;
    }
    if (seen.test(*normal))
      return ShapeError{
          DiagKind::DuplicateAxis, {quoted(call), str(axis)}, {}, index, {},
          unsigned(position)};
    seen.set(*normal);
    axis = *normal;
  }
  if (ascending)
    llvm::sort(std::get<Ints>(argument));
  return std::nullopt;
}

namespace rules {

std::optional<ShapeError> reduce(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  if (auto error = normalizeAxes(call, "axes", x))
    return error;
  const Ints &axes = std::get<Ints>(call.arg("axes"));
  bool keep = std::get<bool>(call.arg("keepdims"));
  result.dtype = x.dtype;
  result.dims.clear();
  for (auto [axis, dim] : llvm::enumerate(x.dims)) {
    if (!llvm::is_contained(axes, int64_t(axis)))
      result.dims.push_back(dim);
    else if (keep)
      result.dims.push_back(1);
  }
  return std::nullopt;
}

std::optional<ShapeError> reduceWide(Call &call, TensorType &result) {
  auto error = reduce(call, result);
  if (!isFloat(result.dtype))
    result.dtype = DType::I64;
  return error;
}

std::optional<ShapeError> position(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  const Argument &axis = call.arg("axis");
  bool keep = std::get<bool>(call.arg("keepdims"));
  result = {DType::I64, {}};
  if (axis.index() == 0) {
    result.dims.assign(keep ? x.rank() : 0, Dim(1));
    return std::nullopt;
  }
  if (auto error = normalizeAxis(call, "axis", x, x.rank()))
    return error;
  result.dims = x.dims;
  Dim *reduced = result.dims.begin() + std::get<int64_t>(axis);
  if (keep)
    *reduced = 1;
  else
    result.dims.erase(reduced);
  return std::nullopt;
}

std::optional<ShapeError> expandDims(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  // The axis is one of the result, which has one more.
  if (auto error = normalizeAxis(call, "axis", x, x.rank() + 1))
    return error;
  result = x;
  result.dims.insert(result.dims.begin() + std::get<int64_t>(call.arg("axis")),
                     Dim(1));
  return std::nullopt;
}

std::optional<ShapeError> squeeze(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  Argument &argument = call.arg("axes");
  if (argument.index() == 0) {
    Ints ones;
    for (auto [axis, dim] : llvm::enumerate(x.dims))
      if (dim.isConstant(1))
        ones.push_back(axis);
    argument = std::move(ones);
  } else if (auto error = normalizeAxes(call, "axes", x)) {
    return error;
  }
  const Ints &axes = std::get<Ints>(argument);
  result.dtype = x.dtype;
  result.dims.clear();
  for (auto [axis, dim] : llvm::enumerate(x.dims)) {
    if (!llvm::is_contained(axes, int64_t(axis)))
      result.dims.push_back(dim);
    else if (!dim.isConstant(1))
      return ShapeError{
          DiagKind::SqueezeNotOne,
          {quoted(call), shapeString(x.dims), str(axis), dim.str()},
          {0},
          call.paramIndex("axes"),
          {}};
  }
  return std::nullopt;
}

} // namespace rules
} // namespace mind
