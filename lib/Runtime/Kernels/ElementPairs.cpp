//===- ElementPairs.cpp - two operations in one loop ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Of f32, operations that take less time than it takes to load and store what
// comes of them, and comparisons with the choice that is made by them. Each
// rounds its result: nothing is contracted.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementPairs.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementLoops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

template <ElementOp op> HWY_INLINE float apply(float x, float y) {
  if constexpr (op == ElementOp::Add)
    return x + y;
  else if constexpr (op == ElementOp::Sub)
    return x - y;
  else
    return x * y;
}

template <ElementOp op> HWY_INLINE bool holds(float x, float y) {
  if constexpr (op == ElementOp::Lt)
    return x < y;
  else if constexpr (op == ElementOp::Le)
    return x <= y;
  else if constexpr (op == ElementOp::Gt)
    return x > y;
  else
    return x >= y;
}

/// x op y, and then that and z, which is the first operand if `isSwapped`; of a
/// comparison, x where it holds and else z, or the other way round.
template <ElementOp first, ElementOp second, bool isSwapped, int ones>
void pairLoop(void *to, const void *x, const void *y, const void *z,
              size_t count) {
  float *result = static_cast<float *>(to);
  const float *a = static_cast<const float *>(x),
              *b = static_cast<const float *>(y),
              *c = static_cast<const float *>(z);
  const float one = *a, other = *b, last = *c;
  MIND_ELEMENT_LOOP
  for (size_t i = 0; i < count; ++i) {
    const float left = ones & 1 ? one : a[i], right = ones & 2 ? other : b[i];
    const float outer = ones & 4 ? last : c[i];
    if constexpr (second == ElementOp::Where) {
      result[i] = holds<first>(left, right) != isSwapped ? left : outer;
    } else {
      const float inner = apply<first>(left, right);
      if constexpr (second == ElementOp::Relu)
        // -0 becomes 0, NaN stays NaN.
        result[i] = inner <= 0 ? 0.0f : inner;
      else
        result[i] = isSwapped ? apply<second>(outer, inner)
                              : apply<second>(inner, outer);
    }
  }
}

struct Pair {
  ElementOp first, second;
  bool isSwapped;
  ElementKernel kernels[numPairVariants];
};

template <ElementOp first, ElementOp second, bool isSwapped = false>
constexpr Pair makePair() {
  return {first,
          second,
          isSwapped,
          {pairLoop<first, second, isSwapped, 0>,
           pairLoop<first, second, isSwapped, 1>,
           pairLoop<first, second, isSwapped, 2>, nullptr,
           pairLoop<first, second, isSwapped, 4>,
           pairLoop<first, second, isSwapped, 5>,
           pairLoop<first, second, isSwapped, 6>, nullptr}};
}

using O = ElementOp;
constexpr Pair pairs[] = {
    makePair<O::Mul, O::Add>(),       makePair<O::Mul, O::Sub>(),
    makePair<O::Mul, O::Sub, true>(), makePair<O::Mul, O::Mul>(),
    makePair<O::Add, O::Mul>(),       makePair<O::Sub, O::Mul>(),
    makePair<O::Add, O::Add>(),       makePair<O::Sub, O::Add>(),
    makePair<O::Add, O::Relu>(),      makePair<O::Mul, O::Relu>(),
    makePair<O::Lt, O::Where>(),      makePair<O::Lt, O::Where, true>(),
    makePair<O::Le, O::Where>(),      makePair<O::Le, O::Where, true>(),
    makePair<O::Gt, O::Where>(),      makePair<O::Gt, O::Where, true>(),
    makePair<O::Ge, O::Where>(),      makePair<O::Ge, O::Where, true>(),
};

} // namespace

inline const ElementKernel *findPair(ElementOp first, ElementOp second,
                                     bool isSwapped) {
  const bool commutes = second == O::Add || second == O::Mul;
  for (const Pair &pair : pairs)
    if (pair.first == first && pair.second == second &&
        (commutes || pair.isSwapped == isSwapped))
      return pair.kernels;
  return nullptr;
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementKernel *pairKernels(ElementOp first, ElementOp second,
                                 bool isSwapped, CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::findPair(first, second, isSwapped);
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::findPair(first, second, isSwapped);
#endif
  return HWY_NAMESPACE::findPair(first, second, isSwapped);
}

} // namespace mind::kernels
#endif
