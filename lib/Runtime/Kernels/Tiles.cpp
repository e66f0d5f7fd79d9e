//===- Tiles.cpp - one source for every instruction set ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Highway compiles what stands between HWY_BEFORE_NAMESPACE and
// HWY_AFTER_NAMESPACE once for each of its targets, in a namespace of its own.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Tiles.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "Epilogue-inl.h"
#include "Tiles.h"
#include "Vectors-inl.h"
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

/// The architecture's vector registers. Where vectors are emulated, tiles are
/// kept small.
constexpr int numRegisters =
    HWY_TARGET == HWY_AVX3                                 ? 32
    : HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR ? 8
                                                           : 16;

//===----------------------------------------------------------------------===//
// Outer products: lanes along the columns
//===----------------------------------------------------------------------===//

/// The columns of C, and what belongs to them, of which the last vector may
/// hold less than a vector: it is loaded and stored as `Last` does it.
template <typename T, int Vectors, typename Last> class Columns {
public:
  static constexpr int64_t width = int64_t(hn::MaxLanes(Lanes<T>()));

  explicit HWY_INLINE Columns(int64_t columns)
      : last(columns - (Vectors - 1) * width) {}
  HWY_INLINE Vector<T> load(const T *row, int j) const {
    if (j == Vectors - 1)
      return last.load(row + j * width);
    return hn::LoadU(Lanes<T>(), row + j * width);
  }
  HWY_INLINE void store(Vector<T> value, T *row, int j) const {
    if (j == Vectors - 1)
      last.store(value, row + j * width);
    else
      hn::StoreU(value, Lanes<T>(), row + j * width);
  }

private:
  Last last;
};

/// Calls `body` with so many columns; it is compiled for whole vectors apart.
template <typename T, int Vectors, typename Body>
HWY_INLINE void withColumns(int64_t columns, const Body &body) {
  using Whole = Columns<T, Vectors, WholeVectors<T>>;
  if (columns == Vectors * Whole::width)
    body(Whole(columns));
  else
    body(Columns<T, Vectors, FirstLanes<T>>(columns));
}

/// The rows of B that are asked for before they are needed, since prefetchers
/// do not follow rows that lie a page apart.
constexpr int64_t rowsAhead = 8;

/// The vectors that one line of the cache holds.
template <typename T> constexpr int vectorsInLine() {
  constexpr int vectors = 64 / int(hn::MaxLanes(Lanes<T>()) * sizeof(T));
  return vectors < 1 ? 1 : vectors;
}

/// Asks for the lines of a row of so many vectors, to be written or not, in the
/// cache that `Locality` says: 3 is the nearest.
template <typename T, int Vectors, int Write, int Locality>
HWY_INLINE void askForRow(const T *row) {
  HWY_UNROLL(Vectors)
  for (int j = 0; j < Vectors; ++j)
    if (j % vectorsInLine<T>() == 0)
      __builtin_prefetch(row + j * int64_t(hn::MaxLanes(Lanes<T>())), Write,
                         Locality);
}

/// Asks for a line of each row, at `line` of the first, which moves on.
template <typename T>
HWY_INLINE void askForColumn(const T *&line, const NextRows<T> &rows) {
  const T *row = line;
  for (int64_t i = rows.count; i > 0; --i, row += rows.stride)
    __builtin_prefetch(row, 0, 2);
  line += elementsInLine<T>;
}

/// The steps of the depth that are taken together where the compiler knows how
/// far apart they lie in A. Where an element of A is a load of its own, this
/// leaves more of the processor to the multiplications.
constexpr int stepsAtOnce = HWY_TARGET == HWY_AVX3 ? 1 : 4;

/// The depth from which this outweighs what it takes to begin.
constexpr int64_t leastDepthOfSteps = 32;

/// Where the rows of a tile of A lie: away from the first by a power of two
/// times one of a few distances, which is what an address can say. So one
/// pointer moves along the depth rather than one for each row; additions of
/// integers would take turns with multiplications.
template <typename T, int Rows> class RowDistances {
public:
  explicit HWY_INLINE RowDistances(int64_t stride) {
    const int64_t bytes = stride * int64_t(sizeof(T));
    for (int odd = 1; odd < Rows; odd += 2) {
      odds[odd / 2] = odd * bytes;
      // Else the compiler sees what they have in common, and adds them up.
      asm("" : "+r"(odds[odd / 2]));
    }
  }
  HWY_INLINE T at(const T *first, int row) const {
    if (row == 0)
      return *first;
    const int shift = __builtin_ctz(unsigned(row));
    const char *bytes = reinterpret_cast<const char *>(first);
    return *reinterpret_cast<const T *>(bytes +
                                        (odds[(row >> shift) / 2] << shift));
  }

private:
  int64_t odds[Rows / 2 + 1];
};

/// A tile of A of any strides; one whose rows are contiguous; and one that was
/// packed, for a B that the cache holds. `column` leads to the next step of the
/// depth.
template <typename T, int Rows> struct StridedRows : RowDistances<T, Rows> {
  static constexpr int steps = 1;
  static constexpr bool prefetches = true;
  const int64_t column;
  explicit HWY_INLINE StridedRows(MatrixStrides strides)
      : RowDistances<T, Rows>(strides.row), column(strides.col) {}
};
template <typename T, int Rows> struct ContiguousRows : RowDistances<T, Rows> {
  static constexpr int steps = stepsAtOnce;
  static constexpr bool prefetches = true;
  static constexpr int64_t column = 1;
  explicit HWY_INLINE ContiguousRows(int64_t stride)
      : RowDistances<T, Rows>(stride) {}
};
template <typename T, int Rows> struct PackedRows {
  static constexpr int steps = stepsAtOnce;
  static constexpr bool prefetches = false; // but what is packed next
  static constexpr int64_t column = Rows;
  HWY_INLINE T at(const T *first, int row) const { return first[row]; }
};

/// One of several tiles, whose A, B, C, bias and what is asked for begin there.
template <typename T, int Rows, int Vectors, template <typename> class Access>
HWY_INLINE void outerProduct(const Tile<T> &tile, const T *aBegin,
                             const T *bBegin, T *c, const T *bias,
                             const T *ahead, const T *&next) {
  const Lanes<T> lanes;
  const int64_t width = int64_t(hn::Lanes(lanes));
  const Access<T> access(tile.columns);
  Vector<T> sums[Rows][Vectors];
  auto forEachSum = [&](const auto &body) HWY_ATTR
      __attribute__((always_inline)) {
        HWY_UNROLL(Rows)
        for (int i = 0; i < Rows; ++i)
          HWY_UNROLL(Vectors)
        for (int j = 0; j < Vectors; ++j)
          body(sums[i][j], i, j);
      };
  auto loadSums = [&](const auto &columns) HWY_ATTR
      __attribute__((always_inline)) {
        forEachSum([&](Vector<T> &sum, int i, int j) HWY_ATTR
                   __attribute__((always_inline)) {
                     sum = columns.load(c + i * tile.cRow, j);
                   });
      };
  if (tile.accumulate)
    withColumns<T, Vectors>(tile.columns, loadSums);
  else
    forEachSum([&](Vector<T> &sum, int, int) HWY_ATTR
               __attribute__((always_inline)) { sum = hn::Zero(lanes); });

  auto addProduct = [&](const auto &rows, const T *a, const T *b, auto copies,
                        T *copy) HWY_ATTR __attribute__((always_inline)) {
    Vector<T> row[Vectors];
    HWY_UNROLL(Vectors)
    for (int j = 0; j < Vectors; ++j) {
      row[j] = access.load(b + j * width);
      if constexpr (copies)
        hn::StoreU(row[j], lanes, copy + j * width);
    }
    // With one row all that is done is to read B, and more loads only delay.
    if constexpr (Rows > 1 && std::decay_t<decltype(rows)>::prefetches)
      askForRow<T, Vectors, 0, 3>(b + rowsAhead * tile.bStride);
    HWY_UNROLL(Rows)
    for (int i = 0; i < Rows; ++i) {
      const Vector<T> factor = hn::Set(lanes, rows.at(a, i));
      HWY_UNROLL(Vectors)
      for (int j = 0; j < Vectors; ++j)
        sums[i][j] = hn::MulAdd(factor, row[j], sums[i][j]);
    }
  };
  auto addProducts = [&](const auto &rows, auto copies) HWY_ATTR
      __attribute__((always_inline)) {
        constexpr int steps = std::decay_t<decltype(rows)>::steps;
        const T *segment = aBegin, *b = bBegin;
        T *copy = tile.copy;
        const T *row = c;
        int64_t rowsLeft = tile.accumulate ? 0 : Rows;
        int64_t aheadLeft = tile.ahead.count;
        for (int64_t s = tile.segments; s != 0; --s, segment += tile.aSegment) {
          // C's lines are asked for, to be there when their sums are. All at
          // once they would keep those of A and B waiting.
          for (int64_t next = (rowsLeft + s - 1) / s; next != 0;
               --next, --rowsLeft, row += tile.cRow)
            askForRow<T, Vectors, 1, 2>(row);
          const T *a = segment;
          int64_t left = tile.depth;
          if constexpr (steps != 1)
            for (; left >= steps; left -= steps) {
              if constexpr (!std::decay_t<decltype(rows)>::prefetches) {
                // One by one, as all at once would keep A and B waiting.
                askForRow<T, Vectors, 0, 3>(ahead);
                ahead += aheadLeft > 0 ? tile.ahead.stride : 0;
                --aheadLeft;
              }
              HWY_UNROLL(steps)
              for (int step = 0; step < steps; ++step)
                addProduct(rows, a + step * rows.column,
                           b + step * tile.bStride, copies, copy);
              a += steps * rows.column;
              b += steps * tile.bStride;
            }
          // All of it at once where nothing is asked for.
          int64_t part = tile.next.depth != 0 ? tile.next.depth : left;
          for (; left > 0; left -= part) {
            part = part < left ? part : left;
            if (tile.next.depth != 0)
              askForColumn(next, tile.next);
            for (int64_t k = part; k > 0; --k) {
              addProduct(rows, a, b, copies, copy);
              a += rows.column;
              b += tile.bStride;
              if constexpr (copies)
                copy += tile.copyStride;
            }
          }
        }
      };
  constexpr std::true_type copying;
  constexpr std::false_type reading;
  constexpr bool takesSteps =
      stepsAtOnce != 1 && std::is_same_v<Access<T>, WholeVectors<T>>;
  const bool isPacked = tile.aStrides.row == 1 && tile.aStrides.col == Rows;
  if (tile.copy)
    addProducts(StridedRows<T, Rows>(tile.aStrides), copying);
  else if (takesSteps && Rows > 1 && isPacked)
    addProducts(PackedRows<T, takesSteps ? Rows : 0>(), reading);
  else if (takesSteps && tile.aStrides.col == 1 &&
           tile.depth >= leastDepthOfSteps)
    addProducts(ContiguousRows<T, Rows>(tile.aStrides.row), reading);
  else
    addProducts(StridedRows<T, Rows>(tile.aStrides), reading);

  auto finishSums = [&](const auto &columns) HWY_ATTR
      __attribute__((always_inline)) {
        if (bias) {
          HWY_UNROLL(Vectors)
          for (int j = 0; j < Vectors; ++j) {
            const Vector<T> each = columns.load(bias, j);
            HWY_UNROLL(Rows)
            for (int i = 0; i < Rows; ++i)
              sums[i][j] = hn::Add(sums[i][j], each);
          }
        }
        if (tile.relu)
          forEachSum([&](Vector<T> &sum, int, int) HWY_ATTR
                     __attribute__((always_inline)) { sum = rectify<T>(sum); });
        forEachSum([&](Vector<T> &sum, int i, int j) HWY_ATTR
                   __attribute__((always_inline)) {
                     columns.store(sum, c + i * tile.cRow, j);
                   });
      };
  withColumns<T, Vectors>(tile.columns, finishSums);
}

/// Asks for the lines of a tile of C whose sums start from it.
template <typename T, int Rows, int Vectors>
HWY_INLINE void askForSums(const T *c, int64_t stride) {
  HWY_UNROLL(Rows)
  for (int i = 0; i < Rows; ++i, c += stride)
    askForRow<T, Vectors, 1, 3>(c);
}

template <typename T, int Rows, int Vectors, template <typename> class Access>
void outerProducts(const Tile<T> &given) {
  // What C's stores do not change.
  const Tile<T> tile = given;
  const T *a = tile.a, *b = tile.b, *bias = tile.bias;
  const T *ahead = tile.ahead.first ? tile.ahead.first : a;
  const T *next = tile.next.first;
  T *c = tile.c;
  for (int64_t left = tile.count;;) {
    if (tile.accumulate && left != 1)
      askForSums<T, Rows, Vectors>(c + tile.step.c, tile.cRow);
    outerProduct<T, Rows, Vectors, Access>(tile, a, b, c, bias, ahead, next);
    if (--left == 0)
      return;
    a += tile.step.a;
    b += tile.step.b;
    c += tile.step.c;
    if (bias)
      bias += tile.step.bias;
    ahead += tile.ahead.step;
    // Else the compiler prepares for other tiles before the first.
    asm("" : "+r"(a), "+r"(b), "+r"(c));
  }
}

//===----------------------------------------------------------------------===//
// Inner products: lanes along the depth
//===----------------------------------------------------------------------===//

template <typename T, int Rows, int Columns>
void innerProducts(const Tile<T> &tile) {
  const Lanes<T> lanes;
  const int64_t width = int64_t(hn::Lanes(lanes));
  Vector<T> sums[Rows][Columns];
  HWY_UNROLL(Rows)
  for (int i = 0; i < Rows; ++i)
    HWY_UNROLL(Columns)
  for (int j = 0; j < Columns; ++j)
    sums[i][j] = hn::Zero(lanes);

  auto addProducts = [&](int64_t k, const auto &access) HWY_ATTR
      __attribute__((always_inline)) {
        Vector<T> rows[Rows];
        HWY_UNROLL(Rows)
        for (int i = 0; i < Rows; ++i)
          rows[i] = access.load(tile.a + i * tile.aStrides.row + k);
        HWY_UNROLL(Columns)
        for (int j = 0; j < Columns; ++j) {
          const Vector<T> column = access.load(tile.b + j * tile.bStride + k);
          __builtin_prefetch(tile.b + (j + innerColumns) * tile.bStride + k);
          HWY_UNROLL(Rows)
          for (int i = 0; i < Rows; ++i)
            sums[i][j] = hn::MulAdd(rows[i], column, sums[i][j]);
        }
      };
  int64_t k = 0;
  for (; k + width <= tile.depth; k += width)
    addProducts(k, WholeVectors<T>(width));
  if (k != tile.depth)
    addProducts(k, FirstLanes<T>(tile.depth - k));

  HWY_UNROLL(Rows)
  for (int i = 0; i < Rows; ++i)
    HWY_UNROLL(Columns)
  for (int j = 0; j < Columns; ++j) {
    T sum = hn::GetLane(hn::SumOfLanes(lanes, sums[i][j]));
    if (tile.bias)
      sum += tile.bias[j];
    if (tile.relu && sum < 0)
      sum = 0;
    tile.c[i * tile.cRow + j] = sum;
  }
}

//===----------------------------------------------------------------------===//
// One row of A: lanes along the columns
//===----------------------------------------------------------------------===//

/// The rows of B that are taken at once.
constexpr int streams = 4;

/// Adds the products of some elements of A and rows of B to C, which starts
/// from 0 if `isFirst`.
template <int Rows, bool isFirst, typename T>
HWY_INLINE void addRows(const T *a, int64_t aStride, const T *b,
                        int64_t bStride, T *c, int64_t columns) {
  const Lanes<T> lanes;
  const int64_t width = int64_t(hn::Lanes(lanes));
  Vector<T> factors[Rows];
  HWY_UNROLL(Rows)
  for (int i = 0; i < Rows; ++i)
    factors[i] = hn::Set(lanes, a[i * aStride]);
  auto addVector = [&](int64_t j, const auto &access) HWY_ATTR
      __attribute__((always_inline)) {
        Vector<T> sum = isFirst ? hn::Zero(lanes) : access.load(c + j);
        HWY_UNROLL(Rows)
        for (int i = 0; i < Rows; ++i)
          sum = hn::MulAdd(factors[i], access.load(b + i * bStride + j), sum);
        access.store(sum, c + j);
      };
  int64_t j = 0;
  for (; j + width <= columns; j += width)
    addVector(j, WholeVectors<T>(width));
  if (j != columns)
    addVector(j, FirstLanes<T>(columns - j));
}

/// Prefetchers follow several streams through memory in the time of one. So B
/// is read in as many parts, a whole row of each at once, and then what is left
/// of it.
template <typename T> void multiplyRow(const RowProduct<T> &product) {
  const auto [depth, columns, a, aStride, b, bStride, c] = product;
  const int64_t part = depth / streams;
  auto addFrom = [&](int64_t k, auto rows) HWY_ATTR
      __attribute__((always_inline)) {
        const T *first = a + k * aStride, *row = b + k * bStride;
        const int64_t aPart = part * aStride, bPart = part * bStride;
        if (k == 0)
          addRows<rows, true>(first, aPart, row, bPart, c, columns);
        else
          addRows<rows, false>(first, aPart, row, bPart, c, columns);
      };
  for (int64_t k = 0; k < part; ++k)
    addFrom(k, std::integral_constant<int, streams>());
  for (int64_t k = streams * part; k < depth; ++k)
    addFrom(k, std::integral_constant<int, 1>());
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

/// Squares of A, whose rows are contiguous: the rows next to each other step by
/// step, `Width` elements from one step to the next.
template <typename T, int Width>
HWY_INLINE void packSquare(const T *from, int64_t stride, T *to) {
  const hn::CappedTag<T, 16 / sizeof(T)> lanes;
  using Square = hn::Vec<decltype(lanes)>;
  const Square a = hn::LoadU(lanes, from), b = hn::LoadU(lanes, from + stride);
  const Square firstOfTwo = hn::InterleaveLower(lanes, a, b);
  const Square lastOfTwo = hn::InterleaveUpper(lanes, a, b);
  if constexpr (sizeof(T) == 8) {
    hn::StoreU(firstOfTwo, lanes, to);
    hn::StoreU(lastOfTwo, lanes, to + Width);
  } else {
    const Square c = hn::LoadU(lanes, from + 2 * stride);
    const Square d = hn::LoadU(lanes, from + 3 * stride);
    const Square first = hn::InterleaveLower(lanes, c, d);
    const Square last = hn::InterleaveUpper(lanes, c, d);
    hn::StoreU(hn::ConcatLowerLower(lanes, first, firstOfTwo), lanes, to);
    hn::StoreU(hn::ConcatUpperUpper(lanes, first, firstOfTwo), lanes,
               to + Width);
    hn::StoreU(hn::ConcatLowerLower(lanes, last, lastOfTwo), lanes,
               to + 2 * Width);
    hn::StoreU(hn::ConcatUpperUpper(lanes, last, lastOfTwo), lanes,
               to + 3 * Width);
  }
}

/// The rows of a tile of A, step by step of the depth.
template <typename T, int Rows> void packRowsOfA(const Tile<T> &tile, T *to) {
  constexpr int side = 16 / sizeof(T);
  constexpr int inSquares =
      hn::MaxLanes(hn::CappedTag<T, side>()) == side ? Rows / side * side : 0;
  const int64_t stride = tile.aStrides.row;
  const T *segment = tile.a;
  for (int64_t s = 0; s < tile.segments; ++s, segment += tile.aSegment) {
    const T *a = segment;
    int64_t left = tile.depth;
    if constexpr (inSquares != 0)
      if (tile.aStrides.col == 1)
        for (; left >= side; left -= side, a += side, to += side * Rows) {
          HWY_UNROLL(Rows)
          for (int i = 0; i < inSquares; i += side)
            packSquare<T, Rows>(a + i * stride, stride, to + i);
          HWY_UNROLL(side)
          for (int step = 0; step < side; ++step)
            HWY_UNROLL(side)
          for (int i = inSquares; i < Rows; ++i)
            to[step * Rows + i] = a[i * stride + step];
        }
    for (; left > 0; --left, a += tile.aStrides.col, to += Rows)
      HWY_UNROLL(Rows)
    for (int i = 0; i < Rows; ++i)
      to[i] = a[i * stride];
  }
}

/// Panels of whole vectors from rows of contiguous elements. Panels share the
/// reading of a row, so that it goes through memory in long runs.
template <int Vectors, typename T>
void packVectors(const T *from, int64_t stride, int64_t depth, int64_t panels,
                 T *to) {
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes)), width = Vectors * step;
  for (int64_t k = 0; k < depth; ++k, from += stride, to += width) {
    T *row = to;
    for (int64_t j = 0; j < panels; ++j, row += width * depth) {
      const T *panel = from + j * width;
      __builtin_prefetch(panel + 4 * stride);
      HWY_UNROLL(Vectors)
      for (int i = 0; i < Vectors; ++i)
        hn::StoreU(hn::LoadU(lanes, panel + i * step), lanes, row + i * step);
    }
  }
}

/// One panel, of which only some columns are there.
template <typename T>
void packPart(const T *from, MatrixStrides strides, int64_t depth,
              int64_t columns, int64_t width, T *to) {
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t j = 0; j < width; ++j)
      *to++ = j < columns ? from[k * strides.row + j * strides.col] : T(0);
}

template <typename T>
void packRows(const T *from, int64_t stride, int64_t depth, int64_t columns,
              int64_t width, T *to) {
  const int64_t panels = columns / width;
  const int64_t vectors = width / int64_t(hn::Lanes(Lanes<T>()));
  if (vectors == 2)
    packVectors<2>(from, stride, depth, panels, to);
  else if (vectors == 3)
    packVectors<3>(from, stride, depth, panels, to);
  else if (vectors == 4)
    packVectors<4>(from, stride, depth, panels, to);
  else
    for (int64_t i = 0; i < panels; ++i)
      packPart(from + i * width, {stride, 1}, depth, width, width,
               to + i * width * depth);
  if (int64_t done = panels * width; done < columns)
    packPart(from + done, {stride, 1}, depth, columns - done, width,
             to + done * depth);
}

/// One panel from columns of contiguous elements, four at a time: interleaved,
/// they are rows of four. As many as make a line of the cache are read in step,
/// so that it is written at once, and those after them are asked for.
template <typename T>
void packColumns(const T *from, int64_t stride, int64_t depth, int64_t columns,
                 int64_t width, T *to) {
  constexpr int64_t inStep = elementsInLine<T>;
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  const int64_t fours = columns / 4 * 4, whole = depth / step * step;
  HWY_ALIGN T block[4 * HWY_MAX_BYTES / sizeof(T)];
  for (int64_t first = 0; first < fours; first += inStep) {
    const int64_t last = first + inStep < fours ? first + inStep : fours;
    for (int64_t k = 0; k < whole; k += step)
      for (int64_t j = first; j < last; j += 4) {
        const T *column = from + j * stride + k;
        HWY_UNROLL(4)
        for (int64_t i = 0; i < 4; ++i)
          __builtin_prefetch(column + (i + inStep) * stride, 0, 2);
        hn::StoreInterleaved4(
            hn::LoadU(lanes, column), hn::LoadU(lanes, column + stride),
            hn::LoadU(lanes, column + 2 * stride),
            hn::LoadU(lanes, column + 3 * stride), lanes, block);
        for (int64_t i = 0; i < step; ++i)
          __builtin_memcpy(to + (k + i) * width + j, block + 4 * i,
                           4 * sizeof(T));
      }
  }
  for (int64_t k = 0; k < whole; ++k)
    for (int64_t j = fours; j < width; ++j)
      to[k * width + j] = j < columns ? from[j * stride + k] : T(0);
  packPart(from + whole, {1, stride}, depth - whole, columns, width,
           to + whole * width);
}

template <typename T>
void pack(const T *from, MatrixStrides strides, int64_t depth, int64_t columns,
          int64_t width, T *to) {
  if (strides.col == 1)
    return packRows(from, strides.row, depth, columns, width, to);
  for (int64_t j = 0; j < columns; j += width, to += depth * width) {
    const T *panel = from + j * strides.col;
    const int64_t count = columns - j < width ? columns - j : width;
    if (strides.row == 1)
      packColumns(panel, strides.col, depth, count, width, to);
    else
      packPart(panel, strides, depth, count, width, to);
  }
}

//===----------------------------------------------------------------------===//
// The roof
//===----------------------------------------------------------------------===//

template <typename T> int64_t multiplyAdd(int64_t count) {
  // Enough to hide four cycles of latency in two units.
  constexpr int chains = 12;
  const Lanes<T> lanes;
  const Vector<T> factor = hn::Set(lanes, T(0.5));
  Vector<T> sums[chains];
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    sums[i] = hn::Set(lanes, T(i));
  const int64_t each = 2 * chains * int64_t(hn::Lanes(lanes));
  const int64_t steps = (count + each - 1) / each;
  for (int64_t step = 0; step < steps; ++step)
    HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    sums[i] = hn::MulAdd(sums[i], factor, factor);
  Vector<T> total = hn::Zero(lanes);
  for (int i = 0; i < chains; ++i)
    total = hn::Add(total, sums[i]);
  volatile T result = hn::GetLane(total);
  (void)result;
  return steps * each;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// Whether the sums of a tile, a row of B and an element of A fit, and one
/// register more to be on the safe side.
constexpr bool fits(int rows, int vectors) {
  return rows * vectors + vectors + 2 <= numRegisters;
}

template <int Vectors, int Rows, typename T>
constexpr void addOuter(TileTable<T> &table) {
  table.mostRows[Vectors - 1] = Rows;
  table.outer[Vectors - 1][Rows - 1] =
      outerProducts<T, Rows, Vectors, WholeVectors>;
  if constexpr (Vectors == 1)
    table.masked[Rows - 1] = outerProducts<T, Rows, 1, FirstLanes>;
  if constexpr (Vectors == 1 && stepsAtOnce != 1)
    table.packRows[Rows - 1] = packRowsOfA<T, Rows>;
  if constexpr (Rows < maxTileRows && fits(Rows + 1, Vectors))
    addOuter<Vectors, Rows + 1>(table);
}

template <int... Vectors, typename T>
constexpr void addOuters(TileTable<T> &table) {
  (
      [&] {
        if constexpr (fits(1, Vectors))
          addOuter<Vectors, 1>(table);
      }(),
      ...);
}

template <int Rows, int Columns, typename T>
constexpr void addInner(TileTable<T> &table) {
  table.inner[Rows - 1][Columns - 1] = innerProducts<T, Rows, Columns>;
  if constexpr (Columns < innerColumns)
    addInner<Rows, Columns + 1>(table);
  else if constexpr (Rows < maxInnerRows)
    addInner<Rows + 1, 1>(table);
}

template <typename T> constexpr TileTable<T> makeTable() {
  TileTable<T> table = {};
  table.lanes = int(hn::MaxLanes(Lanes<T>()));
  addOuters<1, 2, 3, 4, 6, 8, 12>(table);
  addInner<1, 1>(table);
  if constexpr (stepsAtOnce != 1)
    table.multiplyRow = multiplyRow<T>;
  table.pack = pack<T>;
  addEpilogues(table);
  table.multiplyAdd = multiplyAdd<T>;
  return table;
}

constexpr TileTable<float> floats = makeTable<float>();
constexpr TileTable<double> doubles = makeTable<double>();

inline const TileTable<float> &table(float) { return floats; }
inline const TileTable<double> &table(double) { return doubles; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

template <typename T> const TileTable<T> &tileTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::table(T());
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::table(T());
#endif
  return HWY_NAMESPACE::table(T());
}

template const TileTable<float> &tileTable(CpuLevel);
template const TileTable<double> &tileTable(CpuLevel);

} // namespace mind::kernels
#endif
