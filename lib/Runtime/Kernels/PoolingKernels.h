//===- PoolingKernels.h - a line of windows --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_POOLINGKERNELS_H
#define MIND_LIB_RUNTIME_KERNELS_POOLINGKERNELS_H

#include "Mind/Runtime/Kernels/Pooling.h"

namespace mind::kernels {

/// A line of the result, whose channels are neighbours, as in the images.
template <typename T> struct PoolingLine {
  int64_t channels;
  /// The pixels of the result and of a line of the image.
  int64_t pixels, width;
  /// The lines of the image that the windows see, the first one at `x`, and the
  /// columns of a window.
  int64_t lines, columns;
  const T *x;
  T *y;
  int64_t xLine, xPixel;
  /// How far windows are apart, and the columns before the image.
  int64_t step, left;
};

template <typename T> using PoolingFunction = void (*)(const PoolingLine<T> &);

template <typename T> struct PoolingTable {
  PoolingFunction<T> max;
  /// Null for integers.
  PoolingFunction<T> average;
};

/// The table of the richest instruction set up to `level` that was compiled.
template <typename T> const PoolingTable<T> &poolingTable(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_POOLINGKERNELS_H
