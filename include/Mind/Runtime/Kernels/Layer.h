//===- Layer.h - what follows a product in a layer -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_LAYER_H
#define MIND_RUNTIME_KERNELS_LAYER_H

#include "Mind/Runtime/Kernels/Matmul.h"
#include <cmath>

namespace mind::kernels {

/// What is done to each element of a product before it is stored, in this
/// order: batch normalisation, (x - mean) / sqrt(variance + eps) * scale +
/// bias, or of that only x * scale and + bias; + residual; the activation,
/// which is None or Relu but for float.
struct LayerShape {
  /// Implies `scale` and `bias`.
  bool normalize = false;
  bool scale = false, bias = false, residual = false;
  double eps = 0;
  Activation activation = Activation::None;
};

/// Its operands, null where LayerShape says no.
template <typename T> struct LayerOperands {
  /// A value for each column (of a convolution: each feature), neighbours.
  const T *mean = nullptr, *variance = nullptr, *scale = nullptr,
          *bias = nullptr;
  /// A value for each element.
  const T *residual = nullptr;
};

/// Makes of batch normalisation a number that each column is multiplied with
/// and one that is added. `memory` has room for 2 * `columns` elements.
template <typename T>
EpilogueOperands<T> normalizedColumns(const LayerOperands<T> &operands,
                                      double eps, int64_t columns, T *memory) {
  T *scale = memory, *bias = memory + columns;
  for (int64_t j = 0; j < columns; ++j) {
    scale[j] = operands.scale[j] / std::sqrt(operands.variance[j] + T(eps));
    bias[j] = operands.bias[j] - operands.mean[j] * scale[j];
  }
  return {scale, bias, operands.residual};
}

/// Pieces of a workspace, one after the other, each aligned to 64 bytes.
class WorkspaceLayout {
public:
  /// Where a piece of so many bytes begins.
  size_t add(size_t bytes) {
    const size_t offset = total;
    total += (bytes + 63) / 64 * 64;
    return offset;
  }
  size_t bytes() const { return total; }

private:
  size_t total = 0;
};

/// The memory that begins `offset` bytes into a workspace.
template <typename T> T *pieceOf(void *workspace, size_t offset) {
  return reinterpret_cast<T *>(static_cast<char *>(workspace) + offset);
}

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_LAYER_H
