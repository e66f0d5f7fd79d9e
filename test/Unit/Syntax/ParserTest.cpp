//===- ParserTest.cpp - the shapes of trees -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntaxTest.h"
#include "gtest/gtest.h"

using namespace mind;

/// An expression with a pair of parentheses around every operation, so that
/// what binds tighter shows.
static std::string group(const Tree &tree, ExprId id) {
  switch (tree.kind(id)) {
  case NodeKind::Unary: {
    UnaryView unary = tree.unary(id);
    return "(" + spelling(unary.op).str() + group(tree, unary.operand) + ")";
  }
  case NodeKind::Binary: {
    BinaryView binary = tree.binary(id);
    return "(" + group(tree, binary.lhs) + spelling(binary.op).str() +
           group(tree, binary.rhs) + ")";
  }
  case NodeKind::Cast: {
    CastView cast = tree.cast(id);
    return "(" + group(tree, cast.operand) + " as " +
           tree.text(cast.type).str() + ")";
  }
  case NodeKind::MethodCall: {
    MethodCallView call = tree.methodCall(id);
    return "(" + group(tree, call.receiver) + "." +
           tree.text(call.method).str() + "())";
  }
  default:
    return tree.text(id).str();
  }
}

static std::string group(std::string text) {
  Parsed parsed(std::move(text));
  EXPECT_EQ(parsed.errors(), "");
  return group(parsed.tree, parsed.tree.block(parsed.tree.root()).result);
}

TEST(Parser, Precedence) {
  EXPECT_EQ(group("a+b*c"), "(a+(b*c))");
  EXPECT_EQ(group("a*b+c"), "((a*b)+c)");
  EXPECT_EQ(group("a-b-c"), "((a-b)-c)");
  EXPECT_EQ(group("a@b*c/d%e"), "((((a@b)*c)/d)%e)");
  EXPECT_EQ(group("a+b<c*d"), "((a+b)<(c*d))");
  EXPECT_EQ(group("a<b&&c==d||e"), "(((a<b)&&(c==d))||e)");
  EXPECT_EQ(group("a||b&&c"), "(a||(b&&c))");
  EXPECT_EQ(group("-a as f32*b"), "(((-a) as f32)*b)");
  EXPECT_EQ(group("a*b as f32 as i64"), "(a*((b as f32) as i64))");
  EXPECT_EQ(group("-a.f()"), "(-(a.f()))");
  EXPECT_EQ(group("!-a@b"), "((!(-a))@b)");
  EXPECT_EQ(group("(a+b)*c"), "((a+b)*c)");
  EXPECT_EQ(group("(a<b)==c"), "((a<b)==c)");
  EXPECT_EQ(group("a as f32<b"), "((a as f32)<b)");
}

TEST(Parser, ScriptsAndModules) {
  EXPECT_TRUE(
      Parsed("fn f() {} const N = 1; type T = f32; import a;").tree.isModule());
  EXPECT_FALSE(Parsed("fn f() {} 1").tree.isModule());
  EXPECT_FALSE(Parsed("fn f() {} f();").tree.isModule());
  EXPECT_FALSE(Parsed("").tree.isModule());
}

TEST(Parser, ParenthesesTuplesAndUnit) {
  Parsed parsed("((), (a), (a,), (a, b,))");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  tuple
    tuple
    name `a`
    tuple
      name `a`
    tuple
      name `a`
      name `b`
)");
}

TEST(Parser, BothSpellingsOfATensor) {
  Parsed parsed("let a: Tensor<f32,[2,B,?,-1,]>= 1; let b: Tensor[i64,()] = 2;"
                "let c: Tensor[bool,(10)] = true;");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  let
    pattern `a`
    type f32[2, B, ?, -1]
    integer 1
  let
    pattern `b`
    type i64[]
    integer 2
  let
    pattern `c`
    type bool[10]
    bool true
)");
}

TEST(Parser, OtherTypes) {
  Parsed parsed("fn f(a: diff f32, b: (T, unit)) -> () {}");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(module
  fn `f`
    param `a`
      diff
        type f32
    param `b`
      tuple type
        type `T`
        type unit
    result
      type unit
    block
)");
}

TEST(Parser, CallsAndAccess) {
  Parsed parsed("tensor.sum(x, axes=[0], dtype=f32)[i, a:b, ::2, :].0.shape");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  field `shape`
    element 0
      index
        method `sum`
          name `tensor`
          name `x`
          argument `axes`
            list
              integer 0
          argument `dtype`
            dtype f32
        name `i`
        slice
          start
            name `a`
          stop
            name `b`
        slice
          step
            integer 2
        slice
)");
}

TEST(Parser, BlocksEndStatementsAtTheirBrace) {
  Parsed parsed("{ a } if b { } else if c { } else { d } for i in 0..n { }"
                " while e { x += 1; } - f");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  statement
    block
      name `a`
  statement
    if
      name `b`
      block
      if
        name `c`
        block
        block
          name `d`
  statement
    for
      pattern `i`
      integer 0
      name `n`
      block
  statement
    while
      name `e`
      block
        assign +=
          name `x`
          integer 1
  unary -
    name `f`
)");
}

TEST(Parser, ABlockMayBeAResultOrAnOperand) {
  Parsed parsed("let a = if b { 1 } else { 2 } + 3; { return a; }");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  let
    pattern `a`
    binary +
      if
        name `b`
        block
          integer 1
        block
          integer 2
      integer 3
  block
    return
      name `a`
)");
}

TEST(Parser, Patterns) {
  Parsed parsed("let (a, (_, b), (c,)) = t;");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.print(), R"(script
  let
    tuple pattern
      pattern `a`
      tuple pattern
        pattern _
        pattern `b`
      tuple pattern
        pattern `c`
    name `t`
)");
}

TEST(Parser, SameTreeForSameText) {
  const char *text = "fn f(x: Tensor<f32,[B]>) { let y = x + 1; y } f(2)";
  EXPECT_EQ(Parsed(text).print(), Parsed(text).print());
}
