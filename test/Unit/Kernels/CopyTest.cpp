//===- CopyTest.cpp - elements from one layout to another ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Copy.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <numeric>
#include <random>

using namespace mind::kernels;

namespace {

/// Copies, and compares all memory of the destination with what it should be.
template <typename T>
void checkCopy(const Integers &extents, const Integers &fromStrides,
               const Integers &toStrides, CpuLevel level) {
  Tensor<T> from(extents, fromStrides), to(extents, toStrides);
  from.fill([next = 0]() mutable { return T(++next * 0x9e3779b97f4a7c15u); });
  to.fill([next = 0]() mutable { return T(--next); });
  Tensor<T> want = to;
  forEachIndex(extents,
               [&](const Integers &index) { want[index] = from[index]; });
  CopyPlan(sizeof(T), extents, fromStrides, toStrides, level)
      .run(from.data(), to.data());
  ASSERT_EQ(to.memory, want.memory)
      << testing::PrintToString(extents) << " from "
      << testing::PrintToString(fromStrides) << " to "
      << testing::PrintToString(toStrides);
}

void checkCopies(const Integers &extents, const Integers &fromStrides,
                 const Integers &toStrides) {
  for (CpuLevel level : levels()) {
    checkCopy<uint8_t>(extents, fromStrides, toStrides, level);
    checkCopy<uint16_t>(extents, fromStrides, toStrides, level);
    checkCopy<uint32_t>(extents, fromStrides, toStrides, level);
    checkCopy<uint64_t>(extents, fromStrides, toStrides, level);
  }
}

/// What `strides` are after the axes are permuted.
Integers permuted(const Integers &values, const Integers &order) {
  Integers result;
  for (int64_t axis : order)
    result.push_back(values[axis]);
  return result;
}

TEST(Copy, NoElementsAndOne) {
  checkCopies({}, {}, {});
  checkCopies({1, 1}, {5, -7}, {3, 2});
  checkCopies({3, 0, 2}, {0, 2, 1}, {0, 2, 1});
}

TEST(Copy, RowsOfEveryLength) {
  for (int64_t length = 1; length < 140; ++length)
    checkCopies({3, length}, {length + 2, 1}, {length + 1, 1});
}

TEST(Copy, MatricesTransposed) {
  for (int64_t rows : {1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 64, 65, 100, 131})
    for (int64_t columns : {1, 2, 3, 4, 6, 8, 15, 16, 19, 33, 64, 97, 260}) {
      checkCopies({rows, columns}, {1, rows}, {columns, 1});
      if (HasFatalFailure())
        return;
    }
  // With room between rows on both sides.
  checkCopies({40, 37}, {1, 45}, {41, 1});
  checkCopies({3, 70}, {1, 3}, {71, 1});
  checkCopies({70, 3}, {1, 71}, {3, 1});
}

template <typename T> void checkLarge(int64_t rows, int64_t columns) {
  const int64_t extents[] = {columns, rows}, from[] = {1, columns},
                to[] = {rows, 1};
  std::vector<T> source(size_t(rows * columns));
  std::iota(source.begin(), source.end(), T(1));
  for (CpuLevel level : levels()) {
    Workspace memory(source.size() * sizeof(T));
    T *result = static_cast<T *>(memory.get());
    CopyPlan(sizeof(T), extents, from, to, level).run(source.data(), result);
    for (int64_t i = 0; i < columns; ++i)
      for (int64_t j = 0; j < rows; ++j)
        ASSERT_EQ(result[i * rows + j], source[size_t(j * columns + i)]);
  }
}

// Aligned matrices that are larger than a cache, which are written past it.
TEST(Copy, LargeMatricesTransposed) {
  checkLarge<uint32_t>(512, 1030);
  checkLarge<uint32_t>(1024, 1027);
  checkLarge<uint64_t>(512, 517);
  checkLarge<uint8_t>(2048, 520);
}

TEST(Copy, PermutationsOfAxes) {
  const Integers extents = {3, 18, 5, 34};
  Integers order = {0, 1, 2, 3};
  do {
    Integers shape = permuted(extents, order);
    checkCopies(shape, permuted(denseStrides(extents), order),
                denseStrides(shape));
    // Written through the permutation rather than read.
    checkCopies(shape, denseStrides(shape),
                permuted(denseStrides(extents), order));
    if (HasFatalFailure())
      return;
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Copy, FlipsAndRepetitions) {
  const Integers shape = {6, 19, 50};
  for (Integers from : {Integers{950, 50, -1},
                        {950, -50, 1},
                        {-950, -50, -1},
                        {0, 50, 1},
                        {50, 0, 1},
                        {19, 1, 0},
                        {0, 0, 0},
                        {19, -1, 114},
                        {-19, 1, -114},
                        {1, -6, 200},
                        {0, 1, 19},
                        {1, 1, 1},
                        {2, 12, 230},
                        {0, 0, 2}})
    checkCopies(shape, from, denseStrides(shape));
}

// Any strides of the source, any of the destination.
TEST(Copy, RandomStrides) {
  std::mt19937 random(7);
  auto below = [&](int64_t n) { return int64_t(random() % uint64_t(n)); };
  for (int i = 0; i < 300; ++i) {
    const size_t rank = size_t(1 + below(5));
    Integers extents, from, order(rank);
    for (size_t axis = 0; axis < rank; ++axis) {
      extents.push_back(1 + below(axis < 2 ? 40 : 5));
      from.push_back(below(90) - 30);
    }
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    Integers to(rank);
    int64_t stride = 1 + below(3);
    for (size_t axis = rank; axis-- > 0;) {
      to[order[axis]] = stride;
      stride = stride * extents[order[axis]] + below(3);
    }
    if (below(4) == 0)
      to[below(int64_t(rank))] *= -1;
    checkCopies(extents, from, to);
    if (HasFatalFailure())
      return;
  }
}

template <typename T>
void checkFill(const Integers &extents, const Integers &strides) {
  Tensor<T> to(extents, strides, T(3));
  Tensor<T> want = to;
  const uint64_t bits = 0xf0e1d2c3b4a59687;
  forEachIndex(extents, [&](const Integers &index) { want[index] = T(bits); });
  FillPlan(sizeof(T), extents, strides).run(bits, to.data());
  EXPECT_EQ(to.memory, want.memory) << testing::PrintToString(extents);
}

TEST(Fill, StridesAndSizes) {
  for (auto [extents, strides] : {std::pair<Integers, Integers>{{}, {}},
                                  {{0, 3}, {3, 1}},
                                  {{1}, {9}},
                                  {{7, 33}, {33, 1}},
                                  {{7, 33}, {40, 1}},
                                  {{7, 33}, {1, 7}},
                                  {{5, 4, 6}, {50, 12, 2}},
                                  {{5, 4}, {-4, 1}}}) {
    checkFill<uint8_t>(extents, strides);
    checkFill<uint16_t>(extents, strides);
    checkFill<uint32_t>(extents, strides);
    checkFill<uint64_t>(extents, strides);
  }
}

} // namespace
