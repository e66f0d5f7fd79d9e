//===- Creation.cpp - tensors from nothing ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

/// zeros and ones.
template <int64_t value, typename OpT>
static Value lowerFilled(OpT op, typename OpT::Adaptor, RankedTensorType type,
                         OpBuilder &builder) {
  TypedAttr element = numberAttr(type.getElementType(), value);
  if (!type.hasStaticShape())
    return filled(builder, op.getLoc(), type, element);
  return arith::ConstantOp::create(
      builder, op.getLoc(), DenseElementsAttr::get(type, Attribute(element)));
}

/// Elements change to their storage type, and keep their values.
static Value lowerConstant(ConstantOp op, ConstantOp::Adaptor,
                           RankedTensorType type, OpBuilder &builder) {
  auto value = cast<DenseElementsAttr>(op.getValue());
  if (value.getType() != type) {
    unsigned width = type.getElementTypeBitWidth();
    auto widen = [width](const APInt &element) { return element.zext(width); };
    value = value.mapValues(type.getElementType(), widen);
  }
  return arith::ConstantOp::create(builder, op.getLoc(), value);
}

static Value lowerExtent(ExtentOp op, ExtentOp::Adaptor, RankedTensorType type,
                         OpBuilder &builder) {
  Value extent = arith::IndexCastOp::create(
      builder, op.getLoc(), type.getElementType(),
      makeExtent(builder, op.getLoc(), op.getExtent()));
  return tensor::FromElementsOp::create(builder, op.getLoc(), type, extent);
}

template <int64_t value, typename OpT>
static Value lowerLike(OpT op, typename OpT::Adaptor, RankedTensorType type,
                       OpBuilder &builder) {
  return filled(builder, op.getLoc(), type,
                numberAttr(type.getElementType(), value));
}

static Value lowerFull(FullOp op, FullOp::Adaptor operands,
                       RankedTensorType type, OpBuilder &builder) {
  return elementwise(
      builder, op.getLoc(), type, operands.getValue(),
      [&](OpBuilder &nested, Location loc, ValueRange x) {
        ScalarBuilder from(loc, nested, lowering::dtypeOf(op.getValue()));
        ScalarBuilder to(loc, nested, lowering::dtypeOf(op.getResult()));
        if (from.dtype == to.dtype)
          return x[0];
        return to.store(convertElement(from, to, from.load(x[0])));
      });
}

static Value lowerEye(EyeOp op, EyeOp::Adaptor, RankedTensorType type,
                      OpBuilder &builder) {
  Type stored = type.getElementType();
  return generated(builder, op.getLoc(), type,
                   [&](ImplicitLocOpBuilder &b, ValueRange indices) -> Value {
                     Value isOne = arith::CmpIOp::create(
                         b, arith::CmpIPredicate::eq, indices[0], indices[1]);
                     return arith::SelectOp::create(
                         b, isOne,
                         arith::ConstantOp::create(b, numberAttr(stored, 1)),
                         arith::ConstantOp::create(b, numberAttr(stored, 0)));
                   });
}

static Value lowerIota(IotaOp op, IotaOp::Adaptor, RankedTensorType type,
                       OpBuilder &builder) {
  return generated(builder, op.getLoc(), type,
                   [&](ImplicitLocOpBuilder &, ValueRange indices) {
                     return indices[op.getAxis()];
                   });
}

/// start + position * step in f64, rounded to f32 once.
static Value progression(ImplicitLocOpBuilder &b, Value position, double start,
                         double step) {
  Type f64 = b.getF64Type();
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(b, b.getF64FloatAttr(value));
  };
  Value offset = arith::MulFOp::create(
      b, arith::SIToFPOp::create(b, f64, position), constant(step));
  return arith::AddFOp::create(b, constant(start), offset);
}

static Value lowerArange(ArangeOp op, ArangeOp::Adaptor, RankedTensorType type,
                         OpBuilder &builder) {
  return generated(builder, op.getLoc(), type,
                   [&](ImplicitLocOpBuilder &b, ValueRange indices) -> Value {
                     if (auto start = dyn_cast<IntegerAttr>(op.getStart())) {
                       Value step = arith::ConstantOp::create(b, op.getStep());
                       return arith::AddIOp::create(
                           b, arith::ConstantOp::create(b, start),
                           arith::MulIOp::create(b, indices[0], step));
                     }
                     Value value = progression(
                         b, indices[0],
                         cast<FloatAttr>(op.getStart()).getValueAsDouble(),
                         cast<FloatAttr>(op.getStep()).getValueAsDouble());
                     return arith::TruncFOp::create(b, b.getF32Type(), value);
                   });
}

static Value lowerLinspace(LinspaceOp op, LinspaceOp::Adaptor,
                           RankedTensorType type, OpBuilder &builder) {
  double start = op.getStart(), stop = op.getStop();
  int64_t last = int64_t(op.getN()) - 1;
  return generated(
      builder, op.getLoc(), type,
      [&](ImplicitLocOpBuilder &b, ValueRange indices) -> Value {
        Value value = progression(b, indices[0], start,
                                  last ? (stop - start) / double(last) : 0);
        // The last element is `stop`, however the step was rounded.
        if (last) {
          Value isLast = arith::CmpIOp::create(
              b, arith::CmpIPredicate::eq, indices[0],
              arith::ConstantOp::create(b, b.getI64IntegerAttr(last)));
          Value end = arith::ConstantOp::create(b, b.getF64FloatAttr(stop));
          value = arith::SelectOp::create(b, isLast, end, value);
        }
        return arith::TruncFOp::create(b, b.getF32Type(), value);
      });
}

void lowering::populateCreation(const TypeConverter &converter,
                                RewritePatternSet &patterns) {
  add<ConstantOp>(patterns, converter, lowerConstant);
  add<ExtentOp>(patterns, converter, lowerExtent);
  add<ZerosOp>(patterns, converter, lowerFilled<0, ZerosOp>);
  add<OnesOp>(patterns, converter, lowerFilled<1, OnesOp>);
  add<ZerosLikeOp>(patterns, converter, lowerLike<0, ZerosLikeOp>);
  add<OnesLikeOp>(patterns, converter, lowerLike<1, OnesLikeOp>);
  add<FullOp>(patterns, converter, lowerFull);
  add<EyeOp>(patterns, converter, lowerEye);
  add<ArangeOp>(patterns, converter, lowerArange);
  add<LinspaceOp>(patterns, converter, lowerLinspace);
  add<IotaOp>(patterns, converter, lowerIota);
}
