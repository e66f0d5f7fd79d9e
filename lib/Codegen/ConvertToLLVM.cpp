//===- ConvertToLLVM.cpp - bufferised code to the LLVM dialect -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelCalls.h"
#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "Strides.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
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

/// Whether all there is to know of a memref of `type` at run time is where it
/// begins.
bool isBare(MemRefType type) {
  return type.hasStaticShape() && !ShapedType::isDynamicShape(stridesOf(type));
}

/// A memref in terms of LLVM: a bare pointer, or else a descriptor, in which
/// the pointer includes the offset.
class MemoryBuilder {
public:
  MemoryBuilder(ConversionPatternRewriter &rewriter, Location loc)
      : rewriter(rewriter), loc(loc) {}

  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64Type(),
                                    rewriter.getI64IntegerAttr(value));
  }
  Value toValue(OpFoldResult number) {
    if (auto value = dyn_cast<Value>(number))
      return rewriter.getRemappedValue(value) ?: value;
    return constant(*getConstantIntValue(number));
  }
  OpFoldResult multiply(OpFoldResult lhs, OpFoldResult rhs) {
    std::optional<int64_t> a = getConstantIntValue(lhs),
                           b = getConstantIntValue(rhs);
    if (a && b)
      return rewriter.getI64IntegerAttr(*a * *b);
    if (a == 1)
      return rhs;
    if (b == 1)
      return lhs;
    return LLVM::MulOp::create(rewriter, loc, toValue(lhs), toValue(rhs))
        .getResult();
  }

  Value pointerOf(MemRefType type, Value memory) {
    if (isBare(type))
      return memory;
    return MemRefDescriptor(memory).alignedPtr(rewriter, loc);
  }
  OpFoldResult sizeOf(MemRefType type, Value memory, unsigned dim) {
    if (!type.isDynamicDim(dim))
      return rewriter.getI64IntegerAttr(type.getDimSize(dim));
    return MemRefDescriptor(memory).size(rewriter, loc, dim);
  }
  SmallVector<OpFoldResult> sizesOf(MemRefType type, Value memory) {
    return llvm::map_to_vector(
        llvm::seq<unsigned>(0, type.getRank()),
        [&](unsigned dim) { return sizeOf(type, memory, dim); });
  }
  SmallVector<OpFoldResult> stridesOf(MemRefType type, Value memory) {
    SmallVector<OpFoldResult> strides;
    for (auto [dim, stride] : llvm::enumerate(mind::stridesOf(type))) {
      if (ShapedType::isDynamic(stride))
        strides.push_back(MemRefDescriptor(memory).stride(rewriter, loc, dim));
      else
        strides.push_back(rewriter.getI64IntegerAttr(stride));
    }
    return strides;
  }

  /// The memref of `type` that begins at `pointer`.
  Value make(const LLVMTypeConverter &converter, MemRefType type, Value pointer,
             ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
    if (isBare(type))
      return pointer;
    SmallVector<Value> fields = {pointer, pointer, constant(0)};
    for (OpFoldResult size : sizes)
      fields.push_back(toValue(size));
    for (OpFoldResult stride : strides)
      fields.push_back(toValue(stride));
    return MemRefDescriptor::pack(rewriter, loc, converter, type, fields);
  }

  /// The strides of a dense array.
  SmallVector<OpFoldResult> denseStrides(ArrayRef<OpFoldResult> sizes) {
    SmallVector<OpFoldResult> strides(sizes.size());
    OpFoldResult stride = rewriter.getI64IntegerAttr(1);
    for (size_t dim = sizes.size(); dim-- > 0;) {
      strides[dim] = stride;
      if (dim)
        stride = multiply(stride, sizes[dim]);
    }
    return strides;
  }

private:
  ConversionPatternRewriter &rewriter;
  Location loc;
};

/// Base of the patterns that turn a memref into a pointer.
template <typename OpT> struct MemRefPattern : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  using Adaptor = typename OpConversionPattern<OpT>::OpAdaptor;

  const LLVMTypeConverter &getConverter() const {
    return *static_cast<const LLVMTypeConverter *>(this->getTypeConverter());
  }

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
                         MemRefType type, Value memory, ValueRange indices) {
    MemoryBuilder builder(rewriter, loc);
    Value pointer = builder.pointerOf(type, memory);
    int64_t constant = 0;
    Value variable;
    for (auto [index, stride] :
         llvm::zip_equal(indices, builder.stridesOf(type, memory))) {
      std::optional<int64_t> fixed = getConstantIntValue(stride);
      Value base = index;
      if (fixed) {
        if (std::optional<int64_t> known = getConstantIntValue(index)) {
          constant += *known * *fixed;
          continue;
        }
        if (auto sum = index.getDefiningOp<arith::AddIOp>())
          if (std::optional<int64_t> known =
                  getConstantIntValue(sum.getRhs())) {
            constant += *known * *fixed;
            base = sum.getLhs();
          }
      } else if (getConstantIntValue(index) == 0) {
        continue;
      }
      Value scaled = builder.toValue(builder.multiply(base, stride));
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

struct PrefetchPattern : MemRefPattern<memref::PrefetchOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::PrefetchOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value address = addressOf(rewriter, op.getLoc(), op.getMemRefType(),
                              adaptor.getMemref(), op.getIndices());
    rewriter.replaceOpWithNewOp<LLVM::Prefetch>(op, address, op.getIsWrite(),
                                                op.getLocalityHint(),
                                                op.getIsDataCache());
    return success();
  }
};

/// Base of the patterns that move vectors.
template <typename OpT> struct TransferPattern : MemRefPattern<OpT> {
  using MemRefPattern<OpT>::MemRefPattern;

  /// The memory that `op` works on, if this is one that it can be moved from or
  /// to.
  static MemRefType memoryOf(OpT op) {
    if (op.getVectorType().getRank() != 1 || op.hasOutOfBoundsDim() ||
        !isa<AffineDimExpr>(op.getPermutationMap().getResult(0)))
      return nullptr;
    return dyn_cast<MemRefType>(op.getBase().getType());
  }

  /// How far apart the lanes lie in `memory`: of a slice, any distance.
  static OpFoldResult laneStride(ConversionPatternRewriter &rewriter, OpT op,
                                 MemRefType type, Value memory) {
    auto dim = cast<AffineDimExpr>(op.getPermutationMap().getResult(0));
    return MemoryBuilder(rewriter, op.getLoc())
        .stridesOf(type, memory)[dim.getPosition()];
  }
};

struct TransferReadPattern : TransferPattern<vector::TransferReadOp> {
  using TransferPattern::TransferPattern;
  LogicalResult
  matchAndRewrite(vector::TransferReadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemRefType memref = memoryOf(op);
    TypedAttr padding;
    if (!memref ||
        (op.getMask() && !matchPattern(op.getPadding(), m_Constant(&padding))))
      return failure();
    Location loc = op.getLoc();
    Value address =
        addressOf(rewriter, loc, memref, adaptor.getBase(), op.getIndices());
    auto type =
        cast<VectorType>(getTypeConverter()->convertType(op.getVectorType()));
    auto stored = cast<VectorType>(inMemory(type));
    unsigned alignment = alignmentOf(memref.getElementType());
    Value others;
    if (padding)
      others = bitcast(rewriter, loc, stored,
                       LLVM::ConstantOp::create(
                           rewriter, loc, type,
                           DenseElementsAttr::get(type, Attribute(padding))));
    OpFoldResult stride = laneStride(rewriter, op, memref, adaptor.getBase());
    Value loaded;
    if (getConstantIntValue(stride) != 1)
      loaded = gather(rewriter, loc, stored, address, stride, adaptor.getMask(),
                      others, alignment);
    else if (others)
      loaded = LLVM::MaskedLoadOp::create(rewriter, loc, stored, address,
                                          adaptor.getMask(), others, alignment);
    else
      loaded = LLVM::LoadOp::create(rewriter, loc, stored, address, alignment);
    rewriter.replaceOp(op, bitcast(rewriter, loc, type, loaded));
    return success();
  }

private:
  /// Reads lanes that lie `stride` apart; all of them if there is no `mask`.
  static Value gather(ConversionPatternRewriter &rewriter, Location loc,
                      VectorType type, Value address, OpFoldResult stride,
                      Value mask, Value others, unsigned alignment) {
    auto lanes = llvm::to_vector(llvm::seq<int64_t>(type.getNumElements()));
    auto indices = VectorType::get(type.getShape(), rewriter.getI64Type());
    Value offsets = LLVM::MulOp::create(
        rewriter, loc,
        LLVM::ConstantOp::create(
            rewriter, loc, indices,
            DenseElementsAttr::get<int64_t>(indices, lanes)),
        vector::BroadcastOp::create(
            rewriter, loc, indices,
            MemoryBuilder(rewriter, loc).toValue(stride)));
    Value addresses = LLVM::GEPOp::create(
        rewriter, loc, VectorType::get(type.getShape(), address.getType()),
        type.getElementType(), address, LLVM::GEPArg(offsets));
    if (!mask) {
      auto bits = VectorType::get(type.getShape(), rewriter.getI1Type());
      mask = LLVM::ConstantOp::create(rewriter, loc, bits,
                                      DenseElementsAttr::get(bits, true));
    }
    return LLVM::masked_gather::create(
        rewriter, loc, type, addresses, mask,
        others ? ValueRange(others) : ValueRange(), alignment);
  }
};

/// The only lane that `mask`, if there is one, lets through.
std::optional<int64_t> onlyLane(Value mask) {
  DenseIntElementsAttr lanes;
  if (!mask || !matchPattern(mask, m_Constant(&lanes)))
    return std::nullopt;
  auto values = lanes.getValues<bool>();
  if (llvm::count(values, true) != 1)
    return std::nullopt;
  return llvm::find(values, true) - values.begin();
}

struct TransferWritePattern : TransferPattern<vector::TransferWriteOp> {
  using TransferPattern::TransferPattern;
  LogicalResult
  matchAndRewrite(vector::TransferWriteOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemRefType memref = memoryOf(op);
    // What is written is dense.
    if (!memref || getConstantIntValue(laneStride(rewriter, op, memref,
                                                  adaptor.getBase())) != 1)
      return failure();
    Value address = addressOf(rewriter, op.getLoc(), memref, adaptor.getBase(),
                              op.getIndices());
    unsigned alignment = alignmentOf(memref.getElementType());
    Value stored = bitcast(rewriter, op.getLoc(), inMemory(op.getVectorType()),
                           adaptor.getValueToStore());
    if (std::optional<int64_t> lane = onlyLane(op.getMask())) {
      // LLVM 22 makes a scalar store of it, too; where the lanes are truncated
      // before, it stores those of the wider type, and so beyond the lane.
      Type element = cast<VectorType>(stored.getType()).getElementType();
      address =
          LLVM::GEPOp::create(rewriter, op.getLoc(), address.getType(), element,
                              address, ArrayRef<LLVM::GEPArg>(*lane));
      Value index = LLVM::ConstantOp::create(rewriter, op.getLoc(),
                                             rewriter.getI64IntegerAttr(*lane));
      stored =
          LLVM::ExtractElementOp::create(rewriter, op.getLoc(), stored, index);
      rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, stored, address,
                                                 alignment);
    } else if (!op.getMask())
      rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, stored, address,
                                                 alignment);
    else
      rewriter.replaceOpWithNewOp<LLVM::MaskedStoreOp>(
          op, stored, address, adaptor.getMask(), alignment);
    return success();
  }
};

struct CastMemRefPattern : MemRefPattern<memref::CastOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::CastOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    auto from = cast<MemRefType>(op.getSource().getType());
    Value memory = adaptor.getSource();
    rewriter.replaceOp(op, builder.make(getConverter(),
                                        cast<MemRefType>(op.getType()),
                                        builder.pointerOf(from, memory),
                                        builder.sizesOf(from, memory),
                                        builder.stridesOf(from, memory)));
    return success();
  }
};

struct CollapsePattern : MemRefPattern<memref::CollapseShapeOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::CollapseShapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    MemRefType from = op.getSrcType();
    Value memory = adaptor.getSrc();
    SmallVector<OpFoldResult> sizes, strides,
        oldStrides = builder.stridesOf(from, memory);
    for (const ReassociationIndices &group : op.getReassociationIndices()) {
      OpFoldResult size = rewriter.getI64IntegerAttr(1);
      for (int64_t dim : group)
        size = builder.multiply(size, builder.sizeOf(from, memory, dim));
      sizes.push_back(size);
      strides.push_back(oldStrides[group.back()]);
    }
    rewriter.replaceOp(op, builder.make(getConverter(), op.getResultType(),
                                        builder.pointerOf(from, memory), sizes,
                                        strides));
    return success();
  }
};

struct ExpandPattern : MemRefPattern<memref::ExpandShapeOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::ExpandShapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    MemRefType from = op.getSrcType();
    Value memory = adaptor.getSrc();
    SmallVector<OpFoldResult> sizes = op.getMixedOutputShape(),
                              strides(sizes.size());
    for (auto [stride, group] : llvm::zip_equal(builder.stridesOf(from, memory),
                                                op.getReassociationIndices()))
      for (int64_t dim : llvm::reverse(group)) {
        strides[dim] = stride;
        if (dim != group.front())
          stride = builder.multiply(stride, sizes[dim]);
      }
    rewriter.replaceOp(op, builder.make(getConverter(), op.getResultType(),
                                        builder.pointerOf(from, memory), sizes,
                                        strides));
    return success();
  }
};

struct SubViewPattern : MemRefPattern<memref::SubViewOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::SubViewOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    MemRefType from = op.getSourceType();
    Value memory = adaptor.getSource();
    Value pointer = builder.pointerOf(from, memory);
    Type element = from.getElementType();
    llvm::SmallBitVector dropped = op.getDroppedDims();
    SmallVector<OpFoldResult> sizes, strides;
    for (auto [dim, offset, size, step, stride] : llvm::enumerate(
             op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides(),
             builder.stridesOf(from, memory))) {
      OpFoldResult distance = builder.multiply(offset, stride);
      if (std::optional<int64_t> known = getConstantIntValue(distance))
        pointer =
            offsetPointer(rewriter, op.getLoc(), element, pointer, *known);
      else
        pointer = offsetPointer(rewriter, op.getLoc(), element, pointer,
                                LLVM::GEPArg(builder.toValue(distance)));
      if (dropped.test(dim))
        continue;
      sizes.push_back(size);
      strides.push_back(builder.multiply(step, stride));
    }
    rewriter.replaceOp(op, builder.make(getConverter(), op.getType(), pointer,
                                        sizes, strides));
    return success();
  }
};

struct ViewPattern : MemRefPattern<memref::ViewOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::ViewOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    auto from = cast<MemRefType>(op.getSource().getType());
    Value pointer = offsetPointer(rewriter, op.getLoc(), rewriter.getI8Type(),
                                  builder.pointerOf(from, adaptor.getSource()),
                                  LLVM::GEPArg(adaptor.getByteShift()));
    SmallVector<OpFoldResult> sizes =
        getMixedValues(op.getType().getShape(), op.getSizes(), rewriter);
    rewriter.replaceOp(op, builder.make(getConverter(), op.getType(), pointer,
                                        sizes, builder.denseStrides(sizes)));
    return success();
  }
};

struct DimPattern : MemRefPattern<memref::DimOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(memref::DimOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<MemRefType>(op.getSource().getType());
    std::optional<int64_t> dim = op.getConstantIndex();
    if (!type || !dim)
      return failure();
    MemoryBuilder builder(rewriter, op.getLoc());
    rewriter.replaceOp(
        op, builder.toValue(builder.sizeOf(type, adaptor.getSource(), *dim)));
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
    MemoryBuilder builder(rewriter, op.getLoc());
    OpFoldResult bytes =
        rewriter.getI64IntegerAttr(alignmentOf(type.getElementType()));
    for (OpFoldResult size : builder.sizesOf(type, adaptor.getSource()))
      bytes = builder.multiply(bytes, size);
    auto target = cast<MemRefType>(op.getTarget().getType());
    rewriter.replaceOpWithNewOp<LLVM::MemcpyOp>(
        op, builder.pointerOf(target, adaptor.getTarget()),
        builder.pointerOf(type, adaptor.getSource()), builder.toValue(bytes),
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

/// What the ABI gives are the pointers of memrefs, and with them the extents
/// that are not constant; what it shows is the pointer of one.
struct CastPattern : MemRefPattern<UnrealizedConversionCastOp> {
  using MemRefPattern::MemRefPattern;
  LogicalResult
  matchAndRewrite(UnrealizedConversionCastOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MemoryBuilder builder(rewriter, op.getLoc());
    if (auto shown = dyn_cast<MemRefType>(op.getInputs().front().getType())) {
      rewriter.replaceOp(op,
                         builder.pointerOf(shown, adaptor.getInputs().front()));
      return success();
    }
    auto type = dyn_cast<MemRefType>(op.getResult(0).getType());
    if (!type)
      return failure();
    SmallVector<OpFoldResult> sizes = getMixedValues(
        type.getShape(), adaptor.getInputs().drop_front(), rewriter);
    rewriter.replaceOp(op, builder.make(getConverter(), type,
                                        adaptor.getInputs().front(), sizes,
                                        builder.denseStrides(sizes)));
    return success();
  }
};

struct ConvertToLLVM : impl::ConvertToLLVMBase<ConvertToLLVM> {
  /// Patterns are made once for all modules.
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet loops(context);
    populateAffineToStdConversionPatterns(loops);
    populateSCFToControlFlowConversionPatterns(loops);
    loopPatterns = std::move(loops);

    converter = std::make_shared<LLVMTypeConverter>(context);
    converter->addConversion([](MemRefType type) -> std::optional<Type> {
      if (isBare(type))
        return LLVM::LLVMPointerType::get(type.getContext());
      return std::nullopt; // The default: a descriptor.
    });
    RewritePatternSet set(context);
    set.add<LoadPattern, StorePattern, TransferReadPattern,
            TransferWritePattern, CastMemRefPattern, CollapsePattern,
            ExpandPattern, SubViewPattern, ViewPattern, DimPattern, CopyPattern,
            PrefetchPattern, GlobalPattern, GetGlobalPattern, SelectPattern,
            CastPattern>(*converter, context, /*benefit=*/10);
    planConstants = std::make_shared<PlanConstants>();
    populateKernelCalls(*converter, *planConstants, set);
    populateVectorToLLVMConversionPatterns(*converter, set);
    arith::populateArithToLLVMConversionPatterns(*converter, set);
    populateMathToLLVMConversionPatterns(*converter, set,
                                         /*approximateLog1p=*/false);
    cf::populateControlFlowToLLVMConversionPatterns(*converter, set);
    populateFuncToLLVMConversionPatterns(*converter, set);
    index::populateIndexToLLVMConversionPatterns(*converter, set);
    ub::populateUBToLLVMConversionPatterns(*converter, set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(lowerLoops()) || failed(convert()))
      signalPassFailure();
  }

  /// Each loop splits off what follows it in its block: the last comes first,
  /// so that nothing is split off twice.
  LogicalResult lowerLoops() {
    PatternApplicator applicator(loopPatterns);
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
    LLVMConversionTarget target(getContext());
    target.addLegalOp<ModuleOp>();
    target.addIllegalOp<UnrealizedConversionCastOp>();
    planConstants->clear();
    SmallVector<OperationName> names = operationNames(getOperation());
    // Vectors are taken apart by patterns that need others.
    bool hasVectors = llvm::any_of(names, [](OperationName name) {
      return isa<vector::VectorDialect, math::MathDialect>(name.getDialect());
    });
    return applyFullConversion(getOperation(), target,
                               hasVectors ? patterns
                                          : selectPatterns(patterns, names));
  }

  FrozenRewritePatternSet loopPatterns, patterns;
  /// The patterns refer to these.
  std::shared_ptr<LLVMTypeConverter> converter;
  std::shared_ptr<PlanConstants> planConstants;
};

} // namespace
} // namespace mind
