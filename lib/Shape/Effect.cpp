//===- Effect.cpp - rules of operations without results ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Rules.h"
#include "RuleSupport.h"

namespace mind::rules {

/// Each value and each of its dimensions takes code, and memory on the stack.
static constexpr size_t maxPrinted = 512;

std::optional<ShapeError> printed(Call &call, TensorType &) {
  size_t count = 0;
  for (const TensorType &operand : call.operands)
    count += 1 + operand.rank();
  if (count <= maxPrinted)
    return std::nullopt;
  return ShapeError{DiagKind::LimitExceeded,
                    {"the number of values of " + quoted(call) +
                         ", their dimensions included,",
                     str(maxPrinted)},
                    {},
                    {},
                    {}};
}

std::optional<ShapeError> assertion(Call &call, TensorType &) {
  const TensorType &condition = call.operands[0];
  if (condition.rank() == 0)
    return std::nullopt;
  return ShapeError{DiagKind::RankMismatch,
                    {quoted(call), "a condition of rank 0",
                     shapeString(condition.dims), str(condition.rank())},
                    {0},
                    {},
                    "reduce it: `all(x)`, or `any(x)` if one is enough"};
}

} // namespace mind::rules
