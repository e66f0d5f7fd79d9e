//===- DestinationPassing.cpp - what leaves a region has a buffer --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mind {
#define GEN_PASS_DEF_DESTINATIONPASSING
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

using bufferization::MaterializeInDestinationOp;

/// A tensor of rank 0 goes by its element, in a register.
bool isScalar(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 0;
}

bool needsBuffer(Type type) {
  return isa<RankedTensorType>(type) && !isScalar(type);
}

/// What stands for a value of `type` where it enters or leaves a region.
Type carriedType(Type type) {
  if (isScalar(type))
    return cast<RankedTensorType>(type).getElementType();
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return MemRefType::get(tensor.getShape(), tensor.getElementType());
  return type;
}

/// Adds to `region` a block whose arguments are of the types of `like`, with
/// the operations of `old`.
Block *moveBlock(Region &region, Block &old, ValueRange like) {
  Block &block = region.emplaceBlock();
  for (Value value : like)
    block.addArgument(value.getType(), value.getLoc());
  block.getOperations().splice(block.end(), old.getOperations());
  return &block;
}

/// Rewrites the branches and loops of a function so that no tensor enters or
/// leaves their regions.
class ControlRewriter {
public:
  explicit ControlRewriter(func::FuncOp function)
      : function(function), builder(function.getContext()) {}

  void expandSelects();

  /// Rewrites what stands in `block`, the last first and the outer before the
  /// inner: where a branch's value ends is then known when it is its turn.
  void rewrite(Block &block);

  /// Materialises `tensor` in `memory` before `at`; `early` if nothing else
  /// writes or reads the memory while `tensor` is needed, so that it may be
  /// computed there.
  void store(Value tensor, Value memory, Operation *at, bool early);

private:
  Operation *rewriteIf(scf::IfOp op);
  Operation *rewriteFor(scf::ForOp op);
  Operation *rewriteWhile(scf::WhileOp op);

  /// The buffer in which the value of a branch ends.
  Value takeDestination(OpResult result);
  Value allocate(Type type, Location loc);

  // What a loop carries is read from one buffer and written to another, and the
  // two change places: a value may depend on all values before.

  /// What stands for `inits`: of a tensor two buffers, the first holding it.
  SmallVector<Value> enterLoop(ValueRange inits, Operation *loop);
  /// Replaces the uses of `arguments`, which `carried` stand for.
  void unpack(ValueRange arguments, ValueRange carried);
  /// What stands for `values` in the next iteration, where `carried` does now.
  SmallVector<Value> nextIteration(ValueRange values, ValueRange carried,
                                   Operation *terminator);

  /// Replaces the uses of `value`, which `carried` stands for.
  void replace(Value value, Value carried);
  Value element(Value tensor) {
    return tensor::ExtractOp::create(builder, tensor.getLoc(), tensor,
                                     ValueRange());
  }

  func::FuncOp function;
  OpBuilder builder;
};

} // namespace

//===----------------------------------------------------------------------===//
// Values in buffers
//===----------------------------------------------------------------------===//

void ControlRewriter::store(Value tensor, Value memory, Operation *at,
                            bool early) {
  Location loc = tensor.getLoc();
  builder.setInsertionPoint(at);
  if (auto constant = tensor.getDefiningOp<arith::ConstantOp>();
      constant && isa<SplatElementsAttr>(constant.getValue())) {
    // A kernel fills the memory: as data, the constant would take as much room
    // in the object file.
    auto group = GroupOp::create(builder, loc, tensor.getType(), ValueRange());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&group.getBody().emplaceBlock());
    YieldOp::create(builder, loc, builder.clone(*constant)->getResults());
    tensor = group->getResult(0);
    early = true;
  }
  auto materialize =
      MaterializeInDestinationOp::create(builder, loc, tensor, memory);
  materialize.setRestrict(early);
  materialize.setWritable(true);
}

Value ControlRewriter::allocate(Type type, Location loc) {
  SmallVector<Value> sizes;
  auto memory = cast<MemRefType>(carriedType(type));
  if (!memory.hasStaticShape()) {
    // On entry, so that the buffer may be made anywhere.
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&function.getBody().front());
    Dims dims = *dimsOf(cast<RankedTensorType>(type));
    for (const Dim &dim : dims)
      if (!dim.isConstant())
        sizes.push_back(makeExtent(builder, loc, dim));
  }
  return memref::AllocOp::create(builder, loc, memory, sizes);
}

/// Whether `tensor` is computed in the block of `op`.
static bool isComputedBeside(Operation *op, Value tensor) {
  Operation *definition = tensor.getDefiningOp();
  return definition && definition->getBlock() == op->getBlock();
}

void ControlRewriter::replace(Value value, Value carried) {
  if (value.use_empty())
    return;
  Location loc = value.getLoc();
  if (isScalar(value.getType()))
    carried =
        tensor::FromElementsOp::create(builder, loc, value.getType(), carried);
  else if (needsBuffer(value.getType()))
    carried = bufferization::ToTensorOp::create(builder, loc, value.getType(),
                                                carried, /*restrict=*/true);
  value.replaceAllUsesWith(carried);
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

Value ControlRewriter::takeDestination(OpResult result) {
  Operation *op = result.getOwner();
  if (result.hasOneUse()) {
    auto materialize =
        dyn_cast<MaterializeInDestinationOp>(*result.user_begin());
    if (materialize && materialize->getBlock() == op->getBlock()) {
      // Of what stands in this block, the start of a loop after `op` alone may
      // be the destination; nobody uses it before.
      Value memory = materialize.getDest();
      materialize.erase();
      if (auto start = memory.getDefiningOp<memref::AllocOp>();
          start && start->getBlock() == op->getBlock())
        start->moveBefore(op);
      return memory;
    }
  }
  return allocate(result.getType(), result.getLoc());
}

Operation *ControlRewriter::rewriteIf(scf::IfOp op) {
  if (llvm::none_of(op.getResultTypes(), llvm::IsaPred<RankedTensorType>))
    return op;
  builder.setInsertionPoint(op);
  SmallVector<Value> destinations;
  SmallVector<Type> types;
  for (OpResult result : op.getResults()) {
    bool isBuffer = needsBuffer(result.getType());
    destinations.push_back(isBuffer ? takeDestination(result) : Value());
    if (!isBuffer)
      types.push_back(carriedType(result.getType()));
  }
  auto branches =
      scf::IfOp::create(builder, op.getLoc(), types, op.getCondition());
  branches.getThenRegion().takeBody(op.getThenRegion());
  branches.getElseRegion().takeBody(op.getElseRegion());
  for (Block *block : {branches.thenBlock(), branches.elseBlock()}) {
    Operation *yield = block->getTerminator();
    SmallVector<Value> yields;
    for (auto [value, memory] :
         llvm::zip_equal(yield->getOperands(), destinations)) {
      builder.setInsertionPoint(yield);
      if (memory)
        store(value, memory, yield, isComputedBeside(yield, value));
      else
        yields.push_back(isScalar(value.getType()) ? element(value) : value);
    }
    yield->setOperands(yields);
  }
  builder.setInsertionPointAfter(branches);
  auto next = branches.result_begin();
  for (auto [result, memory] : llvm::zip_equal(op.getResults(), destinations))
    replace(result, memory ? memory : Value(*next++));
  op.erase();
  return branches;
}

/// Turns what only chooses between tensors into a branch. Bufferisation would
/// choose between buffers: one of them may be where the choice ends, and is
/// then overwritten while another choice still reads it.
void ControlRewriter::expandSelects() {
  SmallVector<arith::SelectOp> selects;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<GroupOp>(op))
      return WalkResult::skip();
    if (auto select = dyn_cast<arith::SelectOp>(op);
        select && isa<RankedTensorType>(select.getType()))
      selects.push_back(select);
    return WalkResult::advance();
  });
  for (arith::SelectOp select : selects) {
    builder.setInsertionPoint(select);
    Location loc = select.getLoc();
    auto branches = scf::IfOp::create(
        builder, loc, select.getCondition(),
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(inner, loc, select.getTrueValue());
        },
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(inner, loc, select.getFalseValue());
        });
    select.replaceAllUsesWith(branches.getResult(0));
    select.erase();
  }
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> ControlRewriter::enterLoop(ValueRange inits,
                                              Operation *loop) {
  SmallVector<Value> carried;
  for (Value init : inits) {
    builder.setInsertionPoint(loop);
    if (isScalar(init.getType())) {
      carried.push_back(element(init));
    } else if (needsBuffer(init.getType())) {
      Value current = allocate(init.getType(), init.getLoc());
      carried.append({current, allocate(init.getType(), init.getLoc())});
      // The loop overwrites it.
      store(init, current, loop,
            init.hasOneUse() && isComputedBeside(loop, init));
    } else {
      carried.push_back(init);
    }
  }
  return carried;
}

void ControlRewriter::unpack(ValueRange arguments, ValueRange carried) {
  for (Value argument : arguments) {
    replace(argument, carried.front());
    carried = carried.drop_front(needsBuffer(argument.getType()) ? 2 : 1);
  }
}

SmallVector<Value> ControlRewriter::nextIteration(ValueRange values,
                                                  ValueRange carried,
                                                  Operation *terminator) {
  SmallVector<Value> next;
  for (Value value : values) {
    builder.setInsertionPoint(terminator);
    if (needsBuffer(value.getType())) {
      store(value, carried[1], terminator, isComputedBeside(terminator, value));
      next.append({carried[1], carried[0]});
      carried = carried.drop_front(2);
      continue;
    }
    next.push_back(isScalar(value.getType()) ? element(value) : value);
    carried = carried.drop_front();
  }
  return next;
}

Operation *ControlRewriter::rewriteFor(scf::ForOp op) {
  if (llvm::none_of(op.getResultTypes(), llvm::IsaPred<RankedTensorType>))
    return op;
  SmallVector<Value> inits = enterLoop(op.getInitArgs(), op);
  builder.setInsertionPoint(op);
  auto loop = scf::ForOp::create(builder, op.getLoc(), op.getLowerBound(),
                                 op.getUpperBound(), op.getStep(), inits);
  Block *body = loop.getBody();
  body->getOperations().splice(body->end(), op.getBody()->getOperations());
  op.getInductionVar().replaceAllUsesWith(loop.getInductionVar());
  builder.setInsertionPointToStart(body);
  unpack(op.getRegionIterArgs(), loop.getRegionIterArgs());
  Operation *yield = body->getTerminator();
  yield->setOperands(
      nextIteration(yield->getOperands(), loop.getRegionIterArgs(), yield));
  builder.setInsertionPointAfter(loop);
  unpack(op.getResults(), loop.getResults());
  op.erase();
  return loop;
}

Operation *ControlRewriter::rewriteWhile(scf::WhileOp op) {
  if (llvm::none_of(op.getOperandTypes(), llvm::IsaPred<RankedTensorType>) &&
      llvm::none_of(op.getResultTypes(), llvm::IsaPred<RankedTensorType>))
    return op;
  SmallVector<Value> inits = enterLoop(op.getInits(), op);

  // The condition hands on all that is carried, then what it computes itself.
  // For each of the old values, where it is among the new ones.
  scf::ConditionOp condition = op.getConditionOp();
  SmallVector<unsigned> positions;
  SmallVector<Value> computed;
  for (Value value : condition.getArgs()) {
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != op.getBeforeBody()) {
      positions.push_back(inits.size() + computed.size());
      computed.push_back(value);
      continue;
    }
    unsigned position = 0;
    for (Value before :
         op.getBeforeArguments().take_front(argument.getArgNumber()))
      position += needsBuffer(before.getType()) ? 2 : 1;
    positions.push_back(position);
  }
  for (Value &value : computed) {
    builder.setInsertionPoint(condition);
    if (isScalar(value.getType())) {
      value = element(value);
    } else if (needsBuffer(value.getType())) {
      Value memory = allocate(value.getType(), value.getLoc());
      store(value, memory, condition, isComputedBeside(condition, value));
      value = memory;
    }
  }

  builder.setInsertionPoint(op);
  SmallVector<Value> handed(inits);
  llvm::append_range(handed, computed);
  auto loop = scf::WhileOp::create(builder, op.getLoc(),
                                   TypeRange(ValueRange(handed)), inits);
  Block *before = moveBlock(loop.getBefore(), *op.getBeforeBody(), inits);
  builder.setInsertionPointToStart(before);
  unpack(op.getBeforeArguments(), before->getArguments());
  handed.assign(before->args_begin(), before->args_end());
  llvm::append_range(handed, computed);
  condition.getArgsMutable().assign(handed);

  Block *after = moveBlock(loop.getAfter(), *op.getAfterBody(), handed);
  builder.setInsertionPointToStart(after);
  for (auto [argument, position] :
       llvm::zip_equal(op.getAfterArguments(), positions))
    replace(argument, after->getArgument(position));
  Operation *yield = after->getTerminator();
  yield->setOperands(
      nextIteration(yield->getOperands(), after->getArguments(), yield));

  builder.setInsertionPointAfter(loop);
  for (auto [result, position] : llvm::zip_equal(op.getResults(), positions))
    replace(result, loop.getResult(position));
  op.erase();
  return loop;
}

//===----------------------------------------------------------------------===//

void ControlRewriter::rewrite(Block &block) {
  SmallVector<Operation *> ops;
  for (Operation &op : llvm::reverse(block))
    if (isa<scf::IfOp, scf::ForOp, scf::WhileOp>(op))
      ops.push_back(&op);
  for (Operation *op : ops) {
    if (auto branches = dyn_cast<scf::IfOp>(op))
      op = rewriteIf(branches);
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      op = rewriteFor(loop);
    else
      op = rewriteWhile(cast<scf::WhileOp>(op));
    for (Region &region : op->getRegions())
      for (Block &inner : region)
        rewrite(inner);
  }
}

namespace {

struct DestinationPassing : impl::DestinationPassingBase<DestinationPassing> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    // All at once: each change makes the whole list anew.
    SmallVector<DictionaryAttr> attributes;
    function.getAllArgAttrs(attributes);
    for (auto [argument, known] :
         llvm::zip_equal(function.getArguments(), attributes)) {
      NamedAttrList list(known);
      list.set(bufferization::BufferizationDialect::kWritableAttrName,
               BoolAttr::get(&getContext(), false));
      keepExtents(list, argument.getType());
      known = list.getDictionary(&getContext());
    }
    function.setAllArgAttrs(attributes);
    ControlRewriter rewriter(function);
    rewriter.expandSelects();
    Block &body = function.getBody().back();
    auto terminator = cast<func::ReturnOp>(body.getTerminator());
    for (Value result : terminator.getOperands()) {
      auto type = cast<RankedTensorType>(result.getType());
      unsigned number = function.getNumArguments();
      NamedAttrList list;
      keepExtents(list, type);
      (void)function.insertArgument(
          number, MemRefType::get(type.getShape(), type.getElementType()),
          list.getDictionary(&getContext()), result.getLoc());
      rewriter.store(result, function.getArgument(number), terminator,
                     /*early=*/true);
    }
    terminator->eraseOperands(0, terminator.getNumOperands());
    function.removeResAttrsAttr();
    rewriter.rewrite(body);
    function.setType(FunctionType::get(
        &getContext(), function.getBody().front().getArgumentTypes(), {}));
  }

  /// Memrefs have no encoding: what the extents of an argument are is kept
  /// beside it.
  static void keepExtents(NamedAttrList &attributes, Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && tensor.getEncoding())
      attributes.set(extentsAttr, tensor.getEncoding());
  }
};

} // namespace
} // namespace mind
