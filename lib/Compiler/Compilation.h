//===- Compilation.h - one program through the phases -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_COMPILER_COMPILATION_H
#define MIND_LIB_COMPILER_COMPILATION_H

#include "Mind/Runtime/Plan/PlanExecutable.h"
#include "Mind/Sema/CheckedProgram.h"
#include "Mind/Syntax/Tree.h"
#include "SessionState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/IR/Module.h"
#include <optional>
#include <utility>

namespace mind {

/// What a compilation is given, and what it leaves. A Session keeps one for the
/// next compilation, since to make all of it anew takes longer than to read a
/// few lines.
struct CompileResult::State {
  explicit State(Session::State &session) : session(session) {}

  /// Begins a compilation; the state is new or cleared.
  void start(llvm::StringRef source, llvm::StringRef fileName,
             const CompileOptions &options, bool wantsObjectFile);
  /// Lets go of what phases have left, save memory that is worth keeping.
  void clear();

  Session::State &session;
  CompileOptions options;
  /// An object file with all functions instead of an executable of one.
  bool wantsObjectFile = false;
  /// Whether machine code is to run in this process.
  bool wantsExecutable() const {
    return !wantsObjectFile && goal() == Phase::Object;
  }
  /// Whether code may call kernels; object files stand alone.
  bool usesKernels() const { return options.kernels && !wantsObjectFile; }
  SourceManager sources{"", ""};
  DiagnosticEngine diagnostics;

  // What phases leave, the later from the earlier.
  Tree tree;
  CheckedProgram program;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<llvm::Module> llvmModule;
  llvm::SmallVector<char, 0> object;
  /// What is in `object`.
  std::vector<AotFunction> functions;
  /// Of each function that is wanted.
  std::vector<std::shared_ptr<const plan::Program>> plans;
  std::shared_ptr<const runtime::Executable> executable;
  /// The plan of the entry, which is the executable or its first tier.
  std::shared_ptr<const plan::PlanExecutable> planned;

  /// The last phase to run.
  Phase goal() const {
    bool isPlan = startsOnPlan(options) && !wantsObjectFile &&
                  options.stopAfter == Phase::Object;
    return isPlan ? Phase::Plan : options.stopAfter;
  }
  /// Asked between phases, if it is there: whether to leave the rest.
  std::function<bool()> isGivenUp;
  /// Whether the last phase that was asked for succeeded.
  bool reached = false;
  PhaseTimings timings{};
  CodePartCounts codeParts;
  std::optional<InternalError> internalError;
};

/// Prints what the last phase left.
void print(CompileResult::State &state, llvm::raw_ostream &os);

/// The first error that MLIR reports while this is there, the cause of all that
/// come after it. Nobody else hears of them.
class FirstError {
public:
  explicit FirstError(Session::State &session)
      : session(session), outer(std::exchange(session.firstError, this)) {}
  FirstError(const FirstError &) = delete;
  ~FirstError() { session.firstError = outer; }

  void note(mlir::Diagnostic &diagnostic) {
    if (location || diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error)
      return;
    message = diagnostic.str();
    location = diagnostic.getLocation();
  }

  std::string message;
  /// None if there was no error.
  std::optional<mlir::Location> location;

private:
  Session::State &session;
  FirstError *const outer;
};

/// Takes one program through the phases.
class Compilation {
public:
  explicit Compilation(CompileResult::State &state)
      : state(state), session(state.session) {}

  /// Runs the phases up to CompileOptions::stopAfter and times each.
  void run();

private:
  /// Returns whether the next phase may run.
  bool runPhase(Phase phase);

  void parse();
  bool check();
  bool generateIR();
  bool lower(Phase phase);
  bool plan();
  /// Has `planned` go over to tier 1 when that pays.
  std::shared_ptr<const runtime::Executable> makeTiered();
  bool translate();
  bool emitObjectFile();
  bool buildExecutable();

  /// Finds the function to execute, and reports if there is none of that name.
  bool findEntry();
  void reportNoEntry(llvm::StringRef name);
  /// Reports what code cannot be generated for yet.
  bool checkSupported();
  /// The functions whose machine code is wanted.
  std::vector<const CheckedFunction *> wantedFunctions() const;
  /// Says in `site` where in the source `location` is.
  void locate(runtime::ErrorSite &site, mlir::LocationAttr location) const;
  std::vector<runtime::ErrorSite> errorSites(llvm::StringRef function) const;
  /// What the function with `signature` requires of its sizes.
  std::vector<runtime::SizeRequirement>
  requirements(const runtime::Signature &signature) const;
  runtime::Dim workspaceSize(const runtime::Signature &signature) const;

  /// Reports what a pass says of the user's program, "E1191: ..."; false if
  /// `error` is none of that kind.
  bool reportCoded(const FirstError &error);

  /// Records a failure that is our fault; `error` is MLIR's or LLVM's word.
  bool fail(Phase phase, llvm::StringRef error,
            std::optional<mlir::Location> location = std::nullopt);
  /// Reports the one or records the other. False.
  bool fail(Phase phase, const FirstError &error) {
    return !reportCoded(error) && fail(phase, error.message, error.location);
  }

  CompileResult::State &state;
  Session::State &session;
  /// Null if there are several functions to choose from.
  const CheckedFunction *entry = nullptr;
};

} // namespace mind

#endif // MIND_LIB_COMPILER_COMPILATION_H
