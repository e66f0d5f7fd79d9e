//===- Fuse.cpp - form groups that one kernel computes ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/IR/Builders.h"

namespace mind {
#define GEN_PASS_DEF_FUSE
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

namespace {

/// The most operations that a group holds: enough that what is saved by fusing
/// one more is nothing, few enough that the code of a kernel stays small.
constexpr size_t maxOperations = 128;

/// Operations that will be one `mind.group`, last first. The first stands for
/// the group's place: everything else is computed just before it.
struct Members {
  SmallVector<Operation *> operations;
  Operation *root = nullptr;
};

OpFamily familyOf(Operation *op) {
  return cast<LanguageOpInterface>(op).getOpInfo().family;
}

/// Whether each element of the result is made of one of each operand: of batch
/// normalisation too, since mean and variance are known.
bool isElementwise(Operation *op) {
  return familyOf(op) == OpFamily::Elementwise || isa<BatchNormOp>(op);
}

bool isRoot(Operation *op) {
  OpFamily family = familyOf(op);
  return family == OpFamily::Contraction || family == OpFamily::Reduction ||
         (family == OpFamily::Normalization && !isElementwise(op));
}

ArrayRef<int64_t> shapeOf(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

/// Whether `op` transposes attention that nothing else reads. These are one
/// group, since a kernel may as well write its result so.
bool transposesAttention(Operation *op) {
  return isa<TransposeOp>(op) && op->getOperand(0).hasOneUse() &&
         op->getOperand(0).getDefiningOp<AttentionOp>();
}

/// The groups of one block.
class Grouping {
public:
  explicit Grouping(Block &block) {
    // What has no result computes nothing: it stays between the groups.
    for (Operation &op : llvm::reverse(block))
      if (isa<LanguageOpInterface>(op) && op.getNumResults())
        place(&op);
  }

  /// Makes the groups, in program order.
  void materialize() {
    for (size_t index = groups.size(); index-- != 0;)
      materialize(index);
  }

private:
  /// Puts `op`, all of whose users are placed, into a group.
  void place(Operation *op) {
    std::optional<size_t> index = groupOfUsers(op);
    if (!index || transposesAttention(op) || !mayJoin(op, groups[*index])) {
      index = groups.size();
      groups.emplace_back();
    }
    Members &members = groups[*index];
    members.operations.push_back(op);
    if (isRoot(op))
      members.root = op;
    groupOf[op] = *index;
  }

  /// The group that all users of `op` are in, if there is one.
  std::optional<size_t> groupOfUsers(Operation *op) const {
    std::optional<size_t> common;
    for (Operation *user : op->getUsers()) {
      auto found = groupOf.find(user);
      if (found == groupOf.end() || (common && *common != found->second))
        return std::nullopt;
      common = found->second;
    }
    return common;
  }

  /// Whether `op` is elementwise on what only it uses and is a root, or follows
  /// one: it is better computed with that root than with another.
  static bool followsRoot(Operation *op) {
    for (size_t steps = 0; isElementwise(op); ++steps) {
      auto next = llvm::find_if(op->getOperands(), [op](Value operand) {
        Operation *producer = operand.getDefiningOp();
        return isa_and_nonnull<LanguageOpInterface>(producer) &&
               operand.hasOneUse() && shapeOf(producer) == shapeOf(op) &&
               (isRoot(producer) || isElementwise(producer));
      });
      if (next == op->operand_end() || steps == maxOperations)
        return false;
      op = (*next).getDefiningOp();
    }
    return isRoot(op);
  }

  static bool mayJoin(Operation *op, const Members &members) {
    if (!isMemoryEffectFree(op) || members.operations.size() == maxOperations)
      return false;
    if (familyOf(op) == OpFamily::Movement)
      return true;
    if (members.root && (isRoot(op) || followsRoot(op)))
      return false;
    return llvm::all_of(op->getUsers(), [op](Operation *user) {
      if (isElementwise(user) && shapeOf(op) == shapeOf(user))
        return true;
      switch (familyOf(user)) {
      case OpFamily::Reduction:
      case OpFamily::Normalization:
        return !isRoot(op);
      case OpFamily::Movement:
        return transposesAttention(user);
      default:
        return false;
      }
    });
  }

  void materialize(size_t index) {
    const Members &members = groups[index];
    Operation *first = members.operations.back();
    Operation *last = members.operations.front();
    OpBuilder builder(last->getBlock(), std::next(last->getIterator()));
    auto body = std::make_unique<Block>();
    SmallVector<Value> inputs;
    // What stands for a value from outside.
    llvm::SmallDenseMap<Value, Value, 8> inside;
    for (Operation *op : llvm::reverse(members.operations)) {
      op->moveBefore(body.get(), body->end());
      for (OpOperand &operand : op->getOpOperands()) {
        Value value = operand.get();
        Operation *producer = value.getDefiningOp();
        if (producer && producer->getBlock() == body.get())
          continue;
        Value &own = inside[value];
        if (auto constant = dyn_cast_or_null<ConstantOp>(producer)) {
          // Constants are first. The last one to read it takes it.
          if (!own && constant->hasOneUse()) {
            constant->moveBefore(first);
            continue;
          }
          if (!own)
            own = OpBuilder(first).clone(*producer)->getResult(0);
          operand.set(own);
          if (constant->use_empty())
            constant->erase();
          continue;
        }
        if (!own) {
          inputs.push_back(value);
          own = body->addArgument(value.getType(), value.getLoc());
        }
        operand.set(own);
      }
    }
    Operation *root = members.root ? members.root : last;
    auto group = GroupOp::create(builder, root->getLoc(),
                                 last->getResultTypes(), inputs);
    last->replaceAllUsesWith(group);
    builder.setInsertionPointToEnd(body.get());
    YieldOp::create(builder, last->getLoc(), last->getResults());
    group.getBody().push_back(body.release());
  }

  /// By the place of the last operation, from the end of the block.
  SmallVector<Members> groups;
  DenseMap<Operation *, size_t> groupOf;
};

struct Fuse : mind::impl::FuseBase<Fuse> {
  void runOnOperation() override { formGroups(getOperation()); }
};

} // namespace

void mind::formGroups(func::FuncOp function) {
  function.walk([&](Block *block) {
    // What stands in a group is placed.
    if (isa<GroupOp>(block->getParentOp()))
      return;
    Grouping grouping(*block);
    grouping.materialize();
  });
}
