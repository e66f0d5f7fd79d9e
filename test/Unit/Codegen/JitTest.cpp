//===- JitTest.cpp - code in memory --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"
#include "gtest/gtest.h"

using namespace mind;
using namespace mind::test;

static constexpr const char *divide = R"(
func.func @main(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %e = tensor.empty() : tensor<i32>
  %r = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%x, %y : tensor<i32>, tensor<i32>) outs(%e : tensor<i32>) {
  ^bb0(%p: i32, %q: i32, %o: i32):
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %bad = arith.cmpi eq, %q, %c0 : i32
    mind.record_error %bad, 6005, "integer division by zero"
    %d = arith.select %bad, %c1, %q : i32
    %s = arith.divsi %p, %d : i32
    linalg.yield %s : i32
  } -> tensor<i32>
  return %r : tensor<i32>
})";

TEST(Jit, CodeOutlivesTheEngine) {
  std::shared_ptr<const Jit::Code> code;
  {
    std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create());
    code = llvm::cantFail(jit->load(Harness::get().compile(divide)));
  }
  MindFunction function = llvm::cantFail(code->lookup("mind_main"));
  int32_t x = 7, y = 2, result = 0;
  void *buffers[] = {&x, &y, &result};
  MindContext context = {MIND_ABI_VERSION, 0, 0, {0, 0}, nullptr, nullptr};
  EXPECT_EQ(function(&context, buffers, nullptr, nullptr), 0);
  EXPECT_EQ(result, 3);
}

TEST(Jit, RecordsTheFirstError) {
  auto code =
      llvm::cantFail(Harness::get().jit().load(Harness::get().compile(divide)));
  MindFunction function = llvm::cantFail(code->lookup("mind_main"));
  int32_t x = 7, y = 0, result = 0;
  void *buffers[] = {&x, &y, &result};
  MindContext context = {MIND_ABI_VERSION, 0, 0, {0, 0}, nullptr, nullptr};
  EXPECT_EQ(function(&context, buffers, nullptr, nullptr), 6005);
  EXPECT_EQ(context.error_code, 6005);
  EXPECT_EQ(context.error_site, 0);
  EXPECT_EQ(result, 7);
  context.error_code = 6001;
  context.error_site = 3;
  EXPECT_EQ(function(&context, buffers, nullptr, nullptr), 6001);
  EXPECT_EQ(context.error_site, 3);
}

TEST(Jit, MissingFunctionIsAnError) {
  auto code =
      llvm::cantFail(Harness::get().jit().load(Harness::get().compile(divide)));
  auto function = code->lookup("other");
  ASSERT_FALSE(static_cast<bool>(function));
  llvm::consumeError(function.takeError());
}

TEST(Jit, FreedMemoryIsUsedAgain) {
  Jit &jit = Harness::get().jit();
  auto object = Harness::get().compile(divide);
  auto addressOf = [](const Jit::Code &code) {
    return reinterpret_cast<void *>(llvm::cantFail(code.lookup("mind_main")));
  };
  auto first = llvm::cantFail(jit.load(object));
  auto second = llvm::cantFail(jit.load(object));
  void *address = addressOf(*first);
  EXPECT_NE(addressOf(*second), address);
  first.reset();
  auto third = llvm::cantFail(jit.load(object));
  EXPECT_EQ(addressOf(*third), address);

  int32_t x = 7, y = 2, result = 0;
  void *buffers[] = {&x, &y, &result};
  MindContext context = {MIND_ABI_VERSION, 0, 0, {0, 0}, nullptr, nullptr};
  for (const auto &code : {second, third}) {
    result = 0;
    MindFunction function = llvm::cantFail(code->lookup("mind_main"));
    EXPECT_EQ(function(&context, buffers, nullptr, nullptr), 0);
    EXPECT_EQ(result, 3);
  }
}

TEST(Jit, UnknownFunctionIsAnError) {
  auto code = Harness::get().jit().load(Harness::get().compile(R"(
func.func @main(%x: tensor<f32>) -> tensor<f32> {
  %v = tensor.extract %x[] : tensor<f32>
  %r = func.call @nowhere(%v) : (f32) -> f32
  %t = tensor.from_elements %r : tensor<f32>
  return %t : tensor<f32>
}
func.func private @nowhere(f32) -> f32
)"));
  ASSERT_FALSE(static_cast<bool>(code));
  EXPECT_NE(llvm::toString(code.takeError()).find("nowhere"),
            std::string::npos);
}

TEST(Jit, SameInputSameBytes) {
  auto first = Harness::get().compile(divide);
  auto second = Harness::get().compile(divide);
  EXPECT_EQ(first, second);
}
