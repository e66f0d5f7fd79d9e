//===- Vectors-inl.h - vectors in memory -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled once for each instruction set, as Highway has it.
//
//===----------------------------------------------------------------------===//

#if defined(MIND_LIB_RUNTIME_KERNELS_VECTORS_INL_H) ==                         \
    defined(HWY_TARGET_TOGGLE)
#ifdef MIND_LIB_RUNTIME_KERNELS_VECTORS_INL_H
#undef MIND_LIB_RUNTIME_KERNELS_VECTORS_INL_H
#else
#define MIND_LIB_RUNTIME_KERNELS_VECTORS_INL_H
#endif

#include "hwy/highway.h"
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T> using Lanes = hn::ScalableTag<T>;
template <typename T> using Vector = hn::Vec<Lanes<T>>;

/// Loads and stores vectors that are whole.
template <typename T> struct WholeVectors {
  explicit HWY_INLINE WholeVectors(int64_t) {}
  HWY_INLINE Vector<T> load(const T *from) const {
    return hn::LoadU(Lanes<T>(), from);
  }
  HWY_INLINE void store(Vector<T> value, T *to) const {
    hn::StoreU(value, Lanes<T>(), to);
  }
};

/// Loads and stores the first lanes of vectors, and touches no others.
template <typename T> class FirstLanes {
public:
  explicit HWY_INLINE FirstLanes(int64_t count)
      : bytes(size_t(count) * sizeof(T)),
        mask(hn::FirstN(Lanes<T>(), size_t(count))) {}
  HWY_INLINE Vector<T> load(const T *from) const {
    if (masksProtect)
      return hn::MaskedLoad(mask, Lanes<T>(), from);
    HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)] = {};
    __builtin_memcpy(lanes, from, bytes);
    return hn::Load(Lanes<T>(), lanes);
  }
  HWY_INLINE void store(Vector<T> value, T *to) const {
    if (masksProtect)
      return hn::BlendedStore(value, mask, Lanes<T>(), to);
    HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(value, Lanes<T>(), lanes);
    __builtin_memcpy(to, lanes, bytes);
  }

private:
  /// Whether there are instructions that leave the other lanes alone; elsewhere
  /// Highway reads and writes whole vectors.
  static constexpr bool masksProtect =
      HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3;
  size_t bytes;
  hn::Mask<Lanes<T>> mask;
};

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // MIND_LIB_RUNTIME_KERNELS_VECTORS_INL_H
