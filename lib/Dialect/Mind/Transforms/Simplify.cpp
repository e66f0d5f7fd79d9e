//===- Simplify.cpp - canonical forms, at the cost of what occurs --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Producers come before users, so that one walk from the start of a block to
// its end folds all there is to fold, and another one back erases all that is
// unused. Few operations have patterns; only these see the greedy driver.
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "Mind/Dialect/Mind/Transforms/PatternSelection.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mind {
#define GEN_PASS_DEF_SIMPLIFY
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

namespace {

/// How often patterns are tried on what the last ones left, at most.
constexpr unsigned maxRounds = 10;

/// An operation as a key: equal ones compute the same.
struct Computation {
  Operation *op;
  unsigned hash;
};

unsigned hashOf(Operation *op) {
  return llvm::hash_combine(
      op->getName(), op->hashProperties(),
      llvm::hash_combine_range(op->operand_begin(), op->operand_end()),
      llvm::hash_combine_range(op->result_type_begin(), op->result_type_end()));
}

struct ComputationInfo {
  static Computation getEmptyKey() {
    return {DenseMapInfo<Operation *>::getEmptyKey(), 0};
  }
  static Computation getTombstoneKey() {
    return {DenseMapInfo<Operation *>::getTombstoneKey(), 0};
  }
  static unsigned getHashValue(const Computation &key) { return key.hash; }
  static bool isEqual(const Computation &a, const Computation &b) {
    if (a.op == b.op)
      return true;
    return a.hash == b.hash && isReal(a.op) && isReal(b.op) &&
           OperationEquivalence::isEquivalentTo(
               a.op, b.op, OperationEquivalence::IgnoreLocations);
  }

private:
  static bool isReal(Operation *op) {
    return op != getEmptyKey().op && op != getTombstoneKey().op;
  }
};

/// Folds and merges what stands in one region that is isolated from above.
class Folding {
public:
  explicit Folding(Region &region) : region(region) {}

  void run() {
    for (Block &block : region)
      visit(block);
  }

private:
  /// What is known in `block` is not known outside it, unless it is the only
  /// one of the isolated region.
  void visit(Block &block) {
    size_t numOuter = inner.size();
    for (Operation &op : llvm::make_early_inc_range(block))
      visit(&op);
    if (&block == &region.front())
      return;
    while (inner.size() != numOuter)
      known.erase(inner.pop_back_val());
  }

  void visit(Operation *op) {
    if (isConstant(op)) {
      if (op->getBlock() != &region.front())
        op->moveBefore(atTop(op));
      merge(op, /*isInner=*/false);
      return;
    }
    if (fold(op))
      return;
    bool isInner = op->getBlock() != &region.front();
    if (op->getNumRegions() != 0) {
      bool isIsolated = op->hasTrait<OpTrait::IsIsolatedFromAbove>();
      for (Region &nested : op->getRegions())
        if (isIsolated)
          Folding(nested).run();
        else
          for (Block &block : nested)
            visit(block);
    }
    if (op->getNumResults() != 0 && isEffectFree(op))
      merge(op, isInner);
  }

  static bool isConstant(Operation *op) {
    return isa<ConstantOp>(op) ||
           (op->getNumOperands() == 0 && op->hasTrait<OpTrait::ConstantLike>());
  }

  /// The operation in the first block that `op` is or stands in; the last one
  /// of that block if it stands in another.
  Operation *atTop(Operation *op) const {
    Operation *top = region.front().findAncestorOpInBlock(*op);
    return top ? top : &region.front().back();
  }

  /// Replaces `op` by one that is known to compute the same, or makes it known.
  Operation *merge(Operation *op, bool isInner) {
    Computation computation{op, hashOf(op)};
    auto [it, isNew] = known.insert(computation);
    if (isNew) {
      if (isInner)
        inner.push_back(computation);
      return op;
    }
    Operation *same = it->op;
    op->replaceAllUsesWith(same);
    op->erase();
    return same;
  }

  /// Folds `op` as often as it can be. Returns whether it is gone.
  bool fold(Operation *op) {
    SmallVector<Attribute, 4> operands;
    SmallVector<OpFoldResult, 1> folded;
    do {
      operands.clear();
      for (Value operand : op->getOperands())
        operands.push_back(valueOf(operand));
      folded.clear();
      if (failed(op->fold(operands, folded)))
        return false;
      // In place, if there is no result.
    } while (folded.empty());
    SmallVector<Value, 1> values;
    for (auto [result, value] : llvm::zip_equal(op->getResults(), folded)) {
      Value replacement = dyn_cast<Value>(value);
      if (!replacement)
        replacement = materialize(op, cast<Attribute>(value), result.getType());
      if (!replacement)
        return false;
      values.push_back(replacement);
    }
    op->replaceAllUsesWith(values);
    op->erase();
    return true;
  }

  static Attribute valueOf(Value operand) {
    Attribute value;
    Operation *producer = operand.getDefiningOp();
    if (auto constant = dyn_cast_or_null<ConstantOp>(producer))
      return constant.getValueAttr();
    if (producer && producer->getNumOperands() == 0)
      matchPattern(producer, m_Constant(&value));
    return value;
  }

  /// The constant `value` in place of a result of `op`; null if its dialect has
  /// none.
  Value materialize(Operation *op, Attribute value, Type type) {
    OpBuilder builder(atTop(op));
    Dialect *dialect = op->getDialect();
    Operation *constant =
        dialect
            ? dialect->materializeConstant(builder, value, type, op->getLoc())
            : nullptr;
    if (!constant)
      return {};
    return merge(constant, /*isInner=*/false)->getResult(0);
  }

  Region &region;
  llvm::SmallDenseSet<Computation, 16, ComputationInfo> known;
  /// Of `known`, what does not stand at the top of the region.
  SmallVector<Computation, 0> inner;
};

/// Erases what is unused in `region`, users first, and finds what of the rest
/// there are `patterns` for.
void sweep(Region &region, CanonicalizationPatterns &patterns,
           SmallVectorImpl<Operation *> &found) {
  for (Block &block : llvm::reverse(region))
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
      if (isOpTriviallyDead(&op)) {
        op.erase();
        continue;
      }
      for (Region &nested : op.getRegions())
        sweep(nested, patterns, found);
      if (patterns.contains(op.getName()))
        found.push_back(&op);
    }
}

struct Simplify : mind::impl::SimplifyBase<Simplify> {
  void runOnOperation() override {
    simplify(getOperation().getBody(), patterns);
  }

  CanonicalizationPatterns patterns;
};

} // namespace

void mind::simplify(Region &region, CanonicalizationPatterns &patterns) {
  if (region.empty())
    return;
  for (unsigned round = 0; round != maxRounds; ++round) {
    Folding(region).run();
    SmallVector<Operation *> found;
    sweep(region, patterns, found);
    if (found.empty())
      return;
    llvm::SmallSetVector<OperationName, 16> names;
    for (Operation *op : found)
      names.insert(op->getName());
    // As they stand in the program.
    std::reverse(found.begin(), found.end());
    GreedyRewriteConfig config;
    config.setScope(&region);
    bool changed = false;
    // Simplification is best effort.
    (void)applyOpPatternsGreedily(found, patterns.select(names.getArrayRef()),
                                  config, &changed);
    if (!changed)
      return;
  }
}
