//===- Expression.cpp - elementwise operations as instructions ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mind;
using kernels::ElementOp;
using plan::StepKind;

using Number = ExpressionBuilder::Number;

//===----------------------------------------------------------------------===//
// Operations of the language as operations of the kernel
//===----------------------------------------------------------------------===//

/// By OpKind: the operation of the kernel that has its name, or none.
static ArrayRef<std::optional<ElementOp>> elementOps() {
  static const std::vector<std::optional<ElementOp>> table = [] {
    std::vector<std::optional<ElementOp>> table(operations().size());
    for (const OpInfo &info : operations()) {
      if (info.family != OpFamily::Elementwise)
        continue;
      StringRef name = info.irName;
      name.consume_front("mind.");
      auto op = llvm::find_if(kernels::elementOpInfos, [&](const auto &op) {
        return StringRef(op.mnemonic) == name;
      });
      if (op != std::end(kernels::elementOpInfos))
        table[size_t(info.kind)] =
            ElementOp(op - std::begin(kernels::elementOpInfos));
    }
    return table;
  }();
  return table;
}

bool mind::isPointwise(Operation *op, OpFamily family) {
  return family == OpFamily::Elementwise || family == OpFamily::Creation ||
         isa<BatchNormOp, TrilOp, TriuOp>(op);
}

bool mind::isPointwise(Operation *op) {
  auto language = dyn_cast<LanguageOpInterface>(op);
  return language && isPointwise(op, language.getOpInfo().family);
}

static ElementOp elementOp(Operation *op) {
  if (auto gelu = dyn_cast<GeluOp>(op))
    return gelu.getApproximate() == "tanh" ? ElementOp::GeluTanh
                                           : ElementOp::Gelu;
  const OpInfo &info = cast<LanguageOpInterface>(op).getOpInfo();
  return *elementOps()[size_t(info.kind)];
}

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

Number ExpressionBuilder::emit(ElementOp op, DType dtype, DType result,
                               ArrayRef<Number> operands) {
  kernels::ElementInstruction &instruction =
      expression.instructions.emplace_back();
  instruction.op = op;
  instruction.dtype = dtype;
  instruction.result = result;
  llvm::copy(operands, instruction.operands);
  return Number(expression.instructions.size() - 1);
}

Number ExpressionBuilder::load(const View &view) {
  Number number = emit(ElementOp::Load, view.dtype, {});
  expression.instructions.back().value = int64_t(operands.size());
  operands.push_back(planner.builder.operand(view, domain));
  return number;
}

Number ExpressionBuilder::constant(DType dtype, uint64_t bits) {
  Number number = emit(ElementOp::Constant, dtype, {});
  expression.instructions.back().value = int64_t(bits);
  return number;
}

/// The bits of `value`, rounded to `dtype`.
static uint64_t bitsOf(DType dtype, double value) {
  if (!isFloat(dtype))
    return uint64_t(int64_t(value));
  const llvm::fltSemantics &semantics =
      dtype == DType::F16    ? llvm::APFloat::IEEEhalf()
      : dtype == DType::BF16 ? llvm::APFloat::BFloat()
      : dtype == DType::F32  ? llvm::APFloat::IEEEsingle()
                             : llvm::APFloat::IEEEdouble();
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return number.bitcastToAPInt().getZExtValue();
}

Number ExpressionBuilder::number(DType dtype, double value) {
  return constant(dtype, bitsOf(dtype, value));
}

Number ExpressionBuilder::position(size_t axis) {
  Number number = emit(ElementOp::Position, DType::I64, {});
  expression.instructions.back().value = int64_t(axis);
  return number;
}

Number ExpressionBuilder::positionOf(Value value, size_t axis) {
  // The domain may be what the value is broadcast to.
  Dims extents = dimsOf(value);
  return extents[axis].isConstant(1)
             ? constant(DType::I64, 0)
             : position(domain.size() - extents.size() + axis);
}

Number ExpressionBuilder::cast(Number x, DType from, DType to) {
  return from == to ? x : emit(ElementOp::Cast, from, to, x);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// The bits of the elements, all of which are equal.
static uint64_t splatBits(DenseElementsAttr data) {
  if (data.getElementType().isInteger(1))
    return data.getSplatValue<bool>();
  uint64_t bits = 0;
  std::memcpy(&bits, data.getRawData().data(), data.getRawData().size());
  return bits;
}

Number ExpressionBuilder::value(Value value) {
  if (auto known = numbers.find(value); known != numbers.end())
    return known->second;
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<ConstantOp>(op))
    if (auto data = mlir::cast<DenseElementsAttr>(constant.getValue());
        data.isSplat())
      return numbers[value] = this->constant(dtypeOf(value), splatBits(data));
  planner.ensure(value);
  Number number;
  if (const View *place = planner.find(value)) {
    number = cast(load(*place), place->dtype, dtypeOf(value));
  } else if (!value.hasOneUse() && !llvm::equal(dimsOf(value), domain) &&
             !op->getOperands().empty()) {
    // Cheaper computed once, for its own extents.
    number = load(planner.view(value));
  } else {
    number = compute(op);
  }
  numbers[value] = number;
  return number;
}

Number ExpressionBuilder::compute(Operation *op) {
  if (auto norm = dyn_cast<BatchNormOp>(op))
    return batchNorm(norm);
  if (auto lower = dyn_cast<TrilOp>(op))
    return triangle(op, lower.getK(), ElementOp::Le);
  if (auto upper = dyn_cast<TriuOp>(op))
    return triangle(op, upper.getK(), ElementOp::Ge);
  if (mlir::cast<LanguageOpInterface>(op).getOpInfo().family ==
      OpFamily::Creation)
    return creation(op);

  SmallVector<Number, 3> operands;
  for (Value operand : op->getOperands())
    operands.push_back(value(operand));
  // The condition of `where` comes first.
  DType dtype = dtypeOf(op->getOperands().back());
  bool mayFail = !isEffectFree(op);
  if (mayFail) {
    bool isPower = isa<PowOp>(op);
    emit(isPower ? ElementOp::CheckExponent : ElementOp::CheckDivisor, dtype,
         operands[1]);
    site = isPower ? planner.builder.addSite(
                         op->getLoc(), DiagKind::NegativePower, {"{0}"}, 1)
                   : planner.builder.addSite(op->getLoc(),
                                             DiagKind::DivisionByZero, {}, 0);
  }
  return emit(elementOp(op), dtype, dtypeOf(op->getResult(0)), operands);
}

/// (x - mean) * (1 / sqrt(var + eps)) * gamma + beta, rounded once.
Number ExpressionBuilder::batchNorm(BatchNormOp op) {
  DType stored = dtypeOf(op.getResult()), dtype = computeType(stored);
  auto wide = [&](Value operand) {
    return cast(value(operand), stored, dtype);
  };
  Number x = wide(op.getX()), mean = wide(op.getMean());
  Number shifted = emit(ElementOp::Add, dtype,
                        {wide(op.getVar()), number(dtype, op.getEps())});
  Number scale = emit(ElementOp::Rsqrt, dtype, shifted);
  Number result = emit(ElementOp::Sub, dtype, {x, mean});
  result = emit(ElementOp::Mul, dtype, {result, scale});
  result = emit(ElementOp::Mul, dtype, {result, wide(op.getGamma())});
  result = emit(ElementOp::Add, dtype, {result, wide(op.getBeta())});
  return cast(result, dtype, stored);
}

/// 1 where the id is the position along the last axis.
Number ExpressionBuilder::oneHot(OneHotOp op) {
  View ids = expanded(planner.view(op.getIds()), int64_t(domain.size()) - 1);
  DType dtype = dtypeOf(op.getResult());
  Number id = cast(load(ids), ids.dtype, DType::I64);
  Number isHot = emit(ElementOp::Eq, DType::I64, DType::Bool,
                      {id, position(domain.size() - 1)});
  return emit(ElementOp::Where, dtype,
              {isHot, number(dtype, 1), number(dtype, 0)});
}

/// Keeps the elements whose column compares to their row plus `k` so.
Number ExpressionBuilder::triangle(Operation *op, int64_t k, ElementOp keeps) {
  Value result = op->getResult(0);
  DType dtype = dtypeOf(result);
  size_t rank = mlir::cast<RankedTensorType>(result.getType()).getRank();
  Number row = positionOf(result, rank - 2);
  Number column = positionOf(result, rank - 1);
  Number diagonal = emit(ElementOp::Add, DType::I64,
                         {row, constant(DType::I64, uint64_t(k))});
  Number isKept = emit(keeps, DType::I64, DType::Bool, {column, diagonal});
  return emit(ElementOp::Where, dtype,
              {isKept, value(op->getOperand(0)), number(dtype, 0)});
}

//===----------------------------------------------------------------------===//
// Tensors from nothing
//===----------------------------------------------------------------------===//

/// start + position * step in f64, rounded to f32 once.
Number ExpressionBuilder::progression(Number position, double start,
                                      double step) {
  Number offset =
      emit(ElementOp::Mul, DType::F64,
           {cast(position, DType::I64, DType::F64), number(DType::F64, step)});
  return emit(ElementOp::Add, DType::F64, {number(DType::F64, start), offset});
}

Number ExpressionBuilder::creation(Operation *op) {
  Value result = op->getResult(0);
  DType dtype = dtypeOf(result);
  if (isa<ZerosOp, ZerosLikeOp>(op))
    return number(dtype, 0);
  if (isa<OnesOp, OnesLikeOp>(op))
    return number(dtype, 1);
  if (auto full = dyn_cast<FullOp>(op))
    return cast(value(full.getValue()), dtypeOf(full.getValue()), dtype);
  if (isa<EyeOp>(op)) {
    Number isOne = emit(ElementOp::Eq, DType::I64, DType::Bool,
                        {positionOf(result, 0), positionOf(result, 1)});
    return emit(ElementOp::Where, dtype,
                {isOne, number(dtype, 1), number(dtype, 0)});
  }
  if (auto iota = dyn_cast<IotaOp>(op))
    return positionOf(result, iota.getAxis());
  Number index = positionOf(result, 0);
  if (auto range = dyn_cast<ArangeOp>(op)) {
    if (auto start = dyn_cast<IntegerAttr>(range.getStart())) {
      int64_t step = mlir::cast<IntegerAttr>(range.getStep()).getInt();
      Number offset = emit(ElementOp::Mul, DType::I64,
                           {index, constant(DType::I64, uint64_t(step))});
      return emit(ElementOp::Add, DType::I64,
                  {constant(DType::I64, uint64_t(start.getInt())), offset});
    }
    auto asDouble = [](Attribute number) {
      return mlir::cast<FloatAttr>(number).getValueAsDouble();
    };
    return cast(progression(index, asDouble(range.getStart()),
                            asDouble(range.getStep())),
                DType::F64, DType::F32);
  }
  auto space = mlir::cast<LinspaceOp>(op);
  double start = space.getStart();
  double stop = space.getStop();
  int64_t last = int64_t(space.getN()) - 1;
  Number value =
      progression(index, start, last ? (stop - start) / double(last) : 0);
  if (last) {
    // The last element is `stop`, however the step was rounded.
    Number isLast = emit(ElementOp::Eq, DType::I64, DType::Bool,
                         {index, constant(DType::I64, uint64_t(last))});
    value = emit(ElementOp::Where, DType::F64,
                 {isLast, number(DType::F64, stop), value});
  }
  return cast(value, DType::F64, DType::F32);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

void ExpressionBuilder::step(StepKind kind, uint8_t variant, uint16_t value,
                             ArrayRef<Dim> attributes) {
  StepParts parts{operands, attributes, variant, value};
  parts.reference = planner.builder.addExpression(std::move(expression));
  parts.site = site;
  planner.builder.addStep(kind, parts);
}

void ExpressionBuilder::store(Number value, const View &to) {
  expression.stores.push_back({value, uint16_t(operands.size())});
  operands.push_back(planner.builder.operand(to));
  step(StepKind::Elementwise, 0, 0, domain);
}

void ExpressionBuilder::reduce(uint8_t kind, Number value,
                               ArrayRef<bool> reduced, const View &to) {
  operands.push_back(planner.builder.operand(to));
  Dims attributes = domain;
  for (bool isReduced : reduced)
    attributes.push_back(int64_t(isReduced));
  step(StepKind::Reduce, kind, value, attributes);
}
