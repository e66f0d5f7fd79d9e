//===- Signatures.h - signatures for the run-time library ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_SIGNATURES_H
#define MIND_LIB_COMPILER_SIGNATURES_H

#include "Mind/Runtime/Signature.h"
#include "Mind/Sema/CheckedProgram.h"

namespace mind {

/// `dim` over `sizes` in the run-time library's terms.
runtime::Dim toRuntime(const Dim &dim, llvm::ArrayRef<std::string> sizes);

/// `signature` in the run-time library's terms.
runtime::Signature toRuntime(const FunctionSignature &signature);

} // namespace mind

#endif // MIND_LIB_COMPILER_SIGNATURES_H
