//===- Fuse.cpp - form groups that one kernel computes ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

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
    for (Members &members : llvm::reverse(groups))
      materialize(members);
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

  static void materialize(Members &members) {
    Operation *last = members.operations.front();
    SmallPtrSet<Operation *, 8> inside(llvm::from_range, members.operations);
    llvm::SmallSetVector<Value, 4> inputs;
    llvm::SmallSetVector<Operation *, 4> constants;
    for (Operation *op : llvm::reverse(members.operations)) {
      for (Value operand : op->getOperands()) {
        Operation *producer = operand.getDefiningOp();
        if (isa_and_nonnull<ConstantOp>(producer))
          constants.insert(producer);
        else if (!inside.contains(producer))
          inputs.insert(operand);
      }
    }

    OpBuilder builder(last);
    Operation *root = members.root ? members.root : last;
    auto group = GroupOp::create(builder, root->getLoc(),
                                 last->getResultTypes(), inputs.getArrayRef());
    Block *body = &group.getBody().emplaceBlock();
    builder.setInsertionPointToEnd(body);
    IRMapping mapping;
    for (Value input : inputs)
      mapping.map(input, body->addArgument(input.getType(), input.getLoc()));
    for (Operation *constant : constants)
      builder.clone(*constant, mapping);
    last->replaceAllUsesWith(group);
    YieldOp::create(builder, last->getLoc(), last->getResults());
    for (Operation *op : llvm::reverse(members.operations)) {
      op->moveBefore(body->getTerminator());
      for (OpOperand &operand : op->getOpOperands())
        operand.set(mapping.lookupOrDefault(operand.get()));
    }
    for (Operation *constant : constants)
      if (constant->use_empty())
        constant->erase();
  }

  /// By the place of the last operation, from the end of the block.
  SmallVector<Members> groups;
  DenseMap<Operation *, size_t> groupOf;
};

struct Fuse : mind::impl::FuseBase<Fuse> {
  void runOnOperation() override {
    getOperation().walk([&](Block *block) {
      // What stands in a group is placed.
      if (isa<GroupOp>(block->getParentOp()))
        return;
      Grouping grouping(*block);
      grouping.materialize();
    });
  }
};

} // namespace
