//===- IndexingTest.cpp - elements by their position ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Indexing.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <bit>
#include <random>

using namespace mind;
using namespace mind::kernels;

namespace {

TEST(Indexing, CountsFromTheEnd) {
  IndexFault fault;
  EXPECT_EQ(normalizedIndex(2, 3, fault), 2);
  EXPECT_EQ(normalizedIndex(-1, 3, fault), 2);
  EXPECT_EQ(normalizedIndex(-3, 3, fault), 0);
  EXPECT_FALSE(fault.found);
  EXPECT_EQ(normalizedIndex(-4, 3, fault), 0);
  EXPECT_TRUE(fault.found);
  EXPECT_EQ(fault.index, -4);
  EXPECT_EQ(normalizedIndex(7, 3, fault), 0);
  EXPECT_EQ(fault.index, -4); // the first one
  fault = {};
  normalizedIndex(INT64_MIN, 3, fault);
  EXPECT_EQ(fault.index, INT64_MIN);
}

TEST(Indexing, FindsTheFirstOutside) {
  for (size_t count : {1, 5, 63, 64, 65, 300}) {
    std::vector<int32_t> few(count, 3);
    std::vector<int64_t> many(count, 3);
    auto check = [&](DType dtype) {
      return checkIndices(dtype,
                          dtype == DType::I32 ? (const void *)few.data()
                                              : (const void *)many.data(),
                          int64_t(count), 4);
    };
    EXPECT_FALSE(check(DType::I32).found);
    EXPECT_FALSE(check(DType::I64).found);
    few.back() = 9;
    many.back() = int64_t(1) << 40;
    EXPECT_EQ(check(DType::I32).index, 9);
    EXPECT_EQ(check(DType::I64).index, int64_t(1) << 40);
    few[count / 2] = -1;
    many[count / 2] = 4;
    EXPECT_EQ(check(DType::I32).index, -1);
    EXPECT_EQ(check(DType::I64).index, 4);
    EXPECT_TRUE(check(DType::I64).found);
  }
}

/// A tensor, one of its axes, and indices of some shape.
struct Case {
  Integers extents, strides;
  size_t axis;
  Integers indexExtents;

  /// The shape of what is gathered, or of updates.
  Integers parts() const {
    Integers result(extents.begin(), extents.begin() + axis);
    result.insert(result.end(), indexExtents.begin(), indexExtents.end());
    result.insert(result.end(), extents.begin() + axis + 1, extents.end());
    return result;
  }
  /// Where in x an element of a part is, given the indices, and which of these
  /// it goes by.
  std::pair<Integers, int64_t> source(const Integers &part) const {
    const size_t rank = indexExtents.size();
    const Integers index(part.begin() + axis, part.begin() + axis + rank);
    Integers result(part.begin(), part.begin() + axis);
    result.push_back(0);
    result.insert(result.end(), part.begin() + axis + rank, part.end());
    return {result, offsetOf(index, denseStrides(indexExtents))};
  }
};

std::vector<Case> allCases() {
  std::vector<Case> all;
  for (auto [extents, axis] : {std::pair<Integers, size_t>{{7}, 0},
                               {{5, 33}, 0},
                               {{5, 33}, 1},
                               {{3, 4, 17}, 1},
                               {{2, 3, 4, 5}, 2},
                               {{1, 1, 1}, 1}})
    for (const Integers &indices : {Integers{}, {1}, {9}, {3, 2}}) {
      Case dense = {extents, denseStrides(extents), axis, indices};
      all.push_back(dense);
      for (int64_t &stride : dense.strides)
        stride *= 2;
      all.push_back(dense);
      dense.strides.front() *= -1;
      all.push_back(dense);
      // Axes the other way round; the same for all of one.
      Integers turned(extents.rbegin(), extents.rend());
      dense.strides = denseStrides(turned);
      std::reverse(dense.strides.begin(), dense.strides.end());
      all.push_back(dense);
      dense.strides.back() = 0;
      all.push_back(dense);
    }
  return all;
}

/// Indices into an axis, of which some are outside if there are to be any.
std::vector<int64_t> makeIndices(const Case &each, bool isFaulty) {
  std::mt19937 random(unsigned(each.extents[each.axis]));
  std::vector<int64_t> result(size_t(elementsOf(each.indexExtents)));
  for (int64_t &index : result)
    index = int64_t(random() % uint64_t(each.extents[each.axis]));
  if (isFaulty) {
    result[result.size() / 2] = -1;
    result.back() = each.extents[each.axis];
  }
  return result;
}

bool isInside(int64_t index, const Case &each) {
  return index >= 0 && index < each.extents[each.axis];
}

void expectFault(const IndexFault &fault, const std::vector<int64_t> &indices,
                 const Case &each) {
  auto first = std::find_if(indices.begin(), indices.end(), [&](int64_t index) {
    return !isInside(index, each);
  });
  ASSERT_EQ(fault.found, first != indices.end());
  if (fault.found)
    ASSERT_EQ(fault.index, *first);
}

/// Calls `test` with the indices as i64, and as i32.
template <typename Test>
void forIndexTypes(const std::vector<int64_t> &indices, Test test) {
  test(DType::I64, (const void *)indices.data());
  std::vector<int32_t> narrow(indices.begin(), indices.end());
  test(DType::I32, (const void *)narrow.data());
}

template <typename T> void checkGather(const Case &each, bool isFaulty) {
  const std::vector<int64_t> indices = makeIndices(each, isFaulty);
  Tensor<T> x(each.extents, each.strides);
  x.fill([next = 0]() mutable { return T(++next * 0x9e3779b97f4a7c15u); });
  Tensor<T> want(each.parts());
  forEachIndex(want.extents, [&](const Integers &part) {
    auto [place, number] = each.source(part);
    const int64_t index = indices[size_t(number)];
    place[each.axis] = isInside(index, each) ? index : 0;
    want[part] = x[place];
  });
  forIndexTypes(indices, [&](DType dtype, const void *values) {
    Tensor<T> result(each.parts());
    GatherPlan plan(sizeof(T), each.extents, each.strides, each.axis, dtype,
                    int64_t(indices.size()));
    expectFault(plan.run(x.data(), values, result.data()), indices, each);
    ASSERT_EQ(result.memory, want.memory)
        << testing::PrintToString(each.extents) << " axis " << each.axis;
  });
}

TEST(Indexing, Gather) {
  for (const Case &each : allCases())
    for (bool isFaulty : {false, true}) {
      checkGather<uint8_t>(each, isFaulty);
      checkGather<uint16_t>(each, isFaulty);
      checkGather<uint32_t>(each, isFaulty);
      checkGather<uint64_t>(each, isFaulty);
      if (HasFatalFailure())
        return;
    }
}

template <typename T, typename Sum = T>
void checkScatter(DType dtype, const Case &each, bool isFaulty, bool isSpread,
                  Sum (*load)(T), T (*store)(Sum), CpuLevel level) {
  const std::vector<int64_t> indices = makeIndices(each, isFaulty);
  Tensor<T> x(each.extents, each.strides),
      updates(each.parts(), denseStrides(each.parts(), isSpread ? 3 : 1));
  std::mt19937 random(3);
  // Sums that are rounded, or wrap.
  auto next = [&] { return store(Sum(Sum(random() % 1000) / Sum(7))); };
  x.fill(next);
  updates.fill(next);
  Tensor<Sum> sums(each.extents);
  forEachIndex(each.extents,
               [&](const Integers &at) { sums[at] = load(x[at]); });
  forEachIndex(each.parts(), [&](const Integers &part) {
    auto [place, number] = each.source(part);
    place[each.axis] = indices[size_t(number)];
    if (isInside(place[each.axis], each))
      sums[place] = Sum(sums[place] + load(updates[part]));
  });
  Tensor<T> want(each.extents);
  forEachIndex(each.extents,
               [&](const Integers &at) { want[at] = store(sums[at]); });
  forIndexTypes(indices, [&](DType indexDType, const void *values) {
    Tensor<T> result(each.extents);
    ScatterAddPlan plan(dtype, each.extents, each.strides, each.axis,
                        indexDType, each.indexExtents, updates.strides, level);
    Workspace workspace(plan.workspaceBytes());
    expectFault(plan.run(x.data(), values, updates.data(), result.data(),
                         workspace.get()),
                indices, each);
    ASSERT_EQ(result.memory, want.memory)
        << testing::PrintToString(each.extents) << " axis " << each.axis
        << dtypeName(dtype);
  });
}

template <typename T> T same(T value) { return value; }

float loadBrain(uint16_t x) { return std::bit_cast<float>(uint32_t(x) << 16); }
uint16_t storeBrain(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

TEST(Indexing, ScatterAdd) {
  for (const Case &each : allCases())
    for (bool isFaulty : {false, true})
      for (bool isSpread : {false, true})
        for (CpuLevel level : levels()) {
          auto check = [&]<typename T>(DType dtype, T) {
            checkScatter<T>(dtype, each, isFaulty, isSpread, same<T>, same<T>,
                            level);
          };
          check(DType::F32, float());
          check(DType::F64, double());
          check(DType::I8, int8_t());
          check(DType::U8, uint8_t());
          check(DType::I32, int32_t());
          check(DType::I64, int64_t());
          checkScatter<uint16_t, float>(DType::BF16, each, isFaulty, isSpread,
                                        loadBrain, storeBrain, level);
          if (HasFatalFailure())
            return;
        }
}

// 1 + 2^-11 + 2^-11: rounded after each sum, it would stay 1.
TEST(Indexing, HalvesAreRoundedOnce) {
  const uint16_t one = 0x3c00, tiny = 0x1000, want = 0x3c01;
  const uint16_t updates[] = {tiny, tiny};
  const int64_t extents[] = {1}, strides[] = {1}, indexExtents[] = {2};
  const int32_t indices[] = {0, 0};
  for (CpuLevel level : levels()) {
    ScatterAddPlan plan(DType::F16, extents, strides, 0, DType::I32,
                        indexExtents, strides, level);
    Workspace workspace(plan.workspaceBytes());
    uint16_t result = 0;
    plan.run(&one, indices, updates, &result, workspace.get());
    EXPECT_EQ(result, want);
  }
}

} // namespace
