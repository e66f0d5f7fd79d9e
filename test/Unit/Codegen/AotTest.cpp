//===- AotTest.cpp - headers and libraries -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Aot/Aot.h"
#include "Harness.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace mind;

static AotFunction makeFunction() {
  AotFunction function;
  function.symbol = "mind_scale";
  function.signature.name = "scale";
  function.signature.parameters.push_back(
      {"x",
       {DType::F32, {runtime::Dim::constant(2), runtime::Dim::constant(3)}}});
  function.signature.results.push_back({DType::F32, {}});
  function.workspaceSize = runtime::Dim::constant(128);
  function.sites = {
      {"say \"{0}\"\n", 1, "my-model.mind", 3, 7, 1, "assert(x > 0)"}};
  return function;
}

TEST(Aot, Header) {
  std::string text = makeHeader("my-model.h", {makeFunction()});
  llvm::StringRef header = text;
  EXPECT_TRUE(header.contains("#ifndef MY_MODEL_H\n"));
  EXPECT_TRUE(header.contains("typedef struct MindContext {"));
  EXPECT_TRUE(header.contains("  MIND_F32 = 7,\n  MIND_F64 = 8\n};\n"));
  EXPECT_TRUE(header.contains("#define MIND_SCALE_WORKSPACE_SIZE 128\n"));
  EXPECT_TRUE(header.contains("#define MIND_SCALE_SITES { \\\n"
                              "  {\"my-model.mind\", 3, 7, 1, \"say "
                              "\\\"{0}\\\"\\012\"}, \\\n"
                              "}\n"));
  EXPECT_TRUE(header.contains("int32_t mind_scale(MindContext *context,"));
  EXPECT_TRUE(header.contains("buffers[0]: x: "));
  EXPECT_TRUE(header.contains("buffers[1]: result: "));
}

static const char *const identity = R"(
func.func @scale(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
})";

TEST(Aot, ArchiveHoldsTheObject) {
  llvm::SmallVector<char, 0> object = test::Harness::get().compile(identity);
  Bytes bytes = llvm::cantFail(makeArchive("scale.o", object));
  EXPECT_EQ(bytes, llvm::cantFail(makeArchive("scale.o", object)));
  auto archive = llvm::cantFail(llvm::object::Archive::create(
      llvm::MemoryBufferRef({bytes.data(), bytes.size()}, "archive")));
  bool found = false;
  for (const auto &symbol : archive->symbols())
    found |= symbol.getName() == "mind_scale";
  EXPECT_TRUE(found);
}
