//===- CallTable.h - loops over tables of calls ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ABI makes of mind.call_table.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_CALLTABLE_H
#define MIND_LIB_CODEGEN_CALLTABLE_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mind {

/// Turns mind.call_table into loops over constant data.
class CallTableLowering {
public:
  /// For `function`, which is given its first `numBuffers` arguments by an
  /// array of pointers, `buffers`, and the next one as `workspace`.
  CallTableLowering(mlir::ModuleOp module, mlir::func::FuncOp function,
                    mlir::Value buffers, mlir::Value workspace,
                    int64_t numBuffers)
      : module(module), function(function), buffers(buffers),
        workspace(workspace), numBuffers(numBuffers) {}

  void lower(CallTableOp op);

private:
  /// The address of a constant array of these numbers.
  mlir::Value makeConstant(mlir::ImplicitLocOpBuilder &builder,
                           llvm::ArrayRef<int64_t> numbers);
  /// Where the pointer to the workspace is in memory, as those of buffers are.
  mlir::Value getWorkspaceSlot();
  /// The operand that the two numbers at `entry` state.
  mlir::Value makeOperand(mlir::ImplicitLocOpBuilder &builder,
                          mlir::Value entry);

  mlir::ModuleOp module;
  mlir::func::FuncOp function;
  mlir::Value buffers, workspace, workspaceSlot;
  int64_t numBuffers;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_CALLTABLE_H
