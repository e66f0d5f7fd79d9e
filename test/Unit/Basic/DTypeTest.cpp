//===- DTypeTest.cpp - element types -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/DType.h"
#include "gtest/gtest.h"

using namespace mind;

TEST(DType, EveryNameParsesToItsType) {
  for (size_t i = 0; i != numDTypes; ++i)
    EXPECT_EQ(parseDType(dtypeName(DType(i))), DType(i));
  EXPECT_EQ(parseDType("f8"), std::nullopt);
  EXPECT_EQ(parseDType(""), std::nullopt);
}

TEST(DType, BelongsToOneKind) {
  for (size_t i = 0; i != numDTypes; ++i) {
    DType type = DType(i);
    EXPECT_EQ(isBool(type) + isFloat(type) + isSignedInt(type) +
                  isUnsignedInt(type),
              1);
    EXPECT_EQ(isInt(type), isSignedInt(type) || isUnsignedInt(type));
  }
}

TEST(DType, SizesAreThoseInMemory) {
  EXPECT_EQ(sizeInBytes(DType::Bool), 1u);
  EXPECT_EQ(sizeInBytes(DType::U8), 1u);
  EXPECT_EQ(sizeInBytes(DType::BF16), 2u);
  EXPECT_EQ(sizeInBytes(DType::F32), 4u);
  EXPECT_EQ(sizeInBytes(DType::I64), 8u);
}
