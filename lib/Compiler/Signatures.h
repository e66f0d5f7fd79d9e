//===- Signatures.h - signatures for the run-time library ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_SIGNATURES_H
#define MIND_LIB_COMPILER_SIGNATURES_H

#include "Mind/Plan/Planner.h"
#include "Mind/Runtime/Signature.h"
#include "Mind/Sema/CheckedProgram.h"

namespace mind {

/// `signature` in the run-time library's terms.
runtime::Signature toRuntime(const FunctionSignature &signature);

} // namespace mind

#endif // MIND_LIB_COMPILER_SIGNATURES_H
