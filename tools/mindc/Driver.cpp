//===- Driver.cpp - files, messages, exit codes ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Mind/Basic/DiagnosticRenderer.h"
#include "Mind/Compiler/RuntimeDiagnostic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>
#include <unistd.h>

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;
using llvm::Twine;

const OptionSpec mindc::diagnosticsOption = {
    "--diagnostics", "text|json",
    "how errors are written (default: text);\n"
    "json is one object a line"};
const OptionSpec mindc::entryOption = {
    "--entry", "NAME", "the function (default: main, or the only one)"};
const OptionSpec mindc::cpuOption = {
    "--cpu", "NAME",
    "whose instructions to use: native (the default),\n"
    "x86-64-v3, x86-64-v4, or another name that LLVM knows"};
const OptionSpec mindc::verifyOption = {"--verify", "",
                                        "check the module after every pass"};
const OptionSpec mindc::tierOption = {
    "--tier", "0|1|auto",
    "what executes the program: precompiled kernels (0),\n"
    "machine code that is generated for it (1), or first 0,\n"
    "then 1 once that pays (auto, the default: in effect 0\n"
    "for a single run)"};
const OptionSpec mindc::noKernelsOption = {
    "--no-kernels", "", "generate all code instead of calling kernels"};

/// Colours are for a terminal, and not for who sets NO_COLOR.
static bool wantsColour() {
  const char *noColour = std::getenv("NO_COLOR");
  const char *terminal = std::getenv("TERM");
  return !(noColour && *noColour) && isatty(STDERR_FILENO) &&
         StringRef(terminal ? terminal : "") != "dumb";
}

Driver::Driver(std::string commandLine)
    : commandLine(std::move(commandLine)), colour(wantsColour()) {}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

bool Driver::configure(const Arguments &arguments) {
  StringRef format = arguments.get(diagnosticsOption.name).value_or("text");
  if (format != "text" && format != "json") {
    usageError("--diagnostics is text or json, not `" + format + "`");
    return false;
  }
  json = format == "json";
  return true;
}

std::optional<CompileOptions>
Driver::compileOptions(const Arguments &arguments) {
  CompileOptions options;
  options.entry = arguments.get(entryOption.name).value_or("").str();
  options.cpu = arguments.get(cpuOption.name).value_or("native").str();
  options.verify = arguments.has(verifyOption.name);
  options.kernels = !arguments.has(noKernelsOption.name);
  if (std::optional<StringRef> name = arguments.get(tierOption.name)) {
    std::optional<Tier> tier = parseTier(*name);
    if (!tier) {
      usageError("--tier is 0, 1 or auto, not `" + *name + "`");
      return std::nullopt;
    }
    options.tier = *tier;
  }
  if (std::optional<StringRef> threads = arguments.get("--threads")) {
    if (threads->getAsInteger(10, options.threads) || options.threads == 0) {
      usageError("--threads wants a whole number from 1, not `" + *threads +
                 "`");
      return std::nullopt;
    }
  }
  return options;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

int Driver::usageError(const Twine &message) {
  llvm::errs() << "mindc: error: " << message << '\n';
  return exitWrongUsage;
}

void Driver::render(const Diagnostic &diagnostic,
                    const SourceManager &sources) {
  if (json)
    renderJson(diagnostic, sources, llvm::errs());
  else
    renderText(diagnostic, sources, llvm::errs(), colour);
}

int Driver::dataError(DiagKind kind, llvm::ArrayRef<std::string> arguments) {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.message = formatDiagnostic(kind, arguments);
  render(diagnostic, SourceManager("", ""));
  return exitWrongProgram;
}

int Driver::runtimeError(const runtime::RuntimeError &error) {
  auto [diagnostic, sources] = describe(error);
  render(diagnostic, sources);
  return exitWrongProgram;
}

int Driver::internalError(const InternalError &error) {
  llvm::raw_ostream &os = llvm::errs();
  os << "mindc: internal error: " << error.message << '\n';
  if (error.line)
    os << "  --> " << error.fileName << ':' << error.line << '\n';
  os << "This is a bug in MIND, not in the program. Please report it with the "
        "command\n  "
     << commandLine << '\n';
  int file;
  llvm::SmallString<128> path;
  StringRef suffix = error.phase <= Phase::Mind ? "mind" : "mlir";
  if (llvm::sys::fs::createTemporaryFile("mindc-reproducer", suffix, file,
                                         path))
    return exitInternalError;
  llvm::raw_fd_ostream out(file, /*shouldClose=*/true);
  out << error.reproducer;
  out.close();
  if (out.has_error()) {
    out.clear_error();
    llvm::sys::fs::remove(path);
    return exitInternalError;
  }
  os << "and the file that makes it happen again\n  " << path << '\n';
  return exitInternalError;
}

int Driver::report(DiagnosticEngine &diagnostics,
                   const SourceManager &sources) {
  if (json)
    renderJson(diagnostics, sources, llvm::errs());
  else
    renderText(diagnostics, sources, llvm::errs(), colour);
  return diagnostics.hasErrors() ? exitWrongProgram : exitSuccess;
}

int Driver::report(CompileResult &result) {
  report(result.diagnostics(), result.sources());
  if (const InternalError *error = result.internalError())
    return internalError(*error);
  return result.ok() ? exitSuccess : exitWrongProgram;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

std::unique_ptr<llvm::MemoryBuffer> Driver::readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) {
    usageError("cannot read `" + displayName(path) +
               "`: " + buffer.getError().message());
    return nullptr;
  }
  return std::move(*buffer);
}

int Driver::writeFile(StringRef path,
                      llvm::function_ref<void(llvm::raw_ostream &)> write) {
  if (path == "-") {
    write(llvm::outs());
    return exitSuccess;
  }
  auto fail = [&](std::error_code error) {
    return usageError("cannot write `" + path + "`: " + error.message());
  };
  // A device or a pipe is written to directly: it cannot be renamed over.
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      status.type() != llvm::sys::fs::file_type::regular_file) {
    std::error_code error;
    llvm::raw_fd_ostream os(path, error);
    if (error)
      return fail(error);
    write(os);
    os.close();
    error = os.error();
    os.clear_error();
    return error ? fail(error) : exitSuccess;
  }
  // A file that is replaced keeps its permissions, and a link to it its target.
  llvm::SmallString<128> target = path;
  bool exists = !llvm::sys::fs::real_path(path, target);
  if (!exists)
    target = path;
  llvm::Expected<llvm::sys::fs::TempFile> file =
      llvm::sys::fs::TempFile::create(target + ".%%%%%%.tmp", 0666);
  if (!file)
    return fail(llvm::errorToErrorCode(file.takeError()));
  if (exists)
    llvm::sys::fs::setPermissions(file->FD, status.permissions());
  llvm::raw_fd_ostream os(file->FD, /*shouldClose=*/false);
  write(os);
  os.flush();
  if (std::error_code error = os.error()) {
    os.clear_error();
    llvm::consumeError(file->discard());
    return fail(error);
  }
  if (llvm::Error error = file->keep(target))
    return fail(llvm::errorToErrorCode(std::move(error)));
  return exitSuccess;
}

Session &Driver::session() {
  static Session *session = new Session;
  return *session;
}

int Driver::finish(int exitCode) {
  llvm::raw_fd_ostream &os = llvm::outs();
  os.flush();
  std::error_code error = os.error();
  if (!error)
    return exitCode;
  os.clear_error();
  return usageError("cannot write to standard output: " + error.message());
}
