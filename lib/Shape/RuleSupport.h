//===- RuleSupport.h - what the shape rules share --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SHAPE_RULESUPPORT_H
#define MIND_LIB_SHAPE_RULESUPPORT_H

#include "Mind/Shape/Call.h"
#include "Mind/Shape/Operation.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

/// What the program wrote, between backquotes, as messages show it.
inline std::string quoted(const Call &call) {
  return "`" + (call.spelling.empty() ? call.op.name() : call.spelling).str() +
         "`";
}

inline std::string str(int64_t value) { return std::to_string(value); }

/// The operand's dtype is outside what the operation takes (E2005).
ShapeError dtypeNotAllowed(const Call &call, unsigned operand,
                           llvm::StringRef allowed);

/// Operands from `first` on have one dtype (E2004).
std::optional<ShapeError> checkSameDType(const Call &call, unsigned first = 0);

/// Broadcasts the shapes of all operands into `dims` (E3001).
std::optional<ShapeError> broadcastOperands(const Call &call, Dims &dims);

/// Normalises the axes of parameter `param` of a tensor of rank `rank`: a
/// left-out list becomes all axes (E3004, E3005).
std::optional<ShapeError> normalizeAxes(Call &call, llvm::StringRef param,
                                        const TensorType &tensor);

/// Makes the axis of parameter `param`, one of `rank`, not negative (E3004).
std::optional<ShapeError> normalizeAxis(Call &call, llvm::StringRef param,
                                        const TensorType &tensor, int64_t rank);

/// Every extent of the shape argument is at least 1, but for one -1 where
/// `mayInfer` (E3006).
std::optional<ShapeError> checkExtents(Call &call, llvm::StringRef param,
                                       bool mayInfer);

} // namespace mind

#endif // MIND_LIB_SHAPE_RULESUPPORT_H
