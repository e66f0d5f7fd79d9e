//===- PaddedConvolution.h - zeros around images ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_PADDEDCONVOLUTION_H
#define MIND_RUNTIME_KERNELS_PADDEDCONVOLUTION_H

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace mind::kernels {

/// How a convolution goes over images that are to have zeros around them: block
/// by block, of some images or some lines of one. What a block reads is copied
/// with its zeros, and multiplied while it is in cache.
struct PaddedConvolution {
  /// The images, and the lines of the result of each.
  int64_t images, lines;
  /// How many of them make a block; the last one is moved back to fit.
  int64_t imagesAtOnce, linesAtOnce;
  /// How many lines of an image there are from one line of the result to the
  /// next, and how many a window reaches over.
  int64_t step, span;
  /// The lines of an image, the elements of a line, and how far apart images
  /// and lines begin.
  int64_t imageLines, line, imageStride, lineStride;
  /// Lines of zeros above, elements of zeros on the sides.
  int64_t top, left, right;

  /// Chooses blocks for a result with lines of `width` elements.
  void chooseBlocks(int64_t width) {
    // So many rows of a product that packing its B costs little, so few that
    // what they read stays in a second-level cache.
    constexpr int64_t mostRows = 1024;
    auto atOnce = [](int64_t count, int64_t most) {
      const int64_t blocks = (count + most - 1) / most;
      return (count + blocks - 1) / blocks;
    };
    linesAtOnce = atOnce(lines, std::max<int64_t>(mostRows / width, 1));
    imagesAtOnce =
        linesAtOnce == lines
            ? atOnce(images, std::max<int64_t>(mostRows / (lines * width), 1))
            : 1;
  }

  /// The elements of a line, and of the part of an image in a block, with their
  /// zeros.
  int64_t paddedLine() const { return left + line + right; }
  int64_t paddedImage() const {
    return ((linesAtOnce - 1) * step + span) * paddedLine();
  }
  /// The elements of a block.
  int64_t blockSize() const { return imagesAtOnce * paddedImage(); }

  /// Calls `each` with the first image and the first line of each block.
  template <typename Each> void forEachBlock(Each each) const {
    for (int64_t image = 0; image < images; image += imagesAtOnce)
      for (int64_t row = 0; row < lines; row += linesAtOnce)
        each(std::min(image, images - imagesAtOnce),
             std::min(row, lines - linesAtOnce));
  }

  /// Writes what a block reads to blockSize() elements.
  template <typename T>
  void copyBlock(const T *from, int64_t image, int64_t row, T *to) const {
    const int64_t first = row * step - top;
    for (int64_t i = image; i < image + imagesAtOnce; ++i)
      for (int64_t j = first; j < first + (linesAtOnce - 1) * step + span;
           ++j) {
        if (j < 0 || j >= imageLines) {
          to = std::fill_n(to, paddedLine(), T(0));
          continue;
        }
        to = std::fill_n(to, left, T(0));
        to = std::copy_n(from + i * imageStride + j * lineStride, line, to);
        to = std::fill_n(to, right, T(0));
      }
  }

  /// The same as numbers, which machine code can hold as a constant.
  using Words = std::array<int64_t, 13>;
  Words toWords() const { return std::bit_cast<Words>(*this); }
  static PaddedConvolution fromWords(const int64_t *words) {
    Words own;
    std::copy_n(words, own.size(), own.begin());
    return std::bit_cast<PaddedConvolution>(own);
  }
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_PADDEDCONVOLUTION_H
