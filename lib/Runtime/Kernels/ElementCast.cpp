//===- ElementCast.cpp - conversions of elements -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One source for every instruction set.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementCast.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementLoops-inl.h"
#include "Vectors-inl.h"
#include <bit>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Floats become integers by dropping their fraction; they saturate, and NaN
/// gives 0. Integers wrap.
template <typename To, typename From> HWY_INLINE To convert(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Limits = std::numeric_limits<To>;
    // Both are powers of two, or 0, and so exact.
    constexpr From least = From(Limits::min());
    constexpr From above = From(Limits::max() / 2 + 1) * 2;
    // As wide as the machine converts to, and no conversion is undefined.
    using Wide = std::conditional_t<sizeof(To) == 8, int64_t, int32_t>;
    const bool isInside = x >= least && x < above;
    const To inside = To(Wide(isInside ? x : From(0)));
    const To high = x >= above ? Limits::max() : inside;
    return x < least ? Limits::min() : high;
  } else {
    return To(x);
  }
}

template <typename From> HWY_INLINE bool isNotZero(From x) { return x != 0; }

template <typename From> constexpr void addCasts(ElementConversions &table) {
  // In the order of RegisterType.
  constexpr RegisterType from =
      std::is_same_v<From, int8_t>    ? RegisterType::I8
      : sizeof(From) == 1             ? RegisterType::U8
      : std::is_same_v<From, int32_t> ? RegisterType::I32
      : std::is_same_v<From, int64_t> ? RegisterType::I64
      : sizeof(From) == 4             ? RegisterType::F32
                                      : RegisterType::F64;
  ElementKernel *to = table.casts[int(from)];
  to[0] = unaryLoop<convert<int8_t, From>, int8_t, From>;
  to[1] = unaryLoop<convert<uint8_t, From>, uint8_t, From>;
  to[2] = unaryLoop<convert<int32_t, From>, int32_t, From>;
  to[3] = unaryLoop<convert<int64_t, From>, int64_t, From>;
  to[4] = unaryLoop<convert<float, From>, float, From>;
  to[5] = unaryLoop<convert<double, From>, double, From>;
  table.toBool[int(from)] = unaryLoop<isNotZero<From>, uint8_t, From>;
}

//===----------------------------------------------------------------------===//
// f16 and bf16
//===----------------------------------------------------------------------===//

/// Rounds to nearest, ties to even; NaN stays NaN.
struct Brain {
  static HWY_INLINE uint16_t store(float x) {
    const uint32_t bits = std::bit_cast<uint32_t>(x);
    const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    return uint16_t(x != x ? (bits >> 16) | 0x40 : rounded);
  }
  static HWY_INLINE float load(uint16_t x) {
    return std::bit_cast<float>(uint32_t(x) << 16);
  }
};

/// Without instructions for it, but with selections only, so that loops become
/// vectors.
struct Half {
  static HWY_INLINE uint16_t store(float x) {
    const uint32_t all = std::bit_cast<uint32_t>(x);
    const uint32_t sign = (all >> 16) & 0x8000, size = all & 0x7fffffff;
    // Rounds where a denormal's last place is: the sum has that of 1/2.
    constexpr float half = 0.5f;
    const uint32_t denormal =
        std::bit_cast<uint32_t>(std::bit_cast<float>(size) + half) -
        std::bit_cast<uint32_t>(half);
    // The bias of exponents is 112 less; what rounds up may carry into it, and
    // so beyond the largest number to infinity.
    const uint32_t normal =
        (size - (112u << 23) + 0xfff + ((size >> 13) & 1)) >> 13;
    const uint32_t finite = size < (113u << 23) ? denormal : normal;
    const uint32_t nan = 0x7e00, infinity = 0x7c00;
    const uint32_t special = size > 0x7f800000 ? nan : infinity;
    return uint16_t(sign | (size >= (143u << 23) ? special : finite));
  }
  static HWY_INLINE float load(uint16_t x) {
    const uint32_t sign = uint32_t(x & 0x8000) << 16;
    const uint32_t size = uint32_t(x & 0x7fff) << 13;
    const uint32_t normal = size + (112u << 23), special = size + (224u << 23);
    // 2^-14 (1 + the fraction), less 2^-14.
    constexpr uint32_t least = 113u << 23;
    const uint32_t denormal = std::bit_cast<uint32_t>(
        std::bit_cast<float>(size + least) - std::bit_cast<float>(least));
    const uint32_t finite = size < (1u << 23) ? denormal : normal;
    return std::bit_cast<float>(sign |
                                (size >= (31u << 23) ? special : finite));
  }
};

template <typename Format> HWY_INLINE float rounded(float x) {
  return Format::load(Format::store(x));
}

template <typename Format>
constexpr ElementConversions::Half makeHalfByLoops() {
  return {unaryLoop<Format::load, float, uint16_t>,
          unaryLoop<Format::store, uint16_t, float>,
          unaryLoop<rounded<Format>, float, float>};
}

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
// The instructions of F16C.
using HalfLanes = hn::Rebind<hwy::float16_t, Lanes<float>>;

/// Stores what `function` makes of vectors of each type's lanes; the last one
/// goes through memory of our own.
template <typename FromLanes, typename ToLanes, auto function>
void mapVectors(void *to, const void *x, const void *, const void *,
                size_t count) {
  using From = hn::TFromD<FromLanes>;
  using To = hn::TFromD<ToLanes>;
  const size_t step = hn::Lanes(Lanes<float>());
  To *result = static_cast<To *>(to);
  const From *a = static_cast<const From *>(x);
  size_t i = 0;
  for (; i + step <= count; i += step)
    hn::StoreU(function(hn::LoadU(FromLanes(), a + i)), ToLanes(), result + i);
  if (i == count)
    return;
  HWY_ALIGN From operands[HWY_MAX_BYTES / sizeof(float)] = {};
  HWY_ALIGN To results[HWY_MAX_BYTES / sizeof(float)];
  __builtin_memcpy(operands, a + i, (count - i) * sizeof(From));
  hn::Store(function(hn::Load(FromLanes(), operands)), ToLanes(), results);
  __builtin_memcpy(result + i, results, (count - i) * sizeof(To));
}

HWY_INLINE Vector<float> loadHalf(hn::Vec<HalfLanes> x) {
  return hn::PromoteTo(Lanes<float>(), x);
}
HWY_INLINE hn::Vec<HalfLanes> storeHalf(Vector<float> x) {
  return hn::DemoteTo(HalfLanes(), x);
}
HWY_INLINE Vector<float> roundHalf(Vector<float> x) {
  return loadHalf(storeHalf(x));
}

constexpr ElementConversions::Half makeHalf() {
  return {mapVectors<HalfLanes, Lanes<float>, loadHalf>,
          mapVectors<Lanes<float>, HalfLanes, storeHalf>,
          mapVectors<Lanes<float>, Lanes<float>, roundHalf>};
}
#else
constexpr ElementConversions::Half makeHalf() {
  return makeHalfByLoops<Half>();
}
#endif

constexpr ElementConversions makeConversions() {
  ElementConversions table = {};
  addCasts<int8_t>(table);
  addCasts<uint8_t>(table);
  addCasts<int32_t>(table);
  addCasts<int64_t>(table);
  addCasts<float>(table);
  addCasts<double>(table);
  table.f16 = makeHalf();
  table.bf16 = makeHalfByLoops<Brain>();
  return table;
}

constexpr ElementConversions conversions = makeConversions();

} // namespace

inline const ElementConversions &conversionTable() { return conversions; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementConversions &elementConversions(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::conversionTable();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::conversionTable();
#endif
  return HWY_NAMESPACE::conversionTable();
}

} // namespace mind::kernels
#endif
