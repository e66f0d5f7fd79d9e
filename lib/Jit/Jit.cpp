//===- Jit.cpp - machine code in this process ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Jit/Jit.h"
#include "CodeMemory.h"
#include "Mind/Basic/DeferredConstructors.h"
#include "Mind/Runtime/Kernels/EntryPoints.h"

#include "llvm/ADT/bit.h"
#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/ExecutionEngine/Orc/SymbolStringPool.h"

#include <cmath>
#include <cstring>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

using namespace llvm;
using namespace llvm::jitlink;

#ifdef __x86_64__
// Of the compiler's library; of types that not all compilers know.
extern "C" {
void __extendhfsf2();
void __truncdfhf2();
void __truncsfhf2();
}

/// The bf16 nearest to `value`, ties to even, in the lowest bits of the
/// register that returns it: `__truncsfbf2`, which only later libraries have.
static __m128i truncateToBFloat(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  if (value != value)
    bits |= 1u << 22; // quiet, also where its lower bits are cut off
  else
    bits += 0x7FFF + (bits >> 16 & 1);
  return _mm_cvtsi32_si128(int(bits >> 16));
}
#endif

namespace mind {

static orc::ExecutorSymbolDef functionAt(void *address) {
  return {orc::ExecutorAddr::fromPtr(address),
          JITSymbolFlags::Exported | JITSymbolFlags::Callable};
}

struct Jit::Engine {
  CodeMemory memory;
  std::shared_ptr<orc::SymbolStringPool> names =
      std::make_shared<orc::SymbolStringPool>();
  /// What code may call.
  AsyncLookupResult symbols;

  template <typename FunctionT> void add(StringRef name, FunctionT *function) {
    symbols[names->intern(name)] =
        functionAt(reinterpret_cast<void *>(function));
  }
};

struct Jit::Code::State {
  std::shared_ptr<Engine> engine;
  CodeMemory::Block memory;
  StringMap<void *> functions;
  /// What it calls.
  SmallVector<std::shared_ptr<const Code>, 0> callees;
};

Jit::Jit(std::shared_ptr<Engine> engine) : engine(std::move(engine)) {}
Jit::~Jit() = default;

/// What generated code may call of the C library.
template <typename EngineT> static void addLibraryFunctions(EngineT &engine) {
#define MIND_LIBM_1(name)                                                      \
  engine.add(#name, static_cast<double (*)(double)>(::name));                  \
  engine.add(#name "f", static_cast<float (*)(float)>(::name##f));
#define MIND_LIBM_2(name)                                                      \
  engine.add(#name, static_cast<double (*)(double, double)>(::name));          \
  engine.add(#name "f", static_cast<float (*)(float, float)>(::name##f));
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
  engine.add("roundeven", static_cast<double (*)(double)>(::nearbyint));
  engine.add("roundevenf", static_cast<float (*)(float)>(::nearbyintf));
  engine.add("fma", static_cast<double (*)(double, double, double)>(::fma));
  engine.add("fmaf", static_cast<float (*)(float, float, float)>(::fmaf));
#ifdef __GLIBC__
  // LLVM makes one call of two where it knows that there is this function.
  engine.add("sincos", &::sincos);
  engine.add("sincosf", &::sincosf);
#endif
#ifdef __x86_64__
  // Conversions of f16 and bf16 on processors without instructions for them.
  engine.add("__extendhfsf2", &::__extendhfsf2);
  engine.add("__truncdfhf2", &::__truncdfhf2);
  engine.add("__truncsfhf2", &::__truncsfhf2);
  engine.add("__truncsfbf2", &::truncateToBFloat);
#endif
  engine.add("memcpy", &::memcpy);
  engine.add("memmove", &::memmove);
  engine.add("memset", &::memset);
}

namespace {
/// Memory on its way into use.
class PendingCode : public JITLinkMemoryManager::InFlightAlloc {
public:
  PendingCode(CodeMemory &owner, CodeMemory::Block memory)
      : owner(owner), memory(memory) {}

  void finalize(OnFinalizedFunction onFinalized) override {
    if (Error error = CodeMemory::makeExecutable(memory)) {
      owner.free(memory);
      return onFinalized(std::move(error));
    }
    onFinalized(JITLinkMemoryManager::FinalizedAlloc(
        orc::ExecutorAddr::fromPtr(memory.data())));
  }
  void abandon(OnAbandonedFunction onAbandoned) override {
    owner.free(memory);
    onAbandoned(Error::success());
  }

private:
  CodeMemory &owner;
  CodeMemory::Block memory;
};

/// Gives an object file memory: constants stand beside the code.
class ObjectMemory : public JITLinkMemoryManager {
public:
  explicit ObjectMemory(CodeMemory &owner) : owner(owner) {}

  void allocate(const JITLinkDylib *, LinkGraph &graph,
                OnAllocatedFunction onAllocated) override {
    BasicLayout layout(graph);
    auto sizeOf = [](const BasicLayout::Segment &segment) {
      return segment.ContentSize + segment.ZeroFillSize;
    };
    size_t size = 0;
    for (auto &[group, segment] : layout.segments())
      size = alignTo(size, segment.Alignment) + sizeOf(segment);
    Expected<CodeMemory::Block> block = owner.allocate(size);
    if (!block)
      return onAllocated(block.takeError());
    memory = *block;
    size = 0;
    for (auto &[group, segment] : layout.segments()) {
      size = alignTo(size, segment.Alignment);
      segment.WorkingMem = memory.data() + size;
      segment.Addr = orc::ExecutorAddr::fromPtr(segment.WorkingMem);
      std::memset(segment.WorkingMem + segment.ContentSize, 0,
                  segment.ZeroFillSize);
      size += sizeOf(segment);
    }
    if (Error error = layout.apply()) {
      owner.free(memory);
      return onAllocated(std::move(error));
    }
    onAllocated(std::make_unique<PendingCode>(owner, memory));
  }

  void deallocate(std::vector<FinalizedAlloc>, OnDeallocatedFunction) override {
    llvm_unreachable("Code frees its memory");
  }

  /// What was given.
  CodeMemory::Block memory;

private:
  CodeMemory &owner;
};

/// Links one object file, in this thread.
class Linker : public JITLinkContext {
public:
  Linker(ObjectMemory &memory, const AsyncLookupResult &symbols,
         const StringMap<void *> &callees, StringMap<void *> &functions,
         Error &error)
      : JITLinkContext(nullptr), memory(memory), symbols(symbols),
        callees(callees), functions(functions), error(error) {}

  JITLinkMemoryManager &getMemoryManager() override { return memory; }
  void notifyFailed(Error problem) override {
    ErrorAsOutParameter unchecked(&error);
    error = std::move(problem);
  }

  void lookup(const LookupMap &wanted,
              std::unique_ptr<JITLinkAsyncLookupContinuation> next) override {
    AsyncLookupResult found;
    for (const auto &[name, flags] : wanted) {
      if (void *callee = callees.lookup(*name)) {
        found[name] = functionAt(callee);
        continue;
      }
      auto symbol = symbols.find(name);
      if (symbol == symbols.end())
        return next->run(createStringError("code calls '" + *name +
                                           "', which it does not have"));
      found.insert(*symbol);
    }
    next->run(std::move(found));
  }

  Error notifyResolved(LinkGraph &graph) override {
    for (const Symbol *symbol : graph.defined_symbols())
      if (symbol->hasName() && symbol->getScope() == Scope::Default)
        functions[*symbol->getName()] = symbol->getAddress().toPtr<void *>();
    return Error::success();
  }

  void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc made) override {
    made.release();
  }

private:
  ObjectMemory &memory;
  const AsyncLookupResult &symbols;
  const StringMap<void *> &callees;
  StringMap<void *> &functions;
  Error &error;
};
} // namespace

Expected<std::unique_ptr<Jit>> Jit::create() {
  runDeferredConstructors();
  auto engine = std::make_shared<Engine>();
  addLibraryFunctions(*engine);
  for (const kernels::EntryPoint &kernel : kernels::entryPoints())
    engine->add(kernel.name, kernel.address);
  return std::unique_ptr<Jit>(new Jit(std::move(engine)));
}

Expected<std::shared_ptr<const Jit::Code>>
Jit::load(SmallVector<char, 0> object, ArrayRef<Callee> callees) {
  Expected<std::unique_ptr<LinkGraph>> graph = createLinkGraphFromObject(
      {StringRef(object.data(), object.size()), "object"}, engine->names);
  if (!graph)
    return graph.takeError();
  auto state = std::make_unique<Code::State>();
  StringMap<void *> addresses;
  for (const Callee &callee : callees) {
    Expected<MindFunction> function = callee.code->lookup(callee.nameInCode);
    if (!function)
      return function.takeError();
    addresses[callee.name] = reinterpret_cast<void *>(*function);
    state->callees.push_back(callee.code);
  }
  ObjectMemory memory(engine->memory);
  Error error = Error::success();
  link(std::move(*graph),
       std::make_unique<Linker>(memory, engine->symbols, addresses,
                                state->functions, error));
  if (error)
    return std::move(error);
  state->engine = engine;
  state->memory = memory.memory;
  return std::shared_ptr<const Code>(new Code(std::move(state)));
}

Jit::Code::Code(std::unique_ptr<State> state) : state(std::move(state)) {}

Jit::Code::~Code() { state->engine->memory.free(state->memory); }

size_t Jit::Code::size() const { return state->memory.size(); }

Expected<MindFunction> Jit::Code::lookup(StringRef name) const {
  auto function = state->functions.find(name);
  if (function == state->functions.end())
    return createStringError("the code has no function '" + name + "'");
  return reinterpret_cast<MindFunction>(function->second);
}

} // namespace mind
