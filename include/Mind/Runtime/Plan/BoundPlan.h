//===- BoundPlan.h - a plan for the sizes of a call ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_PLAN_BOUNDPLAN_H
#define MIND_RUNTIME_PLAN_BOUNDPLAN_H

#include "Mind/Runtime/Abi.h"
#include "Mind/Runtime/Plan/Program.h"
#include <memory>
#include <span>

namespace mind::plan {

/// A call on its way through a plan.
struct Frame {
  MindContext &context;
  /// Where each buffer of the program is.
  char **buffers;
  /// For a kernel's own use.
  void *scratch;
  /// The index of the step that comes next.
  uint32_t next = 0;
};

/// A step of which everything is decided but where the buffers are.
class BoundStep {
public:
  virtual ~BoundStep() = default;
  virtual void run(Frame &frame) const = 0;
  /// How many bytes of scratch memory it wants.
  virtual size_t scratchBytes() const { return 0; }
};

/// A program with every shape, stride, tile and offset fixed. Calls are const,
/// may come from several threads at once, and allocate nothing.
class BoundPlan {
public:
  /// Binds `program`, which must outlive the plan, to sizes that satisfy its
  /// requirements. Null if its memory cannot be counted in 63 bits.
  static std::unique_ptr<const BoundPlan>
  create(const Program &program, std::span<const int64_t> sizes);

  /// Bytes of workspace that a call needs, aligned to
  /// MIND_WORKSPACE_ALIGNMENT.
  size_t workspaceSize() const { return totalBytes; }
  /// Of these, how many hold tensors, and how many are in use at one time at
  /// most: no plan needs fewer.
  size_t tensorBytes() const { return size_t(memorySize); }
  size_t liveBytes() const { return size_t(memoryLive); }

  /// As a MindFunction, for the sizes that the plan is bound to.
  int32_t run(MindContext &context, void *const *buffers,
              void *workspace) const;

private:
  BoundPlan() = default;

  /// Where the memory of a buffer comes from, and from which byte on; of the
  /// caller's buffers, which it is.
  struct Place {
    BufferKind kind;
    uint64_t at;
  };

  std::vector<Place> places;
  std::vector<std::unique_ptr<const BoundStep>> steps;
  char *constants = nullptr;
  uint32_t numParameters = 0;
  size_t scratchAt = 0, memoryAt = 0, totalBytes = 0;
  int64_t memorySize = 0, memoryLive = 0;
};

} // namespace mind::plan

#endif // MIND_RUNTIME_PLAN_BOUNDPLAN_H
