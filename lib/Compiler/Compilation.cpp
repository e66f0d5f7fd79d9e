//===- Compilation.cpp - one program on its way through the phases --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "Mind/IRGen/IRGen.h"
#include "Mind/Sema/Sema.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include <chrono>

using namespace mind;

void CompileResult::State::start(llvm::StringRef source,
                                 llvm::StringRef fileName,
                                 const CompileOptions &newOptions,
                                 bool newWantsObjectFile) {
  if (options.maxErrors != newOptions.maxErrors)
    diagnostics = DiagnosticEngine(newOptions.maxErrors);
  options = newOptions;
  wantsObjectFile = newWantsObjectFile;
  sources.restart(fileName, source);
}

void CompileResult::State::clear() {
  // The later from the earlier: so the later first.
  planned.reset();
  executable.reset();
  plans.clear();
  functions.clear();
  object = {};
  llvmModule.reset();
  if (module)
    session.irGenerator().recycle(std::move(module));
  // The memory of a small program is worth more than it takes.
  constexpr size_t most = 1 << 16;
  if (program.values.capacity() > most)
    program = {};
  if (tree.size() > most || sources.endOffset() > 16 * most) {
    tree = {};
    sources = {"", ""};
  }
  diagnostics.clear();
  isGivenUp = nullptr;
  internalError.reset();
  reached = false;
  timings = {};
  codeParts = {};
}

void Compilation::run() {
  using Clock = std::chrono::steady_clock;
  const Phase goal = state.goal();
  const bool isTimed = state.options.timePhases;
  Clock::time_point start;
  if (isTimed)
    start = Clock::now();
  for (uint32_t way = phasesOnTheWay[size_t(goal)]; way != 0; way &= way - 1) {
    const auto phase = Phase(llvm::countr_zero(way));
    if (state.isGivenUp && state.isGivenUp())
      return;
    bool mayGoOn = runPhase(phase);
    // Where a phase ends the next one begins: one look at the clock for both.
    if (isTimed) {
      Clock::time_point end = Clock::now();
      state.timings[size_t(phase)] =
          std::chrono::duration<double>(end - start).count();
      start = end;
    }
    if (!mayGoOn)
      return;
  }
  state.reached = !state.diagnostics.hasErrors();
}

bool Compilation::runPhase(Phase phase) {
  switch (phase) {
  case Phase::Parse:
    parse();
    return true; // The checker finds more errors in what could be read.
  case Phase::Check:
    return check();
  case Phase::Mind:
    return generateIR();
  case Phase::Opt:
  case Phase::Linalg:
  case Phase::Vector:
  case Phase::Bufferized:
    return lower(phase);
  case Phase::Plan:
    return plan();
  case Phase::Llvm:
    return lower(phase) && (state.wantsExecutable() || translate());
  case Phase::Object:
    return state.wantsExecutable() ? buildExecutable() : emitObjectFile();
  }
  llvm_unreachable("not a phase");
}

//===----------------------------------------------------------------------===//
// The front end
//===----------------------------------------------------------------------===//

void Compilation::parse() {
  DiskImports disk;
  ImportLoader &loader = state.options.imports ? *state.options.imports : disk;
  parseProgram(state.sources, loader, session.interner, state.diagnostics,
               state.tree);
}

bool Compilation::check() {
  session.checker.check(state.tree, state.diagnostics, state.program);
  return !state.diagnostics.hasErrors() && findEntry() &&
         (state.options.stopAfter <= Phase::Opt || checkSupported());
}

bool Compilation::findEntry() {
  llvm::StringRef name = state.options.entry;
  const CheckedFunction *only = nullptr;
  unsigned numChoices = 0;
  for (const CheckedFunction &function : state.program.functions) {
    if (!function.isPublic)
      continue;
    if (function.name == (name.empty() ? "main" : name)) {
      entry = &function;
      return true;
    }
    only = &function;
    ++numChoices;
  }
  if (name.empty() && numChoices == 1)
    entry = only;
  bool isWanted = !name.empty() || (state.options.stopAfter == Phase::Object &&
                                    !state.wantsObjectFile);
  if (!entry && isWanted)
    reportNoEntry(name);
  return entry || !isWanted;
}

void Compilation::reportNoEntry(llvm::StringRef name) {
  std::string names;
  for (const CheckedFunction &function : state.program.functions)
    if (function.isPublic)
      names += (names.empty() ? "`" : ", `") + function.name.str() + "`";
  std::string note = names.empty() ? "the program has no function"
                                   : "the program has " + names;
  if (!name.empty())
    state.diagnostics.report(DiagKind::UndefinedFunction, {}, {name.str()})
        .note({}, note);
  else
    state.diagnostics
        .report(DiagKind::CannotInfer, {}, {"which function to run"})
        .note({}, note)
        .help(names.empty() ? "write one" : "name it as the entry");
}

std::vector<const CheckedFunction *> Compilation::wantedFunctions() const {
  if (entry && !state.wantsObjectFile)
    return {entry};
  std::vector<const CheckedFunction *> functions;
  for (const CheckedFunction &function : state.program.functions)
    if (function.isPublic)
      functions.push_back(&function);
  return functions;
}

bool Compilation::checkSupported() {
  if (unsigned threads = state.options.threads; threads != 1)
    state.diagnostics.report(
        DiagKind::NotSupported, {},
        {"running on " + std::to_string(threads) + " threads"});
  return !state.diagnostics.hasErrors();
}

bool Compilation::generateIR() {
  // Nobody sees the other functions, or what arguments are called.
  IRGenOptions options;
  if (state.options.stopAfter > Phase::Mind && !state.wantsObjectFile)
    options.entry = entry;
  options.names = state.options.stopAfter < Phase::Object;
  state.module = session.irGenerator().generate(state.program, options);
  if (state.options.verify && mlir::failed(mlir::verify(*state.module)))
    return fail(Phase::Mind, "the module does not verify");
  return true;
}
