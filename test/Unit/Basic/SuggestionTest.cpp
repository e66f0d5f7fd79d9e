//===- SuggestionTest.cpp - which name was meant -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Suggestion.h"
#include "gtest/gtest.h"

using namespace mind;

TEST(Suggestion, IsTheNearestName) {
  EXPECT_EQ(nearestName("softmx", {"relu", "softmax", "max"}), "softmax");
  EXPECT_EQ(nearestName("quux", {"relu", "softmax"}), "");
  EXPECT_EQ(nearestName("ab", {"ac", "aa"}), "aa");
  // Of three letters, two must agree or have changed places.
  EXPECT_EQ(nearestName("foo", {"cos", "not"}), "");
  EXPECT_EQ(nearestName("mpl", {"mlp", "pool"}), "mlp");
  // One letter replaces a whole name of one letter.
  EXPECT_EQ(nearestName("y", {"x"}), "");
  EXPECT_EQ(nearestName(std::string(100, 'a'), {std::string(99, 'a')}), "");
}

TEST(Suggestion, IsAQuestion) {
  EXPECT_EQ(didYouMean("widht", {"width"}), "did you mean `width`?");
  EXPECT_EQ(didYouMean("widht", {}), "");
}
