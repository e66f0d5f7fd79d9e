//===- Transposition.h - rows become columns -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The innermost loops of copies that profit from vectors, one table for each
// instruction set.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_TRANSPOSITION_H
#define MIND_LIB_RUNTIME_KERNELS_TRANSPOSITION_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <cstddef>
#include <cstdint>

namespace mind::kernels {

/// A matrix: the source has `columns` neighbours in each of its `rows`, which
/// are `fromRow` elements apart; in the destination they are columns, and its
/// rows are `toRow` elements apart.
struct TransposedMatrix {
  int64_t rows, columns, fromRow, toRow;
  /// Of the processor's second level.
  int64_t cacheBytes;
};

/// Rows of so many bytes each, and from one to the next.
struct CopiedRows {
  int64_t rows, bytes, fromRow, toRow;
};

/// Rows that lie side by side, each filled with one element, which are
/// `fromRow` elements apart.
struct FilledRows {
  int64_t rows, columns, fromRow;
};

struct CopyTable {
  void (*copyRows)(const void *from, void *to, const CopiedRows &);
  /// By the logarithm of an element's bytes: 1, 2, 4, 8.
  void (*transpose[4])(const void *from, void *to, const TransposedMatrix &);
  /// Copies the first `period` bytes behind them until there are `bytes`.
  void (*repeat)(void *to, int64_t period, int64_t bytes);
  void (*fillRows[4])(const void *from, void *to, const FilledRows &);
  /// The `count` elements that end with the one at `from`, the last one first.
  void (*reverse[4])(const void *from, void *to, int64_t count);
};

/// The table of the richest instruction set up to `level` that was compiled.
const CopyTable &copyTable(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_TRANSPOSITION_H
