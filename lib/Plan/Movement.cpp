//===- Movement.cpp - views where strides say it, else copies -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

using namespace mlir;
using namespace mind;

/// The parts one after the other along `axis`.
void FunctionPlanner::join(Value result, int64_t axis, ArrayRef<View> parts) {
  const View &to = allocate(result);
  Dims starts(to.rank(), 0);
  SmallVector<int64_t> steps(to.rank(), 1);
  for (const View &part : parts) {
    copy(part, sliced(to, starts, steps, part.extents));
    starts[axis] = sum(starts[axis], part.extents[axis]);
  }
}

/// The value first, then what it surrounds.
void FunctionPlanner::planPad(PadOp op) {
  const View &x = view(op.getX());
  const View &to = allocate(op.getResult());
  ExpressionBuilder fill(*this, to.extents);
  fill.store(fill.value(op.getValue()), to);
  Dims starts;
  for (size_t axis = 0; axis < to.rank(); ++axis)
    starts.push_back(op.getPadding()[2 * axis]);
  copy(x, sliced(to, starts, SmallVector<int64_t>(to.rank(), 1), x.extents));
}

bool FunctionPlanner::planMovement(Operation *op) {
  if (isa<ReshapeOp, ExpandDimsOp, SqueezeOp, FlattenOp>(op)) {
    Dims extents = dimsOf(op->getResult(0));
    const View &x = view(op->getOperand(0));
    std::optional<View> same = reshaped(x, extents);
    if (!same) {
      // The elements in a row first. They may go to where the result is wanted.
      const View &dense = allocate(op->getResult(0));
      copy(x, *reshaped(dense, x.extents));
      same = dense;
    }
    place(op->getResult(0), *same);
    return true;
  }
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    place(transpose.getResult(),
          transposed(view(transpose.getX()), transpose.getAxes()));
    return true;
  }
  if (auto wider = dyn_cast<BroadcastToOp>(op)) {
    place(wider.getResult(),
          broadcast(view(wider.getX()), dimsOf(wider.getResult())));
    return true;
  }
  if (auto flip = dyn_cast<FlipOp>(op)) {
    place(flip.getResult(), flipped(view(flip.getX()), flip.getAxes()));
    return true;
  }
  if (auto slice = dyn_cast<SliceOp>(op)) {
    const View &x = view(slice.getX());
    Dims starts(slice.getStarts().begin(), slice.getStarts().end());
    // Of a symbolic dimension, negative ones still count from the end.
    for (auto [start, extent] : llvm::zip_equal(starts, x.extents))
      if (start.constant() < 0)
        start = sum(extent, start);
    place(slice.getResult(),
          sliced(x, starts, slice.getSteps(), dimsOf(slice.getResult())));
    return true;
  }
  if (auto split = dyn_cast<SplitOp>(op)) {
    const View &x = view(split.getX());
    Dims starts(x.rank(), 0), extents = dimsOf(split.getResult(0));
    SmallVector<int64_t> steps(x.rank(), 1);
    int64_t axis = split.getAxis();
    for (Value part : split.getResults()) {
      place(part, sliced(x, starts, steps, extents));
      starts[axis] = sum(starts[axis], extents[axis]);
    }
    return true;
  }
  if (auto concat = dyn_cast<ConcatOp>(op)) {
    SmallVector<View> parts;
    for (Value tensor : concat.getTensors())
      parts.push_back(view(tensor));
    join(concat.getResult(), concat.getAxis(), parts);
    return true;
  }
  if (auto stack = dyn_cast<StackOp>(op)) {
    SmallVector<View> parts;
    for (Value tensor : stack.getTensors())
      parts.push_back(expanded(view(tensor), stack.getAxis()));
    join(stack.getResult(), stack.getAxis(), parts);
    return true;
  }
  if (auto pad = dyn_cast<PadOp>(op)) {
    planPad(pad);
    return true;
  }
  return false;
}
