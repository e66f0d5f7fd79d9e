//===- Movement.cpp - elements keep their values ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

/// reshape, expand_dims, squeeze and flatten: the result type says it all.
template <typename OpT>
static Value lowerReshape(OpT op, typename OpT::Adaptor operands,
                          RankedTensorType type, OpBuilder &builder) {
  return reshape(builder, op.getLoc(), operands.getX(), type);
}

static Value lowerTranspose(TransposeOp op, TransposeOp::Adaptor operands,
                            RankedTensorType type, OpBuilder &builder) {
  SmallVector<unsigned> axes(op.getAxes().begin(), op.getAxes().end());
  AffineMap map = inversePermutation(
      AffineMap::getPermutationMap(axes, builder.getContext()));
  return mapped(builder, op.getLoc(), type, operands.getX(), map,
                [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

static Value lowerBroadcastTo(BroadcastToOp op, BroadcastToOp::Adaptor operands,
                              RankedTensorType type, OpBuilder &builder) {
  return elementwise(builder, op.getLoc(), type, operands.getX(),
                     [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

void lowering::populateMovement(const TypeConverter &converter,
                                RewritePatternSet &patterns) {
  add<ReshapeOp>(patterns, converter, lowerReshape<ReshapeOp>);
  add<ExpandDimsOp>(patterns, converter, lowerReshape<ExpandDimsOp>);
  add<SqueezeOp>(patterns, converter, lowerReshape<SqueezeOp>);
  add<FlattenOp>(patterns, converter, lowerReshape<FlattenOp>);
  add<TransposeOp>(patterns, converter, lowerTranspose);
  add<BroadcastToOp>(patterns, converter, lowerBroadcastTo);
}
