//===- Normalization.cpp - rescaled along axes -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

/// The largest element and the sum of exp(x - largest) of each row along an
/// axis, and the maps of a loop nest over `x` to both. The largest exponent is
/// 0, so that nothing overflows.
struct RowScale {
  Value largest, sum;
  AffineMap whole, perRow;
};

/// exp(x - largest), of the type that sums are kept in.
Value exponentials(OpBuilder &builder, Location loc, Value x, DType dtype,
                   const RowScale &row) {
  auto type = cast<RankedTensorType>(x.getType());
  return mapped(
      builder, loc, type.clone(accumulatorType(type.getElementType())),
      {x, row.largest}, {row.whole, row.perRow},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return math::ExpOp::create(
            b, arith::SubFOp::create(b, b.load(args[0]), args[1]));
      });
}

/// Writes the exponentials to `exps`.
RowScale scaleRows(OpBuilder &builder, Location loc, Value x, DType dtype,
                   int64_t axis, Value &exps) {
  auto type = cast<RankedTensorType>(x.getType());
  Type real = accumulatorType(type.getElementType());
  RowScale row;
  row.whole = builder.getMultiDimIdentityMap(type.getRank());
  row.perRow = keptAxes(builder.getContext(), type.getRank(), axis);
  auto over = [&](Value terms, TypedAttr identity, auto combine) {
    return reduce(builder, loc, terms, axis, identity,
                  [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
                    ScalarBuilder b(nestedLoc, nested, dtype);
                    return combine(b, args[0], b.load(args[1]));
                  });
  };
  row.largest = over(x,
                     extreme(builder, real, /*largest=*/false,
                             /*isUnsigned=*/false),
                     largerOf);
  exps = exponentials(builder, loc, x, dtype, row);
  row.sum = over(exps, builder.getFloatAttr(real, 0.0), sumOf);
  return row;
}

/// f16 and bf16 stay in f32 until the end.
Value lowerSoftmax(SoftmaxOp op, SoftmaxOp::Adaptor operands,
                   RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getX());
  Value exps;
  RowScale row = scaleRows(builder, op.getLoc(), operands.getX(), dtype,
                           op.getAxis(), exps);
  return mapped(builder, op.getLoc(), type, {exps, row.sum},
                {row.whole, row.perRow},
                [&](OpBuilder &nested, Location loc, ValueRange x) -> Value {
                  ScalarBuilder b(loc, nested, dtype);
                  return b.store(arith::DivFOp::create(b, x[0], x[1]));
                });
}

Value lowerLogSoftmax(LogSoftmaxOp op, LogSoftmaxOp::Adaptor operands,
                      RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getX());
  Value exps;
  RowScale row = scaleRows(builder, op.getLoc(), operands.getX(), dtype,
                           op.getAxis(), exps);
  Value log = elementwise(
      builder, op.getLoc(), cast<RankedTensorType>(row.sum.getType()), row.sum,
      [](OpBuilder &nested, Location loc, ValueRange x) -> Value {
        return math::LogOp::create(nested, loc, x[0]);
      });
  return mapped(builder, op.getLoc(), type, {operands.getX(), row.largest, log},
                {row.whole, row.perRow, row.perRow},
                [&](OpBuilder &nested, Location loc, ValueRange x) -> Value {
                  ScalarBuilder b(loc, nested, dtype);
                  Value distance = arith::SubFOp::create(b, b.load(x[0]), x[1]);
                  return b.store(arith::SubFOp::create(b, distance, x[2]));
                });
}

//===----------------------------------------------------------------------===//
// By mean and variance
//===----------------------------------------------------------------------===//

/// 1 / sqrt(variance + eps), in compute representation.
Value inverseDeviation(OpBuilder &builder, Location loc, Value variance,
                       DType dtype, double eps) {
  auto type = cast<RankedTensorType>(variance.getType());
  return elementwise(
      builder, loc, type.clone(accumulatorType(type.getElementType())),
      variance, [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
        ScalarBuilder b(nestedLoc, nested, dtype);
        Value shifted = arith::AddFOp::create(b, b.load(x[0]), b.number(eps));
        return arith::DivFOp::create(b, b.number(1),
                                     math::SqrtOp::create(b, shifted));
      });
}

/// (x - mean) * scale * gamma + beta, the other operands read by `maps`.
Value rescale(OpBuilder &builder, Location loc, RankedTensorType type,
              DType dtype, Value x, ArrayRef<Value> others,
              ArrayRef<AffineMap> maps) {
  SmallVector<Value> inputs = {x};
  llvm::append_range(inputs, others);
  SmallVector<AffineMap> allMaps = {
      builder.getMultiDimIdentityMap(type.getRank())};
  llvm::append_range(allMaps, maps);
  return mapped(builder, loc, type, inputs, allMaps,
                [&](OpBuilder &nested, Location nestedLoc, ValueRange stored) {
                  ScalarBuilder b(nestedLoc, nested, dtype);
                  SmallVector<Value, 5> args;
                  for (Value element : stored)
                    args.push_back(b.load(element));
                  Value result = arith::SubFOp::create(b, args[0], args[1]);
                  result = arith::MulFOp::create(b, result, args[2]);
                  result = arith::MulFOp::create(b, result, args[3]);
                  return b.store(arith::AddFOp::create(b, result, args[4]));
                });
}

Value lowerLayerNorm(LayerNormOp op, LayerNormOp::Adaptor operands,
                     RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  DType dtype = lowering::dtypeOf(op.getX());
  Moments row = moments(builder, loc, operands.getX(), dtype, op.getAxes());
  Value scale =
      inverseDeviation(builder, loc, row.variance, dtype, op.getEps());
  AffineMap perRow =
      keptAxes(builder.getContext(), type.getRank(), op.getAxes());
  SmallVector<AffineExpr> along;
  for (int64_t axis : op.getAxes())
    along.push_back(builder.getAffineDimExpr(axis));
  auto perElement =
      AffineMap::get(type.getRank(), 0, along, builder.getContext());
  return rescale(builder, loc, type, dtype, operands.getX(),
                 {row.mean, scale, operands.getGamma(), operands.getBeta()},
                 {perRow, perRow, perElement, perElement});
}

Value lowerBatchNorm(BatchNormOp op, BatchNormOp::Adaptor operands,
                     RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getX());
  Value scale = inverseDeviation(builder, op.getLoc(), operands.getVar(), dtype,
                                 op.getEps());
  AffineMap perChannel = AffineMap::get(
      type.getRank(), 0, builder.getAffineDimExpr(type.getRank() - 1));
  return rescale(
      builder, op.getLoc(), type, dtype, operands.getX(),
      {operands.getMean(), scale, operands.getGamma(), operands.getBeta()},
      SmallVector<AffineMap>(4, perChannel));
}

} // namespace

void lowering::populateNormalization(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  add<SoftmaxOp>(patterns, converter, lowerSoftmax);
  add<LogSoftmaxOp>(patterns, converter, lowerLogSoftmax);
  add<LayerNormOp>(patterns, converter, lowerLayerNorm);
  add<BatchNormOp>(patterns, converter, lowerBatchNorm);
}
