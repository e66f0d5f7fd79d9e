//===- RowsTest.cpp - softmax and layer normalisation --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Rows.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mind::kernels;

namespace {

constexpr RowsKind kinds[] = {RowsKind::Softmax, RowsKind::LogSoftmax,
                              RowsKind::LayerNorm};

/// A tensor and the axes of its rows.
struct Case {
  Integers extents;
  std::vector<size_t> axes;
  Integers from, to;

  uint64_t mask() const {
    uint64_t bits = 0;
    for (size_t axis : axes)
      bits |= uint64_t(1) << axis;
    return bits;
  }
  Integers rowExtents() const {
    Integers result;
    for (size_t axis : axes)
      result.push_back(extents[axis]);
    return result;
  }
};

template <typename T> struct Data {
  explicit Data(const Case &rows, unsigned seed = 1)
      : x(rows.extents, rows.from), y(rows.extents, rows.to, T(77)) {
    std::mt19937 random(seed);
    std::normal_distribution<T> value(3, 2);
    auto next = [&] { return value(random); };
    x.fill(next);
    gamma.resize(size_t(elementsOf(rows.rowExtents())));
    beta.resize(gamma.size());
    std::generate(gamma.begin(), gamma.end(), next);
    std::generate(beta.begin(), beta.end(), next);
  }

  void run(RowsKind kind, const Case &rows, CpuLevel level) {
    RowsPlan<T> plan(kind, rows.extents, rows.mask(), rows.from, rows.to, eps,
                     level);
    Workspace workspace(plan.workspaceBytes());
    const bool isNorm = kind == RowsKind::LayerNorm;
    plan.run(x.data(), isNorm ? gamma.data() : nullptr,
             isNorm ? beta.data() : nullptr, y.data(), workspace.get());
  }

  static constexpr double eps = 0.03;
  Tensor<T> x, y;
  std::vector<T> gamma, beta;
};

/// What results are computed in that are compared with.
using Wide = long double;

/// What an element becomes, and a bound on its error in units of T's epsilon.
struct Expected {
  Wide value, bound;
};

/// Of all elements of a row. Rounding errors of sums cancel, but for a few ulp.
template <typename T>
std::vector<Expected> expectedRow(RowsKind kind, const Data<T> &data,
                                  const std::vector<Wide> &row) {
  const Wide count = Wide(row.size());
  Wide largest = row[0], sum = 0, mean = 0, variance = 0;
  for (Wide each : row) {
    largest = std::max(largest, each);
    mean += each / count;
  }
  for (Wide each : row) {
    sum += std::exp(each - largest);
    variance += (each - mean) * (each - mean) / count;
  }
  std::vector<Expected> result;
  for (size_t i = 0; i < row.size(); ++i) {
    const Wide distance = largest - row[i];
    const Wide weight = std::exp(-distance) / sum,
               log = -distance - std::log(sum),
               scale = Wide(data.gamma[i]) / std::sqrt(variance + data.eps),
               beta = Wide(data.beta[i]);
    if (kind == RowsKind::Softmax)
      result.push_back({weight, (4 + distance) * weight});
    else if (kind == RowsKind::LogSoftmax)
      result.push_back({log, 4 + 2 * std::abs(log)});
    else
      result.push_back({(row[i] - mean) * scale + beta,
                        8 * (1 + std::abs((row[i] - mean) * scale) +
                             std::abs(beta) + std::abs(mean * scale))});
  }
  return result;
}

template <typename T>
void check(RowsKind kind, const Case &rows, CpuLevel level) {
  Data<T> data(rows);
  data.run(kind, rows, level);
  Tensor<T> rest = Data<T>(rows).y;
  Integers others = rows.extents;
  for (size_t axis : rows.axes)
    others[axis] = 1;
  forEachIndex(others, [&](Integers index) {
    auto forRow = [&](auto each) {
      forEachIndex(rows.rowExtents(), [&](const Integers &within) {
        for (size_t i = 0; i < within.size(); ++i)
          index[rows.axes[i]] = within[i];
        each();
      });
    };
    std::vector<Wide> row;
    forRow([&] { row.push_back(Wide(data.x[index])); });
    const std::vector<Expected> want = expectedRow(kind, data, row);
    size_t place = 0;
    forRow([&] {
      const T got = rest[index] = data.y[index];
      const auto [value, bound] = want[place++];
      ASSERT_LE(std::abs(Wide(got) - value),
                bound * Wide(std::numeric_limits<T>::epsilon()))
          << got << " for " << double(value) << ", " << int(kind) << " at "
          << testing::PrintToString(index) << " of "
          << testing::PrintToString(rows.extents) << " from "
          << testing::PrintToString(rows.from);
    });
  });
  // Nothing else was written.
  ASSERT_EQ(data.y.memory, rest.memory);
}

void checkAll(const Case &rows) {
  for (CpuLevel level : levels())
    for (RowsKind kind : kinds) {
      if (kind != RowsKind::LayerNorm && rows.axes.size() != 1)
        continue;
      check<float>(kind, rows, level);
      check<double>(kind, rows, level);
      if (testing::Test::HasFatalFailure())
        return;
    }
}

Case dense(const Integers &extents, std::vector<size_t> axes) {
  return {extents, axes, denseStrides(extents), denseStrides(extents)};
}

TEST(Rows, OfEveryLength) {
  for (int64_t length = 1; length < 140; ++length) {
    checkAll(dense({3, length}, {1}));
    if (HasFatalFailure())
      return;
  }
  checkAll(dense({2, 1009}, {1}));
  checkAll(dense({70}, {0}));
}

TEST(Rows, AlongEveryAxis) {
  for (Integers extents : {Integers{3, 5, 7},
                           {2, 17, 70},
                           {5, 1, 67},
                           {4, 33, 1},
                           {2, 3, 129},
                           {1, 1, 1}})
    for (size_t axis = 0; axis < 3; ++axis) {
      checkAll(dense(extents, {axis}));
      // Room between elements, flips, and the same row again.
      Case rows = dense(extents, {axis});
      rows.from = {2 * extents[1] * extents[2], -2 * extents[2], 2};
      checkAll(rows);
      rows.to = rows.from;
      rows.to[1] *= -1;
      checkAll(rows);
      rows.from = {0, 1, extents[1]};
      checkAll(rows);
      if (HasFatalFailure())
        return;
    }
}

TEST(Rows, AlongSeveralAxes) {
  const Integers extents = {3, 4, 5, 6};
  for (std::vector<size_t> axes : {std::vector<size_t>{2, 3},
                                   {1, 2},
                                   {0, 1},
                                   {0, 3},
                                   {1, 2, 3},
                                   {0, 2},
                                   {0, 1, 2, 3},
                                   {0, 1, 2}})
    checkAll(dense(extents, axes));
}

TEST(Rows, SameBitsWhereverTheRowsLie) {
  // In pieces that are not aligned, or among others.
  for (CpuLevel level : levels())
    for (RowsKind kind : kinds) {
      const Case one = dense({1, 75}, {1});
      Data<float> data(one);
      data.run(kind, one, level);
      Case many = {{6, 75}, {1}, {0, 1}, {77, 1}};
      Data<float> all(many);
      std::copy_n(data.x.data(), 75, all.x.data());
      all.gamma = data.gamma;
      all.beta = data.beta;
      all.run(kind, many, level);
      for (int64_t row = 0; row < 6; ++row)
        for (int64_t i = 0; i < 75; ++i)
          ASSERT_EQ((all.y[{row, i}]), (data.y[{0, i}]));
    }
}

template <typename T> void checkSpecialValues() {
  const T infinity = std::numeric_limits<T>::infinity(),
          nan = std::numeric_limits<T>::quiet_NaN(),
          large = std::numeric_limits<T>::max();
  for (CpuLevel level : levels())
    for (int64_t length : {2, 5, 16, 37, 100})
      for (bool isAcross : {false, true}) {
        Case rows = dense({4, length}, {1});
        if (isAcross)
          rows.from = rows.to = {1, 4};
        auto run = [&](RowsKind kind, T first, T others) {
          Data<T> data(rows);
          data.x.fill([&] { return others; });
          for (int64_t row = 0; row < 4; ++row)
            data.x[{row, 0}] = first;
          data.run(kind, rows, level);
          return std::pair(data.y[{3, 0}], data.y[{3, length - 1}]);
        };
        for (RowsKind kind : kinds)
          for (T bad : {nan, infinity}) {
            auto [first, last] = run(kind, bad, 1);
            EXPECT_TRUE(std::isnan(first));
            EXPECT_TRUE(std::isnan(last));
          }
        for (RowsKind kind : {RowsKind::Softmax, RowsKind::LogSoftmax})
          EXPECT_TRUE(std::isnan(run(kind, -infinity, -infinity).first));
        // What is hidden has no weight.
        auto [hidden, seen] = run(RowsKind::Softmax, -infinity, 5);
        EXPECT_EQ(hidden, 0);
        EXPECT_NEAR(double(seen), 1 / double(length - 1),
                    double(std::numeric_limits<T>::epsilon()));
        // Nothing overflows; denormal weights are not lost.
        EXPECT_EQ(run(RowsKind::Softmax, large, -large).first, 1);
        EXPECT_EQ(run(RowsKind::Softmax, large, -large).second, 0);
        const double least =
            std::log(double(std::numeric_limits<T>::denorm_min()) * 100);
        const T distance = T(std::ceil(least));
        EXPECT_NEAR(double(run(RowsKind::Softmax, 0, distance).second),
                    std::exp(double(distance)),
                    double(std::numeric_limits<T>::denorm_min()));
        EXPECT_EQ(run(RowsKind::LogSoftmax, large, 0).second, -large);
        // Equal elements have no variance.
        EXPECT_EQ(run(RowsKind::LayerNorm, 3, 3).first,
                  (Data<T>(rows).beta[0]));
      }
}

TEST(Rows, SpecialValuesOfFloat) { checkSpecialValues<float>(); }
TEST(Rows, SpecialValuesOfDouble) { checkSpecialValues<double>(); }

} // namespace
