//===- Harness.cpp - compiles and runs linalg in tests -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <random>

using namespace mlir;

namespace mind::test {

Harness &Harness::get() {
  static Harness harness;
  return harness;
}

Harness::Harness() {
  registry.insert<MindDialect, arith::ArithDialect, func::FuncDialect,
                  linalg::LinalgDialect, math::MathDialect,
                  tensor::TensorDialect>();
  registerCodegenInterfaces(registry);
  context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  generator = llvm::cantFail(MachineCodeGenerator::create());
  engine = llvm::cantFail(Jit::create());
}

llvm::SmallVector<char, 0> Harness::compile(llvm::StringRef text) {
  llvm::SmallVector<char, 0> object;
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(text, context.get());
  EXPECT_TRUE(module) << text.str();
  if (!module)
    return object;
  PassManager passes(context.get());
  buildLinalgToVector(passes, generator->getCodegenOptions());
  buildVectorToBufferized(passes);
  buildBufferizedToLLVM(passes, generator->getCodegenOptions());
  bool converted = succeeded(passes.run(*module));
  EXPECT_TRUE(converted) << text.str();
  if (!converted)
    return object;
  auto function = *module->getOps<LLVM::LLVMFuncOp>().begin();
  workspaceSize =
      function->getAttrOfType<IntegerAttr>(workspaceSizeAttr).getInt();
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> translated =
      generator->translate(*module, llvmContext);
  EXPECT_TRUE(translated);
  llvm::cantFail(generator->emitObject(*translated, object));
  return object;
}

std::vector<float> Harness::run(llvm::StringRef text,
                                const std::vector<std::vector<float>> &inputs,
                                size_t size) {
  auto code = llvm::cantFail(engine->load(compile(text)));
  MindFunction function = llvm::cantFail(code->lookup(getSymbolName("main")));
  constexpr float canary = 12345;
  std::vector<float> result(size + 64, canary);
  std::vector<void *> buffers;
  for (const std::vector<float> &input : inputs)
    buffers.push_back(const_cast<float *>(input.data()));
  buffers.push_back(result.data());
  void *workspace = std::aligned_alloc(
      MIND_WORKSPACE_ALIGNMENT, workspaceSize + MIND_WORKSPACE_ALIGNMENT);
  MindContext call = {MIND_ABI_VERSION, 0, 0, {0, 0}, nullptr, nullptr};
  EXPECT_EQ(function(&call, buffers.data(), nullptr, workspace), 0);
  std::free(workspace);
  for (size_t i = size; i < result.size(); ++i)
    EXPECT_EQ(result[i], canary) << "written beyond the end";
  result.resize(size);
  return result;
}

std::string tensorType(const std::vector<int64_t> &shape) {
  std::string type = "tensor<";
  for (int64_t extent : shape)
    type += std::to_string(extent) + "x";
  return type + "f32>";
}

std::vector<float> randomNumbers(size_t size, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<float> numbers(size);
  for (float &number : numbers)
    number = static_cast<int>(generator() % 2048) / 1024.0f - 1.0f;
  return numbers;
}

void expectNear(const std::vector<float> &actual,
                const std::vector<double> &expected, double tolerance,
                const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i)
    ASSERT_LE(std::abs(actual[i] - expected[i]),
              tolerance * (1 + std::abs(expected[i])))
        << what << ", element " << i;
}

} // namespace mind::test
