//===- Softmax.cpp - one source for every instruction set ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Softmax.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "Softmax.h"
#include "Vectors-inl.h"
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

template <typename T>
constexpr T minusInfinity = -std::numeric_limits<T>::infinity();

//===----------------------------------------------------------------------===//
// Powers of two
//===----------------------------------------------------------------------===//

// 2^f = 1 + f (c0 + c1 f + ...) for |f| <= 1/2, where the factor interpolates
// (2^f - 1) / f at Chebyshev nodes. With rounded coefficients the relative
// error is 9.2e-9 in f32 and 2.0e-17 in f64.
template <typename T> struct Power;
template <> struct Power<float> {
  static constexpr float coefficients[] = {
      0.6931471824645996f,   0.24022650718688965f,   0.055503569543361664f,
      0.009618083015084267f, 0.0013390863314270973f, 0.00015453163359779865f};
  /// 1.5 * 2^23, and the exponent of 1.
  static constexpr float magic = 12582912.0f + 127;
  static constexpr int mantissaBits = 23;
  static constexpr float least = -126;
};
template <> struct Power<double> {
  static constexpr double coefficients[] = {
      0.6931471805599453,    0.24022650695910097,   0.0555041086648216,
      0.009618129107606888,  0.0013333558146416936, 0.0001540353044173605,
      1.525273382983612e-05, 1.321544258792169e-06, 1.0178062445845774e-07,
      7.072585949269223e-09, 4.4549605981865186e-10};
  static constexpr double magic = 6755399441055744.0 + 1023;
  static constexpr int mantissaBits = 52;
  static constexpr double least = -1022;
};

/// 2^x for x of at most 0, within 1 ulp, 0 where that is no normal number; NaN
/// of NaN.
template <typename T> HWY_INLINE Vector<T> power(Vector<T> x) {
  using P = Power<T>;
  const Lanes<T> lanes;
  const hn::RebindToUnsigned<Lanes<T>> bits;
  // Adding the magic number rounds to an integer, found in the lowest bits.
  const Vector<T> magic = hn::Set(lanes, P::magic);
  const Vector<T> shifted = hn::Add(x, magic);
  const Vector<T> f = hn::Sub(x, hn::Sub(shifted, magic));
  const Vector<T> scale = hn::BitCast(
      lanes, hn::ShiftLeft<P::mantissaBits>(hn::BitCast(bits, shifted)));
  constexpr int count = sizeof(P::coefficients) / sizeof(T);
  Vector<T> sum = hn::Set(lanes, P::coefficients[count - 1]);
  HWY_UNROLL(count)
  for (int i = count - 2; i >= 0; --i)
    sum = hn::MulAdd(sum, f, hn::Set(lanes, P::coefficients[i]));
  sum = hn::MulAdd(hn::Mul(sum, f), scale, scale);
  return hn::IfThenZeroElse(hn::Lt(x, hn::Set(lanes, P::least)), sum);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// Calls `each` with i and i * stride for every i up to `count`, in a loop of
/// its own where neighbours lie side by side.
template <typename Each>
HWY_INLINE void forEach(int64_t count, int64_t stride, Each each) {
  if (stride == 1)
    for (int64_t i = 0; i < count; ++i)
      each(i, i);
  else
    for (int64_t i = 0; i < count; ++i)
      each(i, i * stride);
}

template <typename T>
void gather(const T *from, int64_t stride, T factor, T *to, int64_t count) {
  forEach(count, stride,
          [=](int64_t i, int64_t at) HWY_ATTR { to[i] = from[at] * factor; });
}

template <typename T>
void scatter(const T *from, T factor, T *to, int64_t stride, int64_t count) {
  forEach(count, stride,
          [=](int64_t i, int64_t at) HWY_ATTR { to[at] = from[i] * factor; });
}

template <typename T>
void addMask(T *scores, const T *mask, int64_t stride, int64_t count) {
  constexpr T log2e = T(1.442695040888963407);
  forEach(count, stride, [=](int64_t i, int64_t at) HWY_ATTR {
    scores[i] += mask[at] * log2e;
  });
}

template <typename T>
void keepMask(T *scores, const uint8_t *mask, int64_t stride, int64_t count) {
  forEach(count, stride, [=](int64_t i, int64_t at) HWY_ATTR {
    scores[i] = mask[at] ? scores[i] : minusInfinity<T>;
  });
}

/// Calls `each` with where each vector of scores lies and what is in it; minus
/// infinity stands for scores that are not seen.
template <typename T, typename Each>
HWY_INLINE void forEachVector(T *scores, int64_t visible, Each each) {
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  int64_t i = 0;
  for (; i + step <= visible; i += step)
    each(scores + i, hn::Load(lanes, scores + i));
  if (i < visible)
    each(scores + i, hn::IfThenElse(hn::FirstN(lanes, size_t(visible - i)),
                                    hn::Load(lanes, scores + i),
                                    hn::Set(lanes, minusInfinity<T>)));
}

/// The largest of `others` and the visible scores, in all lanes.
template <typename T>
HWY_INLINE Vector<T> largestOf(T *scores, int64_t visible, T others) {
  // As many as hide four cycles of latency.
  constexpr int chains = 4;
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  Vector<T> most[chains];
  HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    most[i] = hn::Set(lanes, others);
  int64_t done = 0;
  for (; done + chains * step <= visible; done += chains * step)
    HWY_UNROLL(chains)
  for (int i = 0; i < chains; ++i)
    most[i] = hn::Max(hn::Load(lanes, scores + done + i * step), most[i]);
  forEachVector(scores + done, visible - done,
                [&](T *, Vector<T> each)
                    HWY_ATTR { most[0] = hn::Max(each, most[0]); });
  return hn::MaxOfLanes(
      lanes, hn::Max(hn::Max(most[0], most[1]), hn::Max(most[2], most[3])));
}

template <typename T> void weigh(const ScoreRow<T> &row) {
  const Lanes<T> lanes;
  const int64_t step = int64_t(hn::Lanes(lanes));
  // Copies, since stores of vectors may change anything.
  T *const scores = row.scores;
  const int64_t visible = row.visible, width = row.width;
  const Vector<T> most =
      largestOf(scores, visible, row.isFirst ? minusInfinity<T> : *row.largest);
  // Where nothing is seen, all weights are to be 0.
  const Vector<T> shift =
      hn::IfThenZeroElse(hn::Eq(most, hn::Set(lanes, minusInfinity<T>)), most);

  T before = 0;
  if (!row.isFirst) {
    const Vector<T> correction =
        power<T>(hn::Sub(hn::Set(lanes, *row.largest), shift));
    before = *row.sum * hn::GetLane(correction);
    T *const values = row.values;
    const int64_t features = row.features;
    for (int64_t i = 0; i < features; i += step)
      hn::Store(hn::Mul(hn::Load(lanes, values + i), correction), lanes,
                values + i);
  }
  Vector<T> sum = hn::Zero(lanes);
  forEachVector(scores, visible, [&](T *to, Vector<T> each) HWY_ATTR {
    const Vector<T> weights = power<T>(hn::Sub(each, shift));
    hn::Store(weights, lanes, to);
    sum = hn::Add(sum, weights);
  });
  for (int64_t i = (visible + step - 1) / step * step; i < width; i += step)
    hn::Store(hn::Zero(lanes), lanes, scores + i);
  *row.largest = hn::GetLane(most);
  *row.sum = before + hn::GetLane(hn::SumOfLanes(lanes, sum));
}

template <typename T> constexpr SoftmaxTable<T> makeSoftmax() {
  return {gather<T>, scatter<T>, addMask<T>, keepMask<T>, weigh<T>};
}

constexpr SoftmaxTable<float> floats = makeSoftmax<float>();
constexpr SoftmaxTable<double> doubles = makeSoftmax<double>();

inline const SoftmaxTable<float> &softmaxes(float) { return floats; }
inline const SoftmaxTable<double> &softmaxes(double) { return doubles; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

template <typename T> const SoftmaxTable<T> &softmaxTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::softmaxes(T());
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::softmaxes(T());
#endif
  return HWY_NAMESPACE::softmaxes(T());
}

template const SoftmaxTable<float> &softmaxTable(CpuLevel);
template const SoftmaxTable<double> &softmaxTable(CpuLevel);

} // namespace mind::kernels
#endif
