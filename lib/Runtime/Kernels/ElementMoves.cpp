//===- ElementMoves.cpp - elements that do not lie side by side ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementMoves.h"
#include <algorithm>
#include <bit>
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
void transpose(const CopyTable &table, T *to, int64_t toStride, const T *from,
               int64_t fromStride, int64_t rows, int64_t columns) {
  // Blocks are read soon: not past the cache.
  constexpr int64_t endless = int64_t(1) << 48;
  table.transpose[std::bit_width(sizeof(T)) - 1](
      from, to, {columns, rows, fromStride, toStride, endless});
}

/// `dense` is where elements lie side by side, `spread` where they do not.
template <typename T, bool isGather>
void move(const CopyTable &table, T *dense, T *spread, BlockView view,
          int64_t size) {
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
  const BlockView rest = {view.extents + 1, view.strides + 1, view.rank - 1};
  if constexpr (isGather)
    if (stride == 0) {
      move<T, isGather>(table, dense, spread, rest, step);
      return table.repeat(dense, step * int64_t(sizeof(T)),
                          size * int64_t(sizeof(T)));
    }
  if (view.rank == 2) {
    const int64_t inner = view.strides[1];
    if (isGather && inner == 0)
      return table.fillRows[std::bit_width(sizeof(T)) - 1](
          spread, dense, {extent, step, stride});
    if (stride == 1 && (inner < -1 || inner > 1)) {
      if (isGather)
        transpose(table, dense, step, spread, inner, extent, step);
      else
        transpose(table, spread, inner, dense, step, step, extent);
      return;
    }
    if (inner == 1 && step >= 4) {
      const int64_t near = step * int64_t(sizeof(T)),
                    far = stride * int64_t(sizeof(T));
      if (isGather)
        table.copyRows(spread, dense, {extent, near, far, near});
      else
        table.copyRows(dense, spread, {extent, near, near, far});
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
  for (int64_t i = 0; i < extent; ++i)
    move<T, isGather>(table, dense + i * step, spread + i * stride, rest, step);
}

template <bool isGather>
void moveBlock(const CopyTable &table, size_t size, void *dense, void *spread,
               BlockView view) {
  int64_t count = 1;
  for (size_t i = 0; i < view.rank; ++i)
    count *= view.extents[i];
  auto as = [&]<typename T>(T) {
    move<T, isGather>(table, static_cast<T *>(dense), static_cast<T *>(spread),
                      view, count);
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

void gatherBlock(const CopyTable &table, size_t size, void *to,
                 const void *from, BlockView view) {
  moveBlock<true>(table, size, to, const_cast<void *>(from), view);
}

void scatterBlock(const CopyTable &table, size_t size, void *to,
                  const void *from, BlockView view) {
  moveBlock<false>(table, size, const_cast<void *>(from), to, view);
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
