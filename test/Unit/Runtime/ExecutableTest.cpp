//===- ExecutableTest.cpp - calls, and what they refuse -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Executable.h"
#include "gtest/gtest.h"
#include <array>
#include <thread>

using namespace mind;
using namespace mind::runtime;

namespace {

/// divide(x: Tensor<i32, [3]>, y: i32) -> Tensor<i32, [3]>, as a compiled
/// function would be: substitutes 0 and records the first error.
int32_t divide(MindContext *context, void *const *buffers, const int64_t *,
               void *workspace) {
  auto *x = static_cast<const int32_t *>(buffers[0]);
  auto *y = static_cast<const int32_t *>(buffers[1]);
  auto *result = static_cast<int32_t *>(buffers[2]);
  auto *scratch = static_cast<int32_t *>(workspace);
  for (int i = 0; i < 3; ++i) {
    if (*y == 0 && context->error_code == 0) {
      context->error_code = 6001;
      context->error_values[0] = i;
      context->error_values[1] = x[i];
    }
    scratch[i] = *y == 0 ? 0 : x[i] / *y;
  }
  std::copy_n(scratch, 3, result);
  return context->error_code;
}

NativeExecutable makeDivide() {
  FunctionDescription description;
  description.signature.name = "divide";
  description.signature.parameters = {{"x", {DType::I32, {Dim::constant(3)}}},
                                      {"y", {DType::I32, {}}}};
  description.signature.results = {{DType::I32, {Dim::constant(3)}}};
  description.workspaceSize = Dim::constant(12);
  description.sites = {{"index {0} is out of bounds for axis {1} of extent 3",
                        1, "divide.mind", 7, 5, 1, "x / y"}};
  return {std::move(description), divide, nullptr};
}

Tensor makeTensor(std::vector<int64_t> shape, std::vector<int32_t> values) {
  Tensor tensor(DType::I32, std::move(shape));
  std::copy(values.begin(), values.end(), tensor.as<int32_t>());
  return tensor;
}

std::string failure(const Status &status) {
  return status.ok() ? "" : status.error().code + ": " + status.error().message;
}

TEST(Executable, ComputesFreshResults) {
  NativeExecutable divide = makeDivide();
  EXPECT_EQ(divide.signature().spelling(),
            "divide(x: Tensor<i32, [3]>, y: i32) -> Tensor<i32, [3]>");
  std::array inputs{makeTensor({3}, {10, 20, 30}), makeTensor({}, {10})};
  std::vector<Tensor> results;
  EXPECT_EQ(failure(divide.run(inputs, results)), "");
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].shape(), std::vector<int64_t>{3});
  EXPECT_EQ(results[0].as<int32_t>()[2], 3);
}

TEST(Executable, ReportsTheSiteOfAnError) {
  NativeExecutable divide = makeDivide();
  std::array inputs{makeTensor({3}, {1, 2, 3}), makeTensor({}, {0})};
  std::vector<Tensor> results;
  Status status = divide.run(inputs, results);
  ASSERT_FALSE(status.ok());
  // A placeholder without a value is text.
  EXPECT_EQ(failure(status),
            "E6001: index 0 is out of bounds for axis {1} of extent 3");
  EXPECT_EQ(status.error().line, 7u);
  EXPECT_EQ(status.error().column, 5u);
  EXPECT_EQ(status.error().lineText, "x / y");
  EXPECT_EQ(status.error().fileName, "divide.mind");
  EXPECT_TRUE(results.empty());
}

TEST(Executable, RefusesInputsThatDoNotFit) {
  NativeExecutable divide = makeDivide();
  std::vector<Tensor> results;
  auto run = [&](Tensor x) {
    std::array inputs{std::move(x), makeTensor({}, {1})};
    return failure(divide.run(inputs, results));
  };
  EXPECT_EQ(run(makeTensor({2}, {1, 2})),
            "E3003: input `x` has shape [2], but the parameter is "
            "Tensor<i32, [3]>: dimension 0 is 2 and 3");
  EXPECT_EQ(run(makeTensor({3, 1}, {1, 2, 3})),
            "E3002: input `x` has shape [3, 1], but the parameter is "
            "Tensor<i32, [3]>");
  EXPECT_EQ(run(Tensor(DType::F32, {3})),
            "E2001: input `x` is f32, but the parameter is Tensor<i32, [3]>");
  EXPECT_EQ(failure(divide.run({}, results)),
            "E2007: `divide` takes 2 inputs, found 0");
}

TEST(Executable, RefusesOverlappingBuffers) {
  NativeExecutable divide = makeDivide();
  std::array<int32_t, 6> memory{1, 2, 3, 4, 5, 6};
  int32_t divisor = 1;
  auto run = [&](int32_t *result) {
    std::array<const void *, 2> inputs{memory.data(), &divisor};
    std::array<void *, 1> outputs{result};
    return failure(divide.run(inputs, outputs));
  };
  EXPECT_EQ(run(memory.data() + 2),
            "E6006: the memory of result 0 overlaps that of input `x`");
  EXPECT_EQ(memory[2], 3);
  EXPECT_EQ(run(memory.data() + 3), "");
}

TEST(Executable, RefusesMisalignedBuffers) {
  NativeExecutable divide = makeDivide();
  alignas(8) std::array<char, 64> memory{};
  auto run = [&](size_t x, size_t divisor, size_t result) {
    std::array<const void *, 2> inputs{memory.data() + x,
                                       memory.data() + divisor};
    std::array<void *, 1> outputs{memory.data() + result};
    return failure(divide.run(inputs, outputs));
  };
  EXPECT_EQ(run(0, 17, 32),
            "E6006: input `y` is not aligned to its 4-byte elements");
  EXPECT_EQ(run(0, 16, 34),
            "E6006: result 0 is not aligned to its 4-byte elements");
  memory[20] = 1;
  EXPECT_EQ(run(4, 20, 36), "");
}

TEST(Executable, MayBeCalledFromSeveralThreads) {
  NativeExecutable divide = makeDivide();
  std::array<int, 4> wrong{};
  std::vector<std::thread> threads;
  for (int32_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::array<int32_t, 3> x{12 * t, 24 * t, 36 * t}, y;
      int32_t divisor = 12;
      std::array<const void *, 2> inputs{x.data(), &divisor};
      std::array<void *, 1> outputs{y.data()};
      for (int i = 0; i < 1000; ++i)
        if (!divide.run(inputs, outputs).ok() ||
            y != std::array{t, 2 * t, 3 * t})
          ++wrong[t];
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, (std::array{0, 0, 0, 0}));
}

TEST(Executable, BindsNamedSizes) {
  FunctionDescription description;
  description.signature.name = "f";
  description.signature.sizes = {"B"};
  description.signature.parameters = {
      {"x", {DType::F32, {Dim::named(0), Dim::constant(2)}}},
      {"y", {DType::F32, {Dim::named(0)}}}};
  NativeExecutable f(std::move(description), divide, nullptr);
  int64_t sizes[] = {-1};
  EXPECT_EQ(
      failure(f.checkInput(0, DType::F32, std::array<int64_t, 2>{5, 2}, sizes)),
      "");
  EXPECT_EQ(sizes[0], 5);
  EXPECT_EQ(
      failure(f.checkInput(1, DType::F32, std::array<int64_t, 1>{4}, sizes)),
      "E3003: input `y` has shape [4], but the parameter is Tensor<f32, [B]>: "
      "dimension 0 is 4 and 5");
}

/// As if `x` were cut by 2, and multiplied by itself.
int32_t neverCalled(MindContext *, void *const *, const int64_t *, void *) {
  ADD_FAILURE() << "called for sizes that were refused";
  return 0;
}

TEST(Executable, RefusesSizesThatItCannotBeComputedFor) {
  Dim cut{-2, {{1, {0}}}};
  FunctionDescription description;
  description.signature.name = "f";
  description.signature.sizes = {"B"};
  description.signature.parameters = {{"x", {DType::I32, {Dim::named(0)}}}};
  description.signature.results = {{DType::I32, {cut}}};
  description.sites = {{"dimension 0 of [B - 2] is {0}, and must be at least 1",
                        1, "f.mind", 7, 5, 2, "x[2:]"},
                       {"shape [B, B] has more than 2^63 - 1 elements", 1,
                        "f.mind", 8, 1, 1, ""}};
  description.requirements = {
      {{cut}, 1, 3006, 0},
      {{Dim::named(0), Dim::named(0), Dim::constant(4)}, INT64_MIN, 3011, 1}};
  NativeExecutable f(std::move(description), neverCalled, nullptr);

  std::array inputs{makeTensor({2}, {1, 2})};
  std::vector<Tensor> results;
  Status status = f.run(inputs, results);
  EXPECT_EQ(failure(status),
            "E3006: dimension 0 of [B - 2] is 0, and must be at least 1");
  EXPECT_EQ(status.error().fileName, "f.mind");
  EXPECT_EQ(status.error().line, 7u);
  EXPECT_EQ(status.error().lineText, "x[2:]");

  std::array<const void *, 1> in{nullptr};
  std::array<void *, 1> out{nullptr};
  EXPECT_EQ(failure(f.run(in, out, std::array<int64_t, 1>{1})),
            "E3006: dimension 0 of [B - 2] is -1, and must be at least 1");
  EXPECT_EQ(failure(f.checkSizes(std::array<int64_t, 1>{int64_t(1) << 31})),
            "E3011: shape [B, B] has more than 2^63 - 1 elements");
  EXPECT_TRUE(f.checkSizes(std::array<int64_t, 1>{3}).ok());
}

/// show(x: Tensor<i32, [2]>), which prints x between two texts.
int32_t show(MindContext *context, void *const *buffers, const int64_t *,
             void *) {
  if (!context->print)
    return 0;
  int64_t shape[] = {2};
  MindView x = {buffers[0], shape, 1, MIND_I32};
  context->print(context, "x\0", 2, nullptr);
  context->print(context, " = {}\n", 6, &x);
  return 0;
}

TEST(Executable, GivesWhatIsPrintedToTheCaller) {
  FunctionDescription description;
  description.signature.name = "show";
  description.signature.parameters = {{"x", {DType::I32, {Dim::constant(2)}}}};
  NativeExecutable executable(std::move(description), show, nullptr);
  std::array inputs{makeTensor({2}, {10, 20})};
  std::vector<Tensor> results;
  std::vector<std::string> texts;
  EXPECT_EQ(failure(executable.run(
                inputs, results,
                [&](std::string_view text) { texts.emplace_back(text); })),
            "");
  EXPECT_EQ(texts,
            (std::vector<std::string>{std::string("x\0", 2), " = [10 20]\n"}));
  // To standard output, unless it is not wanted.
  testing::internal::CaptureStdout();
  EXPECT_EQ(failure(executable.run(inputs, results)), "");
  EXPECT_EQ(failure(executable.run(inputs, results, Output())), "");
  fflush(stdout);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            std::string("x\0 = [10 20]\n", 13));
}

TEST(Tensor, CountsElements) {
  EXPECT_EQ(elementCount(std::vector<int64_t>{}), 1);
  EXPECT_EQ(elementCount(std::vector<int64_t>{2, 3}), 6);
  EXPECT_EQ(elementCount(std::vector<int64_t>{int64_t(1) << 62, 4}), -1);
  EXPECT_FALSE(Tensor(DType::F64, {int64_t(1) << 62}).valid());
}

} // namespace
