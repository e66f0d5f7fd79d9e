//===- KernelEpilogue.h - what follows a contraction -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_KERNELEPILOGUE_H
#define MIND_LIB_CODEGEN_KERNELEPILOGUE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mind {

/// A contraction, and what follows it and is bound to the same kernel:
/// activation((contraction - mean) / sqrt(variance + eps) * scale + bias +
/// residual), where what is not there is left out.
class KernelEpilogue {
public:
  /// Takes in what follows `contraction` as far as a kernel does it.
  explicit KernelEpilogue(mlir::linalg::LinalgOp contraction);

  /// The contraction and what follows, in order.
  mlir::SmallVector<mlir::Operation *> operations;
  /// A value for each column, or null; mean and variance both or none.
  mlir::Value mean, variance, scale, bias;
  mlir::FloatAttr eps;
  /// A tensor like the contraction's, or null.
  mlir::Value residual;
  /// By name (kernels::activationNames), or null.
  mlir::StringAttr activation;

  /// An addition, subtraction or multiplication by a value for each column.
  struct Step {
    mlir::Operation *op;
    mlir::Value columns;
  };

private:
  bool append(mlir::linalg::GenericOp user, mlir::Value sums);
  bool appendSteps(mlir::linalg::GenericOp user, mlir::Value sums);
  bool appendNormalization(mlir::ArrayRef<Step> steps);
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_KERNELEPILOGUE_H
