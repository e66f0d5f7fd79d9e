//===- Passes.td - passes that make plans --------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef MIND_PLAN_PASSES_TD
#define MIND_PLAN_PASSES_TD

include "mlir/Pass/PassBase.td"

def PrintPlan : Pass<"mind-print-plan", "::mlir::ModuleOp"> {
  let summary = "Print the plan of each function";
  let description = [{
    Binds every function, grouped by `mind-fuse`, to precompiled kernels, and
    prints the steps that this takes to the standard output. The module stays as
    it is. [plan.md](../plan.md) says how a plan reads.
  }];
}

#endif // MIND_PLAN_PASSES_TD
