//===- EntryPoints.cpp - kernels as generated code calls them ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/EntryPoints.h"
#include <bit>
#include <cmath>
#include <tuple>

using namespace mind::kernels;

namespace {

/// What the entry points have in common.
template <typename T> struct Call {
  MatmulPlan<T> plan;
  EpilogueOperands<T> operands;
  ScratchLayout layout;
  /// The words of the kernel itself.
  const int64_t *words;

  Call(const int64_t *allWords, const T *mean, const T *variance,
       const T *scale, const T *bias, const T *residual, size_t blockSize,
       void *scratch)
      : plan(MatmulPlan<T>::fromWords(allWords)),
        operands{scale, bias, residual},
        layout(plan.workspaceBytes(), blockSize * sizeof(T), 0),
        words(allWords + numPlanWords + 1) {
    if (variance)
      normalize(mean, variance, std::bit_cast<double>(allWords[numPlanWords]),
                scratch);
  }

  T *at(void *scratch, size_t offset) const {
    return reinterpret_cast<T *>(static_cast<char *>(scratch) + offset);
  }

  static constexpr size_t numPlanWords =
      std::tuple_size_v<typename MatmulPlan<T>::Words>;

private:
  /// (x - mean) / sqrt(variance + eps) * scale + bias is x times a number plus
  /// a number.
  void normalize(const T *mean, const T *variance, double eps, void *scratch) {
    const int64_t n = plan.matrices().n;
    T *scale = at(scratch, layout.columns), *bias = scale + n;
    for (int64_t j = 0; j < n; ++j) {
      scale[j] = operands.scale[j] / std::sqrt(variance[j] + T(eps));
      bias[j] = operands.bias[j] - mean[j] * scale[j];
    }
    operands.scale = scale;
    operands.bias = bias;
  }
};

template <typename T>
void matmul(const int64_t *words, const T *a, const T *b, const T *mean,
            const T *variance, const T *scale, const T *bias, const T *residual,
            T *c, void *scratch) {
  const Call<T> call(words, mean, variance, scale, bias, residual, 0, scratch);
  const int64_t *batch = call.words;
  for (int64_t i = 0; i < batch[0]; ++i)
    call.plan.run(a + i * batch[1], b + i * batch[2],
                  call.operands.at(i * batch[4]), c + i * batch[3], scratch);
}

template <typename T>
void conv2d(const int64_t *words, const T *a, const T *b, const T *mean,
            const T *variance, const T *scale, const T *bias, const T *residual,
            T *c, void *scratch) {
  const auto images =
      PaddedConvolution::fromWords(words + Call<T>::numPlanWords + 1);
  const Call<T> call(words, mean, variance, scale, bias, residual,
                     images.blockSize(), scratch);
  const auto &[lines, blocks] = call.plan.matrices().groups;
  T *block = call.at(scratch, call.layout.block);
  images.forEachBlock([&](int64_t image, int64_t line) {
    images.copyBlock(a, image, line, block);
    call.plan.run(
        block, b,
        call.operands.at(image * blocks.residual + line * lines.residual),
        c + image * blocks.c + line * lines.c, scratch);
  });
}

template <typename T>
void attention(const int64_t *words, const T *q, const T *k, const T *v,
               const void *mask, T *out, void *scratch) {
  AttentionPlan<T>::fromWords(words).run(q, k, v, mask, out, scratch);
}

} // namespace

std::span<const EntryPoint> mind::kernels::entryPoints() {
  static const EntryPoint all[] = {
      {"mind.kernel.attention_f32",
       reinterpret_cast<void *>(&attention<float>)},
      {"mind.kernel.attention_f64",
       reinterpret_cast<void *>(&attention<double>)},
      {"mind.kernel.conv2d_f32", reinterpret_cast<void *>(&conv2d<float>)},
      {"mind.kernel.conv2d_f64", reinterpret_cast<void *>(&conv2d<double>)},
      {"mind.kernel.matmul_f32", reinterpret_cast<void *>(&matmul<float>)},
      {"mind.kernel.matmul_f64", reinterpret_cast<void *>(&matmul<double>)},
  };
  return all;
}
