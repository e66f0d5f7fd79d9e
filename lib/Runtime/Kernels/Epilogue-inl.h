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

using Floats = Vector<float>;

inline HWY_ATTR Floats set(float value) {
  return hn::Set(Lanes<float>(), value);
}

/// The polynomial with these coefficients, the constant first.
template <int count>
HWY_INLINE Floats polynomial(Floats x, const float (&coefficients)[count]) {
  Floats sum = set(coefficients[count - 1]);
  HWY_UNROLL(count)
  for (int i = count - 2; i >= 0; --i)
    sum = hn::MulAdd(sum, x, set(coefficients[i]));
  return sum;
}

/// e^x as mind-expand-math has it: 2^n e^r with |r| <= log(2) / 2. Within 1
/// ulp, denormal results too.
HWY_INLINE Floats exponential(Floats x) {
  static constexpr float coefficients[] = {0.5f,
                                           0.1666666716337204f,
                                           0.041666463017463684f,
                                           0.0083332983776927f,
                                           0.0013933733571320772f,
                                           0.00019899391918443143f};
  const Lanes<float> lanes;
  const hn::RebindToSigned<Lanes<float>> bits;
  // Beyond these the result is 0 and infinity; NaN is neither.
  const Floats low = set(-105), high = set(90);
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  x = hn::IfThenElse(hn::Lt(high, x), high, x);
  // Adding 1.5 * 2^23 rounds to an integer, found in the lowest bits.
  const Floats magic = set(12582912);
  const Floats shifted = hn::MulAdd(x, set(1.44269504088896341f), magic);
  const Floats n = hn::Sub(shifted, magic);
  const auto exponent =
      hn::Sub(hn::BitCast(bits, shifted), hn::BitCast(bits, magic));
  // log(2) in two parts, of which the first has few digits.
  Floats r = hn::NegMulAdd(n, set(0.693359375f), x);
  r = hn::NegMulAdd(n, set(-2.12194440054690583e-4f), r);
  Floats y = hn::Add(hn::MulAdd(hn::Mul(r, r), polynomial(r, coefficients), r),
                     set(1));
  // 2^n may be no normal number: multiply by its two halves.
  const auto half = hn::ShiftRight<1>(exponent);
  for (auto part : {half, hn::Sub(exponent, half)})
    y = hn::Mul(y, hn::BitCast(lanes, hn::ShiftLeft<23>(
                                          hn::Add(part, hn::Set(bits, 127)))));
  return y;
}

/// A ratio of polynomials: Eigen's (generic_fast_tanh_float), which MLIR and so
/// mind-expand-math have too. Within 4 ulp.
HWY_INLINE Floats hyperbolicTangent(Floats x) {
  static constexpr float numerator[] = {
      4.89352455891786e-03f, 6.37261928875436e-04f,  1.48572235717979e-05f,
      5.12229709037114e-08f, -8.60467152213735e-11f, 2.00018790482477e-13f,
      -2.76076847742355e-16f};
  static constexpr float denominator[] = {
      4.89352518554385e-03f, 2.26843463243900e-03f, 1.18534705686654e-04f,
      1.19825839466702e-06f};
  // From here on the ratio is 1, or would be more.
  const Floats limit =
      set(HWY_NATIVE_FMA ? 7.99881172180175781f : 7.90531110763549805f);
  const Floats size = hn::Abs(x), square = hn::Mul(x, x);
  const Floats ratio = hn::Div(hn::Mul(x, polynomial(square, numerator)),
                               polynomial(square, denominator));
  const Floats near = hn::IfThenElse(hn::Lt(size, set(4e-4f)), x, ratio);
  // NaN stays.
  return hn::IfThenElse(hn::Ge(size, limit), hn::CopySign(set(1), x), near);
}

/// x Phi(x), Phi the normal distribution function: 1/2 + x G(x^2), where G is
/// least squares at Chebyshev nodes, weighted to level the error of Phi, which
/// is 6e-9 besides rounding. That of the result is that of x (1 + erf) / 2, an
/// ulp or two of x.
HWY_INLINE Floats gelu(Floats x) {
  // From here on Phi is 0 or 1 to working precision.
  constexpr float limit = 5.42f;
  static constexpr float coefficients[] = {
      0.1304459571838379f,     -0.06509405374526978f,   0.04834728315472603f,
      -0.039129845798015594f,  0.03210608288645744f,    -0.02577708289027214f,
      0.019840314984321594f,   -0.014361659996211529f,  0.009625122882425785f,
      -0.006243852432817221f,  0.004075495060533285f,   -0.0021140158642083406f,
      0.0006631405558437109f,  -0.0004424039216246456f, 0.0004931939183734357f,
      -0.00018275927868671715f};
  const Floats t = hn::MulAdd(hn::Mul(x, x), set(2 / (limit * limit)), set(-1));
  const Floats near = hn::MulAdd(x, polynomial(t, coefficients), set(0.5f));
  const Floats far = hn::IfThenElseZero(hn::Gt(x, set(0)), set(1));
  return hn::Mul(x, hn::IfThenElse(hn::Lt(hn::Abs(x), set(limit)), near, far));
}

/// As the language defines it.
HWY_INLINE Floats geluByTanh(Floats x) {
  const Floats cube = hn::Mul(hn::Mul(x, x), x);
  const Floats inner = hn::Mul(set(0.797884560802865356f),
                               hn::Add(x, hn::Mul(set(0.044715f), cube)));
  return hn::Mul(hn::Mul(x, set(0.5f)),
                 hn::Add(set(1), hyperbolicTangent(inner)));
}

/// 1 + e^-x, the denominator of sigmoid and silu.
HWY_INLINE Floats onePlusExp(Floats x) {
  return hn::Add(set(1), exponential(hn::Neg(x)));
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
    return hn::Div(x, onePlusExp(x));
  else if constexpr (activation == Activation::Sigmoid)
    return hn::Div(set(1), onePlusExp(x));
  else if constexpr (activation == Activation::Tanh)
    return hyperbolicTangent(x);
  else
    return x;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// What becomes of the columns from `j` on that make a vector.
template <Activation activation, typename T, typename Access>
HWY_INLINE void finishColumns(const FinishedBlock<T> &block, int64_t j,
                              const Access &access) {
  const EpilogueOperands<T> with = block.operands.from(j);
  const Vector<T> zero = hn::Zero(Lanes<T>());
  const Vector<T> scale = with.scale ? access.load(with.scale) : zero;
  const Vector<T> bias = with.bias ? access.load(with.bias) : zero;
  T *c = block.c + j;
  const T *residual = with.residual;
  for (int64_t i = 0; i < block.rows; ++i) {
    Vector<T> value = access.load(c);
    if (with.scale)
      value = hn::MulAdd(value, scale, bias);
    else if (with.bias)
      value = hn::Add(value, bias);
    if (residual) {
      value = hn::Add(value, access.load(residual));
      residual += block.residualRow;
    }
    access.store(activate<activation, T>(value), c);
    c += block.cRow;
  }
}

template <Activation activation, typename T>
void finish(const FinishedBlock<T> &block) {
  const int64_t width = int64_t(hn::Lanes(Lanes<T>()));
  int64_t j = 0;
  for (; j + width <= block.columns; j += width)
    finishColumns<activation>(block, j, WholeVectors<T>(width));
  if (j != block.columns)
    finishColumns<activation>(block, j, FirstLanes<T>(block.columns - j));
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
