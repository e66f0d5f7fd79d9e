//===- Lowering.cpp - from the mind dialect to an executable --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Plan/Planner.h"
#include "Signatures.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/Error.h"

using namespace mind;

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

bool Compilation::lower(Phase phase) {
  if (phase == Phase::Opt && entry && !state.wantsObjectFile)
    for (auto function : state.module->getOps<mlir::func::FuncOp>())
      if (!function.isPrivate() && function.getName() != entry->name)
        function.setPrivate();
  if (phase == Phase::Opt && !state.options.verify) {
    session.optimizer().run(*state.module);
    return true;
  }

  MachineCodeGenerator *generator = nullptr;
  if (phase > Phase::Linalg) {
    llvm::Expected<MachineCodeGenerator &> made =
        session.generator(state.options.cpu);
    std::string problem;
    if (!made) {
      llvm::consumeError(made.takeError());
      problem = "processor `" + state.options.cpu + "`";
    } else if (state.wantsExecutable() && !made->runsHere()) {
      problem = "running code for processor `" + state.options.cpu +
                "` on this machine, which lacks some of its instructions,";
    }
    if (!problem.empty()) {
      state.diagnostics.report(DiagKind::NotSupported, {}, {problem});
      return false;
    }
    generator = &*made;
  }
  // The first error is the cause. With a code it is for the user; all others
  // are for us, since passes may only fail through a bug.
  FirstError error(session);
  if (phase == Phase::Llvm)
    session.codeBuilder.start(*generator, state.options,
                              state.options.reuseCode &&
                                  state.wantsExecutable());
  mlir::PassManager &passes = session.passes(
      phase, generator, generator && state.usesKernels(), state.options.verify);
  return mlir::succeeded(passes.run(*state.module)) || fail(phase, error);
}

/// The place in the source that `location` means.
static std::optional<mlir::FileLineColRange>
sourceLocation(mlir::LocationAttr location) {
  std::optional<mlir::FileLineColRange> found;
  location.walk([&](mlir::Location part) {
    found = llvm::dyn_cast<mlir::FileLineColRange>(part);
    return found && *found ? mlir::WalkResult::interrupt()
                           : mlir::WalkResult::advance();
  });
  return found && *found ? found : std::nullopt;
}

bool Compilation::reportCoded(const FirstError &error) {
  auto [code, message] = llvm::StringRef(error.message).split(": ");
  const DiagKind *kind =
      llvm::find_if(allDiagKinds(), [code = code](DiagKind kind) {
        return diagnosticCode(kind) == code;
      });
  if (kind == allDiagKinds().end())
    return false;
  SourceRange range;
  if (auto place =
          error.location ? sourceLocation(*error.location) : std::nullopt)
    if (const SourceFile *file = state.sources.find(place->getFilename())) {
      range.begin =
          file->offset({place->getStartLine(), place->getStartColumn()});
      range.end =
          std::max(range.begin + 1,
                   file->offset({place->getEndLine(), place->getEndColumn()}));
    }
  state.diagnostics.reportText(*kind, range, message.str());
  return true;
}

bool Compilation::translate() {
  MachineCodeGenerator &generator =
      llvm::cantFail(session.generator(state.options.cpu));
  state.llvmModule = generator.translate(*state.module, session.llvmContext());
  return state.llvmModule ||
         fail(Phase::Llvm, "the module cannot be translated to LLVM IR");
}

bool Compilation::emitObjectFile() {
  MachineCodeGenerator &generator =
      llvm::cantFail(session.generator(state.options.cpu));
  if (llvm::Error error = generator.emitObject(*state.llvmModule, state.object,
                                               state.usesKernels()))
    return fail(Phase::Object, llvm::toString(std::move(error)));
  for (const CheckedFunction *function : wantedFunctions()) {
    AotFunction &made = state.functions.emplace_back();
    made.symbol = getSymbolName(function->name);
    made.signature = signatureOf(state.program, *function);
    made.workspaceSize = workspaceSize(made.signature);
    made.sites = errorSites(function->name);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// The executable
//===----------------------------------------------------------------------===//

runtime::Dim
Compilation::workspaceSize(const runtime::Signature &signature) const {
  auto op = state.module->lookupSymbol<mlir::LLVM::LLVMFuncOp>(
      getSymbolName(signature.name));
  return toRuntime(getWorkspaceSize(op), signature.sizes);
}

std::vector<runtime::ErrorSite>
Compilation::errorSites(llvm::StringRef function) const {
  auto op = state.module->lookupSymbol<mlir::LLVM::LLVMFuncOp>(
      getSymbolName(function));
  auto attributes = op->getAttrOfType<mlir::ArrayAttr>(sitesAttr);
  std::vector<runtime::ErrorSite> sites;
  if (!attributes)
    return sites;
  for (auto fields : attributes.getAsRange<mlir::DictionaryAttr>()) {
    runtime::ErrorSite &site = sites.emplace_back();
    site.message = fields.getAs<mlir::StringAttr>("message").str();
    site.numValues = fields.getAs<mlir::IntegerAttr>("values").getInt();
    locate(site, fields.getAs<mlir::LocationAttr>("at"));
  }
  return sites;
}

void Compilation::locate(runtime::ErrorSite &site,
                         mlir::LocationAttr location) const {
  auto place = sourceLocation(location);
  const SourceFile *file =
      place ? state.sources.find(place->getFilename()) : nullptr;
  site.fileName = (file ? *file : state.sources.mainFile()).name().str();
  if (!file || place->getStartLine() == 0 ||
      place->getStartLine() > file->numLines())
    return;
  site.line = place->getStartLine();
  site.column = std::max(1u, place->getStartColumn());
  site.length = std::max(site.column + 1, place->getEndColumn()) - site.column;
  site.lineText = file->text(file->lineRange(site.line)).str();
}

std::vector<runtime::SizeRequirement>
Compilation::requirements(const runtime::Signature &signature) const {
  auto op = state.module->lookupSymbol<mlir::LLVM::LLVMFuncOp>(
      getSymbolName(signature.name));
  auto attributes = op->getAttrOfType<mlir::ArrayAttr>(requirementsAttr);
  std::vector<runtime::SizeRequirement> requirements;
  if (!attributes)
    return requirements;
  for (auto fields : attributes.getAsRange<mlir::DictionaryAttr>()) {
    runtime::SizeRequirement &requirement = requirements.emplace_back();
    Dims extents = *dimsOf(fields.getAs<DimsAttr>("extents"));
    for (const Dim &dim : extents)
      requirement.extents.push_back(toRuntime(dim, signature.sizes));
    if (auto least = fields.getAs<mlir::IntegerAttr>("least"))
      requirement.least = least.getInt();
    requirement.code = fields.getAs<mlir::IntegerAttr>("code").getInt();
    requirement.site = fields.getAs<mlir::IntegerAttr>("site").getInt();
  }
  return requirements;
}

bool Compilation::buildExecutable() {
  llvm::Expected<Jit &> jit = session.jit();
  if (!jit)
    return fail(Phase::Object, llvm::toString(jit.takeError()));
  auto code = session.codeBuilder.build(
      *state.module, llvm::cantFail(session.generator(state.options.cpu)),
      session.llvmContext(), *jit);
  if (!code)
    return fail(Phase::Object, llvm::toString(code.takeError()));
  state.codeParts = session.codeBuilder.counts();
  llvm::Expected<MindFunction> function =
      (*code)->lookup(getSymbolName(entry->name));
  if (!function)
    return fail(Phase::Object, llvm::toString(function.takeError()));

  runtime::FunctionDescription description;
  description.signature = signatureOf(state.program, *entry);
  description.workspaceSize = workspaceSize(description.signature);
  description.sites = errorSites(entry->name);
  description.requirements = requirements(description.signature);
  description.memory = session.memory;
  state.executable = std::make_shared<runtime::NativeExecutable>(
      std::move(description), *function, std::move(*code));
  return true;
}

//===----------------------------------------------------------------------===//
// Failures of ours
//===----------------------------------------------------------------------===//

/// The operation that an error of MLIR speaks of, or empty: it is the first
/// word in quotes.
static llvm::StringRef failedOperation(llvm::StringRef error) {
  llvm::StringRef rest = error.split('\'').second;
  return rest.contains('\'') ? rest.split('\'').first : "";
}

bool Compilation::fail(Phase phase, llvm::StringRef error,
                       std::optional<mlir::Location> location) {
  InternalError &internal = state.internalError.emplace();
  internal.phase = phase;
  llvm::StringRef operation = failedOperation(error);
  internal.message = "phase `" + std::string(phaseName(phase)) + "` failed";
  if (!operation.empty())
    internal.message += " on `" + operation.str() + "`";
  if (location)
    if (auto place = sourceLocation(*location)) {
      internal.fileName = place->getFilename().str();
      internal.line = place->getStartLine();
    }

  // The module is broken by now. Make again what the phase was given.
  llvm::raw_string_ostream os(internal.reproducer);
  os << "// " << error << '\n';
  if (phase <= Phase::Mind) {
    os << state.sources.mainFile().text();
    return false;
  }
  CompileOptions options = state.options;
  options.stopAfter = *parsePhase(phaseInfo(phase).parent);
  const SourceFile &main = state.sources.mainFile();
  CompileResult::State again(session);
  again.start(main.text(), main.name(), options, state.wantsObjectFile);
  Compilation(again).run();
  print(again, os);
  return false;
}
