//===- Control.cpp - jumps, counters and what the world sees --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bind.h"

using namespace mind;
using namespace mind::plan;

namespace {

class SetNumber final : public BoundStep {
public:
  explicit SetNumber(const StepReader &step)
      : to(step.address(0)), value(step.attributes()[0]) {}
  void run(Frame &frame) const override { *to.in<int64_t>(frame) = value; }

private:
  Address to;
  int64_t value;
};

class Jump final : public BoundStep {
public:
  explicit Jump(const StepReader &step) : target(step.step.reference) {}
  void run(Frame &frame) const override { frame.next = target; }

private:
  uint32_t target;
};

/// JumpUnless and LeaveUnless.
class JumpUnless final : public BoundStep {
public:
  explicit JumpUnless(const StepReader &step)
      : condition(step.address(0)), target(step.step.reference),
        leavesOnError(step.step.kind == StepKind::LeaveUnless) {}
  void run(Frame &frame) const override {
    if (!*condition.in<uint8_t>(frame) ||
        (leavesOnError && frame.context.error_code != 0))
      frame.next = target;
  }

private:
  Address condition;
  uint32_t target;
  bool leavesOnError;
};

class LeaveAt final : public BoundStep {
public:
  explicit LeaveAt(const StepReader &step)
      : counter(step.address(0)), limit(step.address(1)),
        target(step.step.reference) {}
  void run(Frame &frame) const override {
    if (*counter.in<int64_t>(frame) >= *limit.in<int64_t>(frame))
      frame.next = target;
  }

private:
  Address counter, limit;
  uint32_t target;
};

class Advance final : public BoundStep {
public:
  explicit Advance(const StepReader &step)
      : by(step.address(0)), counter(step.address(1)) {}
  void run(Frame &frame) const override {
    *counter.in<int64_t>(frame) += *by.in<int64_t>(frame);
  }

private:
  Address by, counter;
};

class Assert final : public BoundStep {
public:
  explicit Assert(const StepReader &step)
      : condition(step.address(0)), failure(step) {}
  void run(Frame &frame) const override {
    if (!*condition.in<uint8_t>(frame))
      failure.report(frame);
  }

private:
  Address condition;
  Failure failure;
};

class Print final : public BoundStep {
public:
  explicit Print(const StepReader &step)
      : format(step.program.texts[step.step.reference]) {
    for (size_t i = 0; i < step.numOperands(); ++i) {
      shapes.push_back({step.extents(i).begin(), step.extents(i).end()});
      addresses.push_back(step.address(i));
      dtypes.push_back(step.dtype(i));
    }
  }

  size_t scratchBytes() const override {
    return addresses.size() * sizeof(MindView);
  }

  void run(Frame &frame) const override {
    // After an error nothing is printed.
    if (!frame.context.print || frame.context.error_code != 0)
      return;
    auto *views = static_cast<MindView *>(frame.scratch);
    for (size_t i = 0; i < addresses.size(); ++i)
      views[i] = {addresses[i].in(frame), shapes[i].data(),
                  int32_t(shapes[i].size()), int32_t(dtypes[i])};
    frame.context.print(&frame.context, format.c_str(), int64_t(format.size()),
                        views);
  }

private:
  const std::string &format;
  std::vector<Address> addresses;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<DType> dtypes;
};

} // namespace

Bound plan::bindControl(const StepReader &step) {
  switch (step.step.kind) {
  case StepKind::SetNumber:
    return std::make_unique<SetNumber>(step);
  case StepKind::Jump:
    return std::make_unique<Jump>(step);
  case StepKind::JumpUnless:
  case StepKind::LeaveUnless:
    return std::make_unique<JumpUnless>(step);
  case StepKind::LeaveAt:
    return std::make_unique<LeaveAt>(step);
  case StepKind::Advance:
    return std::make_unique<Advance>(step);
  case StepKind::Assert:
    return std::make_unique<Assert>(step);
  case StepKind::Print:
    return std::make_unique<Print>(step);
  default:
    __builtin_unreachable();
  }
}
