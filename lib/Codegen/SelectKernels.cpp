//===- SelectKernels.cpp - contractions become calls of kernels ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEpilogue.h"
#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Kernels/Attention.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace mind {
#define GEN_PASS_DEF_SELECTKERNELS
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mlir::linalg;

namespace mind {
namespace {

//===----------------------------------------------------------------------===//
// What is computed
//===----------------------------------------------------------------------===//

/// Whether `op` adds products of two tensors of f32 or f64 to 0.
bool isContraction(LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      !op.hasPureTensorSemantics() || op.getNumReductionLoops() == 0)
    return false;
  auto type = cast<RankedTensorType>(op.getDpsInits()[0].getType());
  if (!type.getElementType().isF32() && !type.getElementType().isF64())
    return false;
  for (Value operand : op->getOperands())
    if (auto tensor = dyn_cast<RankedTensorType>(operand.getType());
        !tensor || !tensor.hasStaticShape() ||
        tensor.getElementType() != type.getElementType())
      return false;
  auto fill = op.getDpsInits()[0].getDefiningOp<FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
    return false;

  Block &block = *op.getBlock();
  if (block.getOperations().size() != 3)
    return false;
  auto sum =
      block.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  auto product = dyn_cast<arith::MulFOp>(block.front());
  if (!sum || !product)
    return false;
  Value accumulator = block.getArgument(2);
  auto joins = [](Operation *op, Value lhs, Value rhs) {
    return (op->getOperand(0) == lhs && op->getOperand(1) == rhs) ||
           (op->getOperand(0) == rhs && op->getOperand(1) == lhs);
  };
  return joins(sum, accumulator, product) &&
         joins(product, block.getArgument(0), block.getArgument(1));
}

/// An operand, and how the loops of a contraction read it.
struct Operand {
  Value tensor;
  AffineMap map;

  RankedTensorType type() const {
    return cast<RankedTensorType>(tensor.getType());
  }
};

/// How an operation that only permutes axes indexes what it reads by the
/// indices of its result; none of any other.
std::optional<AffineMap> matchTranspose(GenericOp op) {
  if (!op || op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 0 ||
      op.getBlock()->getOperations().size() != 1 ||
      op.getBlock()->getTerminator()->getOperand(0) !=
          op.getBlock()->getArgument(0))
    return std::nullopt;
  AffineMap from = op.getMatchingIndexingMap(op.getDpsInputOperand(0)),
            to = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (!from.isPermutation() || !to.isIdentity())
    return std::nullopt;
  return from;
}

/// Looks through operations that only permute axes.
Operand skipTransposes(Operand operand) {
  while (auto op = operand.tensor.getDefiningOp<GenericOp>()) {
    std::optional<AffineMap> from = matchTranspose(op);
    if (!from)
      break;
    operand = {op.getDpsInputs()[0], from->compose(operand.map)};
  }
  return operand;
}

/// The loops of a product of matrices.
enum class LoopKind { Trivial, Batch, Row, Column, Depth, Other };

/// A contraction as the kernel sees it.
struct Product {
  Value a, b;
  int64_t batch = 0;
  bool transposeA = false, transposeB = false;
};

class Matcher {
public:
  explicit Matcher(LinalgOp op)
      : op(op), ranges(op.getStaticLoopRanges()),
        result{op->getResult(0),
               op.getMatchingIndexingMap(op.getDpsInitOperand(0))} {}

  std::optional<Product> match() {
    if (!result.map.isProjectedPermutation())
      return std::nullopt;
    Operand lhs = operandAt(0), rhs = operandAt(1);
    if (!lhs.map.isProjectedPermutation() || !rhs.map.isProjectedPermutation())
      return std::nullopt;
    if (std::optional<Product> product = matchAs(lhs, rhs))
      return product;
    // A matrix by a vector is the vector by the matrix transposed.
    return matchAs(rhs, lhs);
  }

private:
  Operand operandAt(unsigned number) {
    OpOperand *operand = op.getDpsInputOperand(number);
    return skipTransposes({operand->get(), op.getMatchingIndexingMap(operand)});
  }

  static bool reads(const Operand &operand, unsigned loop) {
    return operand.map.isFunctionOfDim(loop);
  }

  LoopKind kindOf(unsigned loop, const Operand &a, const Operand &b) const {
    if (ranges[loop] == 1)
      return LoopKind::Trivial;
    bool inA = reads(a, loop), inB = reads(b, loop), inC = reads(result, loop);
    if (inC)
      return inA && inB ? LoopKind::Batch
             : inA      ? LoopKind::Row
                        : LoopKind::Column;
    return inA && inB ? LoopKind::Depth : LoopKind::Other;
  }

  /// The kinds of the dimensions of `operand`, in order.
  SmallVector<LoopKind> kindsOf(const Operand &operand, const Operand &a,
                                const Operand &b) const {
    return llvm::map_to_vector(operand.map.getResults(), [&](AffineExpr expr) {
      return kindOf(cast<AffineDimExpr>(expr).getPosition(), a, b);
    });
  }

  std::optional<Product> matchAs(const Operand &a, const Operand &b);

  LinalgOp op;
  SmallVector<int64_t> ranges;
  Operand result;
};

std::optional<Product> Matcher::matchAs(const Operand &a, const Operand &b) {
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    if (kindOf(loop, a, b) == LoopKind::Other)
      return std::nullopt;
  SmallVector<LoopKind> aKinds = kindsOf(a, a, b), bKinds = kindsOf(b, a, b),
                        cKinds = kindsOf(result, a, b);
  Product product{a.tensor, b.tensor};
  // B: batch..., then two dimensions.
  unsigned bRank = bKinds.size();
  if (bRank < 2 || aKinds.empty() || cKinds.empty())
    return std::nullopt;
  unsigned batch = bRank - 2;
  for (unsigned dim = 0; dim < batch; ++dim)
    if (bKinds[dim] != LoopKind::Batch && bKinds[dim] != LoopKind::Trivial)
      return std::nullopt;
  auto is = [](LoopKind kind, LoopKind wanted) {
    return kind == wanted || kind == LoopKind::Trivial;
  };
  // Of a dimension of 1 the loop that it belongs to says what it is.
  auto loopAt = [](const Operand &operand, unsigned dim) {
    return cast<AffineDimExpr>(operand.map.getResult(dim)).getPosition();
  };
  unsigned column = loopAt(result, cKinds.size() - 1);
  product.transposeB = loopAt(b, bRank - 1) != column;
  if (loopAt(b, bRank - 1 - product.transposeB) != column ||
      !is(bKinds[bRank - 1],
          product.transposeB ? LoopKind::Depth : LoopKind::Column) ||
      !is(bKinds[bRank - 2],
          product.transposeB ? LoopKind::Column : LoopKind::Depth) ||
      !is(cKinds.back(), LoopKind::Column))
    return std::nullopt;
  unsigned depth = loopAt(b, bRank - 2 + product.transposeB);

  // The batch dimensions of all three go by the same loops in the same order.
  if (aKinds.size() < batch + 1 || cKinds.size() < batch + 1)
    return std::nullopt;
  for (unsigned dim = 0; dim < batch; ++dim)
    if (loopAt(a, dim) != loopAt(b, dim) ||
        loopAt(a, dim) != loopAt(result, dim))
      return std::nullopt;
  // A: rows..., then the depth; or, of one dimension of rows, the other way
  // round. The rows are those of C in the same order.
  auto rowsMatch = [&](unsigned aBegin, unsigned aEnd) {
    if (aEnd - aBegin != cKinds.size() - 1 - batch)
      return false;
    for (unsigned i = 0; i < aEnd - aBegin; ++i)
      if (!is(aKinds[aBegin + i], LoopKind::Row) ||
          loopAt(a, aBegin + i) != loopAt(result, batch + i))
        return false;
    return true;
  };
  unsigned aRank = aKinds.size();
  if (loopAt(a, aRank - 1) == depth && rowsMatch(batch, aRank - 1)) {
    product.batch = batch;
    return product;
  }
  if (aRank == batch + 2 && loopAt(a, batch) == depth &&
      rowsMatch(batch + 1, aRank)) {
    product.batch = batch;
    product.transposeA = true;
    return product;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// A convolution as the kernel knows it.
Conv2DNhwcHwcfOp matchConvolution(LinalgOp op) {
  auto conv = dyn_cast<Conv2DNhwcHwcfOp>(op.getOperation());
  if (!conv)
    return nullptr;
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || !type.hasStaticShape() ||
        !(type.getElementType().isF32() || type.getElementType().isF64()))
      return nullptr;
  }
  auto fill = op.getDpsInits()[0].getDefiningOp<FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
    return nullptr;
  // Lines of a window lie in one piece unless its columns are apart.
  int64_t columns =
      cast<RankedTensorType>(conv.getInputs()[1].getType()).getDimSize(1);
  auto dilations = llvm::to_vector(conv.getDilations().getValues<int64_t>());
  return columns == 1 || dilations[1] == 1 ? conv : nullptr;
}

/// The zeros above, below, left and right of images that `x` consists of, if
/// that is how `x` alone is made.
std::optional<std::array<int64_t, 4>> matchPadding(tensor::PadOp pad) {
  if (!pad || !pad->hasOneUse() || !pad.getLow().empty() ||
      !pad.getHigh().empty())
    return std::nullopt;
  Value value = pad.getConstantPaddingValue();
  ArrayRef<int64_t> low = pad.getStaticLow(), high = pad.getStaticHigh();
  auto isInside = [](int64_t count) { return count >= 0; };
  if (!value || !matchPattern(value, m_PosZeroFloat()) || low[0] || low[3] ||
      high[0] || high[3] || !llvm::all_of(low, isInside) ||
      !llvm::all_of(high, isInside))
    return std::nullopt;
  return std::array{low[1], high[1], low[2], high[2]};
}

/// Replaces a contraction and what follows it by a kernel that `create` makes
/// of the memory for its result.
void replace(
    const KernelEpilogue &epilogue,
    function_ref<Operation *(OpBuilder &, RankedTensorType, Value)> create) {
  Operation *last = epilogue.operations.back();
  OpBuilder builder(last);
  auto type = cast<RankedTensorType>(last->getResult(0).getType());
  Value c = tensor::EmptyOp::create(builder, last->getLoc(), type.getShape(),
                                    type.getElementType());
  last->replaceAllUsesWith(create(builder, type, c));
  for (Operation *replaced : llvm::reverse(epilogue.operations))
    replaced->erase();
}

UnitAttr flag(OpBuilder &builder, bool is) {
  return is ? builder.getUnitAttr() : UnitAttr();
}

void select(LinalgOp op, const Product &product, int64_t level) {
  KernelEpilogue epilogue(op);
  replace(epilogue, [&](OpBuilder &builder, RankedTensorType type, Value c) {
    return MatmulKernelOp::create(
        builder, op.getLoc(), type, product.a, product.b, epilogue.mean,
        epilogue.variance, epilogue.scale, epilogue.bias, epilogue.residual, c,
        /*scratch=*/Value(), builder.getI64IntegerAttr(level), epilogue.eps,
        epilogue.activation, DenseI64ArrayAttr(),
        builder.getI64IntegerAttr(product.batch),
        flag(builder, product.transposeA), flag(builder, product.transposeB));
  });
}

void select(Conv2DNhwcHwcfOp op, int64_t level) {
  KernelEpilogue epilogue(cast<LinalgOp>(op.getOperation()));
  Value x = op.getInputs()[0], w = op.getInputs()[1];
  auto pad = x.getDefiningOp<tensor::PadOp>();
  auto padding = matchPadding(pad);
  if (padding)
    x = pad.getSource();
  replace(epilogue, [&](OpBuilder &builder, RankedTensorType type, Value c) {
    auto strides = llvm::to_vector(op.getStrides().getValues<int64_t>());
    auto dilations = llvm::to_vector(op.getDilations().getValues<int64_t>());
    return Conv2dKernelOp::create(
        builder, op.getLoc(), type, x, w, epilogue.mean, epilogue.variance,
        epilogue.scale, epilogue.bias, epilogue.residual, c,
        /*scratch=*/Value(), builder.getI64IntegerAttr(level), epilogue.eps,
        epilogue.activation, DenseI64ArrayAttr(),
        builder.getDenseI64ArrayAttr(strides),
        builder.getI64IntegerAttr(dilations[0]),
        padding ? builder.getDenseI64ArrayAttr(*padding) : DenseI64ArrayAttr());
  });
  if (padding)
    pad->erase();
}

/// Whether the kernel of attention computes `op`.
bool fitsKernel(AttentionKernelOp op) {
  Type element = op.getOut().getType().getElementType();
  for (auto [operand, map] : op.getIndexedOperands())
    if (!cast<RankedTensorType>(operand.getType()).hasStaticShape())
      return false;
  SmallVector<int64_t> extents = op.getLoopExtents();
  return (element.isF32() || element.isF64()) &&
         llvm::count_if(ArrayRef(extents).take_front(op.getNumMatrixLoops()),
                        [](int64_t extent) { return extent != 1; }) <=
             kernels::AttentionShape::maxAxes;
}

/// Binds `op` to the kernel, which reads and writes through transpositions.
void select(AttentionKernelOp op, int64_t level) {
  OpBuilder builder(op);
  SmallVector<AffineMap> maps;
  for (auto [operand, map] :
       llvm::zip(op->getOpOperands(),
                 op.getMaps().getAsValueRange<AffineMapAttr>())) {
    Operand source = skipTransposes({operand.get(), map});
    operand.set(source.tensor);
    maps.push_back(source.map);
  }
  op.setLevel(level);
  while (op->hasOneUse()) {
    auto user = dyn_cast<GenericOp>(*op->user_begin());
    std::optional<AffineMap> from = matchTranspose(user);
    if (!from || user.isDpsInit(&*op->use_begin()))
      break;
    auto type = cast<RankedTensorType>(user->getResult(0).getType());
    maps.back() = inversePermutation(*from).compose(maps.back());
    op.getOutMutable().assign(tensor::EmptyOp::create(
        builder, op.getLoc(), type.getShape(), type.getElementType()));
    op->getResult(0).setType(type);
    user->replaceAllUsesWith(op);
    user.erase();
  }
  op.setMapsAttr(builder.getAffineMapArrayAttr(maps));
}

struct SelectKernels : impl::SelectKernelsBase<SelectKernels> {
  using SelectKernelsBase::SelectKernelsBase;

  void runOnOperation() override {
    getOperation()->walk([&](GroupOp group) {
      for (AttentionKernelOp op : group.getBlock().getOps<AttentionKernelOp>())
        if (fitsKernel(op))
          select(op, level);
      SmallVector<LinalgOp> ops(group.getBlock().getOps<LinalgOp>());
      ops.erase(
          llvm::remove_if(
              ops, [](LinalgOp op) { return op.getNumReductionLoops() == 0; }),
          ops.end());
      for (LinalgOp op : ops) {
        if (Conv2DNhwcHwcfOp conv = matchConvolution(op))
          select(conv, level);
        else if (isContraction(op))
          if (std::optional<Product> product = Matcher(op).match())
            select(op, *product, level);
      }
    });
  }
};

} // namespace
} // namespace mind
