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
#include <chrono>

using namespace mind;

CompileResult::State::~State() {
  // The memory of a small program is worth more than it takes.
  constexpr size_t most = 1 << 16;
  if (program && program->values.capacity() <= most)
    session.spareProgram = std::move(program);
}

void Compilation::run() {
  using Clock = std::chrono::steady_clock;
  const Phase goal = state.goal();
  for (const PhaseInfo &info : phases) {
    if (!leadsTo(info.phase, goal))
      continue;
    if (state.isGivenUp && state.isGivenUp())
      return;
    Clock::time_point start = Clock::now();
    bool mayGoOn = runPhase(info.phase);
    state.timings[size_t(info.phase)] =
        std::chrono::duration<double>(Clock::now() - start).count();
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
    return lower(phase) && translate();
  case Phase::Object:
    return emitMachineCode() && (state.wantsObjectFile || load());
  }
  llvm_unreachable("not a phase");
}

//===----------------------------------------------------------------------===//
// The front end
//===----------------------------------------------------------------------===//

void Compilation::parse() {
  DiskImports disk;
  ImportLoader &loader = state.options.imports ? *state.options.imports : disk;
  state.tree.emplace(
      parseProgram(state.sources, loader, session.interner, state.diagnostics));
}

bool Compilation::check() {
  state.program = std::move(session.spareProgram);
  if (!state.program)
    state.program = std::make_unique<CheckedProgram>();
  session.checker.check(*state.tree, state.diagnostics, *state.program);
  return !state.diagnostics.hasErrors() && findEntry() &&
         (state.options.stopAfter <= Phase::Opt || checkSupported());
}

bool Compilation::findEntry() {
  const std::string &name = state.options.entry;
  std::vector<const CheckedFunction *> choices;
  for (const CheckedFunction &function : state.program->functions)
    if (function.isPublic)
      choices.push_back(&function);
  auto found = llvm::find_if(choices, [&](const CheckedFunction *function) {
    return function->name == (name.empty() ? "main" : name);
  });
  if (found != choices.end())
    entry = *found;
  else if (name.empty() && choices.size() == 1)
    entry = choices.front();

  std::string names =
      llvm::join(llvm::map_range(choices,
                                 [](const CheckedFunction *function) {
                                   return "`" + function->name.str() + "`";
                                 }),
                 ", ");
  if (!entry && !name.empty())
    state.diagnostics.report(DiagKind::UndefinedFunction, {}, {name})
        .note({}, choices.empty() ? "the program has no function"
                                  : "the program has " + names);
  else if (!entry && state.options.stopAfter == Phase::Object &&
           !state.wantsObjectFile)
    state.diagnostics
        .report(DiagKind::CannotInfer, {}, {"which function to run"})
        .note({}, choices.empty() ? "the program has no function"
                                  : "the program has " + names)
        .help(choices.empty() ? "write one" : "name it as the entry");
  return !state.diagnostics.hasErrors();
}

std::vector<const CheckedFunction *> Compilation::wantedFunctions() const {
  if (entry && !state.wantsObjectFile)
    return {entry};
  std::vector<const CheckedFunction *> functions;
  for (const CheckedFunction &function : state.program->functions)
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
  state.module = session.irGenerator().generate(*state.program, options);
  if (state.options.verify && mlir::failed(mlir::verify(*state.module)))
    return fail(Phase::Mind, "the module does not verify");
  return true;
}
