//===- Transposition.cpp - one source for every instruction set ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Transposition.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "SmallCopy.h"
#include "Transposition.h"
#include "Vectors-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

//===----------------------------------------------------------------------===//
// Squares in registers
//===----------------------------------------------------------------------===//

/// The bytes of a vector of a square: all for elements of 4 and 8 bytes, and 16
/// for smaller ones, whose squares would not fit the registers.
template <typename T> constexpr size_t squareBytes() {
  constexpr size_t widest = HWY_MAX_BYTES, least = 16;
  return sizeof(T) >= 4 ? widest : least;
}
template <typename T>
using SquareLanes = hn::CappedTag<T, squareBytes<T>() / sizeof(T)>;
/// The smallest ones.
template <typename T> using BlockLanes = hn::CappedTag<T, 16 / sizeof(T)>;

/// Transposes the squares that the blocks of 16 bytes of `count` rows make,
/// where a block has so many elements, a perfect shuffle after the other: each
/// makes two of the rows i and i + count / 2.
template <class D, int count, typename V>
HWY_INLINE void transposeInBlocks(D d, V (&rows)[count]) {
  HWY_UNROLL(4)
  for (int step = 1; step < count; step *= 2) {
    V next[count];
    HWY_UNROLL(count / 2)
    for (int i = 0; i < count / 2; ++i) {
      next[2 * i] = hn::InterleaveLower(d, rows[i], rows[i + count / 2]);
      next[2 * i + 1] = hn::InterleaveUpper(d, rows[i], rows[i + count / 2]);
    }
    HWY_UNROLL(count)
    for (int i = 0; i < count; ++i)
      rows[i] = next[i];
  }
}

/// Stores vectors in the cache.
struct CachedStore {
  template <class D, typename V, typename T>
  HWY_INLINE void operator()(D d, V vector, T *to) const {
    hn::StoreU(vector, d, to);
  }
};

/// Stores vectors that are aligned past the cache.
struct StreamedStore {
  template <class D, typename V, typename T>
  HWY_INLINE void operator()(D d, V vector, T *to) const {
    hn::Stream(vector, d, to);
  }
};

/// Transposes a square of as many rows as `d` has lanes. Asks for what lies
/// behind its rows, since prefetchers do not follow so many.
template <class D, typename Store, typename T = hn::TFromD<D>>
HWY_INLINE void transposeSquare(D d, Store store, const T *from,
                                int64_t fromRow, T *to, int64_t toRow) {
  constexpr int lanes = int(hn::MaxLanes(d)), inBlock = int(16 / sizeof(T)),
                blocks = lanes / inBlock;
  using V = hn::Vec<D>;
  HWY_UNROLL(lanes)
  for (int i = 0; i < lanes; ++i)
    __builtin_prefetch(from + i * fromRow + lanes);
  V groups[blocks][inBlock];
  HWY_UNROLL(blocks)
  for (int g = 0; g < blocks; ++g) {
    HWY_UNROLL(inBlock)
    for (int i = 0; i < inBlock; ++i)
      groups[g][i] = hn::LoadU(d, from + (g * inBlock + i) * fromRow);
    transposeInBlocks<D, inBlock>(d, groups[g]);
  }
  // Block b of groups[g][i] holds column b * inBlock + i of the rows of g.
  HWY_UNROLL(inBlock)
  for (int i = 0; i < inBlock; ++i) {
    T *row = to + i * toRow;
    const int64_t next = inBlock * toRow;
    if constexpr (blocks == 1) {
      store(d, groups[0][i], row);
    } else if constexpr (blocks == 2) {
      store(d, hn::ConcatLowerLower(d, groups[1][i], groups[0][i]), row);
      store(d, hn::ConcatUpperUpper(d, groups[1][i], groups[0][i]), row + next);
    } else {
      static_assert(blocks == 4);
      auto even = [&](V odd, V even) HWY_ATTR {
        return hn::OddEvenBlocks(hn::SwapAdjacentBlocks(odd), even);
      };
      auto odd = [&](V odd, V even) HWY_ATTR {
        return hn::OddEvenBlocks(odd, hn::SwapAdjacentBlocks(even));
      };
      const V e0 = even(groups[1][i], groups[0][i]),
              e1 = even(groups[3][i], groups[2][i]),
              o0 = odd(groups[1][i], groups[0][i]),
              o1 = odd(groups[3][i], groups[2][i]);
      store(d, hn::ConcatLowerLower(d, e1, e0), row);
      store(d, hn::ConcatLowerLower(d, o1, o0), row + next);
      store(d, hn::ConcatUpperUpper(d, e1, e0), row + 2 * next);
      store(d, hn::ConcatUpperUpper(d, o1, o0), row + 3 * next);
    }
  }
}

//===----------------------------------------------------------------------===//
// Matrices
//===----------------------------------------------------------------------===//

/// Element by element, along the columns of the destination.
template <typename T>
void transposeElements(const T *from, T *to, const TransposedMatrix &matrix) {
  for (int64_t j = 0; j < matrix.columns; ++j) {
    const T *column = from + j;
    T *row = to + j * matrix.toRow;
    for (int64_t i = 0; i < matrix.rows; ++i)
      row[i] = column[i * matrix.fromRow];
  }
}

/// Calls `each` with the first of every `step` up to `count`, the last time
/// moved back to fit: `count` is at least `step`.
template <typename Each>
HWY_INLINE void forSteps(int64_t count, int64_t step, Each each) {
  int64_t i = 0;
  for (; i + step <= count; i += step)
    each(i);
  if (i != count)
    each(count - step);
}

/// By squares, of some rows of the source at once: what is written of a row
/// makes whole lines of the cache. Some elements may be written twice, with the
/// same value.
template <class D, typename Store, typename T = hn::TFromD<D>>
HWY_INLINE void transposeSquares(D d, Store store, int64_t rowsAtOnce,
                                 const T *from, T *to,
                                 const TransposedMatrix &matrix) {
  const int64_t lanes = int64_t(hn::Lanes(d));
  for (int64_t i = 0; i < matrix.rows; i += rowsAtOnce) {
    // A last block that is smaller than a square begins earlier.
    const int64_t end =
        i + rowsAtOnce < matrix.rows ? i + rowsAtOnce : matrix.rows;
    const int64_t first = end - i < lanes ? end - lanes : i;
    forSteps(matrix.columns, lanes, [&](int64_t column) HWY_ATTR {
      forSteps(end - first, lanes,
               [&](int64_t row) HWY_ATTR __attribute__((always_inline)) {
                 transposeSquare(
                     d, store, from + (first + row) * matrix.fromRow + column,
                     matrix.fromRow, to + column * matrix.toRow + first + row,
                     matrix.toRow);
               });
    });
  }
}

/// Whether to write a matrix past the cache: where it would not stay there for
/// its reader, at the latest if its rows meet in few sets of the cache, so that
/// each of them is read before it is written.
template <typename T>
bool streams(const T *to, const TransposedMatrix &matrix) {
  if constexpr (HWY_MAX_BYTES != 64)
    return false; // Lines would be written in parts.
  constexpr uintptr_t line = 64;
  constexpr int64_t fewSets = 2048, lanes = line / sizeof(T);
  if (reinterpret_cast<uintptr_t>(to) % line != 0 ||
      matrix.toRow % lanes != 0 || matrix.rows % lanes != 0)
    return false;
  const int64_t bytes = matrix.rows * matrix.columns * int64_t(sizeof(T));
  const bool hasFewSets = matrix.toRow * int64_t(sizeof(T)) % fewSets == 0;
  return bytes >= matrix.cacheBytes * (hasFewSets ? 1 : 16);
}

/// Rows that lie side by side in the destination, two to four of them: vectors
/// are interleaved.
template <typename T>
bool interleave(const T *from, T *to, const TransposedMatrix &matrix) {
  const Lanes<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d)), rows = matrix.rows;
  if (rows > 4 || matrix.toRow != rows || matrix.columns < lanes)
    return false;
  const T *second = from + matrix.fromRow, *third = second + matrix.fromRow,
          *fourth = third + matrix.fromRow;
  forSteps(matrix.columns, lanes, [&](int64_t j) HWY_ATTR {
    T *place = to + j * rows;
    if (rows == 2)
      hn::StoreInterleaved2(hn::LoadU(d, from + j), hn::LoadU(d, second + j), d,
                            place);
    else if (rows == 3)
      hn::StoreInterleaved3(hn::LoadU(d, from + j), hn::LoadU(d, second + j),
                            hn::LoadU(d, third + j), d, place);
    else
      hn::StoreInterleaved4(hn::LoadU(d, from + j), hn::LoadU(d, second + j),
                            hn::LoadU(d, third + j), hn::LoadU(d, fourth + j),
                            d, place);
  });
  return true;
}

/// Rows of two to four neighbours that lie side by side in the source.
template <typename T>
bool deinterleave(const T *from, T *to, const TransposedMatrix &matrix) {
  const Lanes<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d)), columns = matrix.columns;
  if (columns > 4 || matrix.fromRow != columns || matrix.rows < lanes)
    return false;
  T *second = to + matrix.toRow, *third = second + matrix.toRow,
    *fourth = third + matrix.toRow;
  forSteps(matrix.rows, lanes, [&](int64_t i) HWY_ATTR {
    const T *place = from + i * columns;
    Vector<T> a, b, c, e;
    if (columns == 2) {
      hn::LoadInterleaved2(d, place, a, b);
    } else if (columns == 3) {
      hn::LoadInterleaved3(d, place, a, b, c);
      hn::StoreU(c, d, third + i);
    } else {
      hn::LoadInterleaved4(d, place, a, b, c, e);
      hn::StoreU(c, d, third + i);
      hn::StoreU(e, d, fourth + i);
    }
    hn::StoreU(a, d, to + i);
    hn::StoreU(b, d, second + i);
  });
  return true;
}

template <typename T>
void transpose(const void *source, void *destination,
               const TransposedMatrix &matrix) {
  const T *from = static_cast<const T *>(source);
  T *to = static_cast<T *>(destination);
  const int64_t least =
      matrix.rows < matrix.columns ? matrix.rows : matrix.columns;
  if (least <= 4 && least >= 2 &&
      (interleave(from, to, matrix) || deinterleave(from, to, matrix)))
    return;
  constexpr int64_t rowsAtOnce = 128 / sizeof(T);
  if (const SquareLanes<T> d; least >= int64_t(hn::Lanes(d))) {
    if constexpr (sizeof(T) >= 4)
      if (streams(to, matrix)) {
        transposeSquares(d, StreamedStore(), 2 * rowsAtOnce, from, to, matrix);
        return hwy::FlushStream();
      }
    return transposeSquares(d, CachedStore(), rowsAtOnce, from, to, matrix);
  }
  if (const BlockLanes<T> d; least >= int64_t(hn::Lanes(d)))
    return transposeSquares(d, CachedStore(), rowsAtOnce, from, to, matrix);
  transposeElements(from, to, matrix);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

template <typename T>
void reverse(const void *source, void *destination, int64_t count) {
  const Lanes<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const T *from = static_cast<const T *>(source);
  T *to = static_cast<T *>(destination);
  int64_t i = 0;
  // Older versions of Highway do not reverse bytes.
  if constexpr (sizeof(T) > 1)
    for (; i + lanes <= count; i += lanes)
      hn::StoreU(hn::Reverse(d, hn::LoadU(d, from - i - lanes + 1)), d, to + i);
  for (; i < count; ++i)
    to[i] = from[-i];
}

/// Rows of more than these are worth a call.
constexpr int64_t mostInline = 1024;

void copyRows(const void *source, void *destination, const CopiedRows &rows) {
  const Lanes<uint8_t> d;
  const int64_t lanes = int64_t(hn::Lanes(d)), bytes = rows.bytes;
  const uint8_t *from = static_cast<const uint8_t *>(source);
  uint8_t *to = static_cast<uint8_t *>(destination);
  const bool byVectors = bytes >= lanes && bytes <= mostInline;
  for (int64_t row = 0; row < rows.rows;
       ++row, from += rows.fromRow, to += rows.toRow) {
    if (byVectors)
      forSteps(bytes, lanes, [&](int64_t i) HWY_ATTR {
        hn::StoreU(hn::LoadU(d, from + i), d, to + i);
      });
    else
      copyRow(reinterpret_cast<const char *>(from),
              reinterpret_cast<char *>(to), size_t(bytes));
  }
}

/// The first `period` bytes, which so many vectors hold, again and again up to
/// `end`, as far as whole ones fit. Returns where they end.
template <int count>
HWY_INLINE uint8_t *repeatVectors(uint8_t *to, int64_t period,
                                  const uint8_t *end) {
  const Lanes<uint8_t> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  Vector<uint8_t> vectors[count];
  int64_t at[count];
  HWY_UNROLL(count)
  for (int i = 0; i < count; ++i) {
    at[i] = i + 1 < count ? i * lanes : period - lanes;
    vectors[i] = hn::LoadU(d, to + at[i]);
  }
  for (to += period; end - to >= period; to += period) {
    HWY_UNROLL(count)
    for (int i = 0; i < count; ++i)
      hn::StoreU(vectors[i], d, to + at[i]);
  }
  return to;
}

void repeat(void *destination, int64_t period, int64_t bytes) {
  const int64_t lanes = int64_t(hn::Lanes(Lanes<uint8_t>()));
  uint8_t *const begin = static_cast<uint8_t *>(destination);
  const uint8_t *const end = begin + bytes;
  auto copy = [&](uint8_t *to, int64_t size) {
    copyRow(reinterpret_cast<const char *>(begin), reinterpret_cast<char *>(to),
            size_t(size));
  };
  for (; period < lanes && 2 * period <= bytes; period *= 2)
    copy(begin + period, period);
  uint8_t *to = begin + period;
  if (period >= lanes && period <= lanes)
    to = repeatVectors<1>(begin, period, end);
  else if (period >= lanes && period <= 2 * lanes)
    to = repeatVectors<2>(begin, period, end);
  else if (period >= lanes && period <= 3 * lanes)
    to = repeatVectors<3>(begin, period, end);
  for (; end - to >= period; to += period)
    copy(to, period);
  if (to != end)
    copy(to, end - to);
}

template <typename T>
void fillRows(const void *source, void *destination, const FilledRows &rows) {
  const Lanes<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d)), columns = rows.columns;
  const T *from = static_cast<const T *>(source);
  T *to = static_cast<T *>(destination);
  T *const end = to + rows.rows * columns;
  for (; to != end; to += columns, from += rows.fromRow) {
    const Vector<T> element = hn::Set(d, *from);
    if (columns >= lanes)
      forSteps(columns, lanes,
               [&](int64_t i) HWY_ATTR { hn::StoreU(element, d, to + i); });
    else if (end - to >= lanes) // What is too much the next rows replace.
      hn::StoreU(element, d, to);
    else
      for (int64_t i = 0; i < columns; ++i)
        to[i] = *from;
  }
}

constexpr CopyTable copies = {copyRows,
                              {transpose<uint8_t>, transpose<uint16_t>,
                               transpose<uint32_t>, transpose<uint64_t>},
                              repeat,
                              {fillRows<uint8_t>, fillRows<uint16_t>,
                               fillRows<uint32_t>, fillRows<uint64_t>},
                              {reverse<uint8_t>, reverse<uint16_t>,
                               reverse<uint32_t>, reverse<uint64_t>}};

inline const CopyTable &copyTableHere() { return copies; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const CopyTable &copyTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::copyTableHere();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::copyTableHere();
#endif
  return HWY_NAMESPACE::copyTableHere();
}

} // namespace mind::kernels
#endif
