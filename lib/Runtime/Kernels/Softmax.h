//===- Softmax.h - scores become weights -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What attention does to a row of scores between its two products, one table
// for each instruction set. Scores are logarithms to the base 2.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_SOFTMAX_H
#define MIND_LIB_RUNTIME_KERNELS_SOFTMAX_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <cstdint>

namespace mind::kernels {

/// A row of scores of one block of keys, and what is known of the row from the
/// blocks before.
template <typename T> struct ScoreRow {
  /// Becomes weights, 2^(score - largest), of the keys that are seen, and 0
  /// beyond, up to `width`. In memory, vectors are whole.
  T *scores;
  int64_t visible, width;
  /// The largest score and the sum of the weights, if `isFirst` of no block.
  T *largest, *sum;
  bool isFirst;
  /// What the weights have been multiplied with so far; whole vectors.
  T *values;
  int64_t features;
};

template <typename T> struct SoftmaxTable {
  /// Multiplies elements that lie, or are to lie, `stride` apart.
  void (*gather)(const T *from, int64_t stride, T factor, T *to, int64_t count);
  void (*scatter)(const T *from, T factor, T *to, int64_t stride,
                  int64_t count);
  /// Adds `count` logarithms to the base e that lie `stride` apart.
  void (*addMask)(T *scores, const T *mask, int64_t stride, int64_t count);
  /// Hides the scores where `mask` is 0.
  void (*keepMask)(T *scores, const uint8_t *mask, int64_t stride,
                   int64_t count);
  void (*weigh)(const ScoreRow<T> &row);
};

/// The table of the richest instruction set up to `level` that was compiled.
template <typename T> const SoftmaxTable<T> &softmaxTable(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_SOFTMAX_H
