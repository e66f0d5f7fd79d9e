//===- Attention.cpp - attention to linalg ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two contractions and what a softmax is made of between them. All of it stays
// in f32 for f16 and bf16; rows are divided by their sums at the end, where
// there is less of them.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

class AttentionLowering {
public:
  AttentionLowering(AttentionOp op, AttentionOp::Adaptor operands,
                    RankedTensorType type, OpBuilder &builder)
      : op(op), operands(operands), type(type), builder(builder),
        loc(op.getLoc()), dtype(lowering::dtypeOf(op.getQ())),
        real(accumulatorType(type.getElementType())),
        batch(type.getRank() - 2) {}

  Value lower();

private:
  Value maskedScores();
  Value exponentials(Value scores);
  Value overKeys(Value terms, TypedAttr identity,
                 Value (*combine)(ScalarBuilder &, Value, Value));
  TypedAttr lowest() {
    return extreme(builder, real, /*largest=*/false, /*isUnsigned=*/false);
  }
  AffineMap operandMap(Value operand, unsigned row, unsigned column);
  /// How such a nest writes matrices by the first two of these loops.
  AffineMap resultMap() {
    return builder.getMultiDimIdentityMap(batch + 3).dropResult(batch + 2);
  }
  Value scale(ScalarBuilder &b);

  AttentionOp op;
  AttentionOp::Adaptor operands;
  RankedTensorType type;
  OpBuilder &builder;
  Location loc;
  DType dtype;
  Type real;
  /// How many axes come before the matrices.
  unsigned batch;
};

} // namespace

/// How a nest of `batch + 3` loops reads matrices of `operand`, whose other
/// axes broadcast, by two of its loops.
AffineMap AttentionLowering::operandMap(Value operand, unsigned row,
                                        unsigned column) {
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(operand.getType()).getShape();
  AffineMap batches = broadcastMap(builder.getContext(), shape.drop_back(2),
                                   type.getShape().drop_back(2));
  SmallVector<AffineExpr> indices(batches.getResults());
  indices.append({builder.getAffineDimExpr(batch + row),
                  builder.getAffineDimExpr(batch + column)});
  return AffineMap::get(batch + 3, 0, indices, builder.getContext());
}

Value AttentionLowering::scale(ScalarBuilder &b) {
  if (std::optional<APFloat> known = op.getScale())
    return b.number(known->convertToDouble());
  return arith::DivFOp::create(
      b, b.number(1),
      math::SqrtOp::create(b,
                           b.extent(lowering::dimsOf(operands.getQ()).back())));
}

/// q k^T * scale, and minus infinity where nothing is to be seen; loops
/// (batch..., t, s, d).
Value AttentionLowering::maskedScores() {
  Dims dims = lowering::dimsOf(type);
  dims.back() = *std::prev(lowering::dimsOf(operands.getK()).end(), 2);
  RankedTensorType scoresType = withDims(type, dims).clone(real);
  Value scores =
      contract(builder, loc, scoresType, operands.getQ(), operands.getK(),
               {operandMap(operands.getQ(), 0, 2),
                operandMap(operands.getK(), 1, 2), resultMap()});

  SmallVector<Value> inputs = {scores};
  if (operands.getMask())
    inputs.push_back(operands.getMask());
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
    ScalarBuilder b(nestedLoc, nested, dtype);
    Value score = arith::MulFOp::create(b, x[0], scale(b));
    Value hidden = arith::ConstantOp::create(b, lowest());
    if (op.getMask()) {
      ScalarBuilder mask(nestedLoc, nested, lowering::dtypeOf(op.getMask()));
      Value loaded = mask.load(x[1]);
      if (isBool(mask.dtype))
        score = arith::SelectOp::create(b, loaded, score, hidden);
      else
        score = arith::AddFOp::create(b, score, loaded);
    }
    if (op.getCausal()) {
      Value isSeen = arith::CmpIOp::create(
          b, arith::CmpIPredicate::ule, linalg::IndexOp::create(b, batch + 1),
          linalg::IndexOp::create(b, batch));
      score = arith::SelectOp::create(b, isSeen, score, hidden);
    }
    return score;
  };
  return elementwise(builder, loc, scoresType, inputs, body);
}

Value AttentionLowering::overKeys(Value terms, TypedAttr identity,
                                  Value (*combine)(ScalarBuilder &, Value,
                                                   Value)) {
  return reduce(builder, loc, terms, batch + 1, identity,
                [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                  ScalarBuilder b(nestedLoc, nested, dtype);
                  return combine(b, x[0], x[1]);
                });
}

/// exp(score - largest of the row), where a row that sees nothing is all 0.
Value AttentionLowering::exponentials(Value scores) {
  auto scoresType = cast<RankedTensorType>(scores.getType());
  Value largest = overKeys(scores, lowest(), largerOf);
  Value finite = elementwise(
      builder, loc, cast<RankedTensorType>(largest.getType()), largest,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ScalarBuilder b(nestedLoc, nested, dtype);
        Value seesNothing =
            arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x[0],
                                  arith::ConstantOp::create(b, lowest()));
        return arith::SelectOp::create(b, seesNothing, b.number(0), x[0]);
      });
  return mapped(
      builder, loc, scoresType, {scores, finite},
      {builder.getMultiDimIdentityMap(batch + 2),
       keptAxes(builder.getContext(), batch + 2, batch + 1)},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        return math::ExpOp::create(
            nested, nestedLoc,
            arith::SubFOp::create(nested, nestedLoc, x[0], x[1]));
      });
}

Value AttentionLowering::lower() {
  Value exps = exponentials(maskedScores());
  Value sums = overKeys(exps, builder.getFloatAttr(real, 0.0), sumOf);
  // Loops (batch..., t, e, s).
  Value values = contract(
      builder, loc, type, exps, operands.getV(),
      {operandMap(exps, 0, 2), operandMap(operands.getV(), 2, 1), resultMap()});
  return mapped(builder, loc, type, {values, sums},
                {builder.getMultiDimIdentityMap(batch + 2),
                 keptAxes(builder.getContext(), batch + 2, batch + 1)},
                [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                  ScalarBuilder b(nestedLoc, nested, dtype);
                  Value isEmpty = arith::CmpFOp::create(
                      b, arith::CmpFPredicate::OEQ, x[1], b.number(0));
                  Value quotient = arith::DivFOp::create(b, x[0], x[1]);
                  return b.store(arith::SelectOp::create(
                      b, isEmpty, b.number(0), quotient));
                });
}

static Value lowerAttention(AttentionOp op, AttentionOp::Adaptor operands,
                            RankedTensorType type, OpBuilder &builder) {
  return AttentionLowering(op, operands, type, builder).lower();
}

void lowering::populateAttention(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  add<AttentionOp>(patterns, converter, lowerAttention);
}
