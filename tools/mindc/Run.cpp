//===- Run.cpp - mindc run ------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Driver.h"
#include "InputValue.h"
#include "Mind/Runtime/TensorText.h"
#include "Npy.h"
#include "llvm/Support/FormatVariadic.h"
#include <chrono>

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;
using runtime::Tensor;

/// One line for each phase that ran, one for the call, and what served it.
static void printTimings(const PhaseTimings &timings, Phase last,
                         double callSeconds, unsigned tier) {
  auto print = [](StringRef name, double seconds) {
    llvm::errs() << llvm::formatv("{0,-10} {1,9:f3} ms\n", name, seconds * 1e3);
  };
  double total = 0;
  for (const PhaseInfo &info : phases) {
    if (!leadsTo(info.phase, last))
      continue;
    double seconds = timings[size_t(info.phase)];
    total += seconds;
    print(StringRef(info.name), seconds);
  }
  print("compile", total);
  print("run", callSeconds);
  llvm::errs() << "tier " << tier << '\n';
}

/// FILE.npy, or for several results FILE.0.npy, FILE.1.npy...
static std::string outputPath(StringRef path, size_t index, size_t count) {
  if (count == 1 || path == "-")
    return path.str();
  StringRef stem = path;
  stem.consume_back(".npy");
  return (stem + "." + llvm::Twine(index) + ".npy").str();
}

static int runRun(const Arguments &arguments, Driver &driver) {
  std::optional<CompileOptions> options = driver.compileOptions(arguments);
  if (!options)
    return exitWrongUsage;
  if (!arguments.has(tierOption.name))
    options->tier = Tier::Auto;
  options->timePhases = arguments.has("--time");
  StringRef path = arguments.positional()[0];
  std::unique_ptr<llvm::MemoryBuffer> source = driver.readFile(path);
  if (!source)
    return exitWrongUsage;
  CompileResult compiled = driver.session().compile(
      source->getBuffer(), Driver::displayName(path), *options);
  if (int code = driver.report(compiled))
    return code;

  std::shared_ptr<const runtime::Executable> executable = compiled.executable();
  std::vector<Tensor> inputs, results;
  if (int code = makeInputs(*executable, arguments.all("--input"),
                            arguments.all("--size"), driver, inputs))
    return code;
  std::optional<StringRef> output = arguments.get("--output");
  // What the program prints comes before its results, in the same stream; it
  // must not get into a file that is written there.
  llvm::raw_ostream &printed = output == "-" ? llvm::errs() : llvm::outs();
  unsigned tier = executable->tier();
  auto start = std::chrono::steady_clock::now();
  runtime::Status status = executable->run(
      inputs, results, [&](std::string_view text) { printed << text; });
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  printed.flush();
  if (!status.ok())
    return driver.runtimeError(status.error());
  if (arguments.has("--time"))
    printTimings(compiled.timings(), compiled.lastPhase(), elapsed.count(),
                 tier);

  for (size_t i = 0; i < results.size(); ++i) {
    if (!output) {
      llvm::outs() << runtime::tensorText(results[i].view()) << '\n';
      continue;
    }
    if (int code = driver.writeFile(
            outputPath(*output, i, results.size()),
            [&](llvm::raw_ostream &os) { writeNpy(results[i], os); }))
      return code;
  }
  return exitSuccess;
}

static const OptionSpec runOptions[] = {
    {"--input", "NAME=VALUE",
     "the value of a parameter, one for each; VALUE is\n"
     "@FILE.npy, zeros, ones, random[:SEED] (floats from\n"
     "[-1, 1), integers from 0 to 9), arange, or a literal\n"
     "such as 1.5 (for every element) or [[1, 2], [3, 4]]"},
    {"--size", "NAME=N",
     "the value of a named size that no file or list tells"},
    {"--output", "FILE.npy",
     "write the result instead of printing it; several\n"
     "results go to FILE.0.npy, FILE.1.npy..."},
    entryOption,
    {"--time", "", "print the time that each phase took"},
    {"--threads", "N", "threads to run on (only 1 so far)"},
    cpuOption,
    verifyOption,
    tierOption,
    noKernelsOption,
    diagnosticsOption};

const CommandSpec mindc::runCommand = {
    "run", "FILE",     "compile a program, run it, print its results",
    "",    runOptions, 1,
    1,     runRun};
