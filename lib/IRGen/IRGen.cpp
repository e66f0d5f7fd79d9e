//===- IRGen.cpp - checked programs as modules of the mind dialect --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over each function's values. Operations are made by the name that
// the table of operations gives them; those that may fail at run time are known
// here, by which operands are wrong then. An `if` or a loop becomes one of scf,
// whose results are its own value and the names it carries.
//
//===----------------------------------------------------------------------===//

#include "Mind/IRGen/IRGen.h"
#include "IRCache.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
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
  Generator(const CheckedProgram &program, IRCache &cache,
            const IRGenOptions &options)
      : program(program), cache(cache), context(cache.context),
        options(options), builder(cache.context),
        irTypes(cache.typesOf(program.types)),
        isWanted(program.functions.size()) {
    for (const SourceModule &module : program.tree->modules())
      fileNames.push_back(cache.string(module.file->name()));
  }

  /// `module` is empty, or null.
  mlir::OwningOpRef<mlir::ModuleOp>
  run(mlir::OwningOpRef<mlir::ModuleOp> module);

private:
  /// The IR values of a MIND value: one for each of its tensors.
  struct Range {
    uint32_t first, count;
  };

  /// Sees to it that `function` is made as it was declared. Its symbol.
  mlir::StringAttr want(const CheckedFunction &function);
  void generate(const Instance &instance);
  /// Makes the values from `begin` to `end`, which begin with those that
  /// `arguments` are.
  void generateRegion(uint32_t begin, uint32_t end, mlir::ValueRange arguments);
  void generateValue(uint32_t index);
  mlir::Value generateConstant(const CheckedValue &value);
  mlir::Value generateSize(const CheckedValue &value);
  void generateOperation(uint32_t index);
  void generateCall(uint32_t index);
  void generateControl(uint32_t index);
  void generateIf(uint32_t index, mlir::TypeRange results);
  /// Replaces the branches of `&&` or `||` by the operation on both sides, if
  /// the right one is cheap and nobody sees that it is computed.
  void evaluateBothSides(mlir::scf::IfOp op, uint32_t index);
  void generateWhile(uint32_t index, mlir::TypeRange results);
  void generateFor(uint32_t index, mlir::TypeRange results);
  /// Makes a region in `block` and the values that it yields.
  llvm::SmallVector<mlir::Value> generateBlock(const CheckedControl &control,
                                               unsigned region,
                                               mlir::Block *block,
                                               mlir::ValueRange arguments);
  /// The element of a rank-0 tensor.
  mlir::Value element(ValueId id, mlir::Location at) {
    return mlir::tensor::ExtractOp::create(builder, at, valuesOf(id).front(),
                                           mlir::ValueRange());
  }
  /// The arguments of an operation for the sizes that the current function is
  /// made for.
  llvm::SmallVector<Argument, 4>
  instantiateArguments(const CheckedOperation &operation) const;
  mlir::Operation *make(mlir::OperationName name, mlir::Location at,
                        mlir::TypeRange results, mlir::ValueRange operands,
                        mlir::OpaqueProperties properties = nullptr,
                        unsigned numRegions = 0) {
    mlir::Operation *op = mlir::Operation::create(
        at, name, results, operands, cache.noAttributes, properties,
        /*successors=*/{}, numRegions);
    // As the builder does it when nobody listens.
    if (mlir::Block *block = builder.getInsertionBlock())
      block->getOperations().insert(builder.getInsertionPoint(), op);
    return op;
  }
  mlir::StringAttr symbolOf(const CheckedCall &call);

  /// `dim`, an extent in the current function, for the sizes it is made for.
  Dim instantiate(const Dim &dim) const;
  TensorType tensorType(TypeRef type) const;
  mlir::RankedTensorType irType(TypeRef type) {
    mlir::RankedTensorType known = irTypes[type.index];
    return known ? known : makeType(type);
  }
  mlir::RankedTensorType makeType(TypeRef type);
  void appendTypes(TypeRef type, llvm::SmallVectorImpl<mlir::Type> &types);
  /// `name` is changed, and back again.
  void appendNames(TypeRef type, llvm::SmallString<64> &name,
                   llvm::SmallVectorImpl<mlir::DictionaryAttr> &attributes);

  mlir::Location location(uint32_t offset) const {
    LineColumn at = file->lineColumn(offset);
    return cache.location(fileName, at.line, at.column, at.column);
  }
  /// The whole expression, if it stands on one line; else where it is.
  mlir::Location location(const CheckedValue &value) const {
    if (!value.syntax.isValid())
      return location(value.location);
    return location(program.tree->range(value.syntax), value.location);
  }
  /// `range`, if it is of one line; else `start`.
  mlir::Location location(SourceRange range, uint32_t start) const {
    LineColumn begin = file->lineColumn(range.begin);
    LineColumn end = file->lineColumn(range.end);
    if (begin.line != end.line)
      return location(start);
    return cache.location(fileName, begin.line, begin.column, end.column);
  }
  /// What of an operation is wrong where it fails at run time: the divisor, the
  /// exponent, the positions. The whole expression of those that never do.
  mlir::Location location(const CheckedValue &value,
                          const CheckedOperation &operation) const;
  llvm::ArrayRef<mlir::Value> valuesOf(ValueId id) const {
    Range range = ranges[id.index - firstValue];
    return llvm::ArrayRef(values).slice(range.first, range.count);
  }
  llvm::SmallVector<mlir::Value>
  valuesOf(llvm::ArrayRef<ValueId> operands) const {
    llvm::SmallVector<mlir::Value> result;
    for (ValueId operand : operands)
      llvm::append_range(result, valuesOf(operand));
    return result;
  }
  Range &rangeOf(uint32_t index) { return ranges[index - firstValue]; }
  void define(uint32_t index, mlir::ValueRange results) {
    rangeOf(index) = {uint32_t(values.size()), uint32_t(results.size())};
    values.append(results.begin(), results.end());
  }
  void define(uint32_t index, mlir::Value result) {
    rangeOf(index) = {uint32_t(values.size()), 1};
    values.push_back(result);
  }

  const CheckedProgram &program;
  IRCache &cache;
  mlir::MLIRContext *context;
  const IRGenOptions &options;
  mlir::OpBuilder builder;
  /// One for each of the program's files.
  llvm::SmallVector<mlir::StringAttr, 1> fileNames;
  /// The IR types of the program's types without named sizes, as far as they
  /// were wanted.
  llvm::MutableArrayRef<mlir::RankedTensorType> irTypes;

  llvm::SmallVector<Instance, 1> instances;
  /// Whether a function is among the instances as it was declared.
  llvm::SmallVector<bool, 16> isWanted;
  llvm::StringMap<mlir::StringAttr> symbols;

  // Of the function that is being generated.
  const Instance *current = nullptr;
  const SourceFile *file = nullptr;
  mlir::StringAttr fileName;
  /// The IR types of types with named sizes, for those that it is made for.
  llvm::DenseMap<uint32_t, mlir::RankedTensorType> symbolicTypes;
  uint32_t firstValue = 0;
  llvm::SmallVector<mlir::Value, 32> values;
  llvm::SmallVector<Range, 64> ranges;
};

} // namespace

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Dim Generator::instantiate(const Dim &dim) const {
  if (current->sizes.empty())
    return dim;
  // The checker has seen that this does not overflow.
  return *dim.substitute([&](llvm::StringRef name) -> std::optional<Dim> {
    for (auto [size, value] :
         llvm::zip_equal(current->function->sizes, current->sizes))
      if (size == name)
        return value;
    return std::nullopt;
  });
}

TensorType Generator::tensorType(TypeRef type) const {
  TensorType tensor = program.types.tensorType(type);
  for (Dim &dim : tensor.dims)
    dim = instantiate(dim);
  return tensor;
}

mlir::RankedTensorType Generator::makeType(TypeRef type) {
  const TensorType &tensor = program.types.tensorType(type);
  if (tensor.isStatic())
    return irTypes[type.index] = cache.tensorType(tensor);
  mlir::RankedTensorType &symbolic = symbolicTypes[type.index];
  if (!symbolic)
    symbolic = cache.tensorType(tensorType(type));
  return symbolic;
}

void Generator::appendTypes(TypeRef type,
                            llvm::SmallVectorImpl<mlir::Type> &result) {
  if (program.types.isTensor(type))
    return result.push_back(irType(type));
  for (TypeRef element : program.types.elements(type))
    appendTypes(element, result);
}

void Generator::appendNames(
    TypeRef type, llvm::SmallString<64> &name,
    llvm::SmallVectorImpl<mlir::DictionaryAttr> &attributes) {
  if (program.types.isTensor(type))
    return attributes.push_back(cache.nameOfArgument(name));
  size_t length = name.size();
  for (auto [index, element] : llvm::enumerate(program.types.elements(type))) {
    name += '.';
    name += llvm::utostr(index);
    appendNames(element, name, attributes);
    name.truncate(length);
  }
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

mlir::OwningOpRef<mlir::ModuleOp>
Generator::run(mlir::OwningOpRef<mlir::ModuleOp> module) {
  mlir::Location at = cache.location(fileNames.front(), 1, 1, 1);
  if (module) {
    module->getOperation()->setLoc(at);
  } else {
    module = llvm::cast<mlir::ModuleOp>(
        make(cache.module, at, {}, {}, nullptr, /*numRegions=*/1));
    module->getBodyRegion().emplaceBlock();
  }
  mlir::Block &body = *module->getBody();
  if (options.entry)
    want(*options.entry);
  else
    for (const CheckedFunction &function : program.functions)
      want(function);
  // Calls append to the list.
  for (size_t i = 0; i != instances.size(); ++i) {
    builder.setInsertionPointToEnd(&body);
    Instance instance = instances[i];
    generate(instance);
  }
  return module;
}

mlir::StringAttr Generator::want(const CheckedFunction &function) {
  bool isInMainFile = function.module == 0; // where symbols are names
  mlir::StringAttr symbol = isInMainFile
                                ? cache.string(function.name)
                                : cache.string(program.symbol(function));
  bool &isAlready = isWanted[&function - program.functions.data()];
  if (!std::exchange(isAlready, true))
    instances.push_back({&function, {}, symbol});
  return symbol;
}

void Generator::generate(const Instance &instance) {
  const CheckedFunction &function = *instance.function;
  current = &instance;
  file = program.tree->modules()[function.module].file;
  fileName = fileNames[function.module];
  symbolicTypes.clear();
  firstValue = function.firstValue;
  values.clear();
  ranges.assign(function.endValue - firstValue, Range());

  llvm::SmallVector<mlir::Type> inputs, results;
  llvm::SmallVector<mlir::DictionaryAttr> names;
  for (const CheckedFunction::Param &param : function.params) {
    appendTypes(param.type, inputs);
    if (options.names) {
      llvm::SmallString<64> name(program.tree->text(param.name));
      appendNames(param.type, name, names);
    }
  }
  appendTypes(function.result, results);

  mlir::func::FuncOp::Properties properties;
  properties.sym_name = instance.symbol;
  properties.function_type = cache.functionType(inputs, results);
  if (!function.isPublic || !instance.sizes.empty())
    properties.sym_visibility = cache.isPrivate;
  if (!names.empty())
    properties.arg_attrs = mlir::ArrayAttr::get(
        context, llvm::to_vector_of<mlir::Attribute>(names));
  mlir::Location at = location(program.tree->range(function.syntax).begin);
  mlir::Operation *func =
      make(cache.function, at, {}, {}, &properties, /*numRegions=*/1);
  if (!function.sizes.empty() && instance.sizes.empty())
    func->setAttr(sizesAttr,
                  builder.getStrArrayAttr(
                      llvm::to_vector_of<llvm::StringRef>(function.sizes)));

  mlir::Block &entry = func->getRegion(0).emplaceBlock();
  entry.addArguments(inputs,
                     llvm::SmallVector<mlir::Location>(inputs.size(), at));
  builder.setInsertionPointToStart(&entry);
  generateRegion(firstValue, function.endValue, entry.getArguments());
  uint32_t end = program.tree->range(function.syntax).end;
  make(cache.returned, location(end ? end - 1 : 0), {},
       valuesOf(function.returned));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void Generator::generateRegion(uint32_t begin, uint32_t end,
                               mlir::ValueRange arguments) {
  uint32_t next = values.size();
  values.append(arguments.begin(), arguments.end());
  while (begin != end &&
         (program.values[begin].kind == ValueKind::Parameter ||
          program.values[begin].kind == ValueKind::RegionArgument)) {
    uint32_t count = program.types.numTensors(program.values[begin].type);
    rangeOf(begin++) = {next, count};
    next += count;
  }
  for (; begin != end; begin = program.endOf(begin))
    generateValue(begin);
}

void Generator::generateValue(uint32_t index) {
  const CheckedValue &value = program.values[index];
  switch (value.kind) {
  case ValueKind::Error:
    llvm_unreachable("a checked program does not compute these");
  case ValueKind::Parameter:
  case ValueKind::RegionArgument:
    llvm_unreachable("these stand at the start of a region");
  case ValueKind::Size:
    return define(index, generateSize(value));
  case ValueKind::Constant:
    return define(index, generateConstant(value));
  case ValueKind::Let:
  case ValueKind::Name:
    rangeOf(index) = rangeOf(value.a);
    return;
  case ValueKind::Operation:
    return generateOperation(index);
  case ValueKind::Call:
    return generateCall(index);
  case ValueKind::Tuple:
    return define(
        index,
        valuesOf(llvm::ArrayRef(program.operands).slice(value.a, value.b)));
  case ValueKind::Element: {
    Range range = rangeOf(value.a);
    TypeRef tuple = program.values[value.a].type;
    for (TypeRef before : program.types.elements(tuple).take_front(value.b))
      range.first += program.types.numTensors(before);
    rangeOf(index) = {range.first, program.types.numTensors(value.type)};
    return;
  }
  case ValueKind::If:
  case ValueKind::While:
  case ValueKind::For:
    return generateControl(index);
  case ValueKind::Carried: {
    // The results: the control's own value, then the names that it carries.
    Range own = rangeOf(value.a);
    const CheckedControl &control = program.controls[program.values[value.a].a];
    uint32_t first = own.first + own.count;
    for (ValueId before : program.carriedBy(control).take_front(value.b))
      first += program.types.numTensors(program.value(before).type);
    rangeOf(index) = {first, program.types.numTensors(value.type)};
    return;
  }
  }
}

mlir::Value Generator::generateConstant(const CheckedValue &value) {
  mlir::RankedTensorType type = irType(value.type);
  DType dtype = program.types.tensorType(value.type).dtype;
  llvm::ArrayRef<uint64_t> elements =
      llvm::ArrayRef(program.elements).slice(value.a, value.b);
  ConstantOp::Properties properties;
  if (elements.size() == 1) {
    properties.value = cache.splat(type, dtype, elements.front());
  } else if (isBool(dtype)) {
    llvm::SmallVector<bool> bools(elements.begin(), elements.end());
    properties.value =
        mlir::DenseElementsAttr::get(type, llvm::ArrayRef(bools));
  } else {
    // Elements are kept in 64 bits; the attribute wants their own width.
    size_t width = sizeInBytes(dtype);
    llvm::SmallVector<char, 64> buffer(elements.size() * width);
    for (auto [index, element] : llvm::enumerate(elements))
      memcpy(&buffer[index * width], &element, width);
    properties.value = mlir::DenseElementsAttr::getFromRawBuffer(type, buffer);
  }
  return make(cache.constant, location(value), type, {}, &properties)
      ->getResult(0);
}

mlir::Value Generator::generateSize(const CheckedValue &value) {
  mlir::Location at = location(value);
  mlir::RankedTensorType type = irType(value.type);
  Dim size = instantiate(program.extents[value.a]);
  if (size.isConstant())
    return ConstantOp::create(
        builder, at, type,
        mlir::DenseElementsAttr::get(type, llvm::ArrayRef(size.constant())));
  return ExtentOp::create(builder, at, type, size.str());
}

llvm::SmallVector<Argument, 4>
Generator::instantiateArguments(const CheckedOperation &operation) const {
  llvm::ArrayRef<Argument> arguments = program.argumentsOf(operation);
  // What is normal for a symbolic extent may not be for a number.
  Call call(*operation.op);
  for (ValueId operand : program.operandsOf(operation))
    call.operands.push_back(tensorType(program.value(operand).type));
  for (auto [param, argument] : llvm::zip_equal(call.op.params, call.args)) {
    if (!param.isArgument())
      continue;
    argument = arguments.front();
    arguments = arguments.drop_front();
    if (auto *dims = std::get_if<Dims>(&argument))
      for (Dim &dim : *dims)
        dim = instantiate(dim);
  }
  TensorType result;
  [[maybe_unused]] bool isWrong = inferType(call, result).has_value();
  assert(!isWrong && "the checker has seen that it holds for these sizes");
  llvm::SmallVector<Argument, 4> normal;
  for (auto [param, argument] : llvm::zip_equal(call.op.params, call.args))
    if (param.isArgument())
      normal.push_back(std::move(argument));
  return normal;
}

mlir::Location Generator::location(const CheckedValue &value,
                                   const CheckedOperation &operation) const {
  llvm::ArrayRef<ValueId> operands = program.operandsOf(operation);
  switch (operation.op->kind) {
  case OpKind::Div:
  case OpKind::Rem:
  case OpKind::Pow:
    if (isFloat(program.types.tensorType(value.type).dtype))
      return location(value);
    [[fallthrough]];
  case OpKind::Index:
  case OpKind::Gather:
  case OpKind::Embedding:
    operands = operands.drop_front();
    break;
  case OpKind::ScatterAdd:
    operands = operands.slice(1, 1);
    break;
  case OpKind::OneHot:
    break;
  default:
    return location(value);
  }
  NodeId first = program.value(operands.front()).syntax;
  NodeId last = program.value(operands.back()).syntax;
  if (!first.isValid() || !last.isValid())
    return location(value);
  SourceRange range(program.tree->range(first).begin,
                    program.tree->range(last).end);
  return location(range, range.begin);
}

void Generator::generateOperation(uint32_t index) {
  const CheckedValue &value = program.values[index];
  const CheckedOperation &operation = program.operations[value.a];
  const OpInfo &info = *operation.op;
  const IRCache::LanguageOp &known = cache.operation(info);
  llvm::SmallVector<mlir::Value, 4> operands;
  for (ValueId operand : program.operandsOf(operation))
    operands.push_back(valuesOf(operand).front());
  mlir::Location at = location(value, operation);
  mlir::Operation *op;
  if (program.types.isTensor(value.type)) {
    op = make(known.name, at, irType(value.type), operands);
    define(index, op->getResult(0));
  } else {
    llvm::SmallVector<mlir::Type> results;
    appendTypes(value.type, results);
    op = make(known.name, at, results, operands);
    define(index, op->getResults());
  }

  llvm::ArrayRef<Argument> arguments = program.argumentsOf(operation);
  if (arguments.empty())
    return;
  llvm::SmallVector<Argument, 4> instantiated;
  if (!current->sizes.empty())
    arguments = instantiated = instantiateArguments(operation);
  for (auto [param, name, argument] :
       llvm::zip(info.arguments(), known.arguments, arguments))
    if (name)
      if (mlir::Attribute attribute = toIR(context, param.kind, argument))
        known.name.setInherentAttr(op, name, attribute);
}

mlir::StringAttr Generator::symbolOf(const CheckedCall &call) {
  const CheckedFunction &callee = program.functions[call.function];
  // The caller's own sizes, where it is generated for certain ones.
  Dims sizes;
  bool isGeneric = true;
  std::string name = program.symbol(callee);
  std::string key = name;
  for (auto [size, own] : llvm::zip_equal(call.sizes, callee.sizes)) {
    Dim value = instantiate(size);
    isGeneric &= value.name() == llvm::StringRef(own);
    key += "," + value.str();
    sizes.push_back(std::move(value));
  }
  if (isGeneric)
    return want(callee);
  mlir::StringAttr &symbol = symbols[key];
  if (!symbol) {
    symbol = builder.getStringAttr(name + "." + llvm::Twine(symbols.size()));
    instances.push_back({&callee, std::move(sizes), symbol});
  }
  return symbol;
}

void Generator::generateCall(uint32_t index) {
  const CheckedValue &value = program.values[index];
  const CheckedCall &call = program.calls[value.a];
  llvm::SmallVector<mlir::Type> results;
  appendTypes(value.type, results);
  mlir::func::CallOp::Properties properties;
  properties.callee = mlir::FlatSymbolRefAttr::get(symbolOf(call));
  define(index, make(cache.call, location(value), results,
                     valuesOf(program.operandsOf(call)), &properties)
                    ->getResults());
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

llvm::SmallVector<mlir::Value>
Generator::generateBlock(const CheckedControl &control, unsigned region,
                         mlir::Block *block, mlir::ValueRange arguments) {
  builder.setInsertionPointToEnd(block);
  generateRegion(control.regions[region].firstValue,
                 control.regions[region].endValue, arguments);
  return valuesOf(program.yieldsOf(control, region));
}

void Generator::generateControl(uint32_t index) {
  context->loadDialect<mlir::arith::ArithDialect, mlir::scf::SCFDialect,
                       mlir::tensor::TensorDialect>();
  const CheckedValue &value = program.values[index];
  llvm::SmallVector<mlir::Type> results;
  appendTypes(value.type, results);
  for (ValueId before : program.carriedBy(program.controls[value.a]))
    appendTypes(program.value(before).type, results);
  if (value.kind == ValueKind::If)
    generateIf(index, results);
  else if (value.kind == ValueKind::While)
    generateWhile(index, results);
  else
    generateFor(index, results);
  // The results after its own are those of the carried names.
  rangeOf(index).count = program.types.numTensors(value.type);
}

void Generator::generateIf(uint32_t index, mlir::TypeRange results) {
  const CheckedValue &value = program.values[index];
  const CheckedControl &control = program.controls[value.a];
  mlir::Location at = location(value.location);
  ValueId condition = program.operandsOf(control).front();
  auto op =
      mlir::scf::IfOp::create(builder, at, results, element(condition, at),
                              /*addThenBlock=*/true,
                              /*addElseBlock=*/true);
  define(index, op.getResults());
  mlir::OpBuilder::InsertionGuard guard(builder);
  mlir::Block *blocks[] = {op.thenBlock(), op.elseBlock()};
  for (unsigned region : {0, 1}) {
    llvm::SmallVector<mlir::Value> yields =
        generateBlock(control, region, blocks[region], {});
    mlir::scf::YieldOp::create(builder, at, yields);
  }
  if (results.empty() && op.elseBlock()->without_terminator().empty())
    op.getElseRegion().getBlocks().clear();
  if (program.tree->kind(value.syntax) == NodeKind::Binary &&
      control.numCarried == 0)
    evaluateBothSides(op, index);
}

void Generator::evaluateBothSides(mlir::scf::IfOp op, uint32_t index) {
  const CheckedValue &value = program.values[index];
  const CheckedControl &control = program.controls[value.a];
  bool isAnd =
      program.tree->binary(ExprId(value.syntax.index)).op == BinaryOp::And;
  mlir::Block *right = isAnd ? op.thenBlock() : op.elseBlock();
  auto isScalar = [](mlir::Type type) {
    auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
    return !tensor || tensor.getRank() == 0;
  };
  for (mlir::Operation &inner : right->without_terminator())
    if (!mlir::isMemoryEffectFree(&inner) || !mlir::isSpeculatable(&inner) ||
        !llvm::all_of(inner.getOperandTypes(), isScalar) ||
        !llvm::all_of(inner.getResultTypes(), isScalar))
      return;
  op->getBlock()->getOperations().splice(op->getIterator(),
                                         right->getOperations(), right->begin(),
                                         std::prev(right->end()));
  builder.setInsertionPoint(op);
  mlir::OperationState state(
      op.getLoc(), operationInfo(isAnd ? OpKind::And : OpKind::Or).irName);
  state.operands = {
      valuesOf(program.operandsOf(control).front()).front(),
      valuesOf(program.yieldsOf(control, isAnd ? 0 : 1).front()).front()};
  state.types.push_back(irType(value.type));
  values[rangeOf(index).first] = builder.create(state)->getResult(0);
  mlir::Operation *condition = op.getCondition().getDefiningOp();
  op.erase();
  condition->erase();
}

void Generator::generateWhile(uint32_t index, mlir::TypeRange results) {
  const CheckedValue &value = program.values[index];
  const CheckedControl &control = program.controls[value.a];
  mlir::Location at = location(value.location);
  auto op = mlir::scf::WhileOp::create(builder, at, results,
                                       valuesOf(program.carriedBy(control)));
  define(index, op.getResults());
  mlir::OpBuilder::InsertionGuard guard(builder);
  llvm::SmallVector<mlir::Location> locations(results.size(), at);
  mlir::Block *before =
      builder.createBlock(&op.getBefore(), {}, results, locations);
  generateBlock(control, 0, before, before->getArguments());
  llvm::ArrayRef<ValueId> yields = program.yieldsOf(control, 0);
  mlir::scf::ConditionOp::create(builder, at, element(yields.front(), at),
                                 valuesOf(yields.drop_front()));
  mlir::Block *after =
      builder.createBlock(&op.getAfter(), {}, results, locations);
  llvm::SmallVector<mlir::Value> carried =
      generateBlock(control, 1, after, after->getArguments());
  mlir::scf::YieldOp::create(builder, at, carried);
}

void Generator::generateFor(uint32_t index, mlir::TypeRange results) {
  const CheckedValue &value = program.values[index];
  const CheckedControl &control = program.controls[value.a];
  mlir::Location at = location(value.location);
  llvm::ArrayRef<ValueId> bounds = program.operandsOf(control);
  mlir::Value start = element(bounds[0], at), stop = element(bounds[1], at);
  mlir::Value step = mlir::arith::ConstantIntOp::create(builder, at, 1, 64);
  auto op = mlir::scf::ForOp::create(builder, at, start, stop, step,
                                     valuesOf(program.carriedBy(control)));
  define(index, op.getResults());
  mlir::OpBuilder::InsertionGuard guard(builder);
  mlir::Block *body = op.getBody();
  body->clear();
  builder.setInsertionPointToStart(body);
  llvm::SmallVector<mlir::Value> arguments{mlir::tensor::FromElementsOp::create(
      builder, at, mlir::RankedTensorType::get({}, builder.getI64Type()),
      op.getInductionVar())};
  llvm::append_range(arguments, op.getRegionIterArgs());
  llvm::SmallVector<mlir::Value> carried =
      generateBlock(control, 0, body, arguments);
  mlir::scf::YieldOp::create(builder, at, carried);
}

//===----------------------------------------------------------------------===//

void loadIRGenDialects(mlir::MLIRContext &context) {
  context.loadDialect<MindDialect, mlir::func::FuncDialect>();
}

IRGenerator::IRGenerator(mlir::MLIRContext &context)
    : cache(std::make_unique<IRCache>(context)) {}
IRGenerator::~IRGenerator() = default;

mlir::OwningOpRef<mlir::ModuleOp>
IRGenerator::generate(const CheckedProgram &program,
                      const IRGenOptions &options) {
  assert(program.ok && "a program with errors has no module");
  return Generator(program, *cache, options).run(std::move(spare));
}

static bool hasUses(mlir::Operation &op) {
  for (unsigned i = 0, count = op.getNumResults(); i != count; ++i)
    if (!op.getResult(i).use_empty())
      return true;
  return false;
}

void IRGenerator::recycle(mlir::OwningOpRef<mlir::ModuleOp> module) {
  for (mlir::Operation &op : *module->getBody())
    for (mlir::Region &region : op.getRegions())
      for (mlir::Block &block : region)
        while (!block.empty() && !hasUses(block.back()))
          block.getOperations().pop_back();
  module->getBody()->clear();
  // What a pass has said of this module does not hold for the next.
  if (module->getOperation()->getRawDictionaryAttrs().empty() &&
      !module->getSymNameAttr() && !module->getSymVisibilityAttr())
    spare = std::move(module);
}

} // namespace mind
