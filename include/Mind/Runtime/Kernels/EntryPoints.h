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

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Mind/Runtime/Kernels/PaddedConvolution.h"
#include <span>
#include <string_view>

namespace mind::kernels {

/// Products of matrices that lie at equal distances: MatmulPlan::Words, then
/// how many there are, and the distances in elements between neighbours of A, B
/// and C.
inline constexpr size_t matmulWords = 28;

/// A convolution of images that are to have zeros around them:
/// MatmulPlan::Words of a block, the distances in elements between images and
/// between lines of C, and PaddedConvolution::Words.
inline constexpr size_t conv2dWords = 39;

/// Where a block of images lies in a convolution's scratch memory, behind
/// `planBytes` of the plan's.
constexpr size_t paddedBlockAt(size_t planBytes) {
  return (planBytes + 63) / 64 * 64;
}

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
///   void mind_kernel_conv2d_f32(const int64_t words[conv2dWords], ...);
/// \endcode
std::span<const EntryPoint> entryPoints();

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ENTRYPOINTS_H
