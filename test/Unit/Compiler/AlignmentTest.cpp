//===- AlignmentTest.cpp - inputs and outputs anywhere in memory ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Engines.h"
#include "gtest/gtest.h"
#include <random>

using namespace mind;
using runtime::AlignedBuffer;

namespace {

/// Programs on f32, with loads and stores of every kind.
constexpr const char *programs[] = {
    "fn main(x: Tensor<f32,[1003]>, b: Tensor<f32,[1003]>) { exp(x) * b }",
    "fn main(x: Tensor<f32,[5,33]>, w: Tensor<f32,[33,70]>,\n"
    "        b: Tensor<f32,[70]>) { relu(matmul(x, w) + b) }",
    "fn main(x: Tensor<f32,[200,300]>, w: Tensor<f32,[300,210]>)\n"
    "{ matmul(x, w) }",
    "fn main(x: Tensor<f32,[1,9,9,5]>, w: Tensor<f32,[3,3,5,17]>)\n"
    "{ conv2d(x, w, padding=1) }",
    "fn main(x: Tensor<f32,[7,50]>) { (softmax(x), sum(x, axes=[0])) }",
    "fn main(x: Tensor<f32,[31,45]>) { transpose(x) }",
};

class Alignment : public testing::TestWithParam<
                      std::tuple<const char *, test::Engine, size_t>> {};

/// What `executable` computes when all memory begins `offset` bytes after a
/// multiple of 64.
std::vector<std::vector<float>> callAt(const runtime::Executable &executable,
                                       size_t offset) {
  const runtime::Signature &signature = executable.signature();
  std::vector<AlignedBuffer> buffers;
  std::vector<size_t> sizes;
  auto add = [&](const runtime::TensorType &type) {
    size_t size = 1;
    for (const runtime::Dim &dim : type.dims)
      size *= size_t(dim.extent);
    sizes.push_back(size);
    buffers.emplace_back(offset + sizeof(float) * size);
    return reinterpret_cast<float *>(
        static_cast<char *>(buffers.back().data()) + offset);
  };
  std::mt19937 random(1);
  std::vector<const void *> inputs;
  for (const runtime::Parameter &parameter : signature.parameters) {
    float *input = add(parameter.type);
    inputs.push_back(input);
    for (size_t i = 0; i != sizes.back(); ++i)
      input[i] = float(random()) / float(random.max()) - 0.5f;
  }
  std::vector<void *> outputs;
  for (const runtime::TensorType &type : signature.results)
    outputs.push_back(add(type));
  EXPECT_TRUE(executable.run(inputs, outputs).ok());
  std::vector<std::vector<float>> results;
  for (size_t i = 0; i != outputs.size(); ++i) {
    auto *output = static_cast<const float *>(outputs[i]);
    results.emplace_back(output, output + sizes[inputs.size() + i]);
  }
  return results;
}

TEST_P(Alignment, DoesNotMatter) {
  auto [source, engine, offset] = GetParam();
  Session session;
  CompileResult result =
      session.compile(source, "alignment.mind", engine.options());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(callAt(*result.executable(), offset),
            callAt(*result.executable(), 0));
}

INSTANTIATE_TEST_SUITE_P(, Alignment,
                         testing::Combine(testing::ValuesIn(programs),
                                          testing::ValuesIn(test::engines),
                                          testing::Values(4, 36, 60)));

} // namespace
