//===- Compile.cpp - check, emit ------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Driver.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

static constexpr size_t anyNumber = std::numeric_limits<size_t>::max();

//===----------------------------------------------------------------------===//
// check
//===----------------------------------------------------------------------===//

static int runCheck(const Arguments &arguments, Driver &driver) {
  CompileOptions options;
  options.stopAfter = Phase::Check;
  int worst = exitSuccess;
  for (StringRef path : arguments.positional()) {
    std::unique_ptr<llvm::MemoryBuffer> source = driver.readFile(path);
    if (!source) {
      worst = std::max<int>(worst, exitWrongUsage);
      continue;
    }
    CompileResult result = driver.session().compile(
        source->getBuffer(), Driver::displayName(path), options);
    worst = std::max(worst, driver.report(result));
  }
  return worst;
}

static const OptionSpec checkOptions[] = {diagnosticsOption};

const CommandSpec mindc::checkCommand = {
    "check",   "FILE...",    "report what is wrong with programs",
    "",        checkOptions, 1,
    anyNumber, runCheck};

//===----------------------------------------------------------------------===//
// emit
//===----------------------------------------------------------------------===//

static int runEmit(const Arguments &arguments, Driver &driver) {
  std::optional<CompileOptions> options = driver.compileOptions(arguments);
  if (!options)
    return exitWrongUsage;
  std::vector<StringRef> names;
  for (const PhaseInfo &info : phases)
    names.push_back(info.name);
  std::optional<StringRef> name = arguments.get("--stop-after");
  if (!name)
    return driver.usageError("emit wants --stop-after=PHASE, where PHASE is " +
                             llvm::join(names, ", "));
  std::optional<Phase> phase = parsePhase(*name);
  if (!phase)
    return driver.usageError("unknown phase `" + *name + "`" +
                             suggestion(*name, names) + "; see `mindc phases`");
  options->stopAfter = *phase;

  StringRef path = arguments.positional()[0];
  std::unique_ptr<llvm::MemoryBuffer> source = driver.readFile(path);
  if (!source)
    return exitWrongUsage;
  CompileResult result = driver.session().compile(
      source->getBuffer(), Driver::displayName(path), *options);
  if (int code = driver.report(result))
    return code;
  return driver.writeFile(arguments.get("-o").value_or("-"),
                          [&](llvm::raw_ostream &os) { result.print(os); });
}

static const OptionSpec emitOptions[] = {
    {"--stop-after", "PHASE", "the phase; `mindc phases` lists them"},
    {"-o", "FILE", "write to FILE instead of standard output"},
    entryOption,
    cpuOption,
    verifyOption,
    noKernelsOption,
    diagnosticsOption};

const CommandSpec mindc::emitCommand = {
    "emit", "FILE",      "print what a phase of the compiler leaves",
    "",     emitOptions, 1,
    1,      runEmit};
