//===- AttentionTest.cpp - scaled dot-product attention -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Attention.h"
#include "Levels.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

using namespace mind::kernels;

namespace {

using Axis = AttentionShape::Axis;

/// One call, and what it should yield.
template <typename T> class Attention {
public:
  /// `count` problems whose matrices are dense.
  Attention(int64_t count, int64_t queries, int64_t keys, int64_t depth,
            int64_t features) {
    shape.queries = queries;
    shape.keys = keys;
    shape.depth = depth;
    shape.features = features;
    shape.q = shape.k = {depth, 1};
    shape.v = shape.out = {features, 1};
    shape.axes[0] = {count, queries * depth,   keys * depth, keys * features,
                     0,     queries * features};
    fill();
  }

  /// Fills operands as large as the strides of `shape` want them.
  void fill() {
    auto extent = [&](MatrixStrides strides, int64_t rows, int64_t columns,
                      int64_t Axis::*stride) {
      int64_t last = (rows - 1) * strides.row + (columns - 1) * strides.col;
      for (const Axis &axis : shape.axes)
        last += (axis.extent - 1) * axis.*stride;
      return size_t(last + 1);
    };
    q.resize(extent(shape.q, shape.queries, shape.depth, &Axis::q));
    k.resize(extent(shape.k, shape.keys, shape.depth, &Axis::k));
    v.resize(extent(shape.v, shape.keys, shape.features, &Axis::v));
    out.assign(extent(shape.out, shape.queries, shape.features, &Axis::out),
               T(7));
    const size_t masks =
        extent(shape.mask, shape.queries, shape.keys, &Axis::mask);
    std::mt19937 random(unsigned(q.size() * 31 + k.size() * 17 + v.size()));
    std::uniform_real_distribution<T> value(-1, 1);
    added.resize(masks);
    for (auto *values : {&q, &k, &v, &added})
      for (T &each : *values)
        each = value(random);
    kept.resize(masks);
    for (uint8_t &each : kept)
      each = random() % 4 != 0;
  }

  void run(CpuLevel level) {
    AttentionPlan<T> plan(shape, options, level);
    // The plan survives as numbers.
    plan = AttentionPlan<T>::fromWords(plan.toWords().data());
    std::vector<char> memory(plan.workspaceBytes() + 64);
    void *workspace = memory.data();
    size_t space = memory.size();
    std::align(64, plan.workspaceBytes(), workspace, space);
    const void *mask = nullptr;
    if (options.mask == AttentionMask::Keep)
      mask = kept.data();
    else if (options.mask == AttentionMask::Add)
      mask = added.data();
    plan.run(q.data(), k.data(), v.data(), mask, out.data(), workspace);
  }

  void check(CpuLevel level) {
    run(level);
    forEachAxis(0, Axis(), [&](const Axis &at) { checkMatrices(at); });
  }

  AttentionShape shape = {};
  AttentionOptions options = {0.5};
  std::vector<T> q, k, v, added, out;
  std::vector<uint8_t> kept;

private:
  template <typename Each> void forEachAxis(int number, Axis at, Each each) {
    if (number == AttentionShape::maxAxes)
      return each(at);
    const Axis &axis = shape.axes[number];
    for (int64_t i = 0; i < axis.extent; ++i) {
      forEachAxis(number + 1, at, each);
      at.q += axis.q;
      at.k += axis.k;
      at.v += axis.v;
      at.mask += axis.mask;
      at.out += axis.out;
    }
  }

  double score(const Axis &at, int64_t i, int64_t j) const {
    double sum = 0;
    for (int64_t d = 0; d < shape.depth; ++d)
      sum += double(q[at.q + i * shape.q.row + d * shape.q.col]) *
             double(k[at.k + j * shape.k.row + d * shape.k.col]);
    sum *= options.scale;
    const int64_t place = at.mask + i * shape.mask.row + j * shape.mask.col;
    if (options.mask == AttentionMask::Add)
      sum += double(added[place]);
    const bool isHidden =
        (options.mask == AttentionMask::Keep && !kept[place]) ||
        (options.causal && j > i);
    return isHidden ? -INFINITY : sum;
  }

  void checkMatrices(const Axis &at) {
    for (int64_t i = 0; i < shape.queries; ++i) {
      std::vector<double> weights;
      double largest = -INFINITY, sum = 0;
      for (int64_t j = 0; j < shape.keys; ++j) {
        weights.push_back(score(at, i, j));
        largest = std::max(largest, weights.back());
      }
      for (double &weight : weights)
        sum += weight = largest == -INFINITY ? 0 : std::exp(weight - largest);
      for (int64_t e = 0; e < shape.features; ++e) {
        double expected = 0;
        for (int64_t j = 0; j < shape.keys; ++j)
          expected +=
              weights[j] * double(v[at.v + j * shape.v.row + e * shape.v.col]);
        expected = sum == 0 ? 0 : expected / sum;
        // Operands are at most 1 in absolute value: scores err by depth + 4
        // roundings of at most depth * scale, weights by as much relatively.
        const double bound = std::numeric_limits<T>::epsilon() *
                             (double(shape.depth + 4) *
                                  (1 + double(shape.depth)) * options.scale +
                              double(shape.keys) + 8);
        ASSERT_NEAR(double(out[at.out + i * shape.out.row + e * shape.out.col]),
                    expected, bound)
            << "query " << i << ", feature " << e << " of " << shape.queries
            << "x" << shape.keys << "x" << shape.depth << "x" << shape.features;
      }
    }
  }
};

template <typename T> void checkShapes() {
  for (CpuLevel level : levels())
    for (int64_t queries : {1, 2, 5, 17, 64, 97})
      for (int64_t keys : {1, 3, 16, 33, 131})
        for (int64_t depth : {1, 7, 16, 40})
          for (int64_t features : {1, 4, 17, 32, 80}) {
            Attention<T> attention(2, queries, keys, depth, features);
            attention.options.causal = (queries + keys + depth) % 2 == 0;
            attention.check(level);
            if (testing::Test::HasFatalFailure())
              return;
          }
}

TEST(Attention, EveryTileOfFloat) { checkShapes<float>(); }
TEST(Attention, EveryTileOfDouble) { checkShapes<double>(); }

// Rows go on from block to block of keys.
TEST(Attention, ManyBlocks) {
  for (CpuLevel level : levels())
    for (bool causal : {false, true})
      for (auto mask :
           {AttentionMask::None, AttentionMask::Keep, AttentionMask::Add}) {
        Attention<float> attention(1, 301, 1500, 8, 16);
        attention.shape.mask = {1500, 1};
        attention.fill();
        // Ever larger scores, then ever smaller ones.
        for (int64_t j = 0; j < 1500; ++j)
          attention.k[size_t(j * 8)] = std::sin(float(j) / 100);
        attention.options = {1.0, mask, causal};
        attention.check(level);
      }
}

// Heads side by side in one tensor of queries, keys and values; keys that all
// heads share; a mask for each query or each key; columns that lie apart.
TEST(Attention, Strides) {
  for (CpuLevel level : levels())
    for (auto mask :
         {AttentionMask::None, AttentionMask::Keep, AttentionMask::Add})
      for (bool isTransposed : {false, true}) {
        constexpr int64_t heads = 3, size = 5, row = 3 * heads * size;
        Attention<double> attention(1, 19, 23, size, size);
        AttentionShape &shape = attention.shape;
        shape.q = shape.k = shape.v = {row, 1};
        shape.out = {heads * size, 1};
        shape.axes[0] = {2, 23 * row, 23 * row, 23 * row, 0, 19 * heads * size};
        shape.axes[1] = {heads, size, 0, size, 0, size};
        shape.mask = {0, 1};
        if (isTransposed) {
          std::swap(shape.axes[0], shape.axes[3]);
          shape.q = shape.k = shape.v = {3, 69};
          shape.axes[1] = {heads, 345, 345, 345, 1, size * 19};
          shape.axes[3] = {2, 1035, 1035, 0, 0, heads * size * 19};
          shape.out = {1, 19};
          shape.mask = {46, 2};
        }
        attention.options.mask = mask;
        attention.fill();
        attention.check(level);
      }
}

TEST(Attention, SpecialValues) {
  const float infinity = INFINITY;
  for (CpuLevel level : levels()) {
    Attention<float> attention(1, 5, 40, 1, 3);
    attention.shape.mask = {40, 1};
    attention.fill();
    attention.options = {1.0, AttentionMask::Add};
    std::fill(attention.added.begin(), attention.added.end(), 0.0f);
    // Nothing to attend to; a NaN; a key that outweighs all others; infinity
    // less infinity; keys that count for nothing.
    std::fill_n(&attention.added[0], 40, -infinity);
    attention.added[40 + 21] = NAN;
    attention.added[80 + 33] = 1e30f;
    attention.added[120 + 4] = infinity;
    std::fill_n(&attention.added[160], 39, -infinity);
    attention.run(level);
    for (int64_t e = 0; e < 3; ++e) {
      EXPECT_EQ(attention.out[e], 0);
      EXPECT_TRUE(std::isnan(attention.out[3 + e]));
      EXPECT_EQ(attention.out[6 + e], attention.v[33 * 3 + e]);
      EXPECT_TRUE(std::isnan(attention.out[9 + e]));
      EXPECT_EQ(attention.out[12 + e], attention.v[39 * 3 + e]);
    }
  }
}

// Of two keys, one with the score 0 and the value 0, the other with a score of
// x and the value 1, comes 2^x / (1 + 2^x).
template <typename T> void checkWeights() {
  for (CpuLevel level : levels())
    for (double x = 0; x > -60; x -= 0.0371) {
      Attention<T> attention(1, 1, 2, 1, 1);
      attention.q = {T(1)};
      attention.k = {T(0), T(x)};
      attention.v = {T(0), T(1)};
      attention.options.scale = 1;
      attention.run(level);
      const double weight = std::exp(double(T(x)));
      // The rounding of the score in base 2, of the weight and of the quotient.
      const double bound = std::numeric_limits<T>::epsilon() * (2 - x);
      ASSERT_NEAR(double(attention.out[0]) * (1 + weight) / weight, 1, bound)
          << x;
    }
}

TEST(Attention, WeightsOfFloat) { checkWeights<float>(); }
TEST(Attention, WeightsOfDouble) { checkWeights<double>(); }

} // namespace
