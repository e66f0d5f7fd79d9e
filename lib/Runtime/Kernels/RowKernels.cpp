//===- RowKernels.cpp - one source for every instruction set -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "RowKernels.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "Math-inl.h"
#include "RowKernels.h"
#include "Vectors-inl.h"
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

template <typename T> HWY_INLINE Vector<T> all(T value) {
  return hn::Set(Lanes<T>(), value);
}

template <typename T> HWY_INLINE int64_t laneCount() {
  return int64_t(hn::Lanes(Lanes<T>()));
}

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

// e^x = 2^n e^r with |r| <= log(2) / 2. Of f32 the coefficients are those of
// `exponential`; of f64 they are Taylor's, whose remainder is 4e-18.
template <typename T> struct Exponential;
template <> struct Exponential<float> {
  static constexpr float coefficients[] = {0.5f,
                                           0.1666666716337204f,
                                           0.041666463017463684f,
                                           0.0083332983776927f,
                                           0.0013933733571320772f,
                                           0.00019899391918443143f};
  static constexpr float log2High = 0.693359375f,
                         log2Low = -2.12194440054690583e-4f;
  /// 1.5 * 2^23.
  static constexpr float magic = 12582912.0f;
  static constexpr int mantissaBits = 23, bias = 127;
  /// From here on the result is a normal number; below, it is 0.
  static constexpr float least = -87, zero = -105;
};
template <> struct Exponential<double> {
  static constexpr double coefficients[] = {
      1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
      1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
      1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  static constexpr double log2High = 0.69314718036912381649,
                          log2Low = 1.90821492927058770002e-10;
  /// 1.5 * 2^52.
  static constexpr double magic = 6755399441055744.0;
  static constexpr int mantissaBits = 52, bias = 1023;
  static constexpr double least = -708, zero = -746;
};

/// e^x for x of at most 0, within 1 ulp; if `isNormal`, of at least
/// Exponential::least. NaN of NaN.
template <typename T, bool isNormal>
HWY_INLINE Vector<T> exponentialBelow0(Vector<T> x) {
  using E = Exponential<T>;
  const Lanes<T> lanes;
  const hn::RebindToSigned<Lanes<T>> ints;
  using Int = hn::TFromD<decltype(ints)>;
  if constexpr (!isNormal)
    x = hn::IfThenElse(hn::Lt(x, all(E::zero)), all(E::zero), x);
  // Adding the magic number rounds to an integer, found in the lowest bits.
  const Vector<T> magic = all(E::magic + T(isNormal ? E::bias : 0));
  const Vector<T> shifted = hn::MulAdd(x, all(T(1.442695040888963407)), magic);
  const Vector<T> n = hn::Sub(shifted, magic);
  // log(2) in two parts, of which the first has few digits.
  Vector<T> r = hn::NegMulAdd(n, all(E::log2High), x);
  r = hn::NegMulAdd(n, all(E::log2Low), r);
  constexpr int count = sizeof(E::coefficients) / sizeof(T);
  Vector<T> p = all(E::coefficients[count - 1]);
  HWY_UNROLL(count)
  for (int i = count - 2; i >= 0; --i)
    p = hn::MulAdd(p, r, all(E::coefficients[i]));
  Vector<T> y = hn::Add(hn::MulAdd(hn::Mul(r, r), p, r), all(T(1)));
  const auto bits = hn::BitCast(ints, shifted);
  if constexpr (isNormal)
    return hn::Mul(y, hn::BitCast(lanes, hn::ShiftLeft<E::mantissaBits>(bits)));
  // 2^n may be no normal number: multiply by its two halves. A shift of the
  // exponent to the right is one of the sum with an even number.
  const auto exponent = hn::Sub(bits, hn::BitCast(ints, magic));
  const auto biased = hn::Add(exponent, hn::Set(ints, Int(2) * E::bias));
  const auto half = hn::BitCast(
      ints,
      hn::ShiftRight<1>(hn::BitCast(hn::RebindToUnsigned<Lanes<T>>(), biased)));
  for (auto part : {half, hn::Sub(biased, half)})
    y = hn::Mul(y, hn::BitCast(lanes, hn::ShiftLeft<E::mantissaBits>(part)));
  return y;
}

/// a / b with a number r close to 1 / b: rounded like the quotient, but for
/// a few that are an ulp away.
template <typename T>
HWY_INLINE Vector<T> divideBy(Vector<T> a, Vector<T> b, Vector<T> r) {
  const Vector<T> q = hn::Mul(a, r);
  return hn::MulAdd(hn::NegMulAdd(q, b, a), r, q);
}

//===----------------------------------------------------------------------===//
// Along rows
//===----------------------------------------------------------------------===//

/// The partial results that hide the latency of an addition.
constexpr int chains = 4;

/// Calls `each` with the number of a chain and where a whole vector begins, for
/// all of a row, then `last` with where the rest begins and its elements.
template <typename T, typename Each, typename Last>
HWY_INLINE void forVectors(int64_t count, Each each, Last last) {
  const int64_t lanes = laneCount<T>();
  int64_t i = 0;
  for (; i + chains * lanes <= count; i += chains * lanes)
    HWY_UNROLL(chains)
  for (int chain = 0; chain < chains; ++chain)
    each(chain, i + chain * lanes);
  HWY_UNROLL(chains)
  for (int chain = 0; chain < chains - 1; ++chain)
    if (i + lanes <= count) {
      each(chain, i);
      i += lanes;
    }
  if (i != count)
    last(i, count - i);
}

template <typename T> HWY_INLINE T sumOfChains(Vector<T> (&sums)[chains]) {
  const Vector<T> sum =
      hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
  return hn::GetLane(hn::SumOfLanes(Lanes<T>(), sum));
}

/// The smallest and the largest element of a row; which ones is not said if
/// there is a NaN.
template <typename T> struct Range {
  T least, most;
};

template <typename T> HWY_INLINE Range<T> rangeOf(const T *x, int64_t count) {
  const Lanes<T> d;
  const int64_t lanes = laneCount<T>();
  if (count < lanes) {
    Range<T> range = {x[0], x[0]};
    for (int64_t i = 1; i < count; ++i) {
      range.least = x[i] < range.least ? x[i] : range.least;
      range.most = x[i] > range.most ? x[i] : range.most;
    }
    return range;
  }
  // The last vector is whole: an element may count twice.
  Vector<T> least[chains], most[chains];
  const Vector<T> end = hn::LoadU(d, x + count - lanes);
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    least[i] = most[i] = end;
  forVectors<T>(
      count,
      [&](int chain, int64_t i) HWY_ATTR {
        const Vector<T> value = hn::LoadU(d, x + i);
        least[chain] = hn::Min(value, least[chain]);
        most[chain] = hn::Max(value, most[chain]);
      },
      [](int64_t, int64_t) {});
  const Vector<T> low =
      hn::Min(hn::Min(least[0], least[1]), hn::Min(least[2], least[3]));
  const Vector<T> high =
      hn::Max(hn::Max(most[0], most[1]), hn::Max(most[2], most[3]));
  return {hn::GetLane(hn::MinOfLanes(d, low)),
          hn::GetLane(hn::MaxOfLanes(d, high))};
}

/// The sum of exponentials, which are stored in `y` if there is one.
template <typename T, bool isNormal, bool stores>
HWY_INLINE T sumExponentials(const T *x, T *y, int64_t count, T largest) {
  const Lanes<T> d;
  const Vector<T> most = all(largest);
  Vector<T> sums[chains];
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    sums[i] = hn::Zero(d);
  forVectors<T>(
      count,
      [&](int chain, int64_t i) HWY_ATTR {
        const Vector<T> value =
            exponentialBelow0<T, isNormal>(hn::Sub(hn::LoadU(d, x + i), most));
        if constexpr (stores)
          hn::StoreU(value, d, y + i);
        sums[chain] = hn::Add(sums[chain], value);
      },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        const FirstLanes<T> lanes(rest);
        const Vector<T> value =
            exponentialBelow0<T, isNormal>(hn::Sub(lanes.load(x + i), most));
        if constexpr (stores)
          lanes.store(value, y + i);
        sums[0] = hn::Add(
            sums[0], hn::IfThenElseZero(hn::FirstN(d, size_t(rest)), value));
      });
  return sumOfChains<T>(sums);
}

template <typename T, bool stores>
HWY_INLINE T sumExponentials(const T *x, T *y, int64_t count,
                             const Range<T> &range) {
  // Not so if one is infinite or NaN.
  if (range.least - range.most > Exponential<T>::least)
    return sumExponentials<T, true, stores>(x, y, count, range.most);
  return sumExponentials<T, false, stores>(x, y, count, range.most);
}

/// Replaces the elements of `x` by what `each` makes of vectors of them.
template <typename T, typename Each>
HWY_INLINE void mapRow(const T *x, T *y, int64_t count, Each each) {
  const Lanes<T> d;
  forVectors<T>(
      count,
      [&](int, int64_t i)
          HWY_ATTR { hn::StoreU(each(hn::LoadU(d, x + i)), d, y + i); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        const FirstLanes<T> lanes(rest);
        lanes.store(each(lanes.load(x + i)), y + i);
      });
}

template <typename T> void softmaxAlong(const RowsBlock<T> &block) {
  const int64_t count = block.count;
  const T *x = block.x;
  T *y = block.y;
  for (int64_t row = 0; row < block.rows;
       ++row, x += block.xNext, y += block.yNext) {
    const T total = sumExponentials<T, true>(x, y, count, rangeOf(x, count));
    const Vector<T> sum = all(total), inverse = all(T(1) / total);
    mapRow(y, y, count, [&](Vector<T> value) HWY_ATTR {
      return divideBy<T>(value, sum, inverse);
    });
  }
}

template <typename T> void logSoftmaxAlong(const RowsBlock<T> &block) {
  const int64_t count = block.count;
  const T *x = block.x;
  T *y = block.y;
  for (int64_t row = 0; row < block.rows;
       ++row, x += block.xNext, y += block.yNext) {
    const Range<T> range = rangeOf(x, count);
    const Vector<T> most = all(range.most),
                    log = all(std::log(
                        sumExponentials<T, false>(x, y, count, range)));
    mapRow(x, y, count, [&](Vector<T> value) HWY_ATTR {
      return hn::Sub(hn::Sub(value, most), log);
    });
  }
}

/// The sum of what `each` makes of the elements of a row.
template <typename T, typename Each>
HWY_INLINE T sumOver(const T *x, int64_t count, Each each) {
  const Lanes<T> d;
  Vector<T> sums[chains];
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    sums[i] = hn::Zero(d);
  forVectors<T>(
      count,
      [&](int chain, int64_t i)
          HWY_ATTR { sums[chain] = each(sums[chain], hn::LoadU(d, x + i)); },
      [&](int64_t i, int64_t rest) HWY_ATTR {
        sums[chains - 1] = hn::IfThenElse(
            hn::FirstN(d, size_t(rest)),
            each(sums[chains - 1], FirstLanes<T>(rest).load(x + i)),
            sums[chains - 1]);
      });
  return sumOfChains<T>(sums);
}

template <typename T> void normalizeAlong(const RowsBlock<T> &block) {
  const Lanes<T> d;
  const int64_t count = block.count;
  const T *x = block.x, *gamma = block.gamma, *beta = block.beta;
  T *y = block.y;
  for (int64_t row = 0; row < block.rows;
       ++row, x += block.xNext, y += block.yNext) {
    const T total = sumOver(x, count,
                            [](Vector<T> sum, Vector<T> value)
                                HWY_ATTR { return hn::Add(sum, value); });
    const Vector<T> mean = all(total / T(count));
    const T squares =
        sumOver(x, count, [&](Vector<T> sum, Vector<T> value) HWY_ATTR {
          const Vector<T> distance = hn::Sub(value, mean);
          return hn::MulAdd(distance, distance, sum);
        });
    const Vector<T> scale =
        all(T(1) / std::sqrt(squares / T(count) + block.eps));
    auto rescale = [&](Vector<T> value, Vector<T> times,
                       Vector<T> plus) HWY_ATTR {
      return hn::MulAdd(hn::Mul(hn::Sub(value, mean), scale), times, plus);
    };
    forVectors<T>(
        count,
        [&](int, int64_t i) HWY_ATTR {
          hn::StoreU(rescale(hn::LoadU(d, x + i), hn::LoadU(d, gamma + i),
                             hn::LoadU(d, beta + i)),
                     d, y + i);
        },
        [&](int64_t i, int64_t rest) HWY_ATTR {
          const FirstLanes<T> lanes(rest);
          lanes.store(rescale(lanes.load(x + i), lanes.load(gamma + i),
                              lanes.load(beta + i)),
                      y + i);
        });
  }
}

//===----------------------------------------------------------------------===//
// Across rows
//===----------------------------------------------------------------------===//

/// Calls `each` with the first of as many rows as some vectors have lanes, the
/// vectors as a constant, and how to load and store them.
template <typename T, typename Each>
HWY_INLINE void forRowVectors(int64_t rows, Each each) {
  constexpr int vectors = 4;
  const int64_t lanes = laneCount<T>();
  int64_t i = 0;
  for (; i + vectors * lanes <= rows; i += vectors * lanes)
    each(i, std::integral_constant<int, vectors>(), WholeVectors<T>(lanes));
  for (; i + lanes <= rows; i += lanes)
    each(i, std::integral_constant<int, 1>(), WholeVectors<T>(lanes));
  if (i != rows)
    each(i, std::integral_constant<int, 1>(), FirstLanes<T>(rows - i));
}

/// Calls `each` with the number of each element of the rows, of a vector, and
/// where it lies in x and y.
template <int vectors, typename T, typename Each>
HWY_INLINE void forElements(const RowsBlock<T> &block, int64_t first,
                            Each each) {
  const int64_t lanes = laneCount<T>();
  const T *x = block.x + first;
  T *y = block.y + first;
  for (int64_t i = 0; i < block.count; ++i, x += block.xNext, y += block.yNext)
    HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j)
    each(i, j, x + j * lanes, y + j * lanes);
}

template <int vectors, typename T>
HWY_INLINE void setAll(Vector<T> (&values)[vectors], T value) {
  HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j)
    values[j] = all(value);
}

template <typename T, bool isLog>
void softmaxAcross(const RowsBlock<T> &block) {
  const Lanes<T> d;
  forRowVectors<T>(block.rows, [&](int64_t first, auto number,
                                   const auto &access) HWY_ATTR {
    constexpr int vectors = decltype(number)::value;
    Vector<T> most[vectors], sums[vectors];
    setAll<vectors, T>(most, -std::numeric_limits<T>::infinity());
    setAll<vectors, T>(sums, 0);
    forElements<vectors>(block, first,
                         [&](int64_t, int j, const T *x, T *) HWY_ATTR {
                           most[j] = hn::Max(access.load(x), most[j]);
                         });
    forElements<vectors>(
        block, first, [&](int64_t, int j, const T *x, T *y) HWY_ATTR {
          const Vector<T> value =
              exponentialBelow0<T, false>(hn::Sub(access.load(x), most[j]));
          if constexpr (!isLog)
            access.store(value, y);
          sums[j] = hn::Add(sums[j], value);
        });
    if constexpr (isLog) {
      HWY_UNROLL(vectors)
      for (int j = 0; j < vectors; ++j) {
        HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
        hn::Store(sums[j], d, lanes);
        for (T &lane : lanes)
          lane = std::log(lane);
        sums[j] = hn::Load(d, lanes);
      }
      forElements<vectors>(
          block, first, [&](int64_t, int j, const T *x, T *y) HWY_ATTR {
            access.store(hn::Sub(hn::Sub(access.load(x), most[j]), sums[j]), y);
          });
    } else {
      Vector<T> inverse[vectors];
      HWY_UNROLL(vectors)
      for (int j = 0; j < vectors; ++j)
        inverse[j] = hn::Div(all(T(1)), sums[j]);
      forElements<vectors>(
          block, first, [&](int64_t, int j, const T *, T *y) HWY_ATTR {
            access.store(divideBy<T>(access.load(y), sums[j], inverse[j]), y);
          });
    }
  });
}

template <typename T> void normalizeAcross(const RowsBlock<T> &block) {
  forRowVectors<T>(block.rows, [&](int64_t first, auto number,
                                   const auto &access) HWY_ATTR {
    constexpr int vectors = decltype(number)::value;
    const Vector<T> count = all(T(block.count)), eps = all(block.eps);
    Vector<T> mean[vectors], squares[vectors], scale[vectors];
    setAll<vectors, T>(mean, 0);
    setAll<vectors, T>(squares, 0);
    forElements<vectors>(block, first,
                         [&](int64_t, int j, const T *x, T *) HWY_ATTR {
                           mean[j] = hn::Add(mean[j], access.load(x));
                         });
    HWY_UNROLL(vectors)
    for (int j = 0; j < vectors; ++j)
      mean[j] = hn::Div(mean[j], count);
    forElements<vectors>(
        block, first, [&](int64_t, int j, const T *x, T *) HWY_ATTR {
          const Vector<T> distance = hn::Sub(access.load(x), mean[j]);
          squares[j] = hn::MulAdd(distance, distance, squares[j]);
        });
    HWY_UNROLL(vectors)
    for (int j = 0; j < vectors; ++j)
      scale[j] = hn::Div(all(T(1)),
                         hn::Sqrt(hn::Add(hn::Div(squares[j], count), eps)));
    forElements<vectors>(
        block, first, [&](int64_t i, int j, const T *x, T *y) HWY_ATTR {
          const Vector<T> value =
              hn::Mul(hn::Sub(access.load(x), mean[j]), scale[j]);
          access.store(
              hn::MulAdd(value, all(block.gamma[i]), all(block.beta[i])), y);
        });
  });
}

template <typename T> constexpr RowsTable<T> makeRows() {
  return {
      {softmaxAlong<T>, logSoftmaxAlong<T>, normalizeAlong<T>},
      {softmaxAcross<T, false>, softmaxAcross<T, true>, normalizeAcross<T>}};
}

constexpr RowsTable<float> floatRows = makeRows<float>();
constexpr RowsTable<double> doubleRows = makeRows<double>();

inline const RowsTable<float> &rowsHere(float) { return floatRows; }
inline const RowsTable<double> &rowsHere(double) { return doubleRows; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

template <typename T> const RowsTable<T> &rowsTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::rowsHere(T());
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::rowsHere(T());
#endif
  return HWY_NAMESPACE::rowsHere(T());
}

template const RowsTable<float> &rowsTable(CpuLevel);
template const RowsTable<double> &rowsTable(CpuLevel);

} // namespace mind::kernels
#endif
