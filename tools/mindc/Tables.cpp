//===- Tables.cpp - mindc phases, mindc ops -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Driver.h"
#include "Mind/Shape/Documentation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mind;
using namespace mind::mindc;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// phases
//===----------------------------------------------------------------------===//

static int runPhases(const Arguments &, Driver &) {
  llvm::outs() << llvm::formatv("{0,-12} {1,-12} {2}\n", "phase", "works on",
                                "leaves");
  for (const PhaseInfo &info : phases)
    llvm::outs() << llvm::formatv("{0,-12} {1,-12} {2}\n", StringRef(info.name),
                                  info.parent.empty() ? StringRef("source")
                                                      : StringRef(info.parent),
                                  StringRef(info.description));
  return exitSuccess;
}

const CommandSpec mindc::phasesCommand = {
    "phases", "", "list the phases of the compiler", "", {}, 0, 0, runPhases};

//===----------------------------------------------------------------------===//
// ops
//===----------------------------------------------------------------------===//

/// Families in the order of their first operation, each with its operations.
static std::vector<std::pair<OpFamily, std::vector<const OpInfo *>>>
operationsByFamily() {
  std::vector<std::pair<OpFamily, std::vector<const OpInfo *>>> families;
  for (const OpInfo &op : operations()) {
    auto found = llvm::find_if(
        families, [&](const auto &f) { return f.first == op.family; });
    if (found == families.end())
      found = families.insert(found, {op.family, {}});
    found->second.push_back(&op);
  }
  return families;
}

static void printAsTable(llvm::raw_ostream &os) {
  for (const auto &[family, ops] : operationsByFamily()) {
    os << familyName(family) << '\n';
    for (const OpInfo *op : ops)
      os << llvm::formatv("  {0,-56} {1,-2} {2}\n", op->signature(), op->symbol,
                          op->summary);
    os << '\n';
  }
}

static void printAsMarkdown(llvm::raw_ostream &os) {
  os << "# Operations\n\n"
        "<!-- Written by `mindc ops --markdown`. Do not edit. -->\n\n"
        "Each is called as `op(x, ...)`, `tensor.op(x, ...)` and "
        "`x.op(...)`; arguments may be named.\n";
  for (const auto &[family, ops] : operationsByFamily()) {
    std::string title = familyName(family).str();
    title[0] = llvm::toUpper(title[0]);
    os << "\n## " << title << '\n';
    for (const OpInfo *op : ops)
      os << "\n### `" << op->signature() << "`\n\n" << documentation(*op);
  }
}

/// The table for other programs: one JSON array, an object an operation.
static void printAsJson(llvm::raw_ostream &os) {
  llvm::json::OStream json(os, 2);
  auto strings = [&](StringRef key, llvm::ArrayRef<StringRef> values) {
    json.attributeArray(key, [&] {
      for (StringRef value : values)
        json.value(value);
    });
  };
  auto dtypes = [&](DTypeClass allowed) {
    json.attributeArray("dtypes", [&] {
      for (size_t i = 0; i != numDTypes; ++i)
        if (contains(allowed, DType(i)))
          json.value(StringRef(dtypeName(DType(i))));
    });
  };
  auto parameter = [&](const ParamInfo &param) {
    json.object([&] {
      json.attribute("name", param.name);
      json.attribute("tensor", param.isOperand());
      if (param.isOperand())
        dtypes(param.dtypes);
      if (!param.defaultText.empty())
        json.attribute("default", param.defaultText);
      if (!param.choices.empty())
        strings("choices", param.choices);
    });
  };
  auto operation = [&](const OpInfo &op) {
    json.object([&] {
      json.attribute("name", op.name());
      strings("names", op.names);
      json.attribute("symbol", op.symbol);
      json.attribute("family", familyName(op.family));
      dtypes(op.dtypes);
      json.attributeArray("parameters", [&] {
        for (const ParamInfo &param : op.params)
          parameter(param);
      });
      json.attribute("signature", op.signature());
      json.attribute("summary", op.summary);
      json.attribute("example", op.example);
    });
  };
  json.array([&] {
    for (const OpInfo &op : operations())
      operation(op);
  });
  os << '\n';
}

static int runOps(const Arguments &arguments, Driver &) {
  if (arguments.has("--markdown"))
    printAsMarkdown(llvm::outs());
  else if (arguments.has("--json"))
    printAsJson(llvm::outs());
  else
    printAsTable(llvm::outs());
  return exitSuccess;
}

static const OptionSpec opsOptions[] = {
    {"--markdown", "", "print the reference page"},
    {"--json", "", "print the table as JSON"}};

const CommandSpec mindc::opsCommand = {
    "ops", "",    "list the operations of the language", "", opsOptions, 0,
    0,     runOps};
