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

/// exp(x - max) / sum(exp(x - max)): the largest exponent is 0, so nothing
/// overflows. f16 and bf16 stay in f32 until the end.
static Value lowerSoftmax(SoftmaxOp op, SoftmaxOp::Adaptor operands,
                          RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  DType dtype = lowering::dtypeOf(op.getX());
  Type real = accumulatorType(type.getElementType());
  AffineMap whole = builder.getMultiDimIdentityMap(type.getRank());
  AffineMap perRow =
      keptAxes(builder.getContext(), type.getRank(), op.getAxis());

  const llvm::fltSemantics &semantics =
      cast<FloatType>(real).getFloatSemantics();
  Value max = reduce(
      builder, loc, operands.getX(), op.getAxis(),
      builder.getFloatAttr(real, APFloat::getInf(semantics, /*Negative=*/true)),
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return arith::MaximumFOp::create(b, x[0], b.load(x[1]));
      });
  Value exps = mapped(
      builder, loc, type.clone(real), {operands.getX(), max}, {whole, perRow},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return math::ExpOp::create(
            b, arith::SubFOp::create(b, b.load(x[0]), x[1]));
      });
  Value sum =
      reduce(builder, loc, exps, op.getAxis(), builder.getFloatAttr(real, 0.0),
             [](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
               return arith::AddFOp::create(nested, nestedLoc, x[0], x[1]);
             });
  return mapped(
      builder, loc, type, {exps, sum}, {whole, perRow},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return b.store(arith::DivFOp::create(b, x[0], x[1]));
      });
}

void lowering::populateNormalization(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  add<SoftmaxOp>(patterns, converter, lowerSoftmax);
}
