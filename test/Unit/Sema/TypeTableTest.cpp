//===- TypeTableTest.cpp - types are stored once --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Sema/TypeTable.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

const Dim B = Dim::named("B");

TEST(TypeTable, EqualTypesHaveOneIndex) {
  TypeTable types;
  TypeRef f32 = TypeTable::scalar(DType::F32);
  TypeRef matrix = types.tensor({DType::F32, {2, B}});
  EXPECT_EQ(types.tensor({DType::F32, {}}), f32);
  EXPECT_EQ(types.tensor({DType::F32, {2, Dim::named("B")}}), matrix);
  EXPECT_NE(types.tensor({DType::F64, {2, B}}), matrix);
  EXPECT_NE(types.tensor({DType::F32, {B, 2}}), matrix);
  EXPECT_EQ(types.tuple({f32, matrix}), types.tuple({f32, matrix}));
  EXPECT_NE(types.tuple({f32, matrix}), types.tuple({matrix, f32}));
  EXPECT_EQ(types.tuple({}), TypeTable::unit());
}

TEST(TypeTable, FindsWhatItHas) {
  TypeTable types;
  EXPECT_EQ(types.find(DType::F32, {}), TypeTable::scalar(DType::F32));
  EXPECT_EQ(types.find(DType::F32, {2, 3}), std::nullopt);
  // More than there is room for at first.
  for (int64_t i = 1; i != 200; ++i) {
    TypeRef matrix = types.tensor({DType::F32, {2, i}});
    types.tensor({DType::F32, {Dim::named("B"), i}});
    EXPECT_EQ(types.find(DType::F32, {2, i}), matrix);
  }
  for (int64_t i = 1; i != 200; ++i) {
    EXPECT_EQ(types.find(DType::F32, {2, i}),
              types.tensor({DType::F32, {2, i}}));
    EXPECT_EQ(types.find(DType::F64, {2, i}), std::nullopt);
    EXPECT_EQ(types.find(DType::F32, {0, i}), std::nullopt);
  }
}

TEST(TypeTable, PrintsAsTheLanguageSpells) {
  TypeTable types;
  TypeRef f32 = TypeTable::scalar(DType::F32);
  TypeRef matrix = types.tensor({DType::BF16, {2, B}});
  EXPECT_EQ(types.str(f32), "f32");
  EXPECT_EQ(types.str(matrix), "Tensor<bf16, [2, B]>");
  EXPECT_EQ(types.str(*types.tuple({f32})), "(f32,)");
  EXPECT_EQ(types.str(*types.tuple({f32, *types.tuple({matrix, f32})})),
            "(f32, (Tensor<bf16, [2, B]>, f32))");
}

TEST(TypeTable, LimitsTheSizeOfTuples) {
  TypeTable types;
  TypeRef unit = TypeTable::unit();
  // Neither doubling nor nesting goes on for ever, even of nothing.
  std::optional<TypeRef> doubled = unit, nested = unit;
  unsigned doublings = 0, nestings = 0;
  while ((doubled = types.tuple({*doubled, *doubled})))
    ++doublings;
  while ((nested = types.tuple({*nested})))
    ++nestings;
  EXPECT_EQ(doublings, 11u);
  EXPECT_EQ(nestings, TypeTable::maxParts - 1);
}

TEST(TypeTable, CountsTensors) {
  TypeTable types;
  TypeRef f32 = TypeTable::scalar(DType::F32);
  TypeRef pair = *types.tuple({f32, TypeTable::unit()});
  EXPECT_EQ(types.numTensors(TypeTable::unit()), 0u);
  EXPECT_EQ(types.numTensors(*types.tuple({pair, f32, pair})), 3u);
}

} // namespace
