//===- Sema.h - names, types and shapes of a program -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SEMA_SEMA_H
#define MIND_SEMA_SEMA_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Sema/CheckedProgram.h"
#include <memory>

namespace mind {

/// The largest number of dimensions of a tensor; more are error E1191.
inline constexpr unsigned maxRank = 32;

/// The largest number of elements of a list that is not a constant: there is
/// code for each of them.
inline constexpr size_t maxComputedElements = 1024;

/// Checks `tree`, which may hold errors of syntax: what is wrong in them is not
/// reported again. Reports E1005, E1190, E1191, E2xxx, E3xxx, E4006 to E4011,
/// and E6005 for what would fail on every run. The tree must outlive the
/// result.
CheckedProgram check(const Tree &tree, DiagnosticEngine &diags);

struct CheckerMemory;

/// The same for those who check many programs, one after the other: their
/// memory and what is known of words of the language serve the next.
class TypeChecker {
public:
  /// For trees with the symbols of `interner`, which must outlive it.
  explicit TypeChecker(const Interner &interner);
  ~TypeChecker();

  /// Checks `tree` into `program`, whose contents are replaced, and whose
  /// memory is used again.
  void check(const Tree &tree, DiagnosticEngine &diags,
             CheckedProgram &program);

private:
  const Interner &interner;
  std::unique_ptr<CheckerMemory> memory;
};

} // namespace mind

#endif // MIND_SEMA_SEMA_H
