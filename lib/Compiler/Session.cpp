//===- Session.cpp - from source to something that runs -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "BackgroundCompiler.h"
#include "Compilation.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Syntax/Printer.h"
#include "llvm/ADT/SmallString.h"

using namespace mind;

//===----------------------------------------------------------------------===//
// CompileResult
//===----------------------------------------------------------------------===//

void CompileResult::GiveBack::operator()(State *state) const {
  state->clear();
  state->session.spare.reset(state);
}

CompileResult::CompileResult(OwnState state) : state(std::move(state)) {}
CompileResult::CompileResult(CompileResult &&) = default;
CompileResult &CompileResult::operator=(CompileResult &&) = default;
CompileResult::~CompileResult() = default;

bool CompileResult::ok() const { return state->reached; }
Phase CompileResult::lastPhase() const { return state->goal(); }
const SourceManager &CompileResult::sources() const { return state->sources; }
DiagnosticEngine &CompileResult::diagnostics() { return state->diagnostics; }
const PhaseTimings &CompileResult::timings() const { return state->timings; }

CodePartCounts CompileResult::codeParts() const { return state->codeParts; }

const InternalError *CompileResult::internalError() const {
  return state->internalError ? &*state->internalError : nullptr;
}

std::shared_ptr<const runtime::Executable> CompileResult::executable() const {
  return state->executable;
}

llvm::ArrayRef<char> CompileResult::objectFile() const { return state->object; }

llvm::ArrayRef<AotFunction> CompileResult::objectFunctions() const {
  return state->functions;
}

void CompileResult::print(llvm::raw_ostream &os) { mind::print(*state, os); }

/// Assembly is made anew, of the whole program, since code generation has taken
/// its module apart and used up the LLVM IR.
static void printAssembly(CompileResult::State &state, llvm::raw_ostream &os) {
  CompileOptions options = state.options;
  options.stopAfter = Phase::Llvm;
  LoadedImports imports(state.sources);
  options.imports = &imports;
  const SourceFile &main = state.sources.mainFile();
  CompileResult::State again(state.session);
  again.start(main.text(), main.name(), options, state.wantsObjectFile);
  Compilation(again).run();
  MachineCodeGenerator &generator =
      llvm::cantFail(state.session.generator(state.options.cpu));
  llvm::SmallString<0> assembly;
  llvm::raw_svector_ostream assemblyOs(assembly);
  if (llvm::Error error = generator.emitAssembly(*again.llvmModule, assemblyOs,
                                                 state.usesKernels()))
    llvm::consumeError(std::move(error));
  os << assembly;
}

void mind::print(CompileResult::State &state, llvm::raw_ostream &os) {
  switch (state.goal()) {
  case Phase::Parse:
    mind::print(state.tree, os);
    return;
  case Phase::Check:
    state.program.print(os);
    return;
  case Phase::Mind:
  case Phase::Opt:
  case Phase::Linalg:
  case Phase::Vector:
  case Phase::Bufferized:
    state.module->print(os);
    os << '\n';
    return;
  case Phase::Plan:
    for (const auto &plan : state.plans)
      os << plan->text();
    if (state.planned)
      os << state.planned->program().text();
    return;
  case Phase::Llvm:
    state.llvmModule->print(os, /*AAW=*/nullptr);
    return;
  case Phase::Object:
    printAssembly(state, os);
    return;
  }
}

//===----------------------------------------------------------------------===//
// Session
//===----------------------------------------------------------------------===//

Session::Session() : Session(CodeCache::ofProcess()) {}
Session::Session(std::shared_ptr<CodeCache> cache)
    : state(std::make_unique<State>(std::move(cache))) {}
Session::~Session() = default;

void Session::prepare(Phase phase, llvm::StringRef cpu) {
  if (phase > Phase::Plan)
    state->addCodegenDialects();
  // The language's come last, and lie beside what compilations add to them.
  if (phase >= Phase::Mind)
    for (llvm::StringRef name : state->context().getAvailableDialects())
      if (name != MindDialect::getDialectNamespace())
        state->context().getOrLoadDialect(name);
  MachineCodeGenerator *generator = nullptr;
  if (phase > Phase::Linalg) {
    auto made = state->generator(cpu);
    if (!made) // The compilation will say so.
      return llvm::consumeError(made.takeError());
    generator = &*made;
  }
  for (const PhaseInfo &info : phases)
    if (info.phase > Phase::Mind && info.phase < Phase::Object &&
        info.phase != Phase::Plan && leadsTo(info.phase, phase))
      state->passes(info.phase,
                    info.phase > Phase::Linalg ? generator : nullptr,
                    /*kernels=*/info.phase > Phase::Linalg,
                    /*verify=*/false);
  if (phase >= Phase::Llvm)
    state->llvmContext();
  if (phase == Phase::Object)
    if (auto jit = state->jit(); !jit)
      llvm::consumeError(jit.takeError());
  if (phase >= Phase::Mind)
    state->irGenerator(); // loads the language's
}

void Session::stopBackgroundCompilation() { state->background->stop(); }

CompileResult Session::compile(llvm::StringRef source, llvm::StringRef fileName,
                               const CompileOptions &options) {
  return compile(source, fileName, options, /*wantsObjectFile=*/false);
}

CompileResult Session::compileObject(llvm::StringRef source,
                                     llvm::StringRef fileName,
                                     const CompileOptions &options) {
  return compile(source, fileName, options, /*wantsObjectFile=*/true);
}

CompileResult Session::compile(llvm::StringRef source, llvm::StringRef fileName,
                               const CompileOptions &options,
                               bool wantsObjectFile) {
  // What ends earlier takes a fraction of the time, and of the code.
  if (options.stopAfter >= Phase::Plan)
    state->nearMemory.expect();
  if (!state->spare)
    state->spare = std::make_unique<CompileResult::State>(*state);
  CompileResult::OwnState result(state->spare.release());
  result->start(source, fileName, options, wantsObjectFile);
  Compilation(*result).run();
  return CompileResult(std::move(result));
}
