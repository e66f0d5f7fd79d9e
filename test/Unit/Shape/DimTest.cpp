//===- DimTest.cpp - extents as polynomials -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Dim.h"
#include "gtest/gtest.h"
#include <random>

using namespace mind;

namespace {

Dim sum(const Dim &a, const Dim &b) { return *Dim::add(a, b); }
Dim product(const Dim &a, const Dim &b) { return *Dim::multiply(a, b); }

const Dim B = Dim::named("B"), T = Dim::named("T");

TEST(Dim, PrintsAsOneWouldWriteIt) {
  EXPECT_EQ(Dim(3).str(), "3");
  EXPECT_EQ(Dim(-3).str(), "-3");
  EXPECT_EQ(B.str(), "B");
  EXPECT_EQ(product(Dim(4), B).str(), "4*B");
  EXPECT_EQ(product(T, B).str(), "B*T");
  EXPECT_EQ(sum(product(B, T), Dim(1)).str(), "B*T + 1");
  EXPECT_EQ(sum(B, Dim(-1)).str(), "B - 1");
  EXPECT_EQ(sum(product(Dim(-1), B), Dim(2)).str(), "-B + 2");
}

TEST(Dim, ComparesAsPolynomials) {
  EXPECT_EQ(sum(B, B), product(Dim(2), B));
  EXPECT_EQ(product(B, T), product(T, B));
  EXPECT_NE(B, T);
  EXPECT_NE(B, Dim(1));
  EXPECT_EQ(sum(B, product(Dim(-1), B)), Dim(0));
  EXPECT_TRUE(sum(B, product(Dim(-1), B)).isConstant(0));
}

TEST(Dim, KnowsItsName) {
  EXPECT_EQ(B.name(), "B");
  EXPECT_FALSE(product(Dim(2), B).name());
  EXPECT_FALSE(Dim(7).name());
}

TEST(Dim, DividesOnlyExactly) {
  Dim fourB = product(Dim(4), B);
  EXPECT_EQ(Dim::divideExactly(fourB, Dim(2)), product(Dim(2), B));
  EXPECT_EQ(Dim::divideExactly(fourB, B), Dim(4));
  EXPECT_EQ(Dim::divideExactly(fourB, Dim(3)), std::nullopt);
  EXPECT_EQ(Dim::divideExactly(fourB, T), std::nullopt);
  EXPECT_EQ(Dim::divideExactly(Dim(6), Dim(4)), std::nullopt);
  EXPECT_EQ(Dim::divideExactly(Dim(6), B), std::nullopt);
  Dim binomial = sum(B, Dim(1));
  EXPECT_EQ(Dim::divideExactly(binomial, binomial), Dim(1));
  EXPECT_EQ(Dim::divideExactly(product(B, T), binomial), std::nullopt);
}

TEST(Dim, ReportsOverflow) {
  EXPECT_EQ(Dim::add(Dim(INT64_MAX), Dim(1)), std::nullopt);
  EXPECT_EQ(Dim::multiply(Dim(INT64_MAX), Dim(2)), std::nullopt);
  EXPECT_EQ(Dim::multiply(product(Dim(INT64_MAX), B), Dim(2)), std::nullopt);
  EXPECT_EQ(Dim::divideExactly(Dim(INT64_MIN), Dim(-1)), std::nullopt);
  EXPECT_EQ(elementCount({Dim(int64_t(1) << 32), Dim(int64_t(1) << 31)}),
            std::nullopt);
}

TEST(Dim, RejectsWhatIsNoExpression) {
  for (const char *text : {"", "4*", "*B", "B +", "99999999999999999999", "+"})
    EXPECT_EQ(Dim::parse(text), std::nullopt) << text;
}

/// A polynomial of a few small terms over three names.
Dim randomDim(std::mt19937 &random) {
  static const char *names[] = {"A", "B", "C"};
  Dim result;
  for (unsigned term = random() % 4; term; --term) {
    Dim factor = int64_t(random() % 19) - 9;
    for (unsigned i = random() % 3; i; --i)
      factor = product(factor, Dim::named(names[random() % 3]));
    result = sum(result, factor);
  }
  return result;
}

TEST(Dim, HoldsTheLawsOfARing) {
  std::mt19937 random(1);
  for (int i = 0; i != 500; ++i) {
    Dim a = randomDim(random), b = randomDim(random), c = randomDim(random);
    EXPECT_EQ(sum(a, b), sum(b, a));
    EXPECT_EQ(product(a, b), product(b, a));
    EXPECT_EQ(product(a, sum(b, c)), sum(product(a, b), product(a, c)));
    EXPECT_EQ(product(product(a, b), c), product(a, product(b, c)));
  }
}

TEST(Dim, ParsesWhatItPrints) {
  std::mt19937 random(2);
  for (int i = 0; i != 500; ++i) {
    Dim dim = randomDim(random);
    std::optional<Dim> parsed = Dim::parse(dim.str());
    ASSERT_TRUE(parsed) << dim.str();
    EXPECT_EQ(*parsed, dim) << dim.str();
  }
}

TEST(Dim, IsAtLeastWhatItIsForTheSmallestSizes) {
  EXPECT_TRUE(Dim(3).isAtLeast(3));
  EXPECT_FALSE(Dim(3).isAtLeast(4));
  EXPECT_TRUE(Dim::named("B").isAtLeast(1));
  EXPECT_FALSE(Dim::named("B").isAtLeast(2));
  EXPECT_TRUE(Dim::parse("2*A*B + 3*B - 4")->isAtLeast(1));
  EXPECT_FALSE(Dim::parse("2*A*B + 3*B - 5")->isAtLeast(1));
  EXPECT_FALSE(Dim::parse("8 - B")->isAtLeast(-1000));
  EXPECT_TRUE(Dim::parse("A*B + B*C - 2*B")->isAtLeast(0));
  EXPECT_FALSE(Dim::parse("A*B + B*C - 2*B - 1")->isAtLeast(0));
  EXPECT_FALSE(Dim::parse("A*B + B*C - 2*B - A*C")->isAtLeast(-9));
  EXPECT_TRUE(
      Dim::parse("9223372036854775807*A + 9223372036854775807")->isAtLeast(1));
  // If it says so, it is so.
  std::mt19937 random(3);
  for (int i = 0; i != 500; ++i) {
    Dim dim = randomDim(random);
    for (int64_t least : {-20, 0, 1, 5})
      if (dim.isAtLeast(least)) {
        std::optional<Dim> value = dim.substitute(
            [&](llvm::StringRef) { return Dim(int64_t(1 + random() % 4)); });
        EXPECT_GE(value->constant(), least) << dim.str();
      }
  }
}

} // namespace
