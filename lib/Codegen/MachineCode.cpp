//===- MachineCode.cpp - from the LLVM dialect to machine code -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/MachineCode.h"
#include "Mind/Basic/DeferredConstructors.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/PassRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"

using namespace llvm;

namespace mind {

/// What the processor that this runs on has and lacks. Asked for once: CPUID is
/// dear on virtual machines, whose hypervisor answers it.
static const StringMap<bool> &hostFeatures() {
  static const StringMap<bool> features = sys::getHostCPUFeatures();
  return features;
}

/// The features that `subtarget` has.
static StringSet<> enabledFeatures(const MCSubtargetInfo &subtarget) {
  StringSet<> enabled;
  for (const SubtargetFeatureKV &feature :
       subtarget.getEnabledProcessorFeatures())
    enabled.insert(feature.Key);
  return enabled;
}

/// How the processor that this runs on differs from others of its name, most of
/// all in what a hypervisor hides. Short, since LLVM looks subtargets up by it.
static std::string hostDifferences(const MCSubtargetInfo &named) {
  StringSet<> enabled = enabledFeatures(named);
  SmallVector<std::string> differences;
  for (const auto &[name, isThere] : hostFeatures())
    if (enabled.contains(name) != isThere)
      differences.push_back((isThere ? "+" : "-") + name.str());
  llvm::sort(differences);
  return llvm::join(differences, ",");
}

Expected<std::unique_ptr<MachineCodeGenerator>>
MachineCodeGenerator::create(StringRef cpu) {
  runDeferredConstructors();
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  Triple triple(sys::getProcessTriple());
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError(message);
  const bool isNative = cpu == "native";
  const StringRef name = isNative ? sys::getHostCPUName() : cpu;
  // Asked first, because LLVM prints a warning of its own about a machine for
  // an unknown processor.
  std::unique_ptr<MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, "", ""));
  if (!subtarget->isCPUStringValid(name))
    return createStringError("unknown processor '" + cpu + "'");
  std::string features;
  if (isNative) {
    subtarget.reset(target->createMCSubtargetInfo(triple, name, ""));
    features = hostDifferences(*subtarget);
  }
  TargetOptions options;
  // Less: as fast as the default on code that comes vectorised, and cheaper.
  std::unique_ptr<TargetMachine> machine(
      target->createTargetMachine(triple, name, features, options, Reloc::PIC_,
                                  std::nullopt, CodeGenOptLevel::Less));
  if (!machine)
    return createStringError("no code generator for " + triple.str());
  return std::unique_ptr<MachineCodeGenerator>(
      new MachineCodeGenerator(std::move(machine), isNative));
}

CodegenOptions MachineCodeGenerator::getCodegenOptions() const {
  const MCSubtargetInfo &subtarget = *machine->getMCSubtargetInfo();
  CodegenOptions options;
  if (subtarget.checkFeatures("+avx512f,+avx512vl,+avx512bw"))
    options = {512, 32};
  else if (!subtarget.checkFeatures("+avx2"))
    options = {128, 16};
  return options;
}

kernels::CpuLevel MachineCodeGenerator::getKernelLevel() const {
  const MCSubtargetInfo &subtarget = *machine->getMCSubtargetInfo();
  kernels::CpuLevel level = kernels::CpuLevel::Baseline;
  if (subtarget.checkFeatures("+avx512f,+avx512bw,+avx512cd,+avx512dq,"
                              "+avx512vl"))
    level = kernels::CpuLevel::V4;
  else if (subtarget.checkFeatures("+avx2,+fma,+bmi2"))
    level = kernels::CpuLevel::V3;
  // Kernels are for the processor that they run on.
  return std::min(level, kernels::cpuLevel());
}

std::unique_ptr<Module> MachineCodeGenerator::translate(mlir::ModuleOp module,
                                                        LLVMContext &context) {
  std::unique_ptr<Module> result =
      mlir::translateModuleToLLVMIR(module, context, "mind",
                                    /*disableVerification=*/true);
  if (result) {
    result->setDataLayout(machine->createDataLayout());
    result->setTargetTriple(machine->getTargetTriple());
  }
  return result;
}

/// Addresses come out of the conversion once an access: share them.
static void shareAddresses(Module &module, TargetMachine &machine) {
  FunctionAnalysisManager analyses;
  PassBuilder builder(&machine);
  builder.registerFunctionAnalyses(analyses);
  FunctionPassManager passes;
  passes.addPass(EarlyCSEPass());
  for (Function &function : module)
    if (!function.isDeclaration())
      passes.run(function, analyses);
}

/// Whether `function` does next to nothing but call kernels: how good its code
/// is does not matter.
static bool isSimple(Function &function) {
  constexpr ptrdiff_t mostComputations = 64, mostForEachCall = 16;
  auto calls = [](const Instruction &op) {
    return isa<CallInst>(op) && !isa<IntrinsicInst>(op);
  };
  auto computes = [&](const Instruction &op) {
    return !calls(op) && !isa<GetElementPtrInst, LoadInst, ReturnInst>(op);
  };
  if (llvm::count_if(instructions(function), computes) >
      std::max(mostComputations,
               mostForEachCall * llvm::count_if(instructions(function), calls)))
    return false;
  if (function.size() <= 1)
    return true;
  // A loop that calls nothing computes something.
  DominatorTree dominators(function);
  LoopInfo loops(dominators);
  return llvm::all_of(loops.getLoopsInPreorder(), [&](const Loop *loop) {
    return llvm::any_of(loop->blocks(), [&](const BasicBlock *block) {
      return llvm::any_of(*block, calls);
    });
  });
}

namespace {
/// How much is done for the code of a module.
enum Effort {
  /// It only calls kernels.
  Least,
  /// It has loops, but kernels do what takes long.
  Little,
  Much,
};

/// The passes of LLVM's code generator, less those that generated code has
/// nothing for: it knows no exceptions, garbage collection, threads, tiles,
/// x87, debug information or instrumentation.
class CodePasses : public legacy::PassManager {
public:
  explicit CodePasses(Effort effort) : effort(effort) {}

  void add(Pass *pass) override {
    const PassInfo *info =
        PassRegistry::getPassRegistry()->getPassInfo(pass->getPassID());
    if (info && isLeftOut(info->getPassArgument()))
      delete pass;
    else
      legacy::PassManager::add(pass);
  }

private:
  bool isLeftOut(StringRef name) const {
    constexpr StringLiteral idle =
        " atomic-expand callbrprepare cfi-instr-inserter "
        "dwarf-eh-prepare fentry-insert fixup-statepoint-caller-saved "
        "funclet-layout gc-analysis gc-lowering indirectbr-expand "
        "kcfi livedebugvalues machine-sanmd mergeicmps "
        "objc-arc-contract partially-inline-libcalls "
        "patchable-function post-inline-ee-instrument "
        "pseudo-probe-inserter regallocscoringpass "
        "remove-loads-into-fake-uses removeredundantdebugvalues "
        "replace-with-veclib safe-stack shadow-stack-gc-lowering "
        "stack-frame-layout stack-protector stackmap-liveness "
        "tilepreconfig x86-fast-pre-tile-config x86-fast-tile-config "
        "x86-fp-stackifier x86-lower-amx-intrinsics "
        "x86-lower-amx-type x86-lower-tile-copy x86-lvi-load "
        "x86-lvi-ret x86-return-thunks x86-seses x86-slh "
        "x86-suppress-apx-for-relocation x86-tile-config "
        "x86argumentstackrebase xray-instrumentation ";
    // A fifth of the time, for what only convolutions without kernels gain by.
    if (effort != Much && (name == "loop-reduce" || name == "canon-freeze"))
      return true;
    return idle.contains((" " + name + " ").str());
  }

  Effort effort;
};
} // namespace

/// The passes that make object files. Made once and used for every module:
/// making them costs as much as running them on a short function.
struct MachineCodeGenerator::ObjectPasses {
  explicit ObjectPasses(Effort effort) : passes(effort) {}

  SmallVector<char, 0> object;
  raw_svector_ostream os{object};
  CodePasses passes;
};

/// Whether this processor has every instruction that code for `subtarget` may
/// use.
static bool hasInstructionsOf(const MCSubtargetInfo &subtarget) {
  StringSet<> enabled = enabledFeatures(subtarget);
  return llvm::none_of(hostFeatures(), [&](const auto &feature) {
    return !feature.second && enabled.contains(feature.first());
  });
}

MachineCodeGenerator::MachineCodeGenerator(std::unique_ptr<TargetMachine> made,
                                           bool isNative)
    : machine(std::move(made)),
      canRunHere(isNative ||
                 hasInstructionsOf(*machine->getMCSubtargetInfo())) {}
MachineCodeGenerator::~MachineCodeGenerator() = default;

unsigned MachineCodeGenerator::prepare(Module &module, bool hasKernels) {
  const bool simple = llvm::all_of(module, isSimple);
  machine->setOptLevel(simple ? CodeGenOptLevel::None : CodeGenOptLevel::Less);
  machine->setFastISel(simple);
  for (Function &function : module)
    function.setDoesNotThrow();
  if (simple)
    return Least;
  shareAddresses(module, *machine);
  return hasKernels ? Little : Much;
}

static Error addPasses(TargetMachine &machine, legacy::PassManager &passes,
                       raw_pwrite_stream &os, CodeGenFileType type) {
  if (machine.addPassesToEmitFile(passes, os, nullptr, type,
                                  /*DisableVerify=*/true))
    return createStringError("the target cannot emit such a file");
  return Error::success();
}

Error MachineCodeGenerator::emitObject(Module &module,
                                       SmallVectorImpl<char> &object,
                                       bool hasKernels) {
  const Effort effort = Effort(prepare(module, hasKernels));
  std::unique_ptr<ObjectPasses> &passes = objectPasses[effort];
  if (!passes) {
    passes = std::make_unique<ObjectPasses>(effort);
    if (Error error = addPasses(*machine, passes->passes, passes->os,
                                CodeGenFileType::ObjectFile)) {
      passes.reset();
      return error;
    }
  }
  passes->object.clear();
  passes->passes.run(module);
  object.append(passes->object.begin(), passes->object.end());
  return Error::success();
}

Error MachineCodeGenerator::emitAssembly(Module &module, raw_pwrite_stream &os,
                                         bool hasKernels) {
  CodePasses passes(Effort(prepare(module, hasKernels)));
  if (Error error =
          addPasses(*machine, passes, os, CodeGenFileType::AssemblyFile))
    return error;
  passes.run(module);
  return Error::success();
}

} // namespace mind
