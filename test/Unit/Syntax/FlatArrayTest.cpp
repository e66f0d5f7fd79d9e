//===- FlatArrayTest.cpp - plain data that grows at its end ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Syntax/FlatArray.h"
#include "gtest/gtest.h"
#include <cstdint>

using namespace mind;

TEST(FlatArray, KeepsWhatItHasWhenItGrows) {
  FlatArray<uint32_t> array;
  EXPECT_TRUE(array.empty());
  for (uint32_t i = 0; i != 1000; ++i)
    *array.add() = i;
  uint32_t *three = array.add(3);
  three[0] = three[1] = three[2] = 7;
  ASSERT_EQ(array.size(), 1003u);
  for (uint32_t i = 0; i != 1000; ++i)
    EXPECT_EQ(array[i], i);
  EXPECT_EQ(array.end()[-1], 7u);
}

TEST(FlatArray, KeepsItsMemoryWhenItIsEmptied) {
  FlatArray<uint32_t> array;
  array.reserve(10);
  EXPECT_EQ(array.capacity(), 10u);
  const uint32_t *memory = array.data();
  *array.add(10) = 1;
  array.truncate(1);
  EXPECT_EQ(array.size(), 1u);
  EXPECT_EQ(array[0], 1u);
  array.clear();
  EXPECT_EQ(array.size(), 0u);
  EXPECT_EQ(array.add(), memory);
}

TEST(FlatArray, Moves) {
  FlatArray<uint32_t> array;
  *array.add() = 5;
  FlatArray<uint32_t> other = std::move(array);
  ASSERT_EQ(other.size(), 1u);
  EXPECT_EQ(other[0], 5u);
  other = {};
  EXPECT_TRUE(other.empty());
}
