//===- Message.cpp - the wording of run-time errors -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Message.h"

using namespace mind::runtime;

std::string mind::runtime::format(std::string_view text,
                                  std::span<const std::string> arguments) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    bool isPlaceholder = text[i] == '{' && i + 2 < text.size() &&
                         text[i + 2] == '}' && text[i + 1] >= '0' &&
                         size_t(text[i + 1] - '0') < arguments.size();
    if (!isPlaceholder) {
      result += text[i];
      continue;
    }
    result += arguments[text[i + 1] - '0'];
    i += 2;
  }
  return result;
}

RuntimeError
mind::runtime::makeError(const Message &message,
                         std::initializer_list<std::string> arguments) {
  RuntimeError error;
  error.code = message.code;
  error.message = format(message.text, {arguments.begin(), arguments.size()});
  return error;
}
