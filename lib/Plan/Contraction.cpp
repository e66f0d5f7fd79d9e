//===- Contraction.cpp - products with what follows them ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"
#include "Mind/Runtime/Kernels/Attention.h"
#include "Mind/Runtime/Kernels/Matmul.h"
#include <bit>

using namespace mlir;
using namespace mind;
using kernels::Activation;
using plan::StepKind;

namespace {

/// What a kernel makes of a sum before it stores it.
struct Epilogue {
  /// In the order in which steps have them.
  plan::Operand scale, bias, residual, mean, variance;
  double eps = 0;
  Activation activation = Activation::None;
  /// The last value that is computed on the way.
  Value result;
};

/// Takes the operations that follow a contraction into its epilogue, as far as
/// the kernel knows them.
class EpilogueMatcher {
public:
  EpilogueMatcher(FunctionPlanner &planner, Value sum) : planner(planner) {
    epilogue.result = sum;
    dtype = dtypeOf(sum);
    extents = dimsOf(sum);
  }

  const Epilogue &match() {
    // Halves are rounded after each operation: nothing follows in the kernel.
    if (dtype != DType::F32 && dtype != DType::F64)
      return epilogue;
    while (Operation *user = onlyUser())
      if (!take(user))
        break;
    return epilogue;
  }

  /// A bias that the operation itself adds.
  void addBias(Value value) { epilogue.bias = column(value); }

private:
  Operation *onlyUser() const {
    Value last = epilogue.result;
    if (!last.hasOneUse() || epilogue.activation != Activation::None)
      return nullptr;
    Operation *user = *last.user_begin();
    return user->getBlock() == last.getParentBlock() &&
                   user->getNumResults() == 1 &&
                   user->getResult(0).getType() == last.getType()
               ? user
               : nullptr;
  }

  bool take(Operation *user) {
    bool taken = isa<BatchNormOp>(user) ? takeNorm(cast<BatchNormOp>(user))
                 : isa<MulOp>(user)     ? takeScale(otherOperand(user))
                 : isa<AddOp>(user)     ? takeSum(otherOperand(user))
                                        : takeActivation(user);
    if (taken)
      epilogue.result = user->getResult(0);
    return taken;
  }

  Value otherOperand(Operation *user) const {
    return user->getOperand(user->getOperand(0) == epilogue.result ? 1 : 0);
  }

  bool takeNorm(BatchNormOp norm) {
    if (norm.getX() != epilogue.result || epilogue.scale.exists() ||
        epilogue.bias.exists() || epilogue.residual.exists())
      return false;
    epilogue.mean = column(norm.getMean());
    epilogue.variance = column(norm.getVar());
    epilogue.scale = column(norm.getGamma());
    epilogue.bias = column(norm.getBeta());
    epilogue.eps = norm.getEps();
    return true;
  }

  bool takeScale(Value other) {
    if (!isPerColumn(other) || epilogue.scale.exists() ||
        epilogue.bias.exists() || epilogue.residual.exists())
      return false;
    epilogue.scale = column(other);
    return true;
  }

  bool takeSum(Value other) {
    if (other == epilogue.result) // x + x
      return false;
    if (isPerColumn(other)) {
      if (epilogue.bias.exists())
        return false;
      epilogue.bias = column(other);
      return true;
    }
    if (epilogue.residual.exists() ||
        other.getType() != epilogue.result.getType())
      return false;
    const View &residual = planner.view(other);
    bool isByRows =
        extents.back().isConstant(1) || residual.strides.back().isConstant(1);
    epilogue.residual = planner.builder.operand(
        isByRows ? residual : planner.denseView(other, dtype));
    return true;
  }

  bool takeActivation(Operation *user) {
    Activation found = Activation::None;
    if (isa<ReluOp>(user))
      found = Activation::Relu;
    else if (dtype == DType::F64)
      return false;
    else if (auto gelu = dyn_cast<GeluOp>(user))
      found = gelu.getApproximate() == "tanh" ? Activation::GeluTanh
                                              : Activation::Gelu;
    else if (isa<SiluOp>(user))
      found = Activation::Silu;
    else if (isa<SigmoidOp>(user))
      found = Activation::Sigmoid;
    else if (isa<TanhOp>(user))
      found = Activation::Tanh;
    epilogue.activation = found;
    return found != Activation::None;
  }

  /// Whether `value` has one element for each column of the result.
  bool isPerColumn(Value value) const {
    Dims own = dimsOf(value);
    return !extents.empty() && !own.empty() && own.back() == extents.back() &&
           llvm::all_of(llvm::drop_end(own),
                        [](const Dim &dim) { return dim.isConstant(1); });
  }
  plan::Operand column(Value value) {
    const View &known = planner.denseView(value, computeType(dtype));
    return planner.builder.operand(
        {known.buffer, known.dtype, known.offset, {extents.back()}, {1}});
  }

  FunctionPlanner &planner;
  Epilogue epilogue;
  DType dtype;
  Dims extents;
};

} // namespace

/// One product, or several side by side: `a` is [..., m, k], `b` [..., k, n],
/// and the result [..., m, n] or, for vectors, without m or n.
void FunctionPlanner::planProduct(Operation *op, const View &a, const View &b,
                                  Value bias) {
  Value sum = op->getResult(0);
  Epilogue epilogue;
  epilogue.result = sum;
  // A vector has no columns that an epilogue could tell apart.
  if (!isa<DotOp>(op)) {
    EpilogueMatcher matcher(*this, sum);
    if (bias)
      matcher.addBias(bias);
    epilogue = matcher.match();
  }
  const View *c = &allocate(epilogue.result, computeType(dtypeOf(sum)));
  View matrix;
  if (c->rank() < 2) {
    matrix = *reshaped(*c, {a.extents[a.rank() - 2], b.extents.back()});
    c = &matrix;
  }
  // Axes before the matrices broadcast.
  auto over = [&](const View &operand) {
    Dims extents(c->extents.begin(), c->extents.end() - 2);
    extents.append(operand.extents.end() - 2, operand.extents.end());
    return builder.operand(operand, extents);
  };
  plan::Operand operands[] = {
      over(a),           over(b),       epilogue.scale,    epilogue.bias,
      epilogue.residual, epilogue.mean, epilogue.variance, builder.operand(*c)};
  Dim eps = std::bit_cast<int64_t>(epilogue.eps);
  builder.addStep(StepKind::Product,
                  {operands, eps, uint8_t(epilogue.activation)});
}

void FunctionPlanner::planConvolution(Conv2dOp op) {
  DType dtype = computeType(dtypeOf(op.getResult()));
  const View &x = view(op.getX(), dtype), &w = view(op.getW(), dtype);
  Epilogue epilogue = EpilogueMatcher(*this, op.getResult()).match();
  const View &y = allocate(epilogue.result, dtype);
  plan::Operand operands[] = {builder.operand(x), builder.operand(w),
                              epilogue.scale,     epilogue.bias,
                              epilogue.residual,  epilogue.mean,
                              epilogue.variance,  builder.operand(y)};
  Dims attributes = {std::bit_cast<int64_t>(epilogue.eps)};
  for (ArrayRef<int64_t> list :
       {op.getStrides(), op.getPadding(), op.getDilation()})
    llvm::append_range(attributes, list);
  attributes.push_back(int64_t(op.getGroups()));
  builder.addStep(StepKind::Convolution,
                  {operands, attributes, uint8_t(epilogue.activation)});
}

void FunctionPlanner::planAttention(AttentionOp op) {
  DType dtype = computeType(dtypeOf(op.getResult()));
  const View &q = view(op.getQ(), dtype), &k = view(op.getK(), dtype),
             &v = view(op.getV(), dtype);
  Dims extents = dimsOf(op.getResult());
  // Axes before the matrices broadcast.
  auto over = [&](const View &operand) {
    Dims all(extents.begin(), extents.end() - 2);
    all.append(operand.extents.end() - 2, operand.extents.end());
    return builder.operand(operand, all);
  };
  SmallVector<plan::Operand> operands = {over(q), over(k), over(v)};
  auto kind = kernels::AttentionMask::None;
  if (Value mask = op.getMask()) {
    bool isBool = dtypeOf(mask) == DType::Bool;
    kind = isBool ? kernels::AttentionMask::Keep : kernels::AttentionMask::Add;
    const View &known = view(mask, isBool ? DType::Bool : dtype);
    Dims scores(extents.begin(), extents.end() - 1);
    scores.push_back(k.extents[k.rank() - 2]);
    operands.push_back(builder.operand(known, scores));
  } else {
    operands.push_back(ProgramBuilder::nothing());
  }
  // A transposition that follows is a matter of where the result goes.
  Value result = op.getResult();
  std::optional<View> to;
  if (result.hasOneUse())
    if (auto transpose = dyn_cast<TransposeOp>(*result.user_begin());
        transpose && transpose->getBlock() == op->getBlock()) {
      const View &moved = allocate(transpose.getResult(), dtype);
      SmallVector<int64_t> inverse(moved.rank());
      for (auto [index, axis] : llvm::enumerate(transpose.getAxes()))
        inverse[axis] = int64_t(index);
      to = transposed(moved, inverse);
      place(result, *to);
    }
  if (!to)
    to = allocate(result, dtype);
  operands.push_back(builder.operand(*to));
  // Otherwise it follows from the depth, which a call may decide.
  double scale = op.getScale() ? op.getScale()->convertToDouble() : 0;
  Dims attributes = {int64_t(op.getCausal()),
                     int64_t(op.getScale().has_value()),
                     std::bit_cast<int64_t>(scale)};
  builder.addStep(StepKind::Attention, {operands, attributes, uint8_t(kind)});
}

bool FunctionPlanner::planContraction(Operation *op) {
  if (auto convolution = dyn_cast<Conv2dOp>(op)) {
    planConvolution(convolution);
    return true;
  }
  if (auto attention = dyn_cast<AttentionOp>(op)) {
    planAttention(attention);
    return true;
  }
  DType dtype = computeType(dtypeOf(op->getResult(0)));
  const View *a = &view(op->getOperand(0), dtype),
             *b = &view(op->getOperand(1), dtype);
  View row, column;
  Value bias;
  if (isa<DotOp>(op)) {
    if (b->rank() == 1) {
      column = expanded(*b, 1);
      b = &column;
    }
  } else if (auto linear = dyn_cast<LinearOp>(op)) {
    column = transposed(*b, {1, 0});
    b = &column;
    bias = linear.getB();
  } else if (!isa<MatmulOp>(op)) {
    return false;
  }
  if (a->rank() == 1) {
    row = expanded(*a, 0);
    a = &row;
  }
  if (!bias || isFloat(dtype)) {
    planProduct(op, *a, *b, bias);
    return true;
  }
  // No epilogue adds integers.
  Value result = op->getResult(0);
  const View &to = allocate(result);
  planProduct(op, *a, *b, {});
  const View &products = *find(result);
  ExpressionBuilder expression(*this, to.extents);
  expression.store(
      expression.emit(kernels::ElementOp::Add, dtype,
                      {expression.load(products), expression.value(bias)}),
      to);
  place(result, to);
  return true;
}
