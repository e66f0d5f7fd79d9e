//===- Describe.cpp - declarations in words -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Describe.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mind;
using namespace mind::lsp;

/// `text` with every run of white space one space.
static std::string onOneLine(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> words;
  llvm::SplitString(text, words);
  return llvm::join(words, " ");
}

std::string lsp::signatureOf(const Document &document,
                             const Declaration &declaration) {
  const Tree &tree = document.tree;
  llvm::StringRef name = tree.text(declaration.name);
  switch (declaration.kind) {
  case NameKind::Function: {
    FnView fn = tree.fn(StmtId(declaration.node.index));
    uint32_t begin = tree.range(declaration.node).begin;
    std::string head = onOneLine(tree.text({begin, tree.range(fn.body).begin}));
    auto checked = llvm::find_if(document.program.functions,
                                 [&](const CheckedFunction &function) {
                                   return function.syntax == declaration.node;
                                 });
    if (!fn.result.isValid() && checked != document.program.functions.end() &&
        !document.program.types.isError(checked->result))
      head += " -> " + document.program.types.str(checked->result);
    return head;
  }
  case NameKind::Module:
  case NameKind::TypeAlias:
    return llvm::StringRef(onOneLine(tree.text(declaration.node)))
        .rtrim(";")
        .str();
  case NameKind::Constant:
    return onOneLine(llvm::StringRef(tree.text(declaration.node)).rtrim(";"));
  case NameKind::Size:
    return name.str() + ": i64";
  case NameKind::Variable:
  case NameKind::Parameter:
    if (std::optional<std::string> type = document.typeOf(declaration.node))
      return name.str() + ": " + *type;
    return name.str();
  }
  llvm_unreachable("not a kind of name");
}

std::string lsp::codeBlock(llvm::StringRef code) {
  return ("```mind\n" + code + "\n```\n").str();
}
