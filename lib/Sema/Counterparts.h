//===- Counterparts.h - what other languages' names are here ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// People come from NumPy and PyTorch. Where a name of theirs is not defined,
// the diagnostic says what it is called here, which no edit distance finds.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_SEMA_COUNTERPARTS_H
#define MIND_LIB_SEMA_COUNTERPARTS_H

#include "llvm/ADT/StringRef.h"

namespace mind {

/// The help for an undefined function or method, or an empty string; likewise
/// below.
llvm::StringRef functionCounterpart(llvm::StringRef name);

/// The help for an undefined name of a value.
llvm::StringRef valueCounterpart(llvm::StringRef name);

/// The help for an undefined field of a tensor.
llvm::StringRef fieldCounterpart(llvm::StringRef name);

/// The type that is called so elsewhere, such as `f32` for `float32`.
llvm::StringRef typeCounterpart(llvm::StringRef name);

} // namespace mind

#endif // MIND_LIB_SEMA_COUNTERPARTS_H
