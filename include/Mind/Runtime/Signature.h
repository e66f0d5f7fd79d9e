//===- Signature.h - what a compiled function takes and gives --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names, element types and shapes of a function's parameters and results, as
// the caller of its machine code needs them.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_SIGNATURE_H
#define MIND_RUNTIME_SIGNATURE_H

#include "Mind/Basic/DType.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mind::runtime {

/// One extent of a shape: a number, or a size that each call binds anew.
struct Dim {
  /// The number, if `size` is negative.
  int64_t extent = 0;
  /// An index into Signature::sizes, or -1.
  int32_t size = -1;

  static Dim constant(int64_t extent) { return {extent, -1}; }
  static Dim named(int32_t size) { return {0, size}; }
  bool isConstant() const { return size < 0; }
};

/// An element type with a shape; rank 0 is a scalar.
struct TensorType {
  DType dtype = DType::F32;
  std::vector<Dim> dims;
};

struct Parameter {
  std::string name;
  TensorType type;
};

struct Signature {
  /// The function's name in the source.
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<TensorType> results;
  /// The named sizes, in the order of the ABI's `dims`.
  std::vector<std::string> sizes;

  /// The type as the language spells it, such as "Tensor<f32, [B, 784]>", or
  /// "f32" for a scalar.
  std::string spelling(const TensorType &type) const;
  /// "main(x: Tensor<f32, [2, 3]>) -> Tensor<f32, [2]>".
  std::string spelling() const;
};

/// "[2, 3]", as messages write a shape.
std::string shapeString(std::span<const int64_t> shape);

} // namespace mind::runtime

#endif // MIND_RUNTIME_SIGNATURE_H
