//===- Harness.h - compiles and runs linalg in tests -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_CODEGEN_HARNESS_H
#define MIND_TEST_UNIT_CODEGEN_HARNESS_H

#include "Mind/Codegen/MachineCode.h"
#include "Mind/Jit/Jit.h"
#include "mlir/IR/MLIRContext.h"

#include <string>
#include <vector>

namespace mind::test {

/// Compiles MLIR text; one for all tests, as its parts are dear to make.
class Harness {
public:
  static Harness &get();

  /// The object file of `text`, a module with linalg in functions.
  llvm::SmallVector<char, 0> compile(llvm::StringRef text);

  /// Runs `main` of `text` on f32 tensors; returns its one result, of `size`
  /// elements. Checks that nothing beyond the result is written.
  std::vector<float> run(llvm::StringRef text,
                         const std::vector<std::vector<float>> &inputs,
                         size_t size);

  Jit &jit() { return *engine; }

private:
  Harness();

  mlir::DialectRegistry registry;
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<MachineCodeGenerator> generator;
  std::unique_ptr<Jit> engine;
  int64_t workspaceSize = 0;
};

/// "tensor<2x3xf32>".
std::string tensorType(const std::vector<int64_t> &shape);

/// `size` numbers in [-1, 1), the same for the same `seed`.
std::vector<float> randomNumbers(size_t size, unsigned seed);

/// Fails the test unless all elements agree to a relative `tolerance`.
void expectNear(const std::vector<float> &actual,
                const std::vector<double> &expected, double tolerance,
                const std::string &what);

} // namespace mind::test

#endif // MIND_TEST_UNIT_CODEGEN_HARNESS_H
