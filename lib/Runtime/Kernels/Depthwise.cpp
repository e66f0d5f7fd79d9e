//===- Depthwise.cpp - one source for every instruction set --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Depthwise.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "Depthwise.h"
#include "Vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

/// The columns of a window that meet pixels of the image.
struct SeenColumns {
  int64_t first, end;
};

/// A vector of channels of some pixels that follow one another, all of whose
/// windows see the same columns. `x` is at the first column of the first one's.
template <int pixels, typename T, typename Access>
HWY_INLINE void sumWindows(const DepthwiseLine<T> &line, SeenColumns columns,
                           const T *x, const T *w, T *y, const Access &access) {
  Vector<T> sums[pixels];
  HWY_UNROLL(pixels)
  for (int i = 0; i < pixels; ++i)
    sums[i] = hn::Zero(Lanes<T>());
  const int64_t next = line.step * line.xPixel,
                apart = line.dilation * line.xPixel;
  for (int64_t row = 0; row < line.lines;
       ++row, x += line.xLine, w += line.wLine)
    for (int64_t column = columns.first; column < columns.end; ++column) {
      const Vector<T> filter = access.load(w + column * line.wPixel);
      const T *seen = x + column * apart;
      HWY_UNROLL(pixels)
      for (int i = 0; i < pixels; ++i)
        sums[i] = hn::MulAdd(access.load(seen + i * next), filter, sums[i]);
    }
  HWY_UNROLL(pixels)
  for (int i = 0; i < pixels; ++i)
    access.store(sums[i], y + i * line.yPixel);
}

/// All channels of some pixels.
template <int pixels, typename T>
HWY_INLINE void sumPixels(const DepthwiseLine<T> &line, SeenColumns columns,
                          int64_t pixel) {
  const int64_t lanes = int64_t(hn::Lanes(Lanes<T>()));
  const T *x = line.x + (pixel * line.step - line.left) * line.xPixel;
  T *y = line.y + pixel * line.yPixel;
  const WholeVectors<T> all(lanes);
  int64_t channel = 0;
  for (; channel + lanes <= line.channels; channel += lanes)
    sumWindows<pixels>(line, columns, x + channel, line.w + channel,
                       y + channel, all);
  if (channel != line.channels)
    sumWindows<pixels>(line, columns, x + channel, line.w + channel,
                       y + channel, FirstLanes<T>(line.channels - channel));
}

template <typename T> void sumLine(const DepthwiseLine<T> &line) {
  // As many as hide the latency of a multiply-add.
  constexpr int atOnce = HWY_TARGET == HWY_AVX3 ? 8 : 6;
  const int64_t span = (line.columns - 1) * line.dilation;
  for (int64_t pixel = 0; pixel < line.pixels;) {
    const int64_t begin = pixel * line.step - line.left;
    const bool areInside = begin >= 0 && pixel + atOnce <= line.pixels &&
                           begin + (atOnce - 1) * line.step + span < line.width;
    if (areInside) {
      sumPixels<atOnce>(line, {0, line.columns}, pixel);
      pixel += atOnce;
      continue;
    }
    auto columnsBefore = [&](int64_t distance) {
      const int64_t count =
          distance <= 0 ? 0 : (distance + line.dilation - 1) / line.dilation;
      return count < line.columns ? count : line.columns;
    };
    sumPixels<1>(line,
                 {columnsBefore(-begin), columnsBefore(line.width - begin)},
                 pixel);
    ++pixel;
  }
}

inline DepthwiseFunction<float> functionHere(float) { return sumLine<float>; }
inline DepthwiseFunction<double> functionHere(double) {
  return sumLine<double>;
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

template <typename T> DepthwiseFunction<T> depthwiseFunction(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::functionHere(T());
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::functionHere(T());
#endif
  return HWY_NAMESPACE::functionHere(T());
}

template DepthwiseFunction<float> depthwiseFunction(CpuLevel);
template DepthwiseFunction<double> depthwiseFunction(CpuLevel);

} // namespace mind::kernels
#endif
