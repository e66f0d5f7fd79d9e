//===- MatmulTest.cpp - products of matrices -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <memory>
#include <random>
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

struct Free {
  void operator()(void *memory) const { std::free(memory); }
};

/// One product, and what it should be.
template <typename T> class Product {
public:
  Product(int64_t m, int64_t n, int64_t k, Layout a, Layout b)
      : shape{m, n, k, stridesOf(a, m, k), stridesOf(b, k, n), n + 5},
        a(size(m, k, shape.a)), b(size(k, n, shape.b)), bias(n) {
    std::mt19937 random(unsigned(m * 31 + n * 17 + k));
    std::uniform_real_distribution<T> value(-1, 1);
    for (auto *values : {&this->a, &this->b, &bias})
      for (T &each : *values)
        each = value(random);
  }

  std::vector<T> run(MatmulEpilogue epilogue, CpuLevel level) const {
    MatmulPlan<T> plan(shape, epilogue, level);
    // One element more, to see that nothing is written beyond the matrix.
    std::vector<T> c(shape.m * shape.cRow, T(7));
    size_t bytes = (plan.workspaceBytes() + 63) / 64 * 64;
    std::unique_ptr<void, Free> workspace(bytes ? std::aligned_alloc(64, bytes)
                                                : nullptr);
    plan.run(a.data(), b.data(), epilogue.bias ? bias.data() : nullptr,
             c.data(), workspace.get());
    return c;
  }

  void check(MatmulEpilogue epilogue, CpuLevel level) const {
    std::vector<T> c = run(epilogue, level);
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
        if (epilogue.bias)
          sum += double(bias[j]);
        if (epilogue.relu)
          sum = std::max(sum, 0.0);
        double bound = std::numeric_limits<T>::epsilon() *
                       (double(shape.k) * magnitude + std::abs(sum) + 1);
        ASSERT_NEAR(double(c[i * shape.cRow + j]), sum, bound)
            << "at " << i << ", " << j << " of " << shape.m << "x" << shape.n
            << "x" << shape.k;
      }
  }

  static size_t size(int64_t rows, int64_t columns, MatrixStrides strides) {
    return size_t((rows - 1) * strides.row + (columns - 1) * strides.col + 1);
  }

  MatmulShape shape;
  std::vector<T> a, b, bias;
};

/// The levels that this processor has.
std::vector<CpuLevel> levels() {
  std::vector<CpuLevel> all = {CpuLevel::Baseline};
  for (CpuLevel level : {CpuLevel::V3, CpuLevel::V4})
    if (level <= cpuLevel())
      all.push_back(level);
  return all;
}

template <typename T> void checkShapes() {
  const int64_t extents[] = {1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 97};
  for (CpuLevel level : levels())
    for (int64_t m : extents)
      for (int64_t n : extents)
        for (int64_t k : {1, 3, 8, 17, 100}) {
          Layout b = (m + n + k) % 3 == 0   ? Layout::Rows
                     : (m + n + k) % 3 == 1 ? Layout::Columns
                                            : Layout::Spread;
          MatmulEpilogue epilogue{(m + k) % 2 == 0, (n + k) % 2 == 0};
          Product<T>(m, n, k, Layout::Rows, b).check(epilogue, level);
          if (testing::Test::HasFatalFailure())
            return;
        }
}

TEST(Matmul, EveryTileOfFloat) { checkShapes<float>(); }
TEST(Matmul, EveryTileOfDouble) { checkShapes<double>(); }

// Panels beyond the cache's size are taken in several passes over k.
TEST(Matmul, LongSums) {
  for (CpuLevel level : levels())
    for (Layout b : {Layout::Rows, Layout::Columns})
      for (int64_t m : {1, 3, 50})
        Product<float>(m, 70, 5000, Layout::Rows, b).check({true, true}, level);
}

TEST(Matmul, LayoutsOfA) {
  for (CpuLevel level : levels())
    for (Layout a : {Layout::Rows, Layout::Columns, Layout::Spread})
      for (Layout b : {Layout::Rows, Layout::Columns, Layout::Spread})
        for (int64_t m : {1, 2, 20})
          Product<double>(m, 37, 65, a, b).check({}, level);
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
    std::vector<float> c = product.run({false, true}, level);
    for (int64_t j = 0; j < 20; ++j) {
      EXPECT_EQ(c[j], 1);
      EXPECT_EQ(c[product.shape.cRow + j], 0);
      EXPECT_TRUE(std::isnan(c[2 * product.shape.cRow + j]));
    }
  }
}

} // namespace
