//===- PoolingKernels.cpp - one source for every instruction set ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "PoolingKernels.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "PoolingKernels.h"
#include "Vectors-inl.h"
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

/// The largest element; NaN is larger than every number.
struct Largest {
  template <typename T> static constexpr T initial() {
    return std::numeric_limits<T>::has_infinity
               ? -std::numeric_limits<T>::infinity()
               : std::numeric_limits<T>::lowest();
  }
  template <class D, typename V = hn::Vec<D>>
  static HWY_INLINE V combine(D, V most, V value) {
    if constexpr (hwy::IsFloat<hn::TFromD<D>>())
      return hn::IfThenElse(hn::Or(hn::Lt(most, value), hn::IsNaN(value)),
                            value, most);
    else
      return hn::Max(most, value);
  }
  template <typename T> static HWY_INLINE T combineOne(T most, T value) {
    return most < value || value != value ? value : most;
  }
  template <class D, typename V = hn::Vec<D>>
  static HWY_INLINE V finish(D, V most, int64_t) {
    return most;
  }
  template <typename T> static HWY_INLINE T finishOne(T most, int64_t) {
    return most;
  }
};

struct Mean {
  template <typename T> static constexpr T initial() { return 0; }
  template <class D, typename V = hn::Vec<D>>
  static HWY_INLINE V combine(D, V sum, V value) {
    return hn::Add(sum, value);
  }
  template <typename T> static HWY_INLINE T combineOne(T sum, T value) {
    return sum + value;
  }
  template <class D, typename V = hn::Vec<D>>
  static HWY_INLINE V finish(D d, V sum, int64_t count) {
    return hn::Div(sum, hn::Set(d, hn::TFromD<D>(count)));
  }
  template <typename T> static HWY_INLINE T finishOne(T sum, int64_t count) {
    return sum / T(count);
  }
};

/// What a window sees of the image, from its first pixel on.
template <typename T> struct Seen {
  const T *x;
  int64_t lines, columns, xLine, xPixel;

  int64_t count() const { return lines * columns; }
};

/// Some vectors of channels of a window.
template <class Kind, int vectors, class D, typename T>
HWY_INLINE void poolVectors(D d, const Seen<T> &seen, int64_t channel, T *y) {
  const int64_t lanes = int64_t(hn::Lanes(d));
  hn::Vec<D> results[vectors];
  HWY_UNROLL(vectors)
  for (int i = 0; i < vectors; ++i)
    results[i] = hn::Set(d, Kind::template initial<T>());
  const T *line = seen.x + channel;
  for (int64_t row = 0; row < seen.lines; ++row, line += seen.xLine) {
    const T *pixel = line;
    for (int64_t column = 0; column < seen.columns;
         ++column, pixel += seen.xPixel)
      HWY_UNROLL(vectors)
    for (int i = 0; i < vectors; ++i)
      results[i] =
          Kind::combine(d, results[i], hn::LoadU(d, pixel + i * lanes));
  }
  HWY_UNROLL(vectors)
  for (int i = 0; i < vectors; ++i)
    hn::StoreU(Kind::finish(d, results[i], seen.count()), d,
               y + channel + i * lanes);
}

/// All channels of a window, at least as many as a vector has lanes: the last
/// vector is moved back to fit.
template <class Kind, class D, typename T>
HWY_INLINE void poolWindow(D d, const Seen<T> &seen, int64_t channels, T *y) {
  constexpr int vectors = 4;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t channel = 0;
  for (; channel + vectors * lanes <= channels; channel += vectors * lanes)
    poolVectors<Kind, vectors>(d, seen, channel, y);
  for (; channel + lanes <= channels; channel += lanes)
    poolVectors<Kind, 1>(d, seen, channel, y);
  if (channel != channels)
    poolVectors<Kind, 1>(d, seen, channels - lanes, y);
}

/// The same for few channels.
template <class Kind, typename T>
HWY_INLINE void poolChannels(const Seen<T> &seen, int64_t channels, T *y) {
  for (int64_t channel = 0; channel < channels; ++channel) {
    T result = Kind::template initial<T>();
    for (int64_t row = 0; row < seen.lines; ++row)
      for (int64_t column = 0; column < seen.columns; ++column)
        result = Kind::combineOne(
            result, seen.x[row * seen.xLine + column * seen.xPixel + channel]);
    y[channel] = Kind::finishOne(result, seen.count());
  }
}

template <class Kind, typename T> void poolLine(const PoolingLine<T> &line) {
  const Lanes<T> whole;
  const hn::CappedTag<T, 16 / sizeof(T)> part;
  const int64_t channels = line.channels;
  T *y = line.y;
  for (int64_t pixel = 0; pixel < line.pixels; ++pixel, y += channels) {
    const int64_t begin = pixel * line.step - line.left;
    const int64_t first = begin < 0 ? 0 : begin;
    const int64_t end =
        begin + line.columns < line.width ? begin + line.columns : line.width;
    const Seen<T> seen = {line.x + first * line.xPixel, line.lines, end - first,
                          line.xLine, line.xPixel};
    if (channels >= int64_t(hn::Lanes(whole)))
      poolWindow<Kind>(whole, seen, channels, y);
    else if (channels >= int64_t(hn::Lanes(part)))
      poolWindow<Kind>(part, seen, channels, y);
    else
      poolChannels<Kind>(seen, channels, y);
  }
}

template <typename T> constexpr PoolingTable<T> makePooling() {
  PoolingTable<T> table = {poolLine<Largest, T>, nullptr};
  if constexpr (hwy::IsFloat<T>())
    table.average = poolLine<Mean, T>;
  return table;
}

template <typename T> constexpr PoolingTable<T> pooling = makePooling<T>();

template <typename T> inline const PoolingTable<T> &poolingHere() {
  return pooling<T>;
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

template <typename T> const PoolingTable<T> &poolingTable(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::poolingHere<T>();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::poolingHere<T>();
#endif
  return HWY_NAMESPACE::poolingHere<T>();
}

template const PoolingTable<float> &poolingTable(CpuLevel);
template const PoolingTable<double> &poolingTable(CpuLevel);
template const PoolingTable<int8_t> &poolingTable(CpuLevel);
template const PoolingTable<uint8_t> &poolingTable(CpuLevel);
template const PoolingTable<int32_t> &poolingTable(CpuLevel);
template const PoolingTable<int64_t> &poolingTable(CpuLevel);

} // namespace mind::kernels
#endif
