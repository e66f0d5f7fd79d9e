//===- Vectorize.cpp - groups become loops on vectors --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "StageEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mind {
#define GEN_PASS_DEF_VECTORIZE
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// Replaces the operations of one block.
class BlockVectorizer {
public:
  BlockVectorizer(Block &block, const VectorTarget &target)
      : block(block), target(target), schedule(block),
        builder(block.getTerminator(), block.getParentOp()->getLoc()),
        evaluator(builder) {}

  void run();

private:
  void runSteps();
  void runShared();
  /// Puts `op` next, and behind it what only shows what it computes.
  void moveWithViews(Operation *op);
  Value fillStage(const Stage &stage);
  Value assemble(Operation *op, Value memory);
  Value copyInto(Value source, Value memory, AffineMap placement);
  Value fillUniform(Value tensor);
  Value makeEmpty(RankedTensorType type) {
    SmallVector<Value> sizes;
    if (!type.hasStaticShape())
      for (const Dim &dim : Dims(*dimsOf(type)))
        if (!dim.isConstant())
          sizes.push_back(builder.extent(dim));
    // Each its own: equal ones must not become one buffer.
    return builder.effect<tensor::EmptyOp>(type, sizes);
  }
  bool escapes(Value tensor) const;

  Block &block;
  const VectorTarget &target;
  GroupSchedule schedule;
  ScopedBuilder builder;
  TensorEvaluator evaluator;
};

} // namespace

/// Whether `tensor`, or a view of it, is a result of the block.
bool BlockVectorizer::escapes(Value tensor) const {
  return llvm::any_of(tensor.getUsers(), [&](Operation *user) {
    if (user == block.getTerminator())
      return true;
    if (user->getNumResults() != 1)
      return false;
    TensorKind kind = classify(user->getResult(0));
    return (kind == TensorKind::Index || kind == TensorKind::Reshape) &&
           escapes(user->getResult(0));
  });
}

Value BlockVectorizer::copyInto(Value source, Value memory,
                                AffineMap placement) {
  Stage copy = schedule.makeCopy(source);
  Tile tile = chooseTile(copy, target, 0);
  return StageEmitter(builder, evaluator, copy, tile, {})
      .copyTo(memory, placement);
}

/// Whether `tensor` is a splat constant that is better filled at run time than
/// kept in the object file.
static bool isLargeSplat(Value tensor) {
  auto constant = tensor.getDefiningOp<arith::ConstantOp>();
  return constant && isa<SplatElementsAttr>(constant.getValue()) &&
         cast<RankedTensorType>(tensor.getType()).getNumElements() > 64;
}

/// A tensor in memory that is `tensor`, a splat: as a constant, it would take
/// as much room in the object file.
Value BlockVectorizer::fillUniform(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return copyInto(
      tensor, makeEmpty(type),
      AffineMap::getMultiDimIdentityMap(type.getRank(), tensor.getContext()));
}

/// Fills `memory` with the pieces that `op` puts together.
Value BlockVectorizer::assemble(Operation *op, Value memory) {
  MLIRContext *context = op->getContext();
  auto placeAt = [&](unsigned dim, AffineExpr &expr, int64_t offset,
                     int64_t stride) {
    expr = getAffineDimExpr(dim, context) * stride + offset;
  };
  if (auto pad = dyn_cast<tensor::PadOp>(op)) {
    Stage all = schedule.makeCopy(pad.getResult());
    Tile tile = chooseTile(all, target, 0);
    unsigned rank = all.getRank();
    memory =
        StageEmitter(builder, evaluator, all, tile, {})
            .copyTo(memory, AffineMap::getMultiDimIdentityMap(rank, context),
                    pad.getConstantPaddingValue());
    SmallVector<AffineExpr> exprs(rank);
    for (auto [d, low] : llvm::enumerate(pad.getStaticLow()))
      placeAt(d, exprs[d], low, 1);
    return copyInto(pad.getSource(), memory,
                    AffineMap::get(rank, 0, exprs, context));
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    if (!insert.getDest().getDefiningOp<tensor::EmptyOp>())
      memory = copyInto(insert.getDest(), memory,
                        AffineMap::getMultiDimIdentityMap(
                            insert.getDestType().getRank(), context));
    SmallVector<AffineExpr> exprs(insert.getDestType().getRank());
    llvm::SmallBitVector dropped = insert.getDroppedDims();
    unsigned next = 0;
    for (auto [d, offset, stride] :
         llvm::enumerate(insert.getStaticOffsets(), insert.getStaticStrides()))
      if (dropped.test(d))
        exprs[d] = getAffineConstantExpr(offset, context);
      else
        placeAt(next++, exprs[d], offset, stride);
    return copyInto(insert.getSource(), memory,
                    AffineMap::get(next, 0, exprs, context));
  }
  auto concat = cast<tensor::ConcatOp>(op);
  unsigned rank = concat.getResultType().getRank();
  int64_t offset = 0;
  for (Value input : concat.getInputs()) {
    SmallVector<AffineExpr> exprs(rank);
    for (unsigned d = 0; d < rank; ++d)
      placeAt(d, exprs[d], d == concat.getDim() ? offset : 0, 1);
    memory = copyInto(input, memory, AffineMap::get(rank, 0, exprs, context));
    offset +=
        cast<RankedTensorType>(input.getType()).getDimSize(concat.getDim());
  }
  return memory;
}

Value BlockVectorizer::fillStage(const Stage &stage) {
  auto type = cast<RankedTensorType>(stage.result.getType());
  Value memory = makeEmpty(type);
  if (classify(stage.result) == TensorKind::Assemble)
    return assemble(stage.result.getDefiningOp(), memory);
  Tile tile = chooseTile(stage, target, 0);
  return StageEmitter(builder, evaluator, stage, tile, {})
      .fill(memory, /*local=*/false);
}

/// One stage after the other.
void BlockVectorizer::runSteps() {
  for (const GroupSchedule::Step &step : schedule.getSteps()) {
    if (step.stage) {
      const Stage &stage = schedule.getStages()[*step.stage];
      builder.setLoc(stage.result.getLoc());
      evaluator.setMemory(stage.result, fillStage(stage), /*dropped=*/0);
      continue;
    }
    // Not ours: it goes on as it is, on what the stages before it computed.
    for (OpOperand &operand : step.op->getOpOperands())
      if (isLargeSplat(operand.get()))
        operand.set(fillUniform(operand.get()));
      else if (isa<RankedTensorType>(operand.get().getType()))
        operand.set(evaluator.getMemory(operand.get()));
    for (Value captured : getCapturedTensors(step.op))
      for (Region &region : step.op->getRegions())
        replaceAllUsesInRegionWith(captured, evaluator.getMemory(captured),
                                   region);
    moveWithViews(step.op);
  }
}

void BlockVectorizer::moveWithViews(Operation *op) {
  op->remove();
  builder.append(op);
  for (Operation *user : llvm::to_vector(op->getUsers())) {
    if (user->getBlock() != &block || user->getNumResults() != 1 ||
        user->getOperand(0).getDefiningOp() != op)
      continue;
    TensorKind kind = classify(user->getResult(0));
    if (kind == TensorKind::Index || kind == TensorKind::Reshape)
      moveWithViews(user);
  }
}

/// All stages inside of one nest of loops over their common dimensions.
void BlockVectorizer::runShared() {
  unsigned sharedDims = schedule.getSharedDims();
  ArrayRef<Stage> stages = schedule.getStages();
  SmallVector<const Stage *> escaping;
  SmallVector<Value> memories;
  for (const Stage &stage : stages)
    if (escapes(stage.result)) {
      escaping.push_back(&stage);
      memories.push_back(
          makeEmpty(cast<RankedTensorType>(stage.result.getType())));
    }

  Indices shared;
  SmallVector<scf::ForOp> loops;
  for (unsigned d = 0; d < sharedDims; ++d) {
    if (stages.back().extents[d] == 1) {
      shared.push_back({});
      continue;
    }
    loops.push_back(
        builder.openLoop(builder.extent(stages.back().dims[d]), 1, memories));
    memories.assign(loops.back().getRegionIterArgs().begin(),
                    loops.back().getRegionIterArgs().end());
    shared.push_back({loops.back().getInductionVar()});
  }

  size_t mark = evaluator.getMark();
  for (const Stage &stage : stages) {
    builder.setLoc(stage.result.getLoc());
    Tile tile = chooseTile(stage, target, sharedDims);
    StageEmitter emitter(builder, evaluator, stage, tile, shared);
    auto type = cast<RankedTensorType>(stage.result.getType());
    RankedTensorType inner = tensorType(
        ArrayRef(stage.dims).slice(sharedDims, type.getRank() - sharedDims),
        type.getElementType());
    if (auto *it = llvm::find(escaping, &stage); it != escaping.end()) {
      Value &memory = memories[it - escaping.begin()];
      memory = emitter.fill(memory, /*local=*/false);
      evaluator.setMemory(stage.result, memory, /*dropped=*/0);
    } else if (inner.hasStaticShape() && inner.getNumElements() == 1) {
      Value element = emitter.computeElement();
      evaluator.bind(stage.result,
                     ArrayRef(emitter.getIndices()).take_front(type.getRank()),
                     element);
    } else {
      Value memory = emitter.fill(makeEmpty(inner), /*local=*/true);
      evaluator.setMemory(stage.result, memory, sharedDims);
    }
  }
  evaluator.release(mark);

  for (scf::ForOp loop : llvm::reverse(loops)) {
    builder.closeLoop(memories);
    memories.assign(loop.getResults().begin(), loop.getResults().end());
  }
  for (auto [stage, memory] : llvm::zip_equal(escaping, memories))
    evaluator.setMemory(stage->result, memory, /*dropped=*/0);
}

void BlockVectorizer::run() {
  SmallVector<Operation *> originals;
  for (Operation &op : block.without_terminator())
    originals.push_back(&op);
  if (schedule.getSharedDims())
    runShared();
  else
    runSteps();
  for (OpOperand &operand : block.getTerminator()->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()))
      operand.set(classify(operand.get()) == TensorKind::Uniform
                      ? fillUniform(operand.get())
                      : evaluator.getMemory(operand.get()));
  // What remains in use are views of memory, constants and unknown operations.
  for (Operation *op : llvm::reverse(originals))
    if (op->use_empty() && (isOpTriviallyDead(op) || isa<linalg::LinalgOp>(op)))
      op->erase();
}

namespace {
struct Vectorize : impl::VectorizeBase<Vectorize> {
  using VectorizeBase::VectorizeBase;

  /// Whether a function's body holds, outside of groups, what is ours.
  static bool hasWork(Block &block) {
    return !block.getOps<linalg::LinalgOp>().empty() ||
           llvm::any_of(block.getTerminator()->getOperands(), [](Value result) {
             return classify(result) == TensorKind::Uniform;
           });
  }

  /// Whether the types of all tensors in `block` say what their extents are.
  static bool hasKnownDims(Block &block) {
    auto isKnown = [](Type type) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      return !tensor || dimsOf(tensor);
    };
    return llvm::all_of(block.getArgumentTypes(), isKnown) &&
           llvm::all_of(block, [&](Operation &op) {
             return llvm::all_of(op.getResultTypes(), isKnown);
           });
  }

  void runOnOperation() override {
    VectorTarget target{vectorBits, registers};
    getOperation()->walk([&](GroupOp group) {
      if (hasKnownDims(group.getBlock()))
        BlockVectorizer(group.getBlock(), target).run();
    });
    Region &body = getOperation().getBody();
    if (body.hasOneBlock() && hasKnownDims(body.front()) &&
        hasWork(body.front()))
      BlockVectorizer(body.front(), target).run();
  }
};
} // namespace
} // namespace mind
