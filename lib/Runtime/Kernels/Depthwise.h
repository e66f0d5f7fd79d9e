//===- Depthwise.h - channels with filters of their own --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_DEPTHWISE_H
#define MIND_LIB_RUNTIME_KERNELS_DEPTHWISE_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <cstdint>

namespace mind::kernels {

/// A line of a result whose channels (the features) are neighbours, as in the
/// filters and the images, where there are `depth` elements for each of them.
template <typename T> struct DepthwiseLine {
  int64_t channels, depth;
  /// The pixels of the result and of the image's lines.
  int64_t pixels, width;
  /// The lines of the image that the windows see, from the first on that is
  /// there, and the rows of the filters that meet them.
  int64_t lines;
  const T *x, *w;
  T *y;
  /// From a line that is seen to the next, between pixels, and in the depth.
  int64_t xLine, xPixel, xDepth, wLine, wPixel, wDepth, yPixel;
  /// The columns of a window, how far apart they are in the image, how far
  /// windows are apart, and the columns of zeros before the image.
  int64_t columns, dilation, step, left;
  /// What follows: for each channel a number that is added, or null, and the
  /// rectifier.
  const T *bias;
  bool relu;
};

template <typename T>
using DepthwiseFunction = void (*)(const DepthwiseLine<T> &);

/// The function of the richest instruction set up to `level` that was compiled.
template <typename T> DepthwiseFunction<T> depthwiseFunction(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_DEPTHWISE_H
