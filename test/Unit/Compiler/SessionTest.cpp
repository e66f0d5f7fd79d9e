//===- SessionTest.cpp - compiling from C++ -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Compiler/Session.h"
#include "gtest/gtest.h"
#include <array>
#include <thread>

using namespace mind;
using runtime::Executable;

namespace {

constexpr llvm::StringLiteral affine =
    "fn main(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> { twice(x) + 1 }\n"
    "fn twice(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> { x * 2 }\n";

constexpr llvm::StringLiteral loops =
    "fn main(x: Tensor<f32,[99,7]>) -> Tensor<f32,[7]> { sum(exp(x), axes=[0]) "
    "}\n";

/// What `executable` makes of {x0, x1}.
std::array<float, 2> call(const Executable &executable, float x0, float x1) {
  std::array<float, 2> x{x0, x1}, y{};
  std::array<const void *, 1> inputs{x.data()};
  std::array<void *, 1> outputs{y.data()};
  EXPECT_TRUE(executable.run(inputs, outputs).ok());
  return y;
}

std::string printed(CompileResult &result) {
  std::string text;
  llvm::raw_string_ostream os(text);
  result.print(os);
  return text;
}

TEST(Session, CompilesToAnExecutable) {
  Session session;
  CompileResult result = session.compile(affine, "affine.mind");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.executable()->signature().spelling(),
            "main(x: Tensor<f32, [2]>) -> Tensor<f32, [2]>");
  EXPECT_EQ(result.executable()->tier(), 1u);
  EXPECT_EQ(call(*result.executable(), 1, 2), (std::array{3.f, 5.f}));
}

TEST(Session, TakesImportsFromItsLoader) {
  class Memory : public ImportLoader {
  public:
    llvm::ErrorOr<std::string> load(llvm::StringRef path) override {
      wanted.push_back(path.str());
      if (path == "models/layers/dense.mind")
        return std::string("fn twice(x: Tensor<f32,[2]>) { x * 2 }");
      return std::make_error_code(std::errc::no_such_file_or_directory);
    }
    std::vector<std::string> list(llvm::StringRef path) override {
      if (path == "models")
        return {"layers"};
      return path == "models/layers" ? std::vector<std::string>{"dense.mind"}
                                     : std::vector<std::string>{};
    }
    std::vector<std::string> wanted;
  };
  Memory memory;
  Session session;
  CompileOptions options;
  options.imports = &memory;
  CompileResult right =
      session.compile("import layers.dense;\n"
                      "fn main(x: Tensor<f32,[2]>) { dense.twice(x) + 1 }\n",
                      "models/main.mind", options);
  ASSERT_TRUE(right.ok());
  EXPECT_EQ(call(*right.executable(), 1, 2), (std::array{3.f, 5.f}));
  EXPECT_EQ(memory.wanted,
            std::vector<std::string>{"models/layers/dense.mind"});
  EXPECT_EQ(right.sources().numFiles(), 2u);

  CompileResult wrong =
      session.compile("import layers.dens;", "models/main.mind", options);
  EXPECT_FALSE(wrong.ok());
  const Diagnostic &error = wrong.diagnostics().sorted().front();
  EXPECT_EQ(error.kind, DiagKind::ImportNotFound);
  EXPECT_EQ(error.helpText, "did you mean `layers.dense`?");
}

TEST(Session, ExecutablesOutliveIt) {
  std::shared_ptr<const Executable> main, twice;
  {
    Session session;
    CompileOptions options;
    main = session.compile(affine, "affine.mind", options).executable();
    options.entry = "twice";
    twice = session.compile(affine, "affine.mind", options).executable();
  }
  EXPECT_EQ(call(*main, 1, 2), (std::array{3.f, 5.f}));
  main.reset();
  EXPECT_EQ(call(*twice, 1, 2), (std::array{2.f, 4.f}));
}

TEST(Session, ProgramsShareLargeMemory) {
  Session session, other;
  auto memoryOf = [](Session &session, Tier tier) {
    CompileOptions options;
    options.tier = tier;
    return session.compile(affine, "affine.mind", options)
        .executable()
        ->memoryPool();
  };
  std::shared_ptr<runtime::MemoryPool> memory = memoryOf(session, Tier::Plan);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memoryOf(session, Tier::Code), memory);
  EXPECT_EQ(memoryOf(session, Tier::Auto), memory);
  EXPECT_NE(memoryOf(other, Tier::Plan), memory);
}

TEST(Session, PrintsThroughTheContext) {
  Session session;
  CompileResult result =
      session.compile("fn main(x: Tensor<f32,[2]>) -> Tensor<f32,[2]> {\n"
                      "  for i in 0..2 { println(i, x); }\n"
                      "  assert(any(x > 0));\n"
                      "  println(\"positive\");\n"
                      "  x + 1\n"
                      "}\n",
                      "main.mind");
  ASSERT_TRUE(result.ok());
  std::array<float, 2> x{1, 2}, y{};
  auto run = [&] {
    std::array<const void *, 1> inputs{x.data()};
    std::array<void *, 1> outputs{y.data()};
    std::string text;
    bool ok = result.executable()
                  ->run(inputs, outputs, {},
                        [&](std::string_view part) { text += part; })
                  .ok();
    return text + (ok ? "ok" : "failed");
  };
  EXPECT_EQ(run(), "0 [1. 2.]\n1 [1. 2.]\npositive\nok");
  x = {-1, -2};
  EXPECT_EQ(run(), "0 [-1. -2.]\n1 [-1. -2.]\nfailed");
  // To a caller that shows nothing, all is the same but that.
  auto &native =
      static_cast<const runtime::NativeExecutable &>(*result.executable());
  MindContext context = {};
  context.abi_version = MIND_ABI_VERSION;
  std::array<void *, 2> buffers{x.data(), y.data()};
  alignas(MIND_WORKSPACE_ALIGNMENT) std::array<char, 1024> workspace;
  ASSERT_LE(native.workspaceSize(), workspace.size());
  EXPECT_EQ(
      native.function()(&context, buffers.data(), nullptr, workspace.data()),
      6006);
  EXPECT_EQ(y, (std::array{0.f, -1.f}));
}

TEST(Session, StopsAfterAnyPhase) {
  Session session;
  for (const PhaseInfo &info : phases) {
    CompileOptions options;
    options.stopAfter = info.phase;
    options.timePhases = true;
    CompileResult result = session.compile(affine, "affine.mind", options);
    ASSERT_TRUE(result.ok()) << info.name;
    EXPECT_EQ(result.executable() != nullptr,
              info.phase == Phase::Plan || info.phase == Phase::Object);
    for (const PhaseInfo &other : phases)
      EXPECT_EQ(result.timings()[size_t(other.phase)] > 0,
                leadsTo(other.phase, info.phase))
          << other.name << " when stopping after " << info.name;
    EXPECT_NE(printed(result), "") << info.name;
  }
}

TEST(Session, PrintingChangesNothing) {
  Session session;
  CompileResult result = session.compile(affine, "affine.mind");
  std::string first = printed(result);
  EXPECT_EQ(printed(result), first);
  EXPECT_EQ(call(*result.executable(), 1, 2), (std::array{3.f, 5.f}));
}

TEST(Session, GivesTheSameCodeFreshAndWarm) {
  CompileOptions options;
  options.cpu = "x86-64-v3";
  Session warm;
  ASSERT_TRUE(warm.compile("let a: Tensor[f32,(3)] = 1; a", "", options).ok());
  ASSERT_TRUE(warm.compileObject(loops, "loops.mind", options).ok());
  Session fresh;
  fresh.prepare(Phase::Object, options.cpu);
  CompileResult a = warm.compileObject(affine, "affine.mind", options);
  CompileResult b = fresh.compileObject(affine, "affine.mind", options);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_FALSE(a.objectFile().empty());
  EXPECT_EQ(a.objectFile(), b.objectFile());
  ASSERT_EQ(a.objectFunctions().size(), 2u);
  EXPECT_EQ(a.objectFunctions()[1].symbol, "mind_twice");
}

TEST(Session, ReportsWhatIsWrong) {
  Session session;
  CompileResult result = session.compile("fn f() -> f32 { x + y }", "f.mind");
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.internalError(), nullptr);
  EXPECT_EQ(result.executable(), nullptr);
  ASSERT_EQ(result.diagnostics().numErrors(), 2u);
  EXPECT_EQ(result.diagnostics().sorted()[0].kind, DiagKind::UndefinedName);
  // And compiles the next program as if nothing had been.
  EXPECT_TRUE(session.compile(affine, "affine.mind").ok());
}

TEST(Session, KeepsAsManyErrorsAsWanted) {
  Session session;
  CompileOptions options;
  options.maxErrors = 1;
  CompileResult result = session.compile("x + y", "f.mind", options);
  EXPECT_EQ(result.diagnostics().numErrors(), 2u);
  EXPECT_EQ(result.diagnostics().sorted().size(), 1u);
}

TEST(Session, ResultsDoNotMeet) {
  // Each is made in what is left of others, while some are still there.
  Session session;
  CompileOptions options;
  options.stopAfter = Phase::Mind;
  CompileResult first = session.compile(affine, "first.mind", options);
  const std::string text = printed(first);
  for (unsigned i = 0; i != 3; ++i) {
    CompileResult wrong = session.compile("f(x; )", "wrong.mind", options);
    EXPECT_FALSE(wrong.ok());
    EXPECT_TRUE(wrong.diagnostics().hasErrors());
    CompileResult right = session.compile(loops, "right.mind", options);
    EXPECT_TRUE(right.ok());
    EXPECT_FALSE(right.diagnostics().hasErrors());
    EXPECT_EQ(right.sources().mainFile().name(), "right.mind");
    wrong = session.compile(affine, "first.mind");
    EXPECT_NE(wrong.executable(), nullptr);
    right = session.compile(affine, "first.mind", options);
    EXPECT_EQ(right.executable(), nullptr);
    EXPECT_EQ(printed(right), text);
  }
  EXPECT_TRUE(first.ok());
  EXPECT_EQ(first.sources().mainFile().name(), "first.mind");
  EXPECT_EQ(first.sources().mainFile().text(), affine);
  EXPECT_EQ(printed(first), text);
}

TEST(Session, SeveralWorkSideBySide) {
  std::array<int, 3> wrong{};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      Session session;
      for (int i = 0; i < 3; ++i) {
        CompileResult result = session.compile(affine, "affine.mind");
        if (!result.ok() ||
            call(*result.executable(), 1, 2) != std::array{3.f, 5.f})
          ++wrong[t];
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, (std::array{0, 0, 0}));
}

} // namespace
