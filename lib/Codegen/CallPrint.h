//===- CallPrint.h - prints on their way to the caller ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What bufferisation and the ABI make of mind.call_print.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_CALLPRINT_H
#define MIND_LIB_CODEGEN_CALLPRINT_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringMap.h"

namespace mind {

/// Registers how mind.call_print is bufferised: it reads its tensors, and wants
/// each dense.
void registerCallPrintBufferization(mlir::DialectRegistry &registry);

/// Turns mind.call_print on memrefs into calls of MindContext::print.
class CallPrintLowering {
public:
  explicit CallPrintLowering(mlir::ModuleOp module) : module(module) {}

  /// Lowers those of `function`, whose argument `context` is a MindContext;
  /// reports one that is still on tensors.
  llvm::LogicalResult run(mlir::func::FuncOp function, mlir::Value context);

private:
  void lower(CallPrintOp op, mlir::Value context);
  /// Fills `views` and `extents` for `op`.
  void storeViews(mlir::ImplicitLocOpBuilder &builder, CallPrintOp op);
  /// The address of `text`, which equal texts have in common.
  mlir::Value addressOf(mlir::OpBuilder &builder, mlir::Location loc,
                        llvm::StringRef text);

  mlir::ModuleOp module;
  llvm::StringMap<mlir::LLVM::GlobalOp> texts;
  /// Memory of the current function for the MindViews of a call, and for their
  /// extents; all calls have it in turn. Null where none is needed.
  mlir::Value views, extents;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_CALLPRINT_H
