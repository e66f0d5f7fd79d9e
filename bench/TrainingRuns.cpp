//===- TrainingRuns.cpp - what compilations usually do ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles the programs of the benchmark again and again, small ones more
// often, on the ways that are to be short: to the module, with and without the
// verifier, and to a plan. The profile of it is what release builds are made
// with (utils/record-profile.py). With the names of programs it compiles these
// to plans, and once again and calls them, which shows what is executed then
// (utils/record-startup-order.py). It measures nothing.
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Programs.h"
#include "Zeros.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace mind;

namespace {

class Training {
public:
  /// With the programs of these names, or all.
  explicit Training(llvm::ArrayRef<const char *> names) {
    session.prepare(Phase::Plan);
    programs.push_back({"long", bench::makeLongSource(40)});
    if (!names.empty())
      llvm::erase_if(programs, [&](const bench::Program &program) {
        return !llvm::is_contained(names, program.name);
      });
  }

  /// Compiles each program, until so many bytes have been, at least once.
  void compile(const CompileOptions &options, size_t mostBytes) {
    for (const bench::Program &program : programs)
      for (size_t bytes = 0; bytes == 0 || bytes < mostBytes;
           bytes += program.source.size())
        areRight &=
            session.compile(program.source, "training.mind", options).ok();
  }

  /// Compiles each program, and calls it: those with several functions and no
  /// `main` have nothing to call.
  void run(const CompileOptions &options) {
    for (const bench::Program &program : programs) {
      CompileResult result =
          session.compile(program.source, "training.mind", options);
      areRight &= result.ok();
      if (auto executable = result.executable())
        areRight &= call(*executable);
    }
  }

  bool areRight = true;

private:
  static bool call(const runtime::Executable &executable) {
    std::vector<runtime::Tensor> inputs, results;
    for (const runtime::Parameter &parameter :
         executable.signature().parameters)
      inputs.push_back(bench::makeZeros(parameter.type));
    return executable.run(inputs, results).ok();
  }

  Session session;
  std::vector<bench::Program> programs = bench::loadPrograms();
};

} // namespace

/// Found by its name.
extern "C" [[gnu::noinline]] void runAgain(Training &training,
                                           const CompileOptions &options) {
  training.run(options);
}

int main(int argc, char **argv) {
  const llvm::ArrayRef<const char *> names(argv + 1, argv + argc);
  Training training(names);
  CompileOptions plan;
  plan.stopAfter = Phase::Plan;
  plan.tier = Tier::Plan;
  if (!names.empty()) {
    training.run(plan);
    runAgain(training, plan);
    return training.areRight ? 0 : 1;
  }
  constexpr size_t bytesOfWay = 30000;
  CompileOptions module;
  module.stopAfter = Phase::Mind;
  training.compile(module, bytesOfWay);
  module.verify = true;
  training.compile(module, bytesOfWay);
  training.compile(plan, bytesOfWay);
  training.run(plan);
  return training.areRight ? 0 : 1;
}
