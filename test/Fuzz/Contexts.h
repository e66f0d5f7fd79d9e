//===- Contexts.h - MLIR contexts for many inputs --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_FUZZ_CONTEXTS_H
#define MIND_TEST_FUZZ_CONTEXTS_H

#include "Mind/IRGen/IRGen.h"
#include "mlir/IR/MLIRContext.h"
#include <memory>

namespace mind {

/// A context serves many inputs, since it is dear to make, but not all: it
/// keeps every type and attribute that it has seen.
class Contexts {
public:
  mlir::MLIRContext &next() {
    if (uses++ % inputs == 0) {
      context = std::make_unique<mlir::MLIRContext>(
          mlir::MLIRContext::Threading::DISABLED);
      loadIRGenDialects(*context);
    }
    return *context;
  }

private:
  static constexpr unsigned inputs = 500;
  std::unique_ptr<mlir::MLIRContext> context;
  unsigned uses = 0;
};

} // namespace mind

#endif // MIND_TEST_FUZZ_CONTEXTS_H
