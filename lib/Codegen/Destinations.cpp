//===- Destinations.cpp - tensors that are written in place --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Destinations.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace mind {
namespace {

bool isTensor(Value value) { return isa<mlir::TensorType>(value.getType()); }

/// Whether the value of `use` ends there: its memory goes on as another tensor.
bool isDestination(OpOperand &use) {
  unsigned number = use.getOperandNumber();
  return llvm::TypeSwitch<Operation *, bool>(use.getOwner())
      .Case([&](scf::ForOp op) { return number >= op.getNumControlOperands(); })
      .Case([&](scf::YieldOp) { return true; })
      .Case([&](tensor::InsertOp op) { return &use == &op.getDestMutable(); })
      .Case([&](vector::TransferWriteOp op) {
        return &use == &op.getBaseMutable();
      })
      .Case([&](DestinationStyleOpInterface op) { return op.isDpsInit(&use); })
      .Default(false);
}

class Destinations {
public:
  bool find(ModuleOp module) {
    return !module
                .walk<WalkOrder::PreOrder>([&](Operation *op) {
                  return enter(op) ? WalkResult::advance()
                                   : WalkResult::interrupt();
                })
                .wasInterrupted() &&
           llvm::all_of(origins,
                        [](auto &entry) { return isUsedUp(entry.first); });
  }

  /// What leads to a result is computed in its buffer.
  void bind(ModuleOp module) {
    module.walk([&](bufferization::MaterializeInDestinationOp op) {
      Value memory = op.getDest(), origin = origins.lookup(op.getSource());
      if (!origin || !op.getRestrict() || !bound.insert(origin).second)
        return;
      auto empty = origin.getDefiningOp<tensor::EmptyOp>();
      if (!isKnownAt(memory, empty))
        return;
      OpBuilder builder(empty);
      Value tensor = bufferization::ToTensorOp::create(
          builder, op.getLoc(), empty.getType(), memory, /*restrict=*/true,
          /*writable=*/true);
      empty.replaceAllUsesWith(tensor);
      empty.erase();
    });
  }

private:
  /// Notes where the results of `op` originate. False if it is none of the
  /// operations that code generation makes of tensors.
  bool enter(Operation *op) {
    auto follow = [&](Value result, Value destination) {
      Value origin = origins.lookup(destination);
      if (origin)
        origins[result] = origin;
      return origin != Value();
    };
    if (llvm::none_of(op->getOperands(), isTensor) &&
        llvm::none_of(op->getResults(), isTensor))
      return true;
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case([&](tensor::EmptyOp empty) {
          origins[empty] = empty;
          separate(empty);
          return true;
        })
        .Case([&](scf::ForOp loop) {
          for (auto [init, argument, result] :
               llvm::zip_equal(loop.getInitArgs(), loop.getRegionIterArgs(),
                               loop.getResults()))
            if (isTensor(init) &&
                (!follow(argument, init) || !follow(result, init)))
              return false;
          return true;
        })
        .Case([&](scf::YieldOp yield) {
          auto loop = dyn_cast<scf::ForOp>(yield->getParentOp());
          return loop && llvm::all_of(llvm::zip_equal(yield.getOperands(),
                                                      loop.getRegionIterArgs()),
                                      [&](auto pair) {
                                        auto [yielded, argument] = pair;
                                        return !isTensor(yielded) ||
                                               origins.lookup(yielded) ==
                                                   origins.lookup(argument);
                                      });
        })
        .Case([&](tensor::InsertOp insert) {
          return follow(insert, insert.getDest());
        })
        .Case([&](vector::TransferWriteOp write) {
          return follow(write.getResult(), write.getBase());
        })
        .Case([&](DestinationStyleOpInterface operation) {
          for (OpOperand &init : operation.getDpsInitsMutable())
            if (isTensor(init.get()) &&
                !follow(operation.getTiedOpResult(&init), init.get()))
              return false;
          return true;
        })
        // These only read, or make what is only read.
        .Case<tensor::ExtractOp, vector::TransferReadOp, tensor::DimOp,
              tensor::CollapseShapeOp, tensor::ExpandShapeOp,
              tensor::ExtractSliceOp, tensor::CastOp, CallPrintOp,
              bufferization::MaterializeInDestinationOp,
              bufferization::ToTensorOp>([](Operation *) { return true; })
        .Default([](Operation *other) {
          return other->hasTrait<OpTrait::ConstantLike>();
        });
  }

  /// Each use of what is empty gets its own.
  void separate(tensor::EmptyOp empty) {
    OpBuilder builder(empty);
    while (!empty->use_empty() && !empty->hasOneUse()) {
      Value other = builder.clone(*empty)->getResult(0);
      empty->use_begin()->set(other);
      origins[other] = other;
    }
  }

  /// Whether the last use of `tensor`, if it is a destination, is the only one
  /// of that kind, and all others come before.
  static bool isUsedUp(Value tensor) {
    OpOperand *last = nullptr;
    for (OpOperand &use : tensor.getUses())
      if (isDestination(use)) {
        if (last)
          return false;
        last = &use;
      }
    if (!last)
      return true;
    Block *block = tensor.getParentBlock();
    Operation *writer = last->getOwner();
    return writer->getBlock() == block &&
           llvm::all_of(tensor.getUses(), [&](OpOperand &use) {
             if (&use == last)
               return true;
             Operation *reader = block->findAncestorOpInBlock(*use.getOwner());
             return reader != writer && reader->isBeforeInBlock(writer) &&
                    llvm::none_of(use.getOwner()->getResults(), isTensor);
           });
  }

  static bool isKnownAt(Value memory, Operation *op) {
    Operation *definition = memory.getDefiningOp();
    if (!definition)
      return cast<BlockArgument>(memory).getOwner()->findAncestorOpInBlock(*op);
    Operation *ancestor = definition->getBlock()->findAncestorOpInBlock(*op);
    return ancestor && definition->isBeforeInBlock(ancestor);
  }

  /// The `tensor.empty` whose memory a tensor is in.
  llvm::MapVector<Value, Value> origins;
  llvm::DenseSet<Value> bound;
};

} // namespace

bool bindDestinations(ModuleOp module) {
  Destinations destinations;
  if (!destinations.find(module))
    return false;
  destinations.bind(module);
  return true;
}

} // namespace mind
