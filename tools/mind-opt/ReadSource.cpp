//===- ReadSource.cpp - MIND source as a module ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReadSource.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/IRGen/IRGen.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Imports.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/MLIRContext.h"

using namespace mind;

std::unique_ptr<llvm::MemoryBuffer>
mind::moduleOfSource(const llvm::MemoryBuffer &source) {
  SourceManager sources(source.getBufferIdentifier().str(),
                        source.getBuffer().str());
  DiskImports disk;
  Interner interner;
  DiagnosticEngine diagnostics;
  Tree tree = parseProgram(sources, disk, interner, diagnostics);
  CheckedProgram program = check(tree, diagnostics);
  if (diagnostics.hasErrors()) {
    renderText(diagnostics, sources, llvm::errs());
    return nullptr;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  loadIRGenDialects(context);
  std::string bytecode;
  llvm::raw_string_ostream os(bytecode);
  if (failed(mlir::writeBytecodeToFile(*IRGenerator(context).generate(program),
                                       os)))
    return nullptr;
  return llvm::MemoryBuffer::getMemBufferCopy(bytecode,
                                              source.getBufferIdentifier());
}
