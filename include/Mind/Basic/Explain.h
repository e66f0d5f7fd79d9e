//===- Explain.h - a page on each diagnostic code --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pages of docs/diagnostics, compiled in for `mindc explain`.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_EXPLAIN_H
#define MIND_BASIC_EXPLAIN_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <vector>

namespace mind {

/// The page (Markdown) on a diagnostic code such as "E3001", or none.
std::optional<llvm::StringRef> explain(llvm::StringRef code);

/// The codes that have a page, in order.
std::vector<llvm::StringRef> explainedCodes();

} // namespace mind

#endif // MIND_BASIC_EXPLAIN_H
