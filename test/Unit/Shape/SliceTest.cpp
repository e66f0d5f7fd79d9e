//===- SliceTest.cpp - slices of symbolic dimensions ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/Operation.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

/// One dimension of this extent, sliced.
struct Slice {
  Dim extent;
  int64_t start, end, step = 1;

  std::optional<ShapeError> error = {};
  Dim result = {};
  /// After normalisation.
  Ints starts = {}, ends = {};
  llvm::SmallVector<Requirement, 0> requirements = {};

  Slice(Dim extent, int64_t start, int64_t end, int64_t step = 1)
      : extent(std::move(extent)), start(start), end(end), step(step) {
    Call call(operationInfo(OpKind::Slice));
    call.operands = {{DType::F32, {this->extent}}};
    call.arg("starts") = Ints{start};
    call.arg("ends") = Ints{end};
    call.arg("steps") = Ints{step};
    TensorType type;
    error = inferType(call, type);
    if (error)
      return;
    result = type.dims.front();
    starts = std::get<Ints>(call.arg("starts"));
    ends = std::get<Ints>(call.arg("ends"));
    requirements = call.requirements;
  }

  /// "B - 2, at least 3", or the error.
  std::string str() const {
    if (error)
      return diagnosticCode(error->kind).str() + " " + error->message();
    std::string text = result.str();
    for (const Requirement &requirement : requirements)
      text += ", at least " + std::to_string(requirement.least);
    return text;
  }
};

const Dim B = Dim::named("B");

TEST(SymbolicSlice, HasAnExtentThatIsAPolynomial) {
  EXPECT_EQ(Slice(B, 0, INT64_MAX).str(), "B");
  EXPECT_EQ(Slice(B, 2, INT64_MAX).str(), "B - 2, at least 3");
  EXPECT_EQ(Slice(B, 0, -1).str(), "B - 1, at least 2");
  EXPECT_EQ(Slice(B, 2, -1).str(), "B - 3, at least 4");
  EXPECT_EQ(Slice(B, -4, INT64_MAX).str(), "4, at least 4");
  EXPECT_EQ(Slice(B, -4, -1).str(), "3, at least 4");
  EXPECT_EQ(Slice(B, 0, 4).str(), "4, at least 4");
  EXPECT_EQ(Slice(B, 1, 4).str(), "3, at least 4");
  EXPECT_EQ(Slice(B, -3, 5).str(), "-B + 8, at least 5");
  EXPECT_EQ(Slice(B, 1, 8, 3).str(), "3, at least 8");
  EXPECT_EQ(Slice(B, 1, 9, 3).str(), "3, at least 8");
  EXPECT_EQ(Slice(B, -7, -1, 3).str(), "2, at least 7");
  // What holds for every size need not be checked.
  EXPECT_EQ(Slice(*Dim::multiply(B, 4), 1, INT64_MAX).str(), "4*B - 1");
  EXPECT_EQ(Slice(*Dim::multiply(B, 4), 0, 4).str(), "4");
}

TEST(SymbolicSlice, RejectsWhatIsEmptyOrNoPolynomial) {
  EXPECT_EQ(Slice(B, 3, 3).str(),
            "E3006 `slice` of [B]: dimension 0 from 3 to 3 is empty");
  EXPECT_EQ(Slice(B, -2, -4).str(),
            "E3006 `slice` of [B]: dimension 0 from B - 2 to B - 4 is empty");
  EXPECT_EQ(Slice(B, 0, INT64_MAX, 2).str(),
            "E1190 a step of 2 along dimension 0 of [B], whose extent is "
            "symbolic, is not supported yet");
  EXPECT_EQ(Slice(B, 0, -1, 0).str().substr(0, 5), "E4008");
}

TEST(SymbolicSlice, SurvivesTheLargestBounds) {
  const int64_t bounds[] = {INT64_MIN, INT64_MIN + 1, -2,       0,
                            1,         INT64_MAX - 1, INT64_MAX};
  for (int64_t start : bounds)
    for (int64_t end : bounds)
      for (int64_t step : {int64_t(1), int64_t(2), INT64_MAX})
        for (const Requirement &requirement :
             Slice(B, start, end, step).requirements)
          EXPECT_GE(requirement.least, 1);
}

TEST(SymbolicSlice, IsWhatTheSameSliceOfANumberIs) {
  unsigned accepted = 0;
  for (int64_t start = -6; start != 7; ++start)
    for (int64_t end : {-5, -3, -1, 0, 1, 2, 4, 6, INT32_MAX})
      for (int64_t step = 1; step != 4; ++step) {
        Slice symbolic(B, start, end == INT32_MAX ? INT64_MAX : end, step);
        for (int64_t size = 1; size != 16; ++size) {
          Slice fixed(size, start, symbolic.end, step);
          if (symbolic.error) {
            if (symbolic.error->kind == DiagKind::EmptySlice) {
              EXPECT_TRUE(fixed.error) << size << fixed.str();
            }
            continue;
          }
          int64_t extent =
              symbolic.result.substitute([&](llvm::StringRef) { return size; })
                  ->constant();
          bool holds = extent >= 1;
          for (const Requirement &requirement : symbolic.requirements)
            holds &= size >= requirement.least;
          if (holds) {
            ++accepted;
            ASSERT_FALSE(fixed.error) << fixed.str();
            EXPECT_EQ(fixed.result, extent);
            EXPECT_EQ(fixed.starts[0], start < 0 ? start + size : start);
          } else if (!fixed.error && step == 1) {
            // It is not refused without need.
            EXPECT_NE(fixed.result, extent) << size << " " << symbolic.str();
          }
        }
      }
  EXPECT_GT(accepted, 1000u);
}

} // namespace
