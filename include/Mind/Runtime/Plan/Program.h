//===- Program.h - a function as a list of kernel calls --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What tier 0 executes: a flat list of steps, each a call of a precompiled
// kernel, on tensors of which only buffer, offset, extents and strides are
// known. Nothing here needs a compiler: the planner (Mind/Plan) makes it from
// the mind dialect, and a BoundPlan fixes what depends on the sizes of a call.
//
// Everything lies in a few arrays, in which the parts of a step are ranges, so
// that making a program takes few allocations.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_PLAN_PROGRAM_H
#define MIND_RUNTIME_PLAN_PROGRAM_H

#include "Mind/Basic/DType.h"
#include "Mind/Runtime/Executable.h"
#include "Mind/Runtime/Kernels/Elementwise.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mind::plan {

/// What a step does.
enum class StepKind : uint8_t {
#define MIND_PLAN_STEP(Name, Mnemonic) Name,
#include "Mind/Runtime/Plan/Steps.def"
};

/// The kind as people read it.
std::string_view stepName(StepKind kind);

/// A part of an array.
struct Range {
  uint32_t first = 0, count = 0;
};

/// Where the memory of a buffer comes from.
enum class BufferKind : uint8_t {
  Input,     ///< the caller: parameter `index`
  Result,    ///< the caller: result `index`
  Constant,  ///< Program::constants, from byte `index` on
  Workspace, ///< the workspace
  Part,      ///< of buffer `index`, as a step says (Select)
};

struct Buffer {
  BufferKind kind;
  uint32_t index = 0;
  /// Of a buffer in the workspace: its size in bytes, a number of the program.
  uint32_t bytes = 0;
  /// The first and the last step that may use it.
  uint32_t first = 0, last = 0;
};

/// A tensor that a step reads or writes.
struct Operand {
  static constexpr uint32_t none = ~0u;

  /// `none`: the operand is left out.
  uint32_t buffer = none;
  /// Numbers of the program: the offset of the first element, then an extent
  /// for each axis, then a stride for each, all in elements.
  uint32_t layout = 0;
  uint8_t rank = 0;
  DType dtype = DType::F32;

  bool exists() const { return buffer != none; }
};

struct Step {
  static constexpr uint32_t none = ~0u;

  StepKind kind = StepKind::Jump;
  /// Which of its kernel's variants.
  uint8_t variant = 0;
  /// Reduce: the instruction whose value is reduced.
  uint16_t value = 0;
  Range operands;
  /// Among the numbers.
  Range attributes;
  /// Which expression, text or step it refers to.
  uint32_t reference = none;
  /// What is reported if it fails: an index into the sites.
  uint32_t site = none;
};

/// A function as steps. Numbers that depend on the sizes of a call are
/// polynomials over them, and 0 until they are evaluated.
struct Program : runtime::FunctionDescription {
  /// By site: the number of the diagnostic.
  std::vector<int32_t> siteCodes;

  std::vector<Buffer> buffers;
  std::vector<Step> steps;
  std::vector<Operand> operands;
  std::vector<int64_t> numbers;
  std::vector<kernels::ElementExpression> expressions;
  std::vector<std::string> texts;
  /// Every constant is aligned to 8 bytes.
  std::vector<uint64_t> constants;

  /// A number that a call's sizes decide.
  struct Symbol {
    uint32_t number;
    runtime::Dim value;
  };
  std::vector<Symbol> symbols;

  /// The program for people and tests: buffers, then steps, in a form that
  /// depends on nothing but the program.
  std::string text() const;
};

} // namespace mind::plan

#endif // MIND_RUNTIME_PLAN_PROGRAM_H
