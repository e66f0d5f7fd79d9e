//===- Movement.cpp - copies ----------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bind.h"
#include "Mind/Runtime/Kernels/Copy.h"

using namespace mind;
using namespace mind::plan;

namespace {

class Copy final : public BoundStep {
public:
  explicit Copy(const StepReader &step)
      : kernel(sizeInBytes(step.dtype(0)), step.extents(1), step.strides(0),
               step.strides(1)),
        from(step.address(0)), to(step.address(1)) {}

  void run(Frame &frame) const override {
    kernel.run(from.in(frame), to.in(frame));
  }

private:
  kernels::CopyPlan kernel;
  Address from, to;
};

} // namespace

Bound plan::bindMovement(const StepReader &step) {
  return std::make_unique<Copy>(step);
}
