//===- Movement.cpp - elements keep their values ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

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

//===----------------------------------------------------------------------===//
// Cutting and joining
//===----------------------------------------------------------------------===//

/// The tensors one after the other along `axis`.
static Value join(OpBuilder &builder, Location loc, RankedTensorType type,
                  int64_t axis, ValueRange tensors) {
  bool isFixed = llvm::all_of(tensors.drop_back(), [&](Value tensor) {
    return lowering::dimsOf(tensor)[axis].isConstant();
  });
  if (isFixed)
    return tensor::ConcatOp::create(builder, loc, type, axis, tensors);
  // Where a tensor begins is known to the run only.
  Value joined = empty(builder, loc, type);
  SmallVector<OpFoldResult> steps(type.getRank(), builder.getIndexAttr(1));
  Dims begin(type.getRank());
  for (Value tensor : tensors) {
    Dims dims = lowering::dimsOf(tensor);
    joined = tensor::InsertSliceOp::create(builder, loc, tensor, joined,
                                           extents(builder, loc, begin),
                                           extents(builder, loc, dims), steps);
    begin[axis] = *Dim::add(begin[axis], dims[axis]);
  }
  return joined;
}

static Value lowerConcat(ConcatOp op, ConcatOp::Adaptor operands,
                         RankedTensorType type, OpBuilder &builder) {
  return join(builder, op.getLoc(), type, op.getAxis(), operands.getTensors());
}

static Value lowerStack(StackOp op, StackOp::Adaptor operands,
                        RankedTensorType type, OpBuilder &builder) {
  if (type.getRank() == 1) {
    SmallVector<Value> elements;
    for (Value tensor : operands.getTensors())
      elements.push_back(tensor::ExtractOp::create(builder, op.getLoc(), tensor,
                                                   ValueRange()));
    return tensor::FromElementsOp::create(builder, op.getLoc(), type, elements);
  }
  Dims dims = lowering::dimsOf(type);
  dims[op.getAxis()] = 1;
  SmallVector<Value> parts;
  for (Value tensor : operands.getTensors())
    parts.push_back(
        reshape(builder, op.getLoc(), tensor, withDims(type, dims)));
  return join(builder, op.getLoc(), type, op.getAxis(), parts);
}

/// The part of `x` of type `type` that begins at `starts`.
static Value extract(OpBuilder &builder, Location loc, Value x,
                     RankedTensorType type, ArrayRef<Dim> starts,
                     ArrayRef<int64_t> steps) {
  return tensor::ExtractSliceOp::create(
      builder, loc, type, x, extents(builder, loc, starts),
      extents(builder, loc, lowering::dimsOf(type)),
      getAsIndexOpFoldResult(builder.getContext(), steps));
}

struct SplitPattern : OpConversionPattern<SplitOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SplitOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult(0).getType()));
    SmallVector<int64_t> steps(type.getRank(), 1);
    Dims starts(type.getRank());
    SmallVector<Value> parts;
    for (int64_t part = 0; part < int64_t(op.getParts()); ++part) {
      parts.push_back(
          extract(rewriter, op.getLoc(), adaptor.getX(), type, starts, steps));
      Dim &start = starts[op.getAxis()];
      start = *Dim::add(start, lowering::dimsOf(type)[op.getAxis()]);
    }
    rewriter.replaceOp(op, parts);
    return success();
  }
};

static Value lowerSlice(SliceOp op, SliceOp::Adaptor operands,
                        RankedTensorType type, OpBuilder &builder) {
  Dims starts(op.getStarts().begin(), op.getStarts().end());
  // Of a symbolic dimension, negative ones still count from the end.
  for (auto [start, extent] :
       llvm::zip_equal(starts, lowering::dimsOf(operands.getX())))
    if (start.constant() < 0)
      start = *Dim::add(extent, start);
  return extract(builder, op.getLoc(), operands.getX(), type, starts,
                 op.getSteps());
}

static Value lowerPad(PadOp op, PadOp::Adaptor operands, RankedTensorType type,
                      OpBuilder &builder) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> low, high;
  ArrayRef<int64_t> padding = op.getPadding();
  for (size_t dim = 0; dim != padding.size() / 2; ++dim) {
    low.push_back(builder.getIndexAttr(padding[2 * dim]));
    high.push_back(builder.getIndexAttr(padding[2 * dim + 1]));
  }
  SplatElementsAttr known;
  TypedAttr value = numberAttr(type.getElementType(), 0);
  if (matchPattern(operands.getValue(), m_Constant(&known)))
    value = known.getSplatValue<TypedAttr>();
  Value constant = arith::ConstantOp::create(builder, loc, value);
  Value padded = tensor::PadOp::create(builder, loc, type, operands.getX(), low,
                                       high, constant);
  if (known)
    return padded;
  // Outside of x, put the value that the run brings.
  auto identity = builder.getMultiDimIdentityMap(type.getRank());
  auto everywhere = AffineMap::get(type.getRank(), 0, builder.getContext());
  auto choose = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
    ImplicitLocOpBuilder b(nestedLoc, nested);
    Dims dims = lowering::dimsOf(operands.getX());
    Value inside = arith::ConstantIntOp::create(b, 1, 1);
    for (auto [dim, extent] : llvm::enumerate(dims)) {
      Value index = linalg::IndexOp::create(b, dim);
      auto within = [&](arith::CmpIPredicate predicate, const Dim &bound) {
        Value isWithin = arith::CmpIOp::create(
            b, predicate, index, makeExtent(b, b.getLoc(), bound));
        inside = arith::AndIOp::create(b, inside, isWithin);
      };
      within(arith::CmpIPredicate::sge, padding[2 * dim]);
      within(arith::CmpIPredicate::slt, *Dim::add(extent, padding[2 * dim]));
    }
    return arith::SelectOp::create(b, inside, x[0], x[1]);
  };
  return mapped(builder, loc, type, {padded, operands.getValue()},
                {identity, everywhere}, choose);
}

static Value lowerFlip(FlipOp op, FlipOp::Adaptor operands,
                       RankedTensorType type, OpBuilder &builder) {
  Location loc = op.getLoc();
  auto isFlipped = [&](int64_t dim) {
    return llvm::is_contained(op.getAxes(), dim);
  };
  Dims dims = lowering::dimsOf(type);
  SmallVector<AffineExpr> indices;
  for (auto [dim, extent] : llvm::enumerate(dims)) {
    AffineExpr index = builder.getAffineDimExpr(dim);
    if (isFlipped(dim) && !extent.isConstant()) {
      // No map says this. The elements are fetched one by one.
      auto fetch = [&](OpBuilder &nested, Location nestedLoc, ValueRange) {
        ImplicitLocOpBuilder b(nestedLoc, nested);
        SmallVector<Value> position;
        for (auto [dim, extent] : llvm::enumerate(dims)) {
          Value at = linalg::IndexOp::create(b, dim);
          if (isFlipped(dim))
            at = arith::SubIOp::create(
                b, makeExtent(b, loc, *Dim::add(extent, -1)), at);
          position.push_back(at);
        }
        return tensor::ExtractOp::create(b, operands.getX(), position);
      };
      return mapped(builder, loc, type, {}, {}, fetch);
    }
    indices.push_back(isFlipped(dim) ? extent.constant() - 1 - index : index);
  }
  AffineMap map =
      AffineMap::get(type.getRank(), 0, indices, builder.getContext());
  return mapped(builder, loc, type, operands.getX(), map,
                [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

/// Keeps the elements whose column compares to their row plus `k` so.
template <arith::CmpIPredicate keeps, typename OpT>
static Value lowerTriangle(OpT op, typename OpT::Adaptor operands,
                           RankedTensorType type, OpBuilder &builder) {
  int64_t rank = type.getRank();
  auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
    ImplicitLocOpBuilder b(loc, nested);
    Value row = linalg::IndexOp::create(b, rank - 2);
    Value column = linalg::IndexOp::create(b, rank - 1);
    Value diagonal = arith::AddIOp::create(
        b, row, arith::ConstantIndexOp::create(b, op.getK()));
    Value isKept = arith::CmpIOp::create(b, keeps, column, diagonal);
    Value zero =
        arith::ConstantOp::create(b, numberAttr(type.getElementType(), 0));
    return arith::SelectOp::create(b, isKept, x[0], zero);
  };
  return mapped(builder, op.getLoc(), type, operands.getX(),
                builder.getMultiDimIdentityMap(rank), body);
}

void lowering::populateMovement(const TypeConverter &converter,
                                RewritePatternSet &patterns) {
  add<ReshapeOp>(patterns, converter, lowerReshape<ReshapeOp>);
  add<ExpandDimsOp>(patterns, converter, lowerReshape<ExpandDimsOp>);
  add<SqueezeOp>(patterns, converter, lowerReshape<SqueezeOp>);
  add<FlattenOp>(patterns, converter, lowerReshape<FlattenOp>);
  add<TransposeOp>(patterns, converter, lowerTranspose);
  add<BroadcastToOp>(patterns, converter, lowerBroadcastTo);
  add<ConcatOp>(patterns, converter, lowerConcat);
  add<StackOp>(patterns, converter, lowerStack);
  patterns.add<SplitPattern>(converter, patterns.getContext());
  add<SliceOp>(patterns, converter, lowerSlice);
  add<PadOp>(patterns, converter, lowerPad);
  add<FlipOp>(patterns, converter, lowerFlip);
  add<TrilOp>(patterns, converter,
              lowerTriangle<arith::CmpIPredicate::sle, TrilOp>);
  add<TriuOp>(patterns, converter,
              lowerTriangle<arith::CmpIPredicate::sge, TriuOp>);
}
