//===- ShareGroups.cpp - equal groups become one function ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mind {
#define GEN_PASS_DEF_SHAREGROUPS
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

namespace {

/// Whether `value` is a tensor of constant extents in memory.
bool isInMemory(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.hasStaticShape() && type.getRank() != 0;
}

/// Whether `group` does nothing but move elements: it may yield a view.
bool onlyMoves(GroupOp group) {
  return llvm::all_of(group.getBlock().without_terminator(), [](Operation &op) {
    auto languageOp = dyn_cast<LanguageOpInterface>(op);
    return !languageOp || languageOp.getOpInfo().family == OpFamily::Movement;
  });
}

bool mayShare(GroupOp group) {
  return group.getNumResults() == 1 && isInMemory(group.getResult(0)) &&
         llvm::all_of(group.getInputs(),
                      [](Value input) {
                        auto producer = input.getDefiningOp<GroupOp>();
                        return isInMemory(input) &&
                               !(producer && onlyMoves(producer));
                      }) &&
         !onlyMoves(group) && isMemoryEffectFree(group);
}

/// A hash of all operations of `group`, but not of how they are connected.
llvm::hash_code hashOf(GroupOp group) {
  llvm::hash_code hash(group.getNumOperands());
  for (Operation &op : group.getBlock())
    hash =
        llvm::hash_combine(hash, OperationEquivalence::computeHash(
                                     &op, OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::IgnoreLocations));
  return hash;
}

bool isEqual(GroupOp lhs, GroupOp rhs) {
  return OperationEquivalence::isRegionEquivalentTo(
      &lhs.getBody(), &rhs.getBody(), OperationEquivalence::IgnoreLocations);
}

struct ShareGroups : mind::impl::ShareGroupsBase<ShareGroups> {
  void runOnOperation() override {
    // Equal groups, in the order of the first of each kind. What has one hash
    // is next to always equal.
    SmallVector<SmallVector<GroupOp>> kinds;
    llvm::DenseMap<size_t, SmallVector<size_t, 1>> byHash;
    auto place = [&](GroupOp group) {
      SmallVector<size_t, 1> &candidates = byHash[hashOf(group)];
      for (size_t kind : candidates)
        if (isEqual(kinds[kind].front(), group))
          return kinds[kind].push_back(group);
      candidates.push_back(kinds.size());
      kinds.push_back({group});
    };
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function->hasAttr(sizesAttr))
        function->walk<WalkOrder::PreOrder>([&](GroupOp group) {
          if (mayShare(group))
            place(group);
          return WalkResult::skip();
        });
    unsigned count = 0;
    for (ArrayRef<GroupOp> groups : kinds)
      if (groups.size() > 1)
        share(groups, "mind.group." + std::to_string(count++));
  }

private:
  /// Replaces `groups` by calls of a function that holds the first.
  void share(ArrayRef<GroupOp> groups, const std::string &name) {
    GroupOp first = groups.front();
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    auto function = func::FuncOp::create(
        builder, first.getLoc(), name,
        builder.getFunctionType(first.getInputs().getTypes(),
                                first.getResultTypes()));
    function.setPrivate();
    auto callee = FlatSymbolRefAttr::get(function);
    for (GroupOp group : groups) {
      builder.setInsertionPoint(group);
      auto type = cast<RankedTensorType>(group.getResult(0).getType());
      Value memory = tensor::EmptyOp::create(
          builder, group.getLoc(), type.getShape(), type.getElementType());
      auto call = CallGroupOp::create(builder, group.getLoc(), type, callee,
                                      group.getInputs(), memory,
                                      /*scratch=*/Value());
      group->replaceAllUsesWith(call);
      if (group != first)
        group->erase();
    }
    Block &entry = *function.addEntryBlock();
    first->moveBefore(&entry, entry.end());
    first->setOperands(entry.getArguments());
    builder.setInsertionPointToEnd(&entry);
    func::ReturnOp::create(builder, first.getLoc(), first.getResults());
  }
};

} // namespace
