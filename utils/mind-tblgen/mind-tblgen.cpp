//===- mind-tblgen.cpp - the operation table from its records --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the records of the dialect's operations (Mind_LanguageOp) and writes
// the table that the language side uses, so that an operation is declared once.
// See Mind/Shape/Operation.h for the table.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Main.h"
#include "llvm/TableGen/Record.h"
#include "llvm/TableGen/TableGenBackend.h"

using namespace llvm;

namespace {

enum class Action { Kinds, Table };

/// A parameter of the language, and the attribute that holds it, if one does.
struct Param {
  StringRef name;
  const Record *record;
  bool isAttribute;
};

/// "AddOp" is OpKind::Add.
std::string kindOf(const Record &op) {
  StringRef name = op.getName();
  if (!name.consume_back("Op"))
    PrintFatalError(op.getLoc(), "an operation's record is named ...Op");
  return name.str();
}

/// The operations in the order of declaration, which is the order in which
/// they may hide one another.
std::vector<const Record *> operationsOf(const RecordKeeper &records) {
  std::vector<const Record *> ops =
      records.getAllDerivedDefinitions("Mind_LanguageOp");
  llvm::sort(ops, [](const Record *a, const Record *b) {
    return a->getID() < b->getID();
  });
  return ops;
}

/// Reads `parameters`, or `arguments` where the two are the same, and finds
/// the attribute of each.
std::vector<Param> paramsOf(const Record &op) {
  const DagInit *arguments = op.getValueAsDag("arguments");
  const DagInit *params = op.getValueAsDag("parameters");
  if (params->getNumArgs() == 0)
    params = arguments;

  std::vector<Param> result;
  for (unsigned i = 0; i != params->getNumArgs(); ++i) {
    StringRef name = params->getArgNameStr(i);
    const Record *record = cast<DefInit>(params->getArg(i))->getDef();
    if (!record->isSubClassOf("LanguageParam"))
      PrintFatalError(op.getLoc(),
                      "parameter '" + name + "' is not a LanguageParam");
    bool isAttribute = record->isSubClassOf("Attr");
    if (isAttribute && llvm::none_of(arguments->getArgNames(),
                                     [&](const StringInit *argument) {
                                       return argument->getValue() == name;
                                     }))
      PrintFatalError(op.getLoc(),
                      "no argument holds parameter '" + name + "'");
    result.push_back({name, record, isAttribute});
  }
  return result;
}

/// The attribute that holds `param`, or empty.
StringRef attributeOf(const Param &param) {
  if (param.record->getValueAsString("kind") == "Values")
    return "format";
  return param.isAttribute ? param.name : "";
}

/// Writes the number of results and the parameter that counts them.
void writeResults(const Record &op, ArrayRef<Param> params, raw_ostream &os) {
  StringRef counter = op.getValueAsString("resultCount");
  if (counter.empty()) {
    bool hasResult = op.getValueAsDag("results")->getNumArgs() != 0;
    os << "ResultCount::" << (hasResult ? "One" : "None") << ", 0";
    return;
  }
  const auto *found = llvm::find_if(
      params, [&](const Param &param) { return param.name == counter; });
  if (found == params.end())
    PrintFatalError(op.getLoc(), "no parameter '" + counter + "'");
  os << "ResultCount::Counted, " << found - params.begin();
}

/// `text` as a string literal of C++.
void quote(raw_ostream &os, StringRef text) {
  os << '"';
  os.write_escaped(text, /*UseHexEscapes=*/false);
  os << '"';
}

/// The text without the indentation that its lines share.
std::string dedent(StringRef text) {
  if (text.trim().empty())
    return "";
  SmallVector<StringRef> lines;
  text.trim("\n").rtrim().split(lines, '\n');
  size_t indent = StringRef::npos;
  // The first line starts where the summary sentence does.
  for (StringRef line : ArrayRef(lines).drop_front())
    if (!line.trim().empty())
      indent = std::min(indent, line.find_first_not_of(' '));
  std::string result;
  for (auto [index, line] : llvm::enumerate(lines)) {
    size_t own = std::min(line.find_first_not_of(' '), line.size());
    result += line.drop_front(index == 0 ? own : std::min(indent, own)).str();
    result += '\n';
  }
  return result;
}

/// MIND_OPERATION(Add) for each operation, in order.
void writeKinds(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Kinds of operations", os, records);
  for (const Record *op : operationsOf(records))
    os << "MIND_OPERATION(" << kindOf(*op) << ")\n";
}

/// By which operations are found: `names`, sorted, beside `namedOperations`,
/// and in order of declaration those that have a symbol.
void writeIndex(const RecordKeeper &records, raw_ostream &os) {
  std::vector<std::pair<StringRef, unsigned>> names;
  std::vector<unsigned> symbols;
  for (auto [index, op] : llvm::enumerate(operationsOf(records))) {
    for (StringRef name : op->getValueAsListOfStrings("names"))
      names.emplace_back(name, index);
    if (!op->getValueAsString("symbol").empty())
      symbols.push_back(index);
  }
  llvm::sort(names);

  os << "\nstatic constexpr llvm::StringRef names[] = {\n";
  for (auto &[name, index] : names) {
    os << "    ";
    quote(os, name);
    os << ",\n";
  }
  os << "};\nstatic constexpr const OpInfo *namedOperations[] = {\n";
  for (auto &[name, index] : names)
    os << "    &operationTable[" << index << "],\n";
  os << "};\nstatic constexpr const OpInfo *symbolOperations[] = {\n";
  for (unsigned index : symbols)
    os << "    &operationTable[" << index << "],\n";
  os << "};\n";
}

/// The arrays behind mind::operations().
void writeTable(const RecordKeeper &records, raw_ostream &os) {
  emitSourceFileHeader("Table of operations", os, records);
  for (const Record *op : operationsOf(records)) {
    std::string kind = kindOf(*op);
    os << "static constexpr llvm::StringRef names" << kind << "[] = {";
    for (StringRef name : op->getValueAsListOfStrings("names")) {
      quote(os, name);
      os << ", ";
    }
    os << "};\n";

    std::vector<Param> params = paramsOf(*op);
    for (const Param &param : params) {
      auto choices = param.record->getValueAsListOfStrings("choices");
      if (choices.empty())
        continue;
      os << "static constexpr llvm::StringRef choices" << kind << "_"
         << param.name << "[] = {";
      for (StringRef choice : choices) {
        quote(os, choice);
        os << ", ";
      }
      os << "};\n";
    }
    os << "static constexpr std::array<ParamInfo, " << params.size()
       << "> params" << kind << " = {";
    for (const Param &param : params) {
      os << "\n    ParamInfo{";
      quote(os, param.name);
      os << ", ParamKind::" << param.record->getValueAsString("kind") << ", ";
      quote(os, param.record->getValueAsString("default"));
      if (param.record->getValueAsListOfStrings("choices").empty())
        os << ", {}, ";
      else
        os << ", choices" << kind << "_" << param.name << ", ";
      quote(os, attributeOf(param));
      StringRef dtypes = param.record->getValueAsString("dtypes");
      os << ", DTypeClass::"
         << (dtypes.empty() ? op->getValueAsString("dtypes") : dtypes) << ", "
         << (dtypes.empty() ? "false" : "true") << "},";
    }
    os << "};\n";
  }

  os << "\nstatic constexpr OpInfo operationTable[] = {\n";
  for (const Record *op : operationsOf(records)) {
    std::string kind = kindOf(*op);
    os << "    {OpKind::" << kind
       << ", OpFamily::" << op->getValueAsString("family")
       << ", DTypeClass::" << op->getValueAsString("dtypes") << ", ";
    quote(os, ("mind." + op->getValueAsString("opName")).str());
    os << ",\n     names" << kind << ", ";
    quote(os, op->getValueAsString("symbol"));
    os << ", params" << kind << ", ";
    writeResults(*op, paramsOf(*op), os);
    bool isPure = llvm::any_of(
        op->getValueAsListOfDefs("traits"),
        [](const Record *trait) { return trait->getName() == "Pure"; });
    os << ", rules::" << op->getValueAsString("rule") << ", "
       << (isPure ? "true" : "false") << ",\n     ";
    quote(os, op->getValueAsString("summary"));
    os << ",\n     ";
    quote(os, dedent(op->getValueAsString("description")));
    os << ",\n     ";
    quote(os, dedent(op->getValueAsString("example")));
    os << "},\n";
  }
  os << "};\n";
  writeIndex(records, os);
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::opt<Action> action(
      cl::desc("what to write:"),
      cl::values(clEnumValN(Action::Kinds, "gen-operation-kinds",
                            "an X-macro list of the kinds of operations"),
                 clEnumValN(Action::Table, "gen-operation-table",
                            "the table of operations")),
      cl::Required);
  cl::ParseCommandLineOptions(argc, argv, "MIND's operation table\n");
  return TableGenMain(
      argv[0], [&](raw_ostream &os, const RecordKeeper &records) {
        (action == Action::Kinds ? writeKinds : writeTable)(records, os);
        return false;
      });
}
