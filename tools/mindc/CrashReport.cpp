//===- CrashReport.cpp - the last words of a process ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CrashReport.h"
#include "Driver.h"
#include "llvm/Support/ErrorHandling.h"
#include <csignal>
#include <cstring>
#include <unistd.h>

using namespace mind::mindc;

/// Composed beforehand, since a signal handler may not allocate. A signal
/// handler has no argument of ours, hence a variable of the process.
static std::string lastWords;

static void writeLastWords() {
  [[maybe_unused]] ssize_t written =
      write(STDERR_FILENO, lastWords.data(), lastWords.size());
}

static void onSignal(int) {
  writeLastWords();
  _exit(exitInternalError);
}

static void onFatalError(void *, const char *reason, bool) {
  // LLVM's reason is in its own terms; it helps who mends the bug.
  std::string message = std::string("mindc: internal error: ") + reason + "\n";
  [[maybe_unused]] ssize_t written =
      write(STDERR_FILENO, message.data(), message.size());
  writeLastWords();
  _exit(exitInternalError);
}

static void onBadAlloc(void *, const char *, bool) {
  constexpr char message[] = "mindc: error: memory does not suffice\n";
  [[maybe_unused]] ssize_t written =
      write(STDERR_FILENO, message, sizeof(message) - 1);
  _exit(exitWrongUsage);
}

void mind::mindc::installCrashReport(const std::string &commandLine) {
  lastWords =
      "mindc: internal error: the compiler crashed\nThis is a bug in "
      "MIND, not in the program. Please report it with the command\n  " +
      commandLine + "\nand the files it names.\n";
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);

  // An overflow of the stack leaves none to handle it on.
  static char stack[1 << 16];
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof(stack);
  sigaltstack(&alternative, nullptr);
  struct sigaction action{};
  action.sa_handler = onSignal;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
    sigaction(signal, &action, nullptr);
}
