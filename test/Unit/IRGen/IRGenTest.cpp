//===- IRGenTest.cpp - locations and visibility of what is made -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/IRGen/IRGen.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Parser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "gtest/gtest.h"

using namespace mind;

namespace {

class IRGen : public testing::Test {
protected:
  mlir::OwningOpRef<mlir::ModuleOp> generate(std::string text) {
    Interner interner;
    DiagnosticEngine diags;
    SourceFile file("test.mind", std::move(text));
    Tree tree = parse(file, interner, diags);
    CheckedProgram program = check(tree, diags);
    EXPECT_TRUE(program.ok && !diags.hasErrors());
    auto module = IRGenerator(context).generate(program);
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module)));
    return module;
  }

  /// "name line:column-end" of each operation of the first function; places
  /// of one character are given without an end.
  std::vector<std::string> places(mlir::ModuleOp module) {
    std::vector<std::string> result;
    auto function = *module.getOps<mlir::func::FuncOp>().begin();
    for (mlir::Operation &op : function.getBody().front()) {
      auto range = mlir::cast<mlir::FileLineColRange>(op.getLoc());
      EXPECT_EQ(range.getFilename(), "test.mind");
      EXPECT_EQ(range.getStartLine(), range.getEndLine());
      result.push_back(op.getName().getStringRef().str() + " " +
                       std::to_string(range.getStartLine()) + ":" +
                       std::to_string(range.getStartColumn()));
      if (range.getStartColumn() != range.getEndColumn())
        result.back() += "-" + std::to_string(range.getEndColumn());
    }
    return result;
  }

  IRGen() { loadIRGenDialects(context); }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
};

TEST_F(IRGen, OperationsAreAtTheirExpression) {
  // Of one that takes several lines the operator or callee is shown.
  auto module = generate("fn f(x: f32) {\n"
                         "  let y = relu(x) * x.exp();\n"
                         "  -(y\n"
                         "    + 1)\n"
                         "}");
  EXPECT_EQ(places(*module),
            (std::vector<std::string>{"mind.relu 2:11-18", "mind.exp 2:21-28",
                                      "mind.mul 2:11-28", "mind.constant 4:7-8",
                                      "mind.add 4:5", "mind.neg 3:3",
                                      "func.return 5:1"}));
}

TEST_F(IRGen, ProgramsOfManyFilesInTurnKeepTheirNames) {
  // What is the same in several modules is kept in small tables.
  IRGenerator generator(context);
  for (int round = 0; round != 2; ++round)
    for (int i = 0; i != 200; ++i) {
      const std::string name = "a_function_called_" + std::to_string(1000 + i),
                        path = "a/folder/" + std::to_string(i % 7 + 100) +
                               std::to_string(100 + i) + "/program.mind";
      Interner interner;
      DiagnosticEngine diags;
      SourceFile file(path, "fn " + name + "(x: f32) { exp(x) }");
      Tree tree = parse(file, interner, diags);
      CheckedProgram program = check(tree, diags);
      ASSERT_TRUE(program.ok);
      auto module = generator.generate(program);
      auto function = *module->getOps<mlir::func::FuncOp>().begin();
      EXPECT_EQ(function.getSymName(), name);
      for (mlir::Operation &op : function.getBody().front())
        EXPECT_EQ(mlir::cast<mlir::FileLineColRange>(op.getLoc()).getFilename(),
                  path);
    }
}

TEST_F(IRGen, ColumnsCountCharacters) {
  auto module =
      generate("fn f(x: f32) { /* Gr\xc3\xbc\xc3\x9f\x65 */ exp(x) }");
  EXPECT_EQ(places(*module).front(), "mind.exp 1:28-34");
}

TEST_F(IRGen, TheScriptAloneIsPublic) {
  auto module = generate("fn f(x: f32) { x + 1 }\nf(2)");
  auto find = [&](llvm::StringRef name) {
    return module->lookupSymbol<mlir::func::FuncOp>(name);
  };
  EXPECT_TRUE(find("f").isPrivate());
  EXPECT_TRUE(find("main").isPublic());
}

TEST_F(IRGen, AnInstanceIsMadeOnce) {
  auto module = generate("fn f(x: Tensor<f32,[N]>) { x + x }\n"
                         "fn g(x: Tensor<f32,[3]>) { f(f(x)) }\n"
                         "fn h(x: Tensor<f32,[3]>) { f(x) }");
  EXPECT_EQ(llvm::range_size(module->getOps<mlir::func::FuncOp>()), 4u);
}

static std::string text(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  mlir::OpPrintingFlags flags;
  module->print(os, flags.enableDebugInfo());
  return text;
}

TEST_F(IRGen, AModuleDoesNotDependOnThoseBefore) {
  // Many programs that have parts in common, so that each finds, and replaces,
  // what the others have left.
  IRGenerator shared(context);
  mlir::Builder builder(&context);
  Interner interner;
  for (unsigned i = 0; i != 1000; ++i) {
    std::string n = std::to_string(i % 1009 + 1), m = std::to_string(i % 97);
    SourceFile file(i % 3 ? "a.mind" : "b.mind",
                    std::string(i % 40, ' ') + "fn f" + m + "(x: Tensor<f32,[" +
                        n + ", B]>) { sum(x + " + m + ", axes=[" +
                        (i % 2 ? "0" : "1") + "]) }" + "fn g() { x" + m + "(" +
                        m + " as i8) }" + "fn x" + m + "(i: i8) { zeros([" + n +
                        "]) * 0.5 }");
    DiagnosticEngine diags;
    Tree tree = parse(file, interner, diags);
    CheckedProgram program = check(tree, diags);
    ASSERT_TRUE(program.ok);
    auto module = shared.generate(program);
    ASSERT_EQ(text(*module), text(*IRGenerator(context).generate(program)));
    // As passes leave it, or with what they have said of it as a whole.
    if (i % 5 == 0)
      (*module)->setDiscardableAttr("test.note", builder.getUnitAttr());
    if (i % 7 == 0)
      module->setSymName("named");
    if (i % 11 == 0)
      module->getBody()->clear();
    if (i % 2 == 0)
      shared.recycle(std::move(module));
  }
}

TEST_F(IRGen, WhatWasVerifiedIsVerifiedAgain) {
  auto module = generate("fn f(x: Tensor<f32,[2]>) { exp(x) + x }");
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  mlir::Operation &exp = function.getBody().front().front();
  exp.getResult(0).setType(
      mlir::RankedTensorType::get({3}, mlir::Float32Type::get(&context)));
  std::string message;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diag) { message += diag.str(); });
  EXPECT_TRUE(mlir::failed(mlir::verify(*module)));
  EXPECT_EQ(message, "'mind.exp' op result is Tensor<f32, [3]>, but should be "
                     "Tensor<f32, [2]>");
}

TEST_F(IRGen, EveryModuleCanBeRecycled) {
  IRGenerator generator(context);
  generator.recycle(generate("fn f(x: f32, n: i64) {\n"
                             "  let y = x;\n"
                             "  for i in 0..n { if y < 3.0 { y = y + x; } }\n"
                             "  y\n"
                             "}\n"
                             "fn g(x: f32) { f(x, 2) }"));
  // Even one in which a value is used before it is there.
  auto module = generate("fn f(x: f32) { exp(relu(x)) }");
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  mlir::Block &block = function.getBody().front();
  block.front().moveBefore(block.getTerminator());
  generator.recycle(std::move(module));
}

TEST_F(IRGen, TheTableKnowsWhatHasNoEffect) {
  for (const OpInfo &op : operations()) {
    mlir::OperationName name(op.irName, &context);
    ASSERT_TRUE(name.isRegistered()) << op.irName.str();
    EXPECT_EQ(op.isPure,
              name.hasTrait<mlir::OpTrait::AlwaysSpeculatableImplTrait>())
        << op.irName.str();
  }
}

} // namespace
