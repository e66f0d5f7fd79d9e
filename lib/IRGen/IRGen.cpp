//===- IRGen.cpp - checked programs as modules of the mind dialect -*- C++
//-*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over each function's values. Operations are made by the name that
// the table of operations gives them; none is known here.
//
//===----------------------------------------------------------------------===//

#include "Mind/IRGen/IRGen.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

namespace mind {

namespace {

/// A function for which code is to be made, and the sizes it is made for;
/// empty: as it was declared.
struct Instance {
  const CheckedFunction *function;
  Dims sizes;
  mlir::StringAttr symbol;
};

class Generator {
public:
  Generator(const CheckedProgram &program, mlir::MLIRContext &context)
      : program(program), context(&context), builder(&context),
        fileName(builder.getStringAttr(program.tree->file().name())),
        typeCache(program.types.size()) {}

  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  /// The IR values of a MIND value: one for each of its tensors.
  struct Range {
    uint32_t first, count;
  };

  void generate(const Instance &instance);
  void generate(const CheckedValue &value);
  mlir::Value generateConstant(const CheckedValue &value);
  void generateOperation(const CheckedValue &value);
  void generateCall(const CheckedValue &value);
  mlir::StringAttr symbolOf(const CheckedCall &call);

  TensorType tensorType(TypeRef type) const;
  mlir::RankedTensorType irType(TypeRef type);
  void appendTypes(TypeRef type, llvm::SmallVectorImpl<mlir::Type> &types);
  void appendNames(TypeRef type, const llvm::Twine &name,
                   llvm::SmallVectorImpl<mlir::DictionaryAttr> &attributes);

  mlir::Location location(uint32_t offset) const {
    LineColumn at = program.tree->file().lineColumn(offset);
    return mlir::FileLineColLoc::get(fileName, at.line, at.column);
  }
  llvm::ArrayRef<mlir::Value> valuesOf(ValueId id) const {
    Range range = ranges[id.index - firstValue];
    return llvm::ArrayRef(values).slice(range.first, range.count);
  }
  void define(llvm::ArrayRef<mlir::Value> results) {
    ranges.push_back({uint32_t(values.size()), uint32_t(results.size())});
    values.append(results.begin(), results.end());
  }
  void define(Range range) { ranges.push_back(range); }

  const CheckedProgram &program;
  mlir::MLIRContext *context;
  mlir::OpBuilder builder;
  mlir::StringAttr fileName;
  /// The IR types of the program's types, as far as they were wanted.
  std::vector<mlir::RankedTensorType> typeCache;

  std::vector<Instance> instances;
  llvm::StringMap<mlir::StringAttr> symbols;

  // Of the function that is being generated.
  const Instance *current = nullptr;
  uint32_t firstValue = 0;
  llvm::SmallVector<mlir::Value, 32> values;
  llvm::SmallVector<Range, 64> ranges;
};

} // namespace

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

TensorType Generator::tensorType(TypeRef type) const {
  TensorType tensor = program.types.tensorType(type);
  if (current->sizes.empty())
    return tensor;
  for (Dim &dim : tensor.dims)
    // The checker has seen that this does not overflow.
    dim = *dim.substitute([&](llvm::StringRef name) -> std::optional<Dim> {
      for (auto [size, value] :
           llvm::zip_equal(current->function->sizes, current->sizes))
        if (size == name)
          return value;
      return std::nullopt;
    });
  return tensor;
}

mlir::RankedTensorType Generator::irType(TypeRef type) {
  if (!current->sizes.empty())
    return toIR(context, tensorType(type));
  mlir::RankedTensorType &cached = typeCache[type.index];
  if (!cached)
    cached = toIR(context, program.types.tensorType(type));
  return cached;
}

void Generator::appendTypes(TypeRef type,
                            llvm::SmallVectorImpl<mlir::Type> &result) {
  if (program.types.isTensor(type))
    return result.push_back(irType(type));
  for (TypeRef element : program.types.elements(type))
    appendTypes(element, result);
}

void Generator::appendNames(
    TypeRef type, const llvm::Twine &name,
    llvm::SmallVectorImpl<mlir::DictionaryAttr> &attributes) {
  if (program.types.isTensor(type))
    return attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("mind.name", builder.getStringAttr(name))));
  for (auto [index, element] : llvm::enumerate(program.types.elements(type)))
    appendNames(element, llvm::Twine(name) + "." + llvm::Twine(index),
                attributes);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

mlir::OwningOpRef<mlir::ModuleOp> Generator::run() {
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(mlir::FileLineColLoc::get(fileName, 1, 1));
  for (const CheckedFunction &function : program.functions)
    instances.push_back({&function, {}, builder.getStringAttr(function.name)});
  // Calls append to the list.
  for (size_t i = 0; i != instances.size(); ++i) {
    builder.setInsertionPointToEnd(module->getBody());
    Instance instance = instances[i];
    generate(instance);
  }
  return module;
}

void Generator::generate(const Instance &instance) {
  const CheckedFunction &function = *instance.function;
  current = &instance;
  firstValue = function.firstValue;
  values.clear();
  ranges.clear();

  llvm::SmallVector<mlir::Type> inputs, results;
  llvm::SmallVector<mlir::DictionaryAttr> names;
  for (const CheckedFunction::Param &param : function.params) {
    appendTypes(param.type, inputs);
    appendNames(param.type, program.tree->text(param.name), names);
  }
  appendTypes(function.result, results);
  auto func = mlir::func::FuncOp::create(
      builder, location(program.tree->range(function.syntax).begin),
      instance.symbol, builder.getFunctionType(inputs, results),
      llvm::ArrayRef<mlir::NamedAttribute>(), names);
  if (!function.isPublic || !instance.sizes.empty())
    func.setPrivate();

  mlir::Block *entry = func.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  values.append(entry->args_begin(), entry->args_end());
  ranges.reserve(function.endValue - firstValue);
  for (uint32_t i = firstValue; i != function.endValue; ++i)
    generate(program.values[i]);
  uint32_t end = program.tree->range(function.syntax).end;
  mlir::func::ReturnOp::create(builder, location(end ? end - 1 : 0),
                               valuesOf(function.returned));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void Generator::generate(const CheckedValue &value) {
  switch (value.kind) {
  case ValueKind::Error:
  case ValueKind::Size:
    llvm_unreachable("a checked program does not compute these");
  case ValueKind::Parameter: {
    // Parameters come first, one after the other.
    uint32_t first =
        ranges.empty() ? 0 : ranges.back().first + ranges.back().count;
    return define(Range{first, program.types.numTensors(value.type)});
  }
  case ValueKind::Constant:
    return define(generateConstant(value));
  case ValueKind::Let:
  case ValueKind::Name:
    return define(ranges[value.a - firstValue]);
  case ValueKind::Operation:
    return generateOperation(value);
  case ValueKind::Call:
    return generateCall(value);
  case ValueKind::Tuple: {
    llvm::SmallVector<mlir::Value> parts;
    for (ValueId part :
         llvm::ArrayRef(program.operands).slice(value.a, value.b))
      llvm::append_range(parts, valuesOf(part));
    return define(parts);
  }
  case ValueKind::Element: {
    Range range = ranges[value.a - firstValue];
    TypeRef tuple = program.values[value.a].type;
    for (TypeRef before : program.types.elements(tuple).take_front(value.b))
      range.first += program.types.numTensors(before);
    return define(Range{range.first, program.types.numTensors(value.type)});
  }
  }
}

mlir::Value Generator::generateConstant(const CheckedValue &value) {
  mlir::RankedTensorType type = irType(value.type);
  DType dtype = program.types.tensorType(value.type).dtype;
  llvm::ArrayRef<uint64_t> elements =
      llvm::ArrayRef(program.elements).slice(value.a, value.b);
  mlir::DenseElementsAttr attribute;
  if (isBool(dtype)) {
    llvm::SmallVector<bool> bools(elements.begin(), elements.end());
    attribute = mlir::DenseElementsAttr::get(type, llvm::ArrayRef(bools));
  } else {
    // Elements are kept in 64 bits; the attribute wants their own width.
    size_t width = sizeInBytes(dtype);
    llvm::SmallVector<char, 64> buffer(elements.size() * width);
    for (auto [index, element] : llvm::enumerate(elements))
      memcpy(&buffer[index * width], &element, width);
    attribute = mlir::DenseElementsAttr::getFromRawBuffer(type, buffer);
  }
  return ConstantOp::create(builder, location(value.location), type, attribute);
}

void Generator::generateOperation(const CheckedValue &value) {
  const CheckedOperation &operation = program.operations[value.a];
  const OpInfo &op = *operation.op;
  mlir::OperationState state(location(value.location), op.irName);
  for (ValueId operand : program.operandsOf(operation))
    state.operands.push_back(valuesOf(operand).front());
  for (auto [param, argument] :
       llvm::zip(op.arguments(), program.argumentsOf(operation)))
    if (mlir::Attribute attribute = toIR(context, param.kind, argument))
      state.addAttribute(param.attribute, attribute);
  appendTypes(value.type, state.types);
  llvm::SmallVector<mlir::Value, 1> results(
      builder.create(state)->getResults());
  define(results);
}

mlir::StringAttr Generator::symbolOf(const CheckedCall &call) {
  const CheckedFunction &callee = program.functions[call.function];
  // The caller's own sizes, where it is generated for certain ones.
  Dims sizes;
  bool isGeneric = true;
  std::string key = callee.name.str();
  for (auto [size, name] : llvm::zip_equal(call.sizes, callee.sizes)) {
    Dim value = size;
    if (!current->sizes.empty())
      value = *size.substitute([&](llvm::StringRef text) -> std::optional<Dim> {
        for (auto [own, dim] :
             llvm::zip_equal(current->function->sizes, current->sizes))
          if (own == text)
            return dim;
        return std::nullopt;
      });
    isGeneric &= value.name() == llvm::StringRef(name);
    key += "," + value.str();
    sizes.push_back(std::move(value));
  }
  if (isGeneric)
    return builder.getStringAttr(callee.name);
  mlir::StringAttr &symbol = symbols[key];
  if (!symbol) {
    symbol =
        builder.getStringAttr(callee.name + "." + llvm::Twine(symbols.size()));
    instances.push_back({&callee, std::move(sizes), symbol});
  }
  return symbol;
}

void Generator::generateCall(const CheckedValue &value) {
  const CheckedCall &call = program.calls[value.a];
  llvm::SmallVector<mlir::Value> operands;
  for (ValueId operand : program.operandsOf(call))
    llvm::append_range(operands, valuesOf(operand));
  llvm::SmallVector<mlir::Type> results;
  appendTypes(value.type, results);
  mlir::StringAttr symbol = symbolOf(call);
  auto op = mlir::func::CallOp::create(builder, location(value.location),
                                       symbol, results, operands);
  llvm::SmallVector<mlir::Value> values(op->getResults());
  define(values);
}

//===----------------------------------------------------------------------===//

void loadIRGenDialects(mlir::MLIRContext &context) {
  context.loadDialect<MindDialect, mlir::func::FuncDialect>();
}

mlir::OwningOpRef<mlir::ModuleOp> generateIR(const CheckedProgram &program,
                                             mlir::MLIRContext &context) {
  assert(program.ok && "a program with errors has no module");
  return Generator(program, context).run();
}

} // namespace mind
