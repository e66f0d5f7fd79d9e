//===- Message.h - the wording of run-time errors --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of diagnostics, read without LLVM, so that an input that a call
// refuses is described in the words that a compilation would use.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_MESSAGE_H
#define MIND_LIB_RUNTIME_MESSAGE_H

#include "Mind/Runtime/Status.h"
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace mind::runtime {

/// A row of Diagnostics.def.
struct Message {
  std::string_view code;
  std::string_view text;
};

namespace message {
#define MIND_DIAG(Kind, Code, Text) inline constexpr Message Kind{Code, Text};
#include "Mind/Basic/Diagnostics.def"
} // namespace message

/// `text` with {0}, {1}... replaced by `arguments`, as many as there are.
std::string format(std::string_view text,
                   std::span<const std::string> arguments);

/// An error that is not about a place in the source.
RuntimeError makeError(const Message &message,
                       std::initializer_list<std::string> arguments);

} // namespace mind::runtime

#endif // MIND_LIB_RUNTIME_MESSAGE_H
