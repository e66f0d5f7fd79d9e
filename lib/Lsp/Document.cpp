//===- Document.cpp - a text as an editor sees it -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Document.h"
#include "Mind/Sema/Sema.h"
#include "Mind/Syntax/Lexer.h"
#include "Uri.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mind;
using namespace mind::lsp;
namespace json = llvm::json;

json::Value lsp::toJSON(Position position) {
  return json::Object{{"line", position.line},
                      {"character", position.character}};
}

json::Value lsp::toJSON(Range range) {
  return json::Object{{"start", toJSON(range.start)},
                      {"end", toJSON(range.end)}};
}

bool lsp::fromJSON(const json::Value &value, Position &position,
                   json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("line", position.line) &&
         mapper.map("character", position.character);
}

bool lsp::fromJSON(const json::Value &value, Range &range, json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("start", range.start) &&
         mapper.map("end", range.end);
}

Document::Document(std::string uri, std::optional<int64_t> version,
                   llvm::StringRef text, ImportLoader &loader)
    : uri(std::move(uri)), version(version), sources(pathOf(this->uri), text),
      file(sources.mainFile()), tokens(lex(file, interner, diagnostics)),
      tree([&] {
        diagnostics.clear(); // parse reports them again
        return parseProgram(sources, loader, interner, diagnostics);
      }()),
      program(check(tree, diagnostics)), valueOf(tree.size(), UINT32_MAX) {
  for (uint32_t i = 0; i != program.values.size(); ++i) {
    const CheckedValue &value = program.values[i];
    if (value.syntax.isValid() && !program.types.isError(value.type))
      valueOf[value.syntax.index] = i;
  }
}

std::string Document::uriOf(SourceRange range) const {
  const SourceFile &place = sources.fileOf(range);
  return &place == &file ? uri : lsp::uriOf(place.name());
}

json::Object Document::location(SourceRange range) const {
  return json::Object{{"uri", uriOf(range)}, {"range", this->range(range)}};
}

bool Document::hasImports() const {
  return llvm::any_of(tree.block(tree.root()).statements, [&](StmtId item) {
    return tree.kind(item) == NodeKind::Import;
  });
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// The bytes of `line`, which counts from 0.
static SourceRange lineOf(const SourceFile &file, uint32_t line) {
  SourceRange range = file.lineRange(line + 1);
  // A byte-order mark is a character of the editor's text.
  return line == 0 ? SourceRange(file.begin(), range.end) : range;
}

/// The bytes of the character whose first byte is `first`.
static unsigned utf8Length(char first) {
  auto byte = (unsigned char)first;
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Its UTF-16 code units: those beyond the first 2^16 take two.
static unsigned utf16Length(char first) {
  return utf8Length(first) == 4 ? 2 : 1;
}

Position lsp::position(const SourceFile &file, uint32_t offset) {
  offset = std::min(offset, file.end());
  Position position{file.lineColumn(offset).line - 1, 0};
  for (uint32_t at = lineOf(file, position.line).begin; at < offset;
       at += utf8Length(file.text()[at - file.begin()]))
    position.character += utf16Length(file.text()[at - file.begin()]);
  return position;
}

uint32_t lsp::offset(const SourceFile &file, Position position) {
  if (position.line >= file.numLines())
    return file.end();
  auto [at, end] = lineOf(file, position.line);
  for (uint32_t character = 0; at < end && character < position.character;
       at += utf8Length(file.text()[at - file.begin()]))
    character += utf16Length(file.text()[at - file.begin()]);
  return std::min(at, end);
}

std::string lsp::edited(llvm::StringRef text, Range range,
                        llvm::StringRef replacement) {
  SourceFile file("", text);
  uint32_t begin = offset(file, range.start);
  uint32_t end = std::max(begin, offset(file, range.end));
  return (file.text().take_front(begin) + replacement +
          file.text().drop_front(end))
      .str();
}

//===----------------------------------------------------------------------===//
// What is known of nodes
//===----------------------------------------------------------------------===//

NodeId Document::nodeAt(uint32_t offset) const {
  NodeId found;
  uint64_t best = UINT64_MAX;
  // Children come before their parents, so of equal ranges the inner is first.
  for (uint32_t i = 0; i != tree.size(); ++i) {
    SourceRange range = tree.range(NodeId(i));
    if (offset < range.begin || offset > range.end)
      continue;
    bool isBehind = offset == range.end;
    uint64_t rank = uint64_t(isBehind) << 32 | range.size();
    if (rank < best) {
      best = rank;
      found = NodeId(i);
    }
  }
  return found;
}

std::optional<std::string> Document::typeOf(NodeId node) const {
  uint32_t value = valueOf[node.index];
  if (value == UINT32_MAX)
    return std::nullopt;
  return program.types.str(program.values[value].type);
}

const OpInfo *Document::operationOf(NodeId node) const {
  uint32_t value = valueOf[node.index];
  if (value == UINT32_MAX || program.values[value].kind != ValueKind::Operation)
    return nullptr;
  return program.operations[program.values[value].a].op;
}
