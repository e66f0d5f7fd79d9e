//===- Transport.cpp - JSON-RPC over a stream -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Transport.h"

using namespace mind::lsp;
namespace json = llvm::json;

/// A line of a header without its end, or none at the end of input.
std::optional<std::string> Transport::readLine() {
  // No header is that long; what is longer is noise.
  constexpr size_t longest = 4096;
  std::string line;
  for (int c = std::getc(input); c != '\n'; c = std::getc(input)) {
    if (c == EOF)
      return std::nullopt;
    if (c != '\r' && line.size() < longest)
      line += char(c);
  }
  return line;
}

std::optional<std::string> Transport::read() {
  std::optional<size_t> length;
  while (true) {
    std::optional<std::string> line = readLine();
    if (!line)
      return std::nullopt;
    auto [key, value] = llvm::StringRef(*line).split(':');
    size_t number;
    if (key.trim().equals_insensitive("content-length") &&
        !value.trim().getAsInteger(10, number))
      length = number;
    // The header ends in an empty line. One without a length was noise.
    if (line->empty() && length)
      break;
  }
  std::string content;
  if (*length > maxLength) {
    for (size_t i = 0; i != *length; ++i)
      if (std::getc(input) == EOF)
        return std::nullopt;
    return content;
  }
  content.resize(*length);
  if (std::fread(content.data(), 1, content.size(), input) != content.size())
    return std::nullopt;
  return content;
}

void Transport::write(json::Object message) {
  message["jsonrpc"] = "2.0";
  std::string content;
  llvm::raw_string_ostream(content) << json::Value(std::move(message));
  output << "Content-Length: " << content.size() << "\r\n\r\n" << content;
  output.flush();
}

void Transport::notify(llvm::StringRef method, json::Value params) {
  write(json::Object{{"method", method}, {"params", std::move(params)}});
}

void Transport::reply(json::Value id, json::Value result) {
  write(json::Object{{"id", std::move(id)}, {"result", std::move(result)}});
}

void Transport::replyError(json::Value id, ErrorCode code,
                           llvm::StringRef message) {
  write(json::Object{
      {"id", std::move(id)},
      {"error", json::Object{{"code", int(code)},
                             {"message", json::fixUTF8(message)}}}});
}
