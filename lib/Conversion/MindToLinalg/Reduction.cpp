//===- Reduction.cpp - many elements in, one out ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reduction is a linalg.generic from its identity over accumulators (f32 for
// f16 and bf16, i64 for sums and products of integers), then at most one
// elementwise operation that divides or rounds.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

/// Combines an accumulator and an element of its type.
using Combiner = Value (*)(ScalarBuilder &b, Value accumulator, Value element);

template <typename FloatOp, typename SignedOp, typename UnsignedOp = SignedOp>
Value combine(ScalarBuilder &b, Value accumulator, Value element) {
  if (b.isFloat())
    return FloatOp::create(b, accumulator, element);
  if (b.isUnsigned())
    return UnsignedOp::create(b, accumulator, element);
  return SignedOp::create(b, accumulator, element);
}

constexpr Combiner sum = combine<arith::AddFOp, arith::AddIOp>;
constexpr Combiner product = combine<arith::MulFOp, arith::MulIOp>;
constexpr Combiner largest =
    combine<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>;
constexpr Combiner smallest =
    combine<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>;

/// The identity of `largest` or `smallest` in `type`.
TypedAttr extreme(OpBuilder &builder, Type type, bool isLargest,
                  bool isUnsigned) {
  if (auto floats = dyn_cast<FloatType>(type))
    return builder.getFloatAttr(
        type, APFloat::getInf(floats.getFloatSemantics(), isLargest));
  unsigned width = type.getIntOrFloatBitWidth();
  APInt least =
      isUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
  APInt greatest =
      isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  return builder.getIntegerAttr(type, isLargest ? least : greatest);
}

/// Reduces op's axes from `identity`; the result holds accumulators.
template <typename OpT>
Value accumulate(OpT op, Value x, OpBuilder &builder, TypedAttr identity,
                 Combiner combiner) {
  DType dtype = lowering::dtypeOf(op.getX());
  return reduce(builder, op.getLoc(), x, op.getAxes(), identity,
                [&](OpBuilder &nested, Location loc, ValueRange args) {
                  ScalarBuilder b(loc, nested, dtype);
                  Value element = b.widen(b.load(args[1]), identity.getType());
                  return combiner(b, args[0], element);
                });
}

/// Rounds accumulators to `type`'s elements, and restores the axes that it
/// keeps with extent 1.
Value finish(OpBuilder &builder, Location loc, Value accumulators,
             RankedTensorType type) {
  return reshape(builder, loc,
                 roundTo(builder, loc, accumulators, type.getElementType()),
                 type);
}

/// sum and prod.
template <Combiner combiner, int64_t identity, typename OpT>
Value lowerWide(OpT op, typename OpT::Adaptor operands, RankedTensorType type,
                OpBuilder &builder) {
  Type accumulator = accumulatorType(type.getElementType());
  Value result = accumulate(op, operands.getX(), builder,
                            numberAttr(accumulator, identity), combiner);
  return finish(builder, op.getLoc(), result, type);
}

Value lowerMean(MeanOp op, MeanOp::Adaptor operands, RankedTensorType type,
                OpBuilder &builder) {
  Type accumulator = accumulatorType(type.getElementType());
  Value total =
      accumulate(op, operands.getX(), builder, numberAttr(accumulator, 0), sum);
  Dims dims = lowering::dimsOf(operands.getX()), reduced;
  for (int64_t axis : op.getAxes())
    reduced.push_back(dims[axis]);
  Dim count = *elementCount(reduced);
  DType dtype = lowering::dtypeOf(op.getX());
  auto totalType = cast<RankedTensorType>(total.getType());
  Value mean = elementwise(
      builder, op.getLoc(), totalType.clone(type.getElementType()), total,
      [&](OpBuilder &nested, Location loc, ValueRange x) {
        ScalarBuilder b(loc, nested, dtype);
        return b.store(arith::DivFOp::create(b, x[0], b.extent(count)));
      });
  return finish(builder, op.getLoc(), mean, type);
}

/// max and min.
template <bool isLargest, typename OpT>
Value lowerExtreme(OpT op, typename OpT::Adaptor operands,
                   RankedTensorType type, OpBuilder &builder) {
  bool isUnsigned = isUnsignedInt(lowering::dtypeOf(op.getX()));
  TypedAttr identity = extreme(builder, accumulatorType(type.getElementType()),
                               isLargest, isUnsigned);
  Value result = accumulate(op, operands.getX(), builder, identity,
                            isLargest ? largest : smallest);
  return finish(builder, op.getLoc(), result, type);
}

/// any and all, on the bytes 0 and 1 that bools are stored as.
template <typename LogicOp, int64_t identity, typename OpT>
Value lowerLogic(OpT op, typename OpT::Adaptor operands, RankedTensorType type,
                 OpBuilder &builder) {
  Value result =
      reduce(builder, op.getLoc(), operands.getX(), op.getAxes(),
             builder.getI8IntegerAttr(identity),
             [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
               return LogicOp::create(nested, loc, args[0], args[1]);
             });
  return finish(builder, op.getLoc(), result, type);
}

} // namespace

void lowering::populateReduction(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  add<SumOp>(patterns, converter, lowerWide<sum, 0, SumOp>);
  add<ProdOp>(patterns, converter, lowerWide<product, 1, ProdOp>);
  add<MeanOp>(patterns, converter, lowerMean);
  add<MaxOp>(patterns, converter, lowerExtreme<true, MaxOp>);
  add<MinOp>(patterns, converter, lowerExtreme<false, MinOp>);
  add<AnyOp>(patterns, converter, lowerLogic<arith::OrIOp, 0, AnyOp>);
  add<AllOp>(patterns, converter, lowerLogic<arith::AndIOp, 1, AllOp>);
}
