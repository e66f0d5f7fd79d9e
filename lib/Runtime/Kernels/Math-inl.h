//===- Math-inl.h - functions of vectors of f32 ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that have polynomials, each with its source and its largest
// error in units in the last place (ulp), measured over every 1021st f32 and
// densely about 0. Compiled once for each instruction set, as Highway has it;
// where there is no fused multiply-add, errors may be half an ulp larger.
//
//===----------------------------------------------------------------------===//

#if defined(MIND_LIB_RUNTIME_KERNELS_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MIND_LIB_RUNTIME_KERNELS_MATH_INL_H
#undef MIND_LIB_RUNTIME_KERNELS_MATH_INL_H
#else
#define MIND_LIB_RUNTIME_KERNELS_MATH_INL_H
#endif

#include "Vectors-inl.h"
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

using Floats = Vector<float>;

inline HWY_ATTR Floats set(float value) {
  return hn::Set(Lanes<float>(), value);
}

/// The polynomial with these coefficients, the constant first.
template <int count>
HWY_INLINE Floats polynomial(Floats x, const float (&coefficients)[count]) {
  Floats sum = set(coefficients[count - 1]);
  HWY_UNROLL(count)
  for (int i = count - 2; i >= 0; --i)
    sum = hn::MulAdd(sum, x, set(coefficients[i]));
  return sum;
}

/// e^x as mind-expand-math has it: 2^n e^r with |r| <= log(2) / 2. Within 1
/// ulp, denormal results too.
HWY_INLINE Floats exponential(Floats x) {
  static constexpr float coefficients[] = {0.5f,
                                           0.1666666716337204f,
                                           0.041666463017463684f,
                                           0.0083332983776927f,
                                           0.0013933733571320772f,
                                           0.00019899391918443143f};
  const Lanes<float> lanes;
  const hn::RebindToSigned<Lanes<float>> bits;
  // Beyond these the result is 0 and infinity; NaN is neither.
  const Floats low = set(-105), high = set(90);
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  x = hn::IfThenElse(hn::Lt(high, x), high, x);
  // Adding 1.5 * 2^23 rounds to an integer, found in the lowest bits.
  const Floats magic = set(12582912);
  const Floats shifted = hn::MulAdd(x, set(1.44269504088896341f), magic);
  const Floats n = hn::Sub(shifted, magic);
  const auto exponent =
      hn::Sub(hn::BitCast(bits, shifted), hn::BitCast(bits, magic));
  // log(2) in two parts, of which the first has few digits.
  Floats r = hn::NegMulAdd(n, set(0.693359375f), x);
  r = hn::NegMulAdd(n, set(-2.12194440054690583e-4f), r);
  Floats y = hn::Add(hn::MulAdd(hn::Mul(r, r), polynomial(r, coefficients), r),
                     set(1));
  // 2^n may be no normal number: multiply by its two halves.
  const auto half = hn::ShiftRight<1>(exponent);
  for (auto part : {half, hn::Sub(exponent, half)})
    y = hn::Mul(y, hn::BitCast(lanes, hn::ShiftLeft<23>(
                                          hn::Add(part, hn::Set(bits, 127)))));
  return y;
}

/// A ratio of polynomials: Eigen's (generic_fast_tanh_float), which MLIR and so
/// mind-expand-math have too. Within 4 ulp.
HWY_INLINE Floats hyperbolicTangent(Floats x) {
  static constexpr float numerator[] = {
      4.89352455891786e-03f, 6.37261928875436e-04f,  1.48572235717979e-05f,
      5.12229709037114e-08f, -8.60467152213735e-11f, 2.00018790482477e-13f,
      -2.76076847742355e-16f};
  static constexpr float denominator[] = {
      4.89352518554385e-03f, 2.26843463243900e-03f, 1.18534705686654e-04f,
      1.19825839466702e-06f};
  // From here on the ratio is 1, or would be more.
  const Floats limit =
      set(HWY_NATIVE_FMA ? 7.99881172180175781f : 7.90531110763549805f);
  const Floats size = hn::Abs(x), square = hn::Mul(x, x);
  const Floats ratio = hn::Div(hn::Mul(x, polynomial(square, numerator)),
                               polynomial(square, denominator));
  const Floats near = hn::IfThenElse(hn::Lt(size, set(4e-4f)), x, ratio);
  // NaN stays.
  return hn::IfThenElse(hn::Ge(size, limit), hn::CopySign(set(1), x), near);
}

/// x Phi(x), Phi the normal distribution function: 1/2 + x G(x^2), where G is
/// least squares at Chebyshev nodes, weighted to level the error of Phi, which
/// is 6e-9 besides rounding. That of the result is that of x (1 + erf) / 2, an
/// ulp or two of x.
HWY_INLINE Floats gelu(Floats x) {
  // From here on Phi is 0 or 1 to working precision.
  constexpr float limit = 5.42f;
  static constexpr float coefficients[] = {
      0.1304459571838379f,     -0.06509405374526978f,   0.04834728315472603f,
      -0.039129845798015594f,  0.03210608288645744f,    -0.02577708289027214f,
      0.019840314984321594f,   -0.014361659996211529f,  0.009625122882425785f,
      -0.006243852432817221f,  0.004075495060533285f,   -0.0021140158642083406f,
      0.0006631405558437109f,  -0.0004424039216246456f, 0.0004931939183734357f,
      -0.00018275927868671715f};
  const Floats t = hn::MulAdd(hn::Mul(x, x), set(2 / (limit * limit)), set(-1));
  const Floats near = hn::MulAdd(x, polynomial(t, coefficients), set(0.5f));
  const Floats far = hn::IfThenElseZero(hn::Gt(x, set(0)), set(1));
  return hn::Mul(x, hn::IfThenElse(hn::Lt(hn::Abs(x), set(limit)), near, far));
}

/// As the language defines it.
HWY_INLINE Floats geluByTanh(Floats x) {
  const Floats cube = hn::Mul(hn::Mul(x, x), x);
  const Floats inner = hn::Mul(set(0.797884560802865356f),
                               hn::Add(x, hn::Mul(set(0.044715f), cube)));
  return hn::Mul(hn::Mul(x, set(0.5f)),
                 hn::Add(set(1), hyperbolicTangent(inner)));
}

/// 1 + e^-x, the denominator of sigmoid and silu.
HWY_INLINE Floats onePlusExp(Floats x) {
  return hn::Add(set(1), exponential(hn::Neg(x)));
}

/// exp overflows to infinity, where both are 0 to working precision. Within 3
/// ulp.
HWY_INLINE Floats sigmoid(Floats x) { return hn::Div(set(1), onePlusExp(x)); }
HWY_INLINE Floats silu(Floats x) { return hn::Div(x, onePlusExp(x)); }

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

/// x = 2^n (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and log(1 + f).
struct SplitLogarithm {
  Floats n, ofFraction;
};

/// Of x + c for a positive x and a c below a unit in the last place of x, as
/// mind-expand-math has it: log(1 + f) = 2 s + s R(s^2) with s = f / (2 + f),
/// so that 2 s = f - s f. R is least squares at Chebyshev nodes. Within 2 ulp.
template <bool hasCorrection>
HWY_INLINE SplitLogarithm splitLogarithm(Floats x, Floats c) {
  static constexpr float coefficients[] = {
      0.6666666865348816f, 0.4000012278556824f, 0.2855073809623718f,
      0.23332516849040985f};
  const Lanes<float> lanes;
  const hn::RebindToSigned<Lanes<float>> ints;
  const auto isDenormal = hn::Lt(x, set(std::numeric_limits<float>::min()));
  auto bits = hn::BitCast(
      ints, hn::IfThenElse(isDenormal, hn::Mul(x, set(8388608.0f)), x));
  constexpr int32_t sqrtHalf = 0x3f3504f3, one = 0x3f800000;
  const auto exponent =
      hn::ShiftRight<23>(hn::Sub(bits, hn::Set(ints, sqrtHalf)));
  Floats f = hn::Sub(
      hn::BitCast(lanes, hn::Sub(bits, hn::ShiftLeft<23>(exponent))), set(1));
  if constexpr (hasCorrection) { // times 2^-n
    const auto least = hn::ShiftLeft<23>(hn::Min(exponent, hn::Set(ints, 127)));
    f = hn::MulAdd(c, hn::BitCast(lanes, hn::Sub(hn::Set(ints, one), least)),
                   f);
  }
  const Floats n = hn::Sub(hn::ConvertTo(lanes, exponent),
                           hn::IfThenElseZero(isDenormal, set(23)));
  const Floats s = hn::Div(f, hn::Add(f, set(2)));
  const Floats z = hn::Mul(s, s);
  const Floats r = hn::Mul(z, polynomial(z, coefficients));
  return {n, hn::MulAdd(s, hn::Sub(r, f), f)};
}

/// `y`, the logarithm of x, or what it is where x is not positive and finite.
HWY_INLINE Floats orSpecialLogarithm(Floats x, Floats y) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Floats zero = set(0);
  y = hn::IfThenElse(hn::Lt(x, set(infinity)), y, x); // infinity and NaN
  y = hn::IfThenElse(hn::Lt(x, zero),
                     set(std::numeric_limits<float>::quiet_NaN()), y);
  return hn::IfThenElse(hn::Eq(x, zero), set(-infinity), y);
}

HWY_INLINE Floats logarithm(Floats x) {
  const SplitLogarithm split = splitLogarithm<false>(x, x);
  return orSpecialLogarithm(
      x, hn::MulAdd(split.n, set(0.69314718055994531f), split.ofFraction));
}

/// Exact for powers of 2. Within 2 ulp.
HWY_INLINE Floats logarithmTo2(Floats x) {
  const SplitLogarithm split = splitLogarithm<false>(x, x);
  return orSpecialLogarithm(
      x, hn::MulAdd(split.ofFraction, set(1.44269504088896341f), split.n));
}

/// log10(2) is in two parts, of which n times the first is exact. Within 3 ulp.
HWY_INLINE Floats logarithmTo10(Floats x) {
  const SplitLogarithm split = splitLogarithm<false>(x, x);
  const Floats high = hn::Mul(split.n, set(0.301025390625f));
  const Floats low = hn::Mul(split.n, set(4.6050389811952113e-6f));
  return orSpecialLogarithm(
      x, hn::Add(high,
                 hn::MulAdd(split.ofFraction, set(0.43429448190325183f), low)));
}

/// log(1 + x), where what is lost when the sum is rounded is added again.
HWY_INLINE Floats logarithmOf1Plus(Floats x) {
  const Floats sum = hn::Add(x, set(1));
  const Floats lost = hn::Sub(x, hn::Sub(sum, set(1)));
  const SplitLogarithm split = splitLogarithm<true>(sum, lost);
  const Floats y = orSpecialLogarithm(
      sum, hn::MulAdd(split.n, set(0.69314718055994531f), split.ofFraction));
  // For -0; NaN of a negative number stays NaN.
  return hn::CopySign(y, x);
}

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

/// e^x - 1 = 2^n (e^r - 1) + (2^n - 1), as in exponential; computed for half of
/// it, so that 2^128 is not needed. Within 2 ulp.
HWY_INLINE Floats exponentialMinus1(Floats x) {
  static constexpr float coefficients[] = {0.5f,
                                           0.1666666716337204f,
                                           0.041666463017463684f,
                                           0.0083332983776927f,
                                           0.0013933733571320772f,
                                           0.00019899391918443143f};
  const Lanes<float> lanes;
  const hn::RebindToSigned<Lanes<float>> ints;
  // Below, the result is -1, beyond it is infinity; NaN is neither.
  const Floats low = set(-18), high = set(88.8f);
  Floats t = hn::IfThenElse(hn::Lt(x, low), low, x);
  t = hn::IfThenElse(hn::Lt(high, t), high, t);
  const Floats magic = set(12582912);
  const Floats shifted = hn::MulAdd(t, set(1.44269504088896341f), magic);
  const Floats n = hn::Sub(shifted, magic);
  const auto exponent = hn::Sub(hn::BitCast(ints, shifted),
                                hn::BitCast(ints, hn::Add(magic, set(1))));
  Floats r = hn::NegMulAdd(n, set(0.693359375f), t);
  r = hn::NegMulAdd(n, set(-2.12194440054690583e-4f), r);
  const Floats p = hn::MulAdd(hn::Mul(r, r), polynomial(r, coefficients), r);
  const Floats half = hn::BitCast(
      lanes, hn::ShiftLeft<23>(hn::Add(exponent, hn::Set(ints, 127))));
  const Floats y = hn::MulAdd(p, half, hn::Sub(half, set(0.5f)));
  // -0 stays, and so do denormals, which would lose their last bits.
  return hn::IfThenElse(hn::Lt(hn::Abs(x), set(1e-9f)), x, hn::Add(y, y));
}

/// As mind-expand-math has it: below 1, x + x P(x^2); beyond, 1 - 2^-W(|x|).
/// The polynomials are those whose largest error is least. Within 2 ulp.
HWY_INLINE Floats errorFunction(Floats x) {
  static constexpr float nearOnes[] = {
      0.12837912142276764f,  -0.37612324953079224f, 0.11280180513858795f,
      -0.02671131305396557f, 0.004917553626000881f, -0.000563143112231046f};
  static constexpr float exponents[] = {
      0.0037787058390676975f, 1.6123865842819214f,    0.9438690543174744f,
      0.12811081111431122f,   -0.021397797390818596f, 0.0016695130616426468f};
  static constexpr float minusPowers[] = {-1.0f,
                                          0.6931469440460205f,
                                          -0.24022120237350464f,
                                          0.05550713464617729f,
                                          -0.009675540961325169f,
                                          0.0013276467798277736f};
  const Lanes<float> lanes;
  const hn::RebindToSigned<Lanes<float>> ints;
  const Floats inner = hn::MulAdd(x, polynomial(hn::Mul(x, x), nearOnes), x);
  const Floats size = hn::Abs(x);
  const Floats end = set(3.95f); // from here on, the result is 1
  const Floats t = hn::IfThenElse(hn::Lt(end, size), end, size);
  const Floats w = polynomial(t, exponents);
  // As in exponential, but 2^n, with n from -26 to 0, is a normal number.
  const Floats magic = set(12582912.0f + 127.0f);
  const Floats shifted = hn::Sub(magic, w);
  const Floats r = hn::Add(w, hn::Sub(shifted, magic));
  const Floats scale =
      hn::BitCast(lanes, hn::ShiftLeft<23>(hn::BitCast(ints, shifted)));
  const Floats outer =
      hn::CopySign(hn::MulAdd(polynomial(r, minusPowers), scale, set(1)), x);
  return hn::IfThenElse(hn::Lt(size, set(1)), inner, outer);
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // MIND_LIB_RUNTIME_KERNELS_MATH_INL_H
