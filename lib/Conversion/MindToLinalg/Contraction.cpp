//===- Contraction.cpp - products summed over an axis ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions become linalg's named operations where one fits, since code
// generation knows them best, else a linalg.generic with the same body. Sums
// start from zero; f16 and bf16 are summed in f32 and rounded at the end.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

RankedTensorType typeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// Zeros of `type`'s shape, in the type that its elements are summed in.
Value zeroSums(OpBuilder &builder, Location loc, RankedTensorType type) {
  Type sum = accumulatorType(type.getElementType());
  return filled(builder, loc, type.clone(sum), builder.getZeroAttr(sum));
}

template <typename NamedOp>
Value named(OpBuilder &builder, Location loc, RankedTensorType type,
            ValueRange operands) {
  Value sums = zeroSums(builder, loc, type);
  Value result = NamedOp::create(builder, loc, sums.getType(), operands, sums)
                     .getResult(0);
  return roundTo(builder, loc, result, type.getElementType());
}

/// Loops (batch..., m, n, k).
Value lowerMatmul(MatmulOp op, MatmulOp::Adaptor operands,
                  RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  Value lhs = operands.getLhs(), rhs = operands.getRhs();
  RankedTensorType lhsType = typeOf(lhs), rhsType = typeOf(rhs);
  int64_t batch = type.getRank() - 2;
  if (batch == 0)
    return named<linalg::MatmulOp>(builder, loc, type, {lhs, rhs});
  if (batch == 1 && lhsType.getRank() == 3 && rhsType.getRank() == 3 &&
      lhsType.getDimSize(0) == rhsType.getDimSize(0))
    return named<linalg::BatchMatmulOp>(builder, loc, type, {lhs, rhs});

  AffineExpr m = builder.getAffineDimExpr(batch),
             n = builder.getAffineDimExpr(batch + 1),
             k = builder.getAffineDimExpr(batch + 2);
  auto map = [&](ArrayRef<int64_t> shape, AffineExpr row, AffineExpr column) {
    AffineMap batches = broadcastMap(builder.getContext(), shape.drop_back(2),
                                     type.getShape().drop_back(2));
    SmallVector<AffineExpr> indices(batches.getResults());
    indices.append({row, column});
    return AffineMap::get(batch + 3, 0, indices, builder.getContext());
  };
  Value sums =
      contract(builder, loc, type, lhs, rhs,
               {map(lhsType.getShape(), m, k), map(rhsType.getShape(), k, n),
                map(type.getShape(), m, n)});
  return roundTo(builder, loc, sums, type.getElementType());
}

Value lowerDot(DotOp op, DotOp::Adaptor operands, RankedTensorType type,
               OpBuilder &builder) {
  Value lhs = operands.getLhs(), rhs = operands.getRhs();
  Location loc = op.getLoc();
  if (typeOf(lhs).getRank() == 1) {
    if (typeOf(rhs).getRank() == 1)
      return named<linalg::DotOp>(builder, loc, type, {lhs, rhs});
    return named<linalg::VecmatOp>(builder, loc, type, {lhs, rhs});
  }
  if (typeOf(rhs).getRank() == 1)
    return named<linalg::MatvecOp>(builder, loc, type, {lhs, rhs});
  return named<linalg::MatmulOp>(builder, loc, type, {lhs, rhs});
}

/// Loops (leading axes of x..., o, i). The bias is added before rounding.
Value lowerLinear(LinearOp op, LinearOp::Adaptor operands,
                  RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  unsigned rank = type.getRank();
  AffineExpr o = builder.getAffineDimExpr(rank - 1),
             i = builder.getAffineDimExpr(rank);
  SmallVector<AffineExpr> leading;
  for (unsigned axis = 0; axis + 1 < rank; ++axis)
    leading.push_back(builder.getAffineDimExpr(axis));
  auto map = [&](ArrayRef<AffineExpr> first, AffineExpr last) {
    SmallVector<AffineExpr> indices(first);
    indices.push_back(last);
    return AffineMap::get(rank + 1, 0, indices, context);
  };
  Value sums = contract(builder, loc, type, operands.getX(), operands.getW(),
                        {map(leading, i), map(o, i), map(leading, o)});
  DType dtype = lowering::dtypeOf(op.getB());
  return elementwise(builder, loc, type, {sums, operands.getB()},
                     [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
                       ScalarBuilder b(nestedLoc, nested, dtype);
                       Value bias = b.load(x[1]), sum;
                       if (b.isFloat())
                         sum = arith::AddFOp::create(b, x[0], bias);
                       else
                         sum = arith::AddIOp::create(b, x[0], bias);
                       return b.store(sum);
                     });
}

/// Channels split into groups, an axis of their own:
/// loops (n, oh, ow, g, f, kh, kw, c).
Value groupedConvolution(Conv2dOp op, Value x, Value w, RankedTensorType type,
                         OpBuilder &builder) {
  Location loc = op.getLoc();
  int64_t groups = op.getGroups();
  auto split = [&](RankedTensorType whole) {
    Dims dims = lowering::dimsOf(whole);
    dims.back() = *Dim::divideExactly(dims.back(), groups);
    dims.insert(std::prev(dims.end()), groups);
    return withDims(whole, dims);
  };
  x = reshape(builder, loc, x, split(typeOf(x)));
  w = reshape(builder, loc, w, split(typeOf(w)));

  AffineExpr n, oh, ow, g, f, kh, kw, c;
  bindDims(builder.getContext(), n, oh, ow, g, f, kh, kw, c);
  auto along = [&](unsigned axis, AffineExpr out, AffineExpr tap) {
    return out * op.getStrides()[axis] + tap * op.getDilation()[axis];
  };
  auto map = [&](ArrayRef<AffineExpr> indices) {
    return AffineMap::get(8, 0, indices, builder.getContext());
  };
  Value sums = contract(builder, loc, split(type), x, w,
                        {map({n, along(0, oh, kh), along(1, ow, kw), g, c}),
                         map({kh, kw, c, g, f}), map({n, oh, ow, g, f})});
  return reshape(builder, loc, sums, type.clone(typeOf(sums).getElementType()));
}

Value lowerConv2d(Conv2dOp op, Conv2dOp::Adaptor operands,
                  RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  Value x =
      padImages(builder, loc, operands.getX(), op.getPadding(),
                builder.getZeroAttr(typeOf(operands.getX()).getElementType()));
  Value sums;
  if (op.getGroups() == 1) {
    Value zeros = zeroSums(builder, loc, type);
    sums = linalg::Conv2DNhwcHwcfOp::create(
               builder, loc, zeros.getType(), ValueRange{x, operands.getW()},
               zeros, builder.getI64TensorAttr(op.getStrides()),
               builder.getI64TensorAttr(op.getDilation()))
               .getResult(0);
  } else {
    sums = groupedConvolution(op, x, operands.getW(), type, builder);
  }
  return roundTo(builder, loc, sums, type.getElementType());
}

} // namespace

Value lowering::contract(OpBuilder &builder, Location loc,
                         RankedTensorType type, Value lhs, Value rhs,
                         ArrayRef<AffineMap> maps) {
  SmallVector<utils::IteratorType> iterators(maps[2].getNumDims(),
                                             utils::IteratorType::reduction);
  for (AffineExpr index : maps[2].getResults())
    iterators[cast<AffineDimExpr>(index).getPosition()] =
        utils::IteratorType::parallel;
  Value sums = zeroSums(builder, loc, type);
  DType dtype = *mind::dtypeOf(type.getElementType());
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
    ScalarBuilder b(nestedLoc, nested, dtype);
    Value lhs = b.load(x[0]), rhs = b.load(x[1]), sum;
    if (b.isFloat())
      sum = arith::AddFOp::create(b, x[2], arith::MulFOp::create(b, lhs, rhs));
    else
      sum = arith::AddIOp::create(b, x[2], arith::MulIOp::create(b, lhs, rhs));
    linalg::YieldOp::create(b, sum);
  };
  return linalg::GenericOp::create(builder, loc, sums.getType(),
                                   ValueRange{lhs, rhs}, sums, maps, iterators,
                                   body)
      .getResult(0);
}

void lowering::populateContraction(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  add<MatmulOp>(patterns, converter, lowerMatmul);
  add<DotOp>(patterns, converter, lowerDot);
  add<LinearOp>(patterns, converter, lowerLinear);
  add<Conv2dOp>(patterns, converter, lowerConv2d);
}
