//===- PaddingTest.cpp - zeros around images -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Padding.h"
#include "gtest/gtest.h"
#include <vector>

using namespace mind::kernels;

namespace {

TEST(Padding, EverySide) {
  // Two images of two lines, one element apart, and five between the images.
  const std::vector<float> images = {1, 2, 9, 3, 4, 9, 9, 9, 9, 9,
                                     5, 6, 9, 7, 8};
  PaddedImages padded = {2, 2, 2, 10, 3, 1, 0, 2, 1};
  // It survives as numbers.
  padded = PaddedImages::fromWords(padded.toWords().data());
  std::vector<float> result(padded.size() + 1, -1);
  padded.copy(images.data(), result.data());
  EXPECT_EQ(result, (std::vector<float>{0, 0, 0, 0, 0, //
                                        0, 0, 1, 2, 0, //
                                        0, 0, 3, 4, 0, //
                                        0, 0, 0, 0, 0, //
                                        0, 0, 5, 6, 0, //
                                        0, 0, 7, 8, 0, -1}));
}

TEST(Padding, CountAtOnce) {
  EXPECT_EQ(PaddedImages::countAtOnce(8, 1000), 8);
  EXPECT_EQ(PaddedImages::countAtOnce(8, 1 << 28), 1);
  for (int64_t count = 1; count < 20; ++count)
    EXPECT_EQ(count % PaddedImages::countAtOnce(count, 200'000), 0);
}

} // namespace
