//===- Uri.cpp - files as an editor names them ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Uri.h"
#include "llvm/ADT/StringExtras.h"

using namespace mind;

static constexpr llvm::StringLiteral scheme = "file://";

std::string lsp::pathOf(llvm::StringRef uri) {
  if (!uri.consume_front(scheme))
    return uri.rsplit('/').second.str();
  uri = uri.drop_until([](char c) { return c == '/'; }); // a host
  std::string path;
  while (!uri.empty()) {
    unsigned code;
    if (uri.front() == '%' && uri.size() >= 3 &&
        !uri.substr(1, 2).getAsInteger(16, code)) {
      path += char(code);
      uri = uri.drop_front(3);
    } else {
      path += uri.front();
      uri = uri.drop_front();
    }
  }
  return path;
}

std::string lsp::uriOf(llvm::StringRef path) {
  std::string uri = scheme.str();
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("/-._~").contains(c))
      uri += c;
    else
      uri += "%" + llvm::toHex(llvm::StringRef(&c, 1));
  }
  return uri;
}
