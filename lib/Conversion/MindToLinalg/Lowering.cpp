//===- Lowering.cpp - what all lowerings to linalg share -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mind::lowering {

DType dtypeOf(Value tensor) {
  return *mind::dtypeOf(
      cast<RankedTensorType>(tensor.getType()).getElementType());
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Type accumulatorType(Type stored) {
  return stored.isF16() || stored.isBF16()
             ? Float32Type::get(stored.getContext())
             : stored;
}

Type ScalarBuilder::storageType() {
  Type type = elementType(getContext(), dtype);
  return type.isInteger(1) || type.isUnsignedInteger() ? getI8Type() : type;
}

Type ScalarBuilder::computeType() {
  return isBool(dtype) ? getI1Type() : accumulatorType(storageType());
}

Value ScalarBuilder::load(Value stored) {
  if (isBool(dtype))
    return createOrFold<arith::CmpIOp>(
        arith::CmpIPredicate::ne, stored,
        arith::ConstantIntOp::create(*this, getI8Type(), 0));
  if (computeType() != stored.getType())
    return createOrFold<arith::ExtFOp>(computeType(), stored);
  return stored;
}

Value ScalarBuilder::store(Value computed) {
  if (isBool(dtype))
    return arith::ExtUIOp::create(*this, storageType(), computed);
  if (computed.getType() != storageType())
    return arith::TruncFOp::create(*this, storageType(), computed);
  return computed;
}

Value ScalarBuilder::widen(Value computed, Type to) {
  if (computed.getType() == to)
    return computed;
  if (isFloat())
    return arith::ExtFOp::create(*this, to, computed);
  if (isUnsigned())
    return arith::ExtUIOp::create(*this, to, computed);
  return arith::ExtSIOp::create(*this, to, computed);
}

Value ScalarBuilder::number(double value) {
  Type type = computeType();
  if (isFloat())
    return arith::ConstantOp::create(*this, getFloatAttr(type, value));
  return arith::ConstantOp::create(*this, getIntegerAttr(type, int64_t(value)));
}

Value ScalarBuilder::integer(const APInt &value) {
  return arith::ConstantOp::create(*this, getIntegerAttr(computeType(), value));
}

Value ScalarBuilder::extent(const Dim &dim) {
  if (dim.isConstant())
    return number(double(dim.constant()));
  Value count = arith::IndexCastOp::create(*this, getI64Type(),
                                           makeExtent(*this, getLoc(), dim));
  return arith::SIToFPOp::create(*this, computeType(), count);
}

TypedAttr numberAttr(Type type, int64_t value) {
  if (isa<FloatType>(type))
    return FloatAttr::get(type, double(value));
  return IntegerAttr::get(type, value);
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

Dims dimsOf(RankedTensorType type) { return *mind::dimsOf(type); }

Dims dimsOf(Value tensor) {
  return lowering::dimsOf(cast<RankedTensorType>(tensor.getType()));
}

RankedTensorType withDims(RankedTensorType type, ArrayRef<Dim> dims) {
  return tensorType(dims, type.getElementType());
}

OpFoldResult extent(OpBuilder &builder, Location loc, const Dim &dim) {
  if (dim.isConstant())
    return builder.getIndexAttr(dim.constant());
  return makeExtent(builder, loc, dim);
}

SmallVector<OpFoldResult> extents(OpBuilder &builder, Location loc,
                                  ArrayRef<Dim> dims) {
  return llvm::map_to_vector(
      dims, [&](const Dim &dim) { return extent(builder, loc, dim); });
}

Value empty(OpBuilder &builder, Location loc, RankedTensorType type) {
  SmallVector<Value> sizes;
  if (!type.hasStaticShape())
    for (const Dim &dim : lowering::dimsOf(type))
      if (!dim.isConstant())
        sizes.push_back(makeExtent(builder, loc, dim));
  return tensor::EmptyOp::create(builder, loc, type, sizes);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

AffineMap broadcastMap(MLIRContext *context, ArrayRef<int64_t> operand,
                       ArrayRef<int64_t> result) {
  SmallVector<AffineExpr> indices;
  size_t offset = result.size() - operand.size();
  for (auto [i, extent] : llvm::enumerate(operand))
    indices.push_back(extent == 1 && result[offset + i] != 1
                          ? getAffineConstantExpr(0, context)
                          : getAffineDimExpr(offset + i, context));
  return AffineMap::get(result.size(), 0, indices, context);
}

Value mapped(OpBuilder &builder, Location loc, RankedTensorType type,
             ValueRange inputs, ArrayRef<AffineMap> maps, ScalarBody body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  Value init = empty(builder, loc, type);
  auto emitBody = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    linalg::YieldOp::create(nested, nestedLoc,
                            body(nested, nestedLoc, args.drop_back()));
  };
  return linalg::GenericOp::create(builder, loc, type, inputs, init, allMaps,
                                   iterators, emitBody)
      .getResult(0);
}

Value elementwise(OpBuilder &builder, Location loc, RankedTensorType type,
                  ValueRange inputs, ScalarBody body) {
  SmallVector<Value> read;
  SmallVector<AffineMap> maps;
  // One for each input; null where it is read.
  SmallVector<TypedAttr> constants;
  for (Value input : inputs) {
    SplatElementsAttr splat;
    if (matchPattern(input, m_Constant(&splat))) {
      constants.push_back(splat.getSplatValue<TypedAttr>());
      continue;
    }
    constants.push_back({});
    read.push_back(input);
    maps.push_back(broadcastMap(
        builder.getContext(),
        cast<RankedTensorType>(input.getType()).getShape(), type.getShape()));
  }
  auto emitBody = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    SmallVector<Value> elements;
    auto next = args.begin();
    for (TypedAttr constant : constants)
      elements.push_back(
          constant ? arith::ConstantOp::create(nested, nestedLoc, constant)
                   : *next++);
    return body(nested, nestedLoc, elements);
  };
  return mapped(builder, loc, type, read, maps, emitBody);
}

Value generated(
    OpBuilder &builder, Location loc, RankedTensorType type,
    function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> element) {
  auto emitBody = [&](OpBuilder &nested, Location nestedLoc, ValueRange) {
    ImplicitLocOpBuilder b(nestedLoc, nested);
    SmallVector<Value> indices;
    for (int64_t axis = 0; axis < type.getRank(); ++axis)
      indices.push_back(arith::IndexCastOp::create(
          b, b.getI64Type(), linalg::IndexOp::create(b, axis)));
    return element(b, indices);
  };
  return mapped(builder, loc, type, {}, {}, emitBody);
}

Value filled(OpBuilder &builder, Location loc, RankedTensorType type,
             TypedAttr value) {
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  return linalg::FillOp::create(builder, loc, scalar, empty(builder, loc, type))
      .getResult(0);
}

AffineMap keptAxes(MLIRContext *context, unsigned rank,
                   ArrayRef<int64_t> axes) {
  SmallVector<AffineExpr> kept;
  for (unsigned axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(axes, axis))
      kept.push_back(getAffineDimExpr(axis, context));
  return AffineMap::get(rank, 0, kept, context);
}

Value reduce(OpBuilder &builder, Location loc, Value input,
             ArrayRef<int64_t> axes, TypedAttr identity, ScalarBody body) {
  auto inputType = cast<RankedTensorType>(input.getType());
  unsigned rank = inputType.getRank();
  AffineMap kept = keptAxes(builder.getContext(), rank, axes);
  Dims dims, inputDims = dimsOf(input);
  for (AffineExpr axis : kept.getResults())
    dims.push_back(inputDims[cast<AffineDimExpr>(axis).getPosition()]);
  RankedTensorType type = tensorType(dims, identity.getType());
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = utils::IteratorType::reduction;
  AffineMap maps[] = {builder.getMultiDimIdentityMap(rank), kept};
  auto emitBody = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    linalg::YieldOp::create(nested, nestedLoc,
                            body(nested, nestedLoc, {args[1], args[0]}));
  };
  return linalg::GenericOp::create(builder, loc, type, input,
                                   filled(builder, loc, type, identity), maps,
                                   iterators, emitBody)
      .getResult(0);
}

void reportElements(OpBuilder &builder, Location loc, Value tensor, DType dtype,
                    int64_t right,
                    function_ref<Value(ScalarBuilder &, Value)> isWrong,
                    DiagKind kind, ArrayRef<std::string> arguments,
                    ValueRange more) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(type.getRank()));
  // The first wrong one; if there is none, the last.
  Value found = reduce(
      builder, loc, tensor, axes, numberAttr(type.getElementType(), right),
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return arith::SelectOp::create(b, isWrong(b, x[0]), x[0], x[1]);
      });
  ScalarBuilder b(loc, builder, dtype);
  Value element = tensor::ExtractOp::create(b, found, ValueRange());
  SmallVector<Value, 2> values = {b.widen(element, b.getI64Type())};
  llvm::append_range(values, more);
  RecordErrorOp::create(b, isWrong(b, element), kind, arguments, values);
}

/// How axes of `from` make up those of `to`, which has at most as many: each
/// group of axes is one axis of `to`. None if one is not made of whole axes.
static std::optional<SmallVector<ReassociationIndices>>
mergedAxes(ArrayRef<Dim> from, ArrayRef<Dim> to) {
  SmallVector<ReassociationIndices> groups;
  size_t next = 0;
  for (const Dim &wanted : to) {
    ReassociationIndices &group = groups.emplace_back();
    Dim product = 1;
    do {
      if (next == from.size())
        return std::nullopt;
      std::optional<Dim> larger = Dim::multiply(product, from[next]);
      if (!larger)
        return std::nullopt;
      product = *larger;
      group.push_back(next++);
    } while (product != wanted);
    // Axes of 1 that no axis of `to` wants go with the one before.
    bool isLast = groups.size() == to.size();
    while (next < from.size() && from[next].isConstant(1) &&
           (isLast || !to[groups.size()].isConstant(1)))
      group.push_back(next++);
  }
  if (to.empty() ? !llvm::all_of(
                       from, [](const Dim &dim) { return dim.isConstant(1); })
                 : next != from.size())
    return std::nullopt;
  return groups;
}

Value reshape(OpBuilder &builder, Location loc, Value tensor,
              RankedTensorType type) {
  if (tensor.getType() == type)
    return tensor;
  Dims from = dimsOf(tensor), to = lowering::dimsOf(type);
  if (from.size() > to.size())
    if (auto groups = mergedAxes(from, to))
      return tensor::CollapseShapeOp::create(builder, loc, type, tensor,
                                             *groups);
  if (from.size() < to.size())
    if (auto groups = mergedAxes(to, from))
      return tensor::ExpandShapeOp::create(builder, loc, type, tensor, *groups,
                                           extents(builder, loc, to));
  // No axis of one is made of whole axes of the other: go through one axis.
  RankedTensorType flat = withDims(type, *elementCount(from));
  return reshape(builder, loc, reshape(builder, loc, tensor, flat), type);
}

Value padImages(OpBuilder &builder, Location loc, Value x,
                ArrayRef<int64_t> padding, TypedAttr value) {
  if (llvm::all_of(padding, [](int64_t extent) { return extent == 0; }))
    return x;
  Dims dims = lowering::dimsOf(x);
  SmallVector<OpFoldResult> low(4, builder.getIndexAttr(0)), high = low;
  for (unsigned axis = 0; axis != 2; ++axis) {
    int64_t before = padding[2 * axis], after = padding[2 * axis + 1];
    low[1 + axis] = builder.getIndexAttr(before);
    high[1 + axis] = builder.getIndexAttr(after);
    dims[1 + axis] = *Dim::add(dims[1 + axis], before + after);
  }
  Value constant = arith::ConstantOp::create(builder, loc, value);
  return tensor::PadOp::create(
      builder, loc, withDims(cast<RankedTensorType>(x.getType()), dims), x, low,
      high, constant);
}

Value roundTo(OpBuilder &builder, Location loc, Value tensor,
              Type elementType) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getElementType() == elementType)
    return tensor;
  return elementwise(builder, loc, type.clone(elementType), tensor,
                     [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                       return arith::TruncFOp::create(nested, nestedLoc,
                                                      elementType, x[0]);
                     });
}

} // namespace mind::lowering
