//===- PaddedConvolutionTest.cpp - zeros around images -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/PaddedConvolution.h"
#include "gtest/gtest.h"
#include <vector>

using namespace mind::kernels;

namespace {

// Two images of two lines, one element apart, and five between the images.
const std::vector<float> images = {1, 2, 9, 3, 4, 9, 9, 9, 9, 9, 5, 6, 9, 7, 8};

/// For a window of two lines.
PaddedConvolution convolution() {
  PaddedConvolution result = {};
  result.images = result.imagesAtOnce = 2;
  result.lines = result.linesAtOnce = 3;
  result.step = 1;
  result.span = 2;
  result.imageLines = 2;
  result.line = 2;
  result.imageStride = 10;
  result.lineStride = 3;
  result.top = 1;
  result.left = 2;
  result.right = 1;
  // It survives as numbers.
  return PaddedConvolution::fromWords(result.toWords().data());
}

TEST(PaddedConvolution, ZerosOnEverySide) {
  PaddedConvolution all = convolution();
  std::vector<float> block(all.blockSize() + 1, -1);
  all.copyBlock(images.data(), 0, 0, block.data());
  EXPECT_EQ(block, (std::vector<float>{0, 0, 0, 0, 0, //
                                       0, 0, 1, 2, 0, //
                                       0, 0, 3, 4, 0, //
                                       0, 0, 0, 0, 0, //
                                       0, 0, 0, 0, 0, //
                                       0, 0, 5, 6, 0, //
                                       0, 0, 7, 8, 0, //
                                       0, 0, 0, 0, 0, -1}));
}

TEST(PaddedConvolution, LinesOfOneImage) {
  PaddedConvolution some = convolution();
  some.imagesAtOnce = 1;
  some.linesAtOnce = 2;
  std::vector<float> block(some.blockSize() + 1, -1);
  some.copyBlock(images.data(), 1, 1, block.data());
  EXPECT_EQ(block, (std::vector<float>{0, 0, 5, 6, 0, //
                                       0, 0, 7, 8, 0, //
                                       0, 0, 0, 0, 0, -1}));
}

// Whatever the shape, blocks cover all and lie within it.
TEST(PaddedConvolution, Blocks) {
  for (int64_t count : {1, 2, 7, 50})
    for (int64_t lines : {1, 3, 57, 500})
      for (int64_t width : {1, 14, 300, 5000}) {
        PaddedConvolution each = convolution();
        each.images = count;
        each.lines = lines;
        each.chooseBlocks(width);
        std::vector<bool> done(count * lines);
        each.forEachBlock([&](int64_t image, int64_t line) {
          for (int64_t i = image; i < image + each.imagesAtOnce; ++i)
            for (int64_t j = line; j < line + each.linesAtOnce; ++j)
              done.at(i * lines + j) = true;
        });
        EXPECT_EQ(std::find(done.begin(), done.end(), false), done.end());
      }
}

} // namespace
