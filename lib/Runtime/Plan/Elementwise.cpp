//===- Elementwise.cpp - expressions over elements ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bind.h"
#include "Mind/Runtime/Kernels/Reduction.h"

using namespace mind;
using namespace mind::plan;
using kernels::ElementOperand;

namespace {

std::vector<ElementOperand> operandsOf(const StepReader &step) {
  std::vector<ElementOperand> operands;
  operands.reserve(step.numOperands());
  for (size_t i = 0; i < step.numOperands(); ++i)
    operands.push_back({step.dtype(i), step.strides(i)});
  return operands;
}

/// A kernel on any number of operands.
template <typename Plan> class ElementStep final : public BoundStep {
public:
  ElementStep(const StepReader &step, Plan plan)
      : kernel(std::move(plan)), failure(step),
        mayFail(step.step.site != Step::none) {
    addresses.reserve(step.numOperands());
    for (size_t i = 0; i < step.numOperands(); ++i)
      addresses.push_back(step.address(i));
  }

  size_t scratchBytes() const override {
    return pointerBytes() + kernel.workspaceBytes();
  }

  void run(Frame &frame) const override {
    auto **pointers = static_cast<void **>(frame.scratch);
    for (size_t i = 0; i < addresses.size(); ++i)
      pointers[i] = addresses[i].in<void>(frame);
    kernels::ElementFault fault = kernel.run(
        pointers, static_cast<char *>(frame.scratch) + pointerBytes());
    if (mayFail && fault.found)
      failure.report(frame, fault.value);
  }

private:
  size_t pointerBytes() const {
    return (addresses.size() * sizeof(void *) + 63) & -size_t(64);
  }

  Plan kernel;
  std::vector<Address> addresses;
  Failure failure;
  bool mayFail;
};

} // namespace

Bound plan::bindElementwise(const StepReader &step) {
  std::vector<ElementOperand> operands = operandsOf(step);
  return std::make_unique<ElementStep<kernels::ElementwisePlan>>(
      step,
      kernels::ElementwisePlan(step.expression(), step.attributes(), operands));
}

Bound plan::bindReduce(const StepReader &step) {
  std::vector<ElementOperand> operands = operandsOf(step);
  size_t rank = step.attributes().size() / 2;
  std::span<const int64_t> extents = step.attributes().first(rank);
  auto reduced = std::make_unique<bool[]>(rank);
  for (size_t i = 0; i < rank; ++i)
    reduced[i] = step.attributes()[rank + i] != 0;
  return std::make_unique<ElementStep<kernels::ReductionPlan>>(
      step, kernels::ReductionPlan(kernels::ReductionKind(step.step.variant),
                                   step.expression(), step.step.value, extents,
                                   std::span<const bool>(reduced.get(), rank),
                                   operands, uint16_t(operands.size() - 1)));
}
