//===- Epilogue-inl.h - what becomes of a finished block -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled once for each instruction set, as Highway has it.
//
//===----------------------------------------------------------------------===//

#if defined(MIND_LIB_RUNTIME_KERNELS_EPILOGUE_INL_H) ==                        \
    defined(HWY_TARGET_TOGGLE)
#ifdef MIND_LIB_RUNTIME_KERNELS_EPILOGUE_INL_H
#undef MIND_LIB_RUNTIME_KERNELS_EPILOGUE_INL_H
#else
#define MIND_LIB_RUNTIME_KERNELS_EPILOGUE_INL_H
#endif

#include "Math-inl.h"
#include "Tiles.h"
#include "Vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// Negative numbers become 0; NaN and -0 stay.
template <typename T> HWY_INLINE Vector<T> rectify(Vector<T> value) {
  const Vector<T> zero = hn::Zero(Lanes<T>());
  return hn::IfThenElse(hn::Lt(value, zero), zero, value);
}

template <Activation activation, typename T>
HWY_INLINE Vector<T> activate(Vector<T> x) {
  if constexpr (activation == Activation::Relu)
    return rectify<T>(x);
  else if constexpr (activation == Activation::Gelu)
    return gelu(x);
  else if constexpr (activation == Activation::GeluTanh)
    return geluByTanh(x);
  else if constexpr (activation == Activation::Silu)
    return silu(x);
  else if constexpr (activation == Activation::Sigmoid)
    return sigmoid(x);
  else if constexpr (activation == Activation::Tanh)
    return hyperbolicTangent(x);
  else
    return x;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// What becomes of the vector that begins at `c`.
template <Activation activation, typename T, typename Access>
HWY_INLINE void finishVector(T *c, const EpilogueOperands<T> &with,
                             const Access &access) {
  Vector<T> value = access.load(c);
  if (with.scale && with.bias)
    value = hn::MulAdd(value, access.load(with.scale), access.load(with.bias));
  else if (with.scale)
    value = hn::Mul(value, access.load(with.scale));
  else if (with.bias)
    value = hn::Add(value, access.load(with.bias));
  if (with.residual)
    value = hn::Add(value, access.load(with.residual));
  access.store(activate<activation, T>(value), c);
}

template <Activation activation, typename T>
void finish(const FinishedBlock<T> &block) {
  const int64_t width = int64_t(hn::Lanes(Lanes<T>()));
  const int64_t whole = block.columns / width * width;
  const WholeVectors<T> all(width);
  const FirstLanes<T> rest(block.columns - whole);
  for (int64_t i = 0; i < block.rows; ++i) {
    const EpilogueOperands<T> row = block.operands.at(i * block.residualRow);
    T *c = block.c + i * block.cRow;
    for (int64_t j = 0; j < whole; j += width)
      finishVector<activation>(c + j, row.from(j), all);
    if (whole != block.columns)
      finishVector<activation>(c + whole, row.from(whole), rest);
  }
}

template <Activation... activations, typename T>
constexpr void addFinishers(TileTable<T> &table) {
  ((table.finish[int(activations)] = finish<activations, T>), ...);
}

/// Of double there are no functions but the rectifier.
template <typename T> constexpr void addEpilogues(TileTable<T> &table) {
  addFinishers<Activation::None, Activation::Relu>(table);
  if constexpr (sizeof(T) == sizeof(float))
    addFinishers<Activation::Gelu, Activation::GeluTanh, Activation::Silu,
                 Activation::Sigmoid, Activation::Tanh>(table);
}

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // MIND_LIB_RUNTIME_KERNELS_EPILOGUE_INL_H
