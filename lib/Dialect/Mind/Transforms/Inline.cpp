//===- Inline.cpp - calls become what they call ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace mind {
#define GEN_PASS_DEF_INLINE
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

namespace {

enum class State : uint8_t { Unseen, Open, Done };

struct Function {
  func::FuncOp op;
  SmallVector<func::CallOp, 0> calls = {};
  /// How many calls there are to it.
  size_t numUses = 0;
  State state = State::Unseen;
  /// Whether it is called from outside, or by calls that stay.
  bool stays = false;
  /// Whether it calls itself, by way of others perhaps.
  bool isRecursive = false;
};

/// Inlines from the outside in: what a call becomes is made once, however deep
/// the call is. The last call of a function that is not to stay takes its body.
class Inlining {
public:
  explicit Inlining(SmallVector<Function> all) : functions(std::move(all)) {
    for (Function &function : functions)
      byName[function.op.getSymNameAttr()] = &function;
  }

  /// Notes what `op`, which is no call, names.
  void visitSymbolUses(Operation *op) {
    if (!isa<SymbolUserOpInterface>(op))
      return;
    op->getAttrDictionary().walk([&](FlatSymbolRefAttr symbol) {
      if (Function *function = byName.lookup(symbol.getAttr()))
        roots.push_back(function);
    });
  }

  void run() {
    for (Function &function : functions)
      if (!function.op.isPrivate())
        roots.push_back(&function);
    while (!roots.empty()) {
      Function *root = roots.pop_back_val();
      root->stays = true;
      if (root->state == State::Unseen)
        visit(*root);
    }
    for (Function &function : functions)
      if (function.state == State::Unseen)
        function.op.erase();
    for (Function &function : functions) {
      if (!function.stays)
        continue;
      pending = std::move(function.calls);
      while (!pending.empty())
        inlineCall(pending.pop_back_val());
    }
  }

private:
  Function *calleeOf(func::CallOp call) const {
    return byName.lookup(call.getCalleeAttr().getAttr());
  }

  static bool mayInline(func::CallOp call, Function &callee) {
    return !callee.isRecursive && callee.op.getBody().hasOneBlock() &&
           !call.getNoInline() && !callee.op.getNoInline();
  }

  /// Finds the calls of `root` and of all that it calls.
  void visit(Function &root) {
    SmallVector<std::pair<Function *, size_t>> path;
    auto enter = [&](Function &function) {
      function.state = State::Open;
      function.op.getBody().walk([&](Operation *op) {
        if (auto call = dyn_cast<func::CallOp>(op))
          function.calls.push_back(call);
        else
          visitSymbolUses(op);
      });
      path.emplace_back(&function, 0);
    };
    enter(root);
    while (!path.empty()) {
      auto &[function, next] = path.back();
      if (next == function->calls.size()) {
        function->state = State::Done;
        path.pop_back();
        continue;
      }
      func::CallOp call = function->calls[next++];
      Function *callee = calleeOf(call);
      if (!callee)
        continue;
      ++callee->numUses;
      callee->isRecursive |= callee->state == State::Open;
      callee->stays |= !mayInline(call, *callee);
      if (callee->state == State::Unseen)
        enter(*callee);
    }
  }

  void inlineCall(func::CallOp call) {
    Function *callee = calleeOf(call);
    if (!callee || !mayInline(call, *callee))
      return;
    bool isLast = --callee->numUses == 0 && !callee->stays;
    Block &body = callee->op.getBody().front();
    Block *block = call->getBlock();
    // What is made stands between these two.
    Operation *before = call->getPrevNode();
    SmallVector<Value> results;
    if (isLast) {
      for (auto [argument, operand] :
           llvm::zip_equal(body.getArguments(), call.getOperands()))
        argument.replaceAllUsesWith(operand);
      llvm::append_range(results, body.getTerminator()->getOperands());
      block->getOperations().splice(call->getIterator(), body.getOperations(),
                                    body.begin(), std::prev(body.end()));
    } else {
      IRMapping mapping;
      mapping.map(body.getArguments(), call.getOperands());
      OpBuilder builder(call);
      for (Operation &op : body.without_terminator())
        builder.clone(op, mapping);
      for (Value result : body.getTerminator()->getOperands())
        results.push_back(mapping.lookup(result));
    }
    auto made = llvm::make_range(before ? std::next(before->getIterator())
                                        : block->begin(),
                                 call->getIterator());
    for (Operation &op : made)
      op.walk([&](Operation *inner) {
        inner->setLoc(CallSiteLoc::get(inner->getLoc(), call.getLoc()));
        auto innerCall = dyn_cast<func::CallOp>(inner);
        Function *next = innerCall ? calleeOf(innerCall) : nullptr;
        if (!next)
          return;
        pending.push_back(innerCall);
        next->numUses += !isLast;
      });
    call.replaceAllUsesWith(results);
    call.erase();
    if (isLast)
      callee->op.erase();
  }

  /// In the order of the module.
  SmallVector<Function> functions;
  DenseMap<StringAttr, Function *> byName;
  /// Functions that stay, to be visited.
  SmallVector<Function *> roots;
  /// Calls in a function that stays.
  SmallVector<func::CallOp, 0> pending;
};

struct Inline : mind::impl::InlineBase<Inline> {
  void runOnOperation() override { inlineCalls(getOperation()); }
};

} // namespace

void mind::inlineCalls(ModuleOp module) {
  SmallVector<Function> functions;
  SmallVector<Operation *> others;
  for (Operation &op : *module.getBody())
    if (auto function = dyn_cast<func::FuncOp>(op))
      functions.push_back({function});
    else
      others.push_back(&op);
  // One function has nobody to call but itself.
  if (functions.size() < 2)
    return;
  Inlining inlining(std::move(functions));
  for (Operation *other : others)
    other->walk([&](Operation *op) { inlining.visitSymbolUses(op); });
  inlining.run();
}
