//===- PlanWorkspace.cpp - one workspace holds all buffers ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Runtime/Abi.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

namespace mind {
#define GEN_PASS_DEF_PLANWORKSPACE
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// A buffer, and the operations, by number, between which it holds something.
struct Buffer {
  memref::AllocOp op;
  int64_t size;
  unsigned first, last;
  int64_t offset = 0;
};

struct PlanWorkspace : impl::PlanWorkspaceBase<PlanWorkspace> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    SmallVector<Buffer> buffers = collect();
    int64_t total = assignOffsets(buffers);
    OpBuilder builder(&getContext());
    function->setAttr(workspaceSizeAttr, builder.getI64IntegerAttr(total));
    if (buffers.empty())
      return;

    unsigned number = function.getNumArguments();
    if (failed(function.insertArgument(
            number, MemRefType::get(total, builder.getI8Type()), {},
            function.getLoc())))
      return signalPassFailure();
    Value workspace = function.getArgument(number);
    for (Buffer &buffer : buffers) {
      builder.setInsertionPoint(buffer.op);
      Value offset = arith::ConstantIndexOp::create(builder, buffer.op.getLoc(),
                                                    buffer.offset);
      Value view = memref::ViewOp::create(builder, buffer.op.getLoc(),
                                          buffer.op.getType(), workspace,
                                          offset, ValueRange());
      buffer.op.replaceAllUsesWith(view);
      buffer.op.erase();
    }
  }

  SmallVector<Buffer> collect() {
    number();
    SmallVector<Buffer> buffers;
    getOperation().walk([&](memref::AllocOp op) {
      if (!op.getType().hasStaticShape())
        return;
      Buffer buffer;
      buffer.op = op;
      buffer.size = llvm::alignTo(
          op.getType().getNumElements() *
              llvm::divideCeil(op.getType().getElementTypeBitWidth(), 8),
          MIND_WORKSPACE_ALIGNMENT);
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
    });
    return buffers;
  }

  /// Numbers the operations in the order of the program.
  void number() {
    firsts.clear();
    lasts.clear();
    getOperation()->walk<WalkOrder::PreOrder>(
        [&](Operation *op) { firsts.insert({op, firsts.size()}); });
    getOperation()->walk([&](Operation *op) {
      unsigned &last = lasts[op];
      last = std::max(last, firsts.lookup(op));
      if (op == getOperation())
        return;
      unsigned &outer = lasts[op->getParentOp()];
      outer = std::max(outer, lasts.lookup(op));
    });
  }

  /// First fit: each buffer at the lowest offset where it overlaps none that
  /// lives at the same time. Returns the size of the whole.
  static int64_t assignOffsets(MutableArrayRef<Buffer> buffers) {
    int64_t total = 0;
    SmallVector<const Buffer *> placed; // by offset
    for (Buffer &buffer : buffers) {
      for (const Buffer *other : placed)
        if (buffer.first <= other->last && other->first <= buffer.last &&
            buffer.offset < other->offset + other->size) {
          if (buffer.offset + buffer.size <= other->offset)
            break;
          buffer.offset = other->offset + other->size;
        }
      total = std::max(total, buffer.offset + buffer.size);
      auto *position = llvm::upper_bound(
          placed, &buffer, [](const Buffer *lhs, const Buffer *rhs) {
            return lhs->offset < rhs->offset;
          });
      placed.insert(position, &buffer);
    }
    return total;
  }

  /// The number of each operation, and the highest of those in it.
  DenseMap<Operation *, unsigned> firsts, lasts;
};

} // namespace
} // namespace mind
