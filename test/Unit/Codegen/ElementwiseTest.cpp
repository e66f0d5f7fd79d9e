//===- ElementwiseTest.cpp - elementwise code, values and shapes ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace mind::test;

/// `body` computes %r from %p, for each element of a tensor of rank 1.
static std::string makeUnary(int64_t size, llvm::StringRef body) {
  return llvm::formatv(R"(
func.func @main(%x: {0}) -> {0} {{
  %e = tensor.empty() : {0}
  %y = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : {0}) outs(%e : {0}) {{
  ^bb0(%p: f32, %o: f32):
    {1}
    linalg.yield %r : f32
  } -> {0}
  return %y : {0}
})",
                       tensorType({size}), body)
      .str();
}

TEST(Elementwise, EveryLength) {
  for (int64_t size = 1; size <= 40; ++size) {
    auto x = randomNumbers(size, size);
    std::vector<double> expected;
    for (float value : x)
      expected.push_back(value * value);
    expectNear(Harness::get().run(
                   makeUnary(size, "%r = arith.mulf %p, %p : f32"), {x}, size),
               expected, 1e-7, "length " + std::to_string(size));
  }
}

TEST(Elementwise, Transposes) {
  for (auto [m, n] :
       {std::pair<int64_t, int64_t>{1, 5}, {5, 1}, {3, 5}, {17, 31}, {8, 64}}) {
    std::string text = llvm::formatv(R"(
func.func @main(%x: {0}) -> {1} {{
  %e = tensor.empty() : {1}
  %y = linalg.transpose ins(%x : {0}) outs(%e : {1}) permutation = [1, 0]
  return %y : {1}
})",
                                     tensorType({m, n}), tensorType({n, m}));
    auto x = randomNumbers(m * n, 1);
    std::vector<double> expected;
    for (int64_t j = 0; j < n; ++j)
      for (int64_t i = 0; i < m; ++i)
        expected.push_back(x[i * n + j]);
    expectNear(Harness::get().run(text, {x}, m * n), expected, 0,
               llvm::formatv("{0}x{1}", m, n));
  }
}

/// Compares a function with the C library's, over awkward and usual values.
static void checkFunction(llvm::StringRef name, double (*reference)(double)) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> x = {0.0f,    -0.0f,   infinity, -infinity, 1.0f,
                          -1.0f,   1e-40f,  -1e-40f,  1e-45f,    1e-20f,
                          88.7f,   89.0f,   -87.4f,   -100.0f,   -103.9f,
                          -104.0f, -110.0f, 1e20f,    -3e38f,    0.9999999f};
  for (float value : randomNumbers(500, 7))
    for (float scale : {1.0f, 20.0f, 1e-3f})
      x.push_back(value * scale);
  x.push_back(std::numeric_limits<float>::quiet_NaN());
  std::string body = llvm::formatv("%r = math.{0} %p : f32", name);
  std::vector<float> y =
      Harness::get().run(makeUnary(x.size(), body), {x}, x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    double exact = reference(x[i]);
    float rounded = static_cast<float>(exact);
    if (std::isnan(exact)) {
      EXPECT_TRUE(std::isnan(y[i])) << name.str() << " of " << x[i];
    } else if (std::isinf(rounded) || rounded == 0) {
      EXPECT_EQ(y[i], rounded) << name.str() << " of " << x[i];
      EXPECT_EQ(std::signbit(y[i]), std::signbit(rounded))
          << name.str() << " of " << x[i];
    } else {
      double unit = std::nextafter(std::abs(rounded), infinity) -
                    double(std::abs(rounded));
      EXPECT_LE(std::abs(y[i] - exact), 4 * unit)
          << name.str() << " of " << x[i] << " is " << y[i];
    }
  }
}

TEST(Elementwise, Functions) {
  checkFunction("exp", std::exp);
  checkFunction("log", std::log);
  checkFunction("log1p", std::log1p);
  checkFunction("expm1", std::expm1);
  checkFunction("tanh", std::tanh);
  checkFunction("erf", std::erf);
  checkFunction("sin", std::sin);
  checkFunction("cos", std::cos);
  checkFunction("atan", std::atan);
  checkFunction("asinh", std::asinh);
  checkFunction("sqrt", std::sqrt);
}
