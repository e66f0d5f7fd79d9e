//===- WindowBenchmarks.cpp - the kernels of windows ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions in their forms and pooling, in f32 on one thread, of dense
// images with their channels last. The counter is the rate of multiplications
// and additions, or of elements that are read.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Convolution.h"
#include "Mind/Runtime/Kernels/Pooling.h"
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <memory>
#include <string>

using namespace mind::kernels;
using benchmark::Counter;

/// Memory as tensors have it.
class Memory {
public:
  explicit Memory(size_t elements)
      : memory(static_cast<float *>(std::aligned_alloc(
            64, (elements * sizeof(float) + 64) / 64 * 64))) {
    std::fill_n(memory.get(), elements, 1.0f);
  }
  float *get() const { return memory.get(); }

private:
  struct Free {
    void operator()(float *memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> memory;
};

static std::array<int64_t, 4> dense(int64_t b, int64_t c, int64_t d) {
  return {b * c * d, c * d, d, 1};
}

/// A square image and window.
struct Form {
  const char *name;
  int64_t images, side, channels, window, features;
  int64_t step = 1, padding = 0, dilation = 1, groups = 1;
};

static void convolve(benchmark::State &state, const Form &form) {
  ConvolutionShape shape = {form.images,   form.side,   form.side,
                            form.channels, form.window, form.window,
                            form.features};
  shape.steps = {form.step, form.step};
  shape.padding = {form.padding, form.padding, form.padding, form.padding};
  shape.dilation = {form.dilation, form.dilation};
  shape.groups = form.groups;
  shape.x = dense(shape.height, shape.width, shape.channels);
  shape.w = dense(shape.windowWidth, shape.groupChannels(), shape.features);
  shape.y = dense(shape.resultHeight(), shape.resultWidth(), shape.features);
  LayerShape layer;
  layer.bias = true;
  ConvolutionPlan<float> plan(shape, layer);
  const Memory x(shape.images * shape.x[0]), w(shape.windowHeight * shape.w[0]),
      bias(shape.features), y(shape.images * shape.y[0]),
      workspace(plan.workspaceBytes() / sizeof(float));
  LayerOperands<float> operands;
  operands.bias = bias.get();
  for (auto _ : state) {
    plan.run(x.get(), w.get(), operands, y.get(), workspace.get());
    benchmark::ClobberMemory();
  }
  state.counters["flops"] =
      Counter(plan.flops(), Counter::kIsIterationInvariantRate);
}

static void pool(benchmark::State &state, PoolingKind kind, const Form &form) {
  PoolingShape shape = {form.images,
                        form.side,
                        form.side,
                        form.channels,
                        {form.window, form.window},
                        {form.step, form.step}};
  shape.padding = {form.padding, form.padding, form.padding, form.padding};
  shape.x = dense(form.side, form.side, form.channels);
  PoolingPlan<float> plan(kind, shape);
  const int64_t elements = shape.images * shape.x[0];
  const Memory x(elements), y(shape.images * shape.resultHeight() *
                              shape.resultWidth() * shape.channels);
  for (auto _ : state) {
    plan.run(x.get(), y.get(), nullptr);
    benchmark::ClobberMemory();
  }
  state.counters["elements"] =
      Counter(double(elements), Counter::kIsIterationInvariantRate);
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  const Form forms[] = {
      {"conv2d/padded/56x64", 1, 56, 64, 3, 64, 1, 1},
      {"conv2d/step2/28x128", 1, 28, 128, 3, 128, 2, 1},
      {"conv2d/stem/224x3", 1, 224, 3, 7, 64, 2, 3},
      {"conv2d/dilated/56x64", 1, 56, 64, 3, 64, 1, 2, 2},
      {"conv2d/pointwise/56x64", 1, 56, 64, 1, 256},
      {"conv2d/depthwise/112x32", 1, 112, 32, 3, 32, 1, 1, 1, 32},
      {"conv2d/depthwise/28x240", 1, 28, 240, 5, 240, 2, 2, 1, 240},
      {"conv2d/depthwise/14x512", 1, 14, 512, 3, 512, 1, 1, 1, 512},
      {"conv2d/groups32/56x128", 1, 56, 128, 3, 128, 1, 1, 1, 32},
      {"conv2d/groups4/56x128", 1, 56, 128, 3, 128, 1, 1, 1, 4},
  };
  for (const Form &form : forms)
    benchmark::RegisterBenchmark(
        form.name, [form](benchmark::State &state) { convolve(state, form); });
  const Form pools[] = {{"112x64", 1, 112, 64, 3, 0, 2, 1},
                        {"56x64", 8, 56, 64, 2, 0, 2, 0},
                        {"28x512", 1, 28, 512, 3, 0, 1, 1}};
  for (const Form &form : pools)
    for (bool isMax : {true, false})
      benchmark::RegisterBenchmark(
          (std::string(isMax ? "max_pool2d/" : "avg_pool2d/") + form.name)
              .c_str(),
          [form, isMax](benchmark::State &state) {
            pool(state, isMax ? PoolingKind::Max : PoolingKind::Average, form);
          });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
