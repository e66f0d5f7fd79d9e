//===- Planner.h - from the mind dialect to a plan -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PLAN_PLANNER_H
#define MIND_PLAN_PLANNER_H

#include "Mind/Runtime/Plan/Program.h"
#include "Mind/Shape/Dim.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <memory>

namespace mind {

/// A function as a plan, and where in the source its sites are.
struct PlannedFunction {
  /// Complete but for the signature and the places of the sites, of which the
  /// source tells more than the IR.
  std::shared_ptr<plan::Program> program = std::make_shared<plan::Program>();
  /// By site.
  std::vector<mlir::Location> locations;
};

/// Binds `function`, as phase `opt` leaves it, to precompiled kernels: one
/// walk, in which each group becomes a step or a few, and views become strides.
/// Fails, and reports, only on what no program of the language can hold.
mlir::LogicalResult planFunction(mlir::func::FuncOp function,
                                 PlannedFunction &planned);

/// Reports what planFunction counts on and only the compiler's own IR is sure
/// to have: one block, sizes that the function lists, one contraction a group.
mlir::LogicalResult verifyGrouped(mlir::func::FuncOp function);

/// `dim` over `sizes` in the run-time library's terms.
runtime::Dim toRuntime(const Dim &dim, llvm::ArrayRef<std::string> sizes);

} // namespace mind

#endif // MIND_PLAN_PLANNER_H
