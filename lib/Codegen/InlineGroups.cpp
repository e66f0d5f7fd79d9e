//===- InlineGroups.cpp - groups dissolve into their function ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"

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
  }
};

} // namespace
} // namespace mind
