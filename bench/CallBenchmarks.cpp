//===- CallBenchmarks.cpp - what a warm call costs --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each program on zeros, on both tiers, called at three heights: its function
// in C (of generated code alone: a plan has none), through Executable on the
// caller's outputs, and with fresh tensors as results. A program that goes from
// one tier to the other is called on the caller's outputs before that (a new
// one every thousand calls) and after it.
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/TieredExecutable.h"
#include "Programs.h"
#include "Zeros.h"
#include <benchmark/benchmark.h>
#include <tuple>

using namespace mind;
using runtime::NativeExecutable;
using runtime::Tensor;

namespace {

enum class Height { Function, Outputs, Tensors, Before, After };

void call(benchmark::State &state, Session &session, const std::string &source,
          Tier tier, Height height) {
  CompileOptions options;
  options.tier = tier;
  auto compile = [&] {
    return session.compile(source, "benchmark.mind", options).executable();
  };
  std::shared_ptr<const runtime::Executable> first = compile(), fresher = first;
  if (!first)
    return state.SkipWithError("the program does not compile");
  if (height == Height::After && !runtime::promote(*first))
    return state.SkipWithError("there is no tier 1");
  const runtime::Executable &executable = *first;
  const runtime::Signature &signature = executable.signature();
  if (!signature.sizes.empty())
    return state.SkipWithError("the program has named sizes");

  std::vector<Tensor> inputs, results;
  std::vector<const void *> inputData;
  std::vector<void *> outputData, buffers;
  for (const runtime::Parameter &parameter : signature.parameters) {
    Tensor &input = inputs.emplace_back(bench::makeZeros(parameter.type));
    inputData.push_back(input.data());
    buffers.push_back(input.data());
  }
  for (const runtime::TensorType &type : signature.results) {
    Tensor &output = results.emplace_back(bench::makeZeros(type));
    outputData.push_back(output.data());
    buffers.push_back(output.data());
  }
  std::vector<Tensor> fresh;
  runtime::AlignedBuffer workspace(executable.workspaceSize());
  int numCalls = 0;
  for (auto _ : state) {
    bool ok = false;
    switch (height) {
    case Height::Function: {
      MindContext context = {};
      context.abi_version = MIND_ABI_VERSION;
      ok = static_cast<const NativeExecutable &>(executable)
               .function()(&context, buffers.data(), nullptr,
                           workspace.data()) == 0;
      break;
    }
    case Height::Before:
      if (++numCalls % 1000 == 0) {
        state.PauseTiming();
        fresher = compile();
        state.ResumeTiming();
      }
      ok = fresher->run(inputData, outputData, {}, runtime::Output()).ok();
      break;
    case Height::Outputs:
    case Height::After:
      ok = executable.run(inputData, outputData, {}, runtime::Output()).ok();
      break;
    case Height::Tensors:
      ok = executable.run(inputs, fresh, runtime::Output()).ok();
      break;
    }
    if (!ok)
      return state.SkipWithError("the call failed");
  }
}

} // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  Session session;
  constexpr std::tuple<Tier, Height, const char *> heights[] = {
      {Tier::Plan, Height::Outputs, "tier0/outputs/"},
      {Tier::Plan, Height::Tensors, "tier0/tensors/"},
      {Tier::Code, Height::Function, "tier1/function/"},
      {Tier::Code, Height::Outputs, "tier1/outputs/"},
      {Tier::Code, Height::Tensors, "tier1/tensors/"},
      {Tier::Auto, Height::Before, "auto/before/"},
      {Tier::Auto, Height::After, "auto/after/"}};
  std::vector<bench::Program> programs = bench::loadPrograms();
  auto staysOnTier0 = [&](const bench::Program &program) {
    CompileOptions options;
    options.tier = Tier::Auto;
    auto made = session.compile(program.source, "benchmark.mind", options);
    return made.ok() && !dynamic_cast<const runtime::TieredExecutable *>(
                            made.executable().get());
  };
  for (auto [tier, height, name] : heights)
    for (const bench::Program &program : programs) {
      if (tier == Tier::Auto && staysOnTier0(program))
        continue;
      benchmark::RegisterBenchmark((name + program.name).c_str(),
                                   [&, tier, height](benchmark::State &state) {
                                     call(state, session, program.source, tier,
                                          height);
                                   });
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
