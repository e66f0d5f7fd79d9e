//===- RowKernels.h - rows in vectors --------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ROWKERNELS_H
#define MIND_LIB_RUNTIME_KERNELS_ROWKERNELS_H

#include "Mind/Runtime/Kernels/Rows.h"

namespace mind::kernels {

/// Rows of `count` elements each.
template <typename T> struct RowsBlock {
  int64_t count, rows;
  const T *x;
  T *y;
  /// From a row to the next, or, where rows are neighbours, from an element of
  /// a row to the next.
  int64_t xNext, yNext;
  /// Of layer normalisation.
  const T *gamma, *beta;
  T eps;
};

template <typename T> using RowsFunction = void (*)(const RowsBlock<T> &);

/// By RowsKind.
template <typename T> struct RowsTable {
  /// Rows of neighbours; `y` may be `x`.
  RowsFunction<T> along[3];
  /// Rows that are neighbours.
  RowsFunction<T> across[3];
};

/// The table of the richest instruction set up to `level` that was compiled.
template <typename T> const RowsTable<T> &rowsTable(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ROWKERNELS_H
