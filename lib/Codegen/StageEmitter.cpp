//===- StageEmitter.cpp - the loops of a stage ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StageEmitter.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mind {

StageEmitter::StageEmitter(ScopedBuilder &builder, TensorEvaluator &evaluator,
                           const Stage &stage, const Tile &tile,
                           ArrayRef<LaneIndex> shared)
    : builder(builder), evaluator(evaluator), stage(stage), tile(tile),
      sharedDims(shared.size()), indices(shared) {
  indices.resize(stage.extents.size());
  // What the lanes read of the second operand is used by the most tiles in a
  // row: the dimensions it depends on are the outer ones.
  auto isPanelDim = [&](unsigned d) {
    return llvm::any_of(stage.accesses, [&](const Access &access) {
      return access.inReduction && access.map.isFunctionOfDim(tile.laneDim) &&
             access.map.isFunctionOfDim(d);
    });
  };
  bool panels = stage.isContraction() && tile.lanes > 1 && !hasReducedLanes();
  for (unsigned d = sharedDims; d < stage.getRank(); ++d)
    if (panels && isPanelDim(d))
      order.push_back(d);
  panelLevel = order.size();
  for (unsigned d = sharedDims; d < stage.getRank(); ++d)
    if (!panels || !isPanelDim(d))
      order.push_back(d);
  if (hasReducedLanes())
    partials = tile.sizes[tile.laneDim] / tile.lanes;
}

Value StageEmitter::fill(Value memory, bool local) {
  AffineMap all =
      AffineMap::getMultiDimIdentityMap(stage.getRank(), memory.getContext());
  return copyTo(memory, local ? all.dropResults(llvm::to_vector(
                                    llvm::seq<int64_t>(0, sharedDims)))
                              : all);
}

Value StageEmitter::copyTo(Value memory, AffineMap map, Value value) {
  placement = map;
  uniform = value;
  size_t mark = evaluator.getMark();
  memory = emitLoops(0, memory);
  evaluator.release(mark);
  return memory;
}

Value StageEmitter::computeElement() {
  SmallVector<Instance> instances = makeInstances();
  size_t mark = evaluator.getMark();
  if (stage.accumulate)
    accumulate(instances);
  evaluator.setLanes(1, 1);
  Value value = evaluator.evaluate(
      stage.result, ArrayRef(indices).take_front(stage.getRank()));
  evaluator.release(mark);
  return value;
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

Value StageEmitter::emitLoops(unsigned level, Value memory) {
  if (tile.packedOperand && level == panelLevel)
    panel = emitPanel();
  if (level == order.size())
    return emitTile(memory);
  unsigned dim = order[level];
  if (stage.isDynamic(dim))
    return emitDynamicLoops(level, memory);
  int64_t extent = stage.extents[dim], size = tile.sizes[dim];
  if (size >= extent) {
    indices[dim] = {};
    return emitLoops(level + 1, memory);
  }
  scf::ForOp loop =
      builder.openLoop(builder.constantIndex(extent), size, memory);
  Value base = loop.getInductionVar();
  // The last tile is moved back to fit, and computes some elements again.
  if (extent % size)
    base = builder.pure<arith::MinSIOp>(base,
                                        builder.constantIndex(extent - size));
  indices[dim] = {base};
  size_t mark = evaluator.getMark();
  Value inner = emitLoops(level + 1, loop.getRegionIterArg(0));
  evaluator.release(mark);
  builder.closeLoop(inner);
  return loop.getResult(0);
}

Value StageEmitter::wholeBlocks(unsigned dim, int64_t size) {
  Value extent = builder.extent(stage.dims[dim]);
  if (size == 1)
    return extent;
  Value rest =
      builder.pure<arith::RemUIOp>(extent, builder.constantIndex(size));
  return builder.pure<arith::SubIOp>(extent, rest);
}

/// First whole tiles; then what is left, along the lanes in single vectors, and
/// at last one by one. Each is a loop of its own, which may run not at all.
Value StageEmitter::emitDynamicLoops(unsigned level, Value memory) {
  unsigned dim = order[level];
  const Tile whole = tile;
  bool isLane = tile.lanes > 1 && dim == tile.laneDim;
  SmallVector<int64_t, 3> sizes{tile.sizes[dim]};
  if (isLane && sizes.back() > tile.lanes)
    sizes.push_back(tile.lanes);
  if (sizes.back() > 1)
    sizes.push_back(1);
  Value start = builder.constantIndex(0);
  for (int64_t size : sizes) {
    tile.sizes[dim] = size;
    if (isLane && size == 1) {
      tile.lanes = 1;
      tile.packedOperand.reset();
    }
    Value end = wholeBlocks(dim, size);
    scf::ForOp loop = builder.openLoop(start, end, size, memory);
    indices[dim] = {loop.getInductionVar()};
    size_t mark = evaluator.getMark();
    Value inner = emitLoops(level + 1, loop.getRegionIterArg(0));
    evaluator.release(mark);
    builder.closeLoop(inner);
    memory = loop.getResult(0);
    start = end;
  }
  tile = whole;
  return memory;
}

/// Copies what the tiles that follow read of the packed operand, as an array of
/// the reduced dimensions and the block along the lanes.
Value StageEmitter::emitPanel() {
  SmallVector<int64_t> shape =
      llvm::to_vector(ArrayRef(stage.extents).drop_front(stage.getRank()));
  shape.push_back(tile.sizes[tile.laneDim]);
  Value operand = stage.accumulate->getOperand(*tile.packedOperand);
  Value memory = builder.effect<tensor::EmptyOp>(
      shape, cast<RankedTensorType>(operand.getType()).getElementType());
  Indices at = indices;
  return fillPanel(stage.getRank(), at, memory);
}

Value StageEmitter::fillPanel(unsigned dim, Indices &at, Value memory) {
  if (dim < stage.extents.size()) {
    if (stage.extents[dim] == 1) {
      at[dim] = {};
      return fillPanel(dim + 1, at, memory);
    }
    scf::ForOp loop =
        builder.openLoop(builder.constantIndex(stage.extents[dim]), 1, memory);
    at[dim] = {loop.getInductionVar()};
    size_t mark = evaluator.getMark();
    Value inner = fillPanel(dim + 1, at, loop.getRegionIterArg(0));
    evaluator.release(mark);
    builder.closeLoop(inner);
    return loop.getResult(0);
  }
  linalg::LinalgOp op = stage.accumulate;
  OpOperand &operand = op->getOpOperand(*tile.packedOperand);
  int64_t extent = stage.isDynamic(tile.laneDim) ? tile.sizes[tile.laneDim]
                                                 : stage.extents[tile.laneDim];
  for (int64_t offset = 0; offset < tile.sizes[tile.laneDim];
       offset += tile.lanes) {
    Indices position = at;
    position[tile.laneDim].offset += offset;
    position[tile.laneDim].stride = 1;
    evaluator.setLanes(tile.lanes, std::min(tile.lanes, extent - offset));
    Value value = evaluator.evaluate(
        operand.get(),
        evaluator.apply(op.getMatchingIndexingMap(&operand),
                        evaluator.apply(stage.accumulateLoops, position)));
    Indices slot(ArrayRef(at).drop_front(stage.getRank()));
    slot.push_back({Value(), offset, 1});
    evaluator.setLanes(tile.lanes, tile.lanes);
    memory = evaluator.write(value, memory, slot);
  }
  return memory;
}

SmallVector<StageEmitter::Instance> StageEmitter::makeInstances() const {
  SmallVector<Instance> instances = {{indices, tile.lanes, {}}};
  for (unsigned d = sharedDims; d < stage.getRank(); ++d) {
    bool isLane = tile.lanes > 1 && d == tile.laneDim;
    int64_t extent = stage.isDynamic(d) ? tile.sizes[d] : stage.extents[d];
    SmallVector<Instance> expanded;
    for (const Instance &instance : instances)
      for (int64_t offset = 0; offset < std::min(tile.sizes[d], extent);
           offset += isLane ? tile.lanes : 1) {
        Instance copy = instance;
        copy.indices[d].offset += offset;
        if (isLane) {
          copy.indices[d].stride = 1;
          copy.active = std::min(tile.lanes, extent - offset);
        }
        expanded.push_back(copy);
      }
    instances = std::move(expanded);
  }
  return instances;
}

Value StageEmitter::emitTile(Value memory) {
  size_t mark = evaluator.getMark();
  SmallVector<Instance> instances = makeInstances();
  if (stage.accumulate)
    accumulate(instances);
  for (Instance &instance : instances) {
    bool scalar = hasReducedLanes() || tile.lanes == 1;
    evaluator.setLanes(scalar ? 1 : tile.lanes, scalar ? 1 : instance.active);
    ArrayRef<LaneIndex> at =
        ArrayRef(instance.indices).take_front(stage.getRank());
    Value value = uniform ? uniform : evaluator.evaluate(stage.result, at);
    memory = evaluator.write(value, memory, evaluator.apply(placement, at));
  }
  evaluator.release(mark);
  return memory;
}

//===----------------------------------------------------------------------===//
// Accumulation
//===----------------------------------------------------------------------===//

Value StageEmitter::initialValue(const Instance &instance, unsigned result) {
  linalg::LinalgOp op = stage.accumulate;
  OpOperand *init = op.getDpsInitOperand(result);
  return evaluator.evaluate(
      init->get(), evaluator.apply(op.getMatchingIndexingMap(init),
                                   evaluator.apply(stage.accumulateLoops,
                                                   instance.indices)));
}

void StageEmitter::accumulate(MutableArrayRef<Instance> instances) {
  linalg::LinalgOp op = stage.accumulate;
  for (Instance &instance : instances) {
    evaluator.setLanes(tile.lanes, instance.active);
    if (hasReducedLanes()) {
      // The initial value joins at the end; lanes start from what is neutral.
      Operation *combiner =
          op.getBlock()->getTerminator()->getOperand(0).getDefiningOp();
      Value neutral = builder.constant(*arith::getNeutralElement(combiner));
      instance.accumulators.assign(partials, evaluator.broadcast(neutral));
      continue;
    }
    for (unsigned result = 0; result < op.getNumDpsInits(); ++result)
      instance.accumulators.push_back(
          evaluator.broadcast(initialValue(instance, result)));
  }
  reduce(stage.getRank(), instances);
  if (hasReducedLanes()) {
    for (Instance &instance : instances) {
      instance.accumulators = {combineLanes(instance)};
      instance.active = 1;
    }
    if (stage.isDynamic(tile.laneDim)) {
      const Tile whole = tile;
      tile.lanes = 1;
      restOfLanes = wholeBlocks(tile.laneDim, whole.lanes);
      reduce(stage.getRank(), instances);
      restOfLanes = {};
      tile = whole;
    }
  }
  for (Instance &instance : instances) {
    Indices at = evaluator.apply(stage.accumulateResult, instance.indices);
    for (auto [result, value] :
         llvm::zip_equal(op->getResults(), instance.accumulators))
      evaluator.bind(result, at, value);
  }
}

void StageEmitter::loopOver(Value lower, Value upper, int64_t stepSize,
                            MutableArrayRef<Instance> instances,
                            function_ref<void(Value)> body) {
  SmallVector<Value> carried;
  for (Instance &instance : instances)
    llvm::append_range(carried, instance.accumulators);
  auto distribute = [&](ValueRange values) {
    for (Instance &instance : instances)
      for (Value &accumulator : instance.accumulators) {
        accumulator = values.front();
        values = values.drop_front();
      }
  };
  scf::ForOp loop = builder.openLoop(lower, upper, stepSize, carried);
  distribute(loop.getRegionIterArgs());
  size_t mark = evaluator.getMark();
  body(loop.getInductionVar());
  evaluator.release(mark);
  carried.clear();
  for (Instance &instance : instances)
    llvm::append_range(carried, instance.accumulators);
  builder.closeLoop(carried);
  distribute(loop.getResults());
}

void StageEmitter::reduce(unsigned dim, MutableArrayRef<Instance> instances) {
  if (hasReducedLanes() && dim == tile.laneDim)
    ++dim; // comes last
  if (dim >= stage.extents.size()) {
    if (hasReducedLanes())
      return stage.isDynamic(tile.laneDim) ? reduceDynamicLanes(instances)
                                           : reduceLanes(instances);
    for (Instance &instance : instances)
      step(instance, 0, instance.active);
    return;
  }
  auto setIndex = [&](LaneIndex index) {
    for (Instance &instance : instances)
      instance.indices[dim] = index;
  };
  if (stage.extents[dim] == 1) {
    setIndex({});
    return reduce(dim + 1, instances);
  }
  Value lower = restOfLanes && dim == tile.laneDim ? restOfLanes
                                                   : builder.constantIndex(0);
  Value upper = builder.extent(stage.dims[dim]);
  loopOver(lower, upper, 1, instances, [&](Value index) {
    setIndex({index});
    reduce(dim + 1, instances);
  });
}

/// The innermost loop where lanes are reduced: blocks of `partials` vectors,
/// then single vectors, then what is left of one under a mask.
void StageEmitter::reduceLanes(MutableArrayRef<Instance> instances) {
  int64_t extent = stage.extents[tile.laneDim];
  int64_t block = tile.lanes * partials;
  auto runBlock = [&](Value base, int64_t start, int64_t length) {
    for (Instance &instance : instances)
      for (int64_t offset = 0; offset < length; offset += tile.lanes) {
        instance.indices[tile.laneDim] = {base, start + offset, 1};
        step(instance, offset / tile.lanes,
             std::min(tile.lanes, length - offset));
      }
  };
  int64_t main = extent / block * block;
  if (main > block)
    loopOver(builder.constantIndex(0), builder.constantIndex(main), block,
             instances, [&](Value base) { runBlock(base, 0, block); });
  else if (main == block)
    runBlock(Value(), 0, block);
  runBlock(Value(), main, extent - main);
}

/// The same where only a call knows the extent: blocks, then single vectors.
/// What is left is added to the result later.
void StageEmitter::reduceDynamicLanes(MutableArrayRef<Instance> instances) {
  Value start = builder.constantIndex(0);
  for (unsigned vectors = partials; vectors; vectors = vectors > 1 ? 1 : 0) {
    Value end = wholeBlocks(tile.laneDim, tile.lanes * vectors);
    loopOver(start, end, tile.lanes * vectors, instances, [&](Value base) {
      for (Instance &instance : instances)
        for (unsigned partial = 0; partial < vectors; ++partial) {
          instance.indices[tile.laneDim] = {base, partial * tile.lanes, 1};
          step(instance, partial, tile.lanes);
        }
    });
    start = end;
  }
}

void StageEmitter::step(Instance &instance, unsigned partial, int64_t active) {
  linalg::LinalgOp op = stage.accumulate;
  evaluator.setLanes(tile.lanes, active);
  MutableArrayRef<Value> accumulators = instance.accumulators;
  if (hasReducedLanes())
    accumulators = accumulators.slice(partial, 1);
  auto operandOf = [&](unsigned number) -> Value {
    if (number != tile.packedOperand)
      return nullptr;
    Indices at;
    for (unsigned d = stage.getRank(); d < stage.extents.size(); ++d)
      at.push_back(instance.indices[d]);
    // A panel starts where the tile does, and is filled up to whole vectors.
    at.push_back({Value(), instance.indices[tile.laneDim].offset, 1});
    evaluator.setLanes(tile.lanes, tile.lanes);
    Value value = evaluator.read(panel, at);
    evaluator.setLanes(tile.lanes, active);
    return value;
  };
  SmallVector<Value> results = evaluator.evaluatePayload(
      op, evaluator.apply(stage.accumulateLoops, instance.indices),
      accumulators, operandOf);
  for (auto [accumulator, result] : llvm::zip_equal(accumulators, results)) {
    result = evaluator.broadcast(result);
    if (hasReducedLanes() && active < tile.lanes)
      result = builder.pure<arith::SelectOp>(evaluator.activeMask(), result,
                                             accumulator);
    accumulator = result;
  }
}

Value StageEmitter::combineLanes(const Instance &instance) {
  vector::CombiningKind kind = *getCombiner(stage.accumulate);
  Value all = instance.accumulators.front();
  for (Value partial : ArrayRef(instance.accumulators).drop_front()) {
    Value combined = vector::makeArithReduction(
        builder.getBuilder(), builder.getLoc(), kind, all, partial);
    all = builder.place(combined.getDefiningOp())->getResult(0);
  }
  evaluator.setLanes(1, 1);
  Value initial = initialValue(instance, 0);
  // The order of summation is ours to choose: let it be a tree.
  return builder.pure<vector::ReductionOp>(kind, all, initial,
                                           arith::FastMathFlags::reassoc);
}

} // namespace mind
