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
  if (type.isSignlessInteger(1))
    return DType::Bool;
  if (type.isSignlessInteger(8))
    return DType::I8;
  if (type.isUnsignedInteger(8))
    return DType::U8;
  if (type.isSignlessInteger(32))
    return DType::I32;
  if (type.isSignlessInteger(64))
    return DType::I64;
  if (type.isF16())
    return DType::F16;
  if (type.isBF16())
    return DType::BF16;
  if (type.isF32())
    return DType::F32;
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

std::optional<TensorType> fromIR(RankedTensorType type) {
  std::optional<DType> dtype = dtypeOf(type.getElementType());
  std::optional<Dims> dims = dimsOf(type);
  if (!dtype || !dims)
    return std::nullopt;
  return TensorType{*dtype, std::move(*dims)};
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

/// Makes the call that an operation in IR stands for. `resultType` states the
/// shape and dtype arguments. Reports through `emitError` and returns none if
/// an operand is not a MIND tensor or an attribute is missing.
static std::optional<Call>
callFromIR(const OpInfo &info, ValueRange operands, DictionaryAttr attributes,
           const TensorType *resultType,
           function_ref<InFlightDiagnostic()> emitError) {
  Call call(info);
  for (Value operand : operands) {
    auto ranked = dyn_cast<RankedTensorType>(operand.getType());
    std::optional<TensorType> type =
        ranked ? fromIR(ranked) : std::optional<TensorType>();
    if (!type) {
      emitError() << operand.getType() << " is not a tensor of the language";
      return std::nullopt;
    }
    call.operands.push_back(std::move(*type));
  }
  for (auto [param, argument] : llvm::zip_equal(info.params, call.args)) {
    if (param.kind == ParamKind::Shape && resultType) {
      argument = resultType->dims;
    } else if (param.kind == ParamKind::DType && resultType) {
      argument = resultType->dtype;
    } else if (!param.attribute.empty()) {
      argument = argumentFromIR(
          param.kind, attributes ? attributes.get(param.attribute) : nullptr);
      if (argument.index() == 0 && param.defaultText != "none") {
        emitError() << "requires attribute '" << param.attribute << "'";
        return std::nullopt;
      }
    }
  }
  return call;
}

std::optional<Call> callFromIR(Operation *op) {
  std::optional<TensorType> result;
  if (op->getNumResults() != 0)
    result = fromIR(cast<RankedTensorType>(op->getResult(0).getType()));
  return callFromIR(cast<LanguageOpInterface>(op).getOpInfo(),
                    op->getOperands(), op->getAttrDictionary(),
                    result ? &*result : nullptr,
                    [&] { return op->emitOpError(); });
}

namespace detail {

LogicalResult inferType(const OpInfo &info, MLIRContext *context,
                        std::optional<Location> location, ValueRange operands,
                        DictionaryAttr attributes,
                        SmallVectorImpl<Type> &types) {
  auto emitError = [&] {
    return location ? mlir::emitError(*location) : InFlightDiagnostic();
  };
  std::optional<Call> call =
      callFromIR(info, operands, attributes, nullptr, emitError);
  if (!call)
    return failure();
  TensorType result;
  if (std::optional<ShapeError> error = mind::inferType(*call, result)) {
    emitError() << diagnosticCode(error->kind) << ": " << error->message();
    return failure();
  }
  types.assign(call->numResults(), toIR(context, result));
  return success();
}

LogicalResult verifyLanguageOp(Operation *op) {
  const OpInfo &info = cast<LanguageOpInterface>(op).getOpInfo();
  auto emitError = [&] { return op->emitOpError(); };
  // All results have one type.
  std::optional<TensorType> declared;
  for (Type type : op->getResultTypes()) {
    declared = fromIR(cast<RankedTensorType>(type));
    if (!declared)
      return emitError() << "result " << type
                         << " is not a tensor of the language";
    if (type != op->getResult(0).getType())
      return emitError() << "results differ in type";
  }
  DictionaryAttr attributes = op->getAttrDictionary();
  std::optional<Call> call =
      callFromIR(info, op->getOperands(), attributes,
                 declared ? &*declared : nullptr, emitError);
  if (!call)
    return failure();
  TensorType inferred;
  if (std::optional<ShapeError> error = mind::inferType(*call, inferred))
    return emitError() << diagnosticCode(error->kind) << ": "
                       << error->message();
  if (call->numResults() != op->getNumResults())
    return emitError() << "has " << op->getNumResults()
                       << " results, but should have " << call->numResults();
  if (declared && inferred != *declared)
    return emitError() << "result is " << declared->str() << ", but should be "
                       << inferred.str();
  for (auto [param, argument] : llvm::zip_equal(info.params, call->args)) {
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
            attributes.get(param.attribute))
      return emitError() << "attribute '" << param.attribute
                         << "' is not normalised";
  }
  return success();
}

} // namespace detail
} // namespace mind
