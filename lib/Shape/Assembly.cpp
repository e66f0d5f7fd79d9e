//===- Assembly.cpp - rules of what cuts and joins tensors ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

/// More parts make a tuple that nobody can use.
static constexpr int64_t maxSplitParts = 1024;

/// Operand `index` has the rank of the first.
static std::optional<ShapeError> checkSameRank(const Call &call,
                                               unsigned index) {
  const TensorType &first = call.operands[0], &other = call.operands[index];
  if (first.rank() == other.rank())
    return std::nullopt;
  return ShapeError{DiagKind::RankMismatch,
                    {quoted(call),
                     "tensors of one rank, here " + str(first.rank()),
                     shapeString(other.dims), str(other.rank())},
                    {0, index},
                    {},
                    {}};
}

static ShapeError dimensionMismatch(const Call &call, unsigned index,
                                    unsigned dim) {
  const TensorType &first = call.operands[0], &other = call.operands[index];
  return ShapeError{DiagKind::DimensionMismatch,
                    {quoted(call), shapeString(first.dims),
                     shapeString(other.dims), "dimension " + str(dim),
                     first.dims[dim].str(), other.dims[dim].str()},
                    {0, index},
                    {},
                    {}};
}

std::optional<ShapeError> concat(Call &call, TensorType &result) {
  if (auto error = checkSameDType(call))
    return error;
  const TensorType &first = call.operands[0];
  if (auto error = normalizeAxis(call, "axis", first, first.rank()))
    return error;
  unsigned axis = std::get<int64_t>(call.arg("axis"));
  result = first;
  for (unsigned i = 1; i < call.operands.size(); ++i) {
    if (auto error = checkSameRank(call, i))
      return error;
    const TensorType &other = call.operands[i];
    for (unsigned dim = 0; dim != first.rank(); ++dim)
      if (dim != axis && first.dims[dim] != other.dims[dim])
        return dimensionMismatch(call, i, dim);
    std::optional<Dim> sum = Dim::add(result.dims[axis], other.dims[axis]);
    if (!sum)
      return ShapeError{DiagKind::ElementCountOverflow,
                        {shapeString(result.dims)},
                        {i},
                        {},
                        {}};
    result.dims[axis] = *sum;
  }
  return std::nullopt;
}

std::optional<ShapeError> stack(Call &call, TensorType &result) {
  if (auto error = checkSameDType(call))
    return error;
  const TensorType &first = call.operands[0];
  for (unsigned i = 1; i < call.operands.size(); ++i) {
    if (auto error = checkSameRank(call, i))
      return error;
    for (unsigned dim = 0; dim != first.rank(); ++dim)
      if (first.dims[dim] != call.operands[i].dims[dim])
        return dimensionMismatch(call, i, dim);
  }
  result = first;
  if (auto error = normalizeAxis(call, "axis", first, first.rank() + 1))
    return error;
  result.dims.insert(result.dims.begin() + std::get<int64_t>(call.arg("axis")),
                     Dim(int64_t(call.operands.size())));
  return std::nullopt;
}

std::optional<ShapeError> split(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  int64_t parts = std::get<int64_t>(call.arg("parts"));
  if (parts < 1 || parts > maxSplitParts)
    return ShapeError{DiagKind::ArgumentKind,
                      {"parts", quoted(call),
                       "an integer from 1 to " + str(maxSplitParts),
                       str(parts)},
                      {},
                      call.paramIndex("parts"),
                      {}};
  if (auto error = normalizeAxis(call, "axis", x, x.rank()))
    return error;
  unsigned axis = std::get<int64_t>(call.arg("axis"));
  std::optional<Dim> part = Dim::divideExactly(x.dims[axis], Dim(parts));
  if (!part)
    return ShapeError{DiagKind::SplitUneven,
                      {quoted(call), shapeString(x.dims), str(axis),
                       x.dims[axis].str(), str(parts)},
                      {0},
                      call.paramIndex("parts"),
                      {}};
  result = x;
  result.dims[axis] = *part;
  return std::nullopt;
}

/// Counts a bound from the beginning and clamps it to the extent.
static int64_t clampBound(int64_t bound, int64_t extent) {
  if (bound < 0)
    bound = bound < -extent ? 0 : bound + extent;
  return std::min(bound, extent);
}

/// The slice of dimension `dim`, whose extent is symbolic: bounds do not clamp,
/// but want the dimension to be long enough.
static std::optional<ShapeError> sliceSymbolic(Call &call, unsigned dim,
                                               int64_t start, int64_t end,
                                               int64_t step, Dim &result) {
  const TensorType &x = call.operands[0];
  const Dim &extent = x.dims[dim];
  auto position = [&](int64_t bound) {
    return bound < 0 ? Dim::add(extent, bound) : Dim(bound);
  };
  bool isToTheEnd = end == INT64_MAX;
  std::optional<Dim> first = position(start),
                     last = isToTheEnd ? extent : position(end), length;
  if (first && last)
    length = Dim::subtract(*last, *first);
  if (!length)
    return ShapeError{
        DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};
  if (length->isConstant()) {
    if (length->constant() < 1)
      return ShapeError{DiagKind::EmptySlice,
                        {quoted(call), shapeString(x.dims), str(dim),
                         first->str(), last->str()},
                        {0},
                        {},
                        {},
                        dim};
    length = (length->constant() - 1) / step + 1;
  } else if (step != 1) {
    return ShapeError{DiagKind::NotSupported,
                      {"a step of " + str(step) + " along dimension " +
                       str(dim) + " of " + shapeString(x.dims) +
                       ", whose extent is symbolic,"},
                      {0},
                      call.paramIndex("steps"),
                      "between two bounds that count from the same end there "
                      "may be a step",
                      dim};
  }
  result = *length;

  // What the first and the last element want.
  using Wide = __int128;
  Wide least = start < 0 ? -Wide(start) : Wide(start) + 1;
  if (start >= 0 && length->isConstant())
    least += Wide(length->constant() - 1) * step;
  else if (start >= 0 && end < 0)
    least -= end;
  else if (end >= 0 && !isToTheEnd)
    least = std::max<Wide>(least, end);
  int64_t wanted = int64_t(std::min<Wide>(least, INT64_MAX));
  if (!extent.isAtLeast(wanted))
    call.requirements.push_back({0, dim, wanted});
  return std::nullopt;
}

std::optional<ShapeError> slice(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  Ints &starts = std::get<Ints>(call.arg("starts"));
  Ints &ends = std::get<Ints>(call.arg("ends"));
  if (call.arg("steps").index() == 0)
    call.arg("steps") = Ints(starts.size(), 1);
  Ints &steps = std::get<Ints>(call.arg("steps"));
  if (starts.size() != ends.size() || starts.size() != steps.size())
    return ShapeError{
        DiagKind::SliceLengths,
        {quoted(call), str(starts.size()), str(ends.size()), str(steps.size())},
        {},
        {},
        {}};
  if (starts.size() > x.rank())
    return ShapeError{DiagKind::IndexCount,
                      {quoted(call), shapeString(x.dims), str(starts.size()),
                       starts.size() == 1 ? "slice" : "slices", str(x.rank())},
                      {0},
                      {},
                      {}};
  starts.resize(x.rank(), 0);
  ends.resize(x.rank(), INT64_MAX);
  steps.resize(x.rank(), 1);
  result = x;
  for (unsigned dim = 0; dim != x.rank(); ++dim) {
    int64_t &start = starts[dim], &end = ends[dim], step = steps[dim];
    if (step < 1)
      return ShapeError{DiagKind::SliceStep,
                        {quoted(call), str(step)},
                        {},
                        call.paramIndex("steps"),
                        "to reverse a dimension, use `flip`",
                        dim};
    if (!x.dims[dim].isConstant()) {
      if (auto error =
              sliceSymbolic(call, dim, start, end, step, result.dims[dim]))
        return error;
      continue;
    }
    int64_t extent = x.dims[dim].constant();
    start = clampBound(start, extent);
    end = clampBound(end, extent);
    if (start >= end)
      return ShapeError{
          DiagKind::EmptySlice,
          {quoted(call), shapeString(x.dims), str(dim), str(start), str(end)},
          {0},
          {},
          {},
          dim};
    result.dims[dim] = (end - start - 1) / step + 1;
  }
  return std::nullopt;
}

std::optional<ShapeError> pad(Call &call, TensorType &result) {
  if (auto error = checkSameDType(call))
    return error;
  const TensorType &x = call.operands[0], &value = call.operands[1];
  if (value.rank() != 0)
    return ShapeError{DiagKind::RankMismatch,
                      {quoted(call), "a value of rank 0",
                       shapeString(value.dims), str(value.rank())},
                      {1},
                      {},
                      {}};
  const Ints &padding = std::get<Ints>(call.arg("padding"));
  unsigned param = call.paramIndex("padding");
  if (padding.size() != 2 * x.rank())
    return ShapeError{DiagKind::IndexCount,
                      {quoted(call), shapeString(x.dims),
                       str(padding.size() / 2),
                       padding.size() == 2 ? "pair" : "pairs", str(x.rank())},
                      {0},
                      param,
                      {}};
  result = x;
  for (auto [index, count] : llvm::enumerate(padding)) {
    if (count < 0)
      return ShapeError{
          DiagKind::ArgumentKind,
          {"padding", quoted(call), "integers of at least 0", str(count)},
          {},
          param,
          "to remove elements, slice",
          unsigned(index / 2)};
    Dim &dim = result.dims[index / 2];
    std::optional<Dim> sum = Dim::add(dim, Dim(count));
    if (!sum)
      return ShapeError{DiagKind::ElementCountOverflow,
                        {shapeString(result.dims)},
                        {0},
                        param,
                        {}};
    dim = *sum;
  }
  return std::nullopt;
}

std::optional<ShapeError> flip(Call &call, TensorType &result) {
  result = call.operands[0];
  return normalizeAxes(call, "axes", result);
}

std::optional<ShapeError> triangle(Call &call, TensorType &result) {
  result = call.operands[0];
  if (result.rank() >= 2)
    return std::nullopt;
  return ShapeError{DiagKind::RankMismatch,
                    {quoted(call), "a tensor of rank at least 2",
                     shapeString(result.dims), str(result.rank())},
                    {0},
                    {},
                    {}};
}

} // namespace mind::rules
