//===- TiersTest.cpp - programs that go from one tier to the next ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "Mind/Runtime/TieredExecutable.h"
#include "gtest/gtest.h"
#include <array>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mind;
using runtime::Executable;
using runtime::Tensor;
using runtime::TieredExecutable;

namespace {

constexpr llvm::StringLiteral affine =
    "fn main(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> { twice(x) + 1 }\n"
    "fn twice(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> { x * 2 }\n";

/// `B` rows, and an error if there is a row of zeros.
constexpr llvm::StringLiteral symbolic =
    "fn main(x: Tensor<i32,[B,3]>) {\n"
    "  let rows = sum(x, axes=[1], keepdims=true) as i32;\n"
    "  100 * x / rows + sum(x) as i32\n}\n";

CompileOptions automatic() {
  CompileOptions options;
  options.tier = Tier::Auto;
  return options;
}

std::shared_ptr<const TieredExecutable> compile(Session &session,
                                                llvm::StringRef source) {
  CompileResult result = session.compile(source, "main.mind", automatic());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.lastPhase(), Phase::Plan);
  return std::static_pointer_cast<const TieredExecutable>(result.executable());
}

Tensor tensor(std::vector<int64_t> shape, int32_t seed) {
  Tensor result(DType::I32, shape);
  int32_t *elements = result.as<int32_t>();
  for (int64_t i = 0; i < runtime::elementCount(shape); ++i)
    elements[i] = int32_t((i * 7 + seed) % 23 + 1);
  return result;
}

/// What is computed, or said.
std::string call(const Executable &executable, const Tensor &x) {
  std::vector<Tensor> results;
  runtime::Status status = executable.run({&x, 1}, results);
  if (!status.ok())
    return status.error().code + " " + status.error().message + " at " +
           std::to_string(status.error().line) + ":" +
           std::to_string(status.error().column) + " " +
           status.error().lineText;
  std::string text;
  for (int64_t i = 0; i < runtime::elementCount(results[0].shape()); ++i)
    text += std::to_string(results[0].as<int32_t>()[i]) + " ";
  return text;
}

TEST(Tiers, HaveNames) {
  EXPECT_EQ(parseTier("0"), Tier::Plan);
  EXPECT_EQ(parseTier("1"), Tier::Code);
  EXPECT_EQ(parseTier("auto"), Tier::Auto);
  EXPECT_EQ(parseTier("2"), std::nullopt);
}

TEST(Tiers, GoesOnToCode) {
  Session session;
  auto executable = compile(session, symbolic);
  EXPECT_EQ(executable->tier(), 0u);
  std::string before = call(*executable, tensor({5, 3}, 1));
  executable->promote();
  EXPECT_TRUE(executable->waitForPromotion()) << executable->problem();
  EXPECT_EQ(executable->tier(), 1u);
  EXPECT_EQ(call(*executable, tensor({5, 3}, 1)), before);
}

TEST(Tiers, GoesOnWhenThatPays) {
  Session session;
  auto executable = compile(session, symbolic);
  while (executable->tier() == 0) {
    call(*executable, tensor({31, 3}, 1));
    std::this_thread::yield();
  }
  EXPECT_GT(executable->timeSpent().count(), 0);
}

TEST(Tiers, OneCallStartsNothing) {
  Session session;
  auto executable = compile(session, symbolic);
  call(*executable, tensor({2000, 3}, 1));
  EXPECT_FALSE(executable->waitForPromotion());
  EXPECT_EQ(executable->tier(), 0u);
}

TEST(Tiers, StaysWhereCodeIsNoBetter) {
  Session session;
  auto kernels = session.compile("fn main(x: Tensor<f32,[4,4]>) "
                                 "{ softmax(relu(x @ x)) }",
                                 "", automatic());
  EXPECT_EQ(dynamic_cast<const runtime::TieredExecutable *>(
                kernels.executable().get()),
            nullptr);
  EXPECT_EQ(kernels.executable()->tier(), 0u);
}

TEST(Tiers, OtherOptionsAreAboutCode) {
  Session session;
  CompileOptions options = automatic();
  options.kernels = false;
  EXPECT_EQ(session.compile(affine, "", options).executable()->tier(), 1u);
  options = automatic();
  options.cpu = "x86-64-v2";
  EXPECT_EQ(session.compile(affine, "", options).executable()->tier(), 1u);
  options = automatic();
  options.stopAfter = Phase::Llvm;
  EXPECT_EQ(session.compile(affine, "", options).lastPhase(), Phase::Llvm);
  EXPECT_EQ(session.compileObject(affine, "", automatic()).lastPhase(),
            Phase::Object);
}

TEST(Tiers, PlansAreShownWhateverComesAfter) {
  Session session;
  CompileResult result = session.compile(affine, "", automatic());
  std::string text;
  llvm::raw_string_ostream os(text);
  result.print(os);
  EXPECT_NE(text.find("elementwise"), std::string::npos);
}

TEST(Tiers, ErrorsReadTheSame) {
  Session session;
  auto executable = compile(session, symbolic);
  Tensor x = tensor({4, 3}, 2);
  std::fill_n(x.as<int32_t>() + 6, 3, 0);
  std::string before = call(*executable, x);
  EXPECT_EQ(before.substr(0, 2), "E6") << before;
  std::string noRows = call(*executable, tensor({4, 2}, 1));
  EXPECT_NE(noRows, "");
  executable->promote();
  ASSERT_TRUE(executable->waitForPromotion());
  EXPECT_EQ(call(*executable, x), before);
  EXPECT_EQ(call(*executable, tensor({4, 2}, 1)), noRows);
}

TEST(Tiers, ManyThreadsCallDuringTheChange) {
  Session session;
  auto executable = compile(session, symbolic);
  // Other sizes in each thread: other plans, and workspaces.
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      Tensor x = tensor({1 + 40 * t, 3}, t);
      std::string expected = call(*executable, x);
      for (int after = 0; after < 20; after += executable->tier() == 1)
        EXPECT_EQ(call(*executable, x), expected);
    });
  executable->promote();
  for (std::thread &thread : threads)
    thread.join();
}

TEST(Tiers, ImportsAreNotReadAgain) {
  class Memory : public ImportLoader {
  public:
    llvm::ErrorOr<std::string> load(llvm::StringRef path) override {
      ++numLoaded;
      return std::string("fn twice(x: Tensor<i32,[2]>) { x * 2 }");
    }
    int numLoaded = 0;
  };
  auto memory = std::make_unique<Memory>();
  Session session;
  CompileOptions options = automatic();
  options.imports = memory.get();
  CompileResult result =
      session.compile("import layers.dense;\n"
                      "fn main(x: Tensor<i32,[2]>) { dense.twice(x) + 1 }\n",
                      "models/main.mind", options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(memory->numLoaded, 1);
  memory.reset();
  auto &executable =
      static_cast<const TieredExecutable &>(*result.executable());
  executable.promote();
  EXPECT_TRUE(executable.waitForPromotion()) << executable.problem();
  EXPECT_EQ(call(executable, tensor({2}, 1)), "5 19 ");
}

TEST(Tiers, OutlivesItsSession) {
  std::shared_ptr<const TieredExecutable> executable;
  {
    Session session;
    executable = compile(session, affine);
  }
  executable->promote();
  EXPECT_TRUE(executable->waitForPromotion());
}

TEST(Tiers, MayGoWhileItIsCompiled) {
  Session session;
  for (int i = 0; i < 10; ++i) {
    auto executable = compile(session, affine);
    executable->promote();
    // Some in each phase, as chance has it.
    std::this_thread::sleep_for(std::chrono::microseconds(300 * i));
  }
  // Those that wait in line are passed over.
  auto last = compile(session, affine);
  last->promote();
  EXPECT_TRUE(last->waitForPromotion());
}

TEST(Tiers, AllMayGoWhileItIsCompiled) {
  for (int i = 0; i < 4; ++i) {
    Session session;
    compile(session, affine)->promote();
    std::this_thread::sleep_for(std::chrono::microseconds(700 * i));
  }
}

TEST(Tiers, StaysWhenTheSessionStopsCompiling) {
  Session session;
  auto running = compile(session, affine), late = compile(session, affine);
  running->promote();
  session.stopBackgroundCompilation();
  session.stopBackgroundCompilation();
  late->promote();
  running->waitForPromotion(); // It may have been in time.
  EXPECT_EQ(running->problem(), "");
  EXPECT_FALSE(late->waitForPromotion());
  EXPECT_EQ(late->problem(), "");
  EXPECT_EQ(late->tier(), 0u);
}

#if !defined(__SANITIZE_THREAD__) && !__has_feature(thread_sanitizer)
TEST(Tiers, AProcessThatWasForkedStaysWhereItIs) {
  auto session = std::make_unique<Session>();
  auto known = compile(*session, affine), other = compile(*session, affine);
  known->promote();
  ASSERT_TRUE(known->waitForPromotion());
  pid_t child = fork();
  if (child == 0) {
    other->promote();
    bool right = !other->waitForPromotion() && known->tier() == 1;
    // There is no thread to wait for.
    session->stopBackgroundCompilation();
    known.reset();
    other.reset();
    session.reset();
    _exit(right ? 0 : 1);
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  other->promote();
  EXPECT_TRUE(other->waitForPromotion());
}
#endif

} // namespace
