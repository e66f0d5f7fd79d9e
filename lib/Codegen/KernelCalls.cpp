//===- KernelCalls.cpp - from kernels in IR to calls ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelCalls.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Kernels/EntryPoints.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/DialectConversion.h"

using namespace mlir;

namespace mind {
namespace {

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

/// The distance between neighbours along `dims` dimensions from `first` on,
/// which count as one; none if they do not lie at equal distances.
std::optional<int64_t> mergedStride(MemRefType type, unsigned first,
                                    unsigned count) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) ||
      ShapedType::isDynamicShape(strides))
    return std::nullopt;
  std::optional<int64_t> stride;
  int64_t extent = 1;
  for (unsigned dim = first + count; dim-- > first;) {
    if (type.getDimSize(dim) == 1)
      continue;
    if (!stride)
      stride = strides[dim];
    else if (strides[dim] != *stride * extent)
      return std::nullopt;
    extent *= type.getDimSize(dim);
  }
  return stride.value_or(1);
}

/// How the matrices of one operand lie in memory.
struct Layout {
  int64_t batch;
  kernels::MatrixStrides strides;
};

/// The layout of `type`, which has `batch` dimensions before those of rows and
/// then one of columns, or the other way round.
std::optional<Layout> layoutOf(MemRefType type, unsigned batch,
                               bool isTransposed) {
  unsigned rank = type.getRank();
  auto batches = mergedStride(type, 0, batch),
       rows = mergedStride(type, batch, rank - batch - 1),
       columns = mergedStride(type, rank - 1, 1);
  if (!batches || !rows || !columns)
    return std::nullopt;
  Layout layout{*batches, {*rows, *columns}};
  if (isTransposed)
    std::swap(layout.strides.row, layout.strides.col);
  return layout;
}

/// The words that `op` is called with and the size of its scratch memory, for
/// operands of these layouts.
template <typename T>
std::pair<SmallVector<int64_t>, int64_t>
planFor(MatmulKernelOp op, const Layout &a, const Layout &b, const Layout &c) {
  kernels::MatmulShape shape{op.getM(), op.getN(),  op.getK(),
                             a.strides, b.strides, c.strides.row};
  kernels::MatmulPlan<T> plan(shape, {bool(op.getBias()), op.getRelu()},
                              kernels::CpuLevel(op.getLevel()));
  auto words = llvm::to_vector(plan.toWords());
  words.append({op.getNumProducts(), a.batch, b.batch, c.batch});
  assert(words.size() == kernels::matmulWords);
  return {words, int64_t(plan.workspaceBytes())};
}

//===----------------------------------------------------------------------===//
// Bufferisation
//===----------------------------------------------------------------------===//

struct MatmulKernelModel
    : bufferization::DstBufferizableOpInterfaceExternalModel<MatmulKernelModel,
                                                             MatmulKernelOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const bufferization::AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult
  bufferize(Operation *operation, RewriterBase &rewriter,
            const bufferization::BufferizationOptions &options,
            bufferization::BufferizationState &state) const {
    auto op = cast<MatmulKernelOp>(operation);
    Location loc = op.getLoc();
    rewriter.setInsertionPoint(op);
    auto bufferOf = [&](Value tensor) -> Value {
      if (!tensor)
        return {};
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, tensor, options, state);
      return succeeded(buffer) ? *buffer : Value();
    };
    Value a = bufferOf(op.getA()), b = bufferOf(op.getB()),
          bias = bufferOf(op.getBias()), c = bufferOf(op.getC());
    if (!a || !b || !c || (op.getBias() && !bias))
      return failure();
    Layout aLayout = denseLayout(rewriter, a, op, op.getTransposeA()),
           bLayout = denseLayout(rewriter, b, op, op.getTransposeB());
    std::optional<Layout> cLayout =
        layoutOf(cast<MemRefType>(c.getType()), op.getBatch(), false);
    // Results are written to memory of their own, which is dense.
    if (!cLayout || (op.getN() > 1 && cLayout->strides.col != 1))
      return op.emitError("writes to memory that is not dense");

    auto [words, bytes] =
        op.getC().getType().getElementType().isF32()
            ? planFor<float>(op, aLayout, bLayout, *cLayout)
            : planFor<double>(op, aLayout, bLayout, *cLayout);
    Value scratch;
    if (bytes != 0)
      scratch = memref::AllocOp::create(
          rewriter, loc, MemRefType::get(bytes, rewriter.getI8Type()));
    MatmulKernelOp::create(rewriter, loc, TypeRange(), a, b, bias, c, scratch,
                           op.getBatchAttr(), op.getLevelAttr(),
                           op.getTransposeAAttr(), op.getTransposeBAttr(),
                           op.getReluAttr(),
                           rewriter.getDenseI64ArrayAttr(words));
    bufferization::replaceOpWithBufferizedValues(rewriter, op, c);
    return success();
  }

private:
  /// The layout of `memory`, which is copied where its rows or products do not
  /// lie at equal distances.
  static Layout denseLayout(RewriterBase &rewriter, Value &memory,
                            MatmulKernelOp op, bool isTransposed) {
    auto type = cast<MemRefType>(memory.getType());
    if (auto layout = layoutOf(type, op.getBatch(), isTransposed))
      return *layout;
    type = MemRefType::get(type.getShape(), type.getElementType());
    Value copy = memref::AllocOp::create(rewriter, op.getLoc(), type);
    memref::CopyOp::create(rewriter, op.getLoc(), memory, copy);
    memory = copy;
    return *layoutOf(type, op.getBatch(), isTransposed);
  }
};

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

struct MatmulKernelPattern : OpConversionPattern<MatmulKernelOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MatmulKernelOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    auto pointerOf = [&](Value operand, Value converted) -> Value {
      if (!operand)
        return LLVM::ZeroOp::create(rewriter, loc, pointer);
      if (isa<LLVM::LLVMPointerType>(converted.getType()))
        return converted;
      return MemRefDescriptor(converted).alignedPtr(rewriter, loc);
    };
    std::string name = op.getC().getType().getElementType().isF32()
                           ? "mind_kernel_matmul_f32"
                           : "mind_kernel_matmul_f64";
    auto module = op->getParentOfType<ModuleOp>();
    SmallVector<Value> arguments = {
        LLVM::AddressOfOp::create(rewriter, loc, pointer,
                                  constantFor(module, *op.getPlan(), rewriter)),
        pointerOf(op.getA(), adaptor.getA()),
        pointerOf(op.getB(), adaptor.getB()),
        pointerOf(op.getBias(), adaptor.getBias()),
        pointerOf(op.getC(), adaptor.getC()),
        pointerOf(op.getScratch(), adaptor.getScratch())};
    if (!module.lookupSymbol(name)) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      auto type = LLVM::LLVMFunctionType::get(
          LLVM::LLVMVoidType::get(getContext()),
          SmallVector<Type>(arguments.size(), pointer));
      LLVM::LLVMFuncOp::create(rewriter, loc, name, type);
    }
    LLVM::CallOp::create(rewriter, loc, TypeRange(), name, arguments);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// The name of a constant of these words.
  static std::string constantFor(ModuleOp module, ArrayRef<int64_t> words,
                                 OpBuilder &builder) {
    auto elements = DenseElementsAttr::get(
        RankedTensorType::get(words.size(), builder.getI64Type()), words);
    for (unsigned number = 0;; ++number) {
      std::string name = "mind.plan." + std::to_string(number);
      if (auto known = module.lookupSymbol<LLVM::GlobalOp>(name)) {
        if (known.getValueOrNull() == elements)
          return name;
        continue;
      }
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(module.getBody());
      LLVM::GlobalOp::create(
          builder, module.getLoc(),
          LLVM::LLVMArrayType::get(builder.getI64Type(), words.size()),
          /*isConstant=*/true, LLVM::Linkage::Private, name, elements,
          /*alignment=*/8);
      return name;
    }
  }
};

} // namespace

void registerKernelBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MindDialect *) {
    MatmulKernelOp::attachInterface<MatmulKernelModel>(*context);
  });
}

void populateKernelCalls(const LLVMTypeConverter &converter,
                         RewritePatternSet &patterns) {
  patterns.add<MatmulKernelPattern>(converter, patterns.getContext());
}

} // namespace mind
