//===- ReadSource.h - MIND source as a module ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MIND_OPT_READSOURCE_H
#define MIND_TOOLS_MIND_OPT_READSOURCE_H

#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace mind {

/// The module in the mind dialect that `source` stands for, as bytecode, which
/// unlike text keeps the locations. Null after printing diagnostics.
std::unique_ptr<llvm::MemoryBuffer>
moduleOfSource(const llvm::MemoryBuffer &source);

} // namespace mind

#endif // MIND_TOOLS_MIND_OPT_READSOURCE_H
