//===- main.cpp - mindc, the compiler's command -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "CrashReport.h"
#include "Driver.h"
#include "llvm/Support/FormatVariadic.h"
#include <csignal>
#include <unistd.h>

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

static const CommandSpec *const commands[] = {
    &runCommand, &checkCommand,   &emitCommand,   &buildCommand,
    &fmtCommand, &explainCommand, &phasesCommand, &opsCommand};

static void printOverview(llvm::raw_ostream &os) {
  os << "mindc, the compiler of the tensor language MIND\n\n"
        "Usage: mindc COMMAND [ARGUMENT...]\n\nCommands:\n";
  for (const CommandSpec *command : commands)
    os << llvm::formatv("  {0,-8} {1}\n", command->name, command->summary);
  os << "\n`mindc COMMAND --help` tells more about one. `mindc --version` "
        "prints the version.\nA file called `-` is standard input or output.\n";
}

static int runCommandLine(llvm::ArrayRef<const char *> words, Driver &driver) {
  if (words.empty()) {
    printOverview(llvm::errs());
    return exitWrongUsage;
  }
  StringRef name = words.front();
  if (name == "--help" || name == "-h" || name == "help") {
    printOverview(llvm::outs());
    return exitSuccess;
  }
  if (name == "--version") {
    llvm::outs() << "mindc " MIND_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
    return exitSuccess;
  }
  std::vector<StringRef> names;
  for (const CommandSpec *command : commands) {
    names.push_back(command->name);
    if (command->name != name)
      continue;
    std::string error;
    std::optional<Arguments> arguments =
        parseArguments(*command, words.drop_front(), error);
    if (!arguments)
      return driver.usageError(error + "; see `mindc " + name + " --help`");
    if (arguments->has("--help")) {
      printHelp(*command, llvm::outs());
      return exitSuccess;
    }
    return driver.configure(*arguments) ? command->run(*arguments, driver)
                                        : int(exitWrongUsage);
  }
  return driver.usageError("unknown command `" + name + "`" +
                           suggestion(name, names) + "; see `mindc --help`");
}

int main(int argc, char **argv) {
  // A closed pipe is then an error of writing like any other.
  std::signal(SIGPIPE, SIG_IGN);
  llvm::ArrayRef<const char *> words(argv, argv + argc);
  std::string commandLine = "mindc";
  for (const char *word : words.drop_front())
    commandLine += std::string(" ") + word;
  installCrashReport(commandLine);
  Driver driver(std::move(commandLine));
  int exitCode = driver.finish(runCommandLine(words.drop_front(), driver));
#ifdef NDEBUG
  // All is written. What is left is destructors, which take time and must not
  // run while the other tier is still being compiled; sanitizers want them.
  _exit(exitCode);
#endif
  return exitCode;
}
