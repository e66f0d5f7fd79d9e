//===- Completion.cpp - what may be written here --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that is being written is rarely one that parses, so what surrounds
// the cursor is read off the tokens.
//
//===----------------------------------------------------------------------===//

#include "Describe.h"
#include "Features.h"
#include "Mind/Shape/Documentation.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mind;
using namespace mind::lsp;
namespace json = llvm::json;

static constexpr size_t noToken = size_t(-1);

/// The last token that ends before `offset`, or none.
static size_t tokenBefore(const Document &document, uint32_t offset) {
  auto behind = llvm::partition_point(
      llvm::ArrayRef(document.tokens).drop_back(),
      [&](const Token &token) { return token.end <= offset; });
  return size_t(behind - document.tokens.data()) - 1;
}

static bool isWord(const Document &document, const Token &token) {
  return token.kind == TokenKind::Identifier || !spelling(token.kind).empty()
             ? llvm::isAlpha(document.file.text()[token.begin]) ||
                   document.file.text()[token.begin] == '_' ||
                   (document.file.text()[token.begin] & 0x80)
             : false;
}

//===----------------------------------------------------------------------===//
// The call around a place
//===----------------------------------------------------------------------===//

namespace {
/// A call whose arguments a place is among.
struct OpenCall {
  llvm::StringRef callee;
  uint32_t calleeOffset;
  /// What stands before the dot before it, if that is a name.
  llvm::StringRef qualifier;
  /// Whether a receiver, and not the name space `tensor`, stands before it.
  bool isMethod = false;
  /// How many arguments are complete, and the name of the one at the place.
  unsigned argument = 0;
  llvm::StringRef argumentName;
};
} // namespace

static llvm::StringRef textOf(const Document &document, size_t token) {
  return document.file.text(document.tokens[token].range());
}

static std::optional<OpenCall> openCallAt(const Document &document,
                                          uint32_t offset) {
  const std::vector<Token> &tokens = document.tokens;
  OpenCall call;
  unsigned depth = 0;
  for (size_t i = tokenBefore(document, offset); i != noToken; --i) {
    switch (tokens[i].kind) {
    case TokenKind::RightParen:
    case TokenKind::RightBracket:
    case TokenKind::RightBrace:
      ++depth;
      break;
    case TokenKind::Comma:
      call.argument += depth == 0;
      break;
    case TokenKind::Equal:
      if (depth == 0 && call.argument == 0 && i > 1 &&
          tokens[i - 1].kind == TokenKind::Identifier)
        call.argumentName = textOf(document, i - 1);
      break;
    case TokenKind::Semicolon:
      if (depth == 0)
        return std::nullopt;
      break;
    case TokenKind::LeftBrace:
      if (depth-- == 0)
        return std::nullopt;
      break;
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket:
      if (depth != 0) {
        --depth;
        break;
      }
      if (tokens[i].kind == TokenKind::LeftParen && i > 0 &&
          tokens[i - 1].kind == TokenKind::Identifier &&
          (i == 1 || tokens[i - 2].kind != TokenKind::Fn)) {
        call.callee = textOf(document, i - 1);
        call.calleeOffset = tokens[i - 1].begin;
        if (i > 2 && tokens[i - 2].kind == TokenKind::Dot)
          call.qualifier = textOf(document, i - 3);
        call.isMethod = i > 2 && tokens[i - 2].kind == TokenKind::Dot &&
                        call.qualifier != "tensor";
        return call;
      }
      // A list or a parenthesis within an argument.
      call.argument = 0;
      call.argumentName = {};
      break;
    default:
      break;
    }
  }
  return std::nullopt;
}

/// The import that `name`, written at `offset`, means.
static std::optional<Declaration>
moduleAt(const Document &document, llvm::StringRef name, uint32_t offset) {
  std::vector<Declaration> declarations = declarationsAt(document, offset);
  for (const Declaration &declaration : llvm::reverse(declarations))
    if (namespaceOf(declaration.kind) == Namespace::Values &&
        document.tree.text(declaration.name) == name)
      return declaration.kind == NameKind::Module ? std::optional(declaration)
                                                  : std::nullopt;
  return std::nullopt;
}

/// The function of the program that is called.
static std::optional<Declaration> functionOf(const Document &document,
                                             const OpenCall &call) {
  std::optional<Declaration> found;
  auto take = [&](const Declaration &declaration) {
    if (!found && declaration.kind == NameKind::Function &&
        document.tree.text(declaration.name) == call.callee)
      found = declaration;
  };
  if (auto module = moduleAt(document, call.qualifier, call.calleeOffset))
    forEachMember(document, *module, take);
  else if (call.qualifier.empty())
    llvm::for_each(llvm::reverse(declarationsAt(document, call.calleeOffset)),
                   take);
  return found;
}

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

/// Behind a parameter that takes all arguments from its place on.
static constexpr llvm::StringLiteral rest = "...";

/// A signature and where in it each parameter is; the first `hidden` are not
/// written as arguments.
static json::Object signature(std::string label,
                              llvm::ArrayRef<std::string> parameters,
                              const OpenCall &call, unsigned hidden) {
  json::Array ranges;
  size_t at = label.find('(');
  unsigned active = call.argument + hidden;
  for (auto [i, parameter] : llvm::enumerate(parameters)) {
    at = label.find(parameter, at);
    ranges.push_back(json::Object{
        {"label", json::Array{int64_t(at), int64_t(at + parameter.size())}}});
    at += parameter.size();
    llvm::StringRef name = llvm::StringRef(parameter).take_until(
        [](char c) { return c == '=' || c == ':'; });
    if (!call.argumentName.empty() && name == call.argumentName)
      active = unsigned(i);
  }
  // The last one may take all that follow.
  if (!parameters.empty() && llvm::StringRef(parameters.back()).ends_with(rest))
    active = std::min<unsigned>(active, parameters.size() - 1);
  return json::Object{{"label", json::fixUTF8(label)},
                      {"parameters", std::move(ranges)},
                      {"activeParameter", int64_t(active)}};
}

static std::string parameterText(const ParamInfo &param) {
  if (param.takesRest())
    return (param.name + rest).str();
  return param.name.str() +
         (param.isRequired() ? "" : "=" + param.defaultSpelling());
}

json::Value lsp::signatureHelp(const Document &document, uint32_t offset) {
  std::optional<OpenCall> call = openCallAt(document, offset);
  if (!call)
    return nullptr;
  json::Array signatures;
  if (std::optional<Declaration> function = functionOf(document, *call)) {
    std::vector<std::string> parameters;
    for (ParamId param : document.tree.fn(StmtId(function->node.index)).params)
      parameters.push_back(document.tree.text(param).str());
    // Parameters are found in the signature as they are written there.
    std::string label = signatureOf(document, *function);
    llvm::erase_if(parameters, [&](const std::string &parameter) {
      return label.find(parameter) == std::string::npos;
    });
    signatures.push_back(signature(label, parameters, *call, 0));
  } else {
    for (const OpInfo *op : operationsNamed(call->callee)) {
      std::vector<std::string> parameters;
      for (const ParamInfo &param : op->params)
        parameters.push_back(parameterText(param));
      json::Object object =
          signature(op->signature(), parameters, *call, call->isMethod);
      object["documentation"] =
          json::Object{{"kind", "markdown"}, {"value", documentation(*op)}};
      signatures.push_back(std::move(object));
    }
  }
  if (signatures.empty())
    return nullptr;
  return json::Object{{"signatures", std::move(signatures)},
                      {"activeSignature", 0}};
}

//===----------------------------------------------------------------------===//
// Completion
//===----------------------------------------------------------------------===//

namespace {

/// The protocol's numbers for kinds of items.
enum class ItemKind {
  Method = 2,
  Function = 3,
  Field = 5,
  Variable = 6,
  Module = 9,
  Keyword = 14,
  Constant = 21,
  Struct = 22,
};

class Completer {
public:
  Completer(const Document &document, uint32_t offset)
      : document(document), offset(offset) {}

  json::Value run();

private:
  void add(llvm::StringRef label, ItemKind kind, std::string detail = {},
           std::string documentation = {});
  void addOperations(bool asMethods);
  void addDeclarations();
  void addDeclaration(const Declaration &declaration);
  void addKeywords();
  void addArgumentNames();
  /// Whether the place is in a comment or a string, or names something new.
  bool wantsNothing(size_t before) const;

  const Document &document;
  uint32_t offset;
  json::Array items;
};

} // namespace

void Completer::add(llvm::StringRef label, ItemKind kind, std::string detail,
                    std::string documentation) {
  json::Object item{{"label", json::fixUTF8(label)}, {"kind", int(kind)}};
  if (!detail.empty())
    item["detail"] = json::fixUTF8(detail);
  if (!documentation.empty())
    item["documentation"] =
        json::Object{{"kind", "markdown"}, {"value", std::move(documentation)}};
  items.push_back(std::move(item));
}

void Completer::addOperations(bool asMethods) {
  llvm::StringSet<> seen;
  for (const OpInfo &op : operations()) {
    if (asMethods && (op.params.empty() || !op.params.front().isOperand()))
      continue;
    for (llvm::StringRef name : op.names) {
      if (!seen.insert(name).second)
        continue;
      std::string signature = op.signature();
      signature.replace(0, op.name().size(), name.str());
      add(name, asMethods ? ItemKind::Method : ItemKind::Function,
          std::move(signature), documentation(op));
    }
  }
}

void Completer::addDeclarations() {
  std::vector<Declaration> declarations = declarationsAt(document, offset);
  llvm::DenseSet<std::pair<unsigned, Symbol>> seen;
  for (const Declaration &declaration : llvm::reverse(declarations)) {
    auto space = unsigned(namespaceOf(declaration.kind));
    if (!seen.insert({space, declaration.name}).second)
      continue; // hidden by a later one
    addDeclaration(declaration);
  }
}

void Completer::addDeclaration(const Declaration &declaration) {
  ItemKind kind = ItemKind::Variable;
  if (declaration.kind == NameKind::Function)
    kind = ItemKind::Function;
  else if (declaration.kind == NameKind::Constant)
    kind = ItemKind::Constant;
  else if (declaration.kind == NameKind::TypeAlias)
    kind = ItemKind::Struct;
  else if (declaration.kind == NameKind::Module)
    kind = ItemKind::Module;
  add(document.tree.text(declaration.name), kind,
      signatureOf(document, declaration));
}

void Completer::addKeywords() {
#define MIND_RESERVED(Name, Spelling)
#define MIND_KEYWORD(Name, Spelling) add(Spelling, ItemKind::Keyword);
#include "Mind/Syntax/Tokens.def"
  add("unit", ItemKind::Keyword);
  add("tensor", ItemKind::Keyword, "the operations of the language");
}

/// `axes=` and the like, in the arguments of an operation or a function.
void Completer::addArgumentNames() {
  std::optional<OpenCall> call = openCallAt(document, offset);
  if (!call || !call->argumentName.empty())
    return;
  if (auto function = functionOf(document, *call)) {
    for (ParamId param : document.tree.fn(StmtId(function->node.index)).params)
      add((document.tree.text(document.tree.param(param).name) + "=").str(),
          ItemKind::Field, document.tree.text(param).str());
    return;
  }
  llvm::StringSet<> seen;
  for (const OpInfo *op : operationsNamed(call->callee))
    for (const ParamInfo &param : op->params)
      if (!param.takesRest() && seen.insert(param.name).second)
        add((param.name + "=").str(), ItemKind::Field, parameterText(param));
}

/// Whether the end of `text`, which begins between tokens, is in a comment.
static bool endsInComment(llvm::StringRef text) {
  unsigned depth = 0;
  for (; !text.empty(); text = text.drop_front()) {
    if (depth == 0 && text.starts_with("//")) {
      size_t newline = text.find('\n');
      if (newline == llvm::StringRef::npos)
        return true;
      text = text.drop_front(newline);
    } else if (text.starts_with("/*")) {
      ++depth;
    } else if (depth != 0 && text.starts_with("*/")) {
      --depth;
    }
  }
  return depth != 0;
}

bool Completer::wantsNothing(size_t before) const {
  uint32_t end = before == noToken ? 0 : document.tokens[before].end;
  const Token &next = document.tokens[before + 1];
  bool isInToken = next.kind != TokenKind::EndOfFile && next.begin < offset;
  if (isInToken ? !isWord(document, next)
                : endsInComment(document.file.text().slice(end, offset)))
    return true;
  if (before == noToken)
    return false;
  switch (document.tokens[before].kind) {
  case TokenKind::Fn:
  case TokenKind::Let:
  case TokenKind::Const:
  case TokenKind::Type:
    return true;
  case TokenKind::Integer:
  case TokenKind::Float:
  case TokenKind::Invalid:
    return end == offset;
  default:
    return false;
  }
}

json::Value Completer::run() {
  // The word that is being written does not count.
  size_t before = tokenBefore(document, offset);
  if (before != noToken && document.tokens[before].end == offset &&
      isWord(document, document.tokens[before]))
    --before;
  if (!wantsNothing(before)) {
    if (before != noToken && document.tokens[before].kind == TokenKind::Dot) {
      llvm::StringRef qualifier =
          before > 0 ? textOf(document, before - 1) : llvm::StringRef();
      if (auto module = moduleAt(document, qualifier, offset))
        forEachMember(document, *module, [&](const Declaration &declaration) {
          addDeclaration(declaration);
        });
      else
        addOperations(/*asMethods=*/qualifier != "tensor");
    } else {
      addArgumentNames();
      addDeclarations();
      addOperations(/*asMethods=*/false);
      addKeywords();
    }
  }
  return json::Object{{"isIncomplete", false}, {"items", std::move(items)}};
}

json::Value lsp::completion(const Document &document, uint32_t offset) {
  return Completer(document, offset).run();
}
