//===- InlineGroups.cpp - groups dissolve into their function ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mind {
#define GEN_PASS_DEF_INLINEGROUPS
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

struct InlineGroups : impl::InlineGroupsBase<InlineGroups> {
  void runOnOperation() override {
    getOperation()->walk([](GroupOp group) {
      Block &body = group.getBlock();
      for (auto [argument, input] :
           llvm::zip_equal(body.getArguments(), group.getInputs()))
        argument.replaceAllUsesWith(input);
      Operation *yield = body.getTerminator();
      group->replaceAllUsesWith(yield->getOperands());
      yield->erase();
      group->getBlock()->getOperations().splice(group->getIterator(),
                                                body.getOperations());
      group->erase();
    });
    keepScalarsInRegisters();
    dropEncodings();
  }

  /// From here on, operations on sizes say what extents are.
  void dropEncodings() {
    func::FuncOp function = getOperation();
    auto drop = [](Value value) {
      auto type = dyn_cast<RankedTensorType>(value.getType());
      if (type && type.getEncoding())
        value.setType(type.dropEncoding());
    };
    function.walk([&](Operation *op) {
      llvm::for_each(op->getResults(), drop);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          llvm::for_each(block.getArguments(), drop);
    });
    if (function.isExternal())
      return;
    Region &body = function.getBody();
    function.setType(
        FunctionType::get(&getContext(), body.front().getArgumentTypes(),
                          body.back().getTerminator()->getOperandTypes()));
  }

  /// What was put into a tensor of rank 0 in one group, or by a loop, and is
  /// taken out in another never was in one.
  void keepScalarsInRegisters() {
    SmallVector<Operation *> sources;
    getOperation()->walk([&](tensor::ExtractOp extract) {
      if (!extract.getIndices().empty())
        return;
      Operation *source = extract.getTensor().getDefiningOp();
      if (auto elements = dyn_cast_or_null<tensor::FromElementsOp>(source)) {
        extract.replaceAllUsesWith(elements.getElements().front());
      } else if (auto insert = dyn_cast_or_null<tensor::InsertOp>(source)) {
        extract.replaceAllUsesWith(insert.getScalar());
      } else if (auto constant = dyn_cast_or_null<arith::ConstantOp>(source)) {
        auto value = dyn_cast<SplatElementsAttr>(constant.getValue());
        if (!value)
          return;
        OpBuilder builder(extract);
        extract.replaceAllUsesWith(
            arith::ConstantOp::create(builder, extract.getLoc(),
                                      value.getSplatValue<TypedAttr>())
                .getResult());
      } else {
        return;
      }
      sources.push_back(source);
      extract->erase();
    });
    // What nobody reads would still get a buffer.
    llvm::SetVector<Operation *> unread(llvm::from_range, sources);
    while (!unread.empty()) {
      Operation *op = unread.pop_back_val();
      if (!isOpTriviallyDead(op))
        continue;
      for (Value operand : op->getOperands())
        if (Operation *definition = operand.getDefiningOp())
          unread.insert(definition);
      op->erase();
    }
  }
};

} // namespace
} // namespace mind
