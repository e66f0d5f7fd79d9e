//===- ReductionTest.cpp - reductions and softmax ------------------------===//
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

/// The text of a reduction of `input`, [m, n], along one dimension.
static std::string makeReduction(llvm::StringRef result, llvm::StringRef input,
                                 int64_t m, int64_t n, bool rows,
                                 llvm::StringRef combiner,
                                 llvm::StringRef initial) {
  std::string out = tensorType({rows ? m : n});
  return llvm::formatv(
             R"(
  %{0}_c = arith.constant {6} : f32
  %{0}_e = tensor.empty() : {3}
  %{0}_f = linalg.fill ins(%{0}_c : f32) outs(%{0}_e : {3}) -> {3}
  %{0} = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ({4})>], iterator_types = [{7}]}
      ins(%{1} : {2}) outs(%{0}_f : {3}) {{
  ^bb0(%p: f32, %o: f32):
    %s = arith.{5} %p, %o : f32
    linalg.yield %s : f32
  } -> {3}
)",
             result, input, tensorType({m, n}), out, rows ? "i" : "j", combiner,
             initial,
             rows ? R"("parallel", "reduction")" : R"("reduction", "parallel")")
      .str();
}

TEST(Reduction, SumsAlongEitherDimension) {
  for (auto [m, n] : {std::pair<int64_t, int64_t>{1, 1},
                      {1, 17},
                      {17, 1},
                      {3, 5},
                      {17, 31},
                      {64, 100},
                      {5, 1031},
                      {1031, 5}})
    for (bool rows : {true, false}) {
      int64_t size = rows ? m : n;
      std::string text = llvm::formatv(
          "func.func @main(%x: {0}) -> {1} {{{2}  return %r : {1}\n}",
          tensorType({m, n}), tensorType({size}),
          makeReduction("r", "x", m, n, rows, "addf", "0.0"));
      auto x = randomNumbers(m * n, 1);
      std::vector<double> expected(size);
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
          expected[rows ? i : j] += x[i * n + j];
      expectNear(Harness::get().run(text, {x}, size), expected, 1e-5,
                 llvm::formatv("{0}x{1} {2}", m, n, rows ? "rows" : "columns"));
    }
}

TEST(Reduction, MaximumPropagatesNaN) {
  std::string text =
      "func.func @main(%x: tensor<3x19xf32>) -> tensor<3xf32> {" +
      makeReduction("r", "x", 3, 19, true, "maximumf", "0xFF800000") +
      "  return %r : tensor<3xf32>\n}";
  auto x = randomNumbers(3 * 19, 1);
  x[19 + 17] = std::numeric_limits<float>::quiet_NaN();
  x[2 * 19 + 4] = std::numeric_limits<float>::infinity();
  auto result = Harness::get().run(text, {x}, 3);
  EXPECT_LE(result[0], 1.0f);
  EXPECT_TRUE(std::isnan(result[1]));
  EXPECT_EQ(result[2], std::numeric_limits<float>::infinity());
}

static std::string makeRowwise(llvm::StringRef result, llvm::StringRef left,
                               llvm::StringRef right, int64_t m, int64_t n,
                               llvm::StringRef body) {
  return llvm::formatv(
             R"(
  %{0}_e = tensor.empty() : {3}
  %{0} = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%{1}, %{2} : {3}, {4}) outs(%{0}_e : {3}) {{
  ^bb0(%p: f32, %q: f32, %o: f32):
{5}
    linalg.yield %r : f32
  } -> {3}
)",
             result, left, right, tensorType({m, n}), tensorType({m}), body)
      .str();
}

TEST(Reduction, Softmax) {
  for (auto [m, n] : {std::pair<int64_t, int64_t>{1, 1},
                      {1, 8},
                      {4, 1},
                      {3, 7},
                      {17, 31},
                      {10, 1031}}) {
    std::string type = tensorType({m, n});
    std::string text =
        "func.func @main(%x: " + type + ") -> " + type + " {" +
        makeReduction("max", "x", m, n, true, "maximumf", "0xFF800000") +
        makeRowwise("exp", "x", "max", m, n,
                    "    %d = arith.subf %p, %q : f32\n"
                    "    %r = math.exp %d : f32") +
        makeReduction("sum", "exp", m, n, true, "addf", "0.0") +
        makeRowwise("y", "exp", "sum", m, n,
                    "    %r = arith.divf %p, %q : f32") +
        "  return %y : " + type + "\n}";
    auto x = randomNumbers(m * n, 1);
    std::vector<double> expected(m * n);
    for (int64_t i = 0; i < m; ++i) {
      double sum = 0;
      for (int64_t j = 0; j < n; ++j)
        sum += std::exp(double(x[i * n + j]));
      for (int64_t j = 0; j < n; ++j)
        expected[i * n + j] = std::exp(double(x[i * n + j])) / sum;
    }
    expectNear(Harness::get().run(text, {x}, m * n), expected, 1e-6,
               llvm::formatv("{0}x{1}", m, n));
  }
}
