//===- Bind.h - how steps become kernels -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_PLAN_BIND_H
#define MIND_LIB_RUNTIME_PLAN_BIND_H

#include "Mind/Runtime/Plan/BoundPlan.h"
#include <bit>

namespace mind::plan {

/// Where an operand begins.
struct Address {
  uint32_t buffer = Operand::none;
  /// From the beginning of the buffer.
  int64_t bytes = 0;

  /// Null if the operand is left out.
  template <typename T = char> T *in(const Frame &frame) const {
    return buffer == Operand::none
               ? nullptr
               : reinterpret_cast<T *>(frame.buffers[buffer] + bytes);
  }
};

/// What a step says, with all numbers known.
class StepReader {
public:
  /// `numbers` are the program's, evaluated.
  StepReader(const Program &program, const Step &step,
             std::span<const int64_t> numbers)
      : program(program), step(step), numbers(numbers) {}

  const Program &program;
  const Step &step;

  size_t numOperands() const { return step.operands.count; }
  const Operand &operand(size_t i) const {
    return program.operands[step.operands.first + i];
  }
  bool has(size_t i) const { return operand(i).exists(); }
  DType dtype(size_t i) const { return operand(i).dtype; }
  size_t rank(size_t i) const { return operand(i).rank; }
  std::span<const int64_t> extents(size_t i) const {
    return numbers.subspan(operand(i).layout + 1, rank(i));
  }
  std::span<const int64_t> strides(size_t i) const {
    return numbers.subspan(operand(i).layout + 1 + rank(i), rank(i));
  }
  Address address(size_t i) const {
    const Operand &part = operand(i);
    if (!part.exists())
      return {};
    return {part.buffer,
            numbers[part.layout] * int64_t(sizeInBytes(part.dtype))};
  }
  std::span<const int64_t> attributes() const {
    return numbers.subspan(step.attributes.first, step.attributes.count);
  }
  double real(size_t attribute) const {
    return std::bit_cast<double>(attributes()[attribute]);
  }
  const kernels::ElementExpression &expression() const {
    return program.expressions[step.reference];
  }

private:
  std::span<const int64_t> numbers;
};

using Bound = std::unique_ptr<const BoundStep>;

/// Calls `make` with a value of the type of `dtype`.
template <typename Make> Bound byType(DType dtype, Make make) {
  if (dtype == DType::F32)
    return make(float());
  if (dtype == DType::F64)
    return make(double());
  if (dtype == DType::I8)
    return make(int8_t());
  if (dtype == DType::U8)
    return make(uint8_t());
  if (dtype == DType::I32)
    return make(int32_t());
  if (dtype == DType::I64)
    return make(int64_t());
  // bool has no arithmetic, and halves are converted first.
  __builtin_unreachable();
}

// One a family of steps.
Bound bindElementwise(const StepReader &step);
Bound bindReduce(const StepReader &step);
Bound bindProduct(const StepReader &step);
Bound bindConvolution(const StepReader &step);
Bound bindAttention(const StepReader &step);
Bound bindRows(const StepReader &step);
Bound bindPool(const StepReader &step);
Bound bindMovement(const StepReader &step);
Bound bindIndexing(const StepReader &step);
Bound bindControl(const StepReader &step);

/// Where and with which code a step reports that it failed.
struct Failure {
  int64_t site;
  int32_t code;

  explicit Failure(const StepReader &step)
      : site(step.step.site),
        code(step.step.site == Step::none
                 ? 0
                 : step.program.siteCodes[step.step.site]) {}
  /// Notes an error unless there is one already.
  void report(Frame &frame, int64_t value = 0, int64_t more = 0) const {
    if (frame.context.error_code != 0)
      return;
    frame.context.error_code = code;
    frame.context.error_site = site;
    frame.context.error_values[0] = value;
    frame.context.error_values[1] = more;
  }
};

} // namespace mind::plan

#endif // MIND_LIB_RUNTIME_PLAN_BIND_H
