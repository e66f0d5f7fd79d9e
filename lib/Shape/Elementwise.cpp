//===- Elementwise.cpp - rules of elementwise operations ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

std::optional<ShapeError> elementwise(Call &call, TensorType &result) {
  if (auto error = checkSameDType(call))
    return error;
  result.dtype = call.operands.front().dtype;
  return broadcastOperands(call, result.dims);
}

std::optional<ShapeError> predicate(Call &call, TensorType &result) {
  auto error = elementwise(call, result);
  result.dtype = DType::Bool;
  return error;
}

std::optional<ShapeError> select(Call &call, TensorType &result) {
  if (!isBool(call.operands[0].dtype))
    return dtypeNotAllowed(call, 0, "bool as its condition");
  if (auto error = checkSameDType(call, 1))
    return error;
  result.dtype = call.operands[1].dtype;
  return broadcastOperands(call, result.dims);
}

std::optional<ShapeError> cast(Call &call, TensorType &result) {
  result = {std::get<DType>(call.arg("dtype")), call.operands[0].dims};
  return std::nullopt;
}

} // namespace mind::rules
