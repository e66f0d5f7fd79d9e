//===- LowerRequirements.h - conditions on sizes ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_LOWERREQUIREMENTS_H
#define MIND_LIB_CODEGEN_LOWERREQUIREMENTS_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"

namespace mind {

/// Computes before `op` whether its condition holds, and records the error if
/// it does not. `op` is left, without effect.
RecordErrorOp lowerRequirement(RequireOp op);

} // namespace mind

#endif // MIND_LIB_CODEGEN_LOWERREQUIREMENTS_H
