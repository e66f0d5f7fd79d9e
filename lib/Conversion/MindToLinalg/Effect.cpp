//===- Effect.cpp - what a call does besides its results -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

/// `value` as a tensor in memory. A kernel fills one whose elements are all the
/// same: as data, it would take as much room in the object file.
Value inMemory(OpBuilder &builder, Location loc, Value value) {
  SplatElementsAttr splat;
  if (!matchPattern(value, m_Constant(&splat)) || splat.getNumElements() == 1)
    return value;
  auto group = GroupOp::create(builder, loc, value.getType(), ValueRange());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&group.getBody().emplaceBlock());
  YieldOp::create(builder, loc,
                  arith::ConstantOp::create(builder, loc, splat).getResult());
  return group.getResult(0);
}

/// print and println, after whose text stands `end`.
template <typename OpT> struct PrintPattern : OpConversionPattern<OpT> {
  PrintPattern(const TypeConverter &converter, MLIRContext *context,
               StringRef end)
      : OpConversionPattern<OpT>(converter, context), end(end) {}

  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Value> values;
    for (Value value : adaptor.getValues())
      values.push_back(inMemory(rewriter, op.getLoc(), value));
    SmallVector<Type> dtypes =
        llvm::map_to_vector(op.getValues().getTypes(), [](Type type) {
          return cast<ShapedType>(type).getElementType();
        });
    rewriter.replaceOpWithNewOp<CallPrintOp>(
        op, rewriter.getStringAttr(op.getFormat() + end), values,
        rewriter.getTypeArrayAttr(dtypes));
    return success();
  }

  StringRef end;
};

struct AssertPattern : OpConversionPattern<AssertOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AssertOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ScalarBuilder b(op.getLoc(), rewriter, DType::Bool);
    Value holds = b.load(
        tensor::ExtractOp::create(b, adaptor.getCondition(), ValueRange()));
    Value fails = arith::XOrIOp::create(
        b, holds, arith::ConstantIntOp::create(b, b.getI1Type(), 1));
    if (std::optional<StringRef> message = op.getMessage())
      RecordErrorOp::create(b, fails, DiagKind::AssertionFailedBecause,
                            message->str());
    else
      RecordErrorOp::create(b, fails, DiagKind::AssertionFailed);
    rewriter.eraseOp(op);
    return success();
  }
};

} // namespace

void lowering::populateEffect(const TypeConverter &converter,
                              RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<PrintPattern<PrintOp>>(converter, context, "");
  patterns.add<PrintPattern<PrintlnOp>>(converter, context, "\n");
  patterns.add<AssertPattern>(converter, context);
}
