//===- Rows.h - softmax and layer normalisation ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What rescales the elements of a row by what all of them are: rows along one
// axis or several, of tensors of any strides.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_ROWS_H
#define MIND_RUNTIME_KERNELS_ROWS_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include "Mind/Runtime/Kernels/Loops.h"
#include <span>

namespace mind::kernels {

/// What becomes of an element x of a row.
enum class RowsKind : uint8_t {
  Softmax,    ///< exp(x - largest) / sum of exp(x - largest)
  LogSoftmax, ///< x - largest - log(sum of exp(x - largest))
  LayerNorm,  ///< (x - mean) * (1 / sqrt(variance + eps)) * gamma + beta
};

template <typename T> struct RowsTable;

/// How the rows of one tensor are computed. T is float or double.
///
/// Vectors lie along rows of neighbours, or across rows whose elements are
/// neighbours; other rows are copied to the workspace and back. Sums run over
/// as many partial sums as four vectors have lanes along a row, and in
/// ascending order across rows; the variance is the mean of squared distances
/// from the mean. Exponentials are within 1 ulp, denormal ones too, logarithms
/// within 2. A row with a NaN, or whose largest element is infinite, is NaN.
template <typename T> class RowsPlan {
public:
  /// Rows go along the axes whose bit is set in `axes` (bit 0 is the first
  /// axis), one for the softmaxes. Strides are in elements; those of the input
  /// are any. Extents are at least 1.
  RowsPlan(RowsKind kind, std::span<const int64_t> extents, uint64_t axes,
           std::span<const int64_t> fromStrides,
           std::span<const int64_t> toStrides, double eps = 0,
           CpuLevel level = cpuLevel());

  /// `gamma` and `beta` are dense, of the shape of the rows' axes, and null for
  /// the softmaxes. Nothing overlaps `y`; `workspace` has workspaceBytes(),
  /// aligned to 64.
  void run(const T *x, const T *gamma, const T *beta, T *y,
           void *workspace) const;

  size_t workspaceBytes() const {
    return order == Order::Gathered ? size_t(count) * sizeof(T) : 0;
  }

private:
  enum class Order : uint8_t { Along, Across, Gathered };

  RowsKind kind;
  Order order;
  double eps;
  const RowsTable<T> *table;
  /// The elements of a row.
  int64_t count;
  /// Over the rows, and over the elements of one.
  LoopNest<2> outer, row;
  /// Along: rows that follow one another. Across: rows that are neighbours.
  Loop<2> rows;
};

extern template class RowsPlan<float>;
extern template class RowsPlan<double>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ROWS_H
