//===- PlanWorkspace.cpp - one workspace holds all buffers ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/Extents.h"
#include "Mind/Runtime/Abi.h"
#include "Mind/Runtime/MemoryPlan.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/MathExtras.h"

namespace mind {
#define GEN_PASS_DEF_PLANWORKSPACE
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {

Dim getWorkspaceSize(Operation *function) {
  Attribute size = function->getAttr(workspaceSizeAttr);
  if (auto number = dyn_cast_if_present<IntegerAttr>(size))
    return number.getInt();
  if (auto text = dyn_cast_if_present<StringAttr>(size))
    return Dim::parse(text.getValue()).value_or(0);
  return 0;
}

namespace {

//===----------------------------------------------------------------------===//
// Extents from the operations that compute them
//===----------------------------------------------------------------------===//

std::optional<Dim> evaluate(Value value);
std::optional<Dim> extentOf(Value memory, unsigned dim);

/// What `expr` is for `operands`, of its map's dimensions and then symbols.
std::optional<Dim> evaluate(AffineExpr expr, unsigned numDims,
                            ValueRange operands) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return evaluate(operands[dim.getPosition()]);
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return evaluate(operands[numDims + symbol.getPosition()]);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::optional<Dim> lhs = evaluate(binary.getLHS(), numDims, operands),
                     rhs = evaluate(binary.getRHS(), numDims, operands);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return Dim::add(*lhs, *rhs);
  return expr.getKind() == AffineExprKind::Mul ? Dim::multiply(*lhs, *rhs)
                                               : std::nullopt;
}

/// What `value` is in terms of the named sizes.
std::optional<Dim> evaluate(Value value) {
  if (std::optional<int64_t> known = getConstantIntValue(value))
    return *known;
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto size = dyn_cast<SizeOp>(op))
    return Dim::named(size.getName());
  if (auto dim = dyn_cast<memref::DimOp>(op)) {
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return extentOf(dim.getSource(), *index);
    return std::nullopt;
  }
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
    return evaluate(apply.getAffineMap().getResult(0),
                    apply.getAffineMap().getNumDims(), apply.getOperands());
  if (!isa<arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  std::optional<Dim> lhs = evaluate(op->getOperand(0)),
                     rhs = evaluate(op->getOperand(1));
  if (!lhs || !rhs)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? Dim::add(*lhs, *rhs)
                                : Dim::multiply(*lhs, *rhs);
}

/// The extent of `memory` along `dim` in terms of the named sizes.
std::optional<Dim> extentOf(Value memory, unsigned dim) {
  auto type = cast<MemRefType>(memory.getType());
  if (!type.isDynamicDim(dim))
    return type.getDimSize(dim);
  if (auto argument = dyn_cast<BlockArgument>(memory)) {
    Operation *parent = argument.getOwner()->getParentOp();
    if (auto function = dyn_cast<func::FuncOp>(parent)) {
      auto extents = function.getArgAttrOfType<DimsAttr>(
          argument.getArgNumber(), extentsAttr);
      return extents ? Dim::parse(extents.getExtents()[dim].getValue())
                     : std::nullopt;
    }
    auto loop = dyn_cast<LoopLikeOpInterface>(parent);
    OpOperand *init = loop ? loop.getTiedLoopInit(argument) : nullptr;
    return init ? extentOf(init->get(), dim) : std::nullopt;
  }
  Operation *op = memory.getDefiningOp();
  unsigned position = type.getDynamicDimIndex(dim);
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return evaluate(alloc.getDynamicSizes()[position]);
  if (auto view = dyn_cast<memref::ViewOp>(op))
    return evaluate(view.getSizes()[position]);
  if (auto cast = dyn_cast<memref::CastOp>(op))
    return extentOf(cast.getSource(), dim);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    return evaluate(expand.getOutputShape()[position]);
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
    std::optional<Dim> product = 1;
    for (int64_t source : collapse.getReassociationIndices()[dim]) {
      std::optional<Dim> extent = extentOf(collapse.getSrc(), source);
      if (product)
        product = extent ? Dim::multiply(*product, *extent) : std::nullopt;
    }
    return product;
  }
  if (auto subview = dyn_cast<memref::SubViewOp>(op)) {
    llvm::SmallBitVector dropped = subview.getDroppedDims();
    for (auto [source, size] : llvm::enumerate(subview.getMixedSizes())) {
      if (dropped.test(source))
        continue;
      if (dim-- != 0)
        continue;
      if (std::optional<int64_t> known = getConstantIntValue(size))
        return *known;
      return evaluate(cast<Value>(size));
    }
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// A buffer, and the operations, by number, between which it holds something.
struct Buffer {
  memref::AllocOp op;
  /// In bytes.
  Dim size;
  unsigned first, last;
  /// From the beginning of the workspace; of a buffer whose size is not
  /// constant, the number of its slot.
  int64_t offset = 0;
};

/// Memory behind the buffers of constant size, which buffers have in turn.
struct Slot {
  Dim size;
  /// When the last of them ends.
  unsigned last;
};

int64_t aligned(int64_t size) {
  return llvm::alignTo(size, MIND_WORKSPACE_ALIGNMENT);
}

/// Whether `dim` is a multiple of the alignment for all sizes.
bool isAligned(const Dim &dim) {
  return Dim::divideExactly(dim, MIND_WORKSPACE_ALIGNMENT).has_value();
}

/// The workspace of one function.
class Workspace {
public:
  explicit Workspace(func::FuncOp function) : function(function) {}

  LogicalResult plan() {
    SmallVector<Buffer> buffers;
    if (failed(collect(buffers)))
      return failure();
    std::optional<MemoryPlan> fixed = assignOffsets(buffers);
    if (!fixed)
      return reportTooLarge(function);
    SmallVector<Slot> slots = assignSlots(buffers);
    Dim total = fixed->size;
    for (const Slot &slot : slots) {
      std::optional<Dim> sum = Dim::add(total, slot.size);
      // At most so much is lost to alignment.
      if (sum && !isAligned(slot.size))
        sum = Dim::add(*sum, MIND_WORKSPACE_ALIGNMENT - 1);
      if (!sum)
        return reportTooLarge(function);
      total = *sum;
    }
    OpBuilder attributes(function.getContext());
    if (total.isConstant()) {
      function->setAttr(workspaceSizeAttr,
                        attributes.getI64IntegerAttr(total.constant()));
      function->setAttr(workspaceLiveAttr,
                        attributes.getI64IntegerAttr(fixed->live));
    } else {
      function->setAttr(workspaceSizeAttr,
                        attributes.getStringAttr(total.str()));
    }
    if (buffers.empty())
      return success();

    unsigned number = function.getNumArguments();
    RankedTensorType bytes = tensorType(total, attributes.getI8Type());
    if (failed(function.insertArgument(
            number, MemRefType::get(bytes.getShape(), attributes.getI8Type()),
            {}, function.getLoc())))
      return failure();
    if (bytes.getEncoding())
      function.setArgAttr(number, extentsAttr, bytes.getEncoding());
    SmallVector<Value> starts = makeStarts(fixed->size, slots);
    for (Buffer &buffer : buffers) {
      ImplicitLocOpBuilder builder(buffer.op.getLoc(), buffer.op);
      Value offset =
          buffer.size.isConstant()
              ? arith::ConstantIndexOp::create(builder, buffer.offset)
              : starts[buffer.offset];
      Value view = memref::ViewOp::create(builder, buffer.op.getType(),
                                          function.getArgument(number), offset,
                                          buffer.op.getDynamicSizes());
      buffer.op.replaceAllUsesWith(view);
      buffer.op.erase();
    }
    return success();
  }

private:
  LogicalResult collect(SmallVectorImpl<Buffer> &buffers) {
    number();
    WalkResult walked = function.walk([&](memref::AllocOp op) -> WalkResult {
      Buffer buffer;
      buffer.op = op;
      std::optional<Dim> size = sizeOf(op);
      if (!size && op.getType().hasStaticShape())
        return reportTooLarge(op);
      if (!size)
        return op.emitError("the size of this buffer is not known at the call");
      buffer.size = *size;
      buffer.first = buffer.last = firsts.lookup(op);
      // The block in each run of which it holds something anew.
      Block *scope = op->getBlock();
      // Whatever yields a memref may be a view of its operands.
      SmallVector<Value> worklist = {op};
      DenseSet<Value> seen;
      while (!worklist.empty()) {
        Value value = worklist.pop_back_val();
        if (!seen.insert(value).second)
          continue;
        for (Operation *user : value.getUsers()) {
          while (!scope->findAncestorOpInBlock(*user)) {
            // It leaves the scope.
            Operation *parent = scope->getParentOp();
            buffer.first = firsts.lookup(parent);
            buffer.last = std::max(buffer.last, lasts.lookup(parent));
            scope = parent->getBlock();
          }
          buffer.last = std::max(
              buffer.last, lasts.lookup(scope->findAncestorOpInBlock(*user)));
          if (user->hasTrait<OpTrait::IsTerminator>())
            user = user->getParentOp();
          for (Value result : user->getResults())
            if (isa<MemRefType>(result.getType()))
              worklist.push_back(result);
          for (Region &region : user->getRegions())
            for (BlockArgument argument : region.getArguments())
              if (isa<MemRefType>(argument.getType()))
                worklist.push_back(argument);
        }
      }
      buffers.push_back(buffer);
      return WalkResult::advance();
    });
    return failure(walked.wasInterrupted());
  }

  /// In the user's terms: the program is at fault.
  static InFlightDiagnostic reportTooLarge(Operation *op) {
    return op->emitError() << diagnosticCode(DiagKind::LimitExceeded) << ": "
                           << formatDiagnostic(
                                  DiagKind::LimitExceeded,
                                  {"the memory for what is computed on the way",
                                   "2^63 - 1 bytes"});
  }

  /// Numbers the operations in the order of the program.
  void number() {
    firsts.clear();
    lasts.clear();
    function->walk<WalkOrder::PreOrder>(
        [&](Operation *op) { firsts.insert({op, firsts.size()}); });
    function->walk([&](Operation *op) {
      unsigned &last = lasts[op];
      last = std::max(last, firsts.lookup(op));
      if (op == function)
        return;
      unsigned &outer = lasts[op->getParentOp()];
      outer = std::max(outer, lasts.lookup(op));
    });
  }

  /// In bytes; if constant, aligned.
  static std::optional<Dim> sizeOf(memref::AllocOp op) {
    std::optional<Dim> size =
        llvm::divideCeil(op.getType().getElementTypeBitWidth(), 8);
    for (int64_t dim = 0; size && dim < op.getType().getRank(); ++dim) {
      std::optional<Dim> extent = extentOf(op, dim);
      size = extent ? Dim::multiply(*size, *extent) : std::nullopt;
    }
    if (!size || !size->isConstant())
      return size;
    if (size->constant() > INT64_MAX - MIND_WORKSPACE_ALIGNMENT)
      return std::nullopt;
    return Dim(aligned(size->constant()));
  }

  /// Places the buffers of constant size; none if the whole overflows.
  static std::optional<MemoryPlan>
  assignOffsets(MutableArrayRef<Buffer> buffers) {
    SmallVector<MemoryBlock> blocks;
    for (const Buffer &buffer : buffers)
      if (buffer.size.isConstant())
        blocks.push_back({buffer.size.constant(), buffer.first, buffer.last});
    std::optional<MemoryPlan> plan = planMemory(blocks);
    if (!plan)
      return std::nullopt;
    const int64_t *offset = plan->offsets.data();
    for (Buffer &buffer : buffers)
      if (buffer.size.isConstant())
        buffer.offset = *offset++;
    return plan;
  }

  /// Gives each other buffer the first slot of its size that is free, or one of
  /// its own: which of two sizes is larger is not known.
  static SmallVector<Slot> assignSlots(MutableArrayRef<Buffer> buffers) {
    SmallVector<Slot> slots;
    for (Buffer &buffer : buffers) {
      if (buffer.size.isConstant())
        continue;
      auto *slot = llvm::find_if(slots, [&](const Slot &slot) {
        return slot.size == buffer.size && slot.last < buffer.first;
      });
      if (slot == slots.end())
        slot = slots.insert(slot, {buffer.size, 0});
      slot->last = buffer.last;
      buffer.offset = slot - slots.begin();
    }
    return slots;
  }

  /// Where each slot begins, computed on entry.
  SmallVector<Value> makeStarts(int64_t fixed, ArrayRef<Slot> slots) {
    Block &entry = function.getBody().front();
    auto builder =
        ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &entry);
    SmallVector<Value> starts;
    Value next;
    for (const Slot &slot : slots) {
      if (!next)
        next = arith::ConstantIndexOp::create(builder, fixed);
      starts.push_back(next);
      if (starts.size() == slots.size())
        break;
      next = arith::AddIOp::create(
          builder, next, makeExtent(builder, builder.getLoc(), slot.size));
      if (isAligned(slot.size))
        continue;
      Value rounded =
          arith::AddIOp::create(builder, next,
                                arith::ConstantIndexOp::create(
                                    builder, MIND_WORKSPACE_ALIGNMENT - 1));
      next = arith::AndIOp::create(
          builder, rounded,
          arith::ConstantIndexOp::create(builder, -MIND_WORKSPACE_ALIGNMENT));
    }
    return starts;
  }

  func::FuncOp function;
  /// The number of each operation, and the highest of those in it.
  DenseMap<Operation *, unsigned> firsts, lasts;
};

struct PlanWorkspace : impl::PlanWorkspaceBase<PlanWorkspace> {
  void runOnOperation() override {
    functions.clear();
    for (auto function : getOperation().getOps<func::FuncOp>())
      functions[function.getSymNameAttr()] = function;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(plan(function)))
        return signalPassFailure();
  }

private:
  /// Plans `function` unless it is planned, and before it what it calls.
  LogicalResult plan(func::FuncOp function) {
    if (function.isExternal() || function->hasAttr(workspaceSizeAttr))
      return success();
    WalkResult called = function.walk([&](CallGroupOp call) -> WalkResult {
      func::FuncOp callee = functions.lookup(call.getCalleeAttr().getAttr());
      if (failed(plan(callee)))
        return failure();
      Dim size = getWorkspaceSize(callee);
      if (size != 0) {
        OpBuilder builder(call);
        call.getScratchMutable().assign(memref::AllocOp::create(
            builder, call.getLoc(),
            MemRefType::get(size.constant(), builder.getI8Type())));
      }
      return success();
    });
    return failure(called.wasInterrupted() ||
                   failed(Workspace(function).plan()));
  }

  llvm::DenseMap<StringAttr, func::FuncOp> functions;
};

} // namespace
} // namespace mind
