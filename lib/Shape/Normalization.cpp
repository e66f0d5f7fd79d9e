//===- Normalization.cpp - rules of what is rescaled along axes -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"
#include <cmath>

namespace mind::rules {

std::optional<ShapeError> alongAxis(Call &call, TensorType &result) {
  result = call.operands[0];
  return normalizeAxis(call, "axis", result, result.rank());
}

/// Operand `operand` has the shape `wanted`, which `what` explains.
static std::optional<ShapeError> checkParameter(const Call &call,
                                                unsigned operand,
                                                llvm::ArrayRef<Dim> wanted,
                                                llvm::StringRef what) {
  const TensorType &found = call.operands[operand];
  llvm::StringRef name = call.op.params[operand].name;
  if (found.rank() != wanted.size())
    return wrongRank(call, operand,
                     name.str() + " of shape " + shapeString(wanted) + ", " +
                         what.str());
  for (auto [extent, expected] : llvm::zip_equal(found.dims, wanted))
    if (extent != expected)
      return wrongExtent(call, 0, operand, what.str(), expected, extent);
  return std::nullopt;
}

std::optional<ShapeError> layerNorm(Call &call, TensorType &result) {
  result = call.operands[0];
  if (auto error = checkSameDType(call))
    return error;
  if (auto error = normalizeAxes(call, "axes", result))
    return error;
  Dims wanted;
  for (int64_t axis : std::get<Ints>(call.arg("axes")))
    wanted.push_back(result.dims[axis]);
  for (unsigned operand : {1, 2})
    if (auto error =
            checkParameter(call, operand, wanted, "the extent of an axis"))
      return error;
  return std::nullopt;
}

std::optional<ShapeError> batchNorm(Call &call, TensorType &result) {
  result = call.operands[0];
  if (auto error = checkSameDType(call))
    return error;
  if (result.rank() < 1)
    return wrongRank(call, 0, "x of rank at least 1, channels last");
  for (unsigned operand = 1; operand != call.operands.size(); ++operand)
    if (auto error = checkParameter(call, operand, result.dims.back(),
                                    "the number of channels"))
      return error;
  return std::nullopt;
}

std::optional<ShapeError> attention(Call &call, TensorType &result) {
  const TensorType &q = call.operands[0], &k = call.operands[1],
                   &v = call.operands[2];
  for (unsigned operand = 0; operand != 3; ++operand) {
    if (call.operands[operand].rank() < 2)
      return wrongRank(call, operand, "tensors of rank at least 2");
    if (q.dtype != call.operands[operand].dtype)
      return dtypesDiffer(call, 0, operand);
  }
  if (q.dims.back() != k.dims.back())
    return wrongExtent(call, 0, 1, "the number of features", q.dims.back(),
                       k.dims.back());
  auto length = [](const TensorType &type) -> const Dim & {
    return type.dims[type.rank() - 2];
  };
  if (length(k) != length(v))
    return wrongExtent(call, 1, 2, "the number of positions", length(k),
                       length(v));

  Dims batch;
  for (unsigned operand = 0; operand != 3; ++operand) {
    Dims joined;
    const TensorType &type = call.operands[operand];
    if (auto conflict =
            broadcast(batch, llvm::ArrayRef(type.dims).drop_back(2), joined))
      return ShapeError{DiagKind::BatchMismatch,
                        {quoted(call), shapeString(q.dims),
                         shapeString(type.dims), conflict->lhs.str(),
                         conflict->rhs.str()},
                        {0, operand},
                        {},
                        {}};
    batch = std::move(joined);
  }
  Dims scores = batch;
  scores.append({length(q), length(k)});
  if (!elementCount(scores))
    return ShapeError{
        DiagKind::ElementCountOverflow, {shapeString(scores)}, {0, 1}, {}, {}};
  if (call.operands.size() == 4) {
    const TensorType &mask = call.operands[3];
    if (!isBool(mask.dtype) && mask.dtype != q.dtype)
      return dtypeNotAllowed(call, 3,
                             "bool or " + std::string(dtypeName(q.dtype)) +
                                 " as its mask");
    if (mask.rank() > scores.size())
      return wrongRank(call, 3, "a mask of rank at most " + str(scores.size()));
    if (auto conflict = broadcastTo(mask.dims, scores))
      return ShapeError{DiagKind::BroadcastToMismatch,
                        {shapeString(mask.dims), shapeString(scores),
                         str(conflict->dimension), conflict->lhs.str(),
                         conflict->rhs.str()},
                        {3},
                        {},
                        {}};
  }

  Argument &scale = call.arg("scale");
  if (scale.index() == 0 && q.dims.back().isConstant())
    scale = 1 / std::sqrt(double(q.dims.back().constant()));
  result = {q.dtype, std::move(batch)};
  result.dims.append({length(q), v.dims.back()});
  return std::nullopt;
}

} // namespace mind::rules
