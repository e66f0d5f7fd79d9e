//===- BoundPlan.cpp - a plan for the sizes of a call ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Plan/BoundPlan.h"
#include "Bind.h"
#include "Mind/Runtime/MemoryPlan.h"
#include <algorithm>

using namespace mind;
using namespace mind::plan;

static Bound bind(const StepReader &step) {
  switch (step.step.kind) {
  case StepKind::Elementwise:
    return bindElementwise(step);
  case StepKind::Reduce:
    return bindReduce(step);
  case StepKind::Product:
    return bindProduct(step);
  case StepKind::Convolution:
    return bindConvolution(step);
  case StepKind::Attention:
    return bindAttention(step);
  case StepKind::Rows:
    return bindRows(step);
  case StepKind::Pool:
    return bindPool(step);
  case StepKind::Copy:
    return bindMovement(step);
  case StepKind::Gather:
  case StepKind::ScatterAdd:
  case StepKind::Select:
  case StepKind::CheckIndices:
    return bindIndexing(step);
  case StepKind::SetNumber:
  case StepKind::Print:
  case StepKind::Assert:
  case StepKind::Jump:
  case StepKind::JumpUnless:
  case StepKind::LeaveUnless:
  case StepKind::LeaveAt:
  case StepKind::Advance:
    return bindControl(step);
  }
  __builtin_unreachable();
}

static constexpr int64_t alignUp(int64_t bytes) {
  return (bytes + MIND_WORKSPACE_ALIGNMENT - 1) & -MIND_WORKSPACE_ALIGNMENT;
}

std::unique_ptr<const BoundPlan>
BoundPlan::create(const Program &program, std::span<const int64_t> sizes) {
  std::unique_ptr<BoundPlan> plan(new BoundPlan);
  std::vector<int64_t> own;
  std::span<const int64_t> numbers = program.numbers;
  if (!program.symbols.empty()) {
    own = program.numbers;
    for (const Program::Symbol &symbol : program.symbols) {
      std::optional<int64_t> value = symbol.value.evaluate(sizes);
      if (!value)
        return nullptr;
      own[symbol.number] = *value;
    }
    numbers = own;
  }

  // Memory.
  std::vector<MemoryBlock> blocks;
  for (const Buffer &buffer : program.buffers)
    if (buffer.kind == BufferKind::Workspace) {
      int64_t bytes = numbers[buffer.bytes];
      if (bytes > INT64_MAX - MIND_WORKSPACE_ALIGNMENT)
        return nullptr;
      blocks.push_back({alignUp(bytes), buffer.first, buffer.last});
    }
  std::optional<MemoryPlan> memory = planMemory(blocks);
  if (!memory)
    return nullptr;
  plan->places.reserve(program.buffers.size());
  size_t block = 0;
  for (const Buffer &buffer : program.buffers)
    switch (buffer.kind) {
    case BufferKind::Workspace:
      plan->places.push_back({buffer.kind, uint64_t(memory->offsets[block++])});
      break;
    case BufferKind::Constant:
    case BufferKind::Input:
    case BufferKind::Result:
    case BufferKind::Part:
      plan->places.push_back({buffer.kind, buffer.index});
      break;
    }

  size_t scratch = 0;
  plan->steps.reserve(program.steps.size());
  for (const Step &step : program.steps) {
    plan->steps.push_back(bind(StepReader(program, step, numbers)));
    scratch = std::max(scratch, plan->steps.back()->scratchBytes());
  }
  // Constants are only read.
  plan->constants = const_cast<char *>(
      reinterpret_cast<const char *>(program.constants.data()));
  plan->numParameters = uint32_t(program.signature.parameters.size());
  plan->scratchAt =
      size_t(alignUp(int64_t(plan->places.size() * sizeof(char *))));
  plan->memoryAt = plan->scratchAt + size_t(alignUp(int64_t(scratch)));
  if (memory->size > INT64_MAX - int64_t(plan->memoryAt))
    return nullptr;
  plan->totalBytes = plan->memoryAt + size_t(memory->size);
  plan->memorySize = memory->size;
  plan->memoryLive = memory->live;
  return plan;
}

int32_t BoundPlan::run(MindContext &context, void *const *buffers,
                       void *workspace) const {
  char *memory = static_cast<char *>(workspace);
  char **table = reinterpret_cast<char **>(workspace);
  for (size_t i = 0; i < places.size(); ++i) {
    const Place &place = places[i];
    switch (place.kind) {
    case BufferKind::Input:
      table[i] = static_cast<char *>(buffers[place.at]);
      break;
    case BufferKind::Result:
      table[i] = static_cast<char *>(buffers[numParameters + place.at]);
      break;
    case BufferKind::Constant:
      table[i] = constants + place.at;
      break;
    case BufferKind::Workspace:
      table[i] = memory + memoryAt + place.at;
      break;
    case BufferKind::Part:
      break;
    }
  }
  Frame frame{context, table, memory + scratchAt};
  const uint32_t end = uint32_t(steps.size());
  while (frame.next < end)
    steps[frame.next++]->run(frame);
  return context.error_code;
}
