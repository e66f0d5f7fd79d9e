//===- main.cpp - mind-lsp-server, MIND in editors --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Lsp/Server.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Config/llvm-config.h"
#include <csignal>

int main(int argc, char **argv) {
  // A client that is gone is the end of input.
  std::signal(SIGPIPE, SIG_IGN);
  for (llvm::StringRef word : llvm::ArrayRef(argv, size_t(argc)).drop_front()) {
    if (word == "--help") {
      llvm::outs() << "mind-lsp-server, a language server for MIND\n\n"
                      "Usage: mind-lsp-server\n\n"
                      "Started by an editor, with which it speaks the Language "
                      "Server Protocol on\nstandard input and output.\n";
      return 0;
    }
    if (word == "--version") {
      llvm::outs() << "mind-lsp-server " MIND_VERSION
                      " (LLVM " LLVM_VERSION_STRING ")\n";
      return 0;
    }
    // Editors name the transport that they take for granted.
    if (word != "--stdio") {
      llvm::errs() << "mind-lsp-server: error: unknown option `" << word
                   << "`; see `mind-lsp-server --help`\n";
      return 2;
    }
  }
  return mind::runLanguageServer(stdin, llvm::outs());
}
