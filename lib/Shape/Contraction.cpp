//===- Contraction.cpp - rules of contractions ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

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

  result = {x.dtype, {x.dims[0], 0, 0, w.dims[3]}};
  return slideWindow(call, llvm::ArrayRef(w.dims).take_front(2),
                     std::get<Ints>(call.arg("strides")),
                     std::get<Ints>(call.arg("dilation")),
                     llvm::MutableArrayRef(result.dims).slice(1, 2));
}

} // namespace mind::rules
