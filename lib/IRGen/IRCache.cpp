//===- IRCache.cpp - what modules have in common --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IRCache.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

template <typename OpT>
static mlir::OperationName nameOf(mlir::MLIRContext &context) {
  return {OpT::getOperationName(), &context};
}

IRCache::IRCache(mlir::MLIRContext &context)
    : context(&context), module(nameOf<mlir::ModuleOp>(context)),
      function(nameOf<mlir::func::FuncOp>(context)),
      returned(nameOf<mlir::func::ReturnOp>(context)),
      constant(nameOf<ConstantOp>(context)),
      noAttributes(mlir::DictionaryAttr::get(&context)),
      isPrivate(mlir::StringAttr::get(&context, "private")),
      argumentName(mlir::StringAttr::get(&context, "mind.name")),
      operations(mind::operations().size()) {
  for (auto [index, type] : llvm::enumerate(elementTypes))
    type = elementType(&context, DType(index));
}

const IRCache::LanguageOp &IRCache::operation(const OpInfo &op) {
  std::optional<LanguageOp> &known = operations[size_t(op.kind)];
  if (known)
    return *known;
  known.emplace(LanguageOp{{op.irName, context}, {}});
  for (const ParamInfo &param : op.arguments()) {
    const auto *name =
        llvm::find(known->name.getAttributeNames(), param.attribute);
    known->arguments.push_back(name == known->name.getAttributeNames().end()
                                   ? mlir::StringAttr()
                                   : *name);
  }
  return *known;
}

llvm::MutableArrayRef<mlir::RankedTensorType>
IRCache::typesOf(const TypeTable &table) {
  if (tableOfTypes != table.identity()) {
    tableOfTypes = table.identity();
    types.clear();
  }
  types.resize(table.size());
  return types;
}

mlir::RankedTensorType IRCache::tensorType(const TensorType &type) {
  llvm::SmallVector<int64_t, 8> shape;
  size_t hash = size_t(type.dtype);
  for (const Dim &dim : type.dims) {
    if (!dim.isConstant())
      return toIR(context, type);
    shape.push_back(dim.constant());
    hash = hash * 31 + size_t(dim.constant());
  }
  mlir::Type elementType = elementTypes[size_t(type.dtype)];
  mlir::RankedTensorType &known = tensorTypes[hash];
  if (!known || known.getElementType() != elementType ||
      known.getShape() != llvm::ArrayRef(shape))
    known = mlir::RankedTensorType::get(shape, elementType);
  return known;
}

mlir::TypeAttr IRCache::functionType(llvm::ArrayRef<mlir::Type> inputs,
                                     llvm::ArrayRef<mlir::Type> results) {
  size_t hash = inputs.size();
  for (llvm::ArrayRef<mlir::Type> types : {inputs, results})
    for (mlir::Type type : types)
      hash = hash * 31 + hash_value(type);
  FunctionType &known = functionTypes[hash];
  if (!known.attribute || known.type.getInputs() != inputs ||
      known.type.getResults() != results) {
    known.type = mlir::FunctionType::get(context, inputs, results);
    known.attribute = mlir::TypeAttr::get(known.type);
  }
  return known.attribute;
}

/// Names are told apart by their length and a few of their characters; a place
/// in a table needs no more.
static size_t hashOf(llvm::StringRef name) {
  size_t hash = name.size();
  if (!name.empty())
    for (char c : {name.front(), name[name.size() / 2], name.back()})
      hash = hash * 31 + uint8_t(c);
  return hash;
}

mlir::StringAttr IRCache::string(llvm::StringRef text) {
  mlir::StringAttr &known = strings[hashOf(text)];
  if (!known || known.getValue() != text)
    known = mlir::StringAttr::get(context, text);
  return known;
}

mlir::DictionaryAttr IRCache::nameOfArgument(llvm::StringRef name) {
  ArgumentName &known = argumentNames[hashOf(name)];
  if (!known.name || known.name.getValue() != name) {
    known.name = mlir::StringAttr::get(context, name);
    known.attributes = mlir::DictionaryAttr::get(
        context, mlir::NamedAttribute(argumentName, known.name));
  }
  return known.attributes;
}

mlir::Location IRCache::location(mlir::StringAttr file, uint32_t line,
                                 uint32_t column, uint32_t endColumn) {
  PlacedLocation &known =
      locations[uint64_t(line) << 40 ^ uint64_t(column) << 20 ^ endColumn];
  if (known.file == file && known.line == line && known.column == column &&
      known.endColumn == endColumn)
    return known.location;
  known = {file, line, column, endColumn, {}};
  if (column == endColumn)
    known.location = mlir::FileLineColLoc::get(file, line, column);
  else
    known.location = mlir::FileLineColRange::get(file, line, column, endColumn);
  return known.location;
}

mlir::ElementsAttr IRCache::splat(mlir::RankedTensorType type, DType dtype,
                                  uint64_t bits) {
  Splat &known = splats[hash_value(type) + bits];
  if (known.type == type && known.bits == bits)
    return known.attribute;
  mlir::DenseElementsAttr attribute;
  if (isBool(dtype))
    attribute = mlir::DenseElementsAttr::get(type, bool(bits));
  else // the lowest bytes of `bits` are the element
    attribute = mlir::DenseElementsAttr::getFromRawBuffer(
        type, llvm::ArrayRef(reinterpret_cast<const char *>(&bits),
                             sizeInBytes(dtype)));
  known = {type, bits, attribute};
  return known.attribute;
}

} // namespace mind
