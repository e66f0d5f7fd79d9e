//===- Rows.cpp - softmax, layer normalisation and pooling ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Rows.h"
#include "Bind.h"
#include "Mind/Runtime/Kernels/Pooling.h"

using namespace mind;
using namespace mind::plan;

namespace {

template <typename T> class RowsStep final : public BoundStep {
public:
  explicit RowsStep(const StepReader &step)
      : kernel(kernels::RowsKind(step.step.variant), step.extents(0),
               axesOf(step), step.strides(0), step.strides(3),
               step.real(step.rank(0))),
        x(step.address(0)), gamma(step.address(1)), beta(step.address(2)),
        to(step.address(3)) {}

  size_t scratchBytes() const override { return kernel.workspaceBytes(); }

  void run(Frame &frame) const override {
    kernel.run(x.in<T>(frame), gamma.in<T>(frame), beta.in<T>(frame),
               to.in<T>(frame), frame.scratch);
  }

private:
  static uint64_t axesOf(const StepReader &step) {
    uint64_t axes = 0;
    for (size_t i = 0; i < step.rank(0); ++i)
      axes |= uint64_t(step.attributes()[i] != 0) << i;
    return axes;
  }

  kernels::RowsPlan<T> kernel;
  Address x, gamma, beta, to;
};

template <typename T> class PoolStep final : public BoundStep {
public:
  explicit PoolStep(const StepReader &step)
      : kernel(kernels::PoolingKind(step.step.variant), shapeOf(step)),
        x(step.address(0)), to(step.address(1)) {}

  size_t scratchBytes() const override { return kernel.workspaceBytes(); }

  void run(Frame &frame) const override {
    kernel.run(x.in<T>(frame), to.in<T>(frame), frame.scratch);
  }

private:
  static kernels::PoolingShape shapeOf(const StepReader &step) {
    std::span<const int64_t> x = step.extents(0), strides = step.strides(0);
    std::span<const int64_t> attributes = step.attributes();
    return {
        .images = x[0],
        .height = x[1],
        .width = x[2],
        .channels = x[3],
        .window = {attributes[0], attributes[1]},
        .steps = {attributes[2], attributes[3]},
        .padding = {attributes[4], attributes[5], attributes[6], attributes[7]},
        .x = {strides[0], strides[1], strides[2], strides[3]}};
  }

  kernels::PoolingPlan<T> kernel;
  Address x, to;
};

} // namespace

Bound plan::bindRows(const StepReader &step) {
  if (step.dtype(0) == DType::F64)
    return std::make_unique<RowsStep<double>>(step);
  return std::make_unique<RowsStep<float>>(step);
}

Bound plan::bindPool(const StepReader &step) {
  return byType(step.dtype(0), [&]<typename T>(T) -> Bound {
    return std::make_unique<PoolStep<T>>(step);
  });
}
