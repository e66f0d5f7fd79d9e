//===- PoolingTest.cpp - one number for each window of an image ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Pooling.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mind::kernels;

namespace {

std::vector<PoolingShape> allShapes() {
  std::vector<PoolingShape> all;
  for (int64_t channels : {1, 2, 3, 7, 16, 33, 70, 131})
    for (PoolingShape shape :
         {PoolingShape{1, 1, 1, channels, {1, 1}, {1, 1}},
          {2, 6, 8, channels, {2, 2}, {2, 2}},
          {2, 7, 5, channels, {3, 2}, {1, 3}},
          {1, 7, 9, channels, {3, 3}, {2, 2}, {1, 1, 1, 1}},
          {1, 2, 3, channels, {3, 4}, {1, 1}, {2, 1, 3, 2}},
          {2, 5, 5, channels, {5, 5}, {1, 1}}}) {
      const Integers dense =
          denseStrides({shape.images, shape.height, shape.width, channels});
      std::copy_n(dense.begin(), 4, shape.x.begin());
      all.push_back(shape);
      // Lines turned around, pixels apart, the same image for all.
      shape.x = {0, -shape.width * (channels + 1), channels + 1, 1};
      all.push_back(shape);
      // Channels first.
      shape.x = {dense[0], shape.width, 1, shape.width * shape.height};
      all.push_back(shape);
    }
  return all;
}

template <typename T>
T pooled(PoolingKind kind, const PoolingShape &shape, const Tensor<T> &x,
         const Integers &index) {
  T sum = 0, most = std::numeric_limits<T>::has_infinity
                        ? -std::numeric_limits<T>::infinity()
                        : std::numeric_limits<T>::lowest();
  int64_t count = 0;
  for (int64_t row = 0; row < shape.window[0]; ++row)
    for (int64_t column = 0; column < shape.window[1]; ++column) {
      const int64_t i = index[1] * shape.steps[0] - shape.padding[0] + row;
      const int64_t j = index[2] * shape.steps[1] - shape.padding[2] + column;
      if (i < 0 || i >= shape.height || j < 0 || j >= shape.width)
        continue;
      const T value = x[{index[0], i, j, index[3]}];
      if (value > most || value != value)
        most = value;
      if (kind == PoolingKind::Average)
        sum += value;
      ++count;
    }
  return kind == PoolingKind::Max ? most : T(sum / T(count));
}

/// With a NaN somewhere, if there are any.
template <typename T> void check(PoolingKind kind, T (*next)(std::mt19937 &)) {
  for (const PoolingShape &shape : allShapes()) {
    Tensor<T> x({shape.images, shape.height, shape.width, shape.channels},
                {shape.x.begin(), shape.x.end()});
    std::mt19937 random(unsigned(shape.channels));
    x.fill([&] { return next(random); });
    Tensor<T> want({shape.images, shape.resultHeight(), shape.resultWidth(),
                    shape.channels});
    forEachIndex(want.extents, [&](const Integers &index) {
      want[index] = pooled(kind, shape, x, index);
    });
    for (CpuLevel level : levels()) {
      Tensor<T> y(want.extents);
      PoolingPlan<T> plan(kind, shape, level);
      Workspace workspace(plan.workspaceBytes());
      plan.run(x.data(), y.data(), workspace.get());
      for (size_t i = 0; i < want.memory.size(); ++i)
        if (want.memory[i] == want.memory[i])
          ASSERT_EQ(y.memory[i], want.memory[i]);
        else
          ASSERT_NE(y.memory[i], y.memory[i]);
    }
  }
}

template <typename T> T anyReal(std::mt19937 &random) {
  const unsigned kind = random() % 50;
  if (kind < 2)
    return std::numeric_limits<T>::quiet_NaN();
  if (kind < 4)
    return (kind == 2 ? 1 : -1) * std::numeric_limits<T>::infinity();
  return T(int(random() % 2000) - 1000) / 7;
}
template <typename T> T anyInteger(std::mt19937 &random) {
  return T(uint64_t(random()) * 0x9e3779b97f4a7c15u >> 3);
}

TEST(Pooling, LargestOfReals) {
  check<float>(PoolingKind::Max, anyReal<float>);
  check<double>(PoolingKind::Max, anyReal<double>);
}

TEST(Pooling, LargestOfIntegers) {
  check<int8_t>(PoolingKind::Max, anyInteger<int8_t>);
  check<uint8_t>(PoolingKind::Max, anyInteger<uint8_t>);
  check<int32_t>(PoolingKind::Max, anyInteger<int32_t>);
  check<int64_t>(PoolingKind::Max, anyInteger<int64_t>);
}

TEST(Pooling, Average) {
  check<float>(PoolingKind::Average, anyReal<float>);
  check<double>(PoolingKind::Average, anyReal<double>);
}

} // namespace
