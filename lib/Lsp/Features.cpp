//===- Features.cpp - what an editor asks of a document -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Features.h"
#include "Describe.h"
#include "Mind/Format/Format.h"
#include "Mind/Shape/Documentation.h"

using namespace mind;
using namespace mind::lsp;
namespace json = llvm::json;

/// Source text may be anything; JSON strings are UTF-8.
static std::string jsonText(llvm::StringRef text) {
  return json::fixUTF8(text);
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

static json::Value diagnosticJson(const Diagnostic &diagnostic,
                                  const Document &document) {
  std::string message = diagnostic.message;
  json::Array related;
  auto relate = [&](SourceRange range, llvm::StringRef text) {
    related.push_back(json::Object{{"location", document.location(range)},
                                   {"message", jsonText(text)}});
  };
  for (const Diagnostic::Label &label : diagnostic.labels)
    relate(label.range, label.text);
  for (const Diagnostic::Note &note : diagnostic.notes) {
    if (note.range.isValid())
      relate(note.range, note.text);
    else
      message += "\nnote: " + note.text;
  }
  if (!diagnostic.helpText.empty())
    message += "\nhelp: " + diagnostic.helpText;
  SourceRange range =
      diagnostic.range.isValid() ? diagnostic.range : SourceRange(0, 0);
  json::Object object{
      {"range", document.range(range)},
      {"severity", diagnostic.severity == Severity::Error ? 1 : 2},
      {"code", diagnosticCode(diagnostic.kind)},
      {"source", "mind"},
      {"message", jsonText(message)}};
  if (!related.empty())
    object["relatedInformation"] = std::move(related);
  return object;
}

json::Object lsp::diagnosticsOf(Document &document, llvm::StringRef uri) {
  json::Array diagnostics;
  for (const Diagnostic &diagnostic : document.diagnostics.sorted())
    if (document.uriOf(diagnostic.range) == uri)
      diagnostics.push_back(diagnosticJson(diagnostic, document));
  json::Object params{{"uri", uri.str()},
                      {"diagnostics", std::move(diagnostics)}};
  if (document.version && uri == document.uri)
    params["version"] = *document.version;
  return params;
}

//===----------------------------------------------------------------------===//
// Hover and definition
//===----------------------------------------------------------------------===//

static bool touches(SourceRange range, uint32_t offset) {
  return range.begin <= offset && offset <= range.end;
}

namespace {
/// An expression that applies something, and where it says what.
struct Application {
  ExprId expr;
  SourceRange nameRange;
};
} // namespace

/// The operator, the callee or the method that is written at `offset`.
static std::optional<Application> applicationAt(const Tree &tree, NodeId node,
                                                uint32_t offset) {
  ExprId expr(node.index);
  switch (tree.kind(node)) {
  case NodeKind::Name:
    if (ExprId call = callOf(tree, node); call.isValid())
      return Application{call, tree.range(node)};
    return std::nullopt;
  case NodeKind::MethodCall:
    if (touches(tree.methodCall(expr).methodRange, offset))
      return Application{expr, tree.methodCall(expr).methodRange};
    return std::nullopt;
  case NodeKind::Binary:
    if (touches(tree.binary(expr).opRange, offset))
      return Application{expr, tree.binary(expr).opRange};
    return std::nullopt;
  case NodeKind::Unary:
    if (touches(tree.unary(expr).opRange, offset))
      return Application{expr, tree.unary(expr).opRange};
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

json::Value lsp::hover(const Document &document, uint32_t offset) {
  const Tree &tree = document.tree;
  NodeId node = document.nodeAt(offset);
  if (!node.isValid())
    return nullptr;
  SourceRange range = tree.range(node);
  std::string text;
  if (auto application = applicationAt(tree, node, offset)) {
    range = application->nameRange;
    std::optional<std::string> type = document.typeOf(application->expr);
    std::string result = type ? " -> " + *type : "";
    if (const OpInfo *op = document.operationOf(application->expr))
      text = codeBlock(op->signature() + result) + documentation(*op);
    else if (auto declaration = declarationOf(document, offset))
      text = codeBlock(signatureOf(document, *declaration));
    else if (type)
      text = codeBlock(*type);
  } else if (auto declaration = declarationOf(document, offset)) {
    // A name has a type of its own where it is used: its last assignment's.
    std::optional<std::string> type = document.typeOf(node);
    text = codeBlock(type ? tree.text(declaration->name).str() + ": " + *type
                          : signatureOf(document, *declaration));
    if (touches(declaration->nameRange, offset))
      range = declaration->nameRange;
  } else if (std::optional<std::string> type = document.typeOf(node)) {
    text = codeBlock(*type);
  }
  if (text.empty())
    return nullptr;
  return json::Object{{"contents", json::Object{{"kind", "markdown"},
                                                {"value", jsonText(text)}}},
                      {"range", document.range(range)}};
}

json::Value lsp::definition(const Document &document, uint32_t offset) {
  std::optional<Declaration> declaration = declarationOf(document, offset);
  if (!declaration)
    return nullptr;
  SourceRange range = declaration->nameRange;
  if (declaration->kind == NameKind::Module) {
    // A module's definition is the whole file.
    const Tree &tree = document.tree;
    ImportView import = tree.importItem(StmtId(declaration->node.index));
    if (import.module)
      range.begin = range.end = tree.modules()[*import.module].file->begin();
  }
  return document.location(range);
}

//===----------------------------------------------------------------------===//
// Symbols and formatting
//===----------------------------------------------------------------------===//

/// The protocol's number for a kind of name.
static int symbolKind(NameKind kind) {
  switch (kind) {
  case NameKind::Function:
    return 12;
  case NameKind::Constant:
    return 14;
  case NameKind::TypeAlias:
    return 26; // a type parameter, the nearest there is
  case NameKind::Module:
    return 2;
  default:
    return 13; // a variable
  }
}

json::Value lsp::documentSymbols(const Document &document) {
  const Tree &tree = document.tree;
  json::Array symbols;
  auto add = [&](const Declaration &declaration, StmtId statement) {
    symbols.push_back(json::Object{
        {"name", jsonText(tree.text(declaration.name))},
        {"detail", jsonText(signatureOf(document, declaration))},
        {"kind", symbolKind(declaration.kind)},
        {"range", document.range(tree.range(statement))},
        {"selectionRange", document.range(declaration.nameRange)}});
  };
  for (StmtId statement : tree.block(tree.root()).statements) {
    if (auto item = itemDeclaration(tree, statement))
      add(*item, statement);
    else if (tree.kind(statement) == NodeKind::Let)
      forEachName(
          tree, tree.let(statement).pattern,
          [&](PatternId pattern, Symbol name) {
            add({NameKind::Variable, name, tree.range(pattern), pattern},
                statement);
          });
  }
  return symbols;
}

json::Value lsp::formatting(const Document &document) {
  DiagnosticEngine diagnostics;
  std::optional<std::string> formatted = format(document.file, diagnostics);
  if (!formatted)
    return nullptr;
  if (*formatted == document.file.text())
    return json::Array();
  uint32_t end = uint32_t(document.file.text().size());
  return json::Array{json::Object{{"range", document.range({0, end})},
                                  {"newText", std::move(*formatted)}}};
}
