//===- Indexing.cpp - rules of elements by their position -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

/// What is known of the index `operand` lies within `extent`; negative ones
/// count from the end where `fromEnd` (E6001).
static std::optional<ShapeError> checkKnown(const Call &call, unsigned operand,
                                            const Dim &extent, unsigned axis,
                                            bool fromEnd) {
  if (operand >= call.known.size() || !extent.isConstant())
    return std::nullopt;
  int64_t count = extent.constant();
  for (int64_t index : call.known[operand]) {
    if (index < count && index >= (fromEnd ? -count : 0))
      continue;
    ShapeError error{DiagKind::IndexOutOfBounds,
                     {str(index), str(axis), str(count)},
                     {},
                     {},
                     {}};
    error.culprit = operand;
    return error;
  }
  return std::nullopt;
}

std::optional<ShapeError> index(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  unsigned numIndices = call.operands.size() - 1;
  if (numIndices == 0 || numIndices > x.rank())
    return ShapeError{DiagKind::IndexCount,
                      {quoted(call), shapeString(x.dims), str(numIndices),
                       numIndices == 1 ? "index" : "indices", str(x.rank())},
                      {0},
                      {},
                      {}};
  unsigned param = call.paramIndex("axes");
  if (call.args[param].index() == 0)
    call.args[param] = llvm::to_vector<4>(llvm::seq<int64_t>(0, numIndices));
  else if (auto error = normalizeAxes(call, "axes", x, /*ascending=*/false))
    return error;
  const Ints &axes = std::get<Ints>(call.args[param]);
  if (axes.size() != numIndices)
    return ShapeError{
        DiagKind::ArgumentKind,
        {"axes", quoted(call), "an axis for each index", str(axes.size())},
        {},
        param,
        {}};
  for (unsigned operand = 1; operand <= numIndices; ++operand) {
    if (call.operands[operand].rank() != 0) {
      ShapeError error = wrongRank(call, operand, "indices of rank 0");
      error.help = "to select many positions, use `gather`";
      return error;
    }
    int64_t axis = axes[operand - 1];
    if (auto error = checkKnown(call, operand, x.dims[axis], axis,
                                /*fromEnd=*/true))
      return error;
  }
  result.dtype = x.dtype;
  result.dims.clear();
  for (auto [axis, dim] : llvm::enumerate(x.dims))
    if (!llvm::is_contained(axes, int64_t(axis)))
      result.dims.push_back(dim);
  return std::nullopt;
}

/// What a gather of operand 1 from `axis` of operand 0 gives.
static std::optional<ShapeError> gatherFrom(const Call &call, unsigned axis,
                                            TensorType &result) {
  const TensorType &x = call.operands[0], &indices = call.operands[1];
  if (auto error = checkKnown(call, 1, x.dims[axis], axis, /*fromEnd=*/false))
    return error;
  llvm::ArrayRef<Dim> dims = x.dims;
  result.dtype = x.dtype;
  result.dims.assign(dims.begin(), dims.begin() + axis);
  result.dims.append(indices.dims.begin(), indices.dims.end());
  result.dims.append(dims.begin() + axis + 1, dims.end());
  return std::nullopt;
}

std::optional<ShapeError> gather(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0];
  if (auto error = normalizeAxis(call, "axis", x, x.rank()))
    return error;
  return gatherFrom(call, std::get<int64_t>(call.arg("axis")), result);
}

std::optional<ShapeError> embedding(Call &call, TensorType &result) {
  if (call.operands[0].rank() != 2)
    return wrongRank(call, 0, "a table of rank 2");
  return gatherFrom(call, 0, result);
}

std::optional<ShapeError> scatterAdd(Call &call, TensorType &result) {
  const TensorType &x = call.operands[0], &updates = call.operands[2];
  if (x.dtype != updates.dtype)
    return dtypesDiffer(call, 0, 2);
  TensorType taken;
  if (auto error = gather(call, taken))
    return error;
  if (updates.rank() != taken.rank())
    return wrongRank(call, 2, "updates of shape " + shapeString(taken.dims));
  for (auto [axis, dims] :
       llvm::enumerate(llvm::zip_equal(taken.dims, updates.dims))) {
    auto [wanted, found] = dims;
    if (wanted != found)
      return ShapeError{DiagKind::ExtentMismatch,
                        {"updates of shape " + shapeString(taken.dims),
                         shapeString(updates.dims), str(axis), wanted.str(),
                         found.str()},
                        {1, 2},
                        {},
                        {}};
  }
  result = x;
  return std::nullopt;
}

std::optional<ShapeError> oneHot(Call &call, TensorType &result) {
  const TensorType &ids = call.operands[0];
  unsigned param = call.paramIndex("n");
  int64_t count = std::get<int64_t>(call.args[param]);
  if (count < 1)
    return ShapeError{
        DiagKind::ArgumentKind,
        {"n", quoted(call), "an integer of at least 1", str(count)},
        {},
        param,
        {}};
  if (auto error = checkKnown(call, 0, count, ids.rank(), /*fromEnd=*/false))
    return error;
  result = {std::get<DType>(call.arg("dtype")), ids.dims};
  result.dims.push_back(count);
  return std::nullopt;
}

} // namespace mind::rules
