//===- main.cpp - mind-mlir-lsp-server, our dialect in editors --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR's language server for .mlir files, with the dialects that programs go
// through.
//
//===----------------------------------------------------------------------===//

#include "Mind/Pipeline/Pipelines.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "llvm/Support/LogicalResult.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mind::registerDialects(registry);
  return failed(mlir::MlirLspServerMain(argc, argv, registry));
}
