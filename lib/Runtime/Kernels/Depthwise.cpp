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
#include "Epilogue-inl.h"
#include "Vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

/// The columns of a window that meet pixels of the image.
struct SeenColumns {
  int64_t first, end;
};

/// Some vectors of channels of some pixels that follow one another, all of
/// whose windows see the same columns. `x` is at the first column of the first
/// one's.
template <int pixels, int vectors, typename T, typename Access>
HWY_INLINE void sumWindows(const DepthwiseLine<T> &line, SeenColumns columns,
                           const T *x, const T *w, const T *bias, T *y,
                           const Access &access) {
  const int64_t lanes = int64_t(hn::Lanes(Lanes<T>()));
  Vector<T> sums[pixels][vectors];
  HWY_UNROLL(pixels)
  for (int i = 0; i < pixels; ++i)
    HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j)
    sums[i][j] = hn::Zero(Lanes<T>());
  const int64_t next = line.step * line.xPixel,
                apart = line.dilation * line.xPixel;
  for (int64_t row = 0; row < line.lines;
       ++row, x += line.xLine, w += line.wLine)
    for (int64_t column = columns.first; column < columns.end; ++column) {
      const T *seen = x + column * apart, *by = w + column * line.wPixel;
      for (int64_t k = 0; k < line.depth;
           ++k, seen += line.xDepth, by += line.wDepth) {
        Vector<T> filter[vectors];
        HWY_UNROLL(vectors)
        for (int j = 0; j < vectors; ++j)
          filter[j] = access.load(by + j * lanes);
        HWY_UNROLL(pixels)
        for (int i = 0; i < pixels; ++i)
          HWY_UNROLL(vectors)
        for (int j = 0; j < vectors; ++j)
          sums[i][j] = hn::MulAdd(access.load(seen + i * next + j * lanes),
                                  filter[j], sums[i][j]);
      }
    }
  HWY_UNROLL(pixels)
  for (int i = 0; i < pixels; ++i)
    HWY_UNROLL(vectors)
  for (int j = 0; j < vectors; ++j) {
    if (bias)
      sums[i][j] = hn::Add(sums[i][j], access.load(bias + j * lanes));
    if (line.relu)
      sums[i][j] = rectify<T>(sums[i][j]);
    access.store(sums[i][j], y + i * line.yPixel + j * lanes);
  }
}

/// All channels of some pixels.
template <int pixels, int vectors, typename T>
HWY_INLINE void sumPixels(const DepthwiseLine<T> &line, SeenColumns columns,
                          int64_t pixel) {
  const int64_t lanes = int64_t(hn::Lanes(Lanes<T>()));
  const T *x = line.x + (pixel * line.step - line.left) * line.xPixel;
  T *y = line.y + pixel * line.yPixel;
  int64_t channel = 0;
  for (; channel + vectors * lanes <= line.channels; channel += vectors * lanes)
    sumWindows<pixels, vectors>(line, columns, x + channel, line.w + channel,
                                line.bias ? line.bias + channel : nullptr,
                                y + channel, WholeVectors<T>(lanes));
  for (; channel + lanes <= line.channels; channel += lanes)
    sumWindows<pixels, 1>(line, columns, x + channel, line.w + channel,
                          line.bias ? line.bias + channel : nullptr,
                          y + channel, WholeVectors<T>(lanes));
  if (channel != line.channels)
    sumWindows<pixels, 1>(line, columns, x + channel, line.w + channel,
                          line.bias ? line.bias + channel : nullptr,
                          y + channel, FirstLanes<T>(line.channels - channel));
}

/// Pixels one by one, whose windows may reach beyond the image.
template <typename T>
HWY_INLINE void sumEach(const DepthwiseLine<T> &line, int64_t pixel,
                        int64_t end) {
  for (; pixel < end; ++pixel) {
    const int64_t begin = pixel * line.step - line.left;
    auto columnsBefore = [&](int64_t distance) {
      const int64_t count =
          distance <= 0 ? 0 : (distance + line.dilation - 1) / line.dilation;
      return count < line.columns ? count : line.columns;
    };
    sumPixels<1, 2>(line,
                    {columnsBefore(-begin), columnsBefore(line.width - begin)},
                    pixel);
  }
}

template <typename T> void sumLine(const DepthwiseLine<T> &line) {
  // Of sums, as many as the registers hold.
  constexpr int vectors = 2, most = HWY_TARGET == HWY_AVX3 ? 8 : 4,
                half = most / 2;
  // The pixels whose windows are in the image.
  const int64_t room =
      line.width - 1 - (line.columns - 1) * line.dilation + line.left;
  const int64_t before = (line.left + line.step - 1) / line.step;
  const int64_t end =
      room < 0 ? 0
               : (room / line.step + 1 < line.pixels ? room / line.step + 1
                                                     : line.pixels);
  if (end - before < half)
    return sumEach(line, 0, line.pixels);
  sumEach(line, 0, before);
  int64_t pixel = before;
  for (; pixel + most <= end; pixel += most)
    sumPixels<most, vectors>(line, {0, line.columns}, pixel);
  for (; pixel + half <= end; pixel += half)
    sumPixels<half, vectors>(line, {0, line.columns}, pixel);
  // Some again, to the same values.
  if (pixel != end)
    sumPixels<half, vectors>(line, {0, line.columns}, end - half);
  sumEach(line, end, line.pixels);
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
