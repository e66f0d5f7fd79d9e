//===- Rows.cpp - softmax and layer normalisation ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Rows.h"
#include "RowKernels.h"

namespace mind::kernels {

/// The rows that are neighbours from which vectors go across them.
constexpr int64_t fewestAcross = 4;

template <typename T>
RowsPlan<T>::RowsPlan(RowsKind kind, std::span<const int64_t> extents,
                      uint64_t axes, std::span<const int64_t> fromStrides,
                      std::span<const int64_t> toStrides, double eps,
                      CpuLevel level)
    : kind(kind), eps(eps), table(&rowsTable<T>(level)) {
  for (size_t axis = 0; axis < extents.size(); ++axis)
    (axes >> axis & 1 ? row : outer)
        .add(extents[axis], {fromStrides[axis], toStrides[axis]});
  count = row.iterations();
  const std::array<int64_t, 2> neighbours = {1, 1};
  if (row.size() == 0 || (row.size() == 1 && row[0].strides == neighbours)) {
    order = Order::Along;
    rows = outer.removeInnermost();
    return;
  }
  if (row.size() == 1)
    for (size_t i = 0; i < outer.size(); ++i)
      if (outer[i].strides == neighbours && outer[i].extent >= fewestAcross) {
        order = Order::Across;
        rows = outer.remove(i);
        return;
      }
  order = Order::Gathered;
  rows = {1, {}};
}

template <typename T>
void RowsPlan<T>::run(const T *x, const T *gamma, const T *beta, T *y,
                      void *workspace) const {
  RowsBlock<T> block = {count,           rows.extent,     x,     y,
                        rows.strides[0], rows.strides[1], gamma, beta,
                        T(eps)};
  if (order == Order::Across) {
    block.xNext = row[0].strides[0];
    block.yNext = row[0].strides[1];
  }
  const RowsFunction<T> function = order == Order::Across
                                       ? table->across[size_t(kind)]
                                       : table->along[size_t(kind)];
  T *const gathered = static_cast<T *>(workspace);
  outer.forEach([&](const std::array<int64_t, 2> &at) {
    if (order != Order::Gathered) {
      block.x = x + at[0];
      block.y = y + at[1];
      return function(block);
    }
    T *next = gathered;
    row.forEach(
        [&](const std::array<int64_t, 2> &in) { *next++ = x[at[0] + in[0]]; });
    block.x = block.y = gathered;
    function(block);
    next = gathered;
    row.forEach(
        [&](const std::array<int64_t, 2> &in) { y[at[1] + in[1]] = *next++; });
  });
}

template class RowsPlan<float>;
template class RowsPlan<double>;

} // namespace mind::kernels
