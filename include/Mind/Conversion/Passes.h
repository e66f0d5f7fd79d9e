//===- Passes.h - conversions between dialects -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_CONVERSION_PASSES_H
#define MIND_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mind {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Mind/Conversion/Passes.h.inc"

} // namespace mind

#endif // MIND_CONVERSION_PASSES_H
