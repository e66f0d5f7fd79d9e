//===- ReductionKernels.cpp - one source for every instruction set -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ReductionKernels.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ReductionKernels.h"
#include "Vectors-inl.h"
#include <algorithm>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

//===----------------------------------------------------------------------===//
// Combinations
//===----------------------------------------------------------------------===//

/// Combines the lanes by halves.
template <typename Op, typename T = typename Op::Element>
HWY_INLINE T combineLanes(Vector<T> value) {
  HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
  hn::Store(value, Lanes<T>(), lanes);
  for (size_t left = hn::Lanes(Lanes<T>()) / 2; left != 0; left /= 2)
    for (size_t i = 0; i < left; ++i)
      lanes[i] = Op::of(lanes[i], lanes[i + left]);
  return lanes[0];
}

template <typename T> struct Sum {
  using Element = T;
  static constexpr T identity = 0;
  static HWY_INLINE T of(T x, T y) {
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(x) + uint64_t(y));
    else
      return x + y;
  }
  static HWY_INLINE Vector<T> of(Vector<T> x, Vector<T> y) {
    return hn::Add(x, y);
  }
  static HWY_INLINE T ofLanes(Vector<T> x) {
    if constexpr (std::is_integral_v<T>)
      return combineLanes<Sum>(x); // where Highway's might not wrap
    else
      return hn::GetLane(hn::SumOfLanes(Lanes<T>(), x));
  }
};

/// Sums of squared distances from what is the same for a row or column.
template <typename T> struct SquareSum : Sum<T> {};

template <typename Op> constexpr bool hasCenter = false;
template <typename T> constexpr bool hasCenter<SquareSum<T>> = true;

/// What of an element is combined.
template <typename Op, typename T = typename Op::Element>
HWY_INLINE T prepare(T x, T center) {
  return hasCenter<Op> ? (x - center) * (x - center) : x;
}
template <typename Op, typename T = typename Op::Element>
HWY_INLINE Vector<T> prepare(Vector<T> x, Vector<T> center) {
  if constexpr (hasCenter<Op>) {
    const Vector<T> distance = hn::Sub(x, center);
    return hn::Mul(distance, distance);
  } else {
    return x;
  }
}

template <typename T> struct Product {
  using Element = T;
  static constexpr T identity = 1;
  static HWY_INLINE T of(T x, T y) {
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(x) * uint64_t(y));
    else
      return x * y;
  }
  static HWY_INLINE Vector<T> of(Vector<T> x, Vector<T> y) {
    return hn::Mul(x, y);
  }
  static HWY_INLINE T ofLanes(Vector<T> x) { return combineLanes<Product>(x); }
};

template <typename T, bool isLarger> struct Extreme {
  using Element = T;
  using Limits = std::numeric_limits<T>;
  static constexpr T least =
      std::is_floating_point_v<T> ? -Limits::infinity() : Limits::min();
  static constexpr T most =
      std::is_floating_point_v<T> ? Limits::infinity() : Limits::max();
  static constexpr T identity = isLarger ? least : most;

  /// Whether y takes the place of x, the best so far: NaN is not beaten.
  static HWY_INLINE bool isBetter(T x, T y) {
    const bool isBeyond = isLarger ? y > x : y < x;
    // Without branches there are vectors.
    return isBeyond | ((y != y) & (x == x));
  }
  static HWY_INLINE T of(T x, T y) { return isBetter(x, y) ? y : x; }
  static HWY_INLINE Vector<T> of(Vector<T> x, Vector<T> y) {
    if constexpr (std::is_floating_point_v<T>) {
      // If x is NaN, nothing is beyond it.
      const auto isBeyond = isLarger ? hn::Gt(y, x) : hn::Lt(y, x);
      return hn::IfThenElse(hn::Or(isBeyond, hn::IsNaN(y)), y, x);
    } else {
      return isLarger ? hn::Max(x, y) : hn::Min(x, y);
    }
  }
  static HWY_INLINE T ofLanes(Vector<T> x) {
    const Lanes<T> lanes;
    // Elsewhere, Highway's smallest number is finite.
    constexpr bool hasInfinities =
        HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3;
    if constexpr (std::is_floating_point_v<T> && hasInfinities) {
      if (!hn::AllFalse(lanes, hn::IsNaN(x)))
        return Limits::quiet_NaN();
      return hn::GetLane(isLarger ? hn::MaxOfLanes(lanes, x)
                                  : hn::MinOfLanes(lanes, x));
    } else {
      return combineLanes<Extreme>(x);
    }
  }
};

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// The last, broken vector of a row.
template <typename Op, typename T = typename Op::Element>
HWY_INLINE Vector<T> loadRest(const T *from, int64_t count, Vector<T> center) {
  const Lanes<T> lanes;
  if constexpr (sizeof(T) == 1) {
    HWY_ALIGN T elements[HWY_MAX_BYTES];
    hn::Store(hn::Set(lanes, Op::identity), lanes, elements);
    __builtin_memcpy(elements, from, size_t(count));
    return hn::Load(lanes, elements);
  } else {
    return hn::IfThenElse(hn::FirstN(lanes, size_t(count)),
                          prepare<Op>(FirstLanes<T>(count).load(from), center),
                          hn::Set(lanes, Op::identity));
  }
}

/// How far before its use a line of a cache is asked for: it takes little
/// longer where all is in one, and a third less where all is in memory.
constexpr size_t bytesAhead = 8192;

/// The vectors of a row, each of `chains` in turn.
template <typename Op, int chains, typename T = typename Op::Element>
HWY_INLINE T combineRow(const T *row, int64_t length, T center) {
  const Lanes<T> lanes;
  const Vector<T> centers = hn::Set(lanes, center);
  const int64_t step = int64_t(hn::Lanes(lanes));
  Vector<T> parts[chains];
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    parts[i] = hn::Set(lanes, Op::identity);
  int64_t done = 0;
  for (; done + chains * step <= length; done += chains * step) {
    HWY_UNROLL(chains)
    for (int i = 0; i < chains; ++i) {
      const T *from = row + done + i * step;
      if (chains > 2)
        __builtin_prefetch(reinterpret_cast<const char *>(from) + bytesAhead);
      parts[i] = Op::of(parts[i], prepare<Op>(hn::LoadU(lanes, from), centers));
    }
  }
  for (; done + step <= length; done += step)
    parts[0] =
        Op::of(parts[0], prepare<Op>(hn::LoadU(lanes, row + done), centers));
  if (done != length)
    parts[1] =
        Op::of(parts[1], loadRest<Op>(row + done, length - done, centers));
  for (int left = chains / 2; left != 0; left /= 2)
    for (int i = 0; i < left; ++i)
      parts[i] = Op::of(parts[i], parts[i + left]);
  return Op::ofLanes(parts[0]);
}

template <typename Op>
void combineRows(const void *elements, int64_t rows, int64_t length,
                 void *accumulators, const void *centers) {
  using T = typename Op::Element;
  const T *row = static_cast<const T *>(elements);
  T *accumulator = static_cast<T *>(accumulators);
  auto center = [=](int64_t i) {
    return hasCenter<Op> ? static_cast<const T *>(centers)[i] : T(0);
  };
  // As many as hide four cycles of latency twice a cycle; of short rows, those
  // of several rows do.
  constexpr int chains = 8;
  const int64_t step = int64_t(hn::Lanes(Lanes<T>()));
  if (length < step)
    for (int64_t i = 0; i < rows; ++i, row += length) {
      T all = prepare<Op>(row[0], center(i));
      for (int64_t j = 1; j < length; ++j)
        all = Op::of(all, prepare<Op>(row[j], center(i)));
      accumulator[i] = Op::of(accumulator[i], all);
    }
  else if (length < 2 * chains * step)
    for (int64_t i = 0; i < rows; ++i, row += length)
      accumulator[i] =
          Op::of(accumulator[i], combineRow<Op, 2>(row, length, center(i)));
  else
    for (int64_t i = 0; i < rows; ++i, row += length)
      accumulator[i] = Op::of(accumulator[i],
                              combineRow<Op, chains>(row, length, center(i)));
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

/// Of a few rows, for which accumulators are loaded and stored once.
template <typename Op, int64_t rows, typename T = typename Op::Element>
HWY_INLINE void combineColumnsOf(const T *row, int64_t columns, T *accumulators,
                                 const T *centers) {
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  int64_t j = 0;
  for (; j + step <= columns; j += step) {
    Vector<T> all = hn::LoadU(lanes, accumulators + j);
    const Vector<T> center =
        hasCenter<Op> ? hn::LoadU(lanes, centers + j) : all;
    HWY_UNROLL(rows)
    for (int64_t i = 0; i < rows; ++i)
      all = Op::of(
          all, prepare<Op>(hn::LoadU(lanes, row + i * columns + j), center));
    hn::StoreU(all, lanes, accumulators + j);
  }
  for (; j < columns; ++j)
    for (int64_t i = 0; i < rows; ++i)
      accumulators[j] = Op::of(
          accumulators[j],
          prepare<Op>(row[i * columns + j], hasCenter<Op> ? centers[j] : T(0)));
}

template <typename Op, typename T = typename Op::Element>
HWY_INLINE void combineWideColumns(const T *rows, int64_t count,
                                   int64_t columns, T *accumulators,
                                   const T *centers) {
  constexpr int64_t many = 4;
  for (; count >= many; count -= many, rows += many * columns)
    combineColumnsOf<Op, many>(rows, columns, accumulators, centers);
  for (; count != 0; --count, rows += columns)
    combineColumnsOf<Op, 1>(rows, columns, accumulators, centers);
}

template <typename Op>
void combineColumns(const void *elements, int64_t rows, int64_t columns,
                    void *accumulators, const void *centers) {
  using T = typename Op::Element;
  const T *row = static_cast<const T *>(elements);
  const T *center = static_cast<const T *>(centers);
  T *accumulator = static_cast<T *>(accumulators);
  // Several narrow rows count as one, whose parts are combined at the end.
  constexpr int64_t width = 256 / sizeof(T);
  const int64_t parts = columns < width ? width / columns : 1;
  if (parts > 1 && rows >= 2 * parts) {
    T wide[width], wideCenters[width];
    const int64_t wideColumns = parts * columns;
    for (int64_t i = 0; i < parts; ++i)
      if (hasCenter<Op>)
        std::copy_n(center, columns, wideCenters + i * columns);
    std::fill_n(wide, wideColumns, Op::identity);
    const int64_t wideRows = rows / parts;
    combineWideColumns<Op>(row, wideRows, wideColumns, wide, wideCenters);
    for (int64_t i = 0; i < parts; ++i)
      for (int64_t j = 0; j < columns; ++j)
        accumulator[j] = Op::of(accumulator[j], wide[i * columns + j]);
    row += wideRows * parts * columns;
    rows -= wideRows * parts;
  }
  combineWideColumns<Op>(row, rows, columns, accumulator, center);
}

template <typename Op>
void findPositions(const void *elements, int64_t rows, int64_t columns,
                   void *accumulators, int64_t *positions, int64_t first,
                   int64_t step) {
  using T = typename Op::Element;
  const T *row = static_cast<const T *>(elements);
  T *best = static_cast<T *>(accumulators);
  for (int64_t i = 0; i < rows; ++i, row += columns, first += step)
    for (int64_t j = 0; j < columns; ++j) {
      const bool isBetter = Op::isBetter(best[j], row[j]);
      best[j] = isBetter ? row[j] : best[j];
      positions[j] = isBetter ? first : positions[j];
    }
}

template <typename T>
int64_t findFirst(const void *elements, int64_t length, const void *extreme) {
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  const T *row = static_cast<const T *>(elements);
  T element;
  __builtin_memcpy(&element, extreme, sizeof(T));
  const Vector<T> sought = hn::Set(lanes, element);
  int64_t i = 0;
  for (; i + step <= length; i += step) {
    const Vector<T> x = hn::LoadU(lanes, row + i);
    auto isFound = hn::Eq(x, sought);
    if constexpr (std::is_floating_point_v<T>)
      isFound = element == element ? isFound : hn::IsNaN(x);
    const intptr_t first = hn::FindFirstTrue(lanes, isFound);
    if (first >= 0)
      return i + first;
  }
  while (i < length - 1 && row[i] != element &&
         (row[i] == row[i] || element == element))
    ++i;
  return i;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

struct Table {
  ReductionKernels kernels[numCombinations][numRegisterTypes];
};

template <typename T> constexpr void addExtremes(Table &table, int type) {
  using Larger = Extreme<T, true>;
  using Smaller = Extreme<T, false>;
  table.kernels[int(Combination::Larger)][type] = {
      combineRows<Larger>, combineColumns<Larger>, findPositions<Larger>,
      findFirst<T>};
  table.kernels[int(Combination::Smaller)][type] = {
      combineRows<Smaller>, combineColumns<Smaller>, findPositions<Smaller>,
      findFirst<T>};
}

template <typename T> constexpr void addSums(Table &table, int type) {
  table.kernels[int(Combination::Sum)][type] = {
      combineRows<Sum<T>>, combineColumns<Sum<T>>, nullptr, nullptr};
  table.kernels[int(Combination::Product)][type] = {
      combineRows<Product<T>>, combineColumns<Product<T>>, nullptr, nullptr};
  if constexpr (std::is_floating_point_v<T>)
    table.kernels[int(Combination::SquareSum)][type] = {
        combineRows<SquareSum<T>>, combineColumns<SquareSum<T>>, nullptr,
        nullptr};
}

constexpr Table makeTable() {
  Table table = {};
  addExtremes<int8_t>(table, int(RegisterType::I8));
  addExtremes<uint8_t>(table, int(RegisterType::U8));
  addExtremes<int32_t>(table, int(RegisterType::I32));
  addExtremes<int64_t>(table, int(RegisterType::I64));
  addExtremes<float>(table, int(RegisterType::F32));
  addExtremes<double>(table, int(RegisterType::F64));
  addSums<int64_t>(table, int(RegisterType::I64));
  addSums<float>(table, int(RegisterType::F32));
  addSums<double>(table, int(RegisterType::F64));
  return table;
}

constexpr Table table = makeTable();

} // namespace

inline const ReductionKernels &reductionTable(Combination combination,
                                              RegisterType type) {
  return table.kernels[int(combination)][int(type)];
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ReductionKernels &reductionKernels(Combination combination,
                                         RegisterType type, CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::reductionTable(combination, type);
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::reductionTable(combination, type);
#endif
  return HWY_NAMESPACE::reductionTable(combination, type);
}

} // namespace mind::kernels
#endif
