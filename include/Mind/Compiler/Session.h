//===- Session.h - from source to something that runs ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The public C++ interface of the compiler:
// \code
//   mind::Session session;
//   mind::CompileResult result = session.compile(source, "model.mind", {});
//   if (result.ok())
//     status = result.executable()->run(inputs, results);
// \endcode
//
//===----------------------------------------------------------------------===//

#ifndef MIND_COMPILER_SESSION_H
#define MIND_COMPILER_SESSION_H

#include "Mind/Aot/Aot.h"
#include "Mind/Basic/Diagnostic.h"
#include "Mind/Pipeline/Phases.h"
#include "Mind/Runtime/Executable.h"
#include "Mind/Syntax/Imports.h"
#include "llvm/Support/raw_ostream.h"
#include <array>
#include <memory>
#include <string>

namespace mind {

/// What executes a program.
enum class Tier : uint8_t {
  Plan, ///< 0: precompiled kernels, in the order of a plan
  Code, ///< 1: machine code that is generated for the program
  /// First 0. When the time spent in calls has reached what 1 takes to compile,
  /// it is compiled in the background, and later calls are executed by it. But
  /// 1 at once if another option says whose instructions to use, or to call no
  /// kernels.
  Auto,
};

/// What people call 0, 1 or auto, or none.
constexpr std::optional<Tier> parseTier(std::string_view text) {
  if (text == "0")
    return Tier::Plan;
  if (text == "1")
    return Tier::Code;
  if (text == "auto")
    return Tier::Auto;
  return std::nullopt;
}

/// Every switch of a compilation.
struct CompileOptions {
  /// The function to make executable; empty: `main`, or the only one.
  std::string entry;
  /// Phases after this one are left out.
  Phase stopAfter = Phase::Object;
  /// What is to execute the program, where a compilation goes so far: if it is
  /// a plan at first, the compilation ends with phase `plan`.
  Tier tier = Tier::Code;
  /// Whose instructions to use: "native", or a name that LLVM knows, such as
  /// "x86-64-v3".
  std::string cpu = "native";
  /// Threads that a call may use; more than 1 is error E1190 so far.
  unsigned threads = 1;
  /// Threads that may generate code side by side, where there is so much of it
  /// that this pays; 0: as many as this process has processors. The code is the
  /// same for any number.
  unsigned compileThreads = 0;
  /// Whether functions that this process has compiled before need not be
  /// compiled again, and what is compiled is kept for that (see Session).
  bool reuseCode = true;
  /// Whether code that runs in this process may call precompiled kernels.
  /// Object files stand alone, and call none.
  bool kernels = true;
  /// Verify the module after every pass, to find the pass that breaks it.
  bool verify = false;
  /// Take the time of each phase. To look at the clock takes up to a tenth of
  /// the time of a small program's front end.
  bool timePhases = false;
  /// Errors beyond this number are counted, not kept.
  unsigned maxErrors = 50;
  /// Where imported files come from; null: from disk. Used during compile()
  /// only.
  ImportLoader *imports = nullptr;
};

/// Whether calls are executed by a plan, at first or always.
inline bool startsOnPlan(const CompileOptions &options) {
  return options.tier == Tier::Plan ||
         (options.tier == Tier::Auto && options.kernels &&
          options.cpu == "native");
}

/// A bug of the compiler: what to tell the person who met it.
struct InternalError {
  Phase phase;
  /// The operation that could not be handled, and why, in one line.
  std::string message;
  /// The line of source it comes from, or 0, and its file.
  uint32_t line = 0;
  std::string fileName;
  /// What makes the failure happen again, in MLIR's textual form where there
  /// is a module, else the source of the main file.
  std::string reproducer;
};

/// What generated code consists of; see CompileResult::codeParts.
struct CodePartCounts {
  size_t all = 0;
  /// Of these, the parts whose code was there already.
  size_t reused = 0;
};

/// Seconds spent in each phase, excluding those before it; 0 if it did not run,
/// or without CompileOptions::timePhases.
using PhaseTimings = std::array<double, numPhases>;

/// What a compilation leaves. It refers to its Session, and must go before it,
/// except for the executable, which stands alone.
class CompileResult {
public:
  CompileResult(CompileResult &&);
  CompileResult &operator=(CompileResult &&);
  ~CompileResult();

  /// Whether the phase that was asked for was reached.
  bool ok() const;
  /// That phase.
  Phase lastPhase() const;

  /// The program's files: the one that was compiled, and those it imports.
  const SourceManager &sources() const;
  /// What the program is told; for a program that is right, no error.
  DiagnosticEngine &diagnostics();
  /// Null unless the compiler itself failed.
  const InternalError *internalError() const;

  /// Null unless phase `object` or `plan` was reached, and a function chosen.
  std::shared_ptr<const runtime::Executable> executable() const;

  const PhaseTimings &timings() const;

  /// The parts in which an executable of Tier::Code was compiled: each large
  /// loop of its own and all the rest. None unless phase `object` was reached.
  CodePartCounts codeParts() const;

  /// Prints what the last phase left, as `mindc emit` does: a tree, a module,
  /// LLVM IR, or for `object` the assembly (which is made for the purpose).
  void print(llvm::raw_ostream &os);

  /// The object file that Session::compileObject leaves, and what is in it;
  /// empty unless phase `object` was reached.
  llvm::ArrayRef<char> objectFile() const;
  llvm::ArrayRef<AotFunction> objectFunctions() const;

  /// The compiler's own.
  struct State;

private:
  friend class Session;
  /// Leaves a state that is done with to the Session.
  struct GiveBack {
    void operator()(State *state) const;
  };
  using OwnState = std::unique_ptr<State, GiveBack>;

  explicit CompileResult(OwnState state);
  OwnState state;
};

class CodeCache;

/// Compiles programs, one at a time. It owns what is dear to make: the MLIR
/// context, the target machines and the engine that holds machine code in
/// memory, each made when it is first wanted. A Session belongs to one thread
/// at a time; several may be used side by side.
///
/// What it shares with others is `cache`: functions of machine code, each kept
/// under all that it was made from, so that equal ones are compiled once in a
/// process.
class Session {
public:
  /// With the cache of the process.
  Session();
  /// `cache` is not null.
  explicit Session(std::shared_ptr<CodeCache> cache);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Makes all that phases up to `phase` will want, so that a first
  /// compilation that is to be timed does not pay for it.
  void prepare(Phase phase = Phase::Object, llvm::StringRef cpu = "native");

  /// Compiles `source`. `fileName` is what messages call it, and imports are
  /// looked for beside it.
  CompileResult compile(llvm::StringRef source, llvm::StringRef fileName,
                        const CompileOptions &options = {});

  /// As compile, but leaves an object file with every function of the module
  /// instead of an executable.
  CompileResult compileObject(llvm::StringRef source, llvm::StringRef fileName,
                              const CompileOptions &options = {});

  /// Gives up what is compiled in the background, and waits for the phase that
  /// is running, a few milliseconds at most. Programs that this Session made
  /// with Tier::Auto stay on the tier where they are. Any thread may call this.
  ///
  /// That happens by itself when the Session and its programs are destroyed.
  /// Who leaves some of them to the end of the process calls this before main
  /// returns, since LLVM takes itself apart then.
  void stopBackgroundCompilation();

  /// The compiler's own.
  struct State;

private:
  CompileResult compile(llvm::StringRef source, llvm::StringRef fileName,
                        const CompileOptions &options, bool wantsObjectFile);

  std::unique_ptr<State> state;
};

} // namespace mind

#endif // MIND_COMPILER_SESSION_H
