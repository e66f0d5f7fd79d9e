//===- Scalar.h - values known at compile time -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SEMA_SCALAR_H
#define MIND_LIB_SEMA_SCALAR_H

#include "Mind/Shape/Operation.h"

namespace mind {

/// A rank-0 value that is known at compile time.
struct Scalar {
  DType dtype = DType::I64;
  /// Of integers and bool (0 or 1). Symbolic where it speaks of named sizes.
  Dim integer;
  /// Of floats; it is exactly representable in `dtype`.
  double real = 0;

  static Scalar ofInteger(DType dtype, Dim value) {
    return {dtype, std::move(value), 0};
  }
  static Scalar ofReal(DType dtype, double value) { return {dtype, 0, value}; }

  /// An element as CheckedProgram::elements holds it; not of symbolic ones.
  uint64_t bits() const;
  static Scalar fromBits(DType dtype, uint64_t bits);

  /// "3", "2.5", "true".
  std::string str() const;
};

/// The value of the integer literal `magnitude`, or its negation, in `dtype`
/// (not bool), or none if it is out of range.
std::optional<Scalar> integerLiteral(uint64_t magnitude, bool negative,
                                     DType dtype);

/// The value of a float literal in the float type `dtype`, rounded once, or
/// none if it is out of range.
std::optional<Scalar> floatLiteral(llvm::StringRef text, bool negative,
                                   DType dtype);

/// Computes an arithmetic operation on integers of 64 bits, of which the second
/// is ignored by those of one operand; none if it fails, or is another one.
std::optional<int64_t> foldInteger(OpKind kind, int64_t lhs, int64_t rhs);

/// Computes an operation on known scalars by the rules of the language, or
/// none if it is not one of the arithmetic operations, or fails.
std::optional<Scalar> fold(OpKind kind, llvm::ArrayRef<Scalar> operands);

/// Whether the operation is a division by an integer zero.
bool dividesByZero(OpKind kind, llvm::ArrayRef<Scalar> operands);

/// Whether the operation is an integer to a negative power.
bool hasNegativePower(OpKind kind, llvm::ArrayRef<Scalar> operands);

} // namespace mind

#endif // MIND_LIB_SEMA_SCALAR_H
