//===- MatmulTest.cpp - products of matrices -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Levels.h"
#include "gtest/gtest.h"
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace mind::kernels;

namespace {

/// How a matrix lies in memory.
enum class Layout { Rows, Columns, Spread };

MatrixStrides stridesOf(Layout layout, int64_t rows, int64_t columns) {
  switch (layout) {
  case Layout::Rows:
    return {columns, 1};
  case Layout::Columns:
    return {1, rows};
  case Layout::Spread:
    return {2 * columns + 3, 2};
  }
}

/// What follows the sums.
struct Epilogue {
  bool bias = false;
  Activation activation = Activation::None;
  bool scale = false, residual = false;
};

double activate(Activation activation, double x) {
  switch (activation) {
  case Activation::None:
    return x;
  case Activation::Relu:
    return x < 0 ? 0 : x;
  case Activation::Gelu:
    return x * 0.5 * (1 + std::erf(x * M_SQRT1_2));
  case Activation::GeluTanh:
    return x * 0.5 *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case Activation::Silu:
    return x / (1 + std::exp(-x));
  case Activation::Sigmoid:
    return 1 / (1 + std::exp(-x));
  case Activation::Tanh:
    return std::tanh(x);
  }
  return x;
}

struct Free {
  void operator()(void *memory) const { std::free(memory); }
};

/// One product, and what it should be.
template <typename T> class Product {
public:
  Product(int64_t m, int64_t n, int64_t k, Layout a, Layout b)
      : shape{m, n, k, stridesOf(a, m, k), stridesOf(b, k, n), n + 5},
        a(size(m, k, shape.a)), b(size(k, n, shape.b)), bias(n), scale(n),
        residual(m * (n + 3)) {
    shape.residualRow = n + 3;
    std::mt19937 random(unsigned(m * 31 + n * 17 + k));
    std::uniform_real_distribution<T> value(-1, 1);
    for (auto *values : {&this->a, &this->b, &bias, &scale, &residual})
      for (T &each : *values)
        each = value(random);
  }

  std::vector<T> run(Epilogue epilogue, CpuLevel level,
                     int64_t cacheBytes = level2CacheBytes()) const {
    MatmulPlan<T> plan(shape, epilogue.activation, level, cacheBytes);
    // One element more, to see that nothing is written beyond the matrix.
    std::vector<T> c(shape.m * shape.cRow, T(7));
    size_t bytes = (plan.workspaceBytes() + 63) / 64 * 64;
    std::unique_ptr<void, Free> workspace(bytes ? std::aligned_alloc(64, bytes)
                                                : nullptr);
    plan.run(a.data(), b.data(),
             {epilogue.scale ? scale.data() : nullptr,
              epilogue.bias ? bias.data() : nullptr,
              epilogue.residual ? residual.data() : nullptr},
             c.data(), workspace.get());
    return c;
  }

  void check(Epilogue epilogue, CpuLevel level,
             int64_t cacheBytes = level2CacheBytes()) const {
    std::vector<T> c = run(epilogue, level, cacheBytes);
    for (int64_t i = 0; i < shape.m; ++i)
      for (int64_t j = 0; j < shape.cRow; ++j) {
        if (j >= shape.n) {
          ASSERT_EQ(c[i * shape.cRow + j], T(7)) << "beyond row " << i;
          continue;
        }
        double sum = 0, magnitude = 0;
        for (int64_t k = 0; k < shape.k; ++k) {
          double product = double(a[i * shape.a.row + k * shape.a.col]) *
                           double(b[k * shape.b.row + j * shape.b.col]);
          sum += product;
          magnitude += std::abs(product);
        }
        if (epilogue.scale)
          sum *= double(scale[j]);
        if (epilogue.bias)
          sum += double(bias[j]);
        if (epilogue.residual)
          sum += double(residual[i * shape.residualRow + j]);
        // No activation is steeper than 1.13.
        double bound =
            std::numeric_limits<T>::epsilon() *
            (1.13 * double(shape.k) * magnitude + 4 * std::abs(sum) + 2);
        ASSERT_NEAR(double(c[i * shape.cRow + j]),
                    activate(epilogue.activation, sum), bound)
            << "at " << i << ", " << j << " of " << shape.m << "x" << shape.n
            << "x" << shape.k;
      }
  }

  static size_t size(int64_t rows, int64_t columns, MatrixStrides strides) {
    return size_t((rows - 1) * strides.row + (columns - 1) * strides.col + 1);
  }

  MatmulShape shape;
  std::vector<T> a, b, bias, scale, residual;
};

template <typename T> void checkShapes() {
  const int64_t extents[] = {1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 97};
  for (CpuLevel level : levels())
    for (int64_t m : extents)
      for (int64_t n : extents)
        for (int64_t k : {1, 3, 8, 17, 100}) {
          Layout b = (m + n + k) % 3 == 0   ? Layout::Rows
                     : (m + n + k) % 3 == 1 ? Layout::Columns
                                            : Layout::Spread;
          Epilogue epilogue{(m + k) % 2 == 0, (n + k) % 2 == 0
                                                  ? Activation::Relu
                                                  : Activation::None};
          Product<T>(m, n, k, Layout::Rows, b).check(epilogue, level);
          if (testing::Test::HasFatalFailure())
            return;
        }
}

TEST(Matmul, EveryTileOfFloat) { checkShapes<float>(); }
TEST(Matmul, EveryTileOfDouble) { checkShapes<double>(); }

// Everything that may follow, after sums in one go and in several.
template <typename T> void checkEpilogues(std::span<const Activation> all) {
  for (CpuLevel level : levels())
    for (Activation activation : all)
      for (int with = 0; with < 8; ++with) {
        Epilogue epilogue{(with & 1) != 0, activation, (with & 2) != 0,
                          (with & 4) != 0};
        for (Layout b : {Layout::Rows, Layout::Columns})
          for (auto [m, n, k] : {std::array{1, 37, 8}, std::array{2, 5, 300},
                                 std::array{7, 66, 33}, std::array{1, 600, 70},
                                 std::array{30, 130, 700}}) {
            Product<T>(m, n, k, Layout::Rows, b).check(epilogue, level);
            if (testing::Test::HasFatalFailure())
              return;
          }
      }
}

TEST(Matmul, EpiloguesOfFloat) {
  std::vector<Activation> all;
  for (size_t i = 0; i < std::size(activationNames); ++i)
    all.push_back(Activation(i));
  checkEpilogues<float>(all);
}
TEST(Matmul, EpiloguesOfDouble) {
  checkEpilogues<double>(std::array{Activation::None, Activation::Relu});
}

/// `x` times 1, and the activation.
std::vector<float> activated(Activation activation, std::vector<float> x,
                             CpuLevel level) {
  const int64_t n = int64_t(x.size());
  MatmulPlan<float> plan({1, n, 1, {1, 1}, {n, 1}, n}, activation, level);
  EXPECT_EQ(plan.workspaceBytes(), 0u);
  const float one = 1;
  std::vector<float> y(n);
  plan.run(&one, x.data(), {}, y.data(), nullptr);
  return y;
}

// 4 ulp; of gelu, whose 1 + erf cancels for negative x, of x.
TEST(Matmul, ActivationsAreAccurate) {
  std::vector<float> x;
  for (float size = 1e-30f; size < 1e30f; size *= 1.01f)
    x.insert(x.end(), {size, -size});
  for (float each = -20; each < 20; each += 1.0f / 256)
    x.push_back(each);
  for (CpuLevel level : levels())
    for (Activation activation :
         {Activation::Gelu, Activation::GeluTanh, Activation::Silu,
          Activation::Sigmoid, Activation::Tanh}) {
      std::vector<float> y = activated(activation, x, level);
      for (size_t i = 0; i < x.size(); ++i) {
        const double want = activate(activation, double(x[i]));
        const bool isGelu = activation == Activation::Gelu ||
                            activation == Activation::GeluTanh;
        // Results that are no normal numbers may be 0.
        const double bound = 4 * double(std::numeric_limits<float>::epsilon()) *
                                 std::abs(isGelu ? double(x[i]) : want) +
                             double(std::numeric_limits<float>::min()) *
                                 std::max(1.0, std::abs(double(x[i])));
        ASSERT_NEAR(double(y[i]), want, bound)
            << activationNames[int(activation)] << " of " << x[i];
      }
    }
}

TEST(Matmul, ActivationsOfSpecialValues) {
  const float infinity = INFINITY, nan = std::nanf("");
  const std::vector<float> x = {infinity, -infinity, nan, -0.0f};
  for (CpuLevel level : levels()) {
    auto expect = [&](Activation activation, std::vector<float> want) {
      std::vector<float> y = activated(activation, x, level);
      for (size_t i = 0; i < x.size(); ++i)
        if (std::isnan(want[i]))
          EXPECT_TRUE(std::isnan(y[i])) << activationNames[int(activation)];
        else
          EXPECT_EQ(y[i], want[i]) << activationNames[int(activation)];
    };
    expect(Activation::Relu, {infinity, 0, nan, 0});
    // Minus infinity times 0, or over infinity.
    expect(Activation::Gelu, {infinity, nan, nan, 0});
    expect(Activation::GeluTanh, {infinity, nan, nan, 0});
    expect(Activation::Silu, {infinity, nan, nan, 0});
    expect(Activation::Sigmoid, {1, 0, nan, 0.5f});
    expect(Activation::Tanh, {1, -1, nan, 0});
  }
}

/// A cache that next to nothing fits, so that matrices need not be large.
constexpr int64_t smallCache = 2048;

/// A cache that holds many rows of A as far as a slice goes, but not B.
constexpr int64_t mediumCache = 1 << 17;

// What does not fit the cache is streamed, taken by columns, or packed.
TEST(Matmul, LargerThanTheCache) {
  for (CpuLevel level : levels())
    for (Layout b : {Layout::Rows, Layout::Columns})
      for (int64_t m : {1, 3, 20, 50, 300})
        for (int64_t n : {5, 70, 259})
          for (int64_t k : {40, 600}) {
            Product<float> product(m, n, k, Layout::Rows, b);
            product.check({true, Activation::Relu}, level, smallCache);
            if (HasFatalFailure())
              return;
          }
}

// Of a large B whole rows are taken, several at once and then what is left.
TEST(Matmul, OneRow) {
  const int64_t depths[] = {1, 2, 3, 4, 5, 7, 8, 66};
  for (CpuLevel level : levels())
    for (Layout a : {Layout::Rows, Layout::Columns, Layout::Spread}) {
      for (int64_t n : {256, 257, 263, 1031})
        for (int64_t k : depths)
          Product<float>(1, n, k, a, Layout::Rows)
              .check({true, Activation::Relu}, level);
      for (int64_t n : {1, 5, 8, 13})
        Product<double>(1, n, 64 * 1024 + 3, a, Layout::Rows).check({}, level);
      if (HasFatalFailure())
        return;
    }
}

// Packed, though the cache holds it: its rows are pages apart.
TEST(Matmul, RowsThatMeetInFewSets) {
  for (CpuLevel level : levels())
    Product<float>(30, 1024, 40, Layout::Rows, Layout::Rows)
        .check({true, Activation::Relu}, level);
}

TEST(Matmul, SameBitsWhateverTheCache) {
  for (CpuLevel level : levels())
    for (int64_t m : {1, 20, 300}) {
      for (int64_t n : {70, 301})
        for (Layout a : {Layout::Rows, Layout::Columns}) {
          Product<float> product(m, n, 600, a, Layout::Rows);
          const Epilogue epilogue{true, Activation::Relu};
          const std::vector<float> expected =
              product.run(epilogue, level, smallCache);
          for (int64_t cacheBytes : {mediumCache, int64_t(64) << 20})
            EXPECT_EQ(product.run(epilogue, level, cacheBytes), expected);
        }
    }
}

void checkAlignment(int64_t m, int64_t n, int64_t cacheBytes, int64_t k = 20) {
  for (CpuLevel level : levels()) {
    Product<float> product(m, n, k, Layout::Rows, Layout::Rows);
    MatmulPlan<float> plan(product.shape, Activation::Relu, level, cacheBytes);
    std::unique_ptr<void, Free> workspace(
        std::aligned_alloc(64, (plan.workspaceBytes() + 127) / 64 * 64));
    auto run = [&](int64_t offset) {
      std::unique_ptr<void, Free> memory(
          std::aligned_alloc(64, (k * n + 16) * sizeof(float)));
      float *b = static_cast<float *>(memory.get()) + offset;
      std::copy(product.b.begin(), product.b.end(), b);
      std::vector<float> c(m * product.shape.cRow);
      plan.run(product.a.data(), b, {nullptr, product.bias.data(), nullptr},
               c.data(), workspace.get());
      return c;
    };
    for (int64_t offset : {1, 4, 15})
      EXPECT_EQ(run(0), run(offset)) << offset;
  }
}

// B is packed for its vectors to be aligned, or its first columns are taken
// apart.
TEST(Matmul, SameBitsWhateverTheAlignmentOfB) {
  checkAlignment(300, 64, 1 << 20);
  checkAlignment(20, 512, 1 << 20);
  checkAlignment(20, 1000, smallCache);
  checkAlignment(2, 512, smallCache);
  checkAlignment(20, 512, mediumCache, 150);
}

TEST(Matmul, LayoutsOfA) {
  for (CpuLevel level : levels())
    for (Layout a : {Layout::Rows, Layout::Columns, Layout::Spread})
      for (Layout b : {Layout::Rows, Layout::Columns, Layout::Spread})
        for (int64_t m : {1, 2, 20})
          Product<double>(m, 37, 65, a, b).check({}, level);
}

// Rows of A are packed where B is and there are many columns; an activation is
// applied to all of them at once.
TEST(Matmul, PackedOnBothSides) {
  for (CpuLevel level : levels())
    for (Layout a : {Layout::Rows, Layout::Columns, Layout::Spread})
      for (int64_t m : {7, 29})
        for (int64_t k : {3, 65, 1030}) {
          Product<float>(m, 259, k, a, Layout::Rows)
              .check({true, Activation::Silu, true, true}, level, smallCache);
          Product<double>(m, 131, k, a, Layout::Columns)
              .check({}, level, smallCache);
          if (HasFatalFailure())
            return;
        }
}

// All rows of A are packed, and B panel by panel, the last one in part.
TEST(Matmul, BlockedOnBothSides) {
  for (CpuLevel level : levels())
    for (Layout a : {Layout::Rows, Layout::Columns, Layout::Spread})
      for (int64_t m : {16, 29, 83})
        for (auto [n, k] :
             {std::pair<int64_t, int64_t>{149, 128}, {259, 131}, {131, 601}}) {
          Product<float>(m, n, k, a, Layout::Rows)
              .check({true, Activation::Relu}, level, mediumCache);
          Product<float>(m, n, k, a, Layout::Spread)
              .check({true, Activation::Silu, true, true}, level, mediumCache);
          Product<double>(m, n, k, a, Layout::Columns)
              .check({}, level, mediumCache);
          if (HasFatalFailure())
            return;
        }
}

// What is packed changes where values lie, not what is computed.
TEST(Matmul, SameBitsWhateverTheLayoutOfB) {
  for (CpuLevel level : levels()) {
    Product<float> rows(40, 300, 129, Layout::Rows, Layout::Rows);
    Product<float> columns(40, 300, 129, Layout::Rows, Layout::Columns);
    for (int64_t k = 0; k < 129; ++k)
      for (int64_t j = 0; j < 300; ++j)
        columns.b[j * 129 + k] = rows.b[k * 300 + j];
    columns.a = rows.a;
    EXPECT_EQ(rows.run({}, level), columns.run({}, level));
  }
}

TEST(Matmul, SpecialValues) {
  const float nan = std::nanf(""), infinity = INFINITY;
  for (CpuLevel level : levels()) {
    Product<float> product(3, 20, 2, Layout::Rows, Layout::Rows);
    product.a = {1, 0, -infinity, 1, nan, 1};
    std::fill(product.b.begin(), product.b.end(), 1.0f);
    std::vector<float> c = product.run({false, Activation::Relu}, level);
    for (int64_t j = 0; j < 20; ++j) {
      EXPECT_EQ(c[j], 1);
      EXPECT_EQ(c[product.shape.cRow + j], 0);
      EXPECT_TRUE(std::isnan(c[2 * product.shape.cRow + j]));
    }
  }
}

struct Convolution {
  int64_t stride, dilation, channels, cacheBytes, features = 21;
};

// Rows that come in groups and a depth in segments: a convolution. Channels are
// many for slices to be of some segments, or of parts of one.
TEST(Matmul, Windows) {
  constexpr int64_t images = 4, height = 9, width = 11, windowHeight = 3,
                    windowWidth = 2;
  for (CpuLevel level : levels())
    for (auto [stride, dilation, channels, cacheBytes, features] :
         {Convolution{1, 1, 5, 1 << 20},
          {1, 2, 5, 1 << 20},
          {2, 1, 5, 1 << 20},
          {2, 2, 5, 1 << 20},
          {1, 1, 5, smallCache},
          {2, 2, 5, smallCache},
          {1, 1, 50, smallCache},
          {1, 1, 150, smallCache},
          {1, 1, 5, smallCache, 133},
          {2, 1, 150, smallCache, 133},
          {1, 1, 150, 1 << 20, 133},
          {2, 2, 150, 1 << 20, 133}}) {
      const int64_t outHeight =
          (height - 1 - (windowHeight - 1) * dilation) / stride + 1;
      const int64_t outWidth = (width - windowWidth) / stride + 1;
      const int64_t line = width * channels, piece = windowWidth * channels;
      std::vector<double> x(images * height * line),
          w(windowHeight * piece * features), bias(features);
      // Lines and images of the residual have room between them.
      const int64_t addedLine = outWidth * (features + 1) + 2,
                    addedImage = outHeight * addedLine + 3;
      std::vector<double> residual(images * addedImage);
      std::mt19937 random(1);
      std::uniform_int_distribution<int> value(-9, 9);
      for (auto *values : {&x, &w, &bias, &residual})
        for (double &each : *values)
          each = value(random);
      MatmulShape shape{
          outWidth,
          features,
          windowHeight * piece,
          {stride * channels, 1},
          {features, 1},
          features,
          {{outHeight, stride * line, outWidth * features, addedLine},
           {images, height * line, outHeight * outWidth * features,
            addedImage}},
          windowHeight,
          dilation * line,
          features + 1};
      MatmulPlan<double> plan(shape, Activation::Relu, level, cacheBytes);
      // The plan survives as numbers.
      plan = MatmulPlan<double>::fromWords(plan.toWords().data());
      std::vector<double> y(images * outHeight * outWidth * features);
      std::vector<char> memory(plan.workspaceBytes() + 64);
      void *scratch = memory.data();
      size_t space = memory.size();
      std::align(64, plan.workspaceBytes(), scratch, space);
      plan.run(x.data(), w.data(), {nullptr, bias.data(), residual.data()},
               y.data(), scratch);
      size_t next = 0;
      for (int64_t n = 0; n < images; ++n)
        for (int64_t i = 0; i < outHeight; ++i)
          for (int64_t j = 0; j < outWidth; ++j)
            for (int64_t f = 0; f < features; ++f) {
              double sum = bias[f] + residual[n * addedImage + i * addedLine +
                                              j * (features + 1) + f];
              for (int64_t row = 0; row < windowHeight; ++row)
                for (int64_t at = 0; at < piece; ++at)
                  sum += x[n * height * line +
                           (i * stride + row * dilation) * line +
                           j * stride * channels + at] *
                         w[(row * piece + at) * features + f];
              // Small integers are exact.
              ASSERT_EQ(y[next++], std::max(sum, 0.0));
            }
    }
}

// Memory that ends where a matrix does is not left.
TEST(Matmul, StaysWithinItsOperands) {
  const size_t page = size_t(sysconf(_SC_PAGESIZE));
  auto atTheEnd = [&](size_t bytes) {
    size_t whole = (bytes + page - 1) / page * page;
    char *memory =
        static_cast<char *>(mmap(nullptr, whole + page, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_EQ(mprotect(memory + whole, page, PROT_NONE), 0);
    return reinterpret_cast<float *>(memory + whole - bytes);
  };
  for (CpuLevel level : levels())
    for (int64_t n : {1, 3, 5, 7, 9, 17, 33, 259})
      for (int64_t k : {1, 3, 9, 17}) {
        for (int i = 0; i < 8; ++i) {
          // Read where it lies; streamed; packed; and by whole rows.
          const bool isTransposed = i % 2 != 0;
          const int64_t m = i < 4 ? 2 : i < 6 ? 200 : 1;
          const int64_t cacheBytes = i < 2 ? level2CacheBytes() : 64;
          MatmulShape shape{m, n, k, {k, 1}, {n, 1}, n};
          if (isTransposed)
            shape.b = {1, k};
          float *a = atTheEnd(m * k * sizeof(float)),
                *b = atTheEnd(k * n * sizeof(float)),
                *bias = atTheEnd(n * sizeof(float)),
                *scale = atTheEnd(n * sizeof(float)),
                *residual = atTheEnd(m * n * sizeof(float)),
                *c = atTheEnd(m * n * sizeof(float));
          std::fill_n(a, m * k, 1.0f);
          std::fill_n(b, k * n, 2.0f);
          std::fill_n(bias, n, 3.0f);
          std::fill_n(scale, n, 5.0f);
          std::fill_n(residual, m * n, 7.0f);
          shape.residualRow = n;
          MatmulPlan<float> plan(shape, Activation::None, level, cacheBytes);
          std::vector<float> scratch(plan.workspaceBytes() / sizeof(float) + 1);
          plan.run(a, b, {nullptr, bias, nullptr}, c, scratch.data());
          for (int64_t i = 0; i < m * n; ++i)
            ASSERT_EQ(c[i], float(2 * k + 3));
          plan.run(a, b, {scale, bias, residual}, c, scratch.data());
          for (int64_t i = 0; i < m * n; ++i)
            ASSERT_EQ(c[i], float(10 * k + 10));
        }
      }
}

} // namespace
