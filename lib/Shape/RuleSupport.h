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
#include "llvm/ADT/Sequence.h"

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

/// The operand is an index of another dtype than indices have (E4011).
ShapeError indexDTypeNotAllowed(const Call &call, unsigned operand);

/// Two operands differ in dtype (E2004).
ShapeError dtypesDiffer(const Call &call, unsigned a, unsigned b);

/// Operands from `first` on have one dtype (E2004).
std::optional<ShapeError> checkSameDType(const Call &call, unsigned first = 0);

/// Broadcasts the shapes of all operands into `dims` (E3001).
std::optional<ShapeError> broadcastOperands(const Call &call, Dims &dims);

/// Normalises the axes of parameter `param` of a tensor of rank `rank`: a
/// left-out list becomes all axes, and the order ascending unless it means
/// something (E3004, E3005).
std::optional<ShapeError> normalizeAxes(Call &call, llvm::StringRef param,
                                        const TensorType &tensor,
                                        bool ascending = true);

/// Makes the axis of parameter `param`, one of `rank`, not negative (E3004).
std::optional<ShapeError> normalizeAxis(Call &call, llvm::StringRef param,
                                        const TensorType &tensor, int64_t rank);

/// Every extent of the shape argument is at least 1, but for one -1 where
/// `mayInfer` (E3006).
std::optional<ShapeError> checkExtents(Call &call, llvm::StringRef param,
                                       bool mayInfer);

/// The operand has another rank than `wanted`, "x of rank 4" (E3002).
ShapeError wrongRank(const Call &call, unsigned operand, std::string wanted);

/// Extents `a` of operand `lhs` and `b` of operand `rhs` differ; `what` they
/// are, "the inner dimension" (E3003).
ShapeError wrongExtent(const Call &call, unsigned lhs, unsigned rhs,
                       std::string what, const Dim &a, const Dim &b,
                       std::string help = {});

/// Reads a parameter as two integers of at least 1; one serves for both
/// (E4010).
std::optional<ShapeError> readPair(Call &call, llvm::StringRef param);

/// Passes a window over the two axes of operand 0's images (NHWC), and writes
/// at how many positions to `result`. `windows`, `strides` and `dilation` have
/// two elements each. Makes the argument `padding` numbers: `Same` gives
/// ceil(extent / stride) positions, the odd one after (E3006, E3011, E4010).
std::optional<ShapeError> slideWindow(Call &call, llvm::ArrayRef<Dim> windows,
                                      llvm::ArrayRef<int64_t> strides,
                                      llvm::ArrayRef<int64_t> dilation,
                                      llvm::MutableArrayRef<Dim> result);

} // namespace mind

#endif // MIND_LIB_SHAPE_RULESUPPORT_H
