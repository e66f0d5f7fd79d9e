//===- Features.h - what an editor asks of a document ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each function answers one request of the protocol by the JSON that it asks
// for; null where there is nothing to say.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_FEATURES_H
#define MIND_LIB_LSP_FEATURES_H

#include "Document.h"

namespace mind::lsp {

/// The parameters of textDocument/publishDiagnostics about the file at `uri`,
/// which is the document itself or one that it imports.
llvm::json::Object diagnosticsOf(Document &document, llvm::StringRef uri);

/// The type of what is at `offset`; of a callee its signature and meaning.
llvm::json::Value hover(const Document &document, uint32_t offset);

/// The Location of what the name at `offset` refers to.
llvm::json::Value definition(const Document &document, uint32_t offset);

/// The items that may stand at `offset`.
llvm::json::Value completion(const Document &document, uint32_t offset);

/// The signatures of the call whose arguments `offset` is among.
llvm::json::Value signatureHelp(const Document &document, uint32_t offset);

/// The items and variables at the outermost level.
llvm::json::Value documentSymbols(const Document &document);

/// The edits that format the whole text; null if it has errors of syntax.
llvm::json::Value formatting(const Document &document);

} // namespace mind::lsp

#endif // MIND_LIB_LSP_FEATURES_H
