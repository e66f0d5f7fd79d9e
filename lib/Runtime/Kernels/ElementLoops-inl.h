//===- ElementLoops-inl.h - one operation, all elements --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations are functions of scalars, and the compiler makes vectors of loops
// over them. Compiled once for each instruction set, as Highway has it.
//
//===----------------------------------------------------------------------===//

#if defined(MIND_LIB_RUNTIME_KERNELS_ELEMENTLOOPS_INL_H) ==                    \
    defined(HWY_TARGET_TOGGLE)
#ifdef MIND_LIB_RUNTIME_KERNELS_ELEMENTLOOPS_INL_H
#undef MIND_LIB_RUNTIME_KERNELS_ELEMENTLOOPS_INL_H
#else
#define MIND_LIB_RUNTIME_KERNELS_ELEMENTLOOPS_INL_H
#endif

#include "ElementKernels.h"
#include "hwy/highway.h"

// Each element depends on those of its own number only, even where the result
// takes an operand's place.
#ifdef __clang__
#define MIND_ELEMENT_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define MIND_ELEMENT_LOOP _Pragma("GCC ivdep")
#endif

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

template <auto operation, typename R, typename T>
void unaryLoop(void *to, const void *x, const void *, const void *,
               size_t count) {
  R *result = static_cast<R *>(to);
  const T *a = static_cast<const T *>(x);
  MIND_ELEMENT_LOOP
  for (size_t i = 0; i < count; ++i)
    result[i] = R(operation(a[i]));
}

template <auto operation, typename R, typename T, int variant>
void binaryLoop(void *to, const void *x, const void *y, const void *,
                size_t count) {
  R *result = static_cast<R *>(to);
  const T *a = static_cast<const T *>(x), *b = static_cast<const T *>(y);
  const T first = *a, second = *b;
  MIND_ELEMENT_LOOP
  for (size_t i = 0; i < count; ++i)
    result[i] = R(operation(variant == FirstIsOne ? first : a[i],
                            variant == SecondIsOne ? second : b[i]));
}

/// The first operand is of type C.
template <auto operation, typename T, typename C, int variant>
void ternaryLoop(void *to, const void *x, const void *y, const void *z,
                 size_t count) {
  T *result = static_cast<T *>(to);
  const C *a = static_cast<const C *>(x);
  const T *b = static_cast<const T *>(y), *c = static_cast<const T *>(z);
  const T middle = *b, last = *c;
  MIND_ELEMENT_LOOP
  for (size_t i = 0; i < count; ++i)
    result[i] = T(operation(a[i], variant & MiddleIsOne ? middle : b[i],
                            variant & LastIsOne ? last : c[i]));
}

/// Adds the loops of operations to a table.
template <typename T> struct Adder {
  ElementOperations &table;

  constexpr ElementKernel *at(ElementOp op) const {
    return table.kernels[size_t(op)];
  }
  template <ElementOp op, auto operation, typename R = T>
  constexpr void unary() const {
    at(op)[AllBlocks] = unaryLoop<operation, R, T>;
  }
  template <ElementOp op, auto operation, typename R = T>
  constexpr void binary() const {
    at(op)[AllBlocks] = binaryLoop<operation, R, T, AllBlocks>;
    at(op)[FirstIsOne] = binaryLoop<operation, R, T, FirstIsOne>;
    at(op)[SecondIsOne] = binaryLoop<operation, R, T, SecondIsOne>;
  }
  /// All but `clamp` of one constant limit.
  template <ElementOp op, auto operation, typename C>
  constexpr void ternary() const {
    at(op)[AllBlocks] = ternaryLoop<operation, T, C, AllBlocks>;
    at(op)[MiddleIsOne] = ternaryLoop<operation, T, C, MiddleIsOne>;
    at(op)[LastIsOne] = ternaryLoop<operation, T, C, LastIsOne>;
    at(op)[LastTwoAreOne] = ternaryLoop<operation, T, C, LastTwoAreOne>;
  }
  /// What every type has: comparisons and selection.
  constexpr void common() const;
};

template <typename T> HWY_INLINE bool isEqual(T x, T y) { return x == y; }
template <typename T> HWY_INLINE bool isUnequal(T x, T y) { return x != y; }
template <typename T> HWY_INLINE bool isLess(T x, T y) { return x < y; }
template <typename T> HWY_INLINE bool isAtMost(T x, T y) { return x <= y; }
template <typename T> HWY_INLINE bool isGreater(T x, T y) { return x > y; }
template <typename T> HWY_INLINE bool isAtLeast(T x, T y) { return x >= y; }
template <typename T> HWY_INLINE T choose(uint8_t condition, T x, T y) {
  return condition ? x : y;
}

template <typename T> constexpr void Adder<T>::common() const {
  binary<ElementOp::Eq, isEqual<T>, uint8_t>();
  binary<ElementOp::Ne, isUnequal<T>, uint8_t>();
  binary<ElementOp::Lt, isLess<T>, uint8_t>();
  binary<ElementOp::Le, isAtMost<T>, uint8_t>();
  binary<ElementOp::Gt, isGreater<T>, uint8_t>();
  binary<ElementOp::Ge, isAtLeast<T>, uint8_t>();
  ternary<ElementOp::Where, choose<T>, uint8_t>();
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // MIND_LIB_RUNTIME_KERNELS_ELEMENTLOOPS_INL_H
