//===- Copy.h - elements from one layout to another ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies between tensors of any strides: transpositions, slices, broadcasts,
// flips and concatenations are all one of these. Axes are put in the order of
// the destination and merged; what then lies in rows of neighbours on both
// sides is copied by rows, and where the rows of one side are the columns of
// the other, blocks are transposed in registers.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_COPY_H
#define MIND_RUNTIME_KERNELS_COPY_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include "Mind/Runtime/Kernels/Loops.h"
#include <span>

namespace mind::kernels {

struct CopyTable;

/// How elements of 1, 2, 4 or 8 bytes are copied. Strides are in elements, and
/// any: those of the source may be 0 (it is read again) or negative, then its
/// pointer is to the element at all indices 0. No two elements go to the same
/// place, and source and destination do not overlap.
class CopyPlan {
public:
  CopyPlan(size_t elementBytes, std::span<const int64_t> extents,
           std::span<const int64_t> fromStrides,
           std::span<const int64_t> toStrides, CpuLevel level = cpuLevel());

  /// Any alignment serves.
  void run(const void *from, void *to) const;

  size_t workspaceBytes() const { return 0; }

private:
  /// What the innermost loops do.
  enum class Kind : uint8_t {
    Nothing,   ///< there are no elements
    Rows,      ///< copy rows of neighbours
    Repeat,    ///< write an element to a row
    Reverse,   ///< copy rows from their ends
    Transpose, ///< rows of the source become columns
    Spread,    ///< two loops of any strides
  };

  template <typename T> void runSpread(const T *from, T *to) const;

  Kind kind = Kind::Nothing;
  size_t elementBytes;
  const CopyTable *table = nullptr;
  /// Around the innermost ones, in bytes.
  LoopNest<2> outer;
  /// The innermost two, in elements: `inner` is the one along which the
  /// destination has neighbours, `across` that along which the source has, or
  /// that of rows.
  Loop<2> inner, across;
  /// Where the loops begin, in bytes, since axes may be turned around.
  int64_t fromStart = 0, toStart = 0;
};

/// How the elements of a tensor of any strides are set to one value.
class FillPlan {
public:
  FillPlan(size_t elementBytes, std::span<const int64_t> extents,
           std::span<const int64_t> strides);

  /// Writes the lowest `elementBytes` of `bits` to each element.
  void run(uint64_t bits, void *to) const;

  size_t workspaceBytes() const { return 0; }

private:
  template <typename T> void runRows(T value, T *to) const;

  bool isEmpty = false;
  size_t elementBytes;
  /// In elements.
  LoopNest<1> outer;
  Loop<1> inner;
  int64_t begin = 0;
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_COPY_H
