//===- Integers.h - products of matrices of integers -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_INTEGERS_H
#define MIND_LIB_RUNTIME_KERNELS_INTEGERS_H

#include "Mind/Runtime/Kernels/Matmul.h"

namespace mind::kernels {

/// C = A B, of rows of neighbours in B and C.
struct IntegerMatrices {
  int64_t m, n, k;
  MatrixStrides a;
  int64_t bRow, cRow;
};

template <typename T>
using IntegerFunction = void (*)(const IntegerMatrices &, const T *a,
                                 const T *b, T *c);

/// By the size of an element: what wraps has no sign.
struct IntegerTable {
  IntegerFunction<uint8_t> bytes;
  IntegerFunction<uint32_t> words;
  IntegerFunction<uint64_t> longWords;

  template <typename T>
  void multiply(const IntegerMatrices &matrices, const T *a, const T *b,
                T *c) const {
    if constexpr (sizeof(T) == 1)
      bytes(matrices, reinterpret_cast<const uint8_t *>(a),
            reinterpret_cast<const uint8_t *>(b),
            reinterpret_cast<uint8_t *>(c));
    else if constexpr (sizeof(T) == 4)
      words(matrices, reinterpret_cast<const uint32_t *>(a),
            reinterpret_cast<const uint32_t *>(b),
            reinterpret_cast<uint32_t *>(c));
    else
      longWords(matrices, reinterpret_cast<const uint64_t *>(a),
                reinterpret_cast<const uint64_t *>(b),
                reinterpret_cast<uint64_t *>(c));
  }
};

/// The table of the richest instruction set up to `level` that was compiled.
const IntegerTable &integerTable(CpuLevel level);

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_INTEGERS_H
