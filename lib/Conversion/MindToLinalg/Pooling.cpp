//===- Pooling.cpp - windows of images to linalg ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

/// Combines the elements of each window of `x`, padded with `fill`, from
/// `identity`: loops (n, oh, ow, c, kh, kw). The result has `type`'s shape and
/// the type of `identity`.
Value reduceWindows(OpBuilder &builder, Location loc, RankedTensorType type,
                    Value x, DType dtype, ArrayRef<int64_t> window,
                    ArrayRef<int64_t> strides, ArrayRef<int64_t> padding,
                    TypedAttr fill, TypedAttr identity,
                    Value (*combine)(ScalarBuilder &, Value, Value)) {
  MLIRContext *context = builder.getContext();
  x = padImages(builder, loc, x, padding, fill);
  // linalg takes the extents of loops from operands: this one is not read.
  Value shape = tensor::EmptyOp::create(
      builder, loc, window,
      cast<RankedTensorType>(x.getType()).getElementType());
  AffineExpr n, oh, ow, c, kh, kw;
  bindDims(context, n, oh, ow, c, kh, kw);
  auto map = [&](ArrayRef<AffineExpr> indices) {
    return AffineMap::get(6, 0, indices, context);
  };
  AffineMap maps[] = {map({n, oh * strides[0] + kh, ow * strides[1] + kw, c}),
                      map({kh, kw}), map({n, oh, ow, c})};
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  iterators.append(2, utils::IteratorType::reduction);
  Value init = filled(builder, loc, type.clone(identity.getType()), identity);
  auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
    ScalarBuilder b(nestedLoc, nested, dtype);
    linalg::YieldOp::create(b, combine(b, args[2], b.load(args[0])));
  };
  return linalg::GenericOp::create(builder, loc, init.getType(),
                                   ValueRange{x, shape}, init, maps, iterators,
                                   body)
      .getResult(0);
}

Value lowerMaxPool(MaxPool2dOp op, MaxPool2dOp::Adaptor operands,
                   RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getX());
  Type stored = type.getElementType();
  auto least = [&](Type type) {
    return extreme(builder, type, /*largest=*/false, isUnsignedInt(dtype));
  };
  Value result =
      reduceWindows(builder, op.getLoc(), type, operands.getX(), dtype,
                    op.getWindow(), op.getStrides(), op.getPadding(),
                    least(stored), least(accumulatorType(stored)), largerOf);
  return roundTo(builder, op.getLoc(), result, stored);
}

/// How many elements of a window along `axis` (0: rows) lie on the image of
/// extent `extent`, given the window's position.
Value elementsInside(ScalarBuilder &b, AvgPool2dOp op, unsigned axis,
                     const Dim &extent) {
  int64_t window = op.getWindow()[axis], before = op.getPadding()[2 * axis];
  if (before == 0 && op.getPadding()[2 * axis + 1] == 0)
    return arith::ConstantIndexOp::create(b, window);
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  };
  Value position = linalg::IndexOp::create(b, 1 + axis);
  Value begin = arith::SubIOp::create(
      b, arith::MulIOp::create(b, position, constant(op.getStrides()[axis])),
      constant(before));
  Value end = arith::AddIOp::create(b, begin, constant(window));
  return arith::SubIOp::create(
      b, arith::MinSIOp::create(b, end, makeExtent(b, b.getLoc(), extent)),
      arith::MaxSIOp::create(b, begin, constant(0)));
}

Value lowerAvgPool(AvgPool2dOp op, AvgPool2dOp::Adaptor operands,
                   RankedTensorType type, OpBuilder &builder) {
  DType dtype = lowering::dtypeOf(op.getX());
  Type stored = type.getElementType();
  Value sums = reduceWindows(
      builder, op.getLoc(), type, operands.getX(), dtype, op.getWindow(),
      op.getStrides(), op.getPadding(), builder.getZeroAttr(stored),
      builder.getZeroAttr(accumulatorType(stored)), sumOf);
  Dims dims = lowering::dimsOf(operands.getX());
  return elementwise(
      builder, op.getLoc(), type, sums,
      [&](OpBuilder &nested, Location loc, ValueRange x) {
        ScalarBuilder b(loc, nested, dtype);
        Value count;
        if (llvm::all_of(op.getPadding(), [](int64_t p) { return p == 0; })) {
          count = b.number(double(op.getWindow()[0] * op.getWindow()[1]));
        } else {
          Value inside =
              arith::MulIOp::create(b, elementsInside(b, op, 0, dims[1]),
                                    elementsInside(b, op, 1, dims[2]));
          count = arith::SIToFPOp::create(
              b, b.computeType(),
              arith::IndexCastOp::create(b, b.getI64Type(), inside));
        }
        return b.store(arith::DivFOp::create(b, x[0], count));
      });
}

Value lowerGlobalAvgPool(GlobalAvgPool2dOp op,
                         GlobalAvgPool2dOp::Adaptor operands,
                         RankedTensorType type, OpBuilder &builder) {
  Value mean = lowering::mean(builder, op.getLoc(), operands.getX(),
                              lowering::dtypeOf(op.getX()), {1, 2});
  return roundTo(builder, op.getLoc(), mean, type.getElementType());
}

} // namespace

void lowering::populatePooling(const TypeConverter &converter,
                               RewritePatternSet &patterns) {
  add<MaxPool2dOp>(patterns, converter, lowerMaxPool);
  add<AvgPool2dOp>(patterns, converter, lowerAvgPool);
  add<GlobalAvgPool2dOp>(patterns, converter, lowerGlobalAvgPool);
}
