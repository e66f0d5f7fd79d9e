//===- InputValue.h - the inputs of `mindc run` ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_INPUTVALUE_H
#define MIND_TOOLS_MINDC_INPUTVALUE_H

#include "Driver.h"

namespace mind::mindc {

/// Makes the inputs of a call from texts NAME=VALUE, one for each parameter.
/// VALUE is @file.npy, zeros, ones, random[:SEED], arange or a literal such as
/// [[1, 2], [3, 4]] (a number fills the whole tensor). Files and lists bind
/// named sizes, as do the texts NAME=N in `sizes`. Returns an exit code after
/// reporting a failure.
int makeInputs(const runtime::Executable &executable,
               llvm::ArrayRef<llvm::StringRef> values,
               llvm::ArrayRef<llvm::StringRef> sizes, Driver &driver,
               std::vector<runtime::Tensor> &inputs);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_INPUTVALUE_H
