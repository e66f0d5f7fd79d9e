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

/// The parameters and results of a function as its caller outside of the
/// language sees them: tuples are taken apart into their tensors, the elements
/// of a parameter `t` being called `t.0`, `t.1`...
runtime::Signature signatureOf(const CheckedProgram &program,
                               const CheckedFunction &function);

} // namespace mind

#endif // MIND_LIB_COMPILER_SIGNATURES_H
