//===- KernelCalls.cpp - from kernels in IR to calls ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelCalls.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Kernels/Convolution.h"
#include "Mind/Runtime/Kernels/EntryPoints.h"
#include "Strides.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/DialectConversion.h"
#include <cmath>

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
  SmallVector<int64_t> strides = stridesOf(type);
  if (ShapedType::isDynamicShape(strides))
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

/// What a kernel works on, in memory.
struct Buffers {
  Value a, b, mean, variance, scale, bias, residual, c;
};

/// A product of matrices, and how many of them.
struct Products {
  kernels::MatmulShape shape;
  int64_t count = 1, aBatch = 0, bBatch = 0, cBatch = 0, residualBatch = 0;
};

/// A convolution as products of matrices: of the images as they are, or of
/// blocks of them with zeros around.
struct Convolution {
  Products products;
  std::optional<kernels::PaddedConvolution> padded;
};

std::optional<Products> describe(MatmulKernelOp op, RewriterBase &rewriter,
                                 Buffers &buffers) {
  auto readable = [&](Value &memory, bool isTransposed) {
    return makeReadable(rewriter, op.getLoc(), memory, [&](MemRefType type) {
      return layoutOf(type, op.getBatch(), isTransposed);
    });
  };
  auto inRows = [&](MemRefType type) -> std::optional<Layout> {
    auto layout = layoutOf(type, op.getBatch(), false);
    return layout && layout->strides.col == 1 ? layout : std::nullopt;
  };
  Layout a = readable(buffers.a, op.getTransposeA()),
         b = readable(buffers.b, op.getTransposeB());
  std::optional<Layout> c = inRows(cast<MemRefType>(buffers.c.getType()));
  if (!c)
    return std::nullopt;
  Products products;
  products.shape = {op.getM(), op.getN(), op.getK(),
                    a.strides, b.strides, c->strides.row};
  products.count = op.getNumProducts();
  products.aBatch = a.batch;
  products.bBatch = b.batch;
  products.cBatch = c->batch;
  if (buffers.residual) {
    Layout residual =
        makeReadable(rewriter, op.getLoc(), buffers.residual, inRows);
    products.shape.residualRow = residual.strides.row;
    products.residualBatch = residual.batch;
  }
  return products;
}

/// A window is a row of A, as long as its lines lie in one piece.
std::optional<Convolution> describe(Conv2dKernelOp op, RewriterBase &rewriter,
                                    Buffers &buffers) {
  auto strides = [](MemRefType type) -> std::optional<SmallVector<int64_t>> {
    SmallVector<int64_t> strides = stridesOf(type);
    if (ShapedType::isDynamicShape(strides))
      return std::nullopt;
    return strides;
  };
  auto pixelsInRow =
      [&](MemRefType type) -> std::optional<SmallVector<int64_t>> {
    auto found = strides(type);
    return found && found->back() == 1 ? found : std::nullopt;
  };
  auto linesInPiece =
      [&](MemRefType type) -> std::optional<SmallVector<int64_t>> {
    auto found = pixelsInRow(type);
    return found && (*found)[2] == type.getDimSize(3) ? found : std::nullopt;
  };
  auto dense = [](MemRefType type) -> std::optional<bool> {
    return type.getLayout().isIdentity() ? std::optional(true) : std::nullopt;
  };
  SmallVector<int64_t> x =
      makeReadable(rewriter, op.getLoc(), buffers.a, linesInPiece);
  makeReadable(rewriter, op.getLoc(), buffers.b, dense);
  auto y = pixelsInRow(cast<MemRefType>(buffers.c.getType()));
  if (!y)
    return std::nullopt;
  SmallVector<int64_t> residual(4, 0);
  if (buffers.residual)
    residual =
        makeReadable(rewriter, op.getLoc(), buffers.residual, pixelsInRow);
  auto fourOf = [](ArrayRef<int64_t> values) {
    return std::array<int64_t, 4>{values[0], values[1], values[2], values[3]};
  };
  ArrayRef<int64_t> image = op.getA().getType().getShape();
  ArrayRef<int64_t> window = op.getB().getType().getShape();
  std::optional<ArrayRef<int64_t>> padding = op.getPadding();
  kernels::ConvolutionShape shape = {image[0],  image[1],  image[2], image[3],
                                     window[0], window[1], window[3]};
  shape.steps = {op.getStrides()[0], op.getStrides()[1]};
  shape.dilation[0] = op.getDilation();
  if (padding)
    shape.padding = fourOf(*padding);
  shape.x = fourOf(x);
  shape.y = fourOf(*y);
  shape.residual = fourOf(residual);
  std::optional<kernels::WindowProduct> windows =
      kernels::windowProduct(shape, {shape.features, 1}, padding.has_value());
  assert(windows && "lines of windows in one piece are a product");
  Convolution convolution;
  convolution.products.shape = windows->shape;
  convolution.padded = windows->padded;
  return convolution;
}

/// The words that a kernel is called with, and the size of its scratch memory.
struct Plan {
  SmallVector<int64_t> words;
  int64_t scratchBytes = 0;
};

/// The first of them, which all products have.
template <typename T, typename KernelOp>
std::pair<kernels::MatmulPlan<T>, SmallVector<int64_t>>
planProduct(KernelOp op, const kernels::MatmulShape &shape) {
  auto activation = kernels::Activation::None;
  if (auto name = op.getActivation())
    activation = *kernels::activationNamed(*name);
  kernels::MatmulPlan<T> plan(shape, activation,
                              kernels::CpuLevel(op.getLevel()));
  auto words = llvm::to_vector(plan.toWords());
  auto eps = cast_or_null<FloatAttr>(op.getEpsAttr());
  words.push_back(std::bit_cast<int64_t>(eps ? eps.getValueAsDouble() : 0.0));
  return {plan, words};
}

template <typename T, typename KernelOp>
int64_t scratchBytes(KernelOp op, const kernels::MatmulPlan<T> &plan,
                     int64_t blockSize) {
  int64_t columns = op.getVariance() ? 2 * plan.matrices().n : 0;
  // No memory at all where nothing is needed.
  if (blockSize == 0 && columns == 0)
    return plan.workspaceBytes();
  return kernels::ScratchLayout(plan.workspaceBytes(), blockSize * sizeof(T),
                                columns * sizeof(T))
      .bytes;
}

template <typename T, typename KernelOp>
Plan planFor(KernelOp op, const Products &products) {
  auto [plan, words] = planProduct<T>(op, products.shape);
  words.append({products.count, products.aBatch, products.bBatch,
                products.cBatch, products.residualBatch});
  assert(words.size() == kernels::matmulWords);
  return {words, scratchBytes(op, plan, 0)};
}

template <typename T>
Plan planFor(Conv2dKernelOp op, const Convolution &convolution) {
  if (!convolution.padded)
    return planFor<T>(op, convolution.products);
  auto [plan, words] = planProduct<T>(op, convolution.products.shape);
  llvm::append_range(words, convolution.padded->toWords());
  assert(words.size() == kernels::conv2dWords);
  return {words, scratchBytes(op, plan, convolution.padded->blockSize())};
}

/// Plans what multiplies `operands`, in the order in which they are declared
/// but for scratch memory. Copies those that do not lie as the kernel wants
/// them; fails on what it writes.
template <typename KernelOp>
FailureOr<Plan> planFor(KernelOp op, RewriterBase &rewriter,
                        MutableArrayRef<Value> operands) {
  Buffers buffers;
  const std::pair<Value, Value *> all[] = {
      {op.getA(), &buffers.a},
      {op.getB(), &buffers.b},
      {op.getMean(), &buffers.mean},
      {op.getVariance(), &buffers.variance},
      {op.getScale(), &buffers.scale},
      {op.getBias(), &buffers.bias},
      {op.getResidual(), &buffers.residual},
      {op.getC(), &buffers.c}};
  Value *next = operands.begin();
  for (auto [tensor, buffer] : all)
    if (tensor)
      *buffer = *next++;
  for (Value *columns :
       {&buffers.mean, &buffers.variance, &buffers.scale, &buffers.bias})
    if (*columns)
      makeReadable(rewriter, op.getLoc(), *columns, [](MemRefType type) {
        return mergedStride(type) == 1 ? std::optional(true) : std::nullopt;
      });
  auto products = describe(op, rewriter, buffers);
  // Results are written to memory of their own, which is dense.
  if (!products)
    return op.emitError("writes to memory that is not dense");
  next = operands.begin();
  for (auto [tensor, buffer] : all)
    if (tensor)
      *next++ = *buffer;
  return op.getC().getType().getElementType().isF32()
             ? planFor<float>(op, *products)
             : planFor<double>(op, *products);
}

/// How the loops of attention walk through memory.
std::optional<SmallVector<int64_t>> loopStrides(MemRefType type,
                                                AffineMap map) {
  SmallVector<int64_t> strides = stridesOf(type);
  if (ShapedType::isDynamicShape(strides))
    return std::nullopt;
  SmallVector<int64_t> result(map.getNumDims());
  for (auto [expr, stride] : llvm::zip_equal(map.getResults(), strides))
    if (auto loop = dyn_cast<AffineDimExpr>(expr))
      result[loop.getPosition()] = stride;
  return result;
}

/// The same for attention: q, k, v, the mask, if there is one, and out.
FailureOr<Plan> planFor(AttentionKernelOp op, RewriterBase &rewriter,
                        MutableArrayRef<Value> operands) {
  if (!op.getLevel())
    return op.emitError("is bound to no kernel");
  auto maps = llvm::to_vector(op.getMaps().getAsValueRange<AffineMapAttr>());
  SmallVector<SmallVector<int64_t>> strides;
  for (auto [operand, map] :
       llvm::zip(operands.drop_back(), ArrayRef(maps).drop_back()))
    strides.push_back(makeReadable(
        rewriter, op.getLoc(), operand,
        [map = map](MemRefType type) { return loopStrides(type, map); }));
  auto written =
      loopStrides(cast<MemRefType>(operands.back().getType()), maps.back());
  if (!written)
    return op.emitError("writes to memory of unknown strides");
  SmallVector<int64_t> extents = op.getLoopExtents();
  unsigned query = op.getQueryLoop(), key = op.getKeyLoop(),
           depth = op.getDepthLoop(), feature = op.getFeatureLoop();
  if (!op.getMask())
    strides.emplace_back(extents.size());
  strides.push_back(*written);
  auto matrix = [&](unsigned operand, unsigned row, unsigned column) {
    return kernels::MatrixStrides{strides[operand][row],
                                  strides[operand][column]};
  };
  kernels::AttentionShape shape = {
      extents[query],          extents[key],
      extents[depth],          extents[feature],
      matrix(0, query, depth), matrix(1, key, depth),
      matrix(2, key, feature), matrix(4, query, feature),
      matrix(3, query, key)};
  // Neighbours in memory follow one another.
  unsigned axis = 0;
  for (unsigned loop = op.getNumMatrixLoops(); loop-- > 0;)
    if (extents[loop] != 1)
      shape.axes[axis++] = {extents[loop],    strides[0][loop],
                            strides[1][loop], strides[2][loop],
                            strides[3][loop], strides[4][loop]};
  kernels::AttentionOptions options;
  options.scale = op.getScale() ? op.getScale()->convertToDouble()
                                : 1 / std::sqrt(double(shape.depth));
  options.causal = op.getCausal();
  if (op.getMask())
    options.mask = op.getMask().getType().getElementType().isInteger()
                       ? kernels::AttentionMask::Keep
                       : kernels::AttentionMask::Add;
  auto plan = [&]<typename T>(T) {
    kernels::AttentionPlan<T> made(shape, options,
                                   kernels::CpuLevel(*op.getLevel()));
    return Plan{llvm::to_vector(made.toWords()),
                int64_t(made.workspaceBytes())};
  };
  return op.getOut().getType().getElementType().isF32() ? plan(float())
                                                        : plan(double());
}

/// A group that is shared has no plan, and wants dense memory.
FailureOr<Plan> planFor(CallGroupOp op, RewriterBase &rewriter,
                        MutableArrayRef<Value> operands) {
  auto isDense = [](MemRefType type) -> std::optional<bool> {
    return type.getLayout().isIdentity() ? std::optional(true) : std::nullopt;
  };
  for (Value &input : operands.drop_back())
    makeReadable(rewriter, op.getLoc(), input, isDense);
  if (!isDense(cast<MemRefType>(operands.back().getType())))
    return op.emitError("writes to memory that is not dense");
  return Plan{};
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
    SmallVector<Value> operands;
    for (Value tensor : op->getOperands()) {
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, tensor, options, state);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    FailureOr<Plan> plan = planFor(op, rewriter, operands);
    if (failed(plan))
      return failure();
    Value written = operands.back();
    auto segments = op.getProperties().operandSegmentSizes;
    if (plan->scratchBytes != 0) {
      operands.push_back(memref::AllocOp::create(
          rewriter, op.getLoc(),
          MemRefType::get(plan->scratchBytes, rewriter.getI8Type())));
      segments.back() = 1;
    }
    // The same operation on memory.
    OperationState onMemory(op.getLoc(), op->getName(), operands, TypeRange(),
                            op->getAttrs());
    auto kernel = cast<KernelOp>(rewriter.create(onMemory));
    if constexpr (requires { kernel.getPlan(); })
      kernel.setPlan(plan->words);
    kernel.getProperties().operandSegmentSizes = segments;
    bufferization::replaceOpWithBufferizedValues(rewriter, op, written);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

StringRef kernelName(AttentionKernelOp) { return "attention"; }
StringRef kernelName(MatmulKernelOp) { return "matmul"; }
/// A convolution of images as they are is a product of matrices.
StringRef kernelName(Conv2dKernelOp op) {
  return op.getPadding() ? "conv2d" : "matmul";
}

/// What calls a kernel: of its name, on the element type of what it writes.
template <typename KernelOp>
struct KernelPattern : OpConversionPattern<KernelOp> {
  KernelPattern(const LLVMTypeConverter &converter, PlanConstants &constants,
                MLIRContext *context)
      : OpConversionPattern<KernelOp>(converter, context),
        constants(constants) {}

  LogicalResult
  matchAndRewrite(KernelOp op, typename KernelOp::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto pointer = LLVM::LLVMPointerType::get(op.getContext());
    auto module = op->template getParentOfType<ModuleOp>();
    SmallVector<Value> arguments = {LLVM::AddressOfOp::create(
        rewriter, loc, pointer, constantFor(module, *op.getPlan(), rewriter))};
    // Null stands for what is not there.
    for (unsigned i = 0; i < op.getProperties().operandSegmentSizes.size();
         ++i) {
      ValueRange converted = adaptor.getODSOperands(i);
      if (converted.empty())
        arguments.push_back(LLVM::ZeroOp::create(rewriter, loc, pointer));
      else if (isa<LLVM::LLVMPointerType>(converted[0].getType()))
        arguments.push_back(converted[0]);
      else
        arguments.push_back(
            MemRefDescriptor(converted[0]).alignedPtr(rewriter, loc));
    }
    Type element =
        cast<MemRefType>(op.getDpsInits()[0].getType()).getElementType();
    std::string symbol = (Twine("mind.kernel.") + kernelName(op) +
                          (element.isF32() ? "_f32" : "_f64"))
                             .str();
    if (!module.lookupSymbol(symbol)) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      auto type = LLVM::LLVMFunctionType::get(
          LLVM::LLVMVoidType::get(op.getContext()),
          SmallVector<Type>(arguments.size(), pointer));
      LLVM::LLVMFuncOp::create(rewriter, loc, symbol, type);
    }
    LLVM::CallOp::create(rewriter, loc, TypeRange(), symbol, arguments);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// The name of a constant of these words.
  std::string constantFor(ModuleOp module, ArrayRef<int64_t> words,
                          OpBuilder &builder) const {
    auto elements = DenseElementsAttr::get(
        RankedTensorType::get(words.size(), builder.getI64Type()), words);
    std::string &name = constants[elements];
    if (!name.empty())
      return name;
    name = "mind.plan." + std::to_string(constants.size() - 1);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    LLVM::GlobalOp::create(
        builder, module.getLoc(),
        LLVM::LLVMArrayType::get(builder.getI64Type(), words.size()),
        /*isConstant=*/true, LLVM::Linkage::Private, name, elements,
        /*alignment=*/8);
    return name;
  }

  PlanConstants &constants;
};

/// What calls the function that equal groups became.
struct CallGroupPattern : OpConversionPattern<CallGroupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(CallGroupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::CallOp>(op, TypeRange(), op.getCallee(),
                                              adaptor.getOperands());
    return success();
  }
};

} // namespace

void registerKernelBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MindDialect *) {
    AttentionKernelOp::attachInterface<KernelModel<AttentionKernelOp>>(
        *context);
    CallGroupOp::attachInterface<KernelModel<CallGroupOp>>(*context);
    MatmulKernelOp::attachInterface<KernelModel<MatmulKernelOp>>(*context);
    Conv2dKernelOp::attachInterface<KernelModel<Conv2dKernelOp>>(*context);
  });
}

void populateKernelCalls(const LLVMTypeConverter &converter,
                         PlanConstants &constants,
                         RewritePatternSet &patterns) {
  patterns.add<KernelPattern<AttentionKernelOp>, KernelPattern<MatmulKernelOp>,
               KernelPattern<Conv2dKernelOp>>(converter, constants,
                                              patterns.getContext());
  patterns.add<CallGroupPattern>(converter, patterns.getContext());
}

} // namespace mind
