//===- PlanExecutable.cpp - a plan, ready to call -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Plan/PlanExecutable.h"
#include <algorithm>

using namespace mind;
using namespace mind::plan;

PlanExecutable::PlanExecutable(std::shared_ptr<const Program> program)
    : Executable(program), ownProgram(std::move(program)) {
  if (ownProgram->signature.sizes.empty())
    onlyPlan = BoundPlan::create(*ownProgram, {});
}

PlanExecutable::~PlanExecutable() = default;

std::shared_ptr<const PlanExecutable::Bound>
PlanExecutable::bound(std::span<const int64_t> sizes) const {
  std::lock_guard lock(mutex);
  auto found = std::ranges::find_if(recent, [&](const auto &entry) {
    return std::ranges::equal(entry->sizes, sizes);
  });
  if (found != recent.end()) {
    std::rotate(recent.begin(), found, found + 1);
    return recent.front();
  }
  auto made = std::make_shared<Bound>();
  made->sizes.assign(sizes.begin(), sizes.end());
  made->plan = BoundPlan::create(*ownProgram, sizes);
  if (recent.size() == mostBound)
    recent.pop_back();
  recent.insert(recent.begin(), made);
  return made;
}

size_t PlanExecutable::workspaceSize(std::span<const int64_t> sizes) const {
  // Held, as calls in other threads may let go of it meanwhile.
  std::shared_ptr<const Bound> held;
  const BoundPlan *plan = onlyPlan.get();
  if (!plan) {
    held = bound(sizes);
    plan = held->plan.get();
  }
  // More than any machine has, if it cannot be counted.
  return plan ? plan->workspaceSize() : SIZE_MAX / 2;
}

int32_t PlanExecutable::invoke(MindContext &context, void *const *buffers,
                               const int64_t *sizes, void *workspace) const {
  if (onlyPlan)
    return onlyPlan->run(context, buffers, workspace);
  std::span<const int64_t> values(sizes, signature().sizes.size());
  return bound(values)->plan->run(context, buffers, workspace);
}
