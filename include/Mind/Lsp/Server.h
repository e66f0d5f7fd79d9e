//===- Server.h - MIND in an editor ----------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A server of the Language Server Protocol (version 3.17) for MIND source:
// diagnostics, hover, definitions, completion, signatures, symbols, formatting.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LSP_SERVER_H
#define MIND_LSP_SERVER_H

#include "llvm/Support/raw_ostream.h"
#include <cstdio>

namespace mind {

/// Serves the client that writes to `input` and reads from `output` until it
/// says `exit` or its end closes. Returns the exit code that the protocol asks
/// for: 0 if the client had said `shutdown` before it left, else 1.
int runLanguageServer(std::FILE *input, llvm::raw_ostream &output);

} // namespace mind

#endif // MIND_LSP_SERVER_H
