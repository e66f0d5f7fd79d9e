//===- PlanExecutable.h - a plan, ready to call ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_PLAN_PLANEXECUTABLE_H
#define MIND_RUNTIME_PLAN_PLANEXECUTABLE_H

#include "Mind/Runtime/Executable.h"
#include "Mind/Runtime/Plan/BoundPlan.h"
#include <atomic>
#include <mutex>

namespace mind::plan {

/// A function on tier 0. A program without named sizes is bound when it is
/// made; another one for each combination of sizes that it is called with, of
/// which the last few are kept.
class PlanExecutable final : public runtime::Executable {
public:
  /// Binds `program`, which the executable keeps and nobody changes any more.
  explicit PlanExecutable(std::shared_ptr<const Program> program);
  ~PlanExecutable() override;

  unsigned tier() const override { return 0; }
  size_t workspaceSize(std::span<const int64_t> sizes) const override;
  const Program &program() const { return *ownProgram; }

private:
  /// A plan and the sizes that it is for.
  struct Bound {
    std::vector<int64_t> sizes;
    std::unique_ptr<const BoundPlan> plan;
  };

  int32_t invoke(MindContext &context, void *const *buffers,
                 const int64_t *sizes, void *workspace) const override;
  std::shared_ptr<const Bound> bound(std::span<const int64_t> sizes) const;

  /// How many combinations of sizes are remembered.
  static constexpr size_t mostBound = 16;

  std::shared_ptr<const Program> ownProgram;
  /// Of a program without named sizes.
  std::unique_ptr<const BoundPlan> onlyPlan;
  mutable std::mutex mutex;
  /// The latest first.
  mutable std::vector<std::shared_ptr<const Bound>> recent;
};

} // namespace mind::plan

#endif // MIND_RUNTIME_PLAN_PLANEXECUTABLE_H
