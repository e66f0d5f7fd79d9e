//===- Indexing.cpp - elements by their position --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mind;
using plan::StepKind;

/// An index that is outside of an axis, with the extent where only a call knows
/// it.
uint32_t FunctionPlanner::outOfBoundsSite(Location location, int64_t axis,
                                          const Dim &extent) {
  return builder.addSite(
      location, DiagKind::IndexOutOfBounds,
      {"{0}", std::to_string(axis),
       extent.isConstant() ? extent.str() : std::string("{1}")},
      extent.isConstant() ? 1 : 2);
}

/// Indices that are known move the view; for others a step finds the place.
void FunctionPlanner::planIndex(IndexOp op) {
  View part = view(op.getX());
  // From the last axis on, so that those before keep their numbers.
  SmallVector<std::pair<int64_t, Value>> indices;
  for (auto [axis, index] : llvm::zip_equal(op.getAxes(), op.getIndices()))
    indices.push_back({axis, index});
  // Errors come in the order of the indices: what may fail is looked at in that
  // order, on axes that are numbered anew.
  SmallVector<int64_t> removed;
  for (auto [axis, index] : indices) {
    int64_t at = axis - llvm::count_if(removed, [axis = axis](int64_t before) {
                   return before < axis;
                 });
    removed.push_back(axis);
    const Dim extent = part.extents[at];
    DenseIntElementsAttr known;
    if (extent.isConstant() && matchPattern(index, m_Constant(&known))) {
      int64_t position = known.getSplatValue<APInt>().getSExtValue();
      if (position < 0)
        position += extent.constant();
      if (position >= 0 && position < extent.constant()) {
        part = selected(part, at, position);
        continue;
      }
    }
    View chosen = selected(part, at, 0);
    chosen.offset = 0;
    plan::Operand from = builder.operand(part);
    plan::Operand position = builder.operand(view(index));
    chosen.buffer = builder.addBuffer(plan::BufferKind::Part, from.buffer);
    plan::Operand operands[] = {from, position, builder.operand(chosen)};
    Dim attribute = at;
    StepParts parts{operands, attribute};
    parts.site = outOfBoundsSite(op.getLoc(), axis, extent);
    builder.addStep(StepKind::Select, parts);
    part = chosen;
  }
  place(op.getResult(), part);
}

void FunctionPlanner::planGather(Value result, Value x, Value indices,
                                 int64_t axis, bool mayFail) {
  const View &from = view(x);
  const View &at = denseView(indices);
  const View &to = allocate(result);
  plan::Operand operands[] = {builder.operand(from), builder.operand(at),
                              builder.operand(to)};
  Dim attribute = axis;
  StepParts parts{operands, attribute};
  if (mayFail)
    parts.site = outOfBoundsSite(result.getDefiningOp()->getLoc(), axis,
                                 from.extents[axis]);
  builder.addStep(StepKind::Gather, parts);
}

void FunctionPlanner::planScatterAdd(ScatterAddOp op) {
  int64_t axis = op.getAxis();
  const View &x = view(op.getX()), &updates = view(op.getUpdates());
  const View &indices = denseView(op.getIndices());
  const View &to = allocate(op.getResult());
  plan::Operand operands[] = {builder.operand(x), builder.operand(indices),
                              builder.operand(updates), builder.operand(to)};
  Dim attribute = axis;
  StepParts parts{operands, attribute};
  if (op.mayFail())
    parts.site = outOfBoundsSite(op.getLoc(), axis, x.extents[axis]);
  builder.addStep(StepKind::ScatterAdd, parts);
}

bool FunctionPlanner::planIndexing(Operation *op) {
  if (auto index = dyn_cast<IndexOp>(op)) {
    planIndex(index);
  } else if (auto gather = dyn_cast<GatherOp>(op)) {
    planGather(gather.getResult(), gather.getX(), gather.getIndices(),
               gather.getAxis(), gather.mayFail());
  } else if (auto embedding = dyn_cast<EmbeddingOp>(op)) {
    planGather(embedding.getResult(), embedding.getTable(), embedding.getIds(),
               0, embedding.mayFail());
  } else if (auto scatter = dyn_cast<ScatterAddOp>(op)) {
    planScatterAdd(scatter);
  } else if (auto hot = dyn_cast<OneHotOp>(op)) {
    Dims extents = dimsOf(hot.getResult());
    if (hot.mayFail()) {
      plan::Operand ids = builder.operand(denseView(hot.getIds()));
      Dim extent = extents.back();
      StepParts parts{ids, extent};
      parts.site =
          outOfBoundsSite(op->getLoc(), int64_t(extents.size()) - 1, extent);
      builder.addStep(StepKind::CheckIndices, parts);
    }
    const View &to = allocate(hot.getResult());
    ExpressionBuilder expression(*this, extents);
    expression.store(expression.oneHot(hot), to);
  } else {
    return false;
  }
  return true;
}
