//===- GroupSchedule.cpp - what of a group is computed where -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GroupSchedule.h"

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::linalg;

namespace mind {

static RankedTensorType typeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

Dims getDims(Value tensor) { return *dimsOf(typeOf(tensor)); }

int64_t getTypicalExtent(const Dim &dim) {
  constexpr int64_t typicalSize = 64;
  if (dim.isConstant())
    return dim.constant();
  std::optional<Dim> value =
      dim.substitute([](StringRef) { return Dim(typicalSize); });
  return std::max<int64_t>(value ? value->constant() : typicalSize, 2);
}

static double countTypically(ArrayRef<Dim> dims) {
  double count = 1;
  for (const Dim &dim : dims)
    count *= double(getTypicalExtent(dim));
  return count;
}

/// The extents of the loops of `op`.
static Dims getLoopDims(LinalgOp op) {
  Dims dims(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    Dims operandDims = getDims(operand.get());
    for (auto [expr, dim] : llvm::zip_equal(
             op.getMatchingIndexingMap(&operand).getResults(), operandDims))
      if (auto loop = dyn_cast<AffineDimExpr>(expr))
        dims[loop.getPosition()] = dim;
  }
  return dims;
}

//===----------------------------------------------------------------------===//
// Kinds of operations
//===----------------------------------------------------------------------===//

static TensorKind classifyLinalg(LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() == 0)
    return TensorKind::Memory;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    AffineMap map = op.getMatchingIndexingMap(&init);
    if (!map.isProjectedPermutation() ||
        map.getNumResults() != op.getNumParallelLoops())
      return TensorKind::Memory;
  }
  return op.getNumReductionLoops() ? TensorKind::Accumulate
                                   : TensorKind::Elementwise;
}

/// Whether the index of an element in what `op` splits can be computed from
/// those of its parts: the first part of a dimension counts for nothing in it.
static bool hasFixedParts(tensor::ExpandShapeOp op) {
  ArrayRef<int64_t> shape = op.getResultType().getShape();
  return llvm::all_of(op.getReassociationIndices(), [&](auto &group) {
    auto parts = llvm::make_filter_range(
        group, [&](int64_t d) { return shape[d] != 1; });
    return parts.empty() ||
           llvm::none_of(llvm::drop_begin(parts), [&](int64_t d) {
             return ShapedType::isDynamic(shape[d]);
           });
  });
}

/// Whether each group of dimensions that `op` merges has at most one that is
/// not 1, so that the merged index is that one's.
static bool mergesOnlyUnits(tensor::CollapseShapeOp op) {
  ArrayRef<int64_t> shape = op.getSrcType().getShape();
  return llvm::all_of(op.getReassociationIndices(), [&](auto &group) {
    return llvm::count_if(group, [&](int64_t d) { return shape[d] != 1; }) <= 1;
  });
}

TensorKind classify(Value tensor) {
  Operation *op = tensor.getDefiningOp();
  if (!op)
    return TensorKind::Memory;
  return TypeSwitch<Operation *, TensorKind>(op)
      .Case<LinalgOp>([](LinalgOp op) { return classifyLinalg(op); })
      .Case<tensor::EmptyOp>([](auto) { return TensorKind::Uniform; })
      .Case<arith::ConstantOp>([](arith::ConstantOp op) {
        return isa<SplatElementsAttr>(op.getValue()) ? TensorKind::Uniform
                                                     : TensorKind::Memory;
      })
      .Case<tensor::CastOp>([](auto) { return TensorKind::Index; })
      .Case<tensor::ExpandShapeOp>([](tensor::ExpandShapeOp op) {
        return hasFixedParts(op) ? TensorKind::Index : TensorKind::Reshape;
      })
      .Case<tensor::CollapseShapeOp>([](tensor::CollapseShapeOp op) {
        return mergesOnlyUnits(op) ? TensorKind::Index : TensorKind::Reshape;
      })
      .Case<tensor::ExtractSliceOp>([](tensor::ExtractSliceOp op) {
        bool fixed = !ShapedType::isDynamicShape(op.getStaticOffsets()) &&
                     !ShapedType::isDynamicShape(op.getStaticStrides());
        return fixed ? TensorKind::Index : TensorKind::Memory;
      })
      .Case<tensor::PadOp>([](tensor::PadOp op) {
        bool fixed = op.getConstantPaddingValue() &&
                     !ShapedType::isDynamicShape(op.getStaticLow()) &&
                     !ShapedType::isDynamicShape(op.getStaticHigh());
        return fixed ? TensorKind::Assemble : TensorKind::Memory;
      })
      .Case<tensor::InsertSliceOp>([](tensor::InsertSliceOp op) {
        bool fixed = !ShapedType::isDynamicShape(op.getStaticOffsets()) &&
                     !ShapedType::isDynamicShape(op.getStaticStrides());
        return fixed ? TensorKind::Assemble : TensorKind::Memory;
      })
      .Case<tensor::ConcatOp>([](auto) { return TensorKind::Assemble; })
      .Default([](auto) { return TensorKind::Memory; });
}

std::pair<Value, AffineMap> getIndexSource(Operation *op) {
  MLIRContext *context = op->getContext();
  unsigned rank = typeOf(op->getResult(0)).getRank();
  SmallVector<AffineExpr> results;
  Value source = op->getOperand(0);
  TypeSwitch<Operation *>(op)
      .Case<tensor::ExpandShapeOp>([&](tensor::ExpandShapeOp op) {
        ArrayRef<int64_t> shape = op.getResultType().getShape();
        for (auto &group : op.getReassociationIndices()) {
          AffineExpr index = getAffineConstantExpr(0, context);
          for (int64_t d : group)
            if (shape[d] != 1)
              index = index * shape[d] + getAffineDimExpr(d, context);
          results.push_back(index);
        }
      })
      .Case<tensor::CollapseShapeOp>([&](tensor::CollapseShapeOp op) {
        ArrayRef<int64_t> shape = op.getSrcType().getShape();
        for (auto [d, group] : llvm::enumerate(op.getReassociationIndices()))
          for (int64_t s : group)
            results.push_back(shape[s] == 1 ? getAffineConstantExpr(0, context)
                                            : getAffineDimExpr(d, context));
      })
      .Case<tensor::ExtractSliceOp>([&](tensor::ExtractSliceOp op) {
        llvm::SmallBitVector dropped = op.getDroppedDims();
        unsigned next = 0;
        for (auto [d, offset, stride] :
             llvm::enumerate(op.getStaticOffsets(), op.getStaticStrides()))
          results.push_back(dropped.test(d)
                                ? getAffineConstantExpr(offset, context)
                                : getAffineDimExpr(next++, context) * stride +
                                      offset);
      })
      .Default([&](Operation *) {
        for (unsigned d = 0; d < rank; ++d)
          results.push_back(getAffineDimExpr(d, context));
      });
  return {source, AffineMap::get(rank, 0, results, context)};
}

/// Operations of the payload that are worth more than a few cycles.
static unsigned costOf(Operation *op) {
  if (isa<math::AbsFOp, math::AbsIOp, math::FloorOp, math::CeilOp,
          math::RoundEvenOp, math::CopySignOp>(op))
    return 1;
  if (isa<math::SqrtOp, math::RsqrtOp, arith::DivFOp, arith::DivSIOp,
          arith::DivUIOp, arith::RemFOp, arith::RemSIOp, arith::RemUIOp>(op))
    return 8;
  if (isa<math::MathDialect>(op->getDialect()) || op->getNumRegions())
    return 20;
  return op->hasTrait<OpTrait::IsTerminator>() || isa<arith::ConstantOp>(op)
             ? 0
             : 1;
}

static unsigned costOf(LinalgOp op) {
  unsigned cost = 0;
  for (Operation &inner : *op.getBlock())
    cost += costOf(&inner);
  return cost;
}

static bool hasEffects(LinalgOp op) {
  return llvm::any_of(*op.getBlock(), [](Operation &inner) {
    return !isMemoryEffectFree(&inner) &&
           !inner.hasTrait<OpTrait::IsTerminator>();
  });
}

bool Stage::isContraction() const {
  if (!accumulate)
    return false;
  LinalgOp op = accumulate;
  unsigned tensors = 0;
  for (OpOperand *input : op.getDpsInputOperands())
    tensors += isa<RankedTensorType>(input->get().getType()) &&
               op.payloadUsesValueFromOperand(input);
  return tensors > 1;
}

//===----------------------------------------------------------------------===//
// Which tensors are stored
//===----------------------------------------------------------------------===//

/// The tensor whose elements `tensor` shows, past operations that only move.
static Value skipViews(Value tensor) {
  while (true) {
    TensorKind kind = classify(tensor);
    if (kind != TensorKind::Index && kind != TensorKind::Reshape)
      return tensor;
    tensor = tensor.getDefiningOp()->getOperand(0);
  }
}

static bool isComputed(Value tensor) {
  TensorKind kind = classify(tensor);
  return kind == TensorKind::Elementwise || kind == TensorKind::Accumulate ||
         kind == TensorKind::Assemble;
}

/// Whether `op` computes a number from nothing but constants and the named
/// sizes. Such operations stay where they are.
static bool isMadeOfSizes(Operation &op) {
  if (isa<SizeOp>(op) || op.hasTrait<OpTrait::ConstantLike>())
    return true;
  return op.getNumRegions() == 0 && op.getNumResults() == 1 &&
         op.getNumOperands() != 0 &&
         op.getResult(0).getType().isIntOrIndexOrFloat() &&
         isMemoryEffectFree(&op) &&
         llvm::all_of(op.getOperands(), [](Value operand) {
           Operation *producer = operand.getDefiningOp();
           return producer && isMadeOfSizes(*producer);
         });
}

/// Whether `op` is one of those that `classify` tells apart. What is not reads
/// its operands from memory.
static bool isUnderstood(Operation &op) {
  return op.hasTrait<OpTrait::ConstantLike>() || isMadeOfSizes(op) ||
         (op.getNumResults() &&
          classify(op.getResult(0)) != TensorKind::Memory);
}

SmallVector<Value> getCapturedTensors(Operation *op) {
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  return llvm::filter_to_vector(captured, [](Value value) {
    return isa<RankedTensorType>(value.getType());
  });
}

/// Whether elements of an inline `tensor` would be evaluated more than once by
/// `user`.
static bool isRepeatedBy(Value tensor, LinalgOp user) {
  return countTypically(getLoopDims(user)) > countTypically(getDims(tensor));
}

/// Whether it pays to store the elementwise `result` instead of evaluating its
/// elements wherever they are needed: when that is often, and they are dear, or
/// in the inner loop of a contraction.
static bool isWorthStoring(Value result) {
  unsigned cost = costOf(result.getDefiningOp<LinalgOp>());
  if (cost == 0)
    return false;
  bool isDear = cost >= 8;
  unsigned uses = 0;
  SmallVector<Value> worklist = {result};
  while (!worklist.empty())
    for (Operation *user : worklist.pop_back_val().getUsers()) {
      if (user->getNumResults() == 1 &&
          classify(user->getResult(0)) == TensorKind::Index) {
        worklist.push_back(user->getResult(0));
        continue;
      }
      ++uses;
      auto consumer = dyn_cast<LinalgOp>(user);
      if (!consumer || !isRepeatedBy(result, consumer))
        continue;
      bool isContraction =
          consumer.getNumReductionLoops() && consumer.getNumDpsInputs() > 1;
      if (isDear || isContraction)
        return true;
    }
  return isDear && uses > 1;
}

void GroupSchedule::findStored(Block &block) {
  auto store = [&](ValueRange tensors) {
    for (Value tensor : tensors) {
      if (!isa<RankedTensorType>(tensor.getType()))
        continue;
      tensor = skipViews(tensor);
      if (isComputed(tensor))
        stored.insert(tensor);
    }
  };
  for (Operation &op : block) {
    if (!isUnderstood(op))
      store(op.getOperands());
    store(getCapturedTensors(&op));
    for (Value result : op.getResults()) {
      auto linalgOp = dyn_cast<LinalgOp>(op);
      if (result.use_empty() && !(linalgOp && hasEffects(linalgOp)))
        continue;
      TensorKind kind = classify(result);
      if (kind == TensorKind::Reshape)
        store(op.getOperands());
      if (kind == TensorKind::Accumulate || kind == TensorKind::Assemble ||
          (kind == TensorKind::Elementwise &&
           (hasEffects(cast<LinalgOp>(op)) || isWorthStoring(result))))
        stored.insert(result);
    }
  }
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

/// The loops of `op` in terms of whatever `map` gives the indices of its
/// `resultNumber`th result in. Loops that reduce are left null.
static SmallVector<AffineExpr>
loopsFromResult(LinalgOp op, unsigned resultNumber, AffineMap map) {
  AffineMap output =
      op.getMatchingIndexingMap(op.getDpsInitOperand(resultNumber));
  SmallVector<AffineExpr> loops(op.getNumLoops());
  for (auto [index, expr] : llvm::enumerate(output.getResults()))
    loops[cast<AffineDimExpr>(expr).getPosition()] = map.getResult(index);
  return loops;
}

/// The same for an elementwise operation, where all loops are known.
static AffineMap loopsOfElementwise(Value result, AffineMap map) {
  auto op = result.getDefiningOp<LinalgOp>();
  unsigned number = cast<OpResult>(result).getResultNumber();
  return AffineMap::get(map.getNumDims(), 0, loopsFromResult(op, number, map),
                        op->getContext());
}

/// Whether every result is a sum of constant multiples of dimensions.
static bool isSumOfMultiples(AffineMap map) {
  bool found = false;
  map.walkExprs([&](AffineExpr expr) {
    found |= expr.getKind() == AffineExprKind::FloorDiv ||
             expr.getKind() == AffineExprKind::CeilDiv ||
             expr.getKind() == AffineExprKind::Mod;
  });
  return !found;
}

void GroupSchedule::visitOperands(Stage &stage, LinalgOp op, AffineMap loops,
                                  bool inReduction) const {
  if (!stage.evaluations.insert({op, loops}).second)
    return;
  stage.cost += costOf(op);
  stage.capturesTensors |= !getCapturedTensors(op).empty();
  for (Operation &inner : *op.getBlock())
    for (Type type : inner.getResultTypes())
      if (type.isIntOrFloat())
        stage.elementBits =
            std::max(stage.elementBits, type.getIntOrFloatBitWidth());
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()) &&
        op.payloadUsesValueFromOperand(&operand)) {
      bool init = inReduction && op.isDpsInit(&operand);
      visit(stage, operand.get(),
            op.getMatchingIndexingMap(&operand).compose(loops),
            inReduction && !init);
    }
}

void GroupSchedule::visit(Stage &stage, Value tensor, AffineMap map,
                          bool inReduction) const {
  if (!stored.contains(tensor)) {
    Operation *op = tensor.getDefiningOp();
    switch (classify(tensor)) {
    case TensorKind::Uniform:
      return;
    case TensorKind::Elementwise:
      return visitOperands(stage, cast<LinalgOp>(op),
                           loopsOfElementwise(tensor, map), inReduction);
    case TensorKind::Index: {
      auto [source, indices] = getIndexSource(op);
      return visit(stage, source, indices.compose(map), inReduction);
    }
    default:
      break;
    }
  }
  stage.irregular |= !isSumOfMultiples(map);
  stage.elementBits = std::max(stage.elementBits, getElementBits(tensor));
  stage.accesses.push_back({tensor, map, inReduction});
}

/// Whether `stage` evaluates all that depends on `tensor`, up to its result.
static bool isReadOnlyBy(const Stage &stage, Value tensor) {
  DenseSet<Operation *> evaluated;
  for (const auto &[op, loops] : stage.evaluations)
    evaluated.insert(op);
  llvm::SetVector<Value> dependents;
  dependents.insert(tensor);
  for (unsigned i = 0; i < dependents.size(); ++i)
    for (Operation *user : dependents[i].getUsers()) {
      if (user->getNumResults() != 1)
        return false;
      Value result = user->getResult(0);
      if (!evaluated.contains(user) && classify(result) != TensorKind::Index)
        return false;
      if (result != stage.result)
        dependents.insert(result);
    }
  return true;
}

/// Makes `stage` compute the accumulation that it alone reads, at its own
/// indices, instead of reading it back from memory.
void GroupSchedule::absorb(Stage &stage) {
  unsigned rank = stage.getRank();
  for (Access &access : stage.accesses) {
    auto op = access.tensor.getDefiningOp<LinalgOp>();
    if (!op || classify(access.tensor) != TensorKind::Accumulate ||
        op->getNumResults() != 1 || !stored.contains(access.tensor))
      continue;
    // The same elements in the same order, but for extents of 1.
    SmallVector<int64_t> positions;
    bool inOrder = elementCount(getDims(access.tensor)) ==
                   elementCount(getDims(stage.result));
    for (auto [index, expr] : llvm::enumerate(access.map.getResults())) {
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        positions.push_back(dim.getPosition());
      else
        inOrder &= typeOf(access.tensor).getDimSize(index) == 1;
    }
    inOrder &= llvm::is_sorted(positions) &&
               llvm::adjacent_find(positions) == positions.end();
    // Whatever reads it, directly or not, is evaluated here, at these indices.
    bool sameIndices = llvm::all_of(stage.accesses, [&](Access &other) {
      return other.tensor != access.tensor || other.map == access.map;
    });
    if (!inOrder || !sameIndices || !isReadOnlyBy(stage, access.tensor))
      continue;

    stage.accumulate = op;
    stored.remove(access.tensor);
    MLIRContext *context = op->getContext();
    unsigned numDims = rank + op.getNumReductionLoops();
    stage.accumulateResult =
        AffineMap::get(numDims, 0, access.map.getResults(), context);
    llvm::erase_if(stage.accesses, [&](Access &other) {
      return other.tensor == op->getResult(0);
    });
    for (Access &other : stage.accesses)
      other.map = AffineMap::get(numDims, 0, other.map.getResults(), context);
    return;
  }
}

static Stage makeEmptyStage(Value result) {
  Stage stage;
  stage.result = result;
  stage.dims = getDims(result);
  stage.extents = llvm::map_to_vector(stage.dims, getTypicalExtent);
  stage.elementBits = getElementBits(result);
  return stage;
}

Stage GroupSchedule::makeCopy(Value tensor) const {
  Stage stage = makeEmptyStage(tensor);
  visit(stage, tensor,
        AffineMap::getMultiDimIdentityMap(stage.getRank(), tensor.getContext()),
        /*inReduction=*/false);
  return stage;
}

void GroupSchedule::makeStage(Value result) {
  MLIRContext *context = result.getContext();
  Stage stage = makeEmptyStage(result);
  unsigned rank = stage.getRank();
  auto op = result.getDefiningOp<LinalgOp>();
  AffineMap identity = AffineMap::getMultiDimIdentityMap(rank, context);
  TensorKind kind = classify(result);
  if (kind == TensorKind::Elementwise) {
    visitOperands(stage, op, loopsOfElementwise(result, identity),
                  /*inReduction=*/false);
    absorb(stage);
  } else if (kind == TensorKind::Accumulate) {
    stage.accumulate = op;
    stage.accumulateResult = AffineMap::get(rank + op.getNumReductionLoops(), 0,
                                            identity.getResults(), context);
  }
  if (LinalgOp accumulate = stage.accumulate) {
    unsigned number =
        accumulate == op ? cast<OpResult>(result).getResultNumber() : 0;
    SmallVector<AffineExpr> exprs =
        loopsFromResult(accumulate, number, stage.accumulateResult);
    Dims ranges = getLoopDims(accumulate);
    for (auto [loop, expr] : llvm::enumerate(exprs))
      if (!expr) {
        expr = getAffineDimExpr(stage.extents.size(), context);
        stage.dims.push_back(ranges[loop]);
        stage.extents.push_back(getTypicalExtent(ranges[loop]));
      }
    stage.accumulateLoops =
        AffineMap::get(stage.extents.size(), 0, exprs, context);
    visitOperands(stage, accumulate, stage.accumulateLoops,
                  /*inReduction=*/true);
  }
  stages.push_back(std::move(stage));
}

/// Stages can share loops over their first dimensions if each reads the others'
/// results at just those indices. Contractions need all their loops for tiles.
unsigned GroupSchedule::findSharedDims() const {
  if (stages.size() < 2 || steps.size() != stages.size())
    return 0;
  unsigned shared = 0;
  for (const Stage &stage : stages) {
    if (stage.isContraction() || stage.capturesTensors ||
        classify(stage.result) == TensorKind::Assemble)
      return 0;
    shared = std::max(shared, stage.getRank());
  }
  if (shared)
    --shared;
  ArrayRef<Dim> dims = stages.back().dims;
  for (const Stage &stage : stages) {
    shared = std::min(shared, stage.getRank());
    for (unsigned d = 0; d < shared; ++d)
      if (d >= dims.size() || stage.dims[d] != dims[d])
        shared = d;
    for (const Access &access : stage.accesses) {
      if (classify(access.tensor) == TensorKind::Reshape &&
          stored.contains(skipViews(access.tensor)))
        return 0;
      if (!stored.contains(access.tensor))
        continue;
      shared = std::min(shared, access.map.getNumResults());
      for (unsigned d = 0; d < shared; ++d) {
        auto dim = dyn_cast<AffineDimExpr>(access.map.getResult(d));
        if (!dim || dim.getPosition() != d)
          shared = d;
      }
    }
  }
  return shared;
}

GroupSchedule::GroupSchedule(Block &block) {
  findStored(block);
  // Later stages absorb accumulations, which are then no stages of their own.
  SmallVector<Value> order(stored.begin(), stored.end());
  llvm::sort(order, [](Value lhs, Value rhs) {
    Operation *a = lhs.getDefiningOp(), *b = rhs.getDefiningOp();
    return a == b ? cast<OpResult>(lhs).getResultNumber() <
                        cast<OpResult>(rhs).getResultNumber()
                  : a->isBeforeInBlock(b);
  });
  for (Value result : llvm::reverse(order))
    if (stored.contains(result))
      makeStage(result);
  std::reverse(stages.begin(), stages.end());

  unsigned next = 0;
  for (Operation &op : block.without_terminator()) {
    while (next < stages.size() && stages[next].result.getDefiningOp() == &op)
      steps.push_back({&op, next++});
    if (!isUnderstood(op))
      steps.push_back({&op, std::nullopt});
  }
  sharedDims = findSharedDims();
}

} // namespace mind
