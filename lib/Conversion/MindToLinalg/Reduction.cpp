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
#include "Mind/Dialect/Mind/IR/Extents.h"
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

constexpr Combiner product = combine<arith::MulFOp, arith::MulIOp>;
constexpr Combiner smallest =
    combine<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>;

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
  Value mean = lowering::mean(builder, op.getLoc(), operands.getX(),
                              lowering::dtypeOf(op.getX()), op.getAxes());
  return finish(builder, op.getLoc(), mean, type);
}

Value lowerVar(VarOp op, VarOp::Adaptor operands, RankedTensorType type,
               OpBuilder &builder) {
  Value variance = moments(builder, op.getLoc(), operands.getX(),
                           lowering::dtypeOf(op.getX()), op.getAxes())
                       .variance;
  return finish(builder, op.getLoc(), variance, type);
}

/// max and min.
template <bool isLargest, typename OpT>
Value lowerExtreme(OpT op, typename OpT::Adaptor operands,
                   RankedTensorType type, OpBuilder &builder) {
  bool isUnsigned = isUnsignedInt(lowering::dtypeOf(op.getX()));
  TypedAttr identity = extreme(builder, accumulatorType(type.getElementType()),
                               !isLargest, isUnsigned);
  Value result = accumulate(op, operands.getX(), builder, identity,
                            isLargest ? largerOf : smallest);
  return finish(builder, op.getLoc(), result, type);
}

/// argmax and argmin: the best element and its position are found together.
template <bool isLargest, typename OpT>
Value lowerPosition(OpT op, typename OpT::Adaptor operands,
                    RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  DType dtype = lowering::dtypeOf(op.getX());
  Value x = operands.getX();
  Dims dims = lowering::dimsOf(x);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(dims.size()));
  if (op.getAxis())
    axes = {int64_t(*op.getAxis())};
  AffineMap kept = keptAxes(builder.getContext(), dims.size(), axes);
  Dims keptDims;
  for (AffineExpr axis : kept.getResults())
    keptDims.push_back(dims[cast<AffineDimExpr>(axis).getPosition()]);
  SmallVector<utils::IteratorType> iterators(dims.size(),
                                             utils::IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = utils::IteratorType::reduction;

  auto stored = cast<RankedTensorType>(x.getType()).getElementType();
  TypedAttr worst = extreme(builder, accumulatorType(stored), !isLargest,
                            isUnsignedInt(dtype));
  RankedTensorType bestType = tensorType(keptDims, worst.getType());
  RankedTensorType positionType = tensorType(keptDims, builder.getI64Type());
  Value inits[] = {
      filled(builder, loc, bestType, worst),
      filled(builder, loc, positionType, builder.getI64IntegerAttr(0))};
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    ScalarBuilder b(nestedLoc, nested, dtype);
    Value element = b.load(args[0]), best = args[1];
    Value isBetter;
    if (b.isFloat()) {
      auto order =
          isLargest ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
      // The first NaN is not beaten.
      Value isFirstNan = arith::AndIOp::create(
          b,
          arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, element, element),
          arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, best, best));
      isBetter = arith::OrIOp::create(
          b, arith::CmpFOp::create(b, order, element, best), isFirstNan);
    } else {
      auto order =
          isLargest ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
      if (b.isUnsigned())
        order =
            isLargest ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::ult;
      isBetter = arith::CmpIOp::create(b, order, element, best);
    }
    Value position = arith::ConstantIndexOp::create(b, 0);
    for (int64_t axis : axes) {
      if (axis != axes.front())
        position = arith::MulIOp::create(b, position,
                                         makeExtent(b, nestedLoc, dims[axis]));
      position =
          arith::AddIOp::create(b, position, linalg::IndexOp::create(b, axis));
    }
    position = arith::IndexCastOp::create(b, b.getI64Type(), position);
    linalg::YieldOp::create(
        b, ValueRange{arith::SelectOp::create(b, isBetter, element, best),
                      arith::SelectOp::create(b, isBetter, position, args[2])});
  };
  auto search = linalg::GenericOp::create(
      builder, loc, TypeRange{bestType, positionType}, x, inits,
      {builder.getMultiDimIdentityMap(dims.size()), kept, kept}, iterators,
      body);
  return reshape(builder, loc, search.getResult(1), type);
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

Value lowering::sumOf(ScalarBuilder &b, Value accumulator, Value element) {
  return combine<arith::AddFOp, arith::AddIOp>(b, accumulator, element);
}

Value lowering::largerOf(ScalarBuilder &b, Value accumulator, Value element) {
  return combine<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(
      b, accumulator, element);
}

TypedAttr lowering::extreme(OpBuilder &builder, Type type, bool largest,
                            bool isUnsigned) {
  if (auto floats = dyn_cast<FloatType>(type))
    return builder.getFloatAttr(
        type, APFloat::getInf(floats.getFloatSemantics(), !largest));
  unsigned width = type.getIntOrFloatBitWidth();
  APInt least =
      isUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
  APInt greatest =
      isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  return builder.getIntegerAttr(type, largest ? greatest : least);
}

Value lowering::mean(OpBuilder &builder, Location loc, Value x, DType dtype,
                     ArrayRef<int64_t> axes) {
  auto type = cast<RankedTensorType>(x.getType());
  Type real = accumulatorType(type.getElementType());
  Value total =
      reduce(builder, loc, x, axes, builder.getFloatAttr(real, 0.0),
             [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
               ScalarBuilder b(nestedLoc, nested, dtype);
               return sumOf(b, args[0], b.load(args[1]));
             });
  Dims dims = lowering::dimsOf(x), reduced;
  for (int64_t axis : axes)
    reduced.push_back(dims[axis]);
  Dim count = *elementCount(reduced);
  return elementwise(
      builder, loc, cast<RankedTensorType>(total.getType()), total,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        return arith::DivFOp::create(b, args[0], b.extent(count));
      });
}

Moments lowering::moments(OpBuilder &builder, Location loc, Value x,
                          DType dtype, ArrayRef<int64_t> axes) {
  auto type = cast<RankedTensorType>(x.getType());
  Value center = mean(builder, loc, x, dtype, axes);
  Value squares = mapped(
      builder, loc, type.clone(accumulatorType(type.getElementType())),
      {x, center},
      {builder.getMultiDimIdentityMap(type.getRank()),
       keptAxes(builder.getContext(), type.getRank(), axes)},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        Value distance = arith::SubFOp::create(b, b.load(args[0]), args[1]);
        return arith::MulFOp::create(b, distance, distance);
      });
  return {center, mean(builder, loc, squares, dtype, axes)};
}

void lowering::populateReduction(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  add<SumOp>(patterns, converter, lowerWide<sumOf, 0, SumOp>);
  add<ProdOp>(patterns, converter, lowerWide<product, 1, ProdOp>);
  add<MeanOp>(patterns, converter, lowerMean);
  add<VarOp>(patterns, converter, lowerVar);
  add<MaxOp>(patterns, converter, lowerExtreme<true, MaxOp>);
  add<MinOp>(patterns, converter, lowerExtreme<false, MinOp>);
  add<ArgmaxOp>(patterns, converter, lowerPosition<true, ArgmaxOp>);
  add<ArgminOp>(patterns, converter, lowerPosition<false, ArgminOp>);
  add<AnyOp>(patterns, converter, lowerLogic<arith::OrIOp, 0, AnyOp>);
  add<AllOp>(patterns, converter, lowerLogic<arith::AndIOp, 1, AllOp>);
}
