//===- Padding.h - zeros around images -------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_PADDING_H
#define MIND_RUNTIME_KERNELS_PADDING_H

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace mind::kernels {

/// Images whose lines are pieces of memory, and the zeros around them that a
/// convolution reads.
struct PaddedImages {
  int64_t count;
  /// The lines of an image, the elements of a line, and how far apart images
  /// and lines begin.
  int64_t lines, line, imageStride, lineStride;
  /// Lines of zeros above and below, elements on the sides.
  int64_t top, bottom, left, right;

  int64_t paddedLine() const { return left + line + right; }
  int64_t paddedImage() const { return (top + lines + bottom) * paddedLine(); }
  /// The elements of all images with their zeros.
  int64_t size() const { return count * paddedImage(); }

  /// The most of `count` images that stay in a second-level cache while they
  /// are worked on, and divide `count`; one at least.
  static int64_t countAtOnce(int64_t count, int64_t bytesOfOne) {
    constexpr int64_t mostBytes = 1024 * 1024;
    int64_t atOnce = std::clamp<int64_t>(mostBytes / bytesOfOne, 1, count);
    while (count % atOnce != 0)
      --atOnce;
    return atOnce;
  }

  /// Writes the images with their zeros to size() elements.
  template <typename T> void copy(const T *from, T *to) const {
    for (int64_t image = 0; image < count; ++image, from += imageStride) {
      to = std::fill_n(to, top * paddedLine() + left, T(0));
      for (int64_t i = 0; i < lines; ++i) {
        // The end of a line and the beginning of the next.
        if (i != 0)
          to = std::fill_n(to, right + left, T(0));
        to = std::copy_n(from + i * lineStride, line, to);
      }
      to = std::fill_n(to, right + bottom * paddedLine(), T(0));
    }
  }

  /// The same as numbers, which machine code can hold as a constant.
  using Words = std::array<int64_t, 9>;
  Words toWords() const { return std::bit_cast<Words>(*this); }
  static PaddedImages fromWords(const int64_t *words) {
    Words own;
    std::copy_n(words, own.size(), own.begin());
    return std::bit_cast<PaddedImages>(own);
  }
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_PADDING_H
