//===- ContractionTest.cpp - contractions over awkward shapes ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

#include <array>

using namespace mind::test;

/// A product of [m, k] and `right`, with `bias` added and the negative cut off.
static std::string makeMatmul(int64_t m, int64_t k, int64_t n,
                              bool transposed) {
  std::string out = tensorType({m, n});
  std::string right = tensorType(transposed ? std::vector<int64_t>{n, k}
                                            : std::vector<int64_t>{k, n});
  return llvm::formatv(R"(
func.func @main(%x: {0}, %w: {1}, %b: {2}) -> {3} {{
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : {3}
  %f = linalg.fill ins(%zero : f32) outs(%e : {3}) -> {3}
  %m = linalg.generic {{indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> ({4})>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : {0}, {1}) outs(%f : {3}) {{
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    %t = arith.addf %o, %s : f32
    linalg.yield %t : f32
  } -> {3}
  %r = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%m, %b : {3}, {2}) outs(%e : {3}) {{
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    %t = arith.maximumf %s, %zero : f32
    linalg.yield %t : f32
  } -> {3}
  return %r : {3}
})",
                       tensorType({m, k}), right, tensorType({n}), out,
                       transposed ? "j, k" : "k, j")
      .str();
}

static void checkMatmul(int64_t m, int64_t k, int64_t n, bool transposed) {
  auto x = randomNumbers(m * k, 1), w = randomNumbers(k * n, 2),
       b = randomNumbers(n, 3);
  std::vector<double> expected(m * n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = b[j];
      for (int64_t l = 0; l < k; ++l)
        sum += double(x[i * k + l]) * w[transposed ? j * k + l : l * n + j];
      expected[i * n + j] = std::max(sum, 0.0);
    }
  std::vector<float> actual =
      Harness::get().run(makeMatmul(m, k, n, transposed), {x, w, b}, m * n);
  expectNear(actual, expected, 1e-5,
             llvm::formatv("{0}x{1}x{2}{3}", m, k, n,
                           transposed ? " transposed" : ""));
}

TEST(Contraction, Shapes) {
  constexpr std::array<int64_t, 3> shapes[] = {
      {1, 1, 1},    {1, 1, 17},  {17, 1, 1},  {1, 5, 3},    {3, 17, 31},
      {10, 20, 30}, {1, 784, 9}, {7, 7, 7},   {13, 64, 9},  {5, 1031, 3},
      {6, 8, 16},   {4, 3, 2},   {33, 2, 65}, {17, 127, 24}};
  for (auto [m, k, n] : shapes) {
    checkMatmul(m, k, n, /*transposed=*/false);
    checkMatmul(m, k, n, /*transposed=*/true);
  }
}

TEST(Contraction, PackedPanels) { checkMatmul(61, 300, 521, false); }

static void checkConvolution(int64_t size, int64_t channels, int64_t filters,
                             int64_t kernel, int64_t stride, int64_t dilation) {
  int64_t out = (size - dilation * (kernel - 1) - 1) / stride + 1;
  std::string text = llvm::formatv(
      R"(
func.func @main(%x: {0}, %w: {1}) -> {2} {{
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : {2}
  %f = linalg.fill ins(%zero : f32) outs(%e : {2}) -> {2}
  %m = linalg.conv_2d_nhwc_hwcf {{strides = dense<{3}> : tensor<2xi64>, dilations = dense<{4}> : tensor<2xi64>}
      ins(%x, %w : {0}, {1}) outs(%f : {2}) -> {2}
  return %m : {2}
})",
      tensorType({1, size, size, channels}),
      tensorType({kernel, kernel, channels, filters}),
      tensorType({1, out, out, filters}), stride, dilation);
  auto x = randomNumbers(size * size * channels, 1);
  auto w = randomNumbers(kernel * kernel * channels * filters, 2);
  std::vector<double> expected;
  for (int64_t i = 0; i < out; ++i)
    for (int64_t j = 0; j < out; ++j)
      for (int64_t f = 0; f < filters; ++f) {
        double sum = 0;
        for (int64_t h = 0; h < kernel; ++h)
          for (int64_t v = 0; v < kernel; ++v)
            for (int64_t c = 0; c < channels; ++c)
              sum += double(x[((i * stride + h * dilation) * size + j * stride +
                               v * dilation) *
                                  channels +
                              c]) *
                     w[((h * kernel + v) * channels + c) * filters + f];
        expected.push_back(sum);
      }
  expectNear(Harness::get().run(text, {x, w}, expected.size()), expected, 1e-5,
             llvm::formatv("size {0}, channels {1}, filters {2}, kernel {3}, "
                           "stride {4}, dilation {5}",
                           size, channels, filters, kernel, stride, dilation));
}

TEST(Contraction, Convolutions) {
  checkConvolution(5, 1, 1, 3, 1, 1);
  checkConvolution(8, 3, 5, 3, 1, 1);
  checkConvolution(9, 8, 16, 3, 2, 1);
  checkConvolution(11, 3, 17, 3, 1, 2);
  checkConvolution(6, 16, 64, 1, 1, 1);
}
