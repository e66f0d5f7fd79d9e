//===- Control.cpp - branches and loops as jumps --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a branch or a loop carries has a buffer of its own, which each iteration
// writes at its end.
//
//===----------------------------------------------------------------------===//

#include "Expression.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mind;
using plan::StepKind;

View FunctionPlanner::scalar(Value value) {
  if (auto extracted = value.getDefiningOp<tensor::ExtractOp>())
    return view(extracted.getTensor());
  // The counter of a loop, or what was asked for before.
  if (const View *known = find(value))
    return *known;
  if (Operation *op = value.getDefiningOp(); !isa<arith::ConstantOp>(op))
    return scalarOperation(op);
  auto constant = cast<arith::ConstantOp>(value.getDefiningOp());
  // A bool is a byte.
  auto number = cast<IntegerAttr>(constant.getValue());
  DType dtype = *dtypeOf(number.getType());
  auto [memory, buffer] = builder.addConstant(sizeof(int64_t));
  int64_t bits = dtype == DType::Bool
                     ? int64_t(number.getValue().getZExtValue())
                     : number.getInt();
  std::memcpy(memory, &bits, sizeof bits);
  return {buffer, dtype, 0, {}, {}};
}

/// What MLIR makes of conditions when it simplifies branches.
View FunctionPlanner::scalarOperation(Operation *op) {
  using kernels::ElementOp;
  if (!isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::SelectOp>(op)) {
    op->emitOpError("has no kernel");
    hasFailed = true;
    return builder.allocate(DType::I64, {});
  }
  ElementOp kernelOp = isa<arith::AndIOp>(op)   ? ElementOp::And
                       : isa<arith::OrIOp>(op)  ? ElementOp::Or
                       : isa<arith::XOrIOp>(op) ? ElementOp::Xor
                                                : ElementOp::Where;
  ExpressionBuilder expression(*this, {});
  SmallVector<ExpressionBuilder::Number, 3> operands;
  DType dtype = DType::Bool;
  for (Value operand : op->getOperands()) {
    View known = scalar(operand);
    dtype = known.dtype;
    operands.push_back(expression.load(known));
  }
  View to = builder.allocate(dtype, {});
  expression.store(expression.emit(kernelOp, dtype, operands), to);
  place(op->getResult(0), to);
  return to;
}

/// A branch that only chooses between values.
void FunctionPlanner::planSelect(arith::SelectOp op) {
  plan::Operand condition = builder.operand(scalar(op.getCondition()));
  const View &to = allocate(op.getResult());
  uint32_t branch = builder.addStep(StepKind::JumpUnless, {condition});
  copy(view(op.getTrueValue()), to);
  uint32_t leave = builder.addStep(StepKind::Jump, {});
  builder.setTarget(branch, builder.nextStep());
  copy(view(op.getFalseValue()), to);
  builder.setTarget(leave, builder.nextStep());
}

void FunctionPlanner::assign(ValueRange values, ArrayRef<View> targets) {
  auto isSame = [](const View &a, const View &b) {
    return a.buffer == b.buffer && a.offset == b.offset &&
           a.strides == b.strides;
  };
  SmallVector<View> sources;
  for (Value value : values)
    sources.push_back(view(value));
  // What lies in a target that is written before is brought to safety.
  for (auto [index, source] : llvm::enumerate(sources))
    for (const View &target : targets.take_front(index))
      if (builder.memoryOf(source) == builder.memoryOf(target)) {
        View copied = builder.allocate(source.dtype, source.extents);
        copy(source, copied);
        source = copied;
        break;
      }
  for (auto [source, target] : llvm::zip_equal(sources, targets)) {
    if (isSame(source, target))
      continue;
    if (builder.memoryOf(source) ==
        builder.memoryOf(target)) { // the same elements, moved about
      View copied = builder.allocate(source.dtype, source.extents);
      copy(source, copied);
      copy(copied, target);
    } else {
      copy(source, target);
    }
  }
}

LogicalResult FunctionPlanner::planIf(scf::IfOp op) {
  plan::Operand condition = builder.operand(scalar(op.getCondition()));
  SmallVector<View> results;
  for (Value result : op.getResults())
    results.push_back(allocate(result));

  uint32_t branch = builder.addStep(StepKind::JumpUnless, {condition});
  auto planBranch = [&](Block *block) {
    // Nobody reads a result in the branch that writes it.
    for (auto [value, result] :
         llvm::zip_equal(block->getTerminator()->getOperands(), results))
      if (value.getParentBlock() == block && value.getDefiningOp<GroupOp>() &&
          value.hasOneUse())
        setDestination(value, result);
    if (failed(planBlock(*block)))
      return failure();
    assign(block->getTerminator()->getOperands(), results);
    return success();
  };
  if (failed(planBranch(op.thenBlock())))
    return failure();
  if (!op.elseBlock()) {
    builder.setTarget(branch, builder.nextStep());
    return success();
  }
  uint32_t leave = builder.addStep(StepKind::Jump, {});
  builder.setTarget(branch, builder.nextStep());
  if (failed(planBranch(op.elseBlock())))
    return failure();
  builder.setTarget(leave, builder.nextStep());
  return success();
}

LogicalResult FunctionPlanner::planWhile(scf::WhileOp op) {
  // The results are, mostly, what the loop carries: one buffer serves both.
  SmallVector<View> carried;
  auto condition = cast<scf::ConditionOp>(op.getBeforeBody()->getTerminator());
  for (auto [index, argument] :
       llvm::enumerate(op.getBeforeBody()->getArguments())) {
    bool isResult =
        index < op.getNumResults() && condition.getArgs()[index] == argument;
    carried.push_back(
        isResult ? allocate(op.getResult(index))
                 : builder.allocate(dtypeOf(argument), dimsOf(argument)));
    place(argument, carried.back());
  }
  assign(op.getInits(), carried);

  uint32_t begin = builder.nextStep();
  if (failed(planBlock(*op.getBeforeBody())))
    return failure();
  plan::Operand holds = builder.operand(scalar(condition.getCondition()));
  SmallVector<View> passed;
  for (Value value : condition.getArgs())
    passed.push_back(view(value));
  uint32_t leave = builder.addStep(StepKind::LeaveUnless, {holds});
  for (auto [argument, value] :
       llvm::zip_equal(op.getAfterBody()->getArguments(), passed))
    place(argument, value);
  if (failed(planBlock(*op.getAfterBody())))
    return failure();
  assign(op.getAfterBody()->getTerminator()->getOperands(), carried);
  uint32_t back = builder.addStep(StepKind::Jump, {});
  builder.setTarget(back, begin);
  builder.closeLoop(begin);
  builder.setTarget(leave, builder.nextStep());
  for (auto [result, value] : llvm::zip_equal(op.getResults(), passed))
    place(result, value);
  return success();
}

LogicalResult FunctionPlanner::planFor(scf::ForOp op) {
  SmallVector<View> carried;
  for (auto [result, argument] :
       llvm::zip_equal(op.getResults(), op.getRegionIterArgs())) {
    carried.push_back(allocate(result));
    place(argument, carried.back());
  }
  assign(op.getInitArgs(), carried);
  View counter = builder.allocate(DType::I64, {});
  copy(scalar(op.getLowerBound()), counter);
  plan::Operand limits[] = {builder.operand(counter),
                            builder.operand(scalar(op.getUpperBound()))};
  plan::Operand steps[] = {builder.operand(scalar(op.getStep())), limits[0]};
  place(op.getInductionVar(), counter);

  uint32_t begin = builder.addStep(StepKind::LeaveAt, {limits});
  if (failed(planBlock(*op.getBody())))
    return failure();
  assign(op.getBody()->getTerminator()->getOperands(), carried);
  builder.addStep(StepKind::Advance, {steps});
  uint32_t back = builder.addStep(StepKind::Jump, {});
  builder.setTarget(back, begin);
  builder.closeLoop(begin);
  builder.setTarget(begin, builder.nextStep());
  return success();
}
