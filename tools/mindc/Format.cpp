//===- Format.cpp - mindc fmt ---------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Format/Format.h"
#include "Commands.h"
#include "Driver.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

static int formatFile(StringRef path, bool onlyChecks, Driver &driver) {
  std::unique_ptr<llvm::MemoryBuffer> source = driver.readFile(path);
  if (!source)
    return exitWrongUsage;
  SourceManager sources(Driver::displayName(path).str(), source->getBuffer());
  const SourceFile &file = sources.mainFile();
  DiagnosticEngine diagnostics;
  std::optional<std::string> formatted = format(file, diagnostics);
  if (!formatted)
    return driver.report(diagnostics, sources);
  bool changes = *formatted != file.text();
  if (onlyChecks) {
    if (changes)
      llvm::outs() << file.name() << '\n';
    return changes ? exitWrongProgram : exitSuccess;
  }
  if (!changes && path != "-")
    return exitSuccess;
  return driver.writeFile(path,
                          [&](llvm::raw_ostream &os) { os << *formatted; });
}

static int runFmt(const Arguments &arguments, Driver &driver) {
  int worst = exitSuccess;
  for (StringRef path : arguments.positional())
    worst = std::max(worst, formatFile(path, arguments.has("--check"), driver));
  return worst;
}

static const OptionSpec fmtOptions[] = {
    {"--check", "",
     "change nothing; list the files that would change,\n"
     "and exit with 1 if there are any"},
    diagnosticsOption};

const CommandSpec mindc::fmtCommand = {"fmt",
                                       "FILE...",
                                       "format programs in place",
                                       "Only white space changes, and commas "
                                       "before closing brackets. A file with\n"
                                       "errors of syntax is left as it is. `-` "
                                       "formats standard input to standard\n"
                                       "output.",
                                       fmtOptions,
                                       1,
                                       std::numeric_limits<size_t>::max(),
                                       runFmt};
