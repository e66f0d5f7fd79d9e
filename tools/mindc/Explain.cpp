//===- Explain.cpp - mindc explain ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Explain.h"
#include "Commands.h"
#include "Driver.h"
#include "llvm/ADT/STLExtras.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

/// Whether the language has the code, but no diagnostic has it yet: E2006, and
/// what the verifier of hand-written IR, gradients and devices will report.
static bool isReserved(StringRef code) {
  static constexpr llvm::StringLiteral codes[] = {
      "E2006", "E4001", "E4002", "E4003", "E4004", "E4005", "E5001", "E5002",
      "E5003", "E5004", "E5005", "E6002", "E6003", "E6007", "E6008"};
  return llvm::is_contained(codes, code);
}

static int runExplain(const Arguments &arguments, Driver &driver) {
  if (arguments.positional().empty()) {
    for (StringRef code : explainedCodes())
      llvm::outs() << code << '\n';
    return exitSuccess;
  }
  std::string code = arguments.positional()[0].upper();
  std::optional<StringRef> page = explain(code);
  if (!page && isReserved(code))
    return driver.usageError("`" + code +
                             "` is reserved: no program is answered by it yet");
  if (!page)
    return driver.usageError("there is no error `" + code + "`" +
                             suggestion(code, explainedCodes()) +
                             "; `mindc explain` lists them");
  llvm::outs() << *page;
  if (!page->ends_with("\n"))
    llvm::outs() << '\n';
  return exitSuccess;
}

const CommandSpec mindc::explainCommand = {
    "explain", "[CODE]",  "explain an error, such as E3001, by an example",
    "",        {},        0,
    1,         runExplain};
