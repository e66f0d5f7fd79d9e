//===- Yardstick.h - what MLIR takes for the same modules -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times of a front end mean little on machines that differ. The yardstick is
// measured beside it: the same modules, made by hand in the way MLIR's
// documentation shows, with a location for each operation, types and attributes
// asked of the context where they are used, and builders generated from a
// dialect of four plain operations. Nothing is read, and nothing is checked but
// by mlir::verify.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BENCH_YARDSTICK_YARDSTICK_H
#define MIND_BENCH_YARDSTICK_YARDSTICK_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <cstdint>

namespace mind::yardstick {

/// Loads the yardstick's dialect, and func.
void loadDialects(mlir::MLIRContext &context);

/// The product of an [m, k] matrix of ones and a [k, n] one, in f32: 5
/// operations with the function and its return.
mlir::OwningOpRef<mlir::ModuleOp> makeMatmul(mlir::MLIRContext &context,
                                             int64_t m, int64_t k, int64_t n);

/// 32 images of 784 pixels through layers of 256 and 10, with a ReLU between
/// them: 12 operations.
mlir::OwningOpRef<mlir::ModuleOp> makeMlp(mlir::MLIRContext &context);

} // namespace mind::yardstick

#endif // MIND_BENCH_YARDSTICK_YARDSTICK_H
