//===- PlanTest.cpp - plans for sizes that a call decides -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/Plan/PlanExecutable.h"
#include "gtest/gtest.h"
#include <numeric>
#include <thread>

using namespace mind;
using plan::BoundPlan;
using plan::PlanExecutable;

namespace {

std::shared_ptr<const PlanExecutable> compile(llvm::StringRef source) {
  Session session;
  CompileOptions options;
  options.tier = Tier::Plan;
  CompileResult result = session.compile(source, "plan.mind", options);
  EXPECT_TRUE(result.ok());
  return std::static_pointer_cast<const PlanExecutable>(result.executable());
}

/// Row sums of a `rows` x `columns` matrix, plus its number of rows.
constexpr const char *rowSums = "fn main(x: Tensor<f32,[R,C]>) {\n"
                                "  sum(x * 2, axes=1) + (R as f32)\n}";

void checkRowSums(const runtime::Executable &executable, int64_t rows,
                  int64_t columns) {
  std::vector<float> x(size_t(rows * columns)), y(static_cast<size_t>(rows));
  std::iota(x.begin(), x.end(), 0.f);
  const void *input = x.data();
  void *output = y.data();
  int64_t sizes[] = {rows, columns};
  ASSERT_TRUE(executable.run({&input, 1}, {&output, 1}, sizes).ok());
  for (int64_t i = 0; i < rows; ++i)
    EXPECT_EQ(
        y[size_t(i)],
        float(2 * (i * columns * columns + columns * (columns - 1) / 2) + rows))
        << rows << " x " << columns << ", row " << i;
}

TEST(Plan, SignatureTakesTuplesApart) {
  auto executable =
      compile("fn main(t: (f32, (Tensor<i64,[N]>,)), u: ()) { (t.1, t.0) }");
  EXPECT_EQ(executable->signature().spelling(),
            "main(t.0: f32, t.1.0: Tensor<i64, [N]>) -> "
            "(Tensor<i64, [N]>, f32)");
}

TEST(Plan, ServesMoreSizesThanItRemembers) {
  auto executable = compile(rowSums);
  for (int round = 0; round < 2; ++round)
    for (int64_t size = 1; size <= 40; ++size)
      checkRowSums(*executable, size, 41 - size);
}

TEST(Plan, BindsSizesInSeveralThreads) {
  auto executable = compile(rowSums);
  std::vector<std::thread> threads;
  for (int64_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&executable, thread] {
      // More than are remembered, so that each pushes out those of others.
      for (int64_t call = 0; call < 400; ++call)
        checkRowSums(*executable, 1 + call % 40, 1 + call * (thread + 3) % 31);
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST(Plan, OutlivesItsSession) {
  // Constants lie in the program, which the executable owns.
  auto executable = compile("fn main(x: Tensor<f32,[3]>) "
                            "{ x * [1.0, 10.0, 100.0] }");
  float x[] = {1, 2, 3}, y[3];
  const void *input = x;
  void *output = y;
  ASSERT_TRUE(executable->run({&input, 1}, {&output, 1}).ok());
  EXPECT_EQ(y[2], 300);
}

TEST(Plan, SharesMemoryThatIsNotInUseAtOneTime) {
  // A chain of layers needs two buffers, whatever its length.
  std::string body = "x";
  for (int i = 0; i < 20; ++i)
    body = "relu(" + body + " @ w)";
  auto executable = compile("fn main(x: Tensor<f32,[64,256]>, "
                            "w: Tensor<f32,[256,256]>) { " +
                            body + " }");
  auto bound = BoundPlan::create(executable->program(), {});
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->liveBytes(), 2u * 64 * 256 * sizeof(float));
  EXPECT_EQ(bound->tensorBytes(), bound->liveBytes());
}

TEST(Plan, TellsOfMemoryThatCannotBeHad) {
  // The table of products is larger than any machine's memory.
  auto executable = compile("fn main(x: Tensor<f32,[N,1]>, n: i64) {\n"
                            "  let y = x * transpose(x);\n"
                            "  let s = 0.0;\n"
                            "  for i in 0..n { s += sum(y); }\n"
                            "  s\n}");
  const int64_t size = int64_t(1) << 29;
  EXPECT_GE(executable->workspaceSize({&size, 1}), size_t(1) << 60);
}

} // namespace
