//===- ProductTest.cpp - batches of matrix products ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Product.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace mind::kernels;

namespace {

/// Tensors whose last two axes are rows and columns, of any strides.
struct Layouts {
  Integers batch;
  int64_t m, n, k;
  Integers a, b, c, residual = {};

  Integers shape(int64_t rows, int64_t columns) const {
    Integers extents = batch;
    extents.insert(extents.end(), {rows, columns});
    return extents;
  }
  static MatrixStrides matrix(const Integers &strides) {
    return {strides[strides.size() - 2], strides.back()};
  }
  std::span<const int64_t> along(const Integers &strides) const {
    return std::span(strides).first(strides.empty() ? 0 : batch.size());
  }
  ProductShape product() const {
    ProductShape result = {m, n, k, matrix(a), matrix(b), matrix(c).row};
    result.batch = batch;
    result.aBatch = along(a);
    result.bBatch = along(b);
    result.cBatch = along(c);
    if (!residual.empty())
      result.residual = matrix(residual);
    result.residualBatch = along(residual);
    return result;
  }
};

/// Dense tensors, or B given by its columns, or the same for all matrices.
Layouts dense(Integers batch, int64_t m, int64_t n, int64_t k) {
  Layouts all = {batch, m, n, k, {}, {}, {}};
  all.a = denseStrides(all.shape(m, k));
  all.b = denseStrides(all.shape(k, n));
  all.c = denseStrides(all.shape(m, n));
  all.residual = all.c;
  return all;
}

std::vector<Layouts> allLayouts() {
  std::vector<Layouts> all;
  for (auto [m, n, k] :
       {std::array{1, 1, 1}, std::array{1, 1, 70}, std::array{5, 1, 67},
        std::array{1, 37, 9}, std::array{7, 33, 17}, std::array{20, 8, 3},
        std::array{3, 2, 5}, std::array{13, 70, 40}}) {
    all.push_back(dense({}, m, n, k));
    all.push_back(dense({2, 3}, m, n, k));
    Layouts each = dense({3, 2}, m, n, k);
    // Columns, then every other element.
    std::swap(each.b[2], each.b[3]);
    each.b[2] = 1;
    each.b[3] = k;
    all.push_back(each);
    for (int64_t &stride : each.b)
      stride *= 2;
    for (int64_t &stride : each.a)
      stride *= 3;
    all.push_back(each);
    // A turned around, its rows in columns.
    each = dense({2}, m, n, k);
    each.a = {-m * k, -1, -m};
    all.push_back(each);
    // The same B for all; the same A for all; both.
    each = dense({2, 3}, m, n, k);
    each.b[0] = each.b[1] = 0;
    all.push_back(each);
    each.a[0] += 5;
    all.push_back(each);
    each.a[0] = 0;
    all.push_back(each);
    each = dense({2, 3}, m, n, k);
    each.b[0] = 0;
    each.a[1] = 0;
    all.push_back(each);
    // Four axes of which none can be merged.
    each = dense({2, 1, 3, 2, 2}, m, n, k);
    each.a = {7, 0, 3, 100, 1000, k, 1};
    each.b = {0, 0, 0, 0, 0, n, 1};
    all.push_back(each);
    // A residual that is the same for all rows, or all columns.
    each = dense({3}, m, n, k);
    each.residual = {n, 0, 1};
    all.push_back(each);
    each.residual = {m, 1, 0};
    all.push_back(each);
    // Rows of C with room between them.
    each = dense({2}, m, n, k);
    each.c = {m * (n + 3), n + 3, 1};
    all.push_back(each);
  }
  return all;
}

template <typename T> struct Data {
  explicit Data(const Layouts &layouts)
      : a(layouts.shape(layouts.m, layouts.k), layouts.a),
        b(layouts.shape(layouts.k, layouts.n), layouts.b),
        c(layouts.shape(layouts.m, layouts.n), layouts.c, T(77)),
        residual(layouts.shape(layouts.m, layouts.n), layouts.residual) {
    std::mt19937 random(unsigned(layouts.m + layouts.n));
    auto next = [&] { return T(int64_t(random() % 19) - 9); };
    for (auto *tensor : {&a, &b, &residual})
      tensor->fill(next);
    for (auto *values : {&mean, &variance, &scale, &bias}) {
      values->resize(size_t(layouts.n));
      std::generate(values->begin(), values->end(), next);
    }
    for (T &each : variance)
      each = T(each * each + 1);
  }
  Tensor<T> a, b, c, residual;
  std::vector<T> mean, variance, scale, bias;
};

template <typename T, typename U>
U sumAt(const Layouts &layouts, const Data<T> &data, const Integers &index) {
  Integers left = index, right = index;
  U sum = 0;
  for (int64_t k = 0; k < layouts.k; ++k) {
    left.back() = k;
    right[right.size() - 2] = k;
    sum += U(data.a[left]) * U(data.b[right]);
  }
  return sum;
}

template <typename T>
void checkProduct(const Layouts &layouts, const LayerShape &layer,
                  CpuLevel level) {
  Data<T> data(layouts);
  ProductPlan<T> plan(layouts.product(), layer, level);
  Workspace workspace(plan.workspaceBytes());
  auto given = [](bool is, const std::vector<T> &values) {
    return is ? values.data() : nullptr;
  };
  plan.run(data.a.data(), data.b.data(),
           {given(layer.normalize, data.mean),
            given(layer.normalize, data.variance),
            given(layer.scale, data.scale), given(layer.bias, data.bias),
            layer.residual ? data.residual.data() : nullptr},
           data.c.data(), workspace.get());
  Tensor<T> want = Data<T>(layouts).c;
  forEachIndex(want.extents, [&](const Integers &index) {
    double sum = sumAt<T, double>(layouts, data, index);
    const size_t j = size_t(index.back());
    if (layer.normalize)
      sum = (sum - double(data.mean[j])) /
            std::sqrt(double(data.variance[j]) + layer.eps);
    if (layer.scale)
      sum *= double(data.scale[j]);
    if (layer.bias)
      sum += double(data.bias[j]);
    if (layer.residual)
      sum += double(data.residual[index]);
    if (layer.activation == Activation::Relu)
      sum = sum < 0 ? 0 : sum;
    want[index] = T(sum);
  });
  // Sums of small integers are exact; normalised, they are rounded a few times.
  const double bound = layer.normalize ? 2e-3 : 0;
  for (size_t i = 0; i < want.memory.size(); ++i)
    ASSERT_NEAR(double(data.c.memory[i]), double(want.memory[i]), bound)
        << layouts.m << "x" << layouts.n << "x" << layouts.k << " A "
        << testing::PrintToString(layouts.a) << " B "
        << testing::PrintToString(layouts.b) << " residual "
        << testing::PrintToString(layouts.residual);
}

TEST(Product, LayoutsAndLayers) {
  std::vector<LayerShape> layers(5);
  layers[1].bias = true;
  layers[1].activation = Activation::Relu;
  layers[2].scale = layers[2].residual = true;
  layers[3].normalize = layers[3].scale = layers[3].bias = true;
  layers[3].eps = 0.125;
  layers[4] = layers[3];
  layers[4].residual = true;
  layers[4].activation = Activation::Relu;
  for (const Layouts &layouts : allLayouts())
    for (const LayerShape &layer : layers)
      for (CpuLevel level : levels()) {
        checkProduct<float>(layouts, layer, level);
        checkProduct<double>(layouts, layer, level);
        if (HasFatalFailure())
          return;
      }
}

template <typename T> void checkIntegers(int64_t spread) {
  for (const Layouts &layouts : allLayouts())
    for (CpuLevel level : levels()) {
      Data<T> data(layouts);
      // Large enough to wrap.
      for (auto *tensor : {&data.a, &data.b})
        for (T &each : tensor->memory)
          each = T(uint64_t(each) * uint64_t(spread));
      IntegerProductPlan<T> plan(layouts.product(), level);
      Workspace workspace(plan.workspaceBytes());
      plan.run(data.a.data(), data.b.data(), data.c.data(), workspace.get());
      Tensor<T> want = Data<T>(layouts).c;
      forEachIndex(want.extents, [&](const Integers &index) {
        want[index] = T(sumAt<T, uint64_t>(layouts, data, index));
      });
      ASSERT_EQ(data.c.memory, want.memory)
          << layouts.m << "x" << layouts.n << "x" << layouts.k << " A "
          << testing::PrintToString(layouts.a) << " B "
          << testing::PrintToString(layouts.b);
    }
}

TEST(Product, IntegersWrap) {
  checkIntegers<int8_t>(13);
  checkIntegers<uint8_t>(13);
  checkIntegers<int32_t>(987654321);
  checkIntegers<int64_t>(987654321987654321);
}

// What is the same for many rows or columns is read where it lies.
TEST(Product, BringsTogetherOnlyWhatItMust) {
  Layouts layouts = dense({4, 2}, 5, 6, 7);
  EXPECT_EQ(ProductPlan<float>(layouts.product(), {}).workspaceBytes(), 0u);
  EXPECT_EQ(IntegerProductPlan<int32_t>(layouts.product()).workspaceBytes(),
            0u);
}

} // namespace
