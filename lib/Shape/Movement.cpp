//===- Movement.cpp - rules of movement -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

std::optional<ShapeError> reshape(Call &call, TensorType &result) {
  if (auto error = checkExtents(call, "shape", true))
    return error;
  const TensorType &x = call.operands[0];
  Dims &shape = std::get<Dims>(call.arg("shape"));
  std::optional<Dim> available = elementCount(x.dims);
  if (!available)
    return ShapeError{
        DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};

  Dims known;
  Dim *inferred = nullptr;
  for (Dim &dim : shape) {
    if (dim.isConstant(-1))
      inferred = &dim;
    else
      known.push_back(dim);
  }
  std::optional<Dim> count = elementCount(known);
  if (!count)
    return ShapeError{DiagKind::ElementCountOverflow,
                      {shapeString(shape)},
                      {},
                      call.paramIndex("shape"),
                      {}};
  if (inferred) {
    std::optional<Dim> quotient = Dim::divideExactly(*available, *count);
    if (!quotient)
      return ShapeError{
          DiagKind::ReshapeCannotInfer,
          {shapeString(x.dims), available->str(), shapeString(shape)},
          {0},
          call.paramIndex("shape"),
          {}};
    *inferred = *quotient;
  } else if (*available != *count) {
    return ShapeError{DiagKind::ReshapeCountMismatch,
                      {shapeString(x.dims), available->str(),
                       shapeString(shape), count->str()},
                      {0},
                      call.paramIndex("shape"),
                      {}};
  }
  result = {x.dtype, shape};
  return std::nullopt;
}

std::optional<ShapeError> transpose(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  Argument &argument = call.arg("axes");
  if (argument.index() == 0) {
    Ints reversed;
    for (int64_t axis = x.rank(); axis-- > 0;)
      reversed.push_back(axis);
    argument = std::move(reversed);
  }
  Ints &axes = std::get<Ints>(argument);
  Ints normal;
  for (int64_t axis : axes) {
    std::optional<int64_t> position = normalizeAxis(axis, x.rank());
    if (position && !llvm::is_contained(normal, *position))
      normal.push_back(*position);
  }
  if (axes.size() != x.rank() || normal.size() != x.rank()) {
    Dims shown(axes.begin(), axes.end());
    return ShapeError{
        DiagKind::InvalidPermutation,
        {quoted(call), shapeString(shown), str(x.rank()), shapeString(x.dims)},
        {0},
        call.paramIndex("axes"),
        {}};
  }
  axes = std::move(normal);
  result.dtype = x.dtype;
  result.dims.clear();
  for (int64_t axis : axes)
    result.dims.push_back(x.dims[axis]);
  return std::nullopt;
}

std::optional<ShapeError> flatten(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  std::optional<Dim> count = elementCount(x.dims);
  if (!count)
    return ShapeError{
        DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};
  result = {x.dtype, {*count}};
  return std::nullopt;
}

std::optional<ShapeError> broadcastTo(Call &call, TensorType &result) {
  if (auto error = checkExtents(call, "shape", false))
    return error;
  const TensorType &x = call.operands[0];
  const Dims &shape = std::get<Dims>(call.arg("shape"));
  if (x.rank() > shape.size())
    return ShapeError{DiagKind::RankMismatch,
                      {quoted(call),
                       "a tensor of rank at most " + str(shape.size()),
                       shapeString(x.dims), str(x.rank())},
                      {0},
                      {},
                      {}};
  if (auto conflict = mind::broadcastTo(x.dims, shape))
    return ShapeError{DiagKind::BroadcastToMismatch,
                      {shapeString(x.dims), shapeString(shape),
                       str(conflict->dimension), conflict->lhs.str(),
                       conflict->rhs.str()},
                      {0},
                      call.paramIndex("shape"),
                      {}};
  result = {x.dtype, shape};
  return std::nullopt;
}

} // namespace mind::rules
