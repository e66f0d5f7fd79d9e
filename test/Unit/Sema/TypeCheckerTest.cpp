//===- TypeCheckerTest.cpp - one program after the other ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Parser.h"
#include "gtest/gtest.h"
#include <atomic>
#include <cstdlib>
#include <new>

using namespace mind;

// Counts what the program allocates by `new`, as the standard library and most
// of LLVM's containers do.
static std::atomic<size_t> numAllocations = 0;

void *operator new(size_t size) {
  ++numAllocations;
  void *memory = std::malloc(size ? size : 1);
  if (!memory)
    std::abort();
  return memory;
}
void *operator new(size_t size, const std::nothrow_t &) noexcept {
  return operator new(size);
}
void *operator new(size_t size, std::align_val_t alignment) {
  ++numAllocations;
  size_t unit = size_t(alignment);
  void *memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
  if (!memory)
    std::abort();
  return memory;
}
void *operator new(size_t size, std::align_val_t alignment,
                   const std::nothrow_t &) noexcept {
  return operator new(size, alignment);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void *memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace {

/// A source, and what a type checker of its own finds in it.
struct Source {
  Source(Interner &interner, const char *text)
      : file("test.mind", text), tree(parse(file, interner, diags)) {}

  /// What `program`, checked from this, consists of, and what was reported.
  static std::string describe(const CheckedProgram &program,
                              DiagnosticEngine &diags) {
    std::string text;
    llvm::raw_string_ostream os(text);
    program.print(os);
    for (const Diagnostic &diag : diags.sorted())
      os << diag.message << ": " << diag.helpText << "\n";
    return text;
  }

  SourceFile file;
  DiagnosticEngine diags;
  Tree tree;
};

/// Programs that share names and differ in what these mean.
constexpr const char *texts[] = {
    "let a: Tensor[f32,(10,20)] = 1;\nlet b: Tensor[f32,(20,30)] = 1;\n"
    "tensor.matmul(a, b)",
    "1 + 2 * 3 - 4 / 2",
    "(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130)",
    "fn main(x: Tensor<f32,[1,784]>, w1: Tensor<f32,[784,256]>, "
    "b1: Tensor<f32,[256]>, w2: Tensor<f32,[256,10]>, b2: Tensor<f32,[10]>) "
    "-> Tensor<f32,[1,10]> {\n    let h = relu(matmul(x, w1) + b1);\n"
    "    matmul(h, w2) + b2\n}",
    "const a: i64 = 3;\nfn b(x: Tensor<f32,[n,a]>) { sum(x, axes=[0]) }\n"
    "fn matmul(h: Tensor<f32,[n,2]>) { { let x = h; x * 2.0 } }",
    "type a = Tensor<f32,[n]>;\nfn n(h: a, x: i64) { let n = h; n }",
    "let h = 2;\n{ let w = h; };\nw + x1 + n",
    "fn f(x: f32, x: f32) { g(x) }\nfn f(n: f32) { let (a, a) = (n, n); m }",
    "fn f(x: f32) { g(x) }\nfn g(x: f32) { f(x) }",
};

TEST(TypeChecker, LeavesNothingOfAProgramToTheNext) {
  Interner interner;
  TypeChecker checker(interner);
  CheckedProgram program;
  for (int round = 0; round != 2; ++round)
    for (const char *text : texts) {
      Source source(interner, text);
      DiagnosticEngine diags;
      CheckedProgram alone = check(source.tree, diags);
      checker.check(source.tree, source.diags, program);
      EXPECT_EQ(program.ok, alone.ok);
      EXPECT_EQ(Source::describe(program, source.diags),
                Source::describe(alone, diags));
    }
}

TEST(TypeChecker, AllocatesNothingForWhatItHasSeen) {
  Interner interner;
  TypeChecker checker(interner);
  CheckedProgram program;
  for (const char *text : llvm::ArrayRef(texts).take_front(4)) {
    Source source(interner, text);
    checker.check(source.tree, source.diags, program);
    size_t before = numAllocations;
    checker.check(source.tree, source.diags, program);
    EXPECT_EQ(numAllocations - before, 0u) << text;
    EXPECT_TRUE(program.ok);
  }
}

} // namespace
