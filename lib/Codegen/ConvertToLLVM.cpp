//===- ConvertToLLVM.cpp - bufferised code to the LLVM dialect -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mind {
#define GEN_PASS_DEF_CONVERTTOLLVM
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

unsigned alignmentOf(Type element) {
  return std::max(element.getIntOrFloatBitWidth() / 8, 1u);
}

/// Base of the patterns that turn a memref into a pointer.
template <typename OpT> struct MemRefPattern : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  using Adaptor = typename OpConversionPattern<OpT>::OpAdaptor;

  static Value offsetPointer(ConversionPatternRewriter &rewriter, Location loc,
                             Type element, Value pointer, LLVM::GEPArg offset) {
    return LLVM::GEPOp::create(rewriter, loc, pointer.getType(), element,
                               pointer, ArrayRef<LLVM::GEPArg>(offset));
  }

  static Value offsetPointer(ConversionPatternRewriter &rewriter, Location loc,
                             Type element, Value pointer, int64_t offset) {
    if (offset == 0)
      return pointer;
    if (offset == static_cast<int32_t>(offset))
      return offsetPointer(rewriter, loc, element, pointer,
                           LLVM::GEPArg(static_cast<int32_t>(offset)));
    Value constant =
        LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64Type(),
                                 rewriter.getI64IntegerAttr(offset));
    return offsetPointer(rewriter, loc, element, pointer,
                         LLVM::GEPArg(constant));
  }

  /// The address of the element at `indices` of the memref at `pointer`. Its
  /// constant part comes last, so that it becomes a displacement in the
  /// instruction and accesses next to one another share the rest.
  static Value addressOf(ConversionPatternRewriter &rewriter, Location loc,
                         MemRefType type, Value pointer, ValueRange indices) {
    auto [strides, offset] = type.getStridesAndOffset();
    Type i64 = rewriter.getI64Type();
    int64_t constant = 0;
    Value variable;
    for (auto [index, stride] : llvm::zip_equal(indices, strides)) {
      if (std::optional<int64_t> known = getConstantIntValue(index)) {
        constant += *known * stride;
        continue;
      }
      Value base = index;
      if (auto sum = index.getDefiningOp<arith::AddIOp>())
        if (std::optional<int64_t> known = getConstantIntValue(sum.getRhs())) {
          constant += *known * stride;
          base = sum.getLhs();
        }
      Value scaled = rewriter.getRemappedValue(base);
      if (stride != 1)
        scaled = LLVM::MulOp::create(
            rewriter, loc, scaled,
            LLVM::ConstantOp::create(rewriter, loc, i64,
                                     rewriter.getI64IntegerAttr(stride)));
      variable = variable ? LLVM::AddOp::create(rewriter, loc, variable, scaled)
                          : scaled;
    }
    Type element = type.getElementType();
    if (variable)
      pointer = offsetPointer(rewriter, loc, element, pointer,
                              LLVM::GEPArg(variable));
    return offsetPointer(rewriter, loc, element, pointer, constant);
  }
};

/// The type as which values of `type` go through memory. 16-bit floats go as
/// integers: LLVM may keep the scalar in another place than where it is used,
/// or take a masked access apart, and would widen and round it there, of bf16
/// by a call.
Type inMemory(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  Type element = vector ? vector.getElementType() : type;
  if (!element.isF16() && !element.isBF16())
    return type;
  Type bits = IntegerType::get(type.getContext(), 16);
  return vector ? Type(vector.clone(bits)) : bits;
}

Value bitcast(ConversionPatternRewriter &rewriter, Location loc, Type type,
              Value value) {
  if (value.getType() == type)
    return value;
  return LLVM::BitcastOp::create(rewriter, loc, type, value);
}

struct LoadPattern : MemRefPattern<memref::LoadOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::LoadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value address = addressOf(rewriter, op.getLoc(), op.getMemRefType(),
                              adaptor.getMemref(), op.getIndices());
    Type type = getTypeConverter()->convertType(op.getType());
    Value loaded =
        LLVM::LoadOp::create(rewriter, op.getLoc(), inMemory(type), address);
    rewriter.replaceOp(op, bitcast(rewriter, op.getLoc(), type, loaded));
    return success();
  }
};

struct StorePattern : MemRefPattern<memref::StoreOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::StoreOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value address = addressOf(rewriter, op.getLoc(), op.getMemRefType(),
                              adaptor.getMemref(), op.getIndices());
    Value stored = adaptor.getValue();
    stored = bitcast(rewriter, op.getLoc(), inMemory(stored.getType()), stored);
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, stored, address);
    return success();
  }
};

struct TransferReadPattern : MemRefPattern<vector::TransferReadOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(vector::TransferReadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto memref = dyn_cast<MemRefType>(op.getBase().getType());
    if (!memref || op.getVectorType().getRank() != 1 || op.hasOutOfBoundsDim())
      return failure();
    Value address = addressOf(rewriter, op.getLoc(), memref, adaptor.getBase(),
                              op.getIndices());
    Type type = getTypeConverter()->convertType(op.getVectorType());
    unsigned alignment = alignmentOf(memref.getElementType());
    if (!op.getMask()) {
      Value loaded = LLVM::LoadOp::create(rewriter, op.getLoc(), inMemory(type),
                                          address, alignment);
      rewriter.replaceOp(op, bitcast(rewriter, op.getLoc(), type, loaded));
      return success();
    }
    TypedAttr padding;
    if (!matchPattern(op.getPadding(), m_Constant(&padding)))
      return failure();
    Value others = LLVM::ConstantOp::create(
        rewriter, op.getLoc(), type,
        DenseElementsAttr::get(cast<VectorType>(type), Attribute(padding)));
    Type masked = inMemory(type);
    others = bitcast(rewriter, op.getLoc(), masked, others);
    Value loaded =
        LLVM::MaskedLoadOp::create(rewriter, op.getLoc(), masked, address,
                                   adaptor.getMask(), others, alignment);
    rewriter.replaceOp(op, bitcast(rewriter, op.getLoc(), type, loaded));
    return success();
  }
};

struct TransferWritePattern : MemRefPattern<vector::TransferWriteOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(vector::TransferWriteOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto memref = dyn_cast<MemRefType>(op.getBase().getType());
    if (!memref || op.getVectorType().getRank() != 1 || op.hasOutOfBoundsDim())
      return failure();
    Value address = addressOf(rewriter, op.getLoc(), memref, adaptor.getBase(),
                              op.getIndices());
    unsigned alignment = alignmentOf(memref.getElementType());
    Value stored = bitcast(rewriter, op.getLoc(), inMemory(op.getVectorType()),
                           adaptor.getValueToStore());
    if (!op.getMask())
      rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, stored, address,
                                                 alignment);
    else
      rewriter.replaceOpWithNewOp<LLVM::MaskedStoreOp>(
          op, stored, address, adaptor.getMask(), alignment);
    return success();
  }
};

/// Views that begin where their source does.
template <typename OpT> struct SamePointerPattern : MemRefPattern<OpT> {
  using MemRefPattern<OpT>::MemRefPattern;
  LogicalResult
  matchAndRewrite(OpT op, typename MemRefPattern<OpT>::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getOperands().front());
    return success();
  }
};

struct SubViewPattern : MemRefPattern<memref::SubViewOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::SubViewOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto [strides, start] = op.getSourceType().getStridesAndOffset();
    Value pointer = adaptor.getSource();
    Type element = op.getType().getElementType();
    for (auto [offset, stride] :
         llvm::zip_equal(op.getMixedOffsets(), strides)) {
      if (std::optional<int64_t> known = getConstantIntValue(offset)) {
        pointer = offsetPointer(rewriter, op.getLoc(), element, pointer,
                                *known * stride);
        continue;
      }
      Value factor =
          LLVM::ConstantOp::create(rewriter, op.getLoc(), rewriter.getI64Type(),
                                   rewriter.getI64IntegerAttr(stride));
      Value scaled = LLVM::MulOp::create(
          rewriter, op.getLoc(), rewriter.getRemappedValue(cast<Value>(offset)),
          factor);
      pointer = offsetPointer(rewriter, op.getLoc(), element, pointer,
                              LLVM::GEPArg(scaled));
    }
    rewriter.replaceOp(op, pointer);
    return success();
  }
};

struct ViewPattern : MemRefPattern<memref::ViewOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::ViewOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op,
                       offsetPointer(rewriter, op.getLoc(),
                                     rewriter.getI8Type(), adaptor.getSource(),
                                     LLVM::GEPArg(adaptor.getByteShift())));
    return success();
  }
};

/// Only of contiguous memory; other copies have become loops.
struct CopyPattern : MemRefPattern<memref::CopyOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::CopyOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<MemRefType>(op.getSource().getType());
    if (!type.getLayout().isIdentity())
      return failure();
    Value size = LLVM::ConstantOp::create(
        rewriter, op.getLoc(), rewriter.getI64Type(),
        rewriter.getI64IntegerAttr(type.getNumElements() *
                                   alignmentOf(type.getElementType())));
    rewriter.replaceOpWithNewOp<LLVM::MemcpyOp>(op, adaptor.getTarget(),
                                                adaptor.getSource(), size,
                                                /*isVolatile=*/false);
    return success();
  }
};

struct GlobalPattern : MemRefPattern<memref::GlobalOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::GlobalOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto elements =
        dyn_cast_or_null<DenseElementsAttr>(op.getInitialValueAttr());
    if (!elements)
      return failure();
    Type element = elements.getElementType();
    int64_t count = elements.getNumElements();
    rewriter.replaceOpWithNewOp<LLVM::GlobalOp>(
        op, LLVM::LLVMArrayType::get(element, count), /*isConstant=*/true,
        LLVM::Linkage::Private, op.getSymName(),
        elements.reshape(RankedTensorType::get(count, element)),
        /*alignment=*/64);
    return success();
  }
};

struct GetGlobalPattern : MemRefPattern<memref::GetGlobalOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::GetGlobalOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(
        op, LLVM::LLVMPointerType::get(op.getContext()), op.getName());
    return success();
  }
};

/// Choices between 16-bit floats, which are no arithmetic.
struct SelectPattern : OpConversionPattern<arith::SelectOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::SelectOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = op.getType(), bits = inMemory(type);
    if (type == bits)
      return failure();
    Location loc = op.getLoc();
    Value selected = LLVM::SelectOp::create(
        rewriter, loc, adaptor.getCondition(),
        bitcast(rewriter, loc, bits, adaptor.getTrueValue()),
        bitcast(rewriter, loc, bits, adaptor.getFalseValue()));
    rewriter.replaceOp(op, bitcast(rewriter, loc, type, selected));
    return success();
  }
};

/// The pointers that the ABI gives are the memrefs.
struct CastPattern : MemRefPattern<UnrealizedConversionCastOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(UnrealizedConversionCastOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getInputs());
    return success();
  }
};

struct ConvertToLLVM : impl::ConvertToLLVMBase<ConvertToLLVM> {
  void runOnOperation() override {
    if (failed(lowerLoops()) || failed(convert()))
      signalPassFailure();
  }

  /// Each loop splits off what follows it in its block: the last comes first,
  /// so that nothing is split off twice.
  LogicalResult lowerLoops() {
    RewritePatternSet set(&getContext());
    populateAffineToStdConversionPatterns(set);
    populateSCFToControlFlowConversionPatterns(set);
    FrozenRewritePatternSet patterns(std::move(set));
    PatternApplicator applicator(patterns);
    applicator.applyDefaultCostModel();
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<scf::SCFDialect, affine::AffineDialect>(op->getDialect()) &&
          !op->hasTrait<OpTrait::IsTerminator>())
        ops.push_back(op);
    });
    PatternRewriter rewriter(&getContext());
    for (Operation *op : llvm::reverse(ops)) {
      rewriter.setInsertionPoint(op);
      if (failed(applicator.matchAndRewrite(op, rewriter)))
        return op->emitError("cannot be lowered to branches");
    }
    return success();
  }

  LogicalResult convert() {
    LLVMTypeConverter converter(&getContext());
    converter.addConversion([](MemRefType type) -> Type {
      return LLVM::LLVMPointerType::get(type.getContext());
    });
    RewritePatternSet patterns(&getContext());
    patterns.add<LoadPattern, StorePattern, TransferReadPattern,
                 TransferWritePattern, SamePointerPattern<memref::CastOp>,
                 SamePointerPattern<memref::CollapseShapeOp>,
                 SamePointerPattern<memref::ExpandShapeOp>, SubViewPattern,
                 ViewPattern, CopyPattern, GlobalPattern, GetGlobalPattern,
                 SelectPattern, CastPattern>(converter, &getContext(),
                                             /*benefit=*/10);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns,
                                         /*approximateLog1p=*/false);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    LLVMConversionTarget target(getContext());
    target.addLegalOp<ModuleOp>();
    target.addIllegalOp<UnrealizedConversionCastOp>();
    return applyFullConversion(getOperation(), target, std::move(patterns));
  }
};

} // namespace
} // namespace mind
