//===- Uri.h - files as an editor names them -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_URI_H
#define MIND_LIB_LSP_URI_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace mind::lsp {

/// The path that `uri` means, if it is one of a file ("file:///a/b.mind" means
/// "/a/b.mind"); else the last part of it, which serves as a name.
std::string pathOf(llvm::StringRef uri);

/// The URI of the file at `path`.
std::string uriOf(llvm::StringRef path);

} // namespace mind::lsp

#endif // MIND_LIB_LSP_URI_H
