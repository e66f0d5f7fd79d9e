//===- DecomposeAttention.cpp - attention to linalg ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two contractions and what a softmax is made of between them. All of it stays
// in f32 for f16 and bf16; rows are divided by their sums at the end, where
// there is less of them.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace mind {
#define GEN_PASS_DEF_DECOMPOSEATTENTION
#include "Mind/Conversion/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

class Decomposition {
public:
  Decomposition(AttentionKernelOp op, OpBuilder &builder)
      : op(op), builder(builder), loc(op.getLoc()),
        dtype(lowering::dtypeOf(op.getOut())),
        type(cast<RankedTensorType>(op.getOut().getType())),
        real(accumulatorType(type.getElementType())),
        matrices(llvm::to_vector(llvm::seq(op.getNumMatrixLoops()))),
        loopDims(op.getNumMatrixLoops() + 4, Dim(1)) {
    for (auto [operand, map] : op.getIndexedOperands()) {
      maps.push_back(map);
      for (auto [expr, dim] :
           llvm::zip_equal(map.getResults(), lowering::dimsOf(operand)))
        if (auto loop = dyn_cast<AffineDimExpr>(expr))
          loopDims[loop.getPosition()] = dim;
    }
  }

  Value run();

private:
  /// Those loops of the operation that a nest has: the ones over matrices, then
  /// `more`.
  using Loops = SmallVector<unsigned>;
  Loops loops(ArrayRef<unsigned> more) const {
    Loops result = matrices;
    llvm::append_range(result, more);
    return result;
  }
  /// How a nest of `nest` indexes what `map` indexes by all loops.
  AffineMap over(const Loops &nest, AffineMap map) const {
    SmallVector<AffineExpr> places(map.getNumDims(),
                                   builder.getAffineConstantExpr(0));
    for (auto [place, loop] : llvm::enumerate(nest))
      places[loop] = builder.getAffineDimExpr(place);
    return map.replaceDimsAndSymbols(places, {}, nest.size(), 0);
  }
  /// A tensor with a dimension for each of `nest`.
  RankedTensorType typeOver(const Loops &nest, Type element) const {
    return tensorType(llvm::map_to_vector(
                          nest, [&](unsigned loop) { return loopDims[loop]; }),
                      element);
  }
  AffineMap allButLast(unsigned rank) {
    return builder.getMultiDimIdentityMap(rank).dropResult(rank - 1);
  }

  Value maskedScores();
  Value exponentials(Value scores);
  Value overKeys(Value terms, TypedAttr identity,
                 Value (*combine)(ScalarBuilder &, Value, Value));
  TypedAttr lowest() {
    return extreme(builder, real, /*largest=*/false, /*isUnsigned=*/false);
  }
  Value scale(ScalarBuilder &b);

  AttentionKernelOp op;
  OpBuilder &builder;
  Location loc;
  DType dtype;
  RankedTensorType type;
  Type real;
  Loops matrices;
  /// The extents of the loops.
  Dims loopDims;
  /// Of the operands, in order.
  SmallVector<AffineMap> maps;
};

} // namespace

Value Decomposition::scale(ScalarBuilder &b) {
  if (std::optional<APFloat> known = op.getScale())
    return b.number(known->convertToDouble());
  return arith::DivFOp::create(
      b, b.number(1),
      math::SqrtOp::create(b, b.extent(loopDims[op.getDepthLoop()])));
}

/// q k^T * scale, and minus infinity where nothing is to be seen.
Value Decomposition::maskedScores() {
  Loops nest = loops({op.getQueryLoop(), op.getKeyLoop(), op.getDepthLoop()});
  Loops inner = loops({op.getQueryLoop(), op.getKeyLoop()});
  RankedTensorType scoresType = typeOver(inner, real);
  Value scores = contract(
      builder, loc, scoresType, op.getQ(), op.getK(),
      {over(nest, maps[0]), over(nest, maps[1]), allButLast(nest.size())});

  SmallVector<Value> inputs = {scores};
  SmallVector<AffineMap> read = {builder.getMultiDimIdentityMap(inner.size())};
  if (op.getMask()) {
    inputs.push_back(op.getMask());
    read.push_back(over(inner, maps[3]));
  }
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
    ScalarBuilder b(nestedLoc, nested, dtype);
    Value score = arith::MulFOp::create(b, x[0], scale(b));
    Value hidden = arith::ConstantOp::create(b, lowest());
    if (op.getMask()) {
      bool keeps = x[1].getType().isInteger();
      ScalarBuilder mask(nestedLoc, nested, keeps ? DType::Bool : dtype);
      Value loaded = mask.load(x[1]);
      if (keeps)
        score = arith::SelectOp::create(b, loaded, score, hidden);
      else
        score = arith::AddFOp::create(b, score, loaded);
    }
    if (op.getCausal()) {
      Value isSeen =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ule,
                                linalg::IndexOp::create(b, inner.size() - 1),
                                linalg::IndexOp::create(b, inner.size() - 2));
      score = arith::SelectOp::create(b, isSeen, score, hidden);
    }
    return score;
  };
  return mapped(builder, loc, scoresType, inputs, read, body);
}

Value Decomposition::overKeys(Value terms, TypedAttr identity,
                              Value (*combine)(ScalarBuilder &, Value, Value)) {
  return reduce(builder, loc, terms, matrices.size() + 1, identity,
                [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                  ScalarBuilder b(nestedLoc, nested, dtype);
                  return combine(b, x[0], x[1]);
                });
}

/// exp(score - largest of the row), where a row that sees nothing is all 0.
Value Decomposition::exponentials(Value scores) {
  auto scoresType = cast<RankedTensorType>(scores.getType());
  unsigned rank = scoresType.getRank();
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
      {builder.getMultiDimIdentityMap(rank), allButLast(rank)},
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        return math::ExpOp::create(
            nested, nestedLoc,
            arith::SubFOp::create(nested, nestedLoc, x[0], x[1]));
      });
}

Value Decomposition::run() {
  Value exps = exponentials(maskedScores());
  Value sums = overKeys(exps, builder.getFloatAttr(real, 0.0), sumOf);
  Loops nest = loops({op.getQueryLoop(), op.getFeatureLoop(), op.getKeyLoop()});
  Loops inner = loops({op.getQueryLoop(), op.getFeatureLoop()});
  unsigned last = nest.size() - 1;
  // Weights have no dimension for features.
  AffineMap weights =
      builder.getMultiDimIdentityMap(nest.size()).dropResult(last - 1);
  Value values =
      contract(builder, loc, typeOver(inner, real), exps, op.getV(),
               {weights, over(nest, maps[2]), allButLast(nest.size())});
  // From the dimensions of the result to the loops that index them.
  AffineMap toLoops = inversePermutation(over(inner, maps.back()));
  return mapped(builder, loc, type, {values, sums},
                {toLoops, allButLast(inner.size()).compose(toLoops)},
                [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                  ScalarBuilder b(nestedLoc, nested, dtype);
                  Value isEmpty = arith::CmpFOp::create(
                      b, arith::CmpFPredicate::OEQ, x[1], b.number(0));
                  Value quotient = arith::DivFOp::create(b, x[0], x[1]);
                  return b.store(arith::SelectOp::create(
                      b, isEmpty, b.number(0), quotient));
                });
}

namespace {
struct DecomposeAttention
    : mind::impl::DecomposeAttentionBase<DecomposeAttention> {
  void runOnOperation() override {
    getOperation()->walk([](AttentionKernelOp op) {
      if (op.getLevel())
        return;
      OpBuilder builder(op);
      op->replaceAllUsesWith(ValueRange(Decomposition(op, builder).run()));
      op->erase();
    });
  }
};
} // namespace
