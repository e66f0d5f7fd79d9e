//===- Passes.h - passes that make plans -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PLAN_PASSES_H
#define MIND_PLAN_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mind {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Mind/Plan/Passes.h.inc"

} // namespace mind

#endif // MIND_PLAN_PASSES_H
