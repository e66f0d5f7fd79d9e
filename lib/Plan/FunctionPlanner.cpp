//===- FunctionPlanner.cpp - one function on its way to a plan ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionPlanner.h"
#include "Expression.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mind;
using plan::BufferKind;
using plan::StepKind;

LogicalResult mind::planFunction(func::FuncOp op, PlannedFunction &planned) {
  return FunctionPlanner(op, planned).run();
}

DType mind::dtypeOf(Value value) {
  return *dtypeOf(cast<RankedTensorType>(value.getType()).getElementType());
}

Dims mind::dimsOf(Value value) {
  return *dimsOf(cast<RankedTensorType>(value.getType()));
}

static std::vector<std::string> sizesOf(func::FuncOp op) {
  std::vector<std::string> sizes;
  if (auto names = op->getAttrOfType<ArrayAttr>(sizesAttr))
    for (auto name : names.getAsRange<StringAttr>())
      sizes.push_back(name.str());
  return sizes;
}

FunctionPlanner::FunctionPlanner(func::FuncOp op, PlannedFunction &function)
    : builder(function, sizesOf(op)), op(op) {}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const View &FunctionPlanner::allocate(Value value, DType dtype) {
  auto wanted = destinations.find(value);
  if (wanted == destinations.end() || wanted->second->dtype != dtype)
    return place(value, builder.allocate(dtype, dimsOf(value)));
  const View *result = wanted->second;
  destinations.erase(wanted);
  places[value] = result;
  return *result;
}

void FunctionPlanner::ensure(Value value) {
  // What stands behind its reader is planned when that is.
  if (find(value))
    return;
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<ConstantOp>(op))
    return planConstant(value, cast<DenseElementsAttr>(constant.getValue()));
  if (op && isPointwise(op))
    return;
  if (op && succeeded(planInGroup(op)) && find(value))
    return;
  // Something stands for it until the planner gives up.
  hasFailed = true;
  place(value, builder.allocate(dtypeOf(value), dimsOf(value)));
}

const View &FunctionPlanner::view(Value value, DType dtype) {
  ensure(value);
  if (const View *known = find(value)) {
    if (known->dtype == dtype)
      return *known;
    // What was not rounded yet goes to where it is wanted.
    const View &to = dtype == dtypeOf(value)
                         ? allocate(value)
                         : keep(builder.allocate(dtype, known->extents));
    copy(*known, to);
    return to;
  }
  // What is pending has its own dtype; another one is a conversion more.
  DType own = dtypeOf(value);
  Dims extents = dimsOf(value);
  const View *to;
  if (own == dtype) {
    to = &allocate(value);
    places.erase(value); // It is yet to be computed.
  } else {
    to = &keep(builder.allocate(dtype, extents));
  }
  ExpressionBuilder expression(*this, extents);
  ExpressionBuilder::Number number =
      expression.cast(expression.value(value), own, dtype);
  expression.store(number, *to);
  if (own == dtype)
    places[value] = to;
  return *to;
}

const View &FunctionPlanner::denseView(Value value, DType dtype) {
  const View &known = view(value, dtype);
  if (isDense(known))
    return known;
  const View &to = keep(builder.allocate(known.dtype, known.extents));
  copy(known, to);
  return to;
}

void FunctionPlanner::copy(const View &from, const View &to) {
  if (from.dtype == to.dtype) {
    plan::Operand operands[] = {builder.operand(from), builder.operand(to)};
    builder.addStep(StepKind::Copy, {operands});
    return;
  }
  ExpressionBuilder expression(*this, to.extents);
  expression.store(expression.cast(expression.load(from), from.dtype, to.dtype),
                   to);
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

/// Whether `op` gives its operand other extents, and nothing else.
static bool isReshape(Operation *op) {
  return isa<ReshapeOp, ExpandDimsOp, SqueezeOp, FlattenOp>(op);
}

/// The value whose elements, in their order, those of `value` are, if a group
/// does nothing but give it other extents.
static Value reshapedFrom(Value value) {
  auto group = value.getDefiningOp<GroupOp>();
  if (!group)
    return {};
  Value inner = group.getYield().getValues().front();
  while (Operation *op = inner.getDefiningOp()) {
    if (!isReshape(op))
      return {};
    inner = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(inner);
  return argument.getOwner() == &group.getBlock()
             ? group.getInputs()[argument.getArgNumber()]
             : Value();
}

/// The tensor of the language that `type` is, if it is one.
static std::optional<mind::TensorType> tensorOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? fromIR(tensor) : std::nullopt;
}

static LogicalResult reportNoTensor(func::FuncOp op) {
  return op.emitOpError("takes or gives what is no tensor of the language");
}

LogicalResult FunctionPlanner::planArguments(Block &entry) {
  for (BlockArgument argument : entry.getArguments()) {
    std::optional<mind::TensorType> type = tensorOf(argument.getType());
    if (!type)
      return reportNoTensor(op);
    place(argument, builder.tensor(BufferKind::Input, argument.getArgNumber(),
                                   type->dtype, type->dims));
  }
  return success();
}

LogicalResult FunctionPlanner::planResults(func::ReturnOp terminator) {
  for (auto [index, returned] : llvm::enumerate(terminator.getOperands())) {
    std::optional<mind::TensorType> type = tensorOf(returned.getType());
    if (!type)
      return reportNoTensor(op);
    const View &result = keep(builder.tensor(
        BufferKind::Result, uint32_t(index), type->dtype, type->dims));
    results.push_back(&result);
    // What is computed for nobody else goes to the result at once.
    Value value = returned;
    while (Value from = reshapedFrom(value)) {
      if (!value.hasOneUse())
        break;
      value = from;
    }
    bool isComputed =
        isa_and_nonnull<GroupOp, scf::IfOp, scf::WhileOp, scf::ForOp>(
            value.getDefiningOp());
    if (!isComputed || destinations.contains(value))
      continue;
    Dims extents = dimsOf(value), strides = denseStrides(extents);
    setDestination(value, {result.buffer, result.dtype, 0, std::move(extents),
                           std::move(strides)});
  }
  return success();
}

LogicalResult FunctionPlanner::planBlock(Block &block) {
  for (Operation &op : beforeTerminator(block)) {
    if (failed(planOperation(&op)))
      return failure();
    if (builder.isTooLarge())
      // In the user's terms: the program is at fault.
      return op.emitError()
             << diagnosticCode(DiagKind::LimitExceeded) << ": "
             << formatDiagnostic(DiagKind::LimitExceeded,
                                 {"the memory for what is computed on the way",
                                  "2^63 - 1 bytes"});
  }
  return success();
}

LogicalResult FunctionPlanner::run() {
  Block &entry = op.getBody().front();
  auto terminator = cast<func::ReturnOp>(entry.getTerminator());
  // About as many values as there are.
  places.reserve(entry.getNumArguments() + 4 * entry.getOperations().size());
  if (failed(planArguments(entry)) || failed(planResults(terminator)) ||
      failed(planBlock(entry)))
    return failure();
  for (auto [value, result] :
       llvm::zip_equal(terminator.getOperands(), results))
    if (const View &known = view(value); known.buffer != result->buffer)
      copy(known, *result);
  return success(!hasFailed);
}

LogicalResult FunctionPlanner::planOperation(Operation *op) {
  if (auto group = dyn_cast<GroupOp>(op))
    return planGroup(group);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return planIf(branch);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return planWhile(loop);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return planFor(loop);
  if (auto requirement = dyn_cast<RequireOp>(op)) {
    require(requirement);
    return success();
  }
  if (auto select = dyn_cast<arith::SelectOp>(op);
      select && isa<RankedTensorType>(select.getType())) {
    planSelect(select);
    return success();
  }
  // A scalar that became a tensor and turned out to be known.
  if (auto constant = dyn_cast<arith::ConstantOp>(op);
      constant && isa<RankedTensorType>(constant.getType())) {
    auto data = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!data || !tensorOf(constant.getType()))
      return op->emitOpError("has no kernel");
    planConstant(constant.getResult(), data);
    return success();
  }
  // Scalars are tensors of rank 0 here: who wants one asks what made it.
  if (isa<tensor::ExtractOp>(op) || isa<arith::ArithDialect>(op->getDialect()))
    return success();
  if (auto made = dyn_cast<tensor::FromElementsOp>(op)) {
    place(made.getResult(), scalar(made.getElements().front()));
    return success();
  }
  if (auto print = dyn_cast<PrintOp>(op)) {
    planPrint(op, print.getFormat().str());
    return success();
  }
  if (auto print = dyn_cast<PrintlnOp>(op)) {
    planPrint(op, (print.getFormat() + "\n").str());
    return success();
  }
  if (auto assertion = dyn_cast<AssertOp>(op)) {
    planAssert(assertion);
    return success();
  }
  return planInGroup(op);
}

void FunctionPlanner::require(RequireOp op) {
  runtime::SizeRequirement requirement;
  for (const Dim &dim : op.getDims())
    requirement.extents.push_back(builder.toRuntime(dim));
  if (std::optional<int64_t> least = op.getLeast())
    requirement.least = *least;
  requirement.code = int32_t(op.getCode());
  requirement.site =
      builder.addSite(op.getLoc(), requirement.code, op.getMessage().str(), 1);
  builder.addRequirement(std::move(requirement));
}

void FunctionPlanner::planPrint(Operation *op, std::string format) {
  SmallVector<plan::Operand> operands;
  for (Value value : op->getOperands())
    operands.push_back(builder.operand(denseView(value)));
  StepParts parts{operands};
  parts.reference = builder.addText(std::move(format));
  builder.addStep(StepKind::Print, parts);
}

void FunctionPlanner::planAssert(AssertOp op) {
  plan::Operand condition = builder.operand(view(op.getCondition()));
  StepParts parts{condition};
  if (std::optional<StringRef> message = op.getMessage())
    parts.site = builder.addSite(op.getLoc(), DiagKind::AssertionFailedBecause,
                                 {message->str()}, 0);
  else
    parts.site = builder.addSite(op.getLoc(), DiagKind::AssertionFailed, {}, 0);
  builder.addStep(StepKind::Assert, parts);
}
