//===- EntryPoints.cpp - kernels as generated code calls them ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/EntryPoints.h"
#include <tuple>

using namespace mind::kernels;

template <typename T>
static void matmul(const int64_t *words, const T *a, const T *b, const T *bias,
                   T *c, void *scratch) {
  constexpr size_t numPlanWords =
      std::tuple_size_v<typename MatmulPlan<T>::Words>;
  const auto plan = MatmulPlan<T>::fromWords(words);
  const int64_t *batch = words + numPlanWords;
  for (int64_t i = 0; i < batch[0]; ++i)
    plan.run(a + i * batch[1], b + i * batch[2], bias, c + i * batch[3],
             scratch);
}

static void matmulF32(const int64_t *words, const float *a, const float *b,
                      const float *bias, float *c, void *scratch) {
  matmul(words, a, b, bias, c, scratch);
}
static void matmulF64(const int64_t *words, const double *a, const double *b,
                      const double *bias, double *c, void *scratch) {
  matmul(words, a, b, bias, c, scratch);
}

template <typename T>
static void attention(const int64_t *words, const T *q, const T *k, const T *v,
                      const void *mask, T *out, void *scratch) {
  AttentionPlan<T>::fromWords(words).run(q, k, v, mask, out, scratch);
}

static void attentionF32(const int64_t *words, const float *q, const float *k,
                         const float *v, const void *mask, float *out,
                         void *scratch) {
  attention(words, q, k, v, mask, out, scratch);
}
static void attentionF64(const int64_t *words, const double *q, const double *k,
                         const double *v, const void *mask, double *out,
                         void *scratch) {
  attention(words, q, k, v, mask, out, scratch);
}

std::span<const EntryPoint> mind::kernels::entryPoints() {
  static const EntryPoint all[] = {
      {"mind_kernel_attention_f32", reinterpret_cast<void *>(&attentionF32)},
      {"mind_kernel_attention_f64", reinterpret_cast<void *>(&attentionF64)},
      {"mind_kernel_matmul_f32", reinterpret_cast<void *>(&matmulF32)},
      {"mind_kernel_matmul_f64", reinterpret_cast<void *>(&matmulF64)},
  };
  return all;
}
