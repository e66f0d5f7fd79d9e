//===- Attention.cpp - attention to an operation on storage ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// linalg has no attention. What it is made of is said later, where no kernel
// takes it (mind-decompose-attention).
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

static ArrayRef<int64_t> shapeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getShape();
}

static Value lowerAttention(AttentionOp op, AttentionOp::Adaptor operands,
                            RankedTensorType type, OpBuilder &builder) {
  MLIRContext *context = builder.getContext();
  ArrayRef<int64_t> matrices = type.getShape().drop_back(2);
  unsigned query = matrices.size(), key = query + 1, depth = query + 2,
           feature = query + 3, numLoops = query + 4;
  // Axes before the matrices broadcast.
  auto indexed = [&](Value operand, unsigned row, unsigned column) {
    AffineMap map =
        broadcastMap(context, shapeOf(operand).drop_back(2), matrices);
    SmallVector<AffineExpr> indices(map.getResults());
    indices.append(
        {builder.getAffineDimExpr(row), builder.getAffineDimExpr(column)});
    return AffineMap::get(numLoops, 0, indices, context);
  };
  SmallVector<AffineMap> maps = {indexed(operands.getQ(), query, depth),
                                 indexed(operands.getK(), key, depth),
                                 indexed(operands.getV(), key, feature)};
  Value mask = operands.getMask();
  if (mask) {
    // All axes of the mask broadcast.
    SmallVector<int64_t> scores(matrices);
    scores.append(
        {type.getDimSize(query), shapeOf(operands.getK()).drop_back().back()});
    AffineMap map = broadcastMap(context, shapeOf(mask), scores);
    maps.push_back(AffineMap::get(numLoops, 0, map.getResults(), context));
  }
  Value out = empty(builder, op.getLoc(), type);
  maps.push_back(indexed(out, query, feature));
  return AttentionKernelOp::create(
             builder, op.getLoc(), type, operands.getQ(), operands.getK(),
             operands.getV(), mask, out, /*scratch=*/Value(),
             builder.getAffineMapArrayAttr(maps),
             op.getCausal() ? builder.getUnitAttr() : UnitAttr(),
             op.getScaleAttr(), /*level=*/IntegerAttr(),
             /*plan=*/DenseI64ArrayAttr())
      .getResult(0);
}

void lowering::populateAttention(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  add<AttentionOp>(patterns, converter, lowerAttention);
}
