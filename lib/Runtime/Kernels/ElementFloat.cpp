//===- ElementFloat.cpp - arithmetic of f32 and f64 ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One source for every instruction set. Arithmetic is IEEE 754's, bit for bit:
// nothing is contracted. Functions are the C library's, element by element.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementFloat.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementLoops-inl.h"
#include <bit>
#include <cmath>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

template <typename T>
using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

template <typename T> HWY_INLINE T negate(T x) { return -x; }
template <typename T> HWY_INLINE T absolute(T x) { return std::fabs(x); }
/// Zeros keep their sign, NaN stays NaN.
template <typename T> HWY_INLINE T sign(T x) {
  return x > 0 ? T(1) : x < 0 ? T(-1) : x;
}
template <typename T> HWY_INLINE T squareRoot(T x) { return std::sqrt(x); }
template <typename T> HWY_INLINE T reciprocalSquareRoot(T x) {
  return 1 / std::sqrt(x);
}
template <typename T> HWY_INLINE T reciprocal(T x) { return 1 / x; }
/// -0 becomes 0, NaN stays NaN.
template <typename T> HWY_INLINE T rectify(T x) { return x <= 0 ? T(0) : x; }
template <typename T> HWY_INLINE T roundDown(T x) { return std::floor(x); }
template <typename T> HWY_INLINE T roundUp(T x) { return std::ceil(x); }
/// Ties to even: the rounding mode is never changed.
template <typename T> HWY_INLINE T roundToNearest(T x) {
  return std::nearbyint(x);
}
template <typename T> HWY_INLINE bool isNan(T x) { return x != x; }
template <typename T> HWY_INLINE T sum(T x, T y) { return x + y; }
template <typename T> HWY_INLINE T difference(T x, T y) { return x - y; }
template <typename T> HWY_INLINE T product(T x, T y) { return x * y; }
template <typename T> HWY_INLINE T quotient(T x, T y) { return x / y; }

/// IEEE 754's minimum: NaN of NaN, and -0 is less than 0. Equal numbers have
/// the same bits but for the sign of zeros.
template <typename T> HWY_INLINE T smaller(T x, T y) {
  const T equal =
      std::bit_cast<T>(std::bit_cast<Bits<T>>(x) | std::bit_cast<Bits<T>>(y));
  const T unequal = x < y ? x : y;
  return x == y ? equal : x != x || y != y ? x + y : unequal;
}
template <typename T> HWY_INLINE T larger(T x, T y) {
  const T equal =
      std::bit_cast<T>(std::bit_cast<Bits<T>>(x) & std::bit_cast<Bits<T>>(y));
  const T unequal = x > y ? x : y;
  return x == y ? equal : x != x || y != y ? x + y : unequal;
}
template <typename T> HWY_INLINE T clamp(T x, T low, T high) {
  return smaller(larger(x, low), high);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

template <typename T> T exponential(T x) { return std::exp(x); }
template <typename T> T exponentialMinus1(T x) { return std::expm1(x); }
template <typename T> T logarithm(T x) { return std::log(x); }
template <typename T> T logarithmTo2(T x) { return std::log2(x); }
template <typename T> T logarithmTo10(T x) { return std::log10(x); }
template <typename T> T logarithmOf1Plus(T x) { return std::log1p(x); }
template <typename T> T sine(T x) { return std::sin(x); }
template <typename T> T cosine(T x) { return std::cos(x); }
template <typename T> T tangent(T x) { return std::tan(x); }
template <typename T> T arcSine(T x) { return std::asin(x); }
template <typename T> T arcCosine(T x) { return std::acos(x); }
template <typename T> T arcTangent(T x) { return std::atan(x); }
template <typename T> T hyperbolicSine(T x) { return std::sinh(x); }
template <typename T> T hyperbolicCosine(T x) { return std::cosh(x); }
template <typename T> T hyperbolicTangent(T x) { return std::tanh(x); }
template <typename T> T errorFunction(T x) { return std::erf(x); }
template <typename T> T sigmoid(T x) { return 1 / (1 + std::exp(-x)); }
template <typename T> T silu(T x) { return x / (1 + std::exp(-x)); }
template <typename T> T gelu(T x) {
  return x * T(0.5) * (1 + std::erf(x * T(M_SQRT1_2)));
}
template <typename T> T geluByTanh(T x) {
  const T inner = T(M_SQRT1_2 * M_2_SQRTPI) * (x + T(0.044715) * (x * x * x));
  return x * T(0.5) * (1 + std::tanh(inner));
}
template <typename T> T remainder(T x, T y) { return std::fmod(x, y); }
template <typename T> T power(T x, T y) { return std::pow(x, y); }
template <typename T> T angle(T y, T x) { return std::atan2(y, x); }

/// A power that is the same for all is often 2, and the square is the rounded
/// power.
template <typename T>
void powerOfOne(void *to, const void *x, const void *y, const void *,
                size_t count) {
  if (*static_cast<const T *>(y) == 2)
    return binaryLoop<product<T>, T, T, AllBlocks>(to, x, x, nullptr, count);
  binaryLoop<power<T>, T, T, SecondIsOne>(to, x, y, nullptr, count);
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

template <typename T> constexpr ElementOperations makeTable() {
  ElementOperations table = {};
  const Adder<T> add{table};
  using O = ElementOp;
  add.common();
  add.template unary<O::Neg, negate<T>>();
  add.template unary<O::Abs, absolute<T>>();
  add.template unary<O::Sign, sign<T>>();
  add.template unary<O::Sqrt, squareRoot<T>>();
  add.template unary<O::Rsqrt, reciprocalSquareRoot<T>>();
  add.template unary<O::Reciprocal, reciprocal<T>>();
  add.template unary<O::Relu, rectify<T>>();
  add.template unary<O::Floor, roundDown<T>>();
  add.template unary<O::Ceil, roundUp<T>>();
  add.template unary<O::Round, roundToNearest<T>>();
  add.template unary<O::Isnan, isNan<T>, uint8_t>();
  add.template binary<O::Add, sum<T>>();
  add.template binary<O::Sub, difference<T>>();
  add.template binary<O::Mul, product<T>>();
  add.template binary<O::Div, quotient<T>>();
  add.template binary<O::Minimum, smaller<T>>();
  add.template binary<O::Maximum, larger<T>>();
  add.template ternary<O::Clamp, clamp<T>, T>();

  add.template unary<O::Asin, arcSine<T>>();
  add.template unary<O::Acos, arcCosine<T>>();
  add.template unary<O::Atan, arcTangent<T>>();
  add.template binary<O::Rem, remainder<T>>();
  add.template binary<O::Atan2, angle<T>>();
  // Those of f32 have files of their own.
  if constexpr (sizeof(T) == sizeof(double)) {
    add.template unary<O::Sin, sine<T>>();
    add.template unary<O::Cos, cosine<T>>();
    add.template unary<O::Tan, tangent<T>>();
    add.template unary<O::Sinh, hyperbolicSine<T>>();
    add.template unary<O::Cosh, hyperbolicCosine<T>>();
    add.template binary<O::Pow, power<T>>();
    add.at(O::Pow)[SecondIsOne] = powerOfOne<T>;
    add.template unary<O::Exp, exponential<T>>();
    add.template unary<O::Expm1, exponentialMinus1<T>>();
    add.template unary<O::Log, logarithm<T>>();
    add.template unary<O::Log2, logarithmTo2<T>>();
    add.template unary<O::Log10, logarithmTo10<T>>();
    add.template unary<O::Log1p, logarithmOf1Plus<T>>();
    add.template unary<O::Tanh, hyperbolicTangent<T>>();
    add.template unary<O::Erf, errorFunction<T>>();
    add.template unary<O::Sigmoid, sigmoid<T>>();
    add.template unary<O::Silu, silu<T>>();
    add.template unary<O::Gelu, gelu<T>>();
    add.template unary<O::GeluTanh, geluByTanh<T>>();
  }
  return table;
}

constexpr ElementOperations singles = makeTable<float>();
constexpr ElementOperations doubles = makeTable<double>();

} // namespace

inline const ElementOperations &floatTable(RegisterType type) {
  return type == RegisterType::F32 ? singles : doubles;
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementOperations &floatOperations(RegisterType type, CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::floatTable(type);
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::floatTable(type);
#endif
  return HWY_NAMESPACE::floatTable(type);
}

} // namespace mind::kernels
#endif
