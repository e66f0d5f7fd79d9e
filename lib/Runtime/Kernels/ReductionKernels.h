//===- ReductionKernels.h - combining elements -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_REDUCTIONKERNELS_H
#define MIND_LIB_RUNTIME_KERNELS_REDUCTIONKERNELS_H

#include "ElementKernels.h"

namespace mind::kernels {

/// How two elements become one. Extremes are NaN if either is.
enum class Combination : uint8_t {
  Sum,
  Product,
  Larger,
  Smaller,
  /// Of squared distances from the centers of rows or columns.
  SquareSum,
};
inline constexpr int numCombinations = 5;

struct ReductionKernels {
  /// Combines each accumulator with a row of the matrix at `elements`, whose
  /// rows of `length` elements lie side by side. Only SquareSum has centers.
  void (*rows)(const void *elements, int64_t rows, int64_t length,
               void *accumulators, const void *centers);
  /// Combines each accumulator with a column of the matrix.
  void (*columns)(const void *elements, int64_t rows, int64_t columns,
                  void *accumulators, const void *centers);
  /// Of extremes: `columns` that also keeps the position of the best element,
  /// which is that of its row, `step` after the one before. The first stays.
  void (*positions)(const void *elements, int64_t rows, int64_t columns,
                    void *accumulators, int64_t *positions, int64_t first,
                    int64_t step);
  /// Of extremes: where in a row the first element is that equals the one at
  /// `extreme`, or is NaN as that is; there is one.
  int64_t (*find)(const void *row, int64_t length, const void *extreme);
};

/// Sums and products are of I64, F32 and F64, SquareSum is of the latter two.
const ReductionKernels &reductionKernels(Combination combination,
                                         RegisterType type, CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_REDUCTIONKERNELS_H
