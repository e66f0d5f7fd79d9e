//===- ElementInteger.cpp - arithmetic of integers and bool --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One source for every instruction set. Integers wrap.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementInteger.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementLoops-inl.h"
#include <algorithm>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

/// In which arithmetic wraps, even if int is wider.
template <typename T>
using Wrapping = std::make_unsigned_t<std::common_type_t<T, int32_t>>;

template <typename T> HWY_INLINE T negate(T x) { return T(0 - Wrapping<T>(x)); }
template <typename T> HWY_INLINE T absolute(T x) {
  return x < 0 ? negate(x) : x;
}
template <typename T> HWY_INLINE T sign(T x) { return T((x > 0) - (x < 0)); }
template <typename T> HWY_INLINE T rectify(T x) { return x > 0 ? x : T(0); }
template <typename T> HWY_INLINE T sum(T x, T y) {
  return T(Wrapping<T>(x) + Wrapping<T>(y));
}
template <typename T> HWY_INLINE T difference(T x, T y) {
  return T(Wrapping<T>(x) - Wrapping<T>(y));
}
template <typename T> HWY_INLINE T product(T x, T y) {
  return T(Wrapping<T>(x) * Wrapping<T>(y));
}
template <typename T> HWY_INLINE T smaller(T x, T y) { return x < y ? x : y; }
template <typename T> HWY_INLINE T larger(T x, T y) { return x > y ? x : y; }
template <typename T> HWY_INLINE T clamp(T x, T low, T high) {
  return smaller(larger(x, low), high);
}

/// A float whose quotients of integers of type T, rounded toward zero, are
/// theirs: a quotient that is not whole is farther from the next whole number
/// than rounding moves it. It has vectors, as the division of integers has not.
template <typename T>
using Dividing =
    std::conditional_t<sizeof(T) == 1, float,
                       std::conditional_t<sizeof(T) == 4, double, void>>;

/// Of a divisor that is neither 0 nor -1.
template <typename T> HWY_INLINE T divideSafely(T x, T y) {
  if constexpr (sizeof(T) == 8)
    return x / y;
  else
    return T(int32_t(Dividing<T>(x) / Dividing<T>(y)));
}

/// The divisor, or 1 where the machine's division would trap: at 0, and at -1,
/// since MIN / -1 overflows.
template <typename T> HWY_INLINE T safeDivisor(T y) {
  return y == 0 || (std::is_signed_v<T> && y == T(-1)) ? T(1) : y;
}
template <typename T> HWY_INLINE T quotient(T x, T y) {
  const T result = divideSafely(x, safeDivisor(y));
  return std::is_signed_v<T> && y == T(-1) ? negate(x) : result;
}
template <typename T> HWY_INLINE T remainder(T x, T y) {
  const T divisor = safeDivisor(y);
  return difference(x, product(divideSafely(x, divisor), divisor));
}

/// By squaring; a negative power counts as 0.
template <typename T> HWY_INLINE T power(T x, T y) {
  T result = 1;
  for (auto left = std::make_unsigned_t<T>(rectify(y)); left != 0; left >>= 1) {
    if (left & 1)
      result = product(result, x);
    x = product(x, x);
  }
  return result;
}
/// One power for all: what is multiplied is the same for all, too.
template <typename T>
void powerOfOne(void *to, const void *x, const void *y, const void *,
                size_t count) {
  constexpr size_t most = 256;
  T *result = static_cast<T *>(to);
  const T *a = static_cast<const T *>(x);
  const T exponent = rectify(*static_cast<const T *>(y));
  T squares[most], products[most];
  for (size_t i = 0; i < count; i += most) {
    const size_t size = std::min(most, count - i);
    for (size_t j = 0; j < size; ++j)
      squares[j] = a[i + j], products[j] = 1;
    for (auto left = std::make_unsigned_t<T>(exponent); left != 0; left >>= 1) {
      if (left & 1)
        for (size_t j = 0; j < size; ++j)
          products[j] = product(products[j], squares[j]);
      if (left > 1)
        for (size_t j = 0; j < size; ++j)
          squares[j] = product(squares[j], squares[j]);
    }
    for (size_t j = 0; j < size; ++j)
      result[i + j] = products[j];
  }
}

HWY_INLINE uint8_t negation(uint8_t x) { return x ^ 1; }
HWY_INLINE uint8_t both(uint8_t x, uint8_t y) { return x & y; }
HWY_INLINE uint8_t either(uint8_t x, uint8_t y) { return x | y; }
HWY_INLINE uint8_t one(uint8_t x, uint8_t y) { return x ^ y; }

template <typename T> constexpr ElementOperations makeTable() {
  ElementOperations table = {};
  const Adder<T> add{table};
  using O = ElementOp;
  add.common();
  add.template unary<O::Neg, negate<T>>();
  add.template unary<O::Abs, absolute<T>>();
  add.template unary<O::Sign, sign<T>>();
  add.template unary<O::Relu, rectify<T>>();
  add.template binary<O::Add, sum<T>>();
  add.template binary<O::Sub, difference<T>>();
  add.template binary<O::Mul, product<T>>();
  add.template binary<O::Div, quotient<T>>();
  add.template binary<O::Rem, remainder<T>>();
  add.template binary<O::Pow, power<T>>();
  add.at(O::Pow)[SecondIsOne] = powerOfOne<T>;
  add.template binary<O::Minimum, smaller<T>>();
  add.template binary<O::Maximum, larger<T>>();
  add.template ternary<O::Clamp, clamp<T>, T>();
  if constexpr (std::is_same_v<T, uint8_t>) { // bool
    add.template unary<O::Not, negation>();
    add.template binary<O::And, both>();
    add.template binary<O::Or, either>();
    add.template binary<O::Xor, one>();
  }
  return table;
}

constexpr ElementOperations signedBytes = makeTable<int8_t>();
constexpr ElementOperations bytes = makeTable<uint8_t>();
constexpr ElementOperations words = makeTable<int32_t>();
constexpr ElementOperations longs = makeTable<int64_t>();

} // namespace

inline const ElementOperations &integerTable(RegisterType type) {
  return type == RegisterType::I8    ? signedBytes
         : type == RegisterType::U8  ? bytes
         : type == RegisterType::I32 ? words
                                     : longs;
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementOperations &integerOperations(RegisterType type, CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::integerTable(type);
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::integerTable(type);
#endif
  return HWY_NAMESPACE::integerTable(type);
}

} // namespace mind::kernels
#endif
