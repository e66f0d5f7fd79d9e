//===- Pooling.cpp - one number for each window of an image --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Pooling.h"
#include "PoolingKernels.h"

namespace mind::kernels {

template <typename T>
PoolingPlan<T>::PoolingPlan(PoolingKind kind, const PoolingShape &given,
                            CpuLevel level)
    : shape(given) {
  const PoolingTable<T> &table = poolingTable<T>(level);
  poolLine = kind == PoolingKind::Max ? table.max : table.average;
  assert(poolLine && "integers have no average");
  if (shape.channels == 1 || shape.x[3] == 1)
    return;
  const std::array<int64_t, 4> extents = {shape.images, shape.height,
                                          shape.width, shape.channels};
  const std::array<int64_t, 4> dense = {
      shape.height * shape.width * shape.channels, shape.width * shape.channels,
      shape.channels, 1};
  gather = std::make_unique<const CopyPlan>(sizeof(T), extents, shape.x, dense,
                                            level);
  shape.x = dense;
}

template <typename T>
void PoolingPlan<T>::run(const T *x, T *y, void *workspace) const {
  if (gather) {
    gather->run(x, workspace);
    x = static_cast<const T *>(workspace);
  }
  PoolingLine<T> line = {};
  line.channels = shape.channels;
  line.pixels = shape.resultWidth();
  line.width = shape.width;
  line.columns = shape.window[1];
  line.xLine = shape.x[1];
  line.xPixel = shape.x[2];
  line.step = shape.steps[1];
  line.left = shape.padding[2];
  line.y = y;
  const int64_t lines = shape.resultHeight();
  for (int64_t image = 0; image < shape.images; ++image)
    for (int64_t row = 0; row < lines; ++row) {
      const int64_t top = row * shape.steps[0] - shape.padding[0];
      const int64_t first = std::max<int64_t>(top, 0);
      line.lines = std::min(top + shape.window[0], shape.height) - first;
      line.x = x + image * shape.x[0] + first * shape.x[1];
      poolLine(line);
      line.y += line.pixels * line.channels;
    }
}

template class PoolingPlan<float>;
template class PoolingPlan<double>;
template class PoolingPlan<int8_t>;
template class PoolingPlan<uint8_t>;
template class PoolingPlan<int32_t>;
template class PoolingPlan<int64_t>;

} // namespace mind::kernels
