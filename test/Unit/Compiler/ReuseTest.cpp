//===- ReuseTest.cpp - code that several programs share -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Mind/Jit/CodeCache.h"
#include "gtest/gtest.h"
#include <thread>

using namespace mind;
using runtime::Executable;

namespace {

/// A layer normalisation, which is one long loop, between products of matrices.
std::string normalised(const std::string &rest = "y",
                       const std::string &eps = "0.00001") {
  return "fn main(x: Tensor<f32,[64,256]>, w: Tensor<f32,[256,256]>, "
         "g: Tensor<f32,[256]>) {\n"
         "  let h = layer_norm(x @ w, g, g, eps=" +
         eps + ");\n  let y = h @ w + x;\n  " + rest + "\n}\n";
}

/// Several long loops, no two of which are equal.
constexpr llvm::StringLiteral manyLoops =
    "fn main(x: Tensor<f32,[64,256]>) -> (Tensor<f32,[64,256]>, "
    "Tensor<f32,[64,256]>, Tensor<f32,[256]>, Tensor<f32,[64]>) {\n"
    "  (softmax(x, axis=-1), softmax(sin(x) * 2, axis=0), "
    "mean(exp(x) * tanh(x), axes=[0]), sum(erf(x) - x, axes=[1]))\n}\n";

/// The bits of all results for inputs that are the same each time.
std::vector<uint32_t> run(const Executable &executable) {
  std::vector<runtime::Tensor> inputs, results;
  for (const runtime::Parameter &parameter :
       executable.signature().parameters) {
    std::vector<int64_t> shape;
    for (const runtime::Dim &dim : parameter.type.dims)
      shape.push_back(dim.isConstant() ? dim.extent : 5);
    runtime::Tensor &input = inputs.emplace_back(DType::F32, shape);
    for (int64_t i = 0; i < input.size(); ++i)
      input.as<float>()[i] = float((i * 37 + inputs.size()) % 101) / 500 - 0.1f;
  }
  EXPECT_TRUE(executable.run(inputs, results).ok());
  std::vector<uint32_t> bits;
  for (runtime::Tensor &result : results)
    bits.insert(bits.end(), result.as<uint32_t>(),
                result.as<uint32_t>() + result.size());
  return bits;
}

class Reuse : public testing::Test {
protected:
  CompileResult compile(llvm::StringRef source) {
    sessions.push_back(std::make_unique<Session>(cache));
    CompileResult result =
        sessions.back()->compile(source, "reuse.mind", options);
    EXPECT_TRUE(result.ok());
    return result;
  }

  std::shared_ptr<CodeCache> cache = std::make_shared<CodeCache>();
  CompileOptions options;
  std::vector<std::unique_ptr<Session>> sessions;
};

TEST_F(Reuse, EqualProgramsAreCompiledOnce) {
  CompileResult first = compile(normalised());
  EXPECT_EQ(first.codeParts().reused, 0u);
  EXPECT_EQ(first.codeParts().all, 2u);
  CompileResult second = compile(normalised());
  EXPECT_EQ(second.codeParts().reused, 2u);
  EXPECT_EQ(second.codeParts().all, 2u);
  EXPECT_NE(first.executable(), second.executable());
  EXPECT_EQ(run(*first.executable()), run(*second.executable()));
}

TEST_F(Reuse, OtherProgramsShareWhatTheyHaveInCommon) {
  compile(normalised());
  CompileResult other = compile(normalised("relu(y @ w)"));
  EXPECT_EQ(other.codeParts().reused, 1u);
  EXPECT_EQ(other.codeParts().all, 2u);
  options.reuseCode = false;
  EXPECT_EQ(run(*other.executable()),
            run(*compile(normalised("relu(y @ w)")).executable()));
}

TEST_F(Reuse, AnotherConstantIsAnotherFunction) {
  compile(normalised());
  CompileResult other = compile(normalised("y", "0.5"));
  EXPECT_EQ(other.codeParts().reused, 0u);
  options.reuseCode = false;
  EXPECT_EQ(run(*other.executable()),
            run(*compile(normalised("y", "0.5")).executable()));
}

TEST_F(Reuse, AnotherPartMakesTheRestAnother) {
  // The rests are equal but for what they call.
  compile(normalised());
  compile(normalised("y", "0.5"));
  CompileResult again = compile(normalised());
  EXPECT_EQ(again.codeParts().reused, 2u);
  options.reuseCode = false;
  EXPECT_EQ(run(*again.executable()), run(*compile(normalised()).executable()));
}

TEST_F(Reuse, DependsOnTheTarget) {
  compile(normalised());
  options.kernels = false;
  EXPECT_EQ(compile(normalised()).codeParts().reused, 0u);
  options = {};
  options.cpu = "x86-64";
  EXPECT_EQ(compile(normalised()).codeParts().reused, 0u);
  EXPECT_EQ(compile(normalised()).codeParts().reused, 2u);
}

TEST_F(Reuse, WhatIsLeftVerifies) {
  options.verify = true;
  compile(normalised());
  EXPECT_EQ(compile(normalised("relu(y @ w)")).codeParts().reused, 1u);
  EXPECT_EQ(compile(normalised()).codeParts().reused, 2u);
}

TEST_F(Reuse, LoopsOfTheProgramThatCallKernels) {
  constexpr llvm::StringLiteral source =
      "fn main(x: Tensor<f32,[64,64]>, g: Tensor<f32,[64]>) {\n"
      "  let h = x;\n"
      "  for _ in 0..3 { h = layer_norm(tanh(h @ x) + sin(h), g, g); }\n"
      "  h\n}\n";
  CompileResult first = compile(source), second = compile(source);
  EXPECT_EQ(second.codeParts().reused, second.codeParts().all);
  EXPECT_EQ(run(*first.executable()), run(*second.executable()));
}

TEST_F(Reuse, IsOptional) {
  options.reuseCode = false;
  compile(normalised());
  EXPECT_EQ(cache->statistics().entries, 0u);
  options.reuseCode = true;
  EXPECT_EQ(compile(normalised()).codeParts().reused, 0u);
}

TEST_F(Reuse, CodeOutlivesSessionAndCache) {
  std::shared_ptr<const Executable> executable =
      compile(normalised()).executable();
  std::vector<uint32_t> before = run(*executable);
  std::shared_ptr<const Executable> second = compile(normalised()).executable();
  sessions.clear();
  EXPECT_EQ(run(*second), before);
  executable.reset();
  cache->clear();
  cache.reset();
  EXPECT_EQ(run(*second), before);
}

TEST_F(Reuse, EvictedPartsAreCompiledAgain) {
  cache = std::make_shared<CodeCache>(1);
  std::vector<uint32_t> expected = run(*compile(normalised()).executable());
  CompileResult again = compile(normalised());
  EXPECT_EQ(again.codeParts().reused, 0u);
  EXPECT_EQ(run(*again.executable()), expected);
}

TEST_F(Reuse, ErrorsAreThoseOfTheProgramAtHand) {
  auto divide = [](const std::string &before) {
    return before + "fn main(x: Tensor<i32,[2]>, y: Tensor<i32,[2]>) { x / y }";
  };
  auto lineOf = [](CompileResult result) {
    std::vector<runtime::Tensor> inputs, results;
    for (int i = 0; i < 2; ++i)
      inputs.emplace_back(DType::I32, std::vector<int64_t>{2});
    inputs[1].as<int32_t>()[0] = inputs[1].as<int32_t>()[1] = 0;
    runtime::Status status = result.executable()->run(inputs, results);
    return status.ok() ? 0u : status.error().line;
  };
  EXPECT_EQ(lineOf(compile(divide(""))), 1u);
  CompileResult second = compile(divide("\n\n"));
  EXPECT_EQ(second.codeParts().reused, second.codeParts().all);
  EXPECT_EQ(lineOf(std::move(second)), 3u);
}

TEST_F(Reuse, NamedSizes) {
  constexpr llvm::StringLiteral source =
      "fn main(x: Tensor<f32,[B,48]>) { softmax(tanh(x), axis=-1) }";
  CompileResult first = compile(source), second = compile(source);
  EXPECT_EQ(second.codeParts().reused, second.codeParts().all);
  EXPECT_EQ(run(*first.executable()), run(*second.executable()));
}

TEST_F(Reuse, CodeIsTheSameOnAnyNumberOfThreads) {
  std::optional<std::vector<uint32_t>> expected;
  std::optional<size_t> bytes;
  for (unsigned threads : {1, 2, 3, 8}) {
    cache = std::make_shared<CodeCache>();
    options.compileThreads = threads;
    CompileResult first = compile(manyLoops);
    EXPECT_GT(first.codeParts().all, 3u);
    EXPECT_EQ(first.codeParts().reused, 0u);
    std::vector<uint32_t> bits = run(*first.executable());
    EXPECT_EQ(bits, expected.value_or(bits)) << threads;
    expected = bits;
    EXPECT_EQ(run(*compile(manyLoops).executable()), bits);
    size_t size = cache->statistics().bytes;
    EXPECT_EQ(size, bytes.value_or(size)) << threads;
    bytes = size;
    // And the threads may be used again.
    options.reuseCode = false;
    CompileResult again =
        sessions.back()->compile(manyLoops, "again.mind", options);
    EXPECT_EQ(run(*again.executable()), bits);
    options.reuseCode = true;
  }
}

TEST_F(Reuse, SessionsMayCompileSideBySide) {
  std::vector<uint32_t> expected = run(*compile(manyLoops).executable());
  cache->clear();
  auto work = [&] {
    Session session(cache);
    CompileOptions options;
    options.compileThreads = 2;
    for (int i = 0; i < 4; ++i) {
      CompileResult result = session.compile(manyLoops, "reuse.mind", options);
      ASSERT_TRUE(result.ok());
      EXPECT_EQ(run(*result.executable()), expected);
      if (i == 1)
        cache->clear();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(work);
  for (std::thread &thread : threads)
    thread.join();
}

TEST_F(Reuse, AssemblyIsThatOfTheWholeProgram) {
  auto assembly = [&] {
    CompileResult result = compile(normalised());
    std::string text;
    llvm::raw_string_ostream os(text);
    result.print(os);
    return text;
  };
  std::string text = assembly();
  EXPECT_NE(text.find("mind_main:"), std::string::npos);
  EXPECT_EQ(assembly(), text);
}

} // namespace
