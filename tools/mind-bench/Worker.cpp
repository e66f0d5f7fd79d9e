//===- Worker.cpp - the timed MIND process --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Worker.h"
#include "../mindc/Npy.h"
#include "Mind/Compiler/Session.h"
#include "Roof.h"
#include "Yardstick.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <tuple>

namespace mind::bench {
namespace {

using llvm::Expected;
using llvm::StringRef;
using llvm::json::Object;
using runtime::Tensor;
using Clock = std::chrono::steady_clock;

/// Calls before a steady sample, and behind the median that first-run loses.
constexpr int warmCalls = 5;
/// What takes less than this is sampled as the median of a burst.
constexpr double shortSeconds = 1e-3;
constexpr double burstSeconds = 10e-3;
constexpr size_t mostBurstCalls = 1000;
/// Calls too short for the clock are timed in blocks this long.
constexpr double blockSeconds = 20e-6;

/// What a warm process has compiled before.
constexpr const char unrelatedProgram[] =
    "fn main(x: Tensor<f32,[4,6]>) -> Tensor<f32,[4]> {\n"
    "    sum(x * 3 - 1, axes=[1])\n"
    "}\n";

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> &values) {
  auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

struct Sample {
  double seconds = 0;
  /// Calls or compilations behind it.
  size_t calls = 1;
  /// Seconds of the last phase alone; 0 where no phase is measured.
  double phaseSeconds = 0;
};

Object answerOf(const Sample &sample) {
  return Object{{"seconds", sample.seconds}, {"calls", int64_t(sample.calls)}};
}

/// One sample of what `measure` times once and `first` was the first time of:
/// that time itself, or if it is short the median of a burst.
template <typename Measure>
Expected<Sample> burst(double first, Measure measure) {
  if (first >= shortSeconds)
    return Sample{first, 1};
  std::vector<double> times = {first};
  Clock::time_point start = Clock::now();
  while (times.size() < mostBurstCalls && secondsSince(start) < burstSeconds) {
    Expected<double> time = measure();
    if (!time)
      return time.takeError();
    times.push_back(*time);
  }
  return Sample{median(times), times.size()};
}

/// A steady sample: the median of a burst of warm calls, of which `measure`
/// times `block` at once and gives the seconds of one.
template <typename Measure>
Expected<Sample> steadySample(size_t block, Measure measure) {
  std::vector<double> times;
  Clock::time_point start = Clock::now();
  while (times.size() < warmCalls || (times.size() < mostBurstCalls &&
                                      secondsSince(start) < burstSeconds)) {
    Expected<double> time = measure();
    if (!time)
      return time.takeError();
    times.push_back(*time);
  }
  size_t calls = times.size() * block;
  return Sample{median(times), calls};
}

/// A measurement as the orchestrator asks for it.
struct Job {
  std::string path;
  std::string source;
  std::string depth;
  std::string column;
  std::string output;
  std::vector<std::string> inputs;
  CompileOptions options;
  /// For how long the process is to have computed before a first run.
  double workSeconds = 0;
};

class Worker {
public:
  Expected<Object> answer(const Object &request);

private:
  Expected<Object> measure(const Object &request);
  Expected<Object> measureYardstick(StringRef name);
  Expected<Sample> compileDepth(Session &session, const Job &job);
  Expected<Sample> firstRun(Session &session, const Job &job);
  Expected<Sample> steady(Session &session, const Job &job);

  /// The Session of a warm process, which has compiled another program.
  Session &warmSession();

  std::unique_ptr<Session> warm;
  /// The yardstick's own, which has made all its modules before.
  std::unique_ptr<mlir::MLIRContext> yardstickContext;
  /// By path, tier, threads and use of kernels: what a steady job compiled.
  std::map<std::tuple<std::string, Tier, unsigned, bool>,
           std::shared_ptr<const runtime::Executable>>
      executables;
};

/// Why a compilation did not reach its phase, in one line.
llvm::Error compileFailure(CompileResult &result) {
  if (const InternalError *error = result.internalError())
    return failure("internal error: " + error->message);
  const Diagnostic &diagnostic = result.diagnostics().sorted().front();
  LineColumn place = result.sources()
                         .fileOf(diagnostic.range)
                         .lineColumn(diagnostic.range.begin);
  return failure("error[" + diagnosticCode(diagnostic.kind) +
                 "]: " + diagnostic.message + " (line " +
                 llvm::Twine(place.line) + ")");
}

Expected<std::unique_ptr<llvm::MemoryBuffer>> readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return failure(path + ": " + buffer.getError().message());
  return std::move(*buffer);
}

/// Elements go straight from a file to their tensor, as NumPy reads them:
/// another copy would push the others out of caches.
Expected<std::vector<Tensor>> readInputs(const Job &job) {
  std::vector<Tensor> inputs;
  for (const std::string &path : job.inputs) {
    Expected<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(path);
    if (!file)
      return file.takeError();
    std::string error;
    inputs.push_back(mindc::readNpy((*file)->getBuffer(), DType::F32, error));
    if (!inputs.back().valid())
      return failure(path + " " + error);
  }
  return inputs;
}

llvm::Error writeOutput(const Job &job, const std::vector<Tensor> &results) {
  if (job.output.empty())
    return llvm::Error::success();
  if (results.size() != 1)
    return failure("the program gives " + llvm::Twine(results.size()) +
                   " results, and the benchmark compares one");
  std::error_code code;
  llvm::raw_fd_ostream os(job.output, code);
  if (!code)
    mindc::writeNpy(results.front(), os);
  os.close();
  if (code || os.has_error()) {
    os.clear_error();
    return failure(job.output + " cannot be written");
  }
  return llvm::Error::success();
}

/// What the program prints is dropped: standard output carries the answers.
llvm::Error call(const runtime::Executable &executable,
                 const std::vector<Tensor> &inputs,
                 std::vector<Tensor> &results) {
  runtime::Status status = executable.run(inputs, results, runtime::Output());
  if (!status.ok())
    return failure("error[" + status.error().code +
                   "]: " + status.error().message);
  return llvm::Error::success();
}

/// Seconds of one warm call that allocates its results.
Expected<double> timeCall(const runtime::Executable &executable,
                          const std::vector<Tensor> &inputs, size_t block) {
  std::vector<Tensor> results;
  Clock::time_point start = Clock::now();
  for (size_t i = 0; i != block; ++i) {
    results.clear();
    if (llvm::Error error = call(executable, inputs, results))
      return error;
  }
  return secondsSince(start) / block;
}

/// The median of a few warm calls.
Expected<double> timeWarmCall(const runtime::Executable &executable,
                              const std::vector<Tensor> &inputs) {
  std::vector<double> times;
  for (int i = 0; i != warmCalls; ++i) {
    Expected<double> time = timeCall(executable, inputs, 1);
    if (!time)
      return time.takeError();
    times.push_back(*time);
  }
  return median(times);
}

/// What is timed is compiled from scratch, on one thread.
void compileAnew(CompileOptions &options) {
  options.reuseCode = false;
  options.compileThreads = 1;
}

/// Multiplies and adds for so long. A processor that has done without its
/// widest vectors for a few milliseconds computes with them at half its speed
/// for the next ones, which would be taken for what a first call costs.
void work(double seconds) {
  constexpr double operations = 1e6; // some 10 us
  for (Clock::time_point start = Clock::now(); secondsSince(start) < seconds;)
    multiplyAddRoof(operations);
}

/// Compiles another small program, and calls it.
void runUnrelated(Session &session, Tier tier) {
  CompileOptions options;
  options.tier = tier;
  compileAnew(options);
  std::vector<Tensor> inputs, results;
  inputs.emplace_back(DType::F32, std::vector<int64_t>{4, 6});
  std::fill_n(inputs.front().as<float>(), inputs.front().size(), 1.0f);
  CompileResult result =
      session.compile(unrelatedProgram, "unrelated.mind", options);
  if (result.ok() && result.executable())
    (void)result.executable()->run(inputs, results).ok();
}

Session &Worker::warmSession() {
  if (!warm) {
    warm = std::make_unique<Session>();
    warm->prepare();
    for (Tier tier : {Tier::Plan, Tier::Code})
      runUnrelated(*warm, tier);
  }
  return *warm;
}

Expected<Sample> Worker::compileDepth(Session &session, const Job &job) {
  // The front end's trees and modules are destroyed within the time, as those
  // of its yardstick are.
  bool isFrontEnd = job.options.stopAfter <= Phase::Mind;
  CompileOptions options = job.options;
  options.timePhases = true;
  std::vector<double> phaseTimes;
  auto compile = [&]() -> Expected<double> {
    Clock::time_point start = Clock::now();
    std::optional<CompileResult> result =
        session.compile(job.source, job.path, options);
    double seconds = secondsSince(start);
    if (!result->ok())
      return compileFailure(*result);
    if (options.timePhases)
      phaseTimes.push_back(result->timings()[size_t(options.stopAfter)]);
    if (isFrontEnd) {
      start = Clock::now();
      result.reset();
      seconds += secondsSince(start);
    }
    return seconds;
  };
  Expected<double> first = compile();
  if (!first)
    return first.takeError();
  if (job.column == "cold")
    return Sample{*first, 1, phaseTimes.front()};
  // Short phases are timed apart from the whole, which that would lengthen.
  options.timePhases = false;
  Expected<Sample> sample = burst(*first, compile);
  if (!sample)
    return sample;
  options.timePhases = true;
  if (Expected<Sample> timed = burst(*first, compile); !timed)
    return timed;
  sample->phaseSeconds = median(phaseTimes);
  return sample;
}

Expected<Sample> Worker::firstRun(Session &session, const Job &job) {
  // Before the inputs are read, which would be pushed out of caches meanwhile.
  work(job.workSeconds);
  Expected<std::vector<Tensor>> inputs = readInputs(job);
  if (!inputs)
    return inputs.takeError();
  // A process that has just been woken has nothing in its caches, the code of
  // the compiler included, which tier 0 would feel and no other system.
  if (job.column == "warm")
    runUnrelated(session, job.options.tier);
  std::vector<Tensor> results;
  Clock::time_point start = Clock::now();
  CompileResult result = session.compile(job.source, job.path, job.options);
  if (!result.ok())
    return compileFailure(result);
  std::shared_ptr<const runtime::Executable> executable = result.executable();
  double compilation = secondsSince(start);
  if (llvm::Error error = call(*executable, *inputs, results))
    return error;
  double seconds = secondsSince(start);
  Expected<double> warmCall = timeWarmCall(*executable, *inputs);
  if (!warmCall)
    return warmCall.takeError();
  if (llvm::Error error = writeOutput(job, results))
    return error;
  // A long call varies by more than compilation to tier 0 takes, which is not
  // to be lost in the difference.
  return Sample{std::max(seconds - *warmCall, compilation), 1};
}

Expected<Sample> Worker::steady(Session &session, const Job &job) {
  auto &executable = executables[{job.path, job.options.tier,
                                  job.options.threads, job.options.kernels}];
  if (!executable) {
    CompileResult result = session.compile(job.source, job.path, job.options);
    if (!result.ok())
      return compileFailure(result);
    executable = result.executable();
  }
  Expected<std::vector<Tensor>> inputs = readInputs(job);
  if (!inputs)
    return inputs.takeError();
  std::vector<Tensor> results;
  if (llvm::Error error = call(*executable, *inputs, results))
    return error;
  if (llvm::Error error = writeOutput(job, results))
    return error;
  Expected<double> warmCall = timeWarmCall(*executable, *inputs);
  if (!warmCall)
    return warmCall.takeError();
  size_t block = std::max<size_t>(1, blockSeconds / std::max(*warmCall, 1e-9));
  return steadySample(block,
                      [&] { return timeCall(*executable, *inputs, block); });
}

/// A steady sample of what takes `operations` multiplications and additions, if
/// it were nothing else.
Expected<Sample> steadyRoof(double operations) {
  return steadySample(1, [&]() -> Expected<double> {
    Clock::time_point start = Clock::now();
    multiplyAddRoof(operations);
    return secondsSince(start);
  });
}

/// Makes the yardstick's module `name`, or null if there is none of that name.
mlir::OwningOpRef<mlir::ModuleOp> makeYardstick(mlir::MLIRContext &context,
                                                StringRef name) {
  if (name == "matmul")
    return yardstick::makeMatmul(context, 10, 20, 30);
  if (name == "mlp")
    return yardstick::makeMlp(context);
  return nullptr;
}

Expected<Object> Worker::measureYardstick(StringRef name) {
  if (!yardstickContext) {
    yardstickContext = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);
    yardstick::loadDialects(*yardstickContext);
    for (StringRef each : {"matmul", "mlp"})
      (void)mlir::verify(*makeYardstick(*yardstickContext, each));
  }
  auto make = [&]() -> Expected<double> {
    Clock::time_point start = Clock::now();
    mlir::OwningOpRef<mlir::ModuleOp> module =
        makeYardstick(*yardstickContext, name);
    if (!module)
      return failure("no yardstick `" + name + "`");
    bool verifies = succeeded(mlir::verify(*module));
    module = nullptr;
    double seconds = secondsSince(start);
    if (!verifies)
      return failure("the yardstick does not verify");
    return seconds;
  };
  Expected<double> first = make();
  if (!first)
    return first.takeError();
  Expected<Sample> sample = burst(*first, make);
  if (!sample)
    return sample.takeError();
  return answerOf(*sample);
}

/// The operations that phase `plan` binds to kernels, groups not counted: what
/// its time may be divided by.
size_t countOperations(Session &session, const Job &job) {
  CompileOptions options = job.options;
  options.stopAfter = Phase::Opt;
  std::string text;
  llvm::raw_string_ostream os(text);
  session.compile(job.source, job.path, options).print(os);
  return StringRef(text).count(" = mind.") -
         StringRef(text).count(" = mind.group");
}

Expected<Object> Worker::measure(const Object &request) {
  auto text = [&](StringRef key) {
    return request.getString(key).value_or("").str();
  };
  if (std::optional<StringRef> yardstick = request.getString("yardstick"))
    return measureYardstick(*yardstick);
  if (std::optional<double> operations = request.getNumber("roof")) {
    Expected<Sample> sample = steadyRoof(*operations);
    if (!sample)
      return sample.takeError();
    return answerOf(*sample);
  }
  Job job;
  job.path = text("source");
  job.depth = text("depth");
  job.column = text("column");
  job.output = text("output");
  job.workSeconds = request.getNumber("work_seconds").value_or(0);
  job.options.verify = request.getBoolean("verify").value_or(false);
  job.options.kernels = request.getBoolean("kernels").value_or(true);
  compileAnew(job.options);
  job.options.tier =
      request.getInteger("tier").value_or(1) == 0 ? Tier::Plan : Tier::Code;
  if (const llvm::json::Array *inputs = request.getArray("inputs"))
    for (const llvm::json::Value &path : *inputs)
      job.inputs.push_back(path.getAsString().value_or("").str());
  Expected<std::unique_ptr<llvm::MemoryBuffer>> source = readFile(job.path);
  if (!source)
    return source.takeError();
  job.source = (*source)->getBuffer().str();

  std::optional<Phase> phase = parsePhase(job.depth);
  if (phase)
    job.options.stopAfter = *phase;
  bool plans = !phase && job.options.tier == Tier::Plan;
  // In the cold column nothing was compiled before in this process, but the
  // library is initialised, as PyTorch's is imported, outside the window.
  std::unique_ptr<Session> cold;
  if (job.column == "cold") {
    cold = std::make_unique<Session>();
    cold->prepare(plans ? Phase::Plan : job.options.stopAfter);
  }
  Session &session = cold ? *cold : warmSession();
  bool runs = !phase;
  if (runs && job.depth != "first-run" && job.depth != "steady")
    return failure("no depth `" + job.depth + "`");
  Expected<Sample> sample = phase                   ? compileDepth(session, job)
                            : job.depth == "steady" ? steady(session, job)
                                                    : firstRun(session, job);
  if (!sample)
    return sample.takeError();
  Object answer = answerOf(*sample);
  if (runs)
    answer["output"] = job.output;
  if (phase) {
    answer["phase_seconds"] = sample->phaseSeconds;
    if (*phase == Phase::Plan)
      answer["operations"] = int64_t(countOperations(session, job));
  }
  return answer;
}

Object describe() {
  llvm::json::Array depths;
  auto add = [&](std::string_view name, std::string_view phase,
                 std::string_view description, StringRef beside) {
    depths.push_back(Object{{"name", StringRef(name)},
                            {"phase", StringRef(phase)},
                            {"description", StringRef(description)},
                            {"beside", beside}});
  };
#define MIND_PHASE_DEPTH(Enumerator, Beside)                                   \
  add(phaseName(Phase::Enumerator), phaseName(Phase::Enumerator),              \
      phaseInfo(Phase::Enumerator).description, Beside);
#define MIND_DEPTH(Name, Description, Beside)                                  \
  add(Name, "", Description, Beside);
#include "Depths.def"
  return Object{{"version", MIND_VERSION},
                {"llvm", LLVM_VERSION_STRING},
                {"depths", std::move(depths)}};
}

Expected<Object> Worker::answer(const Object &request) {
  StringRef kind = request.getString("kind").value_or("");
  if (kind == "describe")
    return describe();
  if (kind == "roof") {
    unsigned threads = request.getInteger("threads").value_or(1);
    return Object{{"fma_flops", measureFmaRoof(threads)},
                  {"bandwidth_bytes", measureBandwidth(threads)}};
  }
  if (kind == "measure")
    return measure(request);
  return failure("no job of kind `" + kind + "`");
}

} // namespace

int serveJobs() {
  Worker worker;
  std::string line;
  while (std::getline(std::cin, line)) {
    Expected<llvm::json::Value> request = llvm::json::parse(line);
    const Object *object = request ? request->getAsObject() : nullptr;
    if (!request)
      llvm::consumeError(request.takeError());
    Expected<Object> answer =
        object ? worker.answer(*object)
               : Expected<Object>(failure("a job is one JSON object"));
    if (!answer)
      answer = Object{{"error", llvm::toString(answer.takeError())}};
    llvm::outs() << llvm::json::Value(std::move(*answer)) << '\n';
    llvm::outs().flush();
  }
  return 0;
}

} // namespace mind::bench
