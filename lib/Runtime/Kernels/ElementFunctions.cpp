//===- ElementFunctions.cpp - functions of f32 in vectors ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One source for every instruction set.
//
//===----------------------------------------------------------------------===//

// What CpuLevel knows, and the compiler's default.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ElementFunctions.cpp"
#include "hwy/foreach_target.h" // must come before highway.h

#include "ElementKernels.h"
#include "Math-inl.h"
#include "Vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mind::kernels::HWY_NAMESPACE {
namespace {

template <auto function>
void mapVectors(void *to, const void *x, const void *, const void *,
                size_t count) {
  const Lanes<float> lanes;
  const size_t step = hn::Lanes(lanes);
  float *result = static_cast<float *>(to);
  const float *a = static_cast<const float *>(x);
  size_t i = 0;
  for (; i + step <= count; i += step)
    hn::StoreU(function(hn::LoadU(lanes, a + i)), lanes, result + i);
  if (i == count)
    return;
  const FirstLanes<float> rest(int64_t(count - i));
  rest.store(function(rest.load(a + i)), result + i);
}

constexpr ElementOperations makeTable() {
  ElementOperations table = {};
  auto at = [&](ElementOp op) -> ElementKernel & {
    return table.kernels[size_t(op)][AllBlocks];
  };
  at(ElementOp::Exp) = mapVectors<exponential>;
  at(ElementOp::Expm1) = mapVectors<exponentialMinus1>;
  at(ElementOp::Log) = mapVectors<logarithm>;
  at(ElementOp::Log2) = mapVectors<logarithmTo2>;
  at(ElementOp::Log10) = mapVectors<logarithmTo10>;
  at(ElementOp::Log1p) = mapVectors<logarithmOf1Plus>;
  at(ElementOp::Tanh) = mapVectors<hyperbolicTangent>;
  at(ElementOp::Erf) = mapVectors<errorFunction>;
  at(ElementOp::Sigmoid) = mapVectors<sigmoid>;
  at(ElementOp::Silu) = mapVectors<silu>;
  at(ElementOp::Gelu) = mapVectors<gelu>;
  at(ElementOp::GeluTanh) = mapVectors<geluByTanh>;
  return table;
}

constexpr ElementOperations functions = makeTable();

} // namespace

inline const ElementOperations &functionTable() { return functions; }

} // namespace mind::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mind::kernels {

const ElementOperations &functionOperations(CpuLevel level) {
#if HWY_TARGETS & HWY_AVX3
  if (level >= CpuLevel::V4)
    return N_AVX3::functionTable();
#endif
#if HWY_TARGETS & HWY_AVX2
  if (level >= CpuLevel::V3)
    return N_AVX2::functionTable();
#endif
  return HWY_NAMESPACE::functionTable();
}

} // namespace mind::kernels
#endif
