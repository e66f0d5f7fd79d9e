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

static std::string familyTitle(OpFamily family) {
  std::string title = familyName(family).str();
  title[0] = llvm::toUpper(title[0]);
  return title;
}

/// What holds for all operations, before their list.
static constexpr StringRef aboutOperations =
    R"(What programs, types and results are is in [language.md](../language.md). Here is
each operation, which is called as `op(x, ...)`, as `tensor.op(x, ...)`, and, if its
first argument is a tensor, as `x.op(...)`. The comments behind an example are what
`mindc run` prints of it; several results are a tuple.

- Arguments may be named, behind the positional ones: `sum(x, keepdims=true)`. One
  with a default, which is shown after `=`, may be left out; where that is `none`, the
  text says what happens then.
- Axes count from 0, or from the end: the last is -1. `axes` is a list or one integer;
  `axis` and `axes` mean the same.
- Axes, dtypes, windows and the like are known at compile time (E2003).
- Literals take the dtype of what they meet, and nothing else is converted: `x + 1`
  has the dtype of `x`.
- Integers wrap. f16 and bf16 are computed in f32 and rounded once an operation.)";

/// The operations of each family, with links.
static void printContents(llvm::raw_ostream &os) {
  os << "\n| family | operations |\n|---|---|\n";
  for (const auto &[family, ops] : operationsByFamily()) {
    std::string title = familyTitle(family);
    os << llvm::formatv("| [{0}](#{1}) |", title, familyName(family));
    for (const OpInfo *op : ops) {
      os << llvm::formatv(" [{0}](#{0})", op->name());
      if (!op->symbol.empty())
        os << " `" << op->symbol << '`';
    }
    os << " |\n";
  }
}

/// Prints Markdown whose codes of diagnostics become links to their pages.
static void printLinked(llvm::raw_ostream &os, StringRef text) {
  bool isCode = false;
  for (StringRef line : llvm::split(text, '\n')) {
    isCode ^= line.starts_with("```");
    for (size_t i = 0; i != line.size();) {
      StringRef code = line.substr(i, 5);
      if (isCode || code.size() != 5 || code[0] != 'E' ||
          !llvm::all_of(code.drop_front(), llvm::isDigit)) {
        os << line[i++];
        continue;
      }
      os << llvm::formatv("[{0}](../diagnostics/{0}.md)", code);
      i += code.size();
    }
    os << '\n';
  }
}

static void printAsMarkdown(llvm::raw_ostream &os) {
  os << "# Operations\n\n"
        "<!-- Written by `mindc ops --markdown`. Do not edit. -->\n\n";
  printLinked(os, aboutOperations);
  printContents(os);
  for (const auto &[family, ops] : operationsByFamily()) {
    os << "\n## " << familyTitle(family) << "\n\n";
    printLinked(os, introduction(family));
    for (const OpInfo *op : ops) {
      os << "\n### " << op->name() << "\n\n`" << op->signature() << "`\n\n";
      printLinked(os, StringRef(documentation(*op)).rtrim());
    }
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
      json.attribute("description", plainDescription(op));
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
