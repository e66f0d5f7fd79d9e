//===- Printer.h - syntax trees as text ------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_PRINTER_H
#define MIND_SYNTAX_PRINTER_H

#include "Mind/Syntax/Tree.h"
#include "llvm/Support/raw_ostream.h"

namespace mind {

/// Prints `tree` one node a line, children indented by two, each line with the
/// node's range as line:column-line:column (end exclusive):
/// \code
///   script 1:1-1:10
///     let 1:1-1:10
///       pattern `x` 1:5-1:6
///       integer 1 1:9-1:10
/// \endcode
/// `ranges = false` leaves the positions out.
void print(const Tree &tree, llvm::raw_ostream &os, bool ranges = true);

} // namespace mind

#endif // MIND_SYNTAX_PRINTER_H
