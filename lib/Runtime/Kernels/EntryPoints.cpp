//===- EntryPoints.cpp - kernels as generated code calls them ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/EntryPoints.h"
#include <tuple>

using namespace mind::kernels;

template <typename T>
constexpr size_t planWords = std::tuple_size_v<typename MatmulPlan<T>::Words>;

template <typename T>
static void matmul(const int64_t *words, const T *a, const T *b, const T *bias,
                   T *c, void *scratch) {
  const auto plan = MatmulPlan<T>::fromWords(words);
  const int64_t *batch = words + planWords<T>;
  for (int64_t i = 0; i < batch[0]; ++i)
    plan.run(a + i * batch[1], b + i * batch[2], bias, c + i * batch[3],
             scratch);
}

template <typename T>
static void conv2d(const int64_t *words, const T *a, const T *b, const T *bias,
                   T *c, void *scratch) {
  const auto plan = MatmulPlan<T>::fromWords(words);
  const int64_t cImage = words[planWords<T>], cLine = words[planWords<T> + 1];
  const auto images = PaddedConvolution::fromWords(words + planWords<T> + 2);
  T *block = reinterpret_cast<T *>(static_cast<char *>(scratch) +
                                   paddedBlockAt(plan.workspaceBytes()));
  images.forEachBlock([&](int64_t image, int64_t line) {
    images.copyBlock(a, image, line, block);
    plan.run(block, b, bias, c + image * cImage + line * cLine, scratch);
  });
}

std::span<const EntryPoint> mind::kernels::entryPoints() {
  static const EntryPoint all[] = {
      {"mind_kernel_matmul_f32", reinterpret_cast<void *>(&matmul<float>)},
      {"mind_kernel_matmul_f64", reinterpret_cast<void *>(&matmul<double>)},
      {"mind_kernel_conv2d_f32", reinterpret_cast<void *>(&conv2d<float>)},
      {"mind_kernel_conv2d_f64", reinterpret_cast<void *>(&conv2d<double>)},
  };
  return all;
}
