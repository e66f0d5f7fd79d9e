//===- Build.cpp - mindc build --------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Driver.h"
#include "Mind/Aot/Aot.h"
#include "llvm/Support/Path.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

static int runBuild(const Arguments &arguments, Driver &driver) {
  std::optional<CompileOptions> options = driver.compileOptions(arguments);
  if (!options)
    return exitWrongUsage;
  std::optional<StringRef> output = arguments.get("-o");
  if (!output)
    return driver.usageError("build wants -o OUT");
  StringRef extension = llvm::sys::path::extension(*output);
  if (extension != ".o" && extension != ".so" && extension != ".a")
    return driver.usageError("`" + *output +
                             "` ends in none of .o, .so and .a, which tell "
                             "what to build");

  StringRef path = arguments.positional()[0];
  std::unique_ptr<llvm::MemoryBuffer> source = driver.readFile(path);
  if (!source)
    return exitWrongUsage;
  CompileResult result = driver.session().compileObject(
      source->getBuffer(), Driver::displayName(path), *options);
  if (int code = driver.report(result))
    return code;

  StringRef stem = llvm::sys::path::stem(*output);
  Bytes bytes(result.objectFile().begin(), result.objectFile().end());
  if (extension != ".o") {
    llvm::Expected<Bytes> library =
        extension == ".a" ? makeArchive((stem + ".o").str(), bytes)
                          : makeSharedLibrary(bytes);
    if (!library)
      return driver.usageError(llvm::toString(library.takeError()));
    bytes = std::move(*library);
  }
  if (int code = driver.writeFile(*output, [&](llvm::raw_ostream &os) {
        os.write(bytes.data(), bytes.size());
      }))
    return code;
  std::string header = (output->drop_back(extension.size()) + ".h").str();
  return driver.writeFile(header, [&](llvm::raw_ostream &os) {
    os << makeHeader((stem + ".h").str(), result.objectFunctions());
  });
}

static const OptionSpec buildOptions[] = {
    {"-o", "OUT",
     "the file to make: an object (.o), a shared library\n"
     "(.so) or an archive (.a); a C header (.h) goes beside"},
    cpuOption,
    verifyOption,
    diagnosticsOption};

const CommandSpec mindc::buildCommand = {
    "build", "FILE",       "make an object file or library for C programs",
    "",      buildOptions, 1,
    1,       runBuild};
