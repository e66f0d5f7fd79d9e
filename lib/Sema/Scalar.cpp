//===- Scalar.cpp - values known at compile time --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"
#include "Mind/Basic/FloatFormat.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include <charconv>
#include <cmath>

namespace mind {

static double toDouble(llvm::APFloat value) {
  bool inexact;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven,
                &inexact);
  return value.convertToDouble();
}

uint64_t Scalar::bits() const {
  if (!isFloat(dtype))
    return uint64_t(integer.constant());
  if (dtype == DType::F32)
    return llvm::bit_cast<uint32_t>(float(real));
  if (dtype == DType::F64)
    return llvm::bit_cast<uint64_t>(real);
  return roundedTo(dtype, real).bitcastToAPInt().getZExtValue();
}

Scalar Scalar::fromBits(DType dtype, uint64_t bits) {
  if (!isFloat(dtype))
    return ofInteger(dtype, int64_t(bits));
  if (dtype == DType::F32)
    return ofReal(dtype, llvm::bit_cast<float>(uint32_t(bits)));
  if (dtype == DType::F64)
    return ofReal(dtype, llvm::bit_cast<double>(bits));
  const llvm::fltSemantics &format = floatFormat(dtype);
  llvm::APInt pattern(llvm::APFloat::getSizeInBits(format), bits);
  return ofReal(dtype, toDouble(llvm::APFloat(format, pattern)));
}

std::string Scalar::str() const {
  if (isBool(dtype))
    return integer.isConstant(0) ? "false" : "true";
  if (!isFloat(dtype))
    return integer.str();
  llvm::SmallString<32> text;
  roundedTo(dtype, real).toString(text);
  return std::string(text);
}

/// The least and greatest value of an integer type.
static std::pair<int64_t, int64_t> limits(DType dtype) {
  unsigned bits = 8 * sizeInBytes(dtype);
  if (isUnsignedInt(dtype))
    return {0, int64_t(~uint64_t(0) >> (64 - bits))};
  return {INT64_MIN >> (64 - bits), INT64_MAX >> (64 - bits)};
}

/// `value` reduced modulo the size of an integer type.
static int64_t wrapped(uint64_t value, DType dtype) {
  unsigned unused = 64 - 8 * sizeInBytes(dtype);
  return isUnsignedInt(dtype) ? int64_t(value << unused >> unused)
                              : int64_t(value << unused) >> unused;
}

std::optional<Scalar> integerLiteral(uint64_t magnitude, bool negative,
                                     DType dtype) {
  if (isFloat(dtype)) {
    // The machine rounds as APFloat does, and has these formats.
    if (dtype == DType::F32 || dtype == DType::F64) {
      double real = dtype == DType::F32 ? float(magnitude) : double(magnitude);
      return Scalar::ofReal(dtype, negative ? -real : real);
    }
    llvm::APFloat value(floatFormat(dtype));
    llvm::APFloat::opStatus status =
        value.convertFromAPInt(llvm::APInt(64, magnitude), /*IsSigned=*/false,
                               llvm::APFloat::rmNearestTiesToEven);
    if (status & llvm::APFloat::opOverflow)
      return std::nullopt;
    double real = toDouble(value);
    return Scalar::ofReal(dtype, negative ? -real : real);
  }
  auto [least, greatest] = limits(dtype);
  uint64_t limit = negative ? -uint64_t(least) : uint64_t(greatest);
  if (magnitude > limit)
    return std::nullopt;
  return Scalar::ofInteger(dtype, int64_t(negative ? -magnitude : magnitude));
}

/// The value of `digits` rounded to `Float`, or none if it is beyond what has
/// all of its digits.
template <typename Float>
static std::optional<double> parseReal(llvm::StringRef digits) {
  Float value;
  auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
  if (error != std::errc() || end != digits.end())
    return std::nullopt;
  return value;
}

std::optional<Scalar> floatLiteral(llvm::StringRef text, bool negative,
                                   DType dtype) {
  llvm::SmallString<32> digits;
  for (char c : text)
    if (c != '_')
      digits.push_back(c);
  // APFloat knows every format and what is too large or too small for one, but
  // takes twenty times as long.
  std::optional<double> parsed;
  if (dtype == DType::F32)
    parsed = parseReal<float>(digits);
  else if (dtype == DType::F64)
    parsed = parseReal<double>(digits);
  if (parsed)
    return Scalar::ofReal(dtype, negative ? -*parsed : *parsed);
  llvm::APFloat value(floatFormat(dtype));
  llvm::Expected<llvm::APFloat::opStatus> status =
      value.convertFromString(digits, llvm::APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return std::nullopt;
  }
  if (*status & llvm::APFloat::opOverflow)
    return std::nullopt;
  double real = toDouble(value);
  return Scalar::ofReal(dtype, negative ? -real : real);
}

/// Whether a product or sum of these may be taken without its text growing
/// beyond what anybody would read.
static bool isModest(llvm::ArrayRef<Scalar> operands) {
  return llvm::all_of(operands, [](const Scalar &operand) {
    return operand.integer.isConstant() || operand.integer.str().size() < 128;
  });
}

static std::optional<Scalar> foldSymbolic(OpKind kind,
                                          llvm::ArrayRef<Scalar> operands) {
  if (!isModest(operands))
    return std::nullopt;
  const Dim &lhs = operands.front().integer, &rhs = operands.back().integer;
  std::optional<Dim> result;
  if (kind == OpKind::Add)
    result = Dim::add(lhs, rhs);
  else if (kind == OpKind::Mul)
    result = Dim::multiply(lhs, rhs);
  else if (kind == OpKind::Div)
    result = rhs.isConstant(0) ? std::nullopt : Dim::divideExactly(lhs, rhs);
  else if (kind == OpKind::Neg)
    result = Dim::multiply(lhs, -1);
  else if (kind == OpKind::Sub)
    if (std::optional<Dim> negated = Dim::multiply(rhs, -1))
      result = Dim::add(lhs, *negated);
  if (!result)
    return std::nullopt;
  return Scalar::ofInteger(operands.front().dtype, *result);
}

std::optional<int64_t> foldInteger(OpKind kind, int64_t lhs, int64_t rhs) {
  switch (kind) {
  case OpKind::Add:
    return uint64_t(lhs) + uint64_t(rhs);
  case OpKind::Sub:
    return uint64_t(lhs) - uint64_t(rhs);
  case OpKind::Mul:
    return uint64_t(lhs) * uint64_t(rhs);
  case OpKind::Neg:
    return -uint64_t(lhs);
  // Division by -1 is negation, which wraps where the machine would trap.
  case OpKind::Div:
    if (rhs == 0)
      return std::nullopt;
    return rhs == -1 ? -uint64_t(lhs) : uint64_t(lhs / rhs);
  case OpKind::Rem:
    if (rhs == 0)
      return std::nullopt;
    return rhs == -1 ? 0 : lhs % rhs;
  case OpKind::Pow: {
    if (rhs < 0)
      return std::nullopt;
    uint64_t result = 1, square = uint64_t(lhs);
    for (uint64_t power = rhs; power != 0; power >>= 1, square *= square)
      if (power & 1)
        result *= square;
    return result;
  }
  default:
    return std::nullopt;
  }
}

static std::optional<double> foldReal(OpKind kind, double lhs, double rhs) {
  switch (kind) {
  case OpKind::Add:
    return lhs + rhs;
  case OpKind::Sub:
    return lhs - rhs;
  case OpKind::Mul:
    return lhs * rhs;
  case OpKind::Div:
    return lhs / rhs;
  case OpKind::Rem:
    return std::fmod(lhs, rhs);
  case OpKind::Neg:
    return -lhs;
  default:
    return std::nullopt;
  }
}

std::optional<Scalar> fold(OpKind kind, llvm::ArrayRef<Scalar> operands) {
  DType dtype = operands.front().dtype;
  if (isBool(dtype))
    return std::nullopt;
  // Double has more than twice the digits of the narrower types, so that
  // rounding its result to them is the same as rounding once.
  if (isFloat(dtype)) {
    std::optional<double> real =
        foldReal(kind, operands.front().real, operands.back().real);
    if (!real)
      return std::nullopt;
    return Scalar::ofReal(dtype, toDouble(roundedTo(dtype, *real)));
  }
  for (const Scalar &operand : operands)
    if (!operand.integer.isConstant())
      return foldSymbolic(kind, operands);
  std::optional<int64_t> result =
      foldInteger(kind, operands.front().integer.constant(),
                  operands.back().integer.constant());
  if (!result)
    return std::nullopt;
  return Scalar::ofInteger(dtype, wrapped(*result, dtype));
}

bool hasNegativePower(OpKind kind, llvm::ArrayRef<Scalar> operands) {
  return kind == OpKind::Pow && isInt(operands.back().dtype) &&
         operands.back().integer.isConstant() &&
         operands.back().integer.constant() < 0;
}

bool dividesByZero(OpKind kind, llvm::ArrayRef<Scalar> operands) {
  return (kind == OpKind::Div || kind == OpKind::Rem) &&
         isInt(operands.back().dtype) && operands.back().integer.isConstant(0);
}

} // namespace mind
