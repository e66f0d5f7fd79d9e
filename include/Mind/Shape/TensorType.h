//===- TensorType.h - dtype and shape --------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SHAPE_TENSORTYPE_H
#define MIND_SHAPE_TENSORTYPE_H

#include "Mind/Basic/DType.h"
#include "Mind/Shape/Dim.h"

namespace mind {

/// The type of a tensor; a scalar has rank 0.
struct TensorType {
  DType dtype = DType::F32;
  Dims dims;

  unsigned rank() const { return dims.size(); }
  bool isStatic() const;

  friend bool operator==(const TensorType &a, const TensorType &b) {
    return a.dtype == b.dtype && a.dims == b.dims;
  }
  friend bool operator!=(const TensorType &a, const TensorType &b) {
    return !(a == b);
  }

  /// "Tensor<f32, [2, 3]>", or "f32" at rank 0.
  std::string str() const;
};

} // namespace mind

#endif // MIND_SHAPE_TENSORTYPE_H
