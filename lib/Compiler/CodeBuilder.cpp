//===- CodeBuilder.cpp - machine code of a module, in parts --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeBuilder.h"
#include "Thread.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/Threading.h"

using namespace mind;
using llvm::StringRef;

/// What a thread is worth starting for, in operations of parts (`mind.part`).
static constexpr size_t leastForThread = 32;
/// How many operations in the LLVM dialect, most of which prepare calls of
/// kernels, take as long as one in the loops of a part.
static constexpr size_t callsForOperation = 16;

/// A part that is to be compiled.
struct CodeBuilder::Task {
  /// Empty for the rest.
  std::string name;
  mlir::OwningOpRef<mlir::ModuleOp> part;
  mlir::ModuleOp module;
  size_t size;
  std::unique_ptr<llvm::Module> translated;
  llvm::SmallVector<char, 0> object;
  Code code;
};

/// Compiles parts, in one thread.
struct CodeBuilder::Worker {
  /// Its own, unless it has those of the Session. Kept for the next module.
  std::unique_ptr<MachineCodeGenerator> ownGenerator;
  std::unique_ptr<llvm::LLVMContext> ownContext;

  // For the module at hand.
  MachineCodeGenerator *generator = nullptr;
  std::string cpu;
  bool kernels = false;
  Jit *jit = nullptr;
  llvm::SmallVector<Task *> tasks;
  size_t size = 0;
  llvm::Error problem = llvm::Error::success();
  pthread_t thread;

  void run() {
    if (!generator) {
      auto made = MachineCodeGenerator::create(cpu);
      if (!made) {
        problem = made.takeError();
        return;
      }
      ownGenerator = std::move(*made);
      generator = ownGenerator.get();
    }
    for (Task *task : tasks)
      if ((problem = compile(*task)))
        return;
  }

private:
  llvm::Error compile(Task &task) {
    if (llvm::Error error =
            generator->emitObject(*task.translated, task.object, kernels))
      return error;
    task.translated.reset();
    // The rest waits for what it calls.
    if (task.name.empty())
      return llvm::Error::success();
    return jit->load(std::move(task.object)).moveInto(task.code);
  }
};

CodeBuilder::CodeBuilder(std::shared_ptr<CodeCache> cache)
    : cache(std::move(cache)) {}
CodeBuilder::~CodeBuilder() = default;

//===----------------------------------------------------------------------===//
// What is there
//===----------------------------------------------------------------------===//

void CodeBuilder::start(MachineCodeGenerator &generator,
                        const CompileOptions &options, bool reuseCode) {
  this->reuseCode = reuseCode;
  cpu = options.cpu;
  kernels = options.kernels;
  threads = options.compileThreads;
  searches.clear();
  llvm::TargetMachine &machine = generator.getTargetMachine();
  std::string processor =
      (machine.getTargetCPU() + "\n" + machine.getTargetFeatureString() + "\n")
          .str();
  processor += kernels ? "kernels\n" : "\n";
  if (target == processor)
    return;
  target = processor;
  workers.clear();
}

bool CodeBuilder::isKnown(StringRef name, StringRef text) {
  Search &search = searches[name.str()];
  search.text = text.str();
  // The rest can only be there if all that it calls is.
  if (!name.empty() || llvm::all_of(searches, [](const auto &known) {
        return known.first.empty() || known.second.code;
      }))
    search.code = cache->find(keyOf(name));
  return search.code != nullptr;
}

std::string CodeBuilder::keyOf(StringRef name) const {
  std::string key = target;
  // The rest calls parts by name: it is other code if these are. As long as it
  // is there so are they, and no other code can be where they are.
  if (name.empty())
    for (const auto &[part, search] : searches)
      if (!part.empty()) {
        const Jit::Code *callee = search.code.get();
        key += part + ' ';
        key.append(reinterpret_cast<const char *>(&callee), sizeof(callee));
      }
  return key + searches.find(name)->second.text;
}

CodeBuilder::Code CodeBuilder::share(StringRef name, Code made) {
  auto search = searches.find(name);
  if (search == searches.end())
    return made;
  return search->second.code = cache->add(keyOf(name), std::move(made));
}

//===----------------------------------------------------------------------===//
// What is new
//===----------------------------------------------------------------------===//

std::vector<CodeBuilder::Task> CodeBuilder::takeApart(mlir::ModuleOp module) {
  std::vector<Task> tasks;
  for (auto function :
       llvm::make_early_inc_range(module.getOps<mlir::LLVM::LLVMFuncOp>())) {
    auto size = function->getAttrOfType<mlir::IntegerAttr>(partAttr);
    if (!size || function.isExternal())
      continue;
    Task &task = tasks.emplace_back();
    task.name = function.getName().str();
    task.part = extractPart(module, task.name);
    task.module = *task.part;
    task.size = size.getInt();
  }
  Task &rest = tasks.emplace_back();
  rest.module = module;
  size_t numOps = 0;
  module.walk([&](mlir::Operation *) { ++numOps; });
  rest.size = numOps / callsForOperation;
  return tasks;
}

/// Gives each part, the largest first, to who has least to do. Who works in
/// this thread comes first: others may have to make a code generator before.
llvm::SmallVector<CodeBuilder::Worker *>
CodeBuilder::distribute(std::vector<Task> &tasks) {
  size_t size = 0;
  llvm::SmallVector<Task *> bySize;
  for (Task &task : tasks) {
    size += task.size;
    bySize.push_back(&task);
  }
  llvm::stable_sort(bySize, [](const Task *lhs, const Task *rhs) {
    return lhs->size > rhs->size;
  });
  size_t count = std::clamp<size_t>(size / leastForThread, 1, tasks.size());
  // The system is only asked how many processors there are if it matters.
  if (count > 1)
    count = std::min<size_t>(
        count, threads ? threads
                       : llvm::hardware_concurrency().compute_thread_count());
  while (workers.size() < count)
    workers.push_back(std::make_unique<Worker>());
  llvm::SmallVector<Worker *> chosen;
  for (size_t i = 0; i < count; ++i) {
    Worker &worker = *chosen.emplace_back(workers[i].get());
    worker.tasks.clear();
    worker.size = 0;
  }
  for (Task *task : bySize) {
    Worker *idle = *llvm::min_element(
        chosen, [](Worker *lhs, Worker *rhs) { return lhs->size < rhs->size; });
    idle->tasks.push_back(task);
    idle->size += task->size;
  }
  return chosen;
}

llvm::Expected<std::shared_ptr<const Jit::Code>>
CodeBuilder::build(mlir::ModuleOp module, MachineCodeGenerator &generator,
                   llvm::LLVMContext &context, Jit &jit) {
  auto rest = searches.find(StringRef());
  if (rest != searches.end() && rest->second.code) {
    partCounts = {searches.size(), searches.size()};
    Code known = std::move(rest->second.code);
    searches.clear();
    return known;
  }
  llvm::SmallVector<Jit::Callee> callees;
  for (const auto &[name, search] : searches)
    if (search.code)
      callees.push_back({name, search.code, partName});
  std::vector<Task> tasks = takeApart(module);
  partCounts = {callees.size() + tasks.size(), callees.size()};

  // MLIR's context is this thread's, so translation is, too. Its own parts come
  // last.
  llvm::SmallVector<Worker *> chosen = distribute(tasks);
  llvm::SmallVector<Worker *> started;
  llvm::Error error = llvm::Error::success();
  for (Worker *worker : llvm::reverse(chosen)) {
    const bool isHere = worker == chosen.front();
    if (!isHere && !worker->ownContext)
      worker->ownContext = std::make_unique<llvm::LLVMContext>();
    worker->generator = isHere ? &generator : worker->ownGenerator.get();
    worker->cpu = cpu;
    worker->kernels = kernels;
    worker->jit = &jit;
    for (Task *task : worker->tasks) {
      task->translated = generator.translate(
          task->module, isHere ? context : *worker->ownContext);
      if (!task->translated) {
        error = llvm::joinErrors(
            std::move(error),
            llvm::createStringError("a part cannot be translated to LLVM IR"));
        worker->tasks.clear();
        break;
      }
    }
    if (!isHere && startThread<&Worker::run>(worker->thread, *worker))
      started.push_back(worker);
    else
      worker->run();
  }
  for (Worker *worker : started)
    pthread_join(worker->thread, nullptr);
  for (Worker *worker : chosen)
    error = llvm::joinErrors(std::move(error), std::move(worker->problem));
  if (error)
    return std::move(error);

  for (Task &task : llvm::MutableArrayRef(tasks).drop_back())
    callees.push_back(
        {task.name, share(task.name, std::move(task.code)), partName});
  auto code = jit.load(std::move(tasks.back().object), callees);
  if (!code)
    return code.takeError();
  Code shared = share("", std::move(*code));
  searches.clear();
  return shared;
}
