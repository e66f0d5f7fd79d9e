//===- ScalarTest.cpp - literals and constant arithmetic ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Sema/Scalar.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mind;

namespace {

Scalar integer(DType dtype, int64_t value) {
  return Scalar::ofInteger(dtype, value);
}

std::optional<int64_t> foldIntegers(OpKind kind, DType dtype, int64_t lhs,
                                    int64_t rhs) {
  std::optional<Scalar> result =
      fold(kind, {integer(dtype, lhs), integer(dtype, rhs)});
  if (!result)
    return std::nullopt;
  EXPECT_EQ(result->dtype, dtype);
  return result->integer.constant();
}

TEST(Scalar, IntegerLiteralsFitTheirDType) {
  EXPECT_TRUE(integerLiteral(127, false, DType::I8));
  EXPECT_FALSE(integerLiteral(128, false, DType::I8));
  EXPECT_TRUE(integerLiteral(128, true, DType::I8));
  EXPECT_FALSE(integerLiteral(129, true, DType::I8));
  EXPECT_TRUE(integerLiteral(255, false, DType::U8));
  EXPECT_TRUE(integerLiteral(0, true, DType::U8));
  EXPECT_FALSE(integerLiteral(1, true, DType::U8));
  EXPECT_FALSE(integerLiteral(1ull << 31, false, DType::I32));
  EXPECT_EQ(integerLiteral(1ull << 63, true, DType::I64)->integer.constant(),
            INT64_MIN);
  EXPECT_FALSE(integerLiteral(1ull << 63, false, DType::I64));
}

TEST(Scalar, FloatLiteralsRoundOnce) {
  // Halfway between two floats, and a little above: by way of double the
  // little would be lost, and the tie go to even.
  constexpr llvm::StringRef aboveTie = "1.00000005960464477540";
  EXPECT_EQ(floatLiteral(aboveTie, false, DType::F32)->real,
            double(std::nextafter(1.0f, 2.0f)));
  EXPECT_EQ(floatLiteral("0.1", false, DType::F32)->real, double(0.1f));
  EXPECT_EQ(floatLiteral("0.1", false, DType::F64)->real, 0.1);
  EXPECT_EQ(floatLiteral("1_000.5", true, DType::F64)->real, -1000.5);
  EXPECT_TRUE(std::signbit(floatLiteral("0.0", true, DType::F32)->real));
  EXPECT_EQ(integerLiteral(16777217, false, DType::F32)->real, 16777216.0);
}

TEST(Scalar, FloatLiteralsMayBeTooSmallForTheirDType) {
  EXPECT_EQ(floatLiteral("1e-60", false, DType::F32)->real, 0.0);
  EXPECT_EQ(floatLiteral("1e-45", false, DType::F32)->real,
            double(std::nextafter(0.0f, 1.0f)));
  EXPECT_EQ(floatLiteral("1e-400", false, DType::F64)->real, 0.0);
  EXPECT_EQ(floatLiteral("4e-324", true, DType::F64)->real,
            -std::nextafter(0.0, 1.0));
}

TEST(Scalar, IntegerLiteralsRoundToTheNearestFloat) {
  EXPECT_EQ(integerLiteral(16777219, false, DType::F32)->real, 16777220.0);
  EXPECT_EQ(integerLiteral((1ull << 53) + 1, true, DType::F64)->real,
            -double(1ull << 53));
  EXPECT_EQ(integerLiteral(UINT64_MAX, false, DType::F32)->real, 0x1p64);
}

TEST(Scalar, FloatLiteralsBeyondTheirDTypeAreNone) {
  EXPECT_TRUE(floatLiteral("65519.0", false, DType::F16));
  EXPECT_FALSE(floatLiteral("65520.0", false, DType::F16));
  EXPECT_FALSE(integerLiteral(65520, false, DType::F16));
  EXPECT_FALSE(floatLiteral("3.5e38", false, DType::F32));
  EXPECT_FALSE(floatLiteral("3.5e38", true, DType::BF16));
  EXPECT_FALSE(floatLiteral("1e400", false, DType::F64));
  EXPECT_EQ(floatLiteral("1e-400", false, DType::F64)->real, 0.0);
}

TEST(Scalar, BitsAreThoseOfTheDType) {
  EXPECT_EQ(Scalar::ofReal(DType::F16, 1.5).bits(), 0x3e00u);
  EXPECT_EQ(Scalar::ofReal(DType::BF16, -1.5).bits(), 0xbfc0u);
  EXPECT_EQ(Scalar::ofReal(DType::F32, 1.5).bits(), 0x3fc00000u);
  EXPECT_EQ(integer(DType::I8, -1).bits(), ~0ull);
  for (DType dtype : {DType::F16, DType::BF16, DType::F32, DType::F64}) {
    Scalar value = Scalar::ofReal(dtype, -0.375);
    EXPECT_EQ(Scalar::fromBits(dtype, value.bits()).real, -0.375);
  }
}

TEST(Scalar, IntegerArithmeticWraps) {
  EXPECT_EQ(foldIntegers(OpKind::Add, DType::I8, 100, 100), -56);
  EXPECT_EQ(foldIntegers(OpKind::Sub, DType::U8, 1, 2), 255);
  EXPECT_EQ(foldIntegers(OpKind::Mul, DType::I64, INT64_MAX, 2), -2);
  EXPECT_EQ(foldIntegers(OpKind::Div, DType::I64, INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(foldIntegers(OpKind::Rem, DType::I64, INT64_MIN, -1), 0);
  EXPECT_EQ(foldIntegers(OpKind::Div, DType::I32, -7, 2), -3);
  EXPECT_EQ(foldIntegers(OpKind::Rem, DType::I32, -7, 2), -1);
}

TEST(Scalar, DivisionByZeroDoesNotFold) {
  EXPECT_EQ(foldIntegers(OpKind::Div, DType::I64, 1, 0), std::nullopt);
  EXPECT_EQ(foldIntegers(OpKind::Rem, DType::I64, 1, 0), std::nullopt);
  EXPECT_TRUE(dividesByZero(OpKind::Div,
                            {integer(DType::I8, 1), integer(DType::I8, 0)}));
  EXPECT_FALSE(dividesByZero(OpKind::Div, {Scalar::ofReal(DType::F32, 1),
                                           Scalar::ofReal(DType::F32, 0)}));
}

TEST(Scalar, FloatArithmeticRoundsToItsDType) {
  auto third = fold(OpKind::Div, {Scalar::ofReal(DType::F32, 1),
                                  Scalar::ofReal(DType::F32, 3)});
  EXPECT_EQ(third->real, double(1.0f / 3.0f));
  auto infinite = fold(OpKind::Mul, {Scalar::ofReal(DType::F16, 65504),
                                     Scalar::ofReal(DType::F16, 2)});
  EXPECT_TRUE(std::isinf(infinite->real));
}

TEST(Scalar, NamedSizesStayExpressions) {
  Scalar size = Scalar::ofInteger(DType::I64, Dim::named("B"));
  auto twice = fold(OpKind::Mul, {size, integer(DType::I64, 2)});
  EXPECT_EQ(twice->integer.str(), "2*B");
  EXPECT_EQ(fold(OpKind::Div, {*twice, size})->integer.str(), "2");
  EXPECT_EQ(fold(OpKind::Sub, {*twice, size})->integer.str(), "B");
  EXPECT_FALSE(fold(OpKind::Div, {size, integer(DType::I64, 2)}));
  EXPECT_FALSE(fold(OpKind::Rem, {size, integer(DType::I64, 2)}));
}

} // namespace
