//===- Call.h - an operation applied to types ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the shape rules work on: an operation, the types of its operands and
// its compile-time arguments. The type checker makes one from a call in
// source, the dialect's type inference and verifier make one from IR.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SHAPE_CALL_H
#define MIND_SHAPE_CALL_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Shape/TensorType.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>
#include <variant>

namespace mind {

struct OpInfo;

/// The operations of the language; see Operation.h for the table.
enum class OpKind : uint16_t {
#define MIND_OPERATION(Kind) Kind,
#include "Mind/Shape/OperationKinds.inc"
#undef MIND_OPERATION
};

using Ints = llvm::SmallVector<int64_t, 4>;

/// A compile-time argument: nothing (left out, or a tensor), an axis or
/// integer, a list of integers (axes, pairs, padding), a bool, a string, choice
/// or the words `Same` and `Valid`, a shape, a dtype, a float.
using Argument = std::variant<std::monostate, int64_t, Ints, bool, std::string,
                              Dims, DType, double>;

/// What a shape rule rejects. The message is formatDiagnostic(kind, args).
struct ShapeError {
  DiagKind kind;
  llvm::SmallVector<std::string, 5> args;
  /// Operands to underline with their types, as indices into Call::operands.
  llvm::SmallVector<unsigned, 2> operands;
  /// The parameter whose argument is wrong (an index into OpInfo::params), if
  /// one is.
  std::optional<unsigned> param;
  std::string help;
  /// Where that argument is a list, the element that is wrong, if one is; and
  /// of an operand that is wrong by itself, its index into Call::operands.
  std::optional<unsigned> element = {}, culprit = {};

  std::string message() const { return formatDiagnostic(kind, args); }
};

/// What an operation wants of an extent that only a call knows.
struct Requirement {
  /// The operand and its dimension.
  unsigned operand, dim;
  /// What the extent must be at least.
  int64_t least;
};

/// An operation applied to types.
struct Call {
  const OpInfo &op;
  /// What the program wrote, an operator or one of the names, for messages;
  /// empty: the canonical name.
  llvm::StringRef spelling;
  /// In the order of the parameters that they belong to.
  llvm::SmallVector<TensorType, 3> operands;
  /// One for each parameter; those of tensors hold nothing. A rule normalises
  /// them in place: axes become explicit, not negative; `Same` becomes numbers;
  /// an inferred extent of -1 becomes its value.
  llvm::SmallVector<Argument, 4> args;
  /// What must hold of symbolic extents besides what the result's type says,
  /// that extents are at least 1. A rule appends to it.
  llvm::SmallVector<Requirement, 0> requirements;

  /// For each operand that is an index, its elements where they are known at
  /// compile time; one stands for all. Empty, or shorter than `operands`, where
  /// nothing is known.
  llvm::SmallVector<Ints, 0> known;

  explicit Call(const OpInfo &op);

  /// The argument of the parameter called `name`, which must exist.
  Argument &arg(llvm::StringRef name);
  /// The index of the parameter called `name`, which must exist.
  unsigned paramIndex(llvm::StringRef name) const;
  /// How many results it has; its arguments must be right.
  unsigned numResults() const;
};

/// Computes the type of each result and normalises the arguments, or returns
/// what is wrong and leaves `result` unspecified.
using ShapeRule = std::optional<ShapeError> (*)(Call &call, TensorType &result);

/// Applies the rule of `call.op`, after the checks that all operations share:
/// the operands' dtypes, and that the result's element count fits in 63 bits.
/// Left-out arguments take their defaults first.
std::optional<ShapeError> inferType(Call &call, TensorType &result);

} // namespace mind

#endif // MIND_SHAPE_CALL_H
