//===- TrainingRuns.cpp - what compilations usually do ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles the programs of the benchmark again and again, small ones more
// often, on the ways that are to be short: to the module, with and without the
// verifier, and to a plan. The profile of it is what release builds are made
// with (utils/record-profile.py). It measures nothing.
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Programs.h"

using namespace mind;

/// Bytes of source for each way.
constexpr size_t bytesOfWay = 30000;

int main() {
  Session session;
  session.prepare(Phase::Plan);
  std::vector<bench::Program> programs = bench::loadPrograms();
  programs.push_back({"long", bench::makeLongSource(40)});
  bool areRight = true;
  auto compile = [&](const CompileOptions &options) {
    for (const bench::Program &program : programs)
      for (size_t bytes = 0; bytes < bytesOfWay; bytes += program.source.size())
        areRight &=
            session.compile(program.source, "training.mind", options).ok();
  };
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  compile(options);
  options.verify = true;
  compile(options);
  options.verify = false;
  options.stopAfter = Phase::Plan;
  options.tier = Tier::Plan;
  compile(options);
  return areRight ? 0 : 1;
}
