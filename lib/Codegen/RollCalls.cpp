//===- RollCalls.cpp - calls that repeat become a loop -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mind {
#define GEN_PASS_DEF_ROLLCALLS
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// The most calls that are repeated together: more than a layer has.
constexpr size_t maxPeriod = 64;

/// Appends where `memory` is: in which argument of its function, and how many
/// bytes from its beginning. False if that is not known.
bool appendPlace(Value memory, SmallVectorImpl<int64_t> &table) {
  int64_t offset = 0;
  while (Operation *op = memory.getDefiningOp()) {
    if (isa<memref::CollapseShapeOp, memref::ExpandShapeOp>(op)) {
      memory = op->getOperand(0);
      continue;
    }
    auto view = dyn_cast<memref::ViewOp>(op);
    std::optional<int64_t> shift;
    if (view)
      shift = getConstantIntValue(view.getByteShift());
    if (!shift)
      return false;
    offset += *shift;
    memory = view.getSource();
  }
  auto argument = cast<BlockArgument>(memory);
  if (!isa<func::FuncOp>(argument.getOwner()->getParentOp()))
    return false;
  table.append({argument.getArgNumber(), offset});
  return true;
}

/// A call, and where its operands are.
struct Call {
  Operation *op;
  FlatSymbolRefAttr callee;
  SmallVector<int64_t, 10> places;
};

struct RollCalls : impl::RollCallsBase<RollCalls> {
  using RollCallsBase::RollCallsBase;

  void runOnOperation() override {
    getOperation()->walk([&](Block *block) {
      SmallVector<Call> run;
      for (Operation &op : llvm::make_early_inc_range(*block)) {
        if (isMemoryEffectFree(&op))
          continue;
        if (auto call = dyn_cast<CallGroupOp>(op)) {
          run.push_back({call, call.getCalleeAttr(), {}});
          if (llvm::all_of(call->getOperands(), [&](Value operand) {
                return appendPlace(operand, run.back().places);
              }))
            continue;
          run.pop_back();
        }
        roll(run);
        run.clear();
      }
      roll(run);
    });
  }

private:
  /// Calls one after the other, between which nothing happens.
  void roll(ArrayRef<Call> run) {
    while (!run.empty()) {
      size_t length = 1;
      size_t bestSaved = leastSaved - 1, bestPeriod = 0;
      for (size_t period = 1;
           period <= maxPeriod && period + leastSaved <= run.size(); ++period) {
        size_t rounds = countRounds(run, period);
        if (size_t saved = (rounds - 1) * period; saved > bestSaved) {
          bestSaved = saved;
          bestPeriod = period;
        }
      }
      if (bestPeriod) {
        length = bestPeriod + bestSaved;
        replace(run.take_front(length), bestPeriod);
      }
      run = run.drop_front(length);
    }
  }

  /// How many times the first `period` calls follow one another.
  static size_t countRounds(ArrayRef<Call> run, size_t period) {
    size_t next = period;
    while (next < run.size() && run[next].callee == run[next - period].callee &&
           run[next].places.size() == run[next - period].places.size())
      ++next;
    return next / period;
  }

  void replace(ArrayRef<Call> calls, size_t period) {
    SmallVector<Attribute> callees;
    SmallVector<int64_t> arity, table;
    for (const Call &call : calls.take_front(period)) {
      callees.push_back(call.callee);
      arity.push_back(call.op->getNumOperands());
    }
    for (const Call &call : calls)
      table.append(call.places);
    OpBuilder builder(calls.front().op);
    CallTableOp::create(builder, calls.front().op->getLoc(),
                        builder.getArrayAttr(callees), arity, table);
    for (const Call &call : calls) {
      llvm::SmallSetVector<Value, 8> operands(llvm::from_range,
                                              call.op->getOperands());
      call.op->erase();
      for (Value operand : operands)
        eraseUnused(operand);
    }
  }

  /// Erases the view that `memory` is if nothing uses it any more.
  static void eraseUnused(Value memory) {
    Operation *op = memory.getDefiningOp();
    if (!op || !op->use_empty())
      return;
    SmallVector<Value> operands = op->getOperands();
    op->erase();
    llvm::for_each(operands, eraseUnused);
  }
};

} // namespace
} // namespace mind
