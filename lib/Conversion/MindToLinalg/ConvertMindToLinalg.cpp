//===- ConvertMindToLinalg.cpp - lower mind to linalg ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "Mind/Basic/Diagnostic.h"
#include "Mind/Conversion/MindToLinalg/MindToLinalg.h"
#include "Mind/Conversion/Passes.h"
#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mind {
#define GEN_PASS_DEF_CONVERTMINDTOLINALG
#include "Mind/Conversion/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

StorageTypeConverter::StorageTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> Type {
    Type element = type.getElementType();
    if (element.isInteger(1) || element.isUnsignedInteger(8))
      return type.clone(IntegerType::get(type.getContext(), 8));
    return type;
  });
}

namespace {

/// Gives a group and its arguments storage types.
struct GroupPattern : OpConversionPattern<GroupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(GroupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return failure();
    auto group = GroupOp::create(rewriter, op.getLoc(), types,
                                 adaptor.getInputs(), op->getAttrs());
    rewriter.inlineRegionBefore(op.getBody(), group.getBody(),
                                group.getBody().end());
    if (failed(
            rewriter.convertRegionTypes(&group.getBody(), *getTypeConverter())))
      return failure();
    rewriter.replaceOp(op, group);
    return success();
  }
};

struct YieldPattern : OpConversionPattern<YieldOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(YieldOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<YieldOp>(op, adaptor.getValues());
    return success();
  }
};

/// Gives the operands and the result of a call storage types.
struct CallGroupPattern : OpConversionPattern<CallGroupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(CallGroupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value out = adaptor.getOut();
    rewriter.replaceOpWithNewOp<CallGroupOp>(op, out.getType(),
                                             op.getCalleeAttr(),
                                             adaptor.getInputs(), out, Value());
    return success();
  }
};

/// And the memory that it writes to.
struct EmptyPattern : OpConversionPattern<tensor::EmptyOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(tensor::EmptyOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<tensor::EmptyOp>(
        op, getTypeConverter()->convertType(op.getType()), ValueRange());
    return success();
  }
};

/// Reads the element of a tensor of the language's own type.
struct ExtractPattern : OpConversionPattern<tensor::ExtractOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(tensor::ExtractOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value element = tensor::ExtractOp::create(
        rewriter, op.getLoc(), adaptor.getTensor(), adaptor.getIndices());
    if (op.getType().isInteger(1)) {
      Value zero = arith::ConstantIntOp::create(rewriter, op.getLoc(),
                                                element.getType(), 0);
      element = arith::CmpIOp::create(rewriter, op.getLoc(),
                                      arith::CmpIPredicate::ne, element, zero);
    }
    rewriter.replaceOp(op, element);
    return success();
  }
};

/// An `if` that only chooses has become one of these.
struct SelectPattern : OpConversionPattern<arith::SelectOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(arith::SelectOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, adaptor.getOperands());
    return success();
  }
};

struct ConvertMindToLinalg
    : mind::impl::ConvertMindToLinalgBase<ConvertMindToLinalg> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet all(context);
    populateMindToLinalgPatterns(converter, all);
    for (const std::unique_ptr<RewritePattern> &pattern :
         all.getNativePatterns())
      lowered.insert(*pattern->getRootKind());
    all.add<GroupPattern, YieldPattern, CallGroupPattern, EmptyPattern,
            ExtractPattern, SelectPattern>(converter, context);
    scf::populateSCFStructuralTypeConversions(converter, all);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(all,
                                                                   converter);
    populateReturnOpTypeConversionPattern(all, converter);
    populateCallOpTypeConversionPattern(all, converter);
    patterns = std::move(all);
    return success();
  }

  void runOnOperation() override {
    if (failed(checkSupported()))
      return signalPassFailure();
    MLIRContext *context = &getContext();
    ConversionTarget target(*context);
    target.addLegalDialect<arith::ArithDialect, linalg::LinalgDialect,
                           math::MathDialect, tensor::TensorDialect>();
    target.addIllegalDialect<MindDialect>();
    target.addLegalOp<AttentionKernelOp, RecordErrorOp, RequireOp, SizeOp,
                      CallPrintOp>();
    target.addDynamicallyLegalOp<GroupOp>([&](GroupOp op) {
      return converter.isLegal(op) && converter.isLegal(&op.getBody());
    });
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType()) &&
             converter.isLegal(&op.getBody());
    });
    target.addDynamicallyLegalOp<YieldOp, CallGroupOp, func::ReturnOp,
                                 func::CallOp, tensor::EmptyOp,
                                 tensor::ExtractOp, arith::SelectOp>(
        [&](Operation *op) { return converter.isLegal(op); });
    scf::populateSCFStructuralTypeConversionTarget(converter, target);
    // What they make is legal.
    FrozenRewritePatternSet wanted =
        selectPatterns(patterns, operationNames(getOperation()));
    if (failed(applyPartialConversion(getOperation(), target, wanted)))
      return signalPassFailure();
    // Splat constants now stand in the bodies that read them.
    getOperation().walk([](arith::ConstantOp constant) {
      if (constant.use_empty())
        constant.erase();
    });
  }

private:
  /// Reports what no pattern is made for, in the user's terms.
  LogicalResult checkSupported() {
    auto notSupported = [](Operation *op, std::string what) {
      return op->emitError()
             << diagnosticCode(DiagKind::NotSupported) << ": "
             << formatDiagnostic(DiagKind::NotSupported, {std::move(what)});
    };
    WalkResult result = getOperation().walk<WalkOrder::PreOrder>(
        [&](Operation *op) -> WalkResult {
          auto languageOp = dyn_cast<LanguageOpInterface>(op);
          if (languageOp && !lowered.contains(op->getName()))
            return notSupported(
                op, "code for `" + languageOp.getOpInfo().name().str() + "`");
          return WalkResult::advance();
        });
    return failure(result.wasInterrupted());
  }

  StorageTypeConverter converter;
  FrozenRewritePatternSet patterns;
  /// The operations that there are patterns for.
  llvm::DenseSet<OperationName> lowered;
};

} // namespace

void mind::populateMindToLinalgPatterns(const TypeConverter &converter,
                                        RewritePatternSet &patterns) {
  lowering::populateCreation(converter, patterns);
  lowering::populateElementwise(converter, patterns);
  lowering::populateContraction(converter, patterns);
  lowering::populateAttention(converter, patterns);
  lowering::populateReduction(converter, patterns);
  lowering::populateNormalization(converter, patterns);
  lowering::populatePooling(converter, patterns);
  lowering::populateMovement(converter, patterns);
  lowering::populateIndexing(converter, patterns);
  lowering::populateEffect(converter, patterns);
}
