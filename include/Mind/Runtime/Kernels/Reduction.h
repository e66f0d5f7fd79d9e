//===- Reduction.h - many elements in, one out -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions of what an elementwise expression computes, block by block, so
// that it is never in memory as a whole.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_REDUCTION_H
#define MIND_RUNTIME_KERNELS_REDUCTION_H

#include "Mind/Runtime/Kernels/Elementwise.h"

namespace mind::kernels {

enum class ReductionKind : uint8_t {
  Sum,
  Prod,
  Mean,
  /// The mean of the squared distances from the mean: computed in two passes.
  Variance,
  Max, ///< NaN if any element is
  Min,
  Any,
  All,
  /// The row-major position along the reduced axes of the first of the largest
  /// elements, or of the first NaN.
  ArgMax,
  ArgMin,
};

/// A reduction, ready to run. The order in which elements are combined depends
/// on nothing but shapes, strides and the level; sums of n floats are of parts
/// of parts, so that their error grows much slower than n.
class ReductionPlan {
public:
  /// Reduces what instruction `value` of `producer` computes over the axes of
  /// the domain `extents` that are `reduced`, and writes operand
  /// `resultOperand`, whose strides along them are 0. The stores of `producer`
  /// are not made.
  ///
  /// The value is of the accumulator's dtype: f32, f64 or, but for Mean and
  /// Variance, i64; also i8, u8 and i32 for extremes and their positions; bool
  /// for Any and All. So is the result, but that positions are i64. Of no
  /// elements, sums are 0, products 1, extremes the farthest, means NaN.
  ReductionPlan(ReductionKind kind, const ElementExpression &producer,
                uint16_t value, std::span<const int64_t> extents,
                std::span<const bool> reduced,
                std::span<const ElementOperand> operands,
                uint16_t resultOperand, CpuLevel level = cpuLevel());
  ~ReductionPlan();
  ReductionPlan(ReductionPlan &&) noexcept;
  ReductionPlan &operator=(ReductionPlan &&) noexcept;

  /// Scratch memory of a run, to be aligned at 64 bytes.
  size_t workspaceBytes() const;

  /// As ElementwisePlan::run; the result overlaps no other operand.
  ElementFault run(void *const *pointers, void *workspace) const;

private:
  class Passes;
  std::unique_ptr<const Passes> passes;
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_REDUCTION_H
