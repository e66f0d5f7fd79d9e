//===- Indexing.h - elements by their position -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// gather, embedding and scatter_add. An index that is out of bounds is
// reported, and taken as 0 where something is read and as nothing where
// something is added, so that execution stays defined.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_INDEXING_H
#define MIND_RUNTIME_KERNELS_INDEXING_H

#include "Mind/Basic/DType.h"
#include "Mind/Runtime/Kernels/Copy.h"
#include "Mind/Runtime/Kernels/Layer.h"
#include <memory>

namespace mind::kernels {

/// Whether an index was out of bounds, and the first one, in row-major order.
struct IndexFault {
  bool found = false;
  int64_t index = 0;
};

/// The position that `index` means along an axis of `extent`, where a negative
/// one counts from the end. Notes one that is outside in `fault`, unless there
/// was one before, and takes it as 0.
inline int64_t normalizedIndex(int64_t index, int64_t extent,
                               IndexFault &fault) {
  if (index >= -extent && index < extent)
    return index < 0 ? index + extent : index;
  if (!fault.found)
    fault = {true, index};
  return 0;
}

/// The first of `count` indices, of i32 or i64, that is not from 0 up to
/// `extent`.
IndexFault checkIndices(DType dtype, const void *indices, int64_t count,
                        int64_t extent);

/// How parts of a tensor are taken at many positions of an axis: the result has
/// the shape of the indices in its place, and is dense.
class GatherPlan {
public:
  /// `extents` and `strides`, in elements, are those of x. The indices are i32
  /// or i64, as `indexDType` says, and dense: only their number matters.
  GatherPlan(size_t elementBytes, std::span<const int64_t> extents,
             std::span<const int64_t> strides, size_t axis, DType indexDType,
             int64_t numIndices, CpuLevel level = cpuLevel());

  /// Nothing overlaps the result.
  IndexFault run(const void *x, const void *indices, void *result) const;

  size_t workspaceBytes() const { return 0; }

private:
  template <typename Index>
  void take(const char *x, const Index *indices, char *result) const;
  template <typename T, typename Index>
  void takeElements(const char *x, const Index *indices, char *result) const;

  size_t elementBytes;
  DType indexDType;
  int64_t extent, numIndices;
  /// Along the axis of x, in bytes, and those of a part.
  int64_t axisStride, partBytes;
  /// Around the axis: of x and the result, in bytes.
  LoopNest<2> outer;
  /// Copies a part that does not lie in one piece.
  std::unique_ptr<const CopyPlan> copyPart;
};

/// How updates are added to parts of a tensor at many positions of an axis. Of
/// several to one place the sum is taken in row-major order of the updates.
/// Integers wrap; f16 and bf16 are added in f32 and rounded once.
class ScatterAddPlan {
public:
  /// The updates have the shape of x with that of the indices in place of the
  /// axis. Strides are in elements, of any tensor but the indices and the
  /// result, which are dense.
  ScatterAddPlan(DType dtype, std::span<const int64_t> extents,
                 std::span<const int64_t> strides, size_t axis,
                 DType indexDType, std::span<const int64_t> indexExtents,
                 std::span<const int64_t> updateStrides,
                 CpuLevel level = cpuLevel());

  /// Nothing overlaps the result. `workspace` has workspaceBytes(), aligned to
  /// 64.
  IndexFault run(const void *x, const void *indices, const void *updates,
                 void *result, void *workspace) const;

  size_t workspaceBytes() const { return layout.bytes(); }

private:
  template <typename T, typename Index>
  void add(const T *updates, const Index *indices, T *result) const;
  template <typename T>
  void addAll(const void *updates, const void *indices, void *result) const;

  DType dtype, indexDType;
  CpuLevel level;
  int64_t extent, numIndices;
  /// The elements of the result and of the updates.
  int64_t elements, numUpdates;
  CopyPlan copy;
  /// Brings the updates together, where they are rounded.
  std::unique_ptr<const CopyPlan> gatherUpdates;
  /// Around and inside of the axis: of the updates and the result, in elements.
  LoopNest<2> outer, part;
  /// The innermost of the latter.
  Loop<2> inner;
  /// Of the updates, along the axes of the indices.
  LoopNest<1> positions;
  /// Along the axis of the result.
  int64_t axisStride;
  WorkspaceLayout layout;
  size_t sumsAt = 0, roundedAt = 0, updatesAt = 0;
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_INDEXING_H
