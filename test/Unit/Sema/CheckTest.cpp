//===- CheckTest.cpp - what check() promises to its callers ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Parser.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

struct Checked {
  explicit Checked(std::string text)
      : file("test.mind", std::move(text)), tree(parse(file, interner, diags)),
        program(check(tree, diags)) {}

  Interner interner;
  SourceFile file;
  DiagnosticEngine diags;
  Tree tree;
  CheckedProgram program;
};

TEST(Check, ScriptsAloneAreReachedFromOutside) {
  Checked script("fn f() { 1 }\nf()");
  EXPECT_TRUE(script.program.function("main")->isPublic);
  EXPECT_FALSE(script.program.function("f")->isPublic);
  Checked module("fn f() { 1 }");
  EXPECT_TRUE(module.program.function("f")->isPublic);
  EXPECT_EQ(module.program.function("main"), nullptr);
}

TEST(Check, EmptyPrograms) {
  Checked empty("");
  ASSERT_TRUE(empty.program.ok);
  EXPECT_EQ(empty.program.function("main")->result, TypeTable::unit());
  EXPECT_TRUE(Checked("let x = 1;").program.ok);
}

TEST(Check, BrokenSyntaxIsNotReportedTwice) {
  Checked checked("fn f(x: Tensor<f32,[2,]) { x + }\nfn g() { 1 }");
  for (const Diagnostic &diag : checked.diags.sorted())
    EXPECT_TRUE(diagnosticCode(diag.kind).starts_with("E11")) << diag.message;
}

TEST(Check, OneErrorDoesNotCauseAnother) {
  Checked checked("let a = b + 1;\nlet (c, d) = a;\nc.sum() @ d[0] + f(a)");
  // `b`, and `f`, which is wrong whatever `a` is.
  EXPECT_EQ(checked.diags.numErrors(), 2u);
}

/// Chains as long as a file holds are checked without deep recursion.
TEST(Check, LongChains) {
  constexpr int length = 20000;
  std::string functions, constants, aliases;
  for (int i = 0; i != length; ++i) {
    std::string number = std::to_string(i), next = std::to_string(i + 1);
    functions += "fn f_" + number + "(x: f32) { f_" + next + "(x) }\n";
    constants += "const c_" + number + ": i64 = c_" + next + ";\n";
    aliases += "type t_" + number + " = t_" + next + ";\n";
  }
  std::string last = std::to_string(length);
  EXPECT_TRUE(
      Checked(functions + "fn f_" + last + "(x: f32) { x }").program.ok);
  EXPECT_TRUE(Checked(constants + "const c_" + last + ": i64 = 1;").program.ok);
  EXPECT_TRUE(Checked(aliases + "type t_" + last + " = f32;").program.ok);
  EXPECT_TRUE(
      Checked(aliases + "type t_" + last + " = Tensor<f32,[N]>;").program.ok);
  EXPECT_EQ(Checked(functions + "fn f_" + last + "(x: f32) { f_0(x) }")
                .diags.numErrors(),
            1u);
}

/// Errors by the ten thousand end in good time: suggestions stop with the
/// diagnostics that are shown.
TEST(Check, ManyErrors) {
  std::string text;
  for (int i = 0; i != 10000; ++i)
    text += "let name_" + std::to_string(i) + " = nome_" + std::to_string(i) +
            " + 1;\n";
  Checked checked(text);
  EXPECT_EQ(checked.diags.numErrors(), 10000u);
}

} // namespace
