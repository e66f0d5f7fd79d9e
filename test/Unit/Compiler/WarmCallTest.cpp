//===- WarmCallTest.cpp - a warm call allocates nothing -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CountAllocations.h"
#include "Engines.h"
#include "gtest/gtest.h"
#include <algorithm>

using namespace mind;
using runtime::NativeExecutable;
using runtime::Tensor;

namespace {

struct Program {
  const char *name, *source;
  /// What the named sizes are in the calls.
  std::vector<int64_t> sizes = {};
};

void PrintTo(const Program &program, std::ostream *os) { *os << program.name; }

const Program programs[] = {
    {"Scalar", "fn main(x: Tensor<f32,[1,10]>) { x + 2 * 3 - 4 / 2 }"},
    {"Mlp", "fn main(x: Tensor<f32,[32,784]>, w: Tensor<f32,[784,256]>,\n"
            "        b: Tensor<f32,[256]>, v: Tensor<f32,[256,10]>) {\n"
            "  matmul(relu(matmul(x, w) + b), v)\n}"},
    {"Convolution",
     "fn main(x: Tensor<f32,[1,30,30,16]>, w: Tensor<f32,[3,3,16,32]>) {\n"
     "  relu(conv2d(x, w, padding=1))\n}"},
    {"Softmax", "fn main(x: Tensor<f32,[64,1000]>) { softmax(x) }"},
    {"SymbolicSizes",
     "fn main(x: Tensor<f32,[B,300]>, w: Tensor<f32,[300,N]>)"
     " { softmax(matmul(x, w)) }",
     {9, 65}},
    {"Loop", "fn main(x: Tensor<f32,[64,64]>) {\n"
             "  let y = x;\n"
             "  for i in 0..5 { y = matmul(y, x) - y; }\n"
             "  y\n}"},
    {"ConditionalLoop", "fn main(x: Tensor<f32,[100]>) {\n"
                        "  let y = x;\n"
                        "  while sum(y) < 1000 { y = exp(y) + 1; }\n"
                        "  y\n}"},
    {"Branch", "fn main(x: Tensor<f32,[40,40]>) {\n"
               "  if sum(x) > 0 { matmul(x, x) } else { transpose(x) }\n}"},
    {"LibraryFunctions",
     "fn main(x: Tensor<f32,[100]>) { sin(x) + pow(x, x) }"},
};

class WarmCall
    : public testing::TestWithParam<std::tuple<Program, test::Engine>> {
protected:
  void SetUp() override {
    auto &[program, engine] = GetParam();
    Session session;
    CompileResult result =
        session.compile(program.source, "warm.mind", engine.options());
    ASSERT_TRUE(result.ok());
    executable = result.executable();
    const runtime::Signature &signature = executable->signature();
    for (const runtime::Parameter &parameter : signature.parameters)
      inputs.push_back(addTensor(parameter.type));
    for (const runtime::TensorType &type : signature.results)
      outputs.push_back(addTensor(type));
  }

  const std::vector<int64_t> &sizes() { return std::get<0>(GetParam()).sizes; }

  /// Of zeros: small enough for any program.
  void *addTensor(const runtime::TensorType &type) {
    std::vector<int64_t> shape;
    for (const runtime::Dim &dim : type.dims)
      shape.push_back(*dim.evaluate(sizes()));
    Tensor &tensor = tensors.emplace_back(type.dtype, shape);
    std::fill_n(tensor.as<char>(), tensor.sizeInBytes(), 0);
    return tensor.data();
  }

  std::shared_ptr<const runtime::Executable> executable;
  std::vector<Tensor> tensors;
  std::vector<const void *> inputs;
  std::vector<void *> outputs;
};

TEST_P(WarmCall, AllocatesNothing) {
  ASSERT_TRUE(executable->run(inputs, outputs, sizes()).ok());
  unsigned long before = test::countAllocations();
  bool ok = executable->run(inputs, outputs, sizes()).ok();
  EXPECT_EQ(test::countAllocations() - before, 0u);
  EXPECT_TRUE(ok);
}

TEST_P(WarmCall, AllocatesNothingInC) {
  if (executable->tier() == 0)
    return; // A plan is no C function.
  const auto &native = static_cast<const NativeExecutable &>(*executable);
  runtime::AlignedBuffer workspace(native.workspaceSize(sizes()));
  std::vector<void *> buffers;
  for (const void *input : inputs)
    buffers.push_back(const_cast<void *>(input));
  buffers.insert(buffers.end(), outputs.begin(), outputs.end());
  auto call = [&] {
    MindContext context = {};
    context.abi_version = MIND_ABI_VERSION;
    return native.function()(&context, buffers.data(), sizes().data(),
                             workspace.data());
  };
  ASSERT_EQ(call(), 0);
  unsigned long before = test::countAllocations();
  int32_t error = call();
  EXPECT_EQ(test::countAllocations() - before, 0u);
  EXPECT_EQ(error, 0);
}

TEST(CountAllocations, Counts) {
  unsigned long before = test::countAllocations();
  delete new volatile int(1);
  EXPECT_EQ(test::countAllocations() - before, 1u);
  Tensor tensor(DType::F32, {100});
  EXPECT_EQ(test::countAllocations() - before, 3u); // with the shape
}

INSTANTIATE_TEST_SUITE_P(
    , WarmCall,
    testing::Combine(testing::ValuesIn(programs),
                     testing::ValuesIn(test::engines)),
    [](const testing::TestParamInfo<WarmCall::ParamType> &info) {
      return std::string(std::get<0>(info.param).name) + "On" +
             std::get<1>(info.param).name;
    });

} // namespace
