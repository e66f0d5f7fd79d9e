//===- MachineCode.cpp - from the LLVM dialect to machine code -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/MachineCode.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
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

bool MachineCodeGenerator::runsHere() const {
  if (isNative)
    return true;
  StringSet<> enabled = enabledFeatures(*machine->getMCSubtargetInfo());
  return llvm::none_of(hostFeatures(), [&](const auto &feature) {
    return !feature.second && enabled.contains(feature.first());
  });
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

/// Whether functions are short and without loops, as those that only call
/// kernels are: how good their code is does not matter.
static bool isSimple(const Module &module) {
  constexpr size_t mostInstructions = 64;
  return llvm::all_of(module, [](const Function &function) {
    return function.size() <= 1 &&
           function.getInstructionCount() <= mostInstructions;
  });
}

/// The passes that make object files. Made once and used for every module:
/// making them costs as much as running them on a short function.
struct MachineCodeGenerator::ObjectPasses {
  SmallVector<char, 0> object;
  raw_svector_ostream os{object};
  legacy::PassManager passes;
};

MachineCodeGenerator::MachineCodeGenerator(
    std::unique_ptr<TargetMachine> machine, bool isNative)
    : machine(std::move(machine)), isNative(isNative) {}
MachineCodeGenerator::~MachineCodeGenerator() = default;

bool MachineCodeGenerator::prepare(Module &module) {
  const bool simple = isSimple(module);
  machine->setOptLevel(simple ? CodeGenOptLevel::None : CodeGenOptLevel::Less);
  machine->setFastISel(simple);
  if (!simple)
    shareAddresses(module, *machine);
  return simple;
}

static Error addPasses(TargetMachine &machine, legacy::PassManager &passes,
                       raw_pwrite_stream &os, CodeGenFileType type) {
  if (machine.addPassesToEmitFile(passes, os, nullptr, type,
                                  /*DisableVerify=*/true))
    return createStringError("the target cannot emit such a file");
  return Error::success();
}

Error MachineCodeGenerator::emitObject(Module &module,
                                       SmallVectorImpl<char> &object) {
  const bool simple = prepare(module);
  std::unique_ptr<ObjectPasses> &passes = objectPasses[simple];
  if (!passes) {
    passes = std::make_unique<ObjectPasses>();
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

Error MachineCodeGenerator::emitAssembly(Module &module,
                                         raw_pwrite_stream &os) {
  prepare(module);
  legacy::PassManager passes;
  if (Error error =
          addPasses(*machine, passes, os, CodeGenFileType::AssemblyFile))
    return error;
  passes.run(module);
  return Error::success();
}

} // namespace mind
