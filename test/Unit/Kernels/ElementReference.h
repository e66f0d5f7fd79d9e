//===- ElementReference.h - expressions, one element at a time --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What elementwise kernels ought to compute, written for clarity: numbers are
// double or int64_t, and rounded to their dtype after each instruction.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_KERNELS_ELEMENTREFERENCE_H
#define MIND_TEST_UNIT_KERNELS_ELEMENTREFERENCE_H

#include "Mind/Runtime/Kernels/Elementwise.h"
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace reference {

using mind::DType;
using mind::kernels::ElementExpression;
using mind::kernels::ElementInstruction;
using mind::kernels::ElementOp;

/// A number of any dtype: `real` of floats, `whole` of the others.
struct Number {
  double real = 0;
  int64_t whole = 0;
};

/// `x` rounded to `digits` binary digits and exponents of at least `least`;
/// beyond `most` it is infinity.
inline double roundTo(double x, int digits, int least, double most) {
  if (!std::isfinite(x) || x == 0)
    return x;
  const int exponent = std::max(std::ilogb(x), least);
  const double unit = std::ldexp(1.0, exponent - digits + 1);
  const double rounded = std::nearbyint(x / unit) * unit;
  return std::abs(rounded) > most
             ? std::copysign(std::numeric_limits<double>::infinity(), x)
             : rounded;
}

inline double roundReal(DType dtype, double x) {
  if (dtype == DType::F64)
    return x;
  x = float(x);
  if (dtype == DType::F16)
    return std::copysign(roundTo(x, 11, -14, 65504), x);
  if (dtype == DType::BF16)
    return std::copysign(
        roundTo(x, 8, -126, std::ldexp(2 - std::ldexp(1.0, -7), 127)), x);
  return x;
}

inline int64_t wrap(DType dtype, uint64_t x) {
  switch (dtype) {
  case DType::I8:
    return int8_t(x);
  case DType::Bool:
  case DType::U8:
    return uint8_t(x);
  case DType::I32:
    return int32_t(x);
  default:
    return int64_t(x);
  }
}

inline Number load(DType dtype, const void *from) {
  auto bits = [&]<typename T>(T element) {
    std::memcpy(&element, from, sizeof(T));
    return element;
  };
  switch (dtype) {
  case DType::F64:
    return {bits(double())};
  case DType::F32:
    return {bits(float())};
  case DType::BF16:
    return {std::bit_cast<float>(uint32_t(bits(uint16_t())) << 16)};
  case DType::F16: {
    const uint16_t all = bits(uint16_t());
    const int exponent = all >> 10 & 31, fraction = all & 1023;
    double size = exponent == 31 ? (fraction ? NAN : INFINITY)
                  : exponent     ? std::ldexp(1024 + fraction, exponent - 25)
                                 : std::ldexp(fraction, -24);
    return {all >> 15 ? -size : size};
  }
  case DType::I64:
    return {0, bits(int64_t())};
  case DType::I32:
    return {0, bits(int32_t())};
  case DType::I8:
    return {0, bits(int8_t())};
  default:
    return {0, bits(uint8_t())};
  }
}

/// `x` is a number of the dtype.
inline void store(DType dtype, Number x, void *to) {
  auto bits = [&]<typename T>(T element) {
    std::memcpy(to, &element, sizeof(T));
  };
  switch (dtype) {
  case DType::F64:
    return bits(x.real);
  case DType::F32:
    return bits(float(x.real));
  case DType::BF16:
    return bits(uint16_t(std::bit_cast<uint32_t>(float(x.real)) >> 16));
  case DType::F16: {
    const uint16_t sign = std::signbit(x.real) ? 0x8000 : 0;
    const double size = std::abs(x.real);
    if (std::isnan(size))
      return bits(uint16_t(0x7e00));
    if (std::isinf(size))
      return bits(uint16_t(sign | 0x7c00));
    if (size < std::ldexp(1.0, -14))
      return bits(uint16_t(sign | int(std::ldexp(size, 24))));
    const int exponent = std::ilogb(size);
    return bits(uint16_t(sign | (((exponent + 15) << 10) +
                                 int(std::ldexp(size, 10 - exponent)) - 1024)));
  }
  case DType::I64:
    return bits(x.whole);
  case DType::I32:
    return bits(int32_t(x.whole));
  default:
    return bits(uint8_t(x.whole));
  }
}

inline Number cast(DType from, DType to, Number x) {
  if (isBool(to))
    return {0, isFloat(from) ? x.real != 0 : x.whole != 0};
  if (isFloat(to))
    return {roundReal(to, isFloat(from)      ? x.real
                          : to == DType::F64 ? double(x.whole)
                                             // One rounding, to f32.
                                             : double(float(x.whole)))};
  if (!isFloat(from))
    return {0, wrap(to, uint64_t(x.whole))};
  const int bits = int(sizeInBytes(to)) * 8;
  const bool isSigned = isSignedInt(to);
  const double above = std::ldexp(1.0, bits - isSigned);
  const double least = isSigned ? -above : 0;
  if (std::isnan(x.real))
    return {};
  if (x.real >= above)
    return {0, isSigned ? int64_t((uint64_t(1) << (bits - 1)) - 1)
                        : int64_t((1 << bits) - 1)};
  if (x.real < least)
    return {0, isSigned ? int64_t(-(uint64_t(1) << (bits - 1))) : 0};
  return {0, int64_t(x.real)};
}

inline int64_t wholePower(DType dtype, int64_t x, int64_t y) {
  uint64_t result = 1, square = uint64_t(x);
  for (; y > 0; y >>= 1, square *= square)
    if (y & 1)
      result *= square;
  return wrap(dtype, result);
}

/// Not yet rounded; functions are those of double.
inline double computeReal(const ElementInstruction &instruction, double x,
                          double y, double z) {
  auto round = [&](double each) { return roundReal(DType::F32, each); };
  auto ordered = [&](double a, double b, bool isLess) {
    if (std::isnan(a) || std::isnan(b))
      return double(NAN);
    if (a == b)
      return std::signbit(a) == isLess ? a : b;
    return (a < b) == isLess ? a : b;
  };
  const bool isDouble = instruction.dtype == DType::F64;
  switch (instruction.op) {
  case ElementOp::Neg:
    return -x;
  case ElementOp::Abs:
    return std::abs(x);
  case ElementOp::Sign:
    return x > 0 ? 1 : x < 0 ? -1 : x;
  case ElementOp::Exp:
    return std::exp(x);
  case ElementOp::Expm1:
    return std::expm1(x);
  case ElementOp::Log:
    return std::log(x);
  case ElementOp::Log2:
    return std::log2(x);
  case ElementOp::Log10:
    return std::log10(x);
  case ElementOp::Log1p:
    return std::log1p(x);
  case ElementOp::Sqrt:
    return std::sqrt(x);
  case ElementOp::Rsqrt:
    return 1 / (isDouble ? std::sqrt(x) : round(std::sqrt(x)));
  case ElementOp::Reciprocal:
    return 1 / x;
  case ElementOp::Sin:
    return std::sin(x);
  case ElementOp::Cos:
    return std::cos(x);
  case ElementOp::Tan:
    return std::tan(x);
  case ElementOp::Asin:
    return std::asin(x);
  case ElementOp::Acos:
    return std::acos(x);
  case ElementOp::Atan:
    return std::atan(x);
  case ElementOp::Sinh:
    return std::sinh(x);
  case ElementOp::Cosh:
    return std::cosh(x);
  case ElementOp::Tanh:
    return std::tanh(x);
  case ElementOp::Erf:
    return std::erf(x);
  case ElementOp::Sigmoid:
    return 1 / (1 + std::exp(-x));
  case ElementOp::Silu:
    return x / (1 + std::exp(-x));
  case ElementOp::Relu:
    return ordered(x, 0, false);
  case ElementOp::Gelu:
    return x / 2 * (1 + std::erf(x * M_SQRT1_2));
  case ElementOp::GeluTanh:
    return x / 2 *
           (1 + std::tanh(std::sqrt(M_2_PI) * (x + 0.044715 * x * x * x)));
  case ElementOp::Floor:
    return std::floor(x);
  case ElementOp::Ceil:
    return std::ceil(x);
  case ElementOp::Round:
    return std::nearbyint(x);
  case ElementOp::Add:
    return x + y;
  case ElementOp::Sub:
    return x - y;
  case ElementOp::Mul:
    return x * y;
  case ElementOp::Div:
    return x / y;
  case ElementOp::Rem:
    return std::fmod(x, y);
  case ElementOp::Pow:
    return std::pow(x, y);
  case ElementOp::Minimum:
    return ordered(x, y, true);
  case ElementOp::Maximum:
    return ordered(x, y, false);
  case ElementOp::Atan2:
    return std::atan2(x, y);
  case ElementOp::Clamp:
    return ordered(ordered(x, y, false), z, true);
  default:
    return NAN;
  }
}

inline int64_t computeWhole(const ElementInstruction &instruction, int64_t x,
                            int64_t y, int64_t z) {
  const uint64_t a = uint64_t(x), b = uint64_t(y);
  const int64_t divisor = y == 0 ? 1 : y;
  switch (instruction.op) {
  case ElementOp::Neg:
    return int64_t(0 - a);
  case ElementOp::Abs:
    return x < 0 ? int64_t(0 - a) : x;
  case ElementOp::Sign:
    return (x > 0) - (x < 0);
  case ElementOp::Relu:
    return std::max<int64_t>(x, 0);
  case ElementOp::Add:
    return int64_t(a + b);
  case ElementOp::Sub:
    return int64_t(a - b);
  case ElementOp::Mul:
    return int64_t(a * b);
  case ElementOp::Div:
    return divisor == -1 ? int64_t(0 - a) : x / divisor;
  case ElementOp::Rem:
    return divisor == -1 ? 0 : x % divisor;
  case ElementOp::Pow:
    return wholePower(instruction.dtype, x, y);
  case ElementOp::Minimum:
    return std::min(x, y);
  case ElementOp::Maximum:
    return std::max(x, y);
  case ElementOp::Clamp:
    return std::min(std::max(x, y), z);
  case ElementOp::Not:
    return !x;
  case ElementOp::And:
    return x & y;
  case ElementOp::Or:
    return x | y;
  case ElementOp::Xor:
    return x ^ y;
  default:
    return 0;
  }
}

/// Of an operation that is no load, constant, position or check.
inline Number compute(const ElementInstruction &instruction, Number x, Number y,
                      Number z) {
  auto compare = [&](auto a, auto b) -> int64_t {
    switch (instruction.op) {
    case ElementOp::Eq:
      return a == b;
    case ElementOp::Ne:
      return a != b;
    case ElementOp::Lt:
      return a < b;
    case ElementOp::Le:
      return a <= b;
    case ElementOp::Gt:
      return a > b;
    default:
      return a >= b;
    }
  };
  const bool isReal = isFloat(instruction.dtype);
  switch (instruction.op) {
  case ElementOp::Cast:
    return cast(instruction.dtype, instruction.result, x);
  case ElementOp::Where:
    return x.whole ? y : z;
  case ElementOp::Isnan:
    return {0, std::isnan(x.real)};
  case ElementOp::Eq:
  case ElementOp::Ne:
  case ElementOp::Lt:
  case ElementOp::Le:
  case ElementOp::Gt:
  case ElementOp::Ge:
    return {0, isReal ? compare(x.real, y.real) : compare(x.whole, y.whole)};
  default:
    break;
  }
  if (isReal)
    return {roundReal(instruction.result,
                      computeReal(instruction, x.real, y.real, z.real))};
  return {0,
          wrap(instruction.result,
               uint64_t(computeWhole(instruction, x.whole, y.whole, z.whole)))};
}

} // namespace reference

#endif // MIND_TEST_UNIT_KERNELS_ELEMENTREFERENCE_H
