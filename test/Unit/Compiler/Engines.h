//===- Engines.h - what executes the programs of a test --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_COMPILER_ENGINES_H
#define MIND_TEST_UNIT_COMPILER_ENGINES_H

#include "Mind/Compiler/Session.h"
#include <ostream>

namespace mind::test {

/// A tier, and for code whether it calls kernels.
struct Engine {
  const char *name;
  Tier tier;
  bool kernels = true;

  CompileOptions options() const {
    CompileOptions options;
    options.tier = tier;
    options.kernels = kernels;
    return options;
  }
};

inline void PrintTo(const Engine &engine, std::ostream *os) {
  *os << engine.name;
}

inline const Engine engines[] = {
    {"Plan", Tier::Plan},
    {"Code", Tier::Code},
    {"GeneratedCode", Tier::Code, /*kernels=*/false}};

} // namespace mind::test

#endif // MIND_TEST_UNIT_COMPILER_ENGINES_H
