//===- main.cpp - mind-bench, the benchmark's command -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Starts the orchestrator, which is Python (python/mind/bench), and tells it
// where this program is: with --worker it is the process in which MIND is
// timed.
//
//===----------------------------------------------------------------------===//

#include "Worker.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <vector>

using llvm::StringRef;

static constexpr int exitWrongUsage = 2;

/// The path below `root` of what is started.
static std::string pathIn(StringRef root, StringRef path) {
  llvm::SmallString<256> full(root);
  llvm::sys::path::append(full, path);
  return full.str().str();
}

/// The folder of the sources: two above build/bin, or where they were when this
/// program was configured. Empty if neither holds the orchestrator.
static std::string findSources(StringRef executable) {
  using llvm::sys::path::parent_path;
  StringRef beside = parent_path(parent_path(parent_path(executable)));
  for (StringRef root : {beside, StringRef(MIND_SOURCE_DIR)})
    if (llvm::sys::fs::exists(pathIn(root, "python/mind/bench/cli.py")))
      return root.str();
  return "";
}

/// The Python that was asked for, else the project's, else the first on PATH;
/// empty if there is none.
static std::string findPython(StringRef wanted, StringRef sources) {
  if (!wanted.empty()) {
    llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(wanted);
    return found ? *found : "";
  }
  std::string own = pathIn(sources, ".venv/bin/python");
  if (llvm::sys::fs::can_execute(own))
    return own;
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName("python3");
  return found ? *found : "";
}

static int fail(const llvm::Twine &message) {
  llvm::errs() << "mind-bench: error: " << message << '\n';
  return exitWrongUsage;
}

int main(int argc, char **argv) {
  if (argc == 2 && StringRef(argv[1]) == "--worker")
    return mind::bench::serveJobs();
  StringRef wantedPython;
  for (int i = 1; i != argc; ++i) {
    StringRef word = argv[i];
    if (word == "--version") {
      llvm::outs() << "mind-bench " MIND_VERSION " (LLVM " LLVM_VERSION_STRING
                      ")\n";
      return 0;
    }
    if (word.consume_front("--python=") ||
        (word == "--python" && i + 1 != argc))
      wantedPython = word == "--python" ? StringRef(argv[i + 1]) : word;
  }

  std::string executable = llvm::sys::fs::getMainExecutable(
      argv[0], reinterpret_cast<void *>(&main));
  std::string sources = findSources(executable);
  if (sources.empty())
    return fail("cannot find python/mind/bench beside " + executable +
                " or in " MIND_SOURCE_DIR);
  std::string python = findPython(wantedPython, sources);
  if (python.empty())
    return fail(wantedPython.empty()
                    ? "there is no python3 on PATH; install it, or run `make "
                      "setup`, or name one with --python PATH"
                    : "cannot run the Python given by --python: " +
                          wantedPython);

  // The package's Python part, and the extension that was built beside us.
  std::string path = pathIn(sources, "python") + ":" +
                     pathIn(llvm::sys::path::parent_path(
                                llvm::sys::path::parent_path(executable)),
                            "python");
  if (const char *others = std::getenv("PYTHONPATH"); others && *others)
    path += std::string(":") + others;
  setenv("PYTHONPATH", path.c_str(), /*overwrite=*/1);

  std::string programs = pathIn(sources, "bench/programs");
  std::vector<const char *> words = {python.c_str(),     "-m",
                                     "mind.bench",       "--mind-worker",
                                     executable.c_str(), "--programs-root",
                                     programs.c_str()};
  words.insert(words.end(), argv + 1, argv + argc);
  words.push_back(nullptr);
  execv(python.c_str(), const_cast<char *const *>(words.data()));
  return fail("cannot start " + python + ": " + std::strerror(errno));
}
