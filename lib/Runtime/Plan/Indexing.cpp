//===- Indexing.cpp - elements by their position --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Indexing.h"
#include "Bind.h"
#include <functional>
#include <numeric>

using namespace mind;
using namespace mind::plan;
using kernels::IndexFault;

static int64_t product(std::span<const int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

namespace {

/// What steps that meet an index outside of an axis have in common.
class IndexStep : public BoundStep {
protected:
  IndexStep(const StepReader &step, int64_t extent)
      : failure(step), mayFail(step.step.site != Step::none), extent(extent) {}

  void report(Frame &frame, const IndexFault &fault) const {
    if (fault.found && mayFail)
      failure.report(frame, fault.index, extent);
  }

private:
  Failure failure;
  bool mayFail;

protected:
  int64_t extent;
};

size_t axisOf(const StepReader &step) { return size_t(step.attributes()[0]); }

class Gather final : public IndexStep {
public:
  explicit Gather(const StepReader &step)
      : IndexStep(step, step.extents(0)[axisOf(step)]),
        kernel(sizeInBytes(step.dtype(0)), step.extents(0), step.strides(0),
               axisOf(step), step.dtype(1), product(step.extents(1))),
        x(step.address(0)), indices(step.address(1)), to(step.address(2)) {}

  void run(Frame &frame) const override {
    report(frame, kernel.run(x.in(frame), indices.in(frame), to.in(frame)));
  }

private:
  kernels::GatherPlan kernel;
  Address x, indices, to;
};

class ScatterAdd final : public IndexStep {
public:
  explicit ScatterAdd(const StepReader &step)
      : IndexStep(step, step.extents(0)[axisOf(step)]),
        kernel(step.dtype(0), step.extents(0), step.strides(0), axisOf(step),
               step.dtype(1), step.extents(1), step.strides(2)),
        x(step.address(0)), indices(step.address(1)), updates(step.address(2)),
        to(step.address(3)) {}

  size_t scratchBytes() const override { return kernel.workspaceBytes(); }

  void run(Frame &frame) const override {
    report(frame, kernel.run(x.in(frame), indices.in(frame), updates.in(frame),
                             to.in(frame), frame.scratch));
  }

private:
  kernels::ScatterAddPlan kernel;
  Address x, indices, updates, to;
};

class CheckIndices final : public IndexStep {
public:
  explicit CheckIndices(const StepReader &step)
      : IndexStep(step, step.attributes()[0]), dtype(step.dtype(0)),
        count(product(step.extents(0))), indices(step.address(0)) {}

  void run(Frame &frame) const override {
    report(frame,
           kernels::checkIndices(dtype, indices.in(frame), count, extent));
  }

private:
  DType dtype;
  int64_t count;
  Address indices;
};

/// Finds the part of a tensor that later steps read.
class Select final : public IndexStep {
public:
  explicit Select(const StepReader &step)
      : IndexStep(step, step.extents(0)[axisOf(step)]),
        stride(step.strides(0)[axisOf(step)] *
               int64_t(sizeInBytes(step.dtype(0)))),
        isWide(step.dtype(1) == DType::I64), x(step.address(0)),
        index(step.address(1)), part(step.operand(2).buffer) {}

  void run(Frame &frame) const override {
    IndexFault fault;
    const int64_t position = kernels::normalizedIndex(
        isWide ? *index.in<int64_t>(frame) : *index.in<int32_t>(frame), extent,
        fault);
    report(frame, fault);
    frame.buffers[part] = x.in(frame) + position * stride;
  }

private:
  int64_t stride;
  bool isWide;
  Address x, index;
  uint32_t part;
};

} // namespace

Bound plan::bindIndexing(const StepReader &step) {
  switch (step.step.kind) {
  case StepKind::Gather:
    return std::make_unique<Gather>(step);
  case StepKind::ScatterAdd:
    return std::make_unique<ScatterAdd>(step);
  case StepKind::CheckIndices:
    return std::make_unique<CheckIndices>(step);
  default:
    return std::make_unique<Select>(step);
  }
}
