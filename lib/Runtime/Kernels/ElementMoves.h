//===- ElementMoves.h - elements that do not lie side by side --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ELEMENTMOVES_H
#define MIND_LIB_RUNTIME_KERNELS_ELEMENTMOVES_H

#include "Transposition.h"

namespace mind::kernels {

/// A block in memory: the outermost axis first, strides in elements.
struct BlockView {
  const int64_t *extents, *strides;
  size_t rank;
};

/// Copies a block of elements of `size` bytes from where `view` says to `to`,
/// where they lie side by side in row-major order, and back.
void gatherBlock(const CopyTable &table, size_t size, void *to,
                 const void *from, BlockView view);
void scatterBlock(const CopyTable &table, size_t size, void *to,
                  const void *from, BlockView view);

/// Stores the element at `one` `count` times.
void fillBlock(size_t size, void *to, const void *one, size_t count);

/// Stores the positions along an axis of a block of `count` elements: each
/// `repeats` times, and after `extent` of them the first again.
void fillPositions(int64_t *to, int64_t first, int64_t extent, int64_t repeats,
                   int64_t count);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ELEMENTMOVES_H
