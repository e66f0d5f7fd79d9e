//===- EntryPoints.h - kernels as generated code calls them ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plain C functions on pointers. What a kernel was planned to do is an array of
// numbers, which machine code holds as a constant: nothing is decided in a
// call.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_ENTRYPOINTS_H
#define MIND_RUNTIME_KERNELS_ENTRYPOINTS_H

#include "Mind/Runtime/Kernels/Attention.h"
#include "Mind/Runtime/Kernels/Matmul.h"
#include "Mind/Runtime/Kernels/PaddedConvolution.h"
#include <span>
#include <string_view>
#include <tuple>

namespace mind::kernels {

/// Products of matrices that lie at equal distances: MatmulPlan::Words, eps as
/// bits of a double, then how many there are, and the distances in elements
/// between neighbours of A, B, C and the residual.
inline constexpr size_t matmulWords =
    std::tuple_size_v<MatmulPlan<float>::Words> + 6;

/// A convolution of images that are to have zeros around them:
/// MatmulPlan::Words of a block, eps, then PaddedConvolution::Words.
inline constexpr size_t conv2dWords =
    std::tuple_size_v<MatmulPlan<float>::Words> + 1 +
    std::tuple_size_v<PaddedConvolution::Words>;

/// The scratch memory of a call: first the plan's, then a block of padded
/// images, then what scales and shifts normalised columns.
struct ScratchLayout {
  size_t block, columns, bytes;

  constexpr ScratchLayout(size_t planBytes, size_t blockBytes,
                          size_t columnBytes)
      : block(aligned(planBytes)), columns(block + aligned(blockBytes)),
        bytes(columns + columnBytes) {}

private:
  static constexpr size_t aligned(size_t bytes) {
    return (bytes + 63) / 64 * 64;
  }
};

/// A kernel by the name that generated code calls it, which no function of a
/// program can have.
struct EntryPoint {
  std::string_view name;
  void *address;
};

/// All of them, of float (_f32) and of double (_f64):
/// \code
///   // mind.kernel.matmul_f32. What may be null is left out.
///   void matmul(const int64_t words[matmulWords], const float *a,
///               const float *b, const float *mean, const float *variance,
///               const float *scale, const float *bias, const float *residual,
///               float *c, void *scratch);
///   // mind.kernel.conv2d_f32
///   void conv2d(const int64_t words[conv2dWords], ...);
///   // mind.kernel.attention_f32. `words` are AttentionPlan::Words, the rest
///   // as in AttentionPlan::run.
///   void attention(const int64_t *words, const float *q, const float *k,
///                  const float *v, const void *mask, float *out,
///                  void *scratch);
/// \endcode
std::span<const EntryPoint> entryPoints();

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ENTRYPOINTS_H
