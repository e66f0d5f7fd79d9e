//===- Transport.h - JSON-RPC over a stream --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why not LLVM's: it ends the server on a message that is no JSON-RPC, and only
// knows documents that are files.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_LSP_TRANSPORT_H
#define MIND_LIB_LSP_TRANSPORT_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <optional>
#include <string>

namespace mind::lsp {

/// The codes of errors in JSON-RPC and in the protocol.
enum class ErrorCode : int {
  ParseError = -32700,
  InvalidRequest = -32600,
  MethodNotFound = -32601,
  InvalidParams = -32602,
  ServerNotInitialized = -32002,
};

/// Messages, each after a header that states its length.
class Transport {
public:
  /// Messages beyond this many bytes are skipped.
  static constexpr size_t maxLength = 256u << 20;

  Transport(std::FILE *input, llvm::raw_ostream &output)
      : input(input), output(output) {}

  /// The text of the next message, or none at the end of input. A message that
  /// cannot be read is empty.
  std::optional<std::string> read();

  void notify(llvm::StringRef method, llvm::json::Value params);
  void reply(llvm::json::Value id, llvm::json::Value result);
  void replyError(llvm::json::Value id, ErrorCode code,
                  llvm::StringRef message);

private:
  std::optional<std::string> readLine();
  void write(llvm::json::Object message);

  std::FILE *input;
  llvm::raw_ostream &output;
};

} // namespace mind::lsp

#endif // MIND_LIB_LSP_TRANSPORT_H
