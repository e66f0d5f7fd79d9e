//===- Document.h - a text as an editor sees it ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_DOCUMENT_H
#define MIND_LIB_LSP_DOCUMENT_H

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Sema/CheckedProgram.h"
#include "Mind/Syntax/Imports.h"
#include "Mind/Syntax/Token.h"
#include "llvm/Support/JSON.h"
#include <optional>

namespace mind::lsp {

/// A place as the protocol names it: both count from 0, and a character is a
/// UTF-16 code unit.
struct Position {
  uint32_t line = 0;
  uint32_t character = 0;
};
struct Range {
  Position start, end;
};

llvm::json::Value toJSON(Position position);
llvm::json::Value toJSON(Range range);
bool fromJSON(const llvm::json::Value &value, Position &position,
              llvm::json::Path path);
bool fromJSON(const llvm::json::Value &value, Range &range,
              llvm::json::Path path);

Position position(const SourceFile &file, uint32_t offset);
/// Places behind a line's end mean its end, behind the last line the text's.
uint32_t offset(const SourceFile &file, Position position);

/// `text` with `range` replaced.
std::string edited(llvm::StringRef text, Range range,
                   llvm::StringRef replacement);

/// One state of an open text, parsed and checked with all that it imports.
class Document {
public:
  Document(std::string uri, std::optional<int64_t> version,
           llvm::StringRef text, ImportLoader &loader);
  Document(const Document &) = delete;
  Document &operator=(const Document &) = delete;

  Position position(uint32_t offset) const {
    return lsp::position(file, offset);
  }
  Range range(SourceRange range) const {
    const SourceFile &file = sources.fileOf(range);
    return {lsp::position(file, range.begin), lsp::position(file, range.end)};
  }
  /// The URI of the file that `range` is in.
  std::string uriOf(SourceRange range) const;
  /// A Location of the protocol.
  llvm::json::Object location(SourceRange range) const;
  /// Whether the text imports anything.
  bool hasImports() const;
  uint32_t offset(Position position) const {
    return lsp::offset(file, position);
  }

  /// The innermost node at `offset`, or none. Where two meet, the one that
  /// begins there.
  NodeId nodeAt(uint32_t offset) const;

  /// The type that an expression, a pattern or a parameter was found to have.
  std::optional<std::string> typeOf(NodeId node) const;
  /// The operation of the language that an expression applies, or null.
  const OpInfo *operationOf(NodeId node) const;

  const std::string uri;
  const std::optional<int64_t> version;
  SourceManager sources;
  /// The text itself.
  const SourceFile &file;

private:
  Interner interner;

public:
  DiagnosticEngine diagnostics;
  const std::vector<Token> tokens;
  const Tree tree;
  const CheckedProgram program;

private:
  /// The last value of each node that has one.
  std::vector<uint32_t> valueOf;
};

} // namespace mind::lsp

#endif // MIND_LIB_LSP_DOCUMENT_H
