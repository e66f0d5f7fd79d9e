//===- Creation.cpp - rules of what makes tensors -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

#include <cmath>

namespace mind::rules {

/// A count or extent argument must be at least 1.
static std::optional<ShapeError> checkPositive(Call &call,
                                               llvm::StringRef param) {
  int64_t value = std::get<int64_t>(call.arg(param));
  if (value >= 1)
    return std::nullopt;
  return ShapeError{
      DiagKind::ArgumentKind,
      {param.str(), quoted(call), "an integer of at least 1", str(value)},
      {},
      call.paramIndex(param),
      {}};
}

std::optional<ShapeError> filled(Call &call, TensorType &result) {
  if (auto error = checkExtents(call, "shape", false))
    return error;
  result = {std::get<DType>(call.arg("dtype")),
            std::get<Dims>(call.arg("shape"))};
  return std::nullopt;
}

std::optional<ShapeError> sameType(Call &call, TensorType &result) {
  result = call.operands[0];
  return std::nullopt;
}

std::optional<ShapeError> full(Call &call, TensorType &result) {
  if (auto error = checkExtents(call, "shape", false))
    return error;
  const TensorType &value = call.operands[0];
  if (value.rank() != 0)
    return ShapeError{DiagKind::RankMismatch,
                      {quoted(call), "a value of rank 0",
                       shapeString(value.dims), str(value.rank())},
                      {0},
                      {},
                      {}};
  Argument &dtype = call.arg("dtype");
  if (dtype.index() == 0)
    dtype = value.dtype;
  result = {std::get<DType>(dtype), std::get<Dims>(call.arg("shape"))};
  return std::nullopt;
}

std::optional<ShapeError> eye(Call &call, TensorType &result) {
  Argument &m = call.arg("m");
  if (m.index() == 0)
    m = call.arg("n");
  for (llvm::StringRef param : {"n", "m"})
    if (auto error = checkPositive(call, param))
      return error;
  result = {std::get<DType>(call.arg("dtype")),
            {std::get<int64_t>(call.arg("n")), std::get<int64_t>(m)}};
  return std::nullopt;
}

/// How many elements `arange` has, 0 if none, -1 if too many.
static int64_t countInRange(int64_t start, int64_t stop, int64_t step) {
  __int128 distance = __int128(stop) - start;
  __int128 count = (distance + step + (step > 0 ? -1 : 1)) / step;
  return count < 0 ? 0 : count > INT64_MAX ? -1 : int64_t(count);
}
static int64_t countInRange(double start, double stop, double step) {
  double count = std::ceil((stop - start) / step);
  if (!(count < 0x1p62))
    return -1;
  return count < 0 ? 0 : int64_t(count);
}

std::optional<ShapeError> arange(Call &call, TensorType &result) {
  Argument &start = call.arg("start"), &stop = call.arg("stop"),
           &step = call.arg("step");
  if (stop.index() == 0) {
    stop = start;
    start = int64_t(0);
  }
  // One float makes all floats.
  auto asFloat = [](const Argument &number) {
    const int64_t *integer = std::get_if<int64_t>(&number);
    return integer ? double(*integer) : std::get<double>(number);
  };
  bool isInteger = start.index() == stop.index() &&
                   start.index() == step.index() &&
                   std::holds_alternative<int64_t>(start);
  if (!isInteger)
    for (Argument *number : {&start, &stop, &step})
      *number = asFloat(*number);
  if (asFloat(step) == 0)
    return ShapeError{DiagKind::ArgumentKind,
                      {"step", quoted(call), "a number other than 0", "0"},
                      {},
                      call.paramIndex("step"),
                      {}};
  int64_t count =
      isInteger ? countInRange(std::get<int64_t>(start),
                               std::get<int64_t>(stop), std::get<int64_t>(step))
                : countInRange(std::get<double>(start), std::get<double>(stop),
                               std::get<double>(step));
  if (count < 0)
    return ShapeError{DiagKind::ElementCountOverflow, {"[?]"}, {}, {}, {}};
  if (count == 0)
    return ShapeError{
        DiagKind::NonPositiveDimension, {"0", "[0]", "0"}, {}, {}, {}};
  result = {isInteger ? DType::I64 : DType::F32, {count}};
  return std::nullopt;
}

std::optional<ShapeError> linspace(Call &call, TensorType &result) {
  if (auto error = checkPositive(call, "n"))
    return error;
  result = {DType::F32, {std::get<int64_t>(call.arg("n"))}};
  return std::nullopt;
}

std::optional<ShapeError> iota(Call &call, TensorType &result) {
  if (auto error = checkExtents(call, "shape", false))
    return error;
  result = {DType::I64, std::get<Dims>(call.arg("shape"))};
  return normalizeAxis(call, "axis", result, result.rank());
}

} // namespace mind::rules
