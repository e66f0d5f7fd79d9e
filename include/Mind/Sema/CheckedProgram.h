//===- CheckedProgram.h - names and types are known -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the type checker leaves: for each function a flat list of values in the
// order of evaluation. Names are resolved, calls have their operation or
// function with operands in order and compile-time arguments normalised,
// literals have the dtype they adopted. Everything refers to everything by
// 32-bit indices, and to the syntax tree by NodeId.
//
// The values of an `if` or a loop stand in the same list, right after it: a
// walk that asks what there is need not know of regions, one that asks in which
// order it is computed goes from a value to CheckedProgram::endOf it.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SEMA_CHECKEDPROGRAM_H
#define MIND_SEMA_CHECKEDPROGRAM_H

#include "Mind/Sema/TypeTable.h"
#include "Mind/Shape/Operation.h"
#include "Mind/Syntax/Tree.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

namespace mind {

/// A value, as an index into CheckedProgram::values.
struct ValueId {
  uint32_t index = UINT32_MAX;
  constexpr bool isValid() const { return index != UINT32_MAX; }
};

enum class ValueKind : uint8_t {
  Error,     ///< Of type error; no IR is made of a program with errors.
  Parameter, ///< `a` is its position.
  Size,      ///< An extent over named sizes, extents[a], as i64.
  Constant,  ///< `b` elements from elements[a]; one stands for all.
  Let,       ///< A name for value `a`, introduced or assigned.
  Name,      ///< A use of value `a` by name.
  Operation, ///< operations[a]
  Call,      ///< calls[a]
  Tuple,     ///< The `b` operands from operands[a].
  Element,   ///< Element `b` of the tuple that is value `a`.
  If,        ///< controls[a]; its own value is that of the branch taken.
  While,     ///< controls[a], of unit.
  For,       ///< controls[a], of unit.
  /// At the start of a loop's region: a carried name, or the loop's variable.
  RegionArgument,
  /// What the `b`th carried name holds after the If, While or For `a`.
  Carried,
};

/// What one expression, parameter or `let` computes.
struct CheckedValue {
  ValueKind kind;
  TypeRef type;
  uint32_t a = 0, b = 0;
  /// The expression; of Let the pattern or the assignment's target; of
  /// Parameter the Param; of RegionArgument and Carried where the name stood.
  NodeId syntax;
  /// Where in the source the operator, the callee or the expression begins.
  uint32_t location = 0;
};

/// An operation of the language applied to values.
struct CheckedOperation {
  const OpInfo *op;
  uint32_t firstOperand, numOperands;
  /// One for each of op->arguments(), normalised.
  uint32_t firstArgument, numArguments;
};

/// What value `value` wants of an extent of the function's: that it is at least
/// `least` in a call.
struct CheckedRequirement {
  uint32_t value;
  /// As diagnostics show them.
  Dims shape;
  unsigned dim;
  int64_t least;
};

/// A call of a function of the program.
struct CheckedCall {
  uint32_t function;
  uint32_t firstOperand, numOperands;
  /// What the callee's named sizes are in terms of the caller's.
  Dims sizes;
};

/// Values that are computed under a condition, or again and again: those from
/// `firstValue` up to, not including, `endValue`, and those of the regions
/// within.
struct CheckedRegion {
  uint32_t firstValue = 0, endValue = 0;
  /// What it ends with, in operands: its own value, then that of each carried
  /// name.
  uint32_t firstYield = 0;
};

/// An `if` or a loop. It carries the names from outside that are assigned in
/// it: it starts from what they hold, and each region yields what they hold at
/// its end. In a loop, each region begins with an argument for each of them.
struct CheckedControl {
  /// What it is given, in operands: `numOperands` (If: the condition; For: the
  /// bounds, in i64; While: nothing), then what each carried name holds before.
  uint32_t firstOperand = 0, numOperands = 0;
  uint32_t numCarried = 0;
  /// If: then and else, in either order of values. While: the condition, which
  /// is its own value, and the body. For: the body, whose first argument is the
  /// loop's variable.
  CheckedRegion regions[2];
  /// Past the values of all regions.
  uint32_t endValue = 0;
};

struct CheckedFunction {
  struct Param {
    Symbol name;
    TypeRef type;
  };

  llvm::StringRef name;
  /// The file it is in, into Tree::modules().
  uint32_t module = 0;
  /// The Fn, or the root Block of a script.
  NodeId syntax;
  llvm::SmallVector<Param, 8> params;
  TypeRef result;
  /// The named sizes of its parameters, in the order of first appearance.
  std::vector<std::string> sizes;
  /// Its values are those from `firstValue` up to, not including, `endValue`.
  uint32_t firstValue = 0, endValue = 0;
  /// The value that it returns.
  ValueId returned;
  /// How many values it has once the calls in it are inlined.
  uint64_t cost = 0;
  /// Whether the world outside may call it: every function of a module that is
  /// the main file, of a script only the script itself.
  bool isPublic = false;
};

struct CheckedProgram {
  /// Must outlive the program.
  const Tree *tree = nullptr;
  TypeTable types;
  /// In the order of the source, file by file; the script itself is the last.
  std::vector<CheckedFunction> functions;
  std::vector<CheckedValue> values;
  std::vector<CheckedOperation> operations;
  std::vector<CheckedCall> calls;
  std::vector<CheckedControl> controls;
  std::vector<ValueId> operands;
  std::vector<Argument> arguments;
  std::vector<Dim> extents;
  /// In the order of the values.
  std::vector<CheckedRequirement> requirements;
  /// The elements of constants: integers sign-extended, floats the bits of
  /// their dtype.
  std::vector<uint64_t> elements;

  /// Whether no error was found, so that IR can be made of it.
  bool ok = false;

  /// Leaves nothing but its memory and, as long as they are few, the types:
  /// those of the next program are mostly among them.
  void clear();

  const CheckedValue &value(ValueId id) const { return values[id.index]; }

  llvm::ArrayRef<ValueId> operandsOf(const CheckedOperation &operation) const {
    return llvm::ArrayRef(operands).slice(operation.firstOperand,
                                          operation.numOperands);
  }
  llvm::ArrayRef<ValueId> operandsOf(const CheckedCall &call) const {
    return llvm::ArrayRef(operands).slice(call.firstOperand, call.numOperands);
  }
  llvm::ArrayRef<Argument>
  argumentsOf(const CheckedOperation &operation) const {
    return llvm::ArrayRef(arguments).slice(operation.firstArgument,
                                           operation.numArguments);
  }

  /// What an `if` or a loop is given, without the carried names.
  llvm::ArrayRef<ValueId> operandsOf(const CheckedControl &control) const {
    return llvm::ArrayRef(operands).slice(control.firstOperand,
                                          control.numOperands);
  }
  /// What the carried names hold before.
  llvm::ArrayRef<ValueId> carriedBy(const CheckedControl &control) const {
    return llvm::ArrayRef(operands).slice(
        control.firstOperand + control.numOperands, control.numCarried);
  }
  /// The region's own value, then that of each carried name.
  llvm::ArrayRef<ValueId> yieldsOf(const CheckedControl &control,
                                   unsigned region) const {
    return llvm::ArrayRef(operands).slice(control.regions[region].firstYield,
                                          control.numCarried + 1);
  }

  /// One past a value and, of an `if` or a loop, past the values in it.
  uint32_t endOf(uint32_t value) const {
    ValueKind kind = values[value].kind;
    bool isControl = kind == ValueKind::If || kind == ValueKind::While ||
                     kind == ValueKind::For;
    return isControl ? controls[values[value].a].endValue : value + 1;
  }

  /// What no other function of the program is called: its name, in an imported
  /// module after the module's path, as in `a.b.f`.
  std::string symbol(const CheckedFunction &function) const;

  /// The function called `name` of the main file, or null.
  const CheckedFunction *function(llvm::StringRef name) const;

  /// Prints each function with its values and their types, one a line:
  /// \code
  ///   fn main() -> Tensor<f32, [10, 30]>
  ///     %0 = constant 1 : Tensor<f32, [10, 20]>
  ///     let a = %0
  /// \endcode
  void print(llvm::raw_ostream &os) const;
};

} // namespace mind

#endif // MIND_SEMA_CHECKEDPROGRAM_H
