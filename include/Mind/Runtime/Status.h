//===- Status.h - success, or a run-time error -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Run-time errors are values. They carry the code and the wording of the
// diagnostics a compilation gives, and the line of MIND that failed.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_STATUS_H
#define MIND_RUNTIME_STATUS_H

#include <cstdint>
#include <memory>
#include <string>

namespace mind::runtime {

/// What a call reports when it fails.
struct RuntimeError {
  /// As in "E6005"; "E2001", "E3002" and "E3003" are about a call's inputs.
  std::string code;
  std::string message;
  /// The place in the source, both from 1; 0 if the error is not about one.
  uint32_t line = 0;
  uint32_t column = 0;
  /// How many characters of the line are meant, at least 1.
  uint32_t length = 1;
  std::string fileName;
  std::string lineText;
};

/// Success costs nothing: no allocation, one word.
class [[nodiscard]] Status {
public:
  Status() = default;
  Status(RuntimeError error)
      : failure(std::make_unique<RuntimeError>(std::move(error))) {}

  bool ok() const { return !failure; }
  /// The error; only if not ok().
  const RuntimeError &error() const { return *failure; }

private:
  std::unique_ptr<RuntimeError> failure;
};

} // namespace mind::runtime

#endif // MIND_RUNTIME_STATUS_H
