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

namespace mind {

/// How kernels bufferise: where the strides of all operands are known, they are
/// planned.
void registerKernelBufferization(mlir::DialectRegistry &registry);

/// Adds the patterns that turn kernels on memory into calls of
/// Mind/Runtime/Kernels/EntryPoints.h.
void populateKernelCalls(const mlir::LLVMTypeConverter &converter,
                         mlir::RewritePatternSet &patterns);

} // namespace mind

#endif // MIND_LIB_CODEGEN_KERNELCALLS_H
