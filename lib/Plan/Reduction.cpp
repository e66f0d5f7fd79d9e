//===- Reduction.cpp - reductions, rows and windows -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of halves are kept in single precision, those of integers in 64 bits;
// what is reduced is computed on the way.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Reduction.h"
#include "Expression.h"
#include "Mind/Runtime/Kernels/Pooling.h"
#include "Mind/Runtime/Kernels/Rows.h"
#include <bit>

using namespace mlir;
using namespace mind;
using kernels::PoolingKind;
using kernels::ReductionKind;
using kernels::RowsKind;
using plan::StepKind;

static std::optional<ReductionKind> reductionKind(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<ReductionKind>>(op)
      .Case<SumOp>([](auto) { return ReductionKind::Sum; })
      .Case<ProdOp>([](auto) { return ReductionKind::Prod; })
      .Case<MeanOp>([](auto) { return ReductionKind::Mean; })
      .Case<VarOp>([](auto) { return ReductionKind::Variance; })
      .Case<MaxOp>([](auto) { return ReductionKind::Max; })
      .Case<MinOp>([](auto) { return ReductionKind::Min; })
      .Case<AnyOp>([](auto) { return ReductionKind::Any; })
      .Case<AllOp>([](auto) { return ReductionKind::All; })
      .Case<ArgmaxOp>([](auto) { return ReductionKind::ArgMax; })
      .Case<ArgminOp>([](auto) { return ReductionKind::ArgMin; })
      .Default([](auto) { return std::nullopt; });
}

/// Reduces `x` over `axes` to the result of `op`.
void FunctionPlanner::reduceTo(Value result, Value x, ReductionKind kind,
                               ArrayRef<int64_t> axes) {
  Dims extents = dimsOf(x);
  SmallVector<bool> reduced(extents.size(), false);
  for (int64_t axis : axes)
    reduced[axis] = true;
  DType stored = dtypeOf(x), dtype = computeType(stored);
  bool isWide = kind == ReductionKind::Sum || kind == ReductionKind::Prod;
  if (isWide && !isFloat(dtype))
    dtype = DType::I64;
  bool isPosition =
      kind == ReductionKind::ArgMax || kind == ReductionKind::ArgMin;

  // What others read too is computed first.
  if (!x.hasOneUse() && !find(x))
    view(x);
  ExpressionBuilder expression(*this, extents);
  ExpressionBuilder::Number number =
      expression.cast(expression.value(x), stored, dtype);
  const View &to = allocate(result, isPosition ? DType::I64 : dtype);
  // Over the axes of x, those that are gone or left with extent 1 do not move.
  View over{to.buffer, to.dtype, to.offset, extents, Dims(extents.size(), 0)};
  bool keepsAxes = to.rank() == extents.size() && to.rank() != 0;
  for (size_t axis = 0, kept = 0; axis < extents.size(); ++axis) {
    if (!reduced[axis])
      over.strides[axis] = to.strides[kept];
    kept += keepsAxes || !reduced[axis];
  }
  expression.reduce(uint8_t(kind), number, reduced, over);
}

bool FunctionPlanner::planReduction(Operation *op) {
  std::optional<ReductionKind> kind = reductionKind(op);
  if (!kind)
    return false;
  Value x = op->getOperand(0);
  auto rank = int64_t(cast<RankedTensorType>(x.getType()).getRank());
  SmallVector<int64_t> axes;
  if (auto axis = op->getAttrOfType<IntegerAttr>("axis"))
    axes = {axis.getInt()};
  else if (auto list = op->getAttrOfType<DenseI64ArrayAttr>("axes"))
    axes.assign(list.asArrayRef().begin(), list.asArrayRef().end());
  else
    axes = llvm::to_vector(llvm::seq<int64_t>(rank));
  reduceTo(op->getResult(0), x, *kind, axes);
  return true;
}

bool FunctionPlanner::planRows(Operation *op) {
  Value x = op->getOperand(0), result = op->getResult(0);
  DType dtype = computeType(dtypeOf(x));
  const View &from = view(x, dtype);
  Dims attributes(from.rank(), 0);
  SmallVector<plan::Operand> operands = {builder.operand(from)};
  RowsKind kind = RowsKind::Softmax;
  double eps = 0;
  if (auto norm = dyn_cast<LayerNormOp>(op)) {
    kind = RowsKind::LayerNorm;
    eps = norm.getEps();
    for (int64_t axis : norm.getAxes())
      attributes[axis] = 1;
    for (Value other : {norm.getGamma(), norm.getBeta()}) {
      View known = view(other, dtype);
      if (!isDense(known)) {
        View dense = builder.allocate(dtype, known.extents);
        copy(known, dense);
        known = dense;
      }
      operands.push_back(builder.operand(known));
    }
  } else {
    if (isa<LogSoftmaxOp>(op))
      kind = RowsKind::LogSoftmax;
    else if (!isa<SoftmaxOp>(op))
      return false;
    attributes[op->getAttrOfType<IntegerAttr>("axis").getInt()] = 1;
    operands.append(2, ProgramBuilder::nothing());
  }
  attributes.push_back(std::bit_cast<int64_t>(eps));
  operands.push_back(builder.operand(allocate(result, dtype)));
  builder.addStep(StepKind::Rows, {operands, attributes, uint8_t(kind)});
  return true;
}

bool FunctionPlanner::planPooling(Operation *op) {
  if (auto pool = dyn_cast<GlobalAvgPool2dOp>(op)) {
    reduceTo(pool.getResult(), pool.getX(), ReductionKind::Mean, {1, 2});
    return true;
  }
  Value x = op->getOperand(0), result = op->getResult(0);
  bool isMax = isa<MaxPool2dOp>(op);
  if (!isMax && !isa<AvgPool2dOp>(op))
    return false;
  DType dtype = computeType(dtypeOf(x));
  Dims attributes;
  for (StringRef name : {"window", "strides", "padding"})
    llvm::append_range(attributes,
                       op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef());
  plan::Operand from = builder.operand(view(x, dtype));
  plan::Operand operands[] = {from, builder.operand(allocate(result, dtype))};
  builder.addStep(StepKind::Pool,
                  {operands, attributes,
                   uint8_t(isMax ? PoolingKind::Max : PoolingKind::Average)});
  return true;
}
