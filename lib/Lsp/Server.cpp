//===- Server.cpp - MIND in an editor -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Lsp/Server.h"
#include "Document.h"
#include "Features.h"
#include "Transport.h"
#include "Uri.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <memory>

using namespace mind;
using namespace mind::lsp;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

namespace {

struct TextDocument {
  std::string uri;
  std::optional<int64_t> version;
  std::optional<std::string> text;
};

/// Without a range, the text replaces all.
struct Change {
  std::optional<Range> range;
  std::string text;
};

struct Params {
  TextDocument document;
  Position position;
  std::vector<Change> changes;
};

bool fromJSON(const json::Value &value, TextDocument &document,
              json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("uri", document.uri) &&
         mapper.map("version", document.version) &&
         mapper.map("text", document.text);
}

bool fromJSON(const json::Value &value, Change &change, json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("range", change.range) &&
         mapper.map("text", change.text);
}

bool fromJSON(const json::Value &value, Params &params, json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("textDocument", params.document) &&
         mapper.mapOptional("position", params.position) &&
         mapper.mapOptional("contentChanges", params.changes);
}

} // namespace

static llvm::Expected<Params> parseParams(const json::Value &value) {
  Params params;
  json::Path::Root root("params");
  if (fromJSON(value, params, root))
    return params;
  return root.getError();
}

//===----------------------------------------------------------------------===//
// The server
//===----------------------------------------------------------------------===//

/// Requests about a place in a document, and about a whole one.
static constexpr std::pair<llvm::StringLiteral,
                           json::Value (*)(const Document &, uint32_t)>
    placeRequests[] = {{"textDocument/hover", hover},
                       {"textDocument/definition", definition},
                       {"textDocument/completion", completion},
                       {"textDocument/signatureHelp", signatureHelp}};
static constexpr std::pair<llvm::StringLiteral,
                           json::Value (*)(const Document &)>
    documentRequests[] = {{"textDocument/documentSymbol", documentSymbols},
                          {"textDocument/formatting", formatting}};

static json::Value capabilities() {
  constexpr int incremental = 2;
  return json::Object{
      {"positionEncoding", "utf-16"},
      {"textDocumentSync",
       json::Object{{"openClose", true}, {"change", incremental}}},
      {"hoverProvider", true},
      {"definitionProvider", true},
      {"completionProvider",
       json::Object{{"triggerCharacters", json::Array{"."}}}},
      {"signatureHelpProvider",
       json::Object{{"triggerCharacters", json::Array{"(", ","}}}},
      {"documentSymbolProvider", true},
      {"documentFormattingProvider", true}};
}

namespace {

/// Takes imported files from the editor where they are open, else from disk.
class OpenTexts : public DiskImports {
public:
  llvm::ErrorOr<std::string> load(llvm::StringRef path) override {
    auto open = texts.find(path);
    return open != texts.end() ? open->second.str() : DiskImports::load(path);
  }

  /// By path; the texts belong to documents.
  llvm::StringMap<llvm::StringRef> texts;
};

class Server {
public:
  Server(std::FILE *input, llvm::raw_ostream &output)
      : transport(input, output) {}

  int run();

private:
  void handle(const json::Value &message);
  void handleRequest(llvm::StringRef method, const json::Value &params,
                     const json::Value &id);
  void handleNotification(llvm::StringRef method, const json::Value &params);
  /// Takes a text's new state, and tells the client what is wrong with it.
  void update(std::string uri, std::optional<int64_t> version,
              std::string text);
  void close(const std::string &uri);
  void change(const Params &params);
  /// Checks those documents anew that import something, which may have changed,
  /// `changed` aside; and tells what is wrong with files that are not open.
  void updateImporters(llvm::StringRef changed);
  /// Tells what is wrong with the file at `uri`, unless the client knows.
  void publish(const std::string &uri, json::Value params);

  Transport transport;
  OpenTexts imports;
  /// By URI, as is what the client knows of them and of other files.
  std::map<std::string, std::unique_ptr<Document>> documents;
  std::map<std::string, json::Value> published;
  bool isInitialized = false, isShutDown = false, hasExited = false;
};

} // namespace

int Server::run() {
  while (!hasExited) {
    std::optional<std::string> text = transport.read();
    if (!text)
      break;
    if (llvm::Expected<json::Value> message = json::parse(*text))
      handle(*message);
    else
      transport.replyError(nullptr, ErrorCode::ParseError,
                           llvm::toString(message.takeError()));
  }
  return isShutDown ? 0 : 1;
}

void Server::handle(const json::Value &message) {
  const json::Object *object = message.getAsObject();
  const json::Value *id = object ? object->get("id") : nullptr;
  auto refuse = [&](llvm::StringRef why) {
    bool isId = id && (id->kind() == json::Value::Number ||
                       id->kind() == json::Value::String);
    transport.replyError(isId ? *id : json::Value(nullptr),
                         ErrorCode::InvalidRequest, why);
  };
  if (!object || object->getString("jsonrpc") != "2.0")
    return refuse("this is no message of JSON-RPC 2.0");
  json::Value none = json::Object();
  const json::Value *params = object->get("params");
  if (std::optional<llvm::StringRef> method = object->getString("method")) {
    if (id)
      handleRequest(*method, params ? *params : none, *id);
    else
      handleNotification(*method, params ? *params : none);
  } else if (!object->get("result") && !object->get("error")) {
    // What is left are answers, but this server asks nothing.
    refuse("the message has no method");
  }
}

void Server::handleRequest(llvm::StringRef method, const json::Value &params,
                           const json::Value &id) {
  auto refuse = [&](ErrorCode code, const llvm::Twine &why) {
    transport.replyError(id, code, why.str());
  };
  if (isShutDown)
    return refuse(ErrorCode::InvalidRequest, "the server is shut down");
  if (method == "initialize") {
    if (isInitialized)
      return refuse(ErrorCode::InvalidRequest,
                    "the server is initialized already");
    isInitialized = true;
    return transport.reply(
        id, json::Object{
                {"capabilities", capabilities()},
                {"serverInfo", json::Object{{"name", "mind-lsp-server"}}}});
  }
  if (!isInitialized)
    return refuse(ErrorCode::ServerNotInitialized,
                  "the first request is `initialize`");
  if (method == "shutdown") {
    isShutDown = true;
    return transport.reply(id, nullptr);
  }

  auto onPlace = llvm::find_if(
      placeRequests, [&](const auto &entry) { return entry.first == method; });
  auto onDocument = llvm::find_if(documentRequests, [&](const auto &entry) {
    return entry.first == method;
  });
  bool isOnPlace = onPlace != std::end(placeRequests);
  if (!isOnPlace && onDocument == std::end(documentRequests))
    return refuse(ErrorCode::MethodNotFound, "unknown method " + method);
  llvm::Expected<Params> parsed = parseParams(params);
  if (!parsed)
    return refuse(ErrorCode::InvalidParams, llvm::toString(parsed.takeError()));
  auto open = documents.find(parsed->document.uri);
  if (open == documents.end())
    return refuse(ErrorCode::InvalidParams,
                  parsed->document.uri + " is not open");
  const Document &document = *open->second;
  transport.reply(
      id, isOnPlace
              ? onPlace->second(document, document.offset(parsed->position))
              : onDocument->second(document));
}

void Server::handleNotification(llvm::StringRef method,
                                const json::Value &params) {
  if (method == "exit")
    hasExited = true;
  if (!isInitialized || isShutDown || !method.starts_with("textDocument/"))
    return;
  llvm::Expected<Params> parsed = parseParams(params);
  if (!parsed)
    return llvm::consumeError(parsed.takeError()); // nobody to tell
  TextDocument &document = parsed->document;
  if (method == "textDocument/didOpen" && document.text) {
    update(document.uri, document.version, std::move(*document.text));
  } else if (method == "textDocument/didChange") {
    change(*parsed);
  } else if (method == "textDocument/didClose" &&
             documents.count(document.uri)) {
    close(document.uri);
  }
}

void Server::change(const Params &params) {
  auto open = documents.find(params.document.uri);
  if (open == documents.end())
    return;
  std::string text = open->second->file.text().str();
  for (const Change &change : params.changes)
    text =
        change.range ? edited(text, *change.range, change.text) : change.text;
  update(params.document.uri, params.document.version, std::move(text));
}

void Server::update(std::string uri, std::optional<int64_t> version,
                    std::string text) {
  std::unique_ptr<Document> &document = documents[uri];
  document = std::make_unique<Document>(uri, version, std::move(text), imports);
  imports.texts[document->file.name()] = document->file.text();
  published.erase(uri); // every state is answered
  publish(uri, diagnosticsOf(*document, uri));
  updateImporters(uri);
}

void Server::close(const std::string &uri) {
  imports.texts.erase(documents[uri]->file.name());
  documents.erase(uri);
  published.erase(uri);
  publish(uri, json::Object{{"uri", uri}, {"diagnostics", json::Array()}});
  updateImporters(uri);
}

void Server::publish(const std::string &uri, json::Value params) {
  auto [known, isNew] = published.try_emplace(uri, params);
  if (!isNew && known->second == params)
    return;
  known->second = params;
  transport.notify("textDocument/publishDiagnostics", std::move(params));
}

void Server::updateImporters(llvm::StringRef changed) {
  std::map<std::string, json::Value> others;
  for (auto &[uri, document] : documents) {
    if (!document->hasImports())
      continue;
    if (uri != changed) {
      // The loader has the text itself too, and must not lose it.
      std::string text = document->file.text().str();
      auto again = std::make_unique<Document>(uri, document->version,
                                              std::move(text), imports);
      imports.texts[again->file.name()] = again->file.text();
      document = std::move(again);
      publish(uri, diagnosticsOf(*document, uri));
    }
    for (const SourceModule &module : document->tree.modules()) {
      std::string other = uriOf(module.file->name());
      if (documents.count(other) || module.file == &document->file)
        continue;
      json::Object params = diagnosticsOf(*document, other);
      if (!params.getArray("diagnostics")->empty())
        others.try_emplace(other, std::move(params));
    }
  }
  // Nothing is wrong any more with other files, or nobody imports them.
  for (auto it = published.begin(); it != published.end();) {
    auto [uri, params] = *it++;
    if (documents.count(uri) || others.count(uri))
      continue;
    publish(uri, json::Object{{"uri", uri}, {"diagnostics", json::Array()}});
    published.erase(uri);
  }
  for (auto &[uri, params] : others)
    publish(uri, params);
}

int mind::runLanguageServer(std::FILE *input, llvm::raw_ostream &output) {
  return Server(input, output).run();
}
