//===- Integers.cpp - one source for every instruction set ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Integers.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "Integers.h"
#include "Vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

/// What elements are summed in: there are no products of bytes, but the lowest
/// bytes of products of 16 bits are the same.
template <typename T>
using Sum = std::conditional_t<sizeof(T) == 1, uint16_t, T>;

template <class D, typename T>
HWY_INLINE hn::Vec<D> loadSum(D d, const T *from) {
  if constexpr (sizeof(T) == 1)
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, D>(), from));
  else
    return hn::LoadU(d, from);
}

template <class D, typename T>
HWY_INLINE void storeSum(D d, hn::Vec<D> sum, T *to) {
  if constexpr (sizeof(T) == 1) {
    const hn::Rebind<T, D> narrow;
    // Packing saturates.
    sum = hn::And(sum, hn::Set(d, 0xff));
    hn::StoreU(hn::DemoteTo(narrow, hn::BitCast(hn::RebindToSigned<D>(), sum)),
               narrow, to);
  } else {
    hn::StoreU(sum, d, to);
  }
}

/// Some rows of as many columns as vectors have.
template <int rows, int vectors, class D, typename T>
HWY_INLINE void multiplyTile(D d, const IntegerMatrices &matrices, const T *a,
                             const T *b, T *c) {
  const int64_t width = int64_t(hn::Lanes(d));
  const int64_t depth = matrices.k, bRow = matrices.bRow;
  const MatrixStrides strides = matrices.a;
  hn::Vec<D> sums[rows][vectors];
  HWY_UNROLL(rows)
  for (int i = 0; i < rows; ++i)
    HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j)
    sums[i][j] = hn::Zero(d);
  for (int64_t k = 0; k < depth; ++k, a += strides.col, b += bRow) {
    hn::Vec<D> row[vectors];
    HWY_UNROLL(vectors)
    for (int j = 0; j < vectors; ++j)
      row[j] = loadSum(d, b + j * width);
    HWY_UNROLL(rows)
    for (int i = 0; i < rows; ++i) {
      const hn::Vec<D> factor = hn::Set(d, Sum<T>(a[i * strides.row]));
      HWY_UNROLL(vectors)
      for (int j = 0; j < vectors; ++j)
        sums[i][j] = hn::Add(sums[i][j], hn::Mul(factor, row[j]));
    }
  }
  HWY_UNROLL(rows)
  for (int i = 0; i < rows; ++i)
    HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j)
    storeSum(d, sums[i][j], c + i * matrices.cRow + j * width);
}

/// As many columns as vectors have, of all rows.
template <int vectors, class D, typename T>
HWY_INLINE void multiplyPanel(D d, const IntegerMatrices &matrices, const T *a,
                              const T *b, T *c) {
  constexpr int rows = 4;
  int64_t i = 0;
  for (; i + rows <= matrices.m; i += rows)
    multiplyTile<rows, vectors>(d, matrices, a + i * matrices.a.row, b,
                                c + i * matrices.cRow);
  for (; i < matrices.m; ++i)
    multiplyTile<1, vectors>(d, matrices, a + i * matrices.a.row, b,
                             c + i * matrices.cRow);
}

/// Calls `each` with the first column of every panel, the last one moved back
/// to fit; computes the same again there.
template <int vectors, class D, typename T>
void multiplyPanels(D d, const IntegerMatrices &matrices, const T *a,
                    const T *b, T *c) {
  const int64_t width = vectors * int64_t(hn::Lanes(d));
  int64_t j = 0;
  for (; j + width <= matrices.n; j += width)
    multiplyPanel<vectors>(d, matrices, a, b + j, c + j);
  if (j != matrices.n)
    multiplyPanel<vectors>(d, matrices, a, b + matrices.n - width,
                           c + matrices.n - width);
}

template <typename T>
void multiply(const IntegerMatrices &matrices, const T *a, const T *b, T *c) {
  const Lanes<Sum<T>> whole;
  const hn::CappedTag<Sum<T>, 16 / sizeof(Sum<T>)> part;
  const int64_t width = int64_t(hn::Lanes(whole));
  if (matrices.n >= 2 * width)
    return multiplyPanels<2>(whole, matrices, a, b, c);
  if (matrices.n >= width)
    return multiplyPanels<1>(whole, matrices, a, b, c);
  if (matrices.n >= int64_t(hn::Lanes(part)))
    return multiplyPanels<1>(part, matrices, a, b, c);
  for (int64_t i = 0; i < matrices.m; ++i)
    for (int64_t j = 0; j < matrices.n; ++j) {
      const T *row = a + i * matrices.a.row;
      T sum = 0;
      for (int64_t k = 0; k < matrices.k; ++k)
        sum += T(row[k * matrices.a.col] * b[k * matrices.bRow + j]);
      c[i * matrices.cRow + j] = sum;
    }
}

constexpr IntegerTable products = {multiply<uint8_t>, multiply<uint32_t>,
                                   multiply<uint64_t>};

inline const IntegerTable &integerTableHere() { return products; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const IntegerTable &integerTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::integerTableHere();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::integerTableHere();
#endif
  return HWY_NAMESPACE::integerTableHere();
}

} // namespace mind::kernels
#endif
