//===- Contraction.cpp - rules of contractions --------------------*- C++
//-*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

static ShapeError wrongRank(const Call &call, unsigned operand,
                            std::string wanted) {
  const TensorType &found = call.operands[operand];
  return {DiagKind::RankMismatch,
          {quoted(call), std::move(wanted), shapeString(found.dims),
           str(found.rank())},
          {operand},
          {},
          {}};
}

static ShapeError wrongExtent(const Call &call, unsigned lhs, unsigned rhs,
                              std::string what, const Dim &a, const Dim &b,
                              std::string help = {}) {
  return {DiagKind::DimensionMismatch,
          {quoted(call), shapeString(call.operands[lhs].dims),
           shapeString(call.operands[rhs].dims), std::move(what), a.str(),
           b.str()},
          {lhs, rhs},
          {},
          std::move(help)};
}

/// "transpose the second operand: [5, 13] -> [13, 5]", if that would do.
static std::string suggestTranspose(const TensorType &rhs, const Dim &inner) {
  unsigned rank = rhs.rank();
  if (rank < 2 || rhs.dims[rank - 1] != inner)
    return {};
  Dims turned = rhs.dims;
  std::swap(turned[rank - 1], turned[rank - 2]);
  return "transpose the second operand: " + shapeString(rhs.dims) + " -> " +
         shapeString(turned);
}

std::optional<ShapeError> matmul(Call &call, TensorType &result) {
  const TensorType &lhs = call.operands[0], &rhs = call.operands[1];
  for (unsigned i = 0; i != 2; ++i)
    if (call.operands[i].rank() < 2)
      return wrongRank(call, i, "tensors of rank at least 2");
  if (auto error = checkSameDType(call))
    return error;
  const Dim &inner = lhs.dims[lhs.rank() - 1];
  const Dim &other = rhs.dims[rhs.rank() - 2];
  if (inner != other)
    return wrongExtent(call, 0, 1, "the inner dimension", inner, other,
                       suggestTranspose(rhs, inner));
  if (auto conflict =
          broadcast(llvm::ArrayRef(lhs.dims).drop_back(2),
                    llvm::ArrayRef(rhs.dims).drop_back(2), result.dims))
    return ShapeError{DiagKind::BatchMismatch,
                      {quoted(call), shapeString(lhs.dims),
                       shapeString(rhs.dims), conflict->lhs.str(),
                       conflict->rhs.str()},
                      {0, 1},
                      {},
                      {}};
  result.dtype = lhs.dtype;
  result.dims.push_back(lhs.dims[lhs.rank() - 2]);
  result.dims.push_back(rhs.dims[rhs.rank() - 1]);
  return std::nullopt;
}

std::optional<ShapeError> dot(Call &call, TensorType &result) {
  const TensorType &lhs = call.operands[0], &rhs = call.operands[1];
  for (unsigned i = 0; i != 2; ++i)
    if (call.operands[i].rank() < 1 || call.operands[i].rank() > 2)
      return wrongRank(call, i, "tensors of rank 1 or 2");
  if (auto error = checkSameDType(call))
    return error;
  const Dim &inner = lhs.dims.back(), &other = rhs.dims.front();
  if (inner != other)
    return wrongExtent(call, 0, 1, "the inner dimension", inner, other,
                       suggestTranspose(rhs, inner));
  result.dtype = lhs.dtype;
  result.dims.clear();
  if (lhs.rank() == 2)
    result.dims.push_back(lhs.dims[0]);
  if (rhs.rank() == 2)
    result.dims.push_back(rhs.dims[1]);
  return std::nullopt;
}

std::optional<ShapeError> linear(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0], &w = call.operands[1],
                   &b = call.operands[2];
  if (x.rank() < 1)
    return wrongRank(call, 0, "x of rank at least 1");
  if (w.rank() != 2)
    return wrongRank(call, 1, "w of rank 2, [out, in]");
  if (b.rank() != 1)
    return wrongRank(call, 2, "b of rank 1, [out]");
  if (auto error = checkSameDType(call))
    return error;
  if (x.dims.back() != w.dims[1])
    return wrongExtent(call, 0, 1, "the number of input features",
                       x.dims.back(), w.dims[1],
                       x.dims.back() == w.dims[0]
                           ? "w is [out, in], as in PyTorch; for [in, out] "
                             "write `x @ w + b`"
                           : "");
  if (w.dims[0] != b.dims[0])
    return wrongExtent(call, 1, 2, "the number of output features", w.dims[0],
                       b.dims[0]);
  result = x;
  result.dims.back() = w.dims[0];
  return std::nullopt;
}

/// Reads a pair of integers of at least 1 (E4010).
static std::optional<ShapeError> readPair(Call &call, llvm::StringRef param) {
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

std::optional<ShapeError> conv2d(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0], &w = call.operands[1];
  if (x.rank() != 4)
    return wrongRank(call, 0, "x of rank 4, NHWC");
  if (w.rank() != 4)
    return wrongRank(call, 1, "w of rank 4, HWCF");
  if (auto error = checkSameDType(call))
    return error;
  for (llvm::StringRef param : {"strides", "dilation"})
    if (auto error = readPair(call, param))
      return error;

  unsigned groupsParam = call.paramIndex("groups");
  int64_t groups = std::get<int64_t>(call.args[groupsParam]);
  std::optional<Dim> wanted = Dim::multiply(w.dims[2], Dim(groups));
  if (groups < 1 || !wanted || x.dims[3] != *wanted ||
      !Dim::divideExactly(w.dims[3], Dim(groups)))
    return ShapeError{
        DiagKind::ConvChannelMismatch,
        {quoted(call), shapeString(x.dims), shapeString(w.dims),
         x.dims[3].str(), wanted && groups >= 1 ? wanted->str() : "?"},
        {0, 1},
        {},
        groups == 1 ? ""
                    : "with groups = " + str(groups) +
                          ", w is [KH, KW, C / groups, F], and groups divides "
                          "C and F"};

  const Ints &strides = std::get<Ints>(call.arg("strides"));
  const Ints &dilation = std::get<Ints>(call.arg("dilation"));
  unsigned paddingParam = call.paramIndex("padding");
  Argument &padding = call.args[paddingParam];
  bool same = false;
  if (auto *word = std::get_if<std::string>(&padding)) {
    same = *word == "Same";
    padding = Ints(4, 0);
  }
  Ints &pads = std::get<Ints>(padding);
  if (pads.size() != 4 || !llvm::all_of(pads, [](int64_t pad) {
        return pad >= 0 && pad <= INT32_MAX;
      })) {
    Dims shown(pads.begin(), pads.end());
    return ShapeError{DiagKind::ConvPadding,
                      {quoted(call), shapeString(shown)},
                      {},
                      paddingParam,
                      "padding is `Valid`, `Same` or "
                      "[[top, bottom], [left, right]]"};
  }

  result = {x.dtype, {x.dims[0], 0, 0, w.dims[3]}};
  for (unsigned axis = 0; axis != 2; ++axis) {
    const Dim &in = x.dims[1 + axis], &window = w.dims[axis];
    // Unknown extents wait for symbolic floor division; until then they must
    // be constants, save where the axis keeps its size.
    if (!in.isConstant() || !window.isConstant()) {
      bool keeps = same && strides[axis] == 1 && window.isConstant();
      if (!keeps)
        return wrongExtent(call, 0, 1, "an image or window extent", in, window,
                           "images and windows have constant extents");
      int64_t total = (window.constant() - 1) * dilation[axis];
      pads[2 * axis] = total / 2;
      pads[2 * axis + 1] = total - total / 2;
      result.dims[1 + axis] = in;
      continue;
    }
    // 128 bits hold every sum and product of what the checks above let pass.
    using Wide = __int128;
    Wide extent = in.constant(), stride = strides[axis];
    Wide reach = Wide(window.constant() - 1) * dilation[axis] + 1;
    if (same) {
      Wide out = (extent + stride - 1) / stride;
      Wide total = std::max<Wide>(0, (out - 1) * stride + reach - extent);
      pads[2 * axis] = int64_t(total / 2); // The odd one goes after.
      pads[2 * axis + 1] = int64_t(total - total / 2);
    }
    Wide padded = extent + pads[2 * axis] + pads[2 * axis + 1];
    Wide out = padded < reach ? 0 : (padded - reach) / stride + 1;
    if (out > INT64_MAX)
      return ShapeError{
          DiagKind::ElementCountOverflow, {shapeString(x.dims)}, {0}, {}, {}};
    if (out < 1)
      return ShapeError{DiagKind::NonPositiveDimension,
                        {str(1 + axis), "the result", "0"},
                        {0, 1},
                        {},
                        "the window reaches over " +
                            windowReach(window, dilation[axis]) +
                            " elements, more than the padded input has"};
    result.dims[1 + axis] = int64_t(out);
  }
  return std::nullopt;
}

} // namespace mind::rules
