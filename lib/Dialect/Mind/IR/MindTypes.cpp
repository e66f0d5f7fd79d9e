//===- MindTypes.cpp - between IR and the shape rules ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace mind {

Type elementType(MLIRContext *context, DType dtype) {
  switch (dtype) {
  case DType::Bool:
    return IntegerType::get(context, 1);
  case DType::I8:
    return IntegerType::get(context, 8);
  case DType::U8:
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  case DType::I32:
    return IntegerType::get(context, 32);
  case DType::I64:
    return IntegerType::get(context, 64);
  case DType::F16:
    return Float16Type::get(context);
  case DType::BF16:
    return BFloat16Type::get(context);
  case DType::F32:
    return Float32Type::get(context);
  case DType::F64:
    return Float64Type::get(context);
  }
  llvm_unreachable("unknown dtype");
}

std::optional<DType> dtypeOf(Type type) {
  if (type.isF32())
    return DType::F32;
  if (auto integer = dyn_cast<IntegerType>(type)) {
    if (integer.isUnsigned() && integer.getWidth() == 8)
      return DType::U8;
    if (!integer.isSignless())
      return std::nullopt;
    switch (integer.getWidth()) {
    case 1:
      return DType::Bool;
    case 8:
      return DType::I8;
    case 32:
      return DType::I32;
    case 64:
      return DType::I64;
    default:
      return std::nullopt;
    }
  }
  if (type.isF16())
    return DType::F16;
  if (type.isBF16())
    return DType::BF16;
  if (type.isF64())
    return DType::F64;
  return std::nullopt;
}

std::optional<Dims> dimsOf(DimsAttr attribute) {
  Dims dims;
  for (StringAttr extent : attribute.getExtents()) {
    std::optional<Dim> dim = Dim::parse(extent.getValue());
    if (!dim)
      return std::nullopt;
    dims.push_back(*dim);
  }
  return dims;
}

DimsAttr toIR(MLIRContext *context, ArrayRef<Dim> dims) {
  SmallVector<StringAttr> extents;
  for (const Dim &dim : dims)
    extents.push_back(StringAttr::get(context, dim.str()));
  return DimsAttr::get(context, extents);
}

std::optional<Dims> dimsOf(RankedTensorType type) {
  if (auto encoding = dyn_cast_if_present<DimsAttr>(type.getEncoding()))
    return dimsOf(encoding);
  if (type.getEncoding() || !type.hasStaticShape())
    return std::nullopt;
  return Dims(type.getShape().begin(), type.getShape().end());
}

RankedTensorType tensorType(ArrayRef<Dim> dims, Type elementType) {
  MLIRContext *context = elementType.getContext();
  SmallVector<int64_t> shape;
  for (const Dim &dim : dims)
    shape.push_back(dim.isConstant() ? dim.constant() : ShapedType::kDynamic);
  if (!ShapedType::isDynamicShape(shape))
    return RankedTensorType::get(shape, elementType);
  return RankedTensorType::get(shape, elementType, toIR(context, dims));
}

RankedTensorType toIR(MLIRContext *context, const TensorType &type) {
  return tensorType(type.dims, elementType(context, type.dtype));
}

bool fromIR(RankedTensorType type, TensorType &result) {
  std::optional<DType> dtype = dtypeOf(type.getElementType());
  if (!dtype)
    return false;
  result.dtype = *dtype;
  if (!type.getEncoding() && type.hasStaticShape()) {
    result.dims.assign(type.getShape().begin(), type.getShape().end());
    return true;
  }
  std::optional<Dims> dims = dimsOf(type);
  if (dims)
    result.dims = std::move(*dims);
  return dims.has_value();
}

std::optional<TensorType> fromIR(RankedTensorType type) {
  std::optional<TensorType> result(std::in_place);
  if (!fromIR(type, *result))
    return std::nullopt;
  return result;
}

Attribute toIR(MLIRContext *context, ParamKind kind, const Argument &argument) {
  Builder builder(context);
  // A left-out argument that stays so.
  if (argument.index() == 0)
    return {};
  switch (kind) {
  case ParamKind::Tensor:
  case ParamKind::Tensors:
  case ParamKind::Rest:
  case ParamKind::Shape:
  case ParamKind::DType:
    return {};
  case ParamKind::Axis:
  case ParamKind::Int:
    return builder.getI64IntegerAttr(std::get<int64_t>(argument));
  case ParamKind::Axes:
  case ParamKind::Ints:
  case ParamKind::Pairs:
  case ParamKind::Pair:
  case ParamKind::Padding:
    return builder.getDenseI64ArrayAttr(std::get<Ints>(argument));
  case ParamKind::Number:
    if (const int64_t *integer = std::get_if<int64_t>(&argument))
      return builder.getI64IntegerAttr(*integer);
    [[fallthrough]];
  case ParamKind::Float:
    return builder.getF64FloatAttr(std::get<double>(argument));
  case ParamKind::Bool:
    return builder.getBoolAttr(std::get<bool>(argument));
  case ParamKind::Values:
  case ParamKind::String:
  case ParamKind::Choice:
    return builder.getStringAttr(std::get<std::string>(argument));
  }
  llvm_unreachable("unknown kind of parameter");
}

/// The argument that `attribute` holds, the inverse of toIR.
static Argument argumentFromIR(ParamKind kind, Attribute attribute) {
  switch (kind) {
  case ParamKind::Axis:
  case ParamKind::Int:
    if (auto value = dyn_cast_if_present<IntegerAttr>(attribute))
      return value.getValue().getSExtValue();
    break;
  case ParamKind::Axes:
  case ParamKind::Ints:
  case ParamKind::Pairs:
  case ParamKind::Pair:
  case ParamKind::Padding:
    if (auto values = dyn_cast_if_present<DenseI64ArrayAttr>(attribute))
      return Ints(values.asArrayRef());
    break;
  case ParamKind::Number:
    if (auto value = dyn_cast_if_present<IntegerAttr>(attribute))
      return value.getValue().getSExtValue();
    [[fallthrough]];
  case ParamKind::Float:
    if (auto value = dyn_cast_if_present<FloatAttr>(attribute))
      return value.getValueAsDouble();
    break;
  case ParamKind::Bool:
    if (auto value = dyn_cast_if_present<BoolAttr>(attribute))
      return value.getValue();
    break;
  case ParamKind::Values:
  case ParamKind::String:
  case ParamKind::Choice:
    if (auto value = dyn_cast_if_present<StringAttr>(attribute))
      return value.str();
    break;
  case ParamKind::Tensor:
  case ParamKind::Tensors:
  case ParamKind::Rest:
  case ParamKind::Shape:
  case ParamKind::DType:
    break;
  }
  return {};
}

/// Fills in the call that an operation in IR stands for. `attribute` gives
/// those of the operation by name; `resultType` states the shape and dtype
/// arguments. Reports through `emitError` and fails if an operand is not a MIND
/// tensor or an attribute is missing.
static LogicalResult fillCall(Call &call, ValueRange operands,
                              function_ref<Attribute(StringRef)> attribute,
                              const TensorType *resultType,
                              function_ref<InFlightDiagnostic()> emitError) {
  call.operands.reserve(operands.size());
  for (Value operand : operands) {
    auto ranked = dyn_cast<RankedTensorType>(operand.getType());
    if (!ranked || !fromIR(ranked, call.operands.emplace_back()))
      return emitError() << operand.getType()
                         << " is not a tensor of the language";
  }
  for (auto [param, argument] : llvm::zip_equal(call.op.params, call.args)) {
    if (param.kind == ParamKind::Shape && resultType) {
      argument = resultType->dims;
    } else if (param.kind == ParamKind::DType && resultType) {
      argument = resultType->dtype;
    } else if (!param.attribute.empty()) {
      argument = argumentFromIR(param.kind, attribute(param.attribute));
      if (argument.index() == 0 && param.defaultText != "none")
        return emitError() << "requires attribute '" << param.attribute << "'";
    }
  }
  return success();
}

/// The attributes of `op`, for fillCall.
static auto attributesOf(Operation *op) {
  return [op](StringRef name) {
    return op->getInherentAttr(name).value_or(Attribute());
  };
}

std::optional<Call> callFromIR(Operation *op) {
  TensorType result;
  if (op->getNumResults() != 0 &&
      !fromIR(cast<RankedTensorType>(op->getResult(0).getType()), result))
    return std::nullopt;
  std::optional<Call> call(cast<LanguageOpInterface>(op).getOpInfo());
  if (failed(fillCall(*call, op->getOperands(), attributesOf(op),
                      op->getNumResults() != 0 ? &result : nullptr,
                      [&] { return op->emitOpError(); })))
    return std::nullopt;
  return call;
}

namespace detail {

LogicalResult inferType(const OpInfo &info, MLIRContext *context,
                        std::optional<Location> location, ValueRange operands,
                        DictionaryAttr attributes,
                        SmallVectorImpl<Type> &types) {
  auto emitError = [&] {
    return location ? mlir::emitError(*location) : InFlightDiagnostic();
  };
  auto attribute = [&](StringRef name) {
    return attributes ? attributes.get(name) : Attribute();
  };
  Call call(info);
  if (failed(fillCall(call, operands, attribute, nullptr, emitError)))
    return failure();
  TensorType result;
  if (std::optional<ShapeError> error = mind::inferType(call, result)) {
    emitError() << diagnosticCode(error->kind) << ": " << error->message();
    return failure();
  }
  types.assign(call.numResults(), toIR(context, result));
  return success();
}

bool RightTypes::fill(Entry &entry, Operation *op) {
  // What has attributes has properties to hold them.
  if (op->getPropertiesStorageSize() != 0 || op->getNumResults() != 1 ||
      op->getNumOperands() > maxOperands)
    return false;
  entry.name = op->getName().getAsOpaquePointer();
  for (auto [type, operand] : llvm::zip(entry.operands, op->getOpOperands()))
    type = operand.get().getType();
  entry.result = op->getResult(0).getType();
  return true;
}

RightTypes::Entry &RightTypes::placeOf(const Entry &entry) {
  // A product's upper bits depend on all bits of its factors.
  constexpr uint64_t odd = 0x9E3779B97F4A7C15;
  uint64_t hash = reinterpret_cast<uintptr_t>(entry.name) * odd;
  for (Type type : entry.operands) {
    hash ^= reinterpret_cast<uintptr_t>(type.getAsOpaquePointer());
    hash = (hash ^ hash >> 32) * odd;
  }
  return entries[hash >> (64 - logOfSize)];
}

/// verifyLanguageOp for an operation that is not known to be right.
static LogicalResult verifyByRule(Operation *op, const OpInfo &info) {
  auto emitError = [&] { return op->emitOpError(); };
  // All results have one type.
  TensorType declared;
  const bool hasResult = op->getNumResults() != 0;
  for (Type type : op->getResultTypes())
    if (type != op->getResult(0).getType())
      return emitError() << "results differ in type";
  if (hasResult) {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (!fromIR(type, declared))
      return emitError() << "result " << type
                         << " is not a tensor of the language";
  }
  Call call(info);
  if (failed(fillCall(call, op->getOperands(), attributesOf(op),
                      hasResult ? &declared : nullptr, emitError)))
    return failure();
  TensorType inferred;
  if (std::optional<ShapeError> error = mind::inferType(call, inferred))
    return emitError() << diagnosticCode(error->kind) << ": "
                       << error->message();
  if (call.numResults() != op->getNumResults())
    return emitError() << "has " << op->getNumResults()
                       << " results, but should have " << call.numResults();
  if (hasResult && inferred != declared)
    return emitError() << "result is " << declared.str() << ", but should be "
                       << inferred.str();
  for (auto [param, argument] : llvm::zip_equal(info.params, call.args)) {
    if (!param.choices.empty() &&
        !llvm::is_contained(param.choices, std::get<std::string>(argument))) {
      InFlightDiagnostic diagnostic =
          emitError() << "attribute '" << param.attribute << "' is \""
                      << std::get<std::string>(argument) << "\", not one of ";
      llvm::interleaveComma(param.choices, diagnostic, [&](StringRef choice) {
        diagnostic << "\"" << choice << "\"";
      });
      return diagnostic;
    }
    if (!param.attribute.empty() &&
        toIR(op->getContext(), param.kind, argument) !=
            attributesOf(op)(param.attribute))
      return emitError() << "attribute '" << param.attribute
                         << "' is not normalised";
  }
  return success();
}

LogicalResult verifyLanguageOp(Operation *op, const OpInfo &info) {
  if (op->getContext()->isMultithreadingEnabled())
    return verifyByRule(op, info);
  RightTypes &known = cast<MindDialect>(op->getDialect())->rightTypes;
  if (known.contain(op))
    return success();
  LogicalResult result = verifyByRule(op, info);
  if (succeeded(result))
    known.add(op);
  return result;
}

} // namespace detail
} // namespace mind
