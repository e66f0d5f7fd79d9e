//===- Driver.h - files, messages, exit codes ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the commands of mindc have in common.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_DRIVER_H
#define MIND_TOOLS_MINDC_DRIVER_H

#include "CommandLine.h"
#include "Mind/Compiler/Session.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mind::mindc {

/// The exit codes of all tools of the project.
enum ExitCode {
  exitSuccess = 0,
  /// The program or its data are wrong, and diagnostics say how.
  exitWrongProgram = 1,
  /// The command was used wrongly, or a file cannot be read or written.
  exitWrongUsage = 2,
  /// A bug of ours.
  exitInternalError = 70,
};

/// The options that every command that compiles has, in the order of use.
extern const OptionSpec diagnosticsOption;
extern const OptionSpec entryOption;
extern const OptionSpec cpuOption;
extern const OptionSpec verifyOption;
extern const OptionSpec tierOption;
extern const OptionSpec noKernelsOption;

/// Reads, writes and reports for one run of mindc.
class Driver {
public:
  /// `commandLine` is for the report of an internal error.
  explicit Driver(std::string commandLine);

  /// The session of the command. It is never taken apart, which takes time: its
  /// memory goes with the process.
  Session &session();

  /// Applies --diagnostics. Returns false after reporting a wrong value.
  bool configure(const Arguments &arguments);

  /// Reports on standard error in one line and returns the exit code.
  int usageError(const llvm::Twine &message);

  /// Reports a diagnostic that is not about the source text.
  int dataError(DiagKind kind, llvm::ArrayRef<std::string> arguments);
  /// Reports what a call refused, or how it failed.
  int runtimeError(const runtime::RuntimeError &error);

  /// Reports what `result` has to say: diagnostics, or an internal error with
  /// the file that its reproducer was written to.
  int report(CompileResult &result);
  /// Reports errors found in `sources` by the front end alone.
  int report(DiagnosticEngine &diagnostics, const SourceManager &sources);

  /// Reads a file, or standard input for "-"; a large file is mapped. Null
  /// after reporting a failure.
  std::unique_ptr<llvm::MemoryBuffer> readFile(llvm::StringRef path);

  /// Writes a file, or standard output for "-". The file appears under its
  /// name when it is whole, and not at all after a failure, which is reported.
  int writeFile(llvm::StringRef path,
                llvm::function_ref<void(llvm::raw_ostream &)> write);

  /// Ends output to standard output: what could not be written is reported.
  int finish(int exitCode);

  /// The options of a compilation; none after reporting a wrong one.
  std::optional<CompileOptions> compileOptions(const Arguments &arguments);

  /// How messages name the input `path`.
  static llvm::StringRef displayName(llvm::StringRef path) {
    return path == "-" ? "<stdin>" : path;
  }

private:
  int internalError(const InternalError &error);
  void render(const Diagnostic &diagnostic, const SourceManager &sources);

  std::string commandLine;
  bool json = false;
  bool colour;
};

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_DRIVER_H
