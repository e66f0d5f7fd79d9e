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
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mind::runtime {

/// One extent of a shape: a polynomial over sizes that each call binds anew,
/// mostly a number or one size.
struct Dim {
  /// `coefficient` times the product of `sizes`, indices into
  /// Signature::sizes.
  struct Term {
    int64_t coefficient = 1;
    std::vector<uint32_t> sizes;
  };

  /// What does not depend on the sizes.
  int64_t extent = 0;
  std::vector<Term> terms;

  static Dim constant(int64_t extent) { return {extent, {}}; }
  static Dim named(uint32_t size) { return {0, {{1, {size}}}}; }
  bool isConstant() const { return terms.empty(); }
  /// The size that is all there is to this extent, if so.
  std::optional<uint32_t> size() const;
  /// The value in a call that binds `sizes`; none if it does not fit 64 bits.
  std::optional<int64_t> evaluate(std::span<const int64_t> sizes) const;
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

  /// "B", "4*B + 1".
  std::string spelling(const Dim &dim) const;
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
