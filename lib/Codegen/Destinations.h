//===- Destinations.h - tensors that are written in place ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_DESTINATIONS_H
#define MIND_LIB_CODEGEN_DESTINATIONS_H

#include "mlir/IR/BuiltinOps.h"

namespace mind {

/// Whether every write to a tensor in `module` may go to the memory of the
/// tensor before: that is one of the function's own, and nothing reads it
/// afterwards. So it is in what code generation makes of most programs, and is
/// seen in one walk; what memory they share in general takes an analysis whose
/// cost grows with the square of the code. If so, tensors that end in a result
/// are bound to its buffer.
bool bindDestinations(mlir::ModuleOp module);

} // namespace mind

#endif // MIND_LIB_CODEGEN_DESTINATIONS_H
