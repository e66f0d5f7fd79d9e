//===- KernelCalls.h - from kernels in IR to calls -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_KERNELCALLS_H
#define MIND_LIB_CODEGEN_KERNELCALLS_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/PatternMatch.h"

#include <string>

namespace mind {

/// How kernels bufferise: where the strides of all operands are known, they are
/// planned.
void registerKernelBufferization(mlir::DialectRegistry &registry);

/// The names of the constants of a module that hold plans: each plan is one.
using PlanConstants = llvm::DenseMap<mlir::Attribute, std::string>;

/// Adds the patterns that turn kernels on memory into calls of
/// Mind/Runtime/Kernels/EntryPoints.h. `constants`, of the module at hand, must
/// live as long as they.
void populateKernelCalls(const mlir::LLVMTypeConverter &converter,
                         PlanConstants &constants,
                         mlir::RewritePatternSet &patterns);

} // namespace mind

#endif // MIND_LIB_CODEGEN_KERNELCALLS_H
