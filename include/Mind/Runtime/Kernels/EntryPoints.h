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
#include <span>
#include <string_view>

namespace mind::kernels {

/// Products of matrices that lie at equal distances: MatmulPlan::Words, then
/// how many there are, and the distances in elements between neighbours of A, B
/// and C.
inline constexpr size_t matmulWords = 28;

/// A kernel by the name that generated code calls it.
struct EntryPoint {
  std::string_view name;
  void *address;
};

/// All of them:
/// \code
///   // float; _f64: double. `bias` and `scratch` as in MatmulPlan::run.
///   void mind_kernel_matmul_f32(const int64_t words[matmulWords],
///                               const float *a, const float *b,
///                               const float *bias, float *c, void *scratch);
///   // `words` are AttentionPlan::Words, the rest as in AttentionPlan::run.
///   void mind_kernel_attention_f32(const int64_t *words, const float *q,
///                                  const float *k, const float *v,
///                                  const void *mask, float *out,
///                                  void *scratch);
/// \endcode
std::span<const EntryPoint> entryPoints();

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ENTRYPOINTS_H
