//===- Programs.h - the programs that the suites compile --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of bench/programs, read from disk: a folder added there is
// measured by every suite.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BENCH_PROGRAMS_H
#define MIND_BENCH_PROGRAMS_H

#include <string>
#include <vector>

namespace mind::bench {

struct Program {
  /// The folder's name, such as "simple_mlp".
  std::string name;
  /// What its program.mind says.
  std::string source;
};

/// Every program, by name. Ends the process with a message if there is none.
std::vector<Program> loadPrograms();

/// A module of `numFunctions` small functions, for costs that only a long
/// source shows. The same number gives the same bytes.
std::string makeLongSource(unsigned numFunctions);

} // namespace mind::bench

#endif // MIND_BENCH_PROGRAMS_H
