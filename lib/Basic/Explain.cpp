//===- Explain.cpp - a page on each diagnostic code ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Explain.h"

using namespace mind;

namespace {
struct Page {
  llvm::StringLiteral code, text;
};
} // namespace

static constexpr Page pages[] = {
#define MIND_PAGE(Code, Text) {Code, Text},
#include "Mind/Basic/Explain.inc"
};

std::optional<llvm::StringRef> mind::explain(llvm::StringRef code) {
  for (const Page &page : pages)
    if (page.code == code)
      return page.text;
  return std::nullopt;
}

std::vector<llvm::StringRef> mind::explainedCodes() {
  std::vector<llvm::StringRef> codes;
  for (const Page &page : pages)
    codes.push_back(page.code);
  return codes;
}
