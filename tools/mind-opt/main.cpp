//===- main.cpp - mind-opt, passes one by one -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR's `opt` with our dialect and passes, and the upstream ones they build
// on. It reads MIND source too, as the module in the mind dialect that the
// front end makes of it.
//
//===----------------------------------------------------------------------===//

#include "Mind/Pipeline/Pipelines.h"
#include "ReadSource.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

static llvm::cl::opt<bool> readsSource{
    "mind", llvm::cl::desc("The input is MIND source, as .mind files are"),
    llvm::cl::init(false)};

/// Leaves the options of LLVM's own passes and targets, hundreds of them, to
/// --help-hidden, so that --help shows MLIR's and ours.
static void hideOptionsOfLLVM() {
  for (auto &[name, option] : llvm::cl::getRegisteredOptions())
    if (option != &readsSource)
      option->setHiddenFlag(llvm::cl::Hidden);
}

static int fail(const llvm::Twine &message) {
  llvm::errs() << "mind-opt: error: " << message << '\n';
  return 2;
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  hideOptionsOfLLVM();
  mlir::DialectRegistry registry;
  mind::registerDialects(registry);
  mind::registerPassesAndPipelines();
  auto [inputName, outputName] = mlir::registerAndParseCLIOptions(
      argc, argv, "MIND's modular optimiser driver", registry);
  mlir::MlirOptMainConfig config =
      mlir::MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects()) {
    llvm::interleave(registry.getDialectNames(), llvm::outs(), "\n");
    llvm::outs() << '\n';
    return 0;
  }
  if (config.shouldListPasses()) {
    mlir::printRegisteredPasses();
    return 0;
  }

  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input =
      mlir::openInputFile(inputName, &error);
  if (!input)
    return fail(error);
  if (readsSource || llvm::StringRef(inputName).ends_with(".mind")) {
    input = mind::moduleOfSource(*input);
    if (!input)
      return 1;
  }
  std::unique_ptr<llvm::ToolOutputFile> output =
      mlir::openOutputFile(outputName, &error);
  if (!output)
    return fail(error);
  if (mlir::failed(
          mlir::MlirOptMain(output->os(), std::move(input), registry, config)))
    return 1;
  output->keep();
  return 0;
}
