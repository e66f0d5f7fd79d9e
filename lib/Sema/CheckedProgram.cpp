//===- CheckedProgram.cpp - a program whose names and types are known -----===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Sema/CheckedProgram.h"
#include "Scalar.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace mind {

void CheckedProgram::clear() {
  tree = nullptr;
  constexpr uint32_t mostTypes = 256;
  if (types.size() > mostTypes)
    types = TypeTable();
  functions.clear();
  values.clear();
  operations.clear();
  calls.clear();
  controls.clear();
  operands.clear();
  arguments.clear();
  extents.clear();
  requirements.clear();
  elements.clear();
  ok = false;
}

const CheckedFunction *CheckedProgram::function(llvm::StringRef name) const {
  for (const CheckedFunction &function : functions)
    if (function.module == 0 && function.name == name)
      return &function;
  return nullptr;
}

std::string CheckedProgram::symbol(const CheckedFunction &function) const {
  const std::string &module = tree->modules()[function.module].path;
  return module.empty() ? function.name.str()
                        : module + "." + function.name.str();
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

namespace {

/// Prints the values of one function, numbered from 0.
class FunctionPrinter {
public:
  FunctionPrinter(const CheckedProgram &program,
                  const CheckedFunction &function, llvm::raw_ostream &os)
      : program(program), function(function), os(os) {
    for (uint32_t i = function.firstValue; i != function.endValue; ++i) {
      numbers.push_back(isNamed(program.values[i]) ? 0 : numNumbered++);
    }
  }

  void print();

private:
  /// Whether it is shown by the name that the program gives it.
  static bool isNamed(const CheckedValue &value) {
    return value.kind == ValueKind::Name || value.kind == ValueKind::Let ||
           value.kind == ValueKind::RegionArgument ||
           value.kind == ValueKind::Carried;
  }
  /// Prints the values from `begin` to `end`, regions within regions.
  void printValues(uint32_t begin, uint32_t end);
  void printValue(uint32_t index);
  void printControl(const CheckedValue &value);
  /// A use of a value: its number, or the name it was used by.
  void printUse(ValueId id);
  void printUses(llvm::ArrayRef<ValueId> ids) {
    llvm::interleaveComma(ids, os, [&](ValueId id) { printUse(id); });
  }
  void printArgument(const Argument &argument);
  void printConstant(const CheckedValue &value);

  const CheckedProgram &program;
  const CheckedFunction &function;
  llvm::raw_ostream &os;
  /// The number of each value that has no name.
  llvm::SmallVector<uint32_t, 32> numbers;
  uint32_t numNumbered = 0;
  unsigned indent = 2;
};

} // namespace

void FunctionPrinter::printUse(ValueId id) {
  if (const CheckedValue &value = program.value(id); isNamed(value)) {
    os << program.tree->text(value.syntax);
    return;
  }
  os << "%" << numbers[id.index - function.firstValue];
}

void FunctionPrinter::printArgument(const Argument &argument) {
  if (auto *integer = std::get_if<int64_t>(&argument))
    os << *integer;
  else if (auto *list = std::get_if<Ints>(&argument))
    os << shapeString(Dims(list->begin(), list->end()));
  else if (auto *flag = std::get_if<bool>(&argument))
    os << (*flag ? "true" : "false");
  else if (auto *word = std::get_if<std::string>(&argument))
    os << '"' << *word << '"';
  else if (auto *dims = std::get_if<Dims>(&argument))
    os << shapeString(*dims);
  else if (auto *dtype = std::get_if<DType>(&argument))
    os << dtypeName(*dtype);
  else if (auto *real = std::get_if<double>(&argument))
    os << *real;
  else
    os << "none";
}

void FunctionPrinter::printConstant(const CheckedValue &value) {
  constexpr uint32_t most = 16;
  DType dtype = program.types.tensorType(value.type).dtype;
  os << "constant ";
  for (uint32_t i = 0; i != std::min(value.b, most); ++i)
    os << (i ? " " : "")
       << Scalar::fromBits(dtype, program.elements[value.a + i]).str();
  if (value.b > most)
    os << " ...";
}

void FunctionPrinter::printValue(uint32_t index) {
  const CheckedValue &value = program.values[index];
  const Tree &tree = *program.tree;
  if (value.kind == ValueKind::Name || value.kind == ValueKind::RegionArgument)
    return;
  os.indent(indent);
  if (isNamed(value)) {
    os << "let " << tree.text(value.syntax) << " = ";
    printUse(ValueId{value.a});
    if (value.kind == ValueKind::Carried)
      os << "#" << value.b;
    os << "\n";
    return;
  }
  os << "%" << numbers[index - function.firstValue] << " = ";
  switch (value.kind) {
  case ValueKind::Error:
    os << "error";
    break;
  case ValueKind::Parameter:
    os << "parameter " << tree.text(function.params[value.a].name);
    break;
  case ValueKind::Size:
    os << "size " << program.extents[value.a].str();
    break;
  case ValueKind::Constant:
    printConstant(value);
    break;
  case ValueKind::Operation: {
    const CheckedOperation &operation = program.operations[value.a];
    os << operation.op->name() << "(";
    printUses(program.operandsOf(operation));
    llvm::ListSeparator separator;
    if (operation.numOperands)
      os << llvm::StringRef(separator);
    for (auto [param, argument] :
         llvm::zip(operation.op->arguments(), program.argumentsOf(operation))) {
      os << separator << param.name << "=";
      printArgument(argument);
    }
    os << ")";
    break;
  }
  case ValueKind::Call: {
    const CheckedCall &call = program.calls[value.a];
    os << "call " << program.symbol(program.functions[call.function]) << "(";
    printUses(program.operandsOf(call));
    os << ")";
    break;
  }
  case ValueKind::Tuple:
    os << "(";
    printUses(llvm::ArrayRef(program.operands).slice(value.a, value.b));
    os << ")";
    break;
  case ValueKind::Element:
    printUse(ValueId{value.a});
    os << "." << value.b;
    break;
  case ValueKind::If:
  case ValueKind::While:
  case ValueKind::For:
    return printControl(value);
  case ValueKind::Let:
  case ValueKind::Name:
  case ValueKind::RegionArgument:
  case ValueKind::Carried:
    break;
  }
  os << " : " << program.types.str(value.type) << "\n";
}

void FunctionPrinter::printControl(const CheckedValue &value) {
  const CheckedControl &control = program.controls[value.a];
  llvm::SmallVector<llvm::StringRef, 2> regions;
  if (value.kind == ValueKind::If) {
    os << "if ";
    regions = {"then", "else"};
  } else if (value.kind == ValueKind::While) {
    os << "while";
    regions = {"condition", "body"};
  } else {
    os << "for ";
    regions = {"body"};
  }
  printUses(program.operandsOf(control));
  if (control.numCarried) {
    os << " carrying ";
    printUses(program.carriedBy(control));
  }
  os << " : " << program.types.str(value.type) << "\n";
  for (auto [index, name] : llvm::enumerate(regions)) {
    const CheckedRegion &region = control.regions[index];
    os.indent(indent) << name << "\n";
    indent += 2;
    printValues(region.firstValue, region.endValue);
    os.indent(indent) << "yield ";
    printUses(program.yieldsOf(control, index));
    os << "\n";
    indent -= 2;
  }
}

void FunctionPrinter::printValues(uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i != end; i = program.endOf(i))
    printValue(i);
}

void FunctionPrinter::print() {
  os << "fn " << program.symbol(function) << "(";
  llvm::interleaveComma(function.params, os, [&](const auto &param) {
    os << program.tree->text(param.name) << ": "
       << program.types.str(param.type);
  });
  os << ") -> " << program.types.str(function.result) << "\n";
  printValues(function.firstValue, function.endValue);
  os << "  return ";
  printUse(function.returned);
  os << "\n";
}

void CheckedProgram::print(llvm::raw_ostream &os) const {
  for (const CheckedFunction &function : functions)
    if (function.returned.isValid())
      FunctionPrinter(*this, function, os).print();
}

} // namespace mind
