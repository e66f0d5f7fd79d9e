//===- Window.cpp - rules of windows that pass over images ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind {

std::optional<ShapeError> readPair(Call &call, llvm::StringRef param) {
  unsigned index = call.paramIndex(param);
  Ints &values = std::get<Ints>(call.args[index]);
  if (values.size() == 1)
    values.push_back(values.front());
  if (values.size() == 2 &&
      llvm::all_of(values, [](int64_t v) { return v >= 1 && v <= INT32_MAX; }))
    return std::nullopt;
  Dims shown(values.begin(), values.end());
  return ShapeError{DiagKind::ConvStrides,
                    {quoted(call), param.str(), shapeString(shown)},
                    {},
                    index,
                    {}};
}

/// How many elements a dilated window spans, as text.
static std::string windowReach(const Dim &window, int64_t dilation) {
  if (auto reach = Dim::multiply(Dim(window.constant() - 1), Dim(dilation)))
    return str(reach->constant() + 1);
  return "more than 2^63";
}

/// Reads the padding as numbers, which are still 0 for `Same`.
static std::optional<ShapeError> readPadding(Call &call, bool &isSame) {
  unsigned index = call.paramIndex("padding");
  Argument &padding = call.args[index];
  isSame = false;
  if (auto *word = std::get_if<std::string>(&padding)) {
    isSame = *word == "Same";
    padding = Ints(4, 0);
  }
  const Ints &pads = std::get<Ints>(padding);
  if (pads.size() == 4 && llvm::all_of(pads, [](int64_t pad) {
        return pad >= 0 && pad <= INT32_MAX;
      }))
    return std::nullopt;
  Dims shown(pads.begin(), pads.end());
  return ShapeError{DiagKind::ConvPadding,
                    {quoted(call), shapeString(shown)},
                    {},
                    index,
                    "padding is `Valid`, `Same` or "
                    "[[top, bottom], [left, right]]"};
}

/// The images with their padding have not too many elements either.
static std::optional<ShapeError> checkPadded(const TensorType &x,
                                             const Ints &pads) {
  Dims padded = x.dims;
  for (unsigned axis = 0; axis != 2; ++axis)
    if (auto extent =
            Dim::add(padded[1 + axis], pads[2 * axis] + pads[2 * axis + 1]))
      padded[1 + axis] = *extent;
  if (hasElementCount(padded))
    return std::nullopt;
  return ShapeError{
      DiagKind::ElementCountOverflow, {shapeString(padded)}, {0}, {}, {}};
}

std::optional<ShapeError> slideWindow(Call &call, llvm::ArrayRef<Dim> windows,
                                      llvm::ArrayRef<int64_t> strides,
                                      llvm::ArrayRef<int64_t> dilation,
                                      llvm::MutableArrayRef<Dim> result) {
  bool isSame;
  if (auto error = readPadding(call, isSame))
    return error;
  const TensorType &x = call.operands[0];
  Ints &pads = std::get<Ints>(call.arg("padding"));
  auto allOperands = [&] {
    return llvm::to_vector<2>(llvm::seq<unsigned>(0, call.operands.size()));
  };
  for (unsigned axis = 0; axis != 2; ++axis) {
    const Dim &in = x.dims[1 + axis], &window = windows[axis];
    int64_t &before = pads[2 * axis], &after = pads[2 * axis + 1];
    if (!in.isConstant() || !window.isConstant()) {
      if (!window.isConstant())
        return ShapeError{DiagKind::NotSupported,
                          {quoted(call) + " of " + shapeString(x.dims) +
                           " with a window of symbolic extent " + window.str()},
                          allOperands(),
                          {},
                          "give the window a constant extent"};
      if (strides[axis] != 1)
        return ShapeError{DiagKind::NotSupported,
                          {quoted(call) + " of " + shapeString(x.dims) +
                           " with a stride of " + str(strides[axis]) +
                           " along dimension " + str(1 + axis) +
                           ", whose extent is symbolic,"},
                          {0},
                          {},
                          "the result's extent would be a quotient of sizes; "
                          "give the dimension a constant extent, or stride 1"};
      std::optional<Dim> lost =
          Dim::multiply(window.constant() - 1, dilation[axis]);
      if (lost && isSame) {
        before = lost->constant() / 2;
        after = lost->constant() - before;
      }
      std::optional<Dim> out = lost ? Dim::multiply(*lost, -1) : std::nullopt;
      if (out)
        out = Dim::add(*out, before + after);
      if (out)
        out = Dim::add(in, *out);
      if (!out)
        return ShapeError{
            DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};
      result[axis] = *out;
      continue;
    }
    // 128 bits hold every sum and product of what the checks above let pass.
    using Wide = __int128;
    Wide extent = in.constant(), stride = strides[axis];
    Wide reach = Wide(window.constant() - 1) * dilation[axis] + 1;
    if (isSame) {
      Wide out = (extent + stride - 1) / stride;
      Wide total = std::max<Wide>(0, (out - 1) * stride + reach - extent);
      before = int64_t(total / 2); // The odd one goes after.
      after = int64_t(total - total / 2);
    }
    Wide padded = extent + before + after;
    Wide out = padded < reach ? 0 : (padded - reach) / stride + 1;
    if (out > INT64_MAX)
      return ShapeError{
          DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};
    if (out < 1)
      return ShapeError{DiagKind::NonPositiveDimension,
                        {str(1 + axis), "the result", "0"},
                        allOperands(),
                        {},
                        "the window reaches over " +
                            windowReach(window, dilation[axis]) +
                            " elements, more than the padded input has"};
    result[axis] = int64_t(out);
  }
  return checkPadded(x, pads);
}

namespace rules {

std::optional<ShapeError> pool2d(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  if (x.rank() != 4)
    return wrongRank(call, 0, "x of rank 4, NHWC");
  if (call.arg("strides").index() == 0)
    call.arg("strides") = call.arg("window");
  for (llvm::StringRef param : {"window", "strides"})
    if (auto error = readPair(call, param))
      return error;
  const Ints &window = std::get<Ints>(call.arg("window"));
  const Dim windows[] = {window[0], window[1]};
  result = x;
  if (auto error =
          slideWindow(call, windows, std::get<Ints>(call.arg("strides")),
                      {1, 1}, llvm::MutableArrayRef(result.dims).slice(1, 2)))
    return error;
  // Else a window might lie in the padding alone.
  const Ints &pads = std::get<Ints>(call.arg("padding"));
  for (unsigned side = 0; side != 4; ++side)
    if (pads[side] >= window[side / 2])
      return ShapeError{DiagKind::PoolPadding,
                        {quoted(call), str(pads[side]), str(side / 2 + 1),
                         str(window[side / 2])},
                        {},
                        call.paramIndex("padding"),
                        {}};
  return std::nullopt;
}

std::optional<ShapeError> globalPool2d(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  if (x.rank() != 4)
    return wrongRank(call, 0, "x of rank 4, NHWC");
  result = {x.dtype, {x.dims[0], x.dims[3]}};
  return std::nullopt;
}

} // namespace rules
} // namespace mind
