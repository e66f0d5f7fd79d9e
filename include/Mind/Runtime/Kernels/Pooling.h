//===- Pooling.h - one number for each window of an image ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_POOLING_H
#define MIND_RUNTIME_KERNELS_POOLING_H

#include "Mind/Runtime/Kernels/Copy.h"
#include <memory>

namespace mind::kernels {

enum class PoolingKind : uint8_t { Max, Average };

/// Images [images, height, width, channels] give [images, resultHeight(),
/// resultWidth(), channels], extents at least 1.
struct PoolingShape {
  int64_t images, height, width, channels;
  /// By rows and columns.
  std::array<int64_t, 2> window, steps;
  /// Rows and columns around the images that do not count: top, bottom, left,
  /// right. Each is smaller than the window, so that a window sees something.
  std::array<int64_t, 4> padding = {0, 0, 0, 0};
  /// Strides of the images in elements, any. The result is dense.
  std::array<int64_t, 4> x = {};

  int64_t resultHeight() const {
    return (height + padding[0] + padding[1] - window[0]) / steps[0] + 1;
  }
  int64_t resultWidth() const {
    return (width + padding[2] + padding[3] - window[1]) / steps[1] + 1;
  }
};

template <typename T> struct PoolingLine;

/// How the windows of images of one shape are pooled. T is float or double;
/// for the maximum also int8_t, uint8_t, int32_t or int64_t.
///
/// NaN is larger than every number. An average is the sum over the window's
/// rows and columns, in this order, divided by the number of its elements that
/// are in the image. Vectors lie along the channels, which are brought together
/// first where they are no neighbours.
template <typename T> class PoolingPlan {
public:
  PoolingPlan(PoolingKind kind, const PoolingShape &shape,
              CpuLevel level = cpuLevel());

  /// Nothing overlaps `y`. `workspace` has workspaceBytes(), aligned to 64.
  void run(const T *x, T *y, void *workspace) const;

  size_t workspaceBytes() const {
    if (!gather)
      return 0;
    return size_t(shape.images * shape.x[0]) * sizeof(T);
  }

private:
  PoolingShape shape;
  void (*poolLine)(const PoolingLine<T> &);
  std::unique_ptr<const CopyPlan> gather;
};

extern template class PoolingPlan<float>;
extern template class PoolingPlan<double>;
extern template class PoolingPlan<int8_t>;
extern template class PoolingPlan<uint8_t>;
extern template class PoolingPlan<int32_t>;
extern template class PoolingPlan<int64_t>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_POOLING_H
