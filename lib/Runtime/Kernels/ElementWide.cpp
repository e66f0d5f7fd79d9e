//===- ElementWide.cpp - functions of f32 that are computed in f64 -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One source for every instruction set. With the digits of f64 there is no need
// for care; results are within 1 ulp of f32, but for a few arguments that go to
// the C library one by one. Polynomials are least squares at Chebyshev nodes,
// weighted to level the relative error of the result.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementWide.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementKernels.h"
#include "Vectors-inl.h"
#include <cmath>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

using Doubles = Vector<double>;
using Truths = hn::Mask<Lanes<double>>;
using Singles = hn::Rebind<float, Lanes<double>>;
using Integers = hn::RebindToSigned<Lanes<double>>;

HWY_INLINE Doubles set(double value) { return hn::Set(Lanes<double>(), value); }

/// The polynomial with these coefficients, the constant first.
template <int count>
HWY_INLINE Doubles polynomial(Doubles x, const double (&coefficients)[count]) {
  Doubles sum = set(coefficients[count - 1]);
  HWY_UNROLL(count)
  for (int i = count - 2; i >= 0; --i)
    sum = hn::MulAdd(sum, x, set(coefficients[i]));
  return sum;
}

/// 1.5 * 2^52: adding it rounds to an integer, found in the lowest bits.
constexpr double magic = 6755399441055744.0;

//===----------------------------------------------------------------------===//
// Trigonometry
//===----------------------------------------------------------------------===//

/// An angle less n quarters of a circle.
struct Quarter {
  hn::Vec<Integers> n;
  Doubles sine, cosine;
};

/// Of up to 2^22, where n times the first part of pi / 2, which has 33 digits,
/// is exact. The errors are 5e-12 and 2e-13 of the result.
HWY_INLINE Quarter quarter(Doubles x) {
  static constexpr double sines[] = {-0.16666666640936303, 0.008333329327156238,
                                     -0.0001983931976846123,
                                     2.718191239298135e-06};
  static constexpr double cosines[] = {
      0.04166666662102275, -0.0013888883624900146, 2.4799490996477546e-05,
      -2.7208136062998536e-07};
  const Doubles shifted = hn::MulAdd(x, set(0.63661977236758134), set(magic));
  const Doubles n = hn::Sub(shifted, set(magic));
  Doubles r = hn::NegMulAdd(n, set(1.57079632673412561417e+00), x);
  r = hn::NegMulAdd(n, set(6.07710050650619224932e-11), r);
  const Doubles z = hn::Mul(r, r);
  const Doubles sine = hn::MulAdd(hn::Mul(r, z), polynomial(z, sines), r);
  const Doubles cosine = hn::MulAdd(hn::Mul(z, z), polynomial(z, cosines),
                                    hn::NegMulAdd(z, set(0.5), set(1)));
  return {hn::BitCast(Integers(), shifted), sine, cosine};
}

HWY_INLINE Truths isOdd(hn::Vec<Integers> n) {
  return hn::RebindMask(Lanes<double>(),
                        hn::TestBit(n, hn::Set(Integers(), 1)));
}
/// The second of the two bits that say which quarter it is.
HWY_INLINE Doubles negateInSecondHalf(hn::Vec<Integers> n, Doubles x) {
  const auto sign = hn::ShiftLeft<62>(hn::And(n, hn::Set(Integers(), 2)));
  return hn::Xor(x, hn::BitCast(Lanes<double>(), sign));
}
/// What is odd keeps the sign of 0.
HWY_INLINE Doubles keepZero(Doubles x, Doubles y) {
  return hn::IfThenElse(hn::Eq(x, set(0)), x, y);
}

struct Sine {
  static HWY_INLINE Doubles of(Doubles x) {
    const Quarter q = quarter(x);
    return keepZero(x, negateInSecondHalf(
                           q.n, hn::IfThenElse(isOdd(q.n), q.cosine, q.sine)));
  }
  static float ofOne(float x) { return std::sin(x); }
};
struct Cosine {
  static HWY_INLINE Doubles of(Doubles x) {
    const Quarter q = quarter(x);
    return negateInSecondHalf(hn::Add(q.n, hn::Set(Integers(), 1)),
                              hn::IfThenElse(isOdd(q.n), q.sine, q.cosine));
  }
  static float ofOne(float x) { return std::cos(x); }
};
struct Tangent {
  static HWY_INLINE Doubles of(Doubles x) {
    const Quarter q = quarter(x);
    const Truths odd = isOdd(q.n);
    const Doubles above = hn::IfThenElse(odd, hn::Neg(q.cosine), q.sine);
    const Doubles below = hn::IfThenElse(odd, q.sine, q.cosine);
    return keepZero(x, hn::Div(above, below));
  }
  static float ofOne(float x) { return std::tan(x); }
};

//===----------------------------------------------------------------------===//
// Powers
//===----------------------------------------------------------------------===//

/// 2^x of an x from -1000 to 1000: 2^f = 1 + f P(f) with |f| <= 1/2. The error
/// is 3e-12 of the result.
HWY_INLINE Doubles powerOf2(Doubles x) {
  static constexpr double coefficients[] = {
      0.6931471805568321,    0.2402265069581294,    0.05550410906332087,
      0.009618129159420848,  0.001333347846689814,  0.0001540345583524696,
      1.530370252345037e-05, 1.3255229308658947e-06};
  const Doubles shifted = hn::Add(x, set(magic + 1023));
  const Doubles f = hn::Sub(x, hn::Sub(shifted, set(magic + 1023)));
  const Doubles scale = hn::BitCast(
      Lanes<double>(), hn::ShiftLeft<52>(hn::BitCast(Integers(), shifted)));
  return hn::Mul(scale, hn::MulAdd(f, polynomial(f, coefficients), set(1)));
}

/// log2 of a positive normal number: of 2^n m, with m from sqrt(1/2) to
/// sqrt(2), it is n + s P(s^2), s = (m - 1) / (m + 1). The error is 3e-14 of
/// the result.
HWY_INLINE Doubles logarithmTo2(Doubles x) {
  static constexpr double coefficients[] = {
      2.885390081777852,   0.9617966941142176, 0.577077942075566,
      0.41220928456179484, 0.3199042644036317, 0.2829220792771977};
  constexpr int64_t sqrtHalf = 0x3fe6a09e667f3bcd;
  const auto bits = hn::BitCast(Integers(), x);
  // Few bits are left, and so the sum with the magic number is exact.
  const auto fromSqrtHalf = hn::Sub(bits, hn::Set(Integers(), sqrtHalf));
  const auto n = hn::BitCast(
      Integers(),
      hn::ShiftRight<52>(hn::BitCast(
          hn::RebindToUnsigned<Lanes<double>>(),
          hn::Add(fromSqrtHalf, hn::Set(Integers(), int64_t(1024) << 52)))));
  const auto exponent = hn::Sub(n, hn::Set(Integers(), 1024));
  const Doubles m =
      hn::BitCast(Lanes<double>(), hn::Sub(bits, hn::ShiftLeft<52>(exponent)));
  const Doubles whole = hn::Sub(
      hn::BitCast(Lanes<double>(),
                  hn::Add(exponent, hn::BitCast(Integers(), set(magic)))),
      set(magic));
  const Doubles s = hn::Div(hn::Sub(m, set(1)), hn::Add(m, set(1)));
  return hn::MulAdd(s, polynomial(hn::Mul(s, s), coefficients), whole);
}

/// e^x of f32, beyond its range in both directions; NaN stays.
HWY_INLINE Doubles exponential(Doubles x) {
  const Doubles least = set(-200), most = set(200);
  x = hn::IfThenElse(hn::Lt(x, least), least, x);
  x = hn::IfThenElse(hn::Gt(x, most), most, x);
  return powerOf2(hn::Mul(x, set(1.44269504088896340736)));
}

struct HyperbolicSine {
  static HWY_INLINE Doubles of(Doubles x) {
    const Doubles e = exponential(x);
    const Doubles far = hn::Mul(hn::Sub(e, hn::Div(set(1), e)), set(0.5));
    // Where these cancel, two terms of the series are enough.
    const Doubles near = hn::MulAdd(hn::Mul(x, hn::Mul(x, x)), set(1.0 / 6), x);
    return hn::IfThenElse(hn::Lt(hn::Abs(x), set(1.0 / 64)), keepZero(x, near),
                          far);
  }
  static float ofOne(float x) { return std::sinh(x); }
};
struct HyperbolicCosine {
  static HWY_INLINE Doubles of(Doubles x) {
    const Doubles e = exponential(x);
    return hn::Mul(hn::Add(e, hn::Div(set(1), e)), set(0.5));
  }
  static float ofOne(float x) { return std::cosh(x); }
};

/// x^y of finite numbers but 0: 2^(y log2 |x|), with the sign that an odd y
/// gives; of a negative x and a broken y it is NaN.
HWY_INLINE Doubles power(Doubles x, Doubles y) {
  const Doubles least = set(-300), most = set(300);
  const Doubles exponent = hn::Mul(y, logarithmTo2(hn::Abs(x)));
  const Doubles size = powerOf2(hn::Min(hn::Max(exponent, least), most));
  const Doubles half = hn::Mul(y, set(0.5));
  const Truths isNegative = hn::Lt(x, set(0));
  const Truths isWhole = hn::Eq(hn::Round(y), y);
  const Truths isEven = hn::Eq(hn::Round(half), half);
  const Doubles odd = hn::IfThenElse(
      isWhole, hn::Neg(size), set(std::numeric_limits<double>::quiet_NaN()));
  return hn::IfThenElse(hn::And(isNegative, hn::Not(isEven)), odd, size);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Calls `each` with whole vectors' worth of elements of x, of y and of the
/// result; the last ones are in memory of our own. x and y may be one element
/// that is used for all.
template <bool isOneX, bool isOneY, typename Each>
HWY_INLINE void forEachVector(float *to, const float *x, const float *y,
                              size_t count, Each each) {
  constexpr size_t most = HWY_MAX_BYTES / sizeof(double);
  const size_t step = hn::Lanes(Lanes<double>());
  HWY_ALIGN float xs[most], ys[most], results[most];
  for (size_t i = 0; i < most; ++i) {
    xs[i] = *x;
    ys[i] = *y;
  }
  size_t i = 0;
  for (; i + step <= count; i += step)
    each(isOneX ? xs : x + i, isOneY ? ys : y + i, to + i);
  if (i == count)
    return;
  const size_t bytes = (count - i) * sizeof(float);
  if (!isOneX)
    __builtin_memcpy(xs, x + i, bytes);
  if (!isOneY)
    __builtin_memcpy(ys, y + i, bytes);
  each(xs, ys, results);
  __builtin_memcpy(to + i, results, bytes);
}

HWY_INLINE Doubles load(const float *from) {
  return hn::PromoteTo(Lanes<double>(), hn::LoadU(Singles(), from));
}
HWY_INLINE void store(Doubles value, float *to) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  hn::StoreU(hn::DemoteTo(Singles(), value), Singles(), to);
#else // where conversions may saturate
  HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
  hn::Store(value, Lanes<double>(), lanes);
  for (size_t i = 0; i < hn::Lanes(Lanes<double>()); ++i)
    to[i] = float(lanes[i]);
#endif
}

template <typename Function>
void mapWide(void *to, const void *x, const void *, const void *,
             size_t count) {
  constexpr double limit = 4194304;
  const float *a = static_cast<const float *>(x);
  forEachVector<false, false>(
      static_cast<float *>(to), a, a, count,
      [](const float *x, const float *, float *result) HWY_ATTR {
        const Doubles wide = load(x);
        // Larger angles and, as it is, infinities and NaN.
        if (HWY_LIKELY(hn::AllTrue(Lanes<double>(),
                                   hn::Le(hn::Abs(wide), set(limit)))))
          return store(Function::of(wide), result);
        for (size_t i = 0; i < hn::Lanes(Lanes<double>()); ++i)
          result[i] = Function::ofOne(x[i]);
      });
}

template <int variant>
void mapPowers(void *to, const void *x, const void *y, const void *,
               size_t count) {
  constexpr float most = std::numeric_limits<float>::max();
  float *result = static_cast<float *>(to);
  const float *a = static_cast<const float *>(x);
  const float *b = static_cast<const float *>(y);
  // Most powers are squares, and their rounding is the right one.
  if (variant == SecondIsOne && *b == 2) {
    for (size_t i = 0; i < count; ++i)
      result[i] = a[i] * a[i];
    return;
  }
  forEachVector<variant == FirstIsOne, variant == SecondIsOne>(
      result, a, b, count,
      [](const float *x, const float *y, float *result) HWY_ATTR {
        const Doubles base = load(x), exponent = load(y);
        const Doubles size = hn::Abs(base);
        const Truths isOrdinary =
            hn::And(hn::And(hn::Gt(size, set(0)), hn::Le(size, set(most))),
                    hn::Le(hn::Abs(exponent), set(most)));
        if (HWY_LIKELY(hn::AllTrue(Lanes<double>(), isOrdinary)))
          return store(power(base, exponent), result);
        for (size_t i = 0; i < hn::Lanes(Lanes<double>()); ++i)
          result[i] = std::pow(x[i], y[i]);
      });
}

constexpr ElementOperations makeTable() {
  ElementOperations table = {};
  auto at = [&](ElementOp op) { return table.kernels[size_t(op)]; };
  at(ElementOp::Sin)[AllBlocks] = mapWide<Sine>;
  at(ElementOp::Cos)[AllBlocks] = mapWide<Cosine>;
  at(ElementOp::Tan)[AllBlocks] = mapWide<Tangent>;
  at(ElementOp::Sinh)[AllBlocks] = mapWide<HyperbolicSine>;
  at(ElementOp::Cosh)[AllBlocks] = mapWide<HyperbolicCosine>;
  at(ElementOp::Pow)[AllBlocks] = mapPowers<AllBlocks>;
  at(ElementOp::Pow)[FirstIsOne] = mapPowers<FirstIsOne>;
  at(ElementOp::Pow)[SecondIsOne] = mapPowers<SecondIsOne>;
  return table;
}

constexpr ElementOperations operations = makeTable();

} // namespace

inline const ElementOperations &wideTable() { return operations; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementOperations &wideOperations(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::wideTable();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::wideTable();
#endif
  return HWY_NAMESPACE::wideTable();
}

} // namespace mind::kernels
#endif
