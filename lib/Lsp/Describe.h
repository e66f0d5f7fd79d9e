//===- Describe.h - declarations in words -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_DESCRIBE_H
#define MIND_LIB_LSP_DESCRIBE_H

#include "Scope.h"

namespace mind::lsp {

/// "fn f(x: f32) -> f32", "x: Tensor<f32, [2]>", "type T = f32": what a
/// declaration says, with types that were inferred.
std::string signatureOf(const Document &document,
                        const Declaration &declaration);

/// `code` as a block of Markdown.
std::string codeBlock(llvm::StringRef code);

} // namespace mind::lsp

#endif // MIND_LIB_LSP_DESCRIBE_H
