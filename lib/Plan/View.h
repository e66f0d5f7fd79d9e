//===- View.h - a tensor in a buffer ---------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the planner has a value: movement of elements is arithmetic on views,
// and costs nothing when the plan runs.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_PLAN_VIEW_H
#define MIND_LIB_PLAN_VIEW_H

#include "Mind/Basic/DType.h"
#include "Mind/Shape/Dim.h"
#include <optional>

namespace mind {

/// Elements of a buffer of a plan; offset and strides are counted in elements.
struct View {
  uint32_t buffer = 0;
  DType dtype = DType::F32;
  Dim offset = 0;
  Dims extents, strides;

  size_t rank() const { return extents.size(); }
};

/// The strides of a dense row-major tensor.
Dims denseStrides(llvm::ArrayRef<Dim> extents);
/// Whether the elements lie side by side in row-major order.
bool isDense(const View &view);

/// `axes[i]` becomes axis i.
View transposed(const View &view, llvm::ArrayRef<int64_t> axes);
/// The elements with these extents, in the same order; none if no strides say
/// that.
std::optional<View> reshaped(const View &view, llvm::ArrayRef<Dim> extents);
/// Broadcast as the language does.
View broadcast(const View &view, llvm::ArrayRef<Dim> extents);
/// `extents` elements along each axis from `starts` on, in `steps`.
View sliced(const View &view, llvm::ArrayRef<Dim> starts,
            llvm::ArrayRef<int64_t> steps, llvm::ArrayRef<Dim> extents);
/// The axes, last element first.
View flipped(const View &view, llvm::ArrayRef<int64_t> axes);
/// Without an axis, at position `position` along it.
View selected(const View &view, int64_t axis, const Dim &position);
/// With an axis of extent 1 before `axis`.
View expanded(const View &view, int64_t axis);

// Arithmetic on extents and strides, which cannot overflow: mind-check-sizes
// has made sure of every tensor.
inline Dim sum(const Dim &a, const Dim &b) { return *Dim::add(a, b); }
inline Dim product(const Dim &a, const Dim &b) { return *Dim::multiply(a, b); }

} // namespace mind

#endif // MIND_LIB_PLAN_VIEW_H
