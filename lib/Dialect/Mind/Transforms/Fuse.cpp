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

/// What is asked of an operation of the language again and again.
struct Kind {
  /// The group that it is in, once it is placed.
  size_t group = SIZE_MAX;
  OpFamily family = {};
  bool isLanguage = false;
  /// Whether each element of the result is made of one of each operand: of
  /// batch normalisation too, since mean and variance are known.
  bool isElementwise = false;
  bool isRoot = false;

  explicit Kind(Operation *op) {
    auto language = dyn_cast<LanguageOpInterface>(op);
    if (!language)
      return;
    isLanguage = true;
    family = language.getOpInfo().family;
    isElementwise = family == OpFamily::Elementwise || isa<BatchNormOp>(op);
    isRoot = family == OpFamily::Contraction || family == OpFamily::Reduction ||
             (family == OpFamily::Normalization && !isElementwise);
  }
};

ArrayRef<int64_t> shapeOf(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

/// Whether `holds` of all users of `op`, result by result: the iterator over
/// those of all results costs several times as much.
template <typename Holds> bool allUsers(Operation *op, Holds holds) {
  return llvm::all_of(op->getResults(), [&](Value result) {
    return llvm::all_of(result.getUsers(), holds);
  });
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
  explicit Grouping(Block &block)
      : context(block.getParentOp()->getContext()),
        groupName(GroupOp::getOperationName(), context),
        yieldName(YieldOp::getOperationName(), context) {
    kinds.reserve(unsigned(block.getOperations().size()));
    // What has no result computes nothing: it stays between the groups.
    for (Operation &op : llvm::reverse(block))
      if (op.getNumResults())
        if (const Kind kind = kindOf(&op); kind.isLanguage)
          place(&op, kind);
  }

  /// Makes the groups, in program order.
  void materialize() {
    for (size_t index = groups.size(); index-- != 0;)
      materialize(index);
  }

private:
  /// Until another is asked for.
  Kind &kindOf(Operation *op) {
    auto known = kinds.find(op);
    if (known == kinds.end())
      known = kinds.try_emplace(op, Kind(op)).first;
    return known->second;
  }

  /// Puts `op`, all of whose users are placed, into a group.
  void place(Operation *op, const Kind &kind) {
    std::optional<size_t> index = groupOfUsers(op);
    if (!index || transposesAttention(op) ||
        !mayJoin(op, kind, groups[*index])) {
      index = groups.size();
      groups.emplace_back();
    }
    Members &members = groups[*index];
    members.operations.push_back(op);
    kindOf(op).group = *index;
    if (kind.isRoot)
      members.root = op;
  }

  /// The group that all users of `op` are in, if there is one.
  std::optional<size_t> groupOfUsers(Operation *op) const {
    std::optional<size_t> common;
    bool isOne = allUsers(op, [&](Operation *user) {
      auto found = kinds.find(user);
      if (found == kinds.end() || found->second.group == SIZE_MAX ||
          (common && *common != found->second.group))
        return false;
      common = found->second.group;
      return true;
    });
    return isOne ? common : std::nullopt;
  }

  /// Whether `op` is elementwise on what only it uses and is a root, or follows
  /// one: it is better computed with that root than with another.
  bool followsRoot(Operation *op) {
    for (size_t steps = 0; kindOf(op).isElementwise; ++steps) {
      auto next = llvm::find_if(op->getOperands(), [&](Value operand) {
        Operation *producer = operand.getDefiningOp();
        if (!producer || !operand.hasOneUse())
          return false;
        const Kind &kind = kindOf(producer);
        return (kind.isRoot || kind.isElementwise) &&
               shapeOf(producer) == shapeOf(op);
      });
      if (next == op->operand_end() || steps == maxOperations)
        return false;
      op = (*next).getDefiningOp();
    }
    return kindOf(op).isRoot;
  }

  bool mayJoin(Operation *op, const Kind &kind, const Members &members) {
    if (members.operations.size() == maxOperations)
      return false;
    if (kind.family == OpFamily::Movement)
      return isEffectFree(op);
    if (members.root && (kind.isRoot || followsRoot(op)))
      return false;
    auto takes = [&](Operation *user) {
      const Kind &reader = kindOf(user);
      if (reader.isElementwise && shapeOf(op) == shapeOf(user))
        return true;
      switch (reader.family) {
      case OpFamily::Reduction:
      case OpFamily::Normalization:
        return !kind.isRoot;
      case OpFamily::Movement:
        return transposesAttention(user);
      default:
        return false;
      }
    };
    return allUsers(op, takes) && isEffectFree(op);
  }

  /// As a builder makes it, which would look its name up.
  Operation *create(OperationName name, Location location, TypeRange results,
                    ValueRange operands, unsigned numRegions) const {
    return Operation::create(
        location, name, results, operands, DictionaryAttr::get(context),
        /*properties=*/nullptr, /*successors=*/{}, numRegions);
  }

  void materialize(size_t index) {
    const Members &members = groups[index];
    Operation *first = members.operations.back();
    Operation *last = members.operations.front();
    Block &block = *last->getBlock();
    const Block::iterator next = std::next(last->getIterator());
    auto body = std::make_unique<Block>();
    // Values from outside, and where which of them is read.
    SmallVector<Value> inputs;
    SmallVector<std::pair<OpOperand *, unsigned>> reads;
    llvm::SmallDenseMap<Value, unsigned, 8> numbers;
    llvm::SmallDenseMap<Operation *, Value, 4> clones;
    for (Operation *op : llvm::reverse(members.operations)) {
      op->moveBefore(body.get(), body->end());
      for (OpOperand &operand : op->getOpOperands()) {
        Value value = operand.get();
        Operation *producer = value.getDefiningOp();
        if (producer && producer->getBlock() == body.get())
          continue;
        if (auto constant = dyn_cast_or_null<ConstantOp>(producer)) {
          // Constants are first. The last one to read it takes it.
          Value &clone = clones[producer];
          if (!clone && constant->hasOneUse()) {
            constant->moveBefore(first);
            continue;
          }
          if (!clone)
            clone = OpBuilder(first).clone(*producer)->getResult(0);
          operand.set(clone);
          if (constant->use_empty())
            constant->erase();
          continue;
        }
        auto [number, isNew] =
            numbers.try_emplace(value, unsigned(inputs.size()));
        if (isNew)
          inputs.push_back(value);
        reads.push_back({&operand, number->second});
      }
    }
    SmallVector<Location> locations =
        llvm::map_to_vector(inputs, [](Value value) { return value.getLoc(); });
    body->addArguments(ValueRange(inputs).getTypes(), locations);
    for (auto [operand, number] : reads)
      operand->set(body->getArgument(number));

    Operation *root = members.root ? members.root : last;
    Operation *group =
        create(groupName, root->getLoc(), last->getResultTypes(), inputs, 1);
    block.getOperations().insert(next, group);
    last->replaceAllUsesWith(group);
    body->push_back(
        create(yieldName, last->getLoc(), {}, last->getResults(), 0));
    group->getRegion(0).push_back(body.release());
  }

  MLIRContext *context;
  OperationName groupName, yieldName;
  /// By the place of the last operation, from the end of the block.
  SmallVector<Members> groups;
  llvm::SmallDenseMap<Operation *, Kind, 16> kinds;
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
