//===- Explain.cpp - mindc explain ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Explain.h"
#include "Commands.h"
#include "Driver.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

static int runExplain(const Arguments &arguments, Driver &driver) {
  if (arguments.positional().empty()) {
    for (StringRef code : explainedCodes())
      llvm::outs() << code << '\n';
    return exitSuccess;
  }
  std::string code = arguments.positional()[0].upper();
  std::optional<StringRef> page = explain(code);
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
