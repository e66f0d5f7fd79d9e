//===- ElementMoves.cpp - elements that do not lie side by side ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementMoves.h"
#include <algorithm>
#include <cstring>

namespace mind::kernels {
namespace {

/// Copies a row, where either side may have a stride.
template <typename T>
void moveRow(T *to, int64_t toStride, const T *from, int64_t fromStride,
             int64_t count) {
  if (toStride == 1 && fromStride == 1)
    std::memcpy(to, from, size_t(count) * sizeof(T));
  else if (toStride == 1 && fromStride == 0)
    std::fill_n(to, count, *from);
  else if (toStride == 1)
    for (int64_t i = 0; i < count; ++i)
      to[i] = from[i * fromStride];
  else
    for (int64_t i = 0; i < count; ++i)
      to[i * toStride] = from[i * fromStride];
}

/// Transposes a matrix whose rows are `toStride` and whose columns are
/// `fromStride` apart, from columns that lie side by side.
template <typename T>
void transpose(T *to, int64_t toStride, const T *from, int64_t fromStride,
               int64_t rows, int64_t columns) {
  int64_t j = 0;
  if constexpr (sizeof(T) == 4) {
    using Four = T __attribute__((vector_size(16)));
    auto load = [](const T *at) {
      Four four;
      std::memcpy(&four, at, sizeof(four));
      return four;
    };
    auto store = [](T *at, Four four) { std::memcpy(at, &four, sizeof(four)); };
    // All of a few columns, so that their cache lines are read once.
    for (; j + 4 <= columns; j += 4) {
      int64_t i = 0;
      for (; i + 4 <= rows; i += 4) {
        const T *corner = from + i + j * fromStride;
        const Four a = load(corner), b = load(corner + fromStride);
        const Four c = load(corner + 2 * fromStride);
        const Four d = load(corner + 3 * fromStride);
        const Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
        const Four AB = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        const Four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        const Four CD = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        T *at = to + i * toStride + j;
        store(at, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
        store(at + toStride, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
        store(at + 2 * toStride, __builtin_shufflevector(AB, CD, 0, 1, 4, 5));
        store(at + 3 * toStride, __builtin_shufflevector(AB, CD, 2, 3, 6, 7));
      }
      for (; i < rows; ++i)
        for (int64_t k = j; k < j + 4; ++k)
          to[i * toStride + k] = from[i + k * fromStride];
    }
  }
  for (; j < columns; ++j)
    for (int64_t i = 0; i < rows; ++i)
      to[i * toStride + j] = from[i + j * fromStride];
}

/// `dense` is where elements lie side by side, `spread` where they do not.
template <typename T, bool isGather>
void move(T *dense, T *spread, BlockView view, int64_t size) {
  if (view.rank == 0) {
    isGather ? void(*dense = *spread) : void(*spread = *dense);
    return;
  }
  const int64_t extent = *view.extents, stride = *view.strides;
  auto row = [](T *dense, int64_t denseStride, T *spread, int64_t spreadStride,
                int64_t count) {
    if (isGather)
      moveRow(dense, denseStride, spread, spreadStride, count);
    else
      moveRow(spread, spreadStride, dense, denseStride, count);
  };
  if (view.rank == 1)
    return row(dense, 1, spread, stride, extent);
  const int64_t step = size / extent;
  if (view.rank == 2) {
    const int64_t inner = view.strides[1];
    if (stride == 1 && (inner < -1 || inner > 1)) {
      if (isGather)
        transpose(dense, step, spread, inner, extent, step);
      else
        transpose(spread, inner, dense, step, step, extent);
      return;
    }
    // Columns, if they are what lies side by side or are much longer.
    const bool byColumns =
        inner != 1 && inner != 0 && (stride == 1 || step * 4 <= extent);
    if (byColumns) {
      for (int64_t i = 0; i < step; ++i)
        row(dense + i, step, spread + i * inner, stride, extent);
      return;
    }
    if (step < 4 && (inner != 1 || stride != step)) {
      for (int64_t i = 0; i < step; ++i)
        row(dense + i, step, spread + i * inner, stride, extent);
      return;
    }
  }
  const BlockView rest = {view.extents + 1, view.strides + 1, view.rank - 1};
  for (int64_t i = 0; i < extent; ++i)
    move<T, isGather>(dense + i * step, spread + i * stride, rest, step);
}

template <bool isGather>
void moveBlock(size_t size, void *dense, void *spread, BlockView view) {
  int64_t count = 1;
  for (size_t i = 0; i < view.rank; ++i)
    count *= view.extents[i];
  auto as = [&]<typename T>(T) {
    move<T, isGather>(static_cast<T *>(dense), static_cast<T *>(spread), view,
                      count);
  };
  switch (size) {
  case 1:
    return as(uint8_t());
  case 2:
    return as(uint16_t());
  case 4:
    return as(uint32_t());
  default:
    return as(uint64_t());
  }
}

} // namespace

void gatherBlock(size_t size, void *to, const void *from, BlockView view) {
  moveBlock<true>(size, to, const_cast<void *>(from), view);
}

void scatterBlock(size_t size, void *to, const void *from, BlockView view) {
  moveBlock<false>(size, const_cast<void *>(from), to, view);
}

void fillBlock(size_t size, void *to, const void *one, size_t count) {
  auto as = [&]<typename T>(T element) {
    std::memcpy(&element, one, sizeof(T));
    std::fill_n(static_cast<T *>(to), count, element);
  };
  switch (size) {
  case 1:
    return as(uint8_t());
  case 2:
    return as(uint16_t());
  case 4:
    return as(uint32_t());
  default:
    return as(uint64_t());
  }
}

void fillPositions(int64_t *to, int64_t first, int64_t extent, int64_t repeats,
                   int64_t count) {
  for (int64_t i = 0; i < count; i += extent * repeats)
    for (int64_t j = 0; j < extent; ++j, to += repeats)
      std::fill_n(to, repeats, first + j);
}

} // namespace mind::kernels
