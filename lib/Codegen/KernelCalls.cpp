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

/// The same of all dimensions.
std::optional<int64_t> mergedStride(MemRefType type) {
  return mergedStride(type, 0, type.getRank());
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

/// Copies `memory` to dense memory unless it has a layout that `layoutOf`, a
/// function of its type, knows.
template <typename LayoutOf>
auto makeReadable(RewriterBase &rewriter, Location loc, Value &memory,
                  LayoutOf layoutOf) {
  auto type = cast<MemRefType>(memory.getType());
  if (auto layout = layoutOf(type))
    return *layout;
  type = MemRefType::get(type.getShape(), type.getElementType());
  Value copy = memref::AllocOp::create(rewriter, loc, type);
  memref::CopyOp::create(rewriter, loc, memory, copy);
  memory = copy;
  return *layoutOf(type);
}

/// A product of matrices, and how many of them.
struct Products {
  kernels::MatmulShape shape;
  int64_t count = 1, aBatch = 0, bBatch = 0, cBatch = 0;
};

/// A convolution as products of matrices: of the images as they are, or of
/// blocks of them with zeros around.
struct Convolution {
  Products products;
  std::optional<kernels::PaddedConvolution> padded;
};

std::optional<Products> describe(MatmulKernelOp op, RewriterBase &rewriter,
                                 Value &a, Value &b, Value c) {
  auto readable = [&](Value &memory, bool isTransposed) {
    return makeReadable(rewriter, op.getLoc(), memory, [&](MemRefType type) {
      return layoutOf(type, op.getBatch(), isTransposed);
    });
  };
  Layout aLayout = readable(a, op.getTransposeA()),
         bLayout = readable(b, op.getTransposeB());
  std::optional<Layout> cLayout =
      layoutOf(cast<MemRefType>(c.getType()), op.getBatch(), false);
  if (!cLayout || cLayout->strides.col != 1)
    return std::nullopt;
  return Products{{op.getM(), op.getN(), op.getK(), aLayout.strides,
                   bLayout.strides, cLayout->strides.row},
                  op.getNumProducts(),
                  aLayout.batch,
                  bLayout.batch,
                  cLayout->batch};
}

/// A window is a row of A, as long as its lines lie in one piece.
std::optional<Convolution> describe(Conv2dKernelOp op, RewriterBase &rewriter,
                                    Value &a, Value &b, Value c) {
  auto strides = [](MemRefType type) -> std::optional<SmallVector<int64_t>> {
    auto [strides, offset] = type.getStridesAndOffset();
    if (ShapedType::isDynamicShape(strides))
      return std::nullopt;
    return strides;
  };
  auto imageStrides =
      [&](MemRefType type) -> std::optional<SmallVector<int64_t>> {
    auto found = strides(type);
    bool isPiece =
        found && (*found)[3] == 1 && (*found)[2] == type.getDimSize(3);
    return isPiece ? found : std::nullopt;
  };
  auto dense = [](MemRefType type) -> std::optional<bool> {
    return type.getLayout().isIdentity() ? std::optional(true) : std::nullopt;
  };
  SmallVector<int64_t> x = makeReadable(rewriter, op.getLoc(), a, imageStrides);
  makeReadable(rewriter, op.getLoc(), b, dense);
  std::optional<SmallVector<int64_t>> y =
      strides(cast<MemRefType>(c.getType()));
  if (!y || y->back() != 1)
    return std::nullopt;
  ArrayRef<int64_t> image = op.getA().getType().getShape();
  ArrayRef<int64_t> window = op.getB().getType().getShape();
  ArrayRef<int64_t> result = op.getC().getType().getShape();
  int64_t line = window[1] * window[2], features = window[3];
  int64_t dilation = op.getDilation(), step = op.getStrides()[0];
  int64_t images = result[0], lines = result[1];
  Convolution convolution;
  if (std::optional<ArrayRef<int64_t>> padding = op.getPadding()) {
    kernels::PaddedConvolution padded = {};
    padded.images = images;
    padded.lines = lines;
    padded.step = step;
    padded.span = (window[0] - 1) * dilation + 1;
    padded.imageLines = image[1];
    padded.line = image[2] * image[3];
    padded.imageStride = x[0];
    padded.lineStride = x[1];
    padded.top = (*padding)[0];
    padded.left = (*padding)[2] * image[3];
    padded.right = (*padding)[3] * image[3];
    padded.chooseBlocks(result[2]);
    convolution.padded = padded;
    images = padded.imagesAtOnce;
    lines = padded.linesAtOnce;
    x[0] = padded.paddedImage();
    x[1] = padded.paddedLine();
  }
  convolution.products.shape = {
      result[2],
      features,
      window[0] * line,
      {op.getStrides()[1] * image[3], 1},
      {features, 1},
      (*y)[2],
      {{lines, step * x[1], (*y)[1]}, {images, x[0], (*y)[0]}},
      window[0],
      dilation * x[1]};
  return convolution;
}

/// The words that a kernel is called with, and the size of its scratch memory.
using Call = std::pair<SmallVector<int64_t>, int64_t>;

template <typename T, typename KernelOp>
kernels::MatmulPlan<T> planFor(KernelOp op, const kernels::MatmulShape &shape) {
  return kernels::MatmulPlan<T>(shape, {bool(op.getBias()), op.getRelu()},
                                kernels::CpuLevel(op.getLevel()));
}

template <typename T, typename KernelOp>
Call callOf(KernelOp op, const Products &products) {
  auto plan = planFor<T>(op, products.shape);
  auto words = llvm::to_vector(plan.toWords());
  words.append(
      {products.count, products.aBatch, products.bBatch, products.cBatch});
  assert(words.size() == kernels::matmulWords);
  return {words, int64_t(plan.workspaceBytes())};
}

template <typename T>
Call callOf(Conv2dKernelOp op, const Convolution &convolution) {
  const kernels::MatmulShape &shape = convolution.products.shape;
  if (!convolution.padded)
    return callOf<T>(op, convolution.products);
  auto plan = planFor<T>(op, shape);
  auto words = llvm::to_vector(plan.toWords());
  words.append({shape.groups[1].c, shape.groups[0].c});
  llvm::append_range(words, convolution.padded->toWords());
  assert(words.size() == kernels::conv2dWords);
  return {words, int64_t(kernels::paddedBlockAt(plan.workspaceBytes()) +
                         convolution.padded->blockSize() * sizeof(T))};
}

//===----------------------------------------------------------------------===//
// Bufferisation
//===----------------------------------------------------------------------===//

template <typename KernelOp>
struct KernelModel : bufferization::DstBufferizableOpInterfaceExternalModel<
                         KernelModel<KernelOp>, KernelOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const bufferization::AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *operation, RewriterBase &rewriter,
                          const bufferization::BufferizationOptions &options,
                          bufferization::BufferizationState &state) const {
    auto op = cast<KernelOp>(operation);
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
    if (bias)
      makeReadable(rewriter, op.getLoc(), bias, [](MemRefType type) {
        return mergedStride(type) == 1 ? std::optional(true) : std::nullopt;
      });
    auto products = describe(op, rewriter, a, b, c);
    // Results are written to memory of their own, which is dense.
    if (!products)
      return op.emitError("writes to memory that is not dense");

    auto [words, bytes] = op.getC().getType().getElementType().isF32()
                              ? callOf<float>(op, *products)
                              : callOf<double>(op, *products);
    SmallVector<Value, 1> scratch;
    if (bytes != 0)
      scratch.push_back(memref::AllocOp::create(
          rewriter, op.getLoc(), MemRefType::get(bytes, rewriter.getI8Type())));
    SmallVector<Value> operands = {a, b};
    if (bias)
      operands.push_back(bias);
    operands.push_back(c);
    llvm::append_range(operands, scratch);
    // The same operation on memory.
    OperationState onMemory(op.getLoc(), op->getName(), operands, TypeRange(),
                            op->getAttrs());
    auto kernel = cast<KernelOp>(rewriter.create(onMemory));
    kernel.setPlan(words);
    auto &segments = kernel.getProperties().operandSegmentSizes;
    segments = {1, 1, bias ? 1 : 0, 1, int32_t(scratch.size())};
    bufferization::replaceOpWithBufferizedValues(rewriter, op, c);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

template <typename KernelOp>
struct KernelPattern : OpConversionPattern<KernelOp> {
  using OpConversionPattern<KernelOp>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(KernelOp op, typename KernelOp::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto pointer = LLVM::LLVMPointerType::get(op.getContext());
    auto pointerOf = [&](Value operand, Value converted) -> Value {
      if (!operand)
        return LLVM::ZeroOp::create(rewriter, loc, pointer);
      if (isa<LLVM::LLVMPointerType>(converted.getType()))
        return converted;
      return MemRefDescriptor(converted).alignedPtr(rewriter, loc);
    };
    // A convolution of images as they are is a product of matrices.
    bool isPadded = op->hasAttr("padding");
    std::string name =
        (Twine("mind_kernel_") + (isPadded ? "conv2d" : "matmul") +
         (op.getC().getType().getElementType().isF32() ? "_f32" : "_f64"))
            .str();
    auto module = op->template getParentOfType<ModuleOp>();
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
          LLVM::LLVMVoidType::get(op.getContext()),
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
    MatmulKernelOp::attachInterface<KernelModel<MatmulKernelOp>>(*context);
    Conv2dKernelOp::attachInterface<KernelModel<Conv2dKernelOp>>(*context);
  });
}

void populateKernelCalls(const LLVMTypeConverter &converter,
                         RewritePatternSet &patterns) {
  patterns.add<KernelPattern<MatmulKernelOp>, KernelPattern<Conv2dKernelOp>>(
      converter, patterns.getContext());
}

} // namespace mind
