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
#include "llvm/Support/xxhash.h"

namespace mind {

template <typename OpT>
static mlir::OperationName nameOf(mlir::MLIRContext &context) {
  return {OpT::getOperationName(), &context};
}

IRCache::IRCache(mlir::MLIRContext &context)
    : context(&context), module(nameOf<mlir::ModuleOp>(context)),
      function(nameOf<mlir::func::FuncOp>(context)),
      call(nameOf<mlir::func::CallOp>(context)),
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
  auto [known, isKnown] =
      tensorTypes.find(hash, [&](mlir::RankedTensorType other) {
        return other && other.getElementType() == elementType &&
               other.getShape() == llvm::ArrayRef(shape);
      });
  if (!isKnown)
    known = mlir::RankedTensorType::get(shape, elementType);
  return known;
}

mlir::TypeAttr IRCache::functionType(llvm::ArrayRef<mlir::Type> inputs,
                                     llvm::ArrayRef<mlir::Type> results) {
  size_t hash = inputs.size();
  for (llvm::ArrayRef<mlir::Type> types : {inputs, results})
    for (mlir::Type type : types)
      hash = hash * 31 + hash_value(type);
  auto [known, isKnown] =
      functionTypes.find(hash, [&](const FunctionType &other) {
        return other.type && other.type.getInputs() == inputs &&
               other.type.getResults() == results;
      });
  if (!isKnown) {
    known.type = mlir::FunctionType::get(context, inputs, results);
    known.attribute = mlir::TypeAttr::get(known.type);
  }
  return known.attribute;
}

mlir::StringAttr IRCache::string(llvm::StringRef text) {
  auto [known, isKnown] =
      strings.find(llvm::xxh3_64bits(text), [&](mlir::StringAttr other) {
        return other && other.getValue() == text;
      });
  if (!isKnown)
    known = mlir::StringAttr::get(context, text);
  return known;
}

mlir::DictionaryAttr IRCache::nameOfArgument(llvm::StringRef name) {
  auto [known, isKnown] = argumentNames.find(
      llvm::xxh3_64bits(name), [&](const ArgumentName &other) {
        return other.name && other.name.getValue() == name;
      });
  if (!isKnown) {
    known.name = mlir::StringAttr::get(context, name);
    known.attributes = mlir::DictionaryAttr::get(
        context, mlir::NamedAttribute(argumentName, known.name));
  }
  return known.attributes;
}

mlir::Location IRCache::location(mlir::StringAttr file, uint32_t line,
                                 uint32_t column, uint32_t endColumn) {
  auto [known, isKnown] = locations.find(
      reinterpret_cast<uintptr_t>(file.getAsOpaquePointer()) ^
          uint64_t(line) << 40 ^ uint64_t(column) << 20 ^ endColumn,
      [&](const PlacedLocation &other) {
        return other.file == file && other.line == line &&
               other.column == column && other.endColumn == endColumn;
      });
  if (isKnown)
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
  auto [known, isKnown] =
      splats.find(hash_value(type) + bits, [&](const Splat &other) {
        return other.type == type && other.bits == bits;
      });
  if (isKnown)
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
