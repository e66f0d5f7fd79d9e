//===- ProgramBuilder.h - appends to a program -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_PLAN_PROGRAMBUILDER_H
#define MIND_LIB_PLAN_PROGRAMBUILDER_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Plan/Planner.h"
#include "View.h"

namespace mind {

/// What a step is made of besides its kind.
struct StepParts {
  llvm::ArrayRef<plan::Operand> operands;
  llvm::ArrayRef<Dim> attributes = {};
  uint8_t variant = 0;
  uint16_t value = 0;
  uint32_t reference = plan::Step::none;
  uint32_t site = plan::Step::none;
};

/// Appends to a program, and keeps in mind which steps use a buffer.
class ProgramBuilder {
public:
  ProgramBuilder(PlannedFunction &function, std::vector<std::string> sizes)
      : function(function), program(*function.program),
        sizes(std::move(sizes)) {
    // What most groups of a few operations need.
    program.numbers.reserve(64);
    program.operands.reserve(16);
    program.buffers.reserve(8);
    program.steps.reserve(4);
  }

  // Buffers.
  uint32_t addBuffer(plan::BufferKind kind, uint32_t index);
  /// A dense tensor in the workspace, which is in use from the next step on.
  View allocate(DType dtype, llvm::ArrayRef<Dim> extents);
  /// Whether a tensor in the workspace has more bytes than 64 bits count.
  bool isTooLarge() const { return hasOverflowed; }
  /// A dense tensor in a new buffer of another kind.
  View tensor(plan::BufferKind kind, uint32_t index, DType dtype,
              llvm::ArrayRef<Dim> extents);
  /// The buffer whose memory `view` is in.
  uint32_t memoryOf(const View &view) const {
    uint32_t buffer = view.buffer;
    while (program.buffers[buffer].kind == plan::BufferKind::Part)
      buffer = program.buffers[buffer].index;
    return buffer;
  }
  /// Memory of a constant of `bytes`, to be filled, and its buffer.
  std::pair<char *, uint32_t> addConstant(size_t bytes);

  // Parts of steps.
  plan::Operand operand(const View &view);
  /// The same, broadcast to `extents`.
  plan::Operand operand(const View &view, llvm::ArrayRef<Dim> extents);
  /// An operand that is left out.
  static plan::Operand nothing() { return {}; }
  uint32_t addExpression(kernels::ElementExpression expression);
  uint32_t addText(std::string text);
  /// A place that may fail, with what it says then; its arguments may be "{0}"
  /// and "{1}", the values of the error, of which it shows `numValues`.
  uint32_t addSite(mlir::Location location, DiagKind kind,
                   llvm::ArrayRef<std::string> arguments, size_t numValues);
  uint32_t addSite(mlir::Location location, int32_t code, std::string message,
                   size_t numValues);

  /// Appends a step; returns its index.
  uint32_t addStep(plan::StepKind kind, const StepParts &parts);
  uint32_t nextStep() const { return uint32_t(program.steps.size()); }
  /// Where a jump leads to.
  void setTarget(uint32_t step, uint32_t target) {
    program.steps[step].reference = target;
  }
  /// The steps from `begin` up to the last one are repeated: what was in use
  /// before and is used in them stays in use.
  void closeLoop(uint32_t begin);

  runtime::Dim toRuntime(const Dim &dim) const {
    return mind::toRuntime(dim, sizes);
  }
  void addRequirement(runtime::SizeRequirement requirement) {
    program.requirements.push_back(std::move(requirement));
  }

private:
  /// Zeros, to be set from the first to the last; the first of them.
  uint32_t addNumbers(size_t count);
  void setNumber(uint32_t number, const Dim &dim) {
    if (dim.isConstant())
      program.numbers[number] = dim.constant();
    else
      addSymbol(number, dim);
  }
  /// A number that a call's sizes decide.
  void addSymbol(uint32_t number, const Dim &dim);
  uint32_t addNumber(const Dim &dim);
  void use(uint32_t buffer);

  PlannedFunction &function;
  plan::Program &program;
  std::vector<std::string> sizes;
  bool hasOverflowed = false;
};

} // namespace mind

#endif // MIND_LIB_PLAN_PROGRAMBUILDER_H
