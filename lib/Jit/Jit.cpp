//===- Jit.cpp - machine code in this process ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Jit/Jit.h"
#include "Mind/Runtime/Kernels/EntryPoints.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

#include <atomic>
#include <cmath>
#include <cstring>

using namespace llvm;
using namespace llvm::orc;

namespace mind {

struct Jit::Engine {
  std::unique_ptr<LLJIT> jit;
  /// Numbers the libraries that objects are loaded as.
  std::atomic<uint64_t> count = 0;
};

struct Jit::Code::State {
  std::shared_ptr<Engine> engine;
  JITDylib *library;
};

Jit::Jit(std::shared_ptr<Engine> engine) : engine(std::move(engine)) {}
Jit::~Jit() = default;

/// What generated code may call.
static void addLibraryFunctions(LLJIT &jit, SymbolMap &symbols) {
  auto add = [&](StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {ExecutorAddr::fromPtr(function),
                                          JITSymbolFlags::Exported |
                                              JITSymbolFlags::Callable};
  };
#define MIND_LIBM_1(name)                                                      \
  add(#name, static_cast<double (*)(double)>(::name));                         \
  add(#name "f", static_cast<float (*)(float)>(::name##f));
#define MIND_LIBM_2(name)                                                      \
  add(#name, static_cast<double (*)(double, double)>(::name));                 \
  add(#name "f", static_cast<float (*)(float, float)>(::name##f));
  MIND_LIBM_1(acos)
  MIND_LIBM_1(acosh)
  MIND_LIBM_1(asin)
  MIND_LIBM_1(asinh)
  MIND_LIBM_1(atan)
  MIND_LIBM_1(atanh)
  MIND_LIBM_1(cbrt)
  MIND_LIBM_1(ceil)
  MIND_LIBM_1(cos)
  MIND_LIBM_1(cosh)
  MIND_LIBM_1(erf)
  MIND_LIBM_1(erfc)
  MIND_LIBM_1(exp)
  MIND_LIBM_1(exp2)
  MIND_LIBM_1(expm1)
  MIND_LIBM_1(floor)
  MIND_LIBM_1(log)
  MIND_LIBM_1(log10)
  MIND_LIBM_1(log1p)
  MIND_LIBM_1(log2)
  MIND_LIBM_1(nearbyint)
  MIND_LIBM_1(rint)
  MIND_LIBM_1(round)
  MIND_LIBM_1(sin)
  MIND_LIBM_1(sinh)
  MIND_LIBM_1(sqrt)
  MIND_LIBM_1(tan)
  MIND_LIBM_1(tanh)
  MIND_LIBM_1(trunc)
  MIND_LIBM_2(atan2)
  MIND_LIBM_2(fmod)
  MIND_LIBM_2(fmax)
  MIND_LIBM_2(fmin)
  MIND_LIBM_2(pow)
#undef MIND_LIBM_1
#undef MIND_LIBM_2
  add("roundeven", static_cast<double (*)(double)>(::nearbyint));
  add("roundevenf", static_cast<float (*)(float)>(::nearbyintf));
  add("fma", static_cast<double (*)(double, double, double)>(::fma));
  add("fmaf", static_cast<float (*)(float, float, float)>(::fmaf));
#ifdef __GLIBC__
  // LLVM makes one call of two where it knows that there is this function.
  add("sincos", &::sincos);
  add("sincosf", &::sincosf);
#endif
  add("memcpy", &::memcpy);
  add("memmove", &::memmove);
  add("memset", &::memset);
}

Expected<std::unique_ptr<Jit>> Jit::create() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  // No process symbols and no platform: objects define a function or two and
  // have no initialisers.
  auto jit = LLJITBuilder()
                 .setLinkProcessSymbolsByDefault(false)
                 .setPlatformSetUp(setUpInactivePlatform)
                 .create();
  if (!jit)
    return jit.takeError();
  SymbolMap symbols;
  addLibraryFunctions(**jit, symbols);
  for (const kernels::EntryPoint &kernel : kernels::entryPoints())
    symbols[(*jit)->mangleAndIntern(StringRef(kernel.name))] = {
        ExecutorAddr::fromPtr(kernel.address),
        JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  if (Error error =
          (*jit)->getMainJITDylib().define(absoluteSymbols(std::move(symbols))))
    return error;
  auto engine = std::make_shared<Engine>();
  engine->jit = std::move(*jit);
  return std::unique_ptr<Jit>(new Jit(std::move(engine)));
}

Expected<std::shared_ptr<const Jit::Code>>
Jit::load(SmallVector<char, 0> object) {
  LLJIT &jit = *engine->jit;
  uint64_t number = engine->count++;
  Expected<JITDylib &> library =
      jit.createJITDylib("object" + std::to_string(number));
  if (!library)
    return library.takeError();
  library->addToLinkOrder(jit.getMainJITDylib());
  auto state = std::make_unique<Code::State>();
  state->engine = engine;
  state->library = &*library;
  std::shared_ptr<const Code> code(new Code(std::move(state)));
  if (Error error =
          jit.addObjectFile(*library, std::make_unique<SmallVectorMemoryBuffer>(
                                          std::move(object), "object", false)))
    return error;
  return code;
}

Jit::Code::Code(std::unique_ptr<State> state) : state(std::move(state)) {}

Jit::Code::~Code() {
  ExecutionSession &session = state->engine->jit->getExecutionSession();
  if (Error error = session.removeJITDylib(*state->library))
    session.reportError(std::move(error));
}

Expected<MindFunction> Jit::Code::lookup(StringRef name) const {
  Expected<ExecutorAddr> address =
      state->engine->jit->lookup(*state->library, name);
  if (!address)
    return address.takeError();
  return address->toPtr<MindFunction>();
}

} // namespace mind
