//===- TreeTest.cpp - views and ranges -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntaxTest.h"
#include "gtest/gtest.h"

using namespace mind;

static ExprId result(const Parsed &parsed) {
  return parsed.tree.block(parsed.tree.root()).result;
}

TEST(Tree, OperatorsHaveRangesOfTheirOwn) {
  Parsed parsed("(aa + b) >= -c");
  const Tree &tree = parsed.tree;
  BinaryView compare = tree.binary(result(parsed));
  EXPECT_EQ(parsed.file.text(compare.opRange), ">=");
  EXPECT_EQ(tree.text(result(parsed)), "(aa + b) >= -c");
  EXPECT_EQ(tree.text(compare.lhs), "aa + b");
  UnaryView minus = tree.unary(compare.rhs);
  EXPECT_EQ(parsed.file.text(minus.opRange), "-");
}

TEST(Tree, NamesHaveRangesOfTheirOwn) {
  Parsed parsed("x.foo(bar = 1, 2).baz.7");
  const Tree &tree = parsed.tree;
  auto text = [&](SourceRange range) { return parsed.file.text(range); };
  TupleElementView element = tree.tupleElement(result(parsed));
  EXPECT_EQ(element.element, 7u);
  EXPECT_EQ(text(element.elementRange), "7");
  FieldView field = tree.field(element.base);
  EXPECT_EQ(text(field.fieldRange), "baz");
  MethodCallView call = tree.methodCall(field.base);
  EXPECT_EQ(text(call.methodRange), "foo");
  ASSERT_EQ(call.args.size(), 2u);
  ArgumentView bar = tree.argument(call.args[0]);
  EXPECT_EQ(tree.text(bar.name), "bar");
  EXPECT_EQ(text(bar.nameRange), "bar");
  EXPECT_EQ(tree.text(bar.value), "1");
  ArgumentView two = tree.argument(call.args[1]);
  EXPECT_FALSE(two.name.isValid());
  EXPECT_EQ(two.value, call.args[1]);
}

TEST(Tree, ItemsHaveTheirParts) {
  Parsed parsed("fn foo(a: f32, b: Tensor[u8,(2)]) -> T { a }\n"
                "const N: i64 = 0xFF;\ntype T = f32;\nimport a.b.c;");
  const Tree &tree = parsed.tree;
  NodeList<StmtId> items = tree.block(tree.root()).statements;
  ASSERT_EQ(items.size(), 4u);
  FnView fn = tree.fn(items[0]);
  EXPECT_EQ(parsed.file.text(fn.nameRange), "foo");
  ASSERT_EQ(fn.params.size(), 2u);
  ParamView b = tree.param(fn.params[1]);
  EXPECT_EQ(tree.text(b.name), "b");
  TensorTypeView type = tree.tensorType(b.type);
  EXPECT_EQ(type.dtype, DType::U8);
  EXPECT_EQ(parsed.file.text(type.dtypeRange), "u8");
  EXPECT_FALSE(type.angle);
  EXPECT_EQ(tree.constantDim(type.dims[0]), 2);
  EXPECT_EQ(tree.text(tree.namedType(fn.result)), "T");
  EXPECT_TRUE(tree.block(fn.body).result.isValid());
  ConstView constant = tree.constant(items[1]);
  EXPECT_EQ(tree.scalarType(constant.type), DType::I64);
  EXPECT_EQ(tree.integer(constant.value), 255u);
  EXPECT_EQ(tree.text(tree.typeAlias(items[2]).name), "T");
  ImportView import = tree.importItem(items[3]);
  EXPECT_EQ(import.path.size(), 3u);
  EXPECT_EQ(parsed.file.text(import.pathRange), "a.b.c");
  EXPECT_EQ(parsed.file.text(import.nameRange), "c");
  EXPECT_FALSE(import.module);
}

TEST(Tree, NamesOfTypesMayHaveAModule) {
  Parsed parsed("let a: b . T = x; let a: T = x;");
  const Tree &tree = parsed.tree;
  NodeList<StmtId> lets = tree.block(tree.root()).statements;
  QualifiedName name = tree.qualifiedName(tree.let(lets[0]).type);
  EXPECT_EQ(tree.text(name.module), "b");
  EXPECT_EQ(parsed.file.text(name.moduleRange), "b");
  EXPECT_EQ(tree.text(name.name), "T");
  EXPECT_EQ(parsed.file.text(name.nameRange), "T");
  name = tree.qualifiedName(tree.let(lets[1]).type);
  EXPECT_FALSE(name.module.isValid());
  EXPECT_EQ(parsed.file.text(name.nameRange), "T");
}

TEST(Tree, ARangeThatSplitsGreaterEqual) {
  Parsed parsed("let a: Tensor<f32,[2]>= 1;");
  const Tree &tree = parsed.tree;
  LetView let = tree.let(tree.block(tree.root()).statements[0]);
  EXPECT_EQ(tree.text(let.type), "Tensor<f32,[2]>");
}

TEST(Tree, ChildrenComeBeforeParents) {
  Parsed parsed("fn f(x: f32) { let y = [x, 2]; y[0] } f(1)");
  EXPECT_EQ(parsed.tree.root().index + 1, parsed.tree.size());
}

TEST(Tree, MemoryIsUsedAgain) {
  Interner interner;
  DiagnosticEngine diags;
  Tree tree;
  SourceFile large("large.mind", "fn f(x: f32) -> f32 { x + 1.0 }"),
      small("small.mind", "let a = [1, 2];");
  for (const SourceFile *file : {&large, &small, &large}) {
    parse(*file, interner, diags, tree);
    Tree fresh = parse(*file, interner, diags);
    EXPECT_EQ(tree.size(), fresh.size());
    EXPECT_EQ(&tree.file(), file);
    EXPECT_EQ(tree.isModule(), file == &large);
    EXPECT_EQ(tree.range(tree.root()), fresh.range(fresh.root()));
  }
  EXPECT_FALSE(diags.hasErrors());
}
