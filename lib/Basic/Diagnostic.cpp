//===- Diagnostic.cpp - what a user is told about a program ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Diagnostic.h"
#include <algorithm>
#include <cassert>

using namespace mind;

namespace {
struct KindInfo {
  llvm::StringLiteral name, code, message;
};
} // namespace

static constexpr KindInfo kindInfos[] = {
#define MIND_DIAG(Kind, Code, Message) {#Kind, Code, Message},
#include "Mind/Basic/Diagnostics.def"
};

static constexpr DiagKind kinds[] = {
#define MIND_DIAG(Kind, Code, Message) DiagKind::Kind,
#include "Mind/Basic/Diagnostics.def"
};

llvm::StringRef mind::diagnosticCode(DiagKind kind) {
  return kindInfos[size_t(kind)].code;
}

int32_t mind::codeNumber(DiagKind kind) {
  int32_t number;
  [[maybe_unused]] bool failed =
      diagnosticCode(kind).drop_front().getAsInteger(10, number);
  assert(!failed && "codes are a letter and a number");
  return number;
}

llvm::StringRef mind::diagnosticName(DiagKind kind) {
  return kindInfos[size_t(kind)].name;
}

llvm::ArrayRef<DiagKind> mind::allDiagKinds() { return kinds; }

llvm::StringRef mind::severityName(Severity severity) {
  return severity == Severity::Error ? "error" : "warning";
}

std::string mind::formatDiagnostic(DiagKind kind,
                                   llvm::ArrayRef<std::string> args) {
  llvm::StringRef message = kindInfos[size_t(kind)].message;
  std::string result;
  // Placeholders are {0} to {9}; arguments are not searched for them again.
  while (!message.empty()) {
    size_t brace = message.find('{');
    result += message.take_front(brace);
    message = message.drop_front(std::min(brace, message.size()));
    if (message.empty())
      break;
    size_t index = size_t(message[1] - '0');
    assert(message.size() >= 3 && message[2] == '}' && index < args.size() &&
           "message and arguments disagree");
    result += args[index];
    message = message.drop_front(3);
  }
  return result;
}

Diagnostic &DiagnosticEngine::report(DiagKind kind, SourceRange range,
                                     llvm::ArrayRef<std::string> args) {
  return reportText(kind, range, formatDiagnostic(kind, args));
}

Diagnostic &DiagnosticEngine::reportText(DiagKind kind, SourceRange range,
                                         std::string message) {
  if (numReported++ >= limit) {
    dropped = Diagnostic();
    return dropped;
  }
  Diagnostic &diag = records.emplace_back();
  diag.kind = kind;
  diag.range = range;
  diag.message = std::move(message);
  return diag;
}

llvm::ArrayRef<Diagnostic> DiagnosticEngine::sorted() {
  std::stable_sort(records.begin(), records.end(),
                   [](const Diagnostic &a, const Diagnostic &b) {
                     return a.range.begin < b.range.begin;
                   });
  return records;
}

void DiagnosticEngine::clear() {
  records.clear();
  numReported = 0;
}
