//===- Indexing.cpp - elements by their position to linalg -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index that is out of bounds is reported, and taken as 0 where something is
// read and as nothing where something is added, so that execution stays
// defined.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

Value extentAsI64(ImplicitLocOpBuilder &b, const Dim &extent) {
  if (extent.isConstant())
    return arith::ConstantIntOp::create(b, extent.constant(), 64);
  return arith::IndexCastOp::create(b, b.getI64Type(),
                                    makeExtent(b, b.getLoc(), extent));
}

/// Whether `index`, an i64, is not from `lowest` (0 unless given) up to
/// `extent`.
Value isOutside(ImplicitLocOpBuilder &b, Value index, Value extent,
                Value lowest = {}) {
  if (!lowest)
    lowest = arith::ConstantIntOp::create(b, 0, 64);
  return arith::OrIOp::create(
      b, arith::CmpIOp::create(b, arith::CmpIPredicate::slt, index, lowest),
      arith::CmpIOp::create(b, arith::CmpIPredicate::sge, index, extent));
}

/// "{0}", the axis, and the extent or "{1}" where only the run knows it.
SmallVector<std::string, 3> messageArguments(unsigned axis, const Dim &extent) {
  return {"{0}", std::to_string(axis),
          extent.isConstant() ? extent.str() : "{1}"};
}

/// Reports the first of `indices` that is outside of an axis.
void reportOutside(OpBuilder &builder, Location loc, Value indices, DType dtype,
                   unsigned axis, const Dim &extent) {
  ImplicitLocOpBuilder b(loc, builder);
  SmallVector<Value, 1> more;
  if (!extent.isConstant())
    more.push_back(extentAsI64(b, extent));
  reportElements(
      builder, loc, indices, dtype, /*right=*/0,
      [&](ScalarBuilder &b, Value index) {
        return isOutside(b, b.widen(index, b.getI64Type()),
                         extentAsI64(b, extent));
      },
      DiagKind::IndexOutOfBounds, messageArguments(axis, extent), more);
}

/// `stored`, an index, as one into an axis of `extent`, and whether it was
/// outside.
std::pair<Value, Value> inside(ScalarBuilder &b, Value stored,
                               const Dim &extent) {
  Value index = b.widen(b.load(stored), b.getI64Type());
  Value outside = isOutside(b, index, extentAsI64(b, extent));
  Value zero = arith::ConstantIntOp::create(b, 0, 64);
  Value safe = arith::SelectOp::create(b, outside, zero, index);
  return {arith::IndexCastOp::create(b, b.getIndexType(), safe), outside};
}

//===----------------------------------------------------------------------===//
// index
//===----------------------------------------------------------------------===//

/// The position along `axis` that the scalar `index` means.
OpFoldResult positionOf(IndexOp op, Value index, DType dtype, int64_t axis,
                        const Dim &extent, OpBuilder &builder) {
  DenseIntElementsAttr known;
  if (extent.isConstant() && matchPattern(index, m_Constant(&known))) {
    int64_t value = known.getSplatValue<APInt>().getSExtValue();
    if (value >= -extent.constant() && value < extent.constant())
      return builder.getIndexAttr(value < 0 ? value + extent.constant()
                                            : value);
  }
  ScalarBuilder b(op.getLoc(), builder, dtype);
  Value element = tensor::ExtractOp::create(b, index, ValueRange());
  Value value = b.widen(element, b.getI64Type());
  Value zero = arith::ConstantIntOp::create(b, 0, 64);
  Value count = extentAsI64(b, extent);
  SmallVector<Value, 2> values = {value};
  if (!extent.isConstant())
    values.push_back(count);
  Value outside =
      isOutside(b, value, count, arith::SubIOp::create(b, zero, count));
  RecordErrorOp::create(b, outside, DiagKind::IndexOutOfBounds,
                        messageArguments(axis, extent), values);
  Value isNegative =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, value, zero);
  Value position = arith::SelectOp::create(
      b, isNegative, arith::AddIOp::create(b, value, count), value);
  position = arith::SelectOp::create(b, outside, zero, position);
  return Value(arith::IndexCastOp::create(b, b.getIndexType(), position));
}

Value lowerIndex(IndexOp op, IndexOp::Adaptor operands, RankedTensorType type,
                 OpBuilder &builder) {
  Location loc = op.getLoc();
  Dims dims = lowering::dimsOf(operands.getX());
  SmallVector<OpFoldResult> offsets(dims.size(), builder.getIndexAttr(0)),
      sizes = extents(builder, loc, dims),
      steps(dims.size(), builder.getIndexAttr(1));
  for (auto [number, axis] : llvm::enumerate(op.getAxes())) {
    offsets[axis] = positionOf(op, operands.getIndices()[number],
                               lowering::dtypeOf(op.getIndices()[number]), axis,
                               dims[axis], builder);
    sizes[axis] = builder.getIndexAttr(1);
  }
  // Which axes of 1 a slice drops is told from strides, and these may be
  // unknown: all are dropped, and those that stay are put back.
  RankedTensorType sliced = type;
  if (!cast<RankedTensorType>(operands.getX().getType()).hasStaticShape()) {
    Dims kept = lowering::dimsOf(type);
    llvm::erase_if(kept, [](const Dim &dim) { return dim.isConstant(1); });
    sliced = withDims(type, kept);
  }
  Value slice = tensor::ExtractSliceOp::create(
      builder, loc, sliced, operands.getX(), offsets, sizes, steps);
  return reshape(builder, loc, slice, type);
}

//===----------------------------------------------------------------------===//
// gather and embedding
//===----------------------------------------------------------------------===//

/// Elements of `x`, at `indices` along `axis`.
Value take(OpBuilder &builder, Location loc, RankedTensorType type, Value x,
           Value indices, DType indexDType, unsigned axis, bool mayFail) {
  Dim extent = lowering::dimsOf(x)[axis];
  if (mayFail)
    reportOutside(builder, loc, indices, indexDType, axis, extent);
  unsigned indexRank = cast<RankedTensorType>(indices.getType()).getRank();
  SmallVector<AffineExpr> along;
  for (unsigned d = 0; d != indexRank; ++d)
    along.push_back(builder.getAffineDimExpr(axis + d));
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    ScalarBuilder b(nestedLoc, nested, indexDType);
    SmallVector<Value> position;
    for (unsigned d = 0, rank = type.getRank() + 1 - indexRank; d != rank; ++d)
      position.push_back(d == axis ? inside(b, args[0], extent).first
                                   : Value(linalg::IndexOp::create(
                                         b, d < axis ? d : d - 1 + indexRank)));
    return tensor::ExtractOp::create(b, x, position);
  };
  return mapped(builder, loc, type, indices,
                AffineMap::get(type.getRank(), 0, along, builder.getContext()),
                body);
}

Value lowerGather(GatherOp op, GatherOp::Adaptor operands,
                  RankedTensorType type, OpBuilder &builder) {
  return take(builder, op.getLoc(), type, operands.getX(),
              operands.getIndices(), lowering::dtypeOf(op.getIndices()),
              op.getAxis(), op.mayFail());
}

Value lowerEmbedding(EmbeddingOp op, EmbeddingOp::Adaptor operands,
                     RankedTensorType type, OpBuilder &builder) {
  return take(builder, op.getLoc(), type, operands.getTable(),
              operands.getIds(), lowering::dtypeOf(op.getIds()), 0,
              op.mayFail());
}

//===----------------------------------------------------------------------===//
// scatter_add
//===----------------------------------------------------------------------===//

/// The elements of `x` in the type that sums are kept in, in memory of their
/// own.
Value copyToSums(OpBuilder &builder, Location loc, RankedTensorType type,
                 Value x, DType dtype) {
  return elementwise(
      builder, loc, type.clone(accumulatorType(type.getElementType())), x,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
        return ScalarBuilder(nestedLoc, nested, dtype).load(x[0]);
      });
}

/// One update after the other: several may go to the same place.
Value lowerScatterAdd(ScatterAddOp op, ScatterAddOp::Adaptor operands,
                      RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  DType dtype = lowering::dtypeOf(op.getX());
  DType indexDType = lowering::dtypeOf(op.getIndices());
  unsigned axis = op.getAxis();
  Dim extent = lowering::dimsOf(type)[axis];
  Value indices = operands.getIndices(), updates = operands.getUpdates();
  if (op.mayFail())
    reportOutside(builder, loc, indices, indexDType, axis, extent);
  unsigned indexRank = cast<RankedTensorType>(indices.getType()).getRank();

  ImplicitLocOpBuilder b(loc, builder);
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  SmallVector<Value> lower, upper, step;
  for (const Dim &dim : lowering::dimsOf(updates)) {
    lower.push_back(zero);
    upper.push_back(makeExtent(b, loc, dim));
    step.push_back(one);
  }
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange at,
                  ValueRange carried) -> scf::ValueVector {
    ScalarBuilder b(nestedLoc, nested, dtype);
    ScalarBuilder index(nestedLoc, nested, indexDType);
    Value stored =
        tensor::ExtractOp::create(b, indices, at.slice(axis, indexRank));
    auto [place, outside] = inside(index, stored, extent);
    SmallVector<Value> position(at.take_front(axis));
    position.push_back(place);
    llvm::append_range(position, at.drop_front(axis + indexRank));
    Value before = tensor::ExtractOp::create(b, carried[0], position);
    Value sum =
        sumOf(b, before, b.load(tensor::ExtractOp::create(b, updates, at)));
    Value after = arith::SelectOp::create(b, outside, before, sum);
    return {tensor::InsertOp::create(b, after, carried[0], position)};
  };
  Value sums = scf::buildLoopNest(
                   builder, loc, lower, upper, step,
                   copyToSums(builder, loc, type, operands.getX(), dtype), body)
                   .results.front();
  return roundTo(builder, loc, sums, type.getElementType());
}

//===----------------------------------------------------------------------===//
// one_hot
//===----------------------------------------------------------------------===//

Value lowerOneHot(OneHotOp op, OneHotOp::Adaptor operands,
                  RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getIds());
  unsigned axis = type.getRank() - 1;
  if (op.mayFail())
    reportOutside(builder, op.getLoc(), operands.getIds(), dtype, axis,
                  int64_t(op.getN()));
  Type stored = type.getElementType();
  auto body = [&](OpBuilder &nested, Location loc, ValueRange ids) -> Value {
    ScalarBuilder b(loc, nested, dtype);
    Value id = b.widen(b.load(ids[0]), b.getI64Type());
    Value at = arith::IndexCastOp::create(b, b.getI64Type(),
                                          linalg::IndexOp::create(b, axis));
    Value isHot = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, id, at);
    return arith::SelectOp::create(
        b, isHot, arith::ConstantOp::create(b, numberAttr(stored, 1)),
        arith::ConstantOp::create(b, numberAttr(stored, 0)));
  };
  return mapped(builder, op.getLoc(), type, operands.getIds(),
                keptAxes(builder.getContext(), axis + 1, axis), body);
}

} // namespace

void lowering::populateIndexing(const TypeConverter &converter,
                                RewritePatternSet &patterns) {
  add<IndexOp>(patterns, converter, lowerIndex);
  add<GatherOp>(patterns, converter, lowerGather);
  add<EmbeddingOp>(patterns, converter, lowerEmbedding);
  add<ScatterAddOp>(patterns, converter, lowerScatterAdd);
  add<OneHotOp>(patterns, converter, lowerOneHot);
}
