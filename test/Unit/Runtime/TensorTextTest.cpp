//===- TensorTextTest.cpp - tensors as text -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// test/Python/test_mindc.py and test/Execution/test_printing.py compare with
// NumPy itself.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/TensorText.h"
#include "Mind/Runtime/Tensor.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace mind;
using namespace mind::runtime;

namespace {

template <typename T>
Tensor make(DType dtype, std::vector<int64_t> shape, std::vector<T> values) {
  Tensor tensor(dtype, std::move(shape));
  std::copy(values.begin(), values.end(), tensor.as<T>());
  return tensor;
}

template <typename T>
std::string text(DType dtype, std::vector<int64_t> shape,
                 std::vector<T> values) {
  return tensorText(make(dtype, std::move(shape), std::move(values)).view());
}

TEST(TensorText, ShowsEveryDType) {
  EXPECT_EQ(text<uint8_t>(DType::Bool, {2}, {1, 0}), "[ True False]");
  EXPECT_EQ(text<int8_t>(DType::I8, {2}, {-128, 7}), "[-128    7]");
  EXPECT_EQ(text<uint8_t>(DType::U8, {}, {255}), "255");
  EXPECT_EQ(text<int32_t>(DType::I32, {1, 2}, {-1, 10}), "[[-1 10]]");
  EXPECT_EQ(text<int64_t>(DType::I64, {}, {INT64_MIN}), "-9223372036854775808");
  EXPECT_EQ(text<uint16_t>(DType::F16, {2}, {0x3C00, 0xFC00}), "[  1. -inf]");
  EXPECT_EQ(text<uint16_t>(DType::BF16, {2}, {0x3F80, 0x7FC0}), "[ 1. nan]");
  EXPECT_EQ(text<float>(DType::F32, {2}, {0.1f, 1e-9f}), "[1.e-01 1.e-09]");
  EXPECT_EQ(text<double>(DType::F64, {}, {0.1}), "0.1");
}

TEST(TensorText, BreaksLinesAndLeavesOut) {
  EXPECT_EQ(text<int32_t>(DType::I32, {2, 2, 1}, {1, 2, 3, 4}),
            "[[[1]\n  [2]]\n\n [[3]\n  [4]]]");
  Tensor many(DType::I64, {1001});
  for (int64_t i = 0; i < many.size(); ++i)
    many.as<int64_t>()[i] = i;
  EXPECT_EQ(tensorText(many.view()), "[   0    1    2 ...  998  999 1000]");
}

/// The value of 16 bits: the slow way, by their meaning.
double valueOf(uint16_t bits, int exponentBits) {
  int mantissaBits = 15 - exponentBits;
  double fraction = std::ldexp(bits & ((1 << mantissaBits) - 1), -mantissaBits);
  int exponent = bits >> mantissaBits & ((1 << exponentBits) - 1);
  int bias = (1 << (exponentBits - 1)) - 1;
  double value = exponent ? std::ldexp(1 + fraction, exponent - bias)
                          : std::ldexp(fraction, 1 - bias);
  return bits >> 15 ? -value : value;
}

/// Every finite 16-bit float is the one that its text is rounded to.
void checkScalars(DType dtype, int exponentBits) {
  uint16_t infinity = ((1 << exponentBits) - 1) << (15 - exponentBits);
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    uint16_t magnitude = bits & 0x7FFF;
    if (magnitude >= infinity)
      continue;
    double read = std::stod(text<uint16_t>(dtype, {}, {uint16_t(bits)}));
    EXPECT_EQ(std::signbit(read), bits >> 15) << bits;
    double value = valueOf(magnitude, exponentBits);
    double distance = std::fabs(read) - value;
    uint16_t neighbour = magnitude + (distance > 0 ? 1 : -1);
    if (distance == 0 || neighbour == infinity)
      continue;
    double gap = std::fabs(valueOf(neighbour, exponentBits) - value);
    EXPECT_LE(std::fabs(distance) * 2, gap) << bits;
    // A tie goes to the even one.
    EXPECT_TRUE(std::fabs(distance) * 2 < gap || bits % 2 == 0) << bits;
  }
}

TEST(TensorText, TellsF16Apart) { checkScalars(DType::F16, 5); }
TEST(TensorText, TellsBF16Apart) { checkScalars(DType::BF16, 8); }

TEST(TensorText, HasNoMoreDigitsThanNeeded) {
  EXPECT_EQ(text<uint16_t>(DType::F16, {}, {0x2E66}), "0.1");
  EXPECT_EQ(text<uint16_t>(DType::F16, {}, {0x7BFF}), "6.55e+04");
  EXPECT_EQ(text<uint16_t>(DType::F16, {}, {0x0001}), "6e-08");
  // 2^-6, whose lower neighbours are too near for 0.01562; so is 2^-96.
  EXPECT_EQ(text<uint16_t>(DType::F16, {}, {0x2400}), "0.01563");
  EXPECT_EQ(text<float>(DType::F32, {1}, {0x1p-96f}), "[1.2621775e-29]");
  EXPECT_EQ(text<uint16_t>(DType::BF16, {}, {0x3DCD}), "0.1");
  EXPECT_EQ(text<uint16_t>(DType::BF16, {}, {0x7F7F}), "3.39e+38");
  EXPECT_EQ(text<uint16_t>(DType::BF16, {}, {0x0001}), "9e-41");
}

TEST(PrintedText, FillsPlaces) {
  Tensor two = make<int32_t>(DType::I32, {2}, {1, 2});
  Tensor half = make<float>(DType::F32, {}, {0.5f});
  MindView values[] = {two.view(), half.view()};
  EXPECT_EQ(printedText("{}: {}\n", values), "[1 2]: 0.5\n");
  EXPECT_EQ(printedText("{}{}", values), "[1 2]0.5");
  EXPECT_EQ(printedText("", nullptr), "");
}

TEST(PrintedText, KeepsBracesAndZeroBytes) {
  EXPECT_EQ(printedText("{{} {{{{ } }}", nullptr), "{} {{ } }}");
  EXPECT_EQ(printedText("{{", nullptr), "{");
  // Not what a compiler writes.
  EXPECT_EQ(printedText("{x} {", nullptr), "{x} {");
  std::string_view zero("a\0b", 3);
  EXPECT_EQ(printedText(zero, nullptr), zero);
}

} // namespace
