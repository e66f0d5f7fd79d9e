//===- TensorEvaluator.cpp - elements of tensors, on demand --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorEvaluator.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace mind {

static bool isVector(Value value) { return isa<VectorType>(value.getType()); }

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

LaneIndex TensorEvaluator::apply(AffineExpr expr, ArrayRef<LaneIndex> dims) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return {Value(), constant.getValue(), 0};
  auto binary = cast<AffineBinaryOpExpr>(expr);
  LaneIndex lhs = apply(binary.getLHS(), dims);
  LaneIndex rhs = apply(binary.getRHS(), dims);
  switch (expr.getKind()) {
  case AffineExprKind::Add: {
    Value base = lhs.base && rhs.base
                     ? builder.pure<arith::AddIOp>(lhs.base, rhs.base)
                     : (lhs.base ? lhs.base : rhs.base);
    return {base, lhs.offset + rhs.offset, lhs.stride + rhs.stride};
  }
  case AffineExprKind::Mul: {
    int64_t factor = rhs.offset; // canonically on the right
    Value base = lhs.base;
    if (base && factor != 1)
      base = builder.pure<arith::MulIOp>(base, builder.constantIndex(factor));
    return {base, lhs.offset * factor, lhs.stride * factor};
  }
  default:
    break;
  }
  // Divisions, of indices that are never negative and the same in all lanes.
  Value dividend = toScalar(lhs);
  Value divisor = builder.constantIndex(rhs.offset);
  if (expr.getKind() == AffineExprKind::Mod)
    return {builder.pure<arith::RemUIOp>(dividend, divisor), 0, 0};
  if (expr.getKind() == AffineExprKind::CeilDiv)
    dividend = builder.pure<arith::AddIOp>(
        dividend, builder.constantIndex(rhs.offset - 1));
  return {builder.pure<arith::DivUIOp>(dividend, divisor), 0, 0};
}

Indices TensorEvaluator::apply(AffineMap map, ArrayRef<LaneIndex> dims) {
  Indices indices;
  for (AffineExpr expr : map.getResults())
    indices.push_back(apply(expr, dims));
  return indices;
}

Value TensorEvaluator::toScalar(const LaneIndex &index) {
  if (!index.base)
    return builder.constantIndex(index.offset);
  if (index.offset == 0)
    return index.base;
  return builder.pure<arith::AddIOp>(index.base,
                                     builder.constantIndex(index.offset));
}

Value TensorEvaluator::toValue(const LaneIndex &index) {
  Value scalar = toScalar(index);
  if (index.stride == 0)
    return scalar;
  SmallVector<int64_t> steps;
  for (int64_t lane = 0; lane < lanes; ++lane)
    steps.push_back(lane * index.stride);
  auto type = VectorType::get(lanes, builder.getBuilder().getIndexType());
  Value lane = builder.constant(DenseIntElementsAttr::get(type, steps));
  return builder.pure<arith::AddIOp>(broadcast(scalar), lane);
}

Value TensorEvaluator::broadcast(Value value) {
  if (lanes == 1 || isVector(value))
    return value;
  auto type = VectorType::get(lanes, value.getType());
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    return builder.constant(
        DenseElementsAttr::get(type, Attribute(constant.getValue())));
  // Splats are copied to where they are used, and scalars of 16-bit floats
  // would be widened and rounded on their way there, of bf16 by a call.
  if (value.getType().isF16() || value.getType().isBF16()) {
    Type bits = builder.getBuilder().getI16Type();
    Value splat = builder.pure<vector::BroadcastOp>(
        VectorType::get(lanes, bits),
        builder.pure<arith::BitcastOp>(bits, value));
    return builder.pure<arith::BitcastOp>(type, splat);
  }
  return builder.pure<vector::BroadcastOp>(type, value);
}

Value TensorEvaluator::activeMask() {
  SmallVector<bool> bits(lanes);
  std::fill_n(bits.begin(), active, true);
  auto type = VectorType::get(lanes, builder.getBuilder().getI1Type());
  return builder.constant(DenseElementsAttr::get(type, bits));
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// The dimension along which the lanes lie next to one another in `memory`;
/// none if they do not.
static std::optional<unsigned> findLaneDim(Value memory,
                                           ArrayRef<LaneIndex> indices) {
  std::optional<unsigned> laneDim;
  for (auto [d, index] : llvm::enumerate(indices)) {
    if (index.stride == 0)
      continue;
    if (laneDim || index.stride != 1)
      return std::nullopt;
    laneDim = d;
  }
  auto type = cast<RankedTensorType>(memory.getType());
  for (unsigned d = *laneDim + 1; d < indices.size(); ++d)
    if (type.getDimSize(d) != 1)
      return std::nullopt;
  return laneDim;
}

static AffineMapAttr getLaneMap(unsigned rank, unsigned laneDim,
                                MLIRContext *context) {
  return AffineMapAttr::get(
      AffineMap::get(rank, 0, getAffineDimExpr(laneDim, context)));
}

Value TensorEvaluator::gather(Value memory, ArrayRef<LaneIndex> indices) {
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < active; ++lane) {
    SmallVector<Value> position;
    for (const LaneIndex &index : indices)
      position.push_back(
          toScalar({index.base, index.offset + lane * index.stride, 0}));
    elements.push_back(builder.pure<tensor::ExtractOp>(memory, position));
  }
  elements.resize(lanes, elements.front());
  auto type = VectorType::get(lanes, elements.front().getType());
  return builder.pure<vector::FromElementsOp>(type, elements);
}

Value TensorEvaluator::read(Value memory, ArrayRef<LaneIndex> indices) {
  SmallVector<Value> position;
  bool uniform = true;
  for (const LaneIndex &index : indices) {
    position.push_back(toScalar(index));
    uniform &= index.stride == 0;
  }
  if (uniform)
    return builder.pure<tensor::ExtractOp>(memory, position);
  std::optional<unsigned> laneDim = findLaneDim(memory, indices);
  if (!laneDim)
    return gather(memory, indices);
  OpBuilder &b = builder.getBuilder();
  Type element = cast<RankedTensorType>(memory.getType()).getElementType();
  // Lanes that are not active may be computed with: let them divide by 1.
  Value padding = builder.constant(b.getOneAttr(element));
  return builder.pure<vector::TransferReadOp>(
      VectorType::get(lanes, element), memory, position,
      getLaneMap(indices.size(), *laneDim, b.getContext()), padding,
      active < lanes ? activeMask() : Value(), b.getBoolArrayAttr(true));
}

Value TensorEvaluator::write(Value value, Value memory,
                             ArrayRef<LaneIndex> indices) {
  SmallVector<Value> position;
  bool uniform = true;
  for (const LaneIndex &index : indices) {
    position.push_back(toScalar(index));
    uniform &= index.stride == 0;
  }
  if (uniform)
    return builder.effect<tensor::InsertOp>(value, memory, position);
  value = broadcast(value);
  OpBuilder &b = builder.getBuilder();
  if (std::optional<unsigned> laneDim = findLaneDim(memory, indices))
    return builder
        .effect<vector::TransferWriteOp>(
            memory.getType(), value, memory, position,
            getLaneMap(indices.size(), *laneDim, b.getContext()),
            active < lanes ? activeMask() : Value(), b.getBoolArrayAttr(true))
        .getResult();
  for (int64_t lane = 0; lane < active; ++lane) {
    for (auto [slot, index] : llvm::zip_equal(position, indices))
      slot = toScalar({index.base, index.offset + lane * index.stride, 0});
    Value element = builder.pure<vector::ExtractOp>(value, lane);
    memory = builder.effect<tensor::InsertOp>(element, memory, position);
  }
  return memory;
}

void TensorEvaluator::setMemory(Value tensor, Value memory, unsigned dropped) {
  memories[tensor] = {memory, dropped};
}

Value TensorEvaluator::getMemory(Value tensor) {
  if (auto known = memories.find(tensor); known != memories.end())
    return known->second.value;
  TensorKind kind = classify(tensor);
  if (kind != TensorKind::Reshape && kind != TensorKind::Index)
    return tensor;
  Operation *op = tensor.getDefiningOp();
  Value source = getMemory(op->getOperand(0));
  if (source == op->getOperand(0))
    return tensor;
  IRMapping mapping;
  mapping.map(op->getOperand(0), source);
  return builder.place(op->clone(mapping))->getResult(0);
}

void TensorEvaluator::bind(Value tensor, ArrayRef<LaneIndex> indices,
                           Value value) {
  bindings.push_back({tensor, Indices(indices), value});
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

Value TensorEvaluator::evaluate(Value tensor, ArrayRef<LaneIndex> indices) {
  for (const Binding &binding : llvm::reverse(bindings))
    if (binding.tensor == tensor && ArrayRef(binding.indices) == indices)
      return binding.value;
  if (auto known = memories.find(tensor); known != memories.end())
    return read(known->second.value, indices.drop_front(known->second.dropped));

  Operation *op = tensor.getDefiningOp();
  switch (classify(tensor)) {
  case TensorKind::Uniform: {
    Type element = cast<RankedTensorType>(tensor.getType()).getElementType();
    TypedAttr value = builder.getBuilder().getZeroAttr(element);
    if (auto constant = dyn_cast<arith::ConstantOp>(op))
      value = cast<SplatElementsAttr>(constant.getValue())
                  .getSplatValue<TypedAttr>();
    return builder.constant(value);
  }
  case TensorKind::Elementwise: {
    auto linalgOp = cast<linalg::LinalgOp>(op);
    unsigned number = cast<OpResult>(tensor).getResultNumber();
    AffineMap output =
        linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(number));
    Indices loops(linalgOp.getNumLoops());
    for (auto [index, expr] : llvm::zip_equal(indices, output.getResults()))
      loops[cast<AffineDimExpr>(expr).getPosition()] = index;
    Value value = evaluatePayload(linalgOp, loops)[number];
    // Several users of one value would evaluate it again and again.
    if (!tensor.hasOneUse())
      bind(tensor, indices, value);
    return value;
  }
  case TensorKind::Index: {
    // A view of memory keeps lanes together where indices would not.
    bool slice = isa<tensor::ExtractSliceOp>(op);
    Value source = op->getOperand(0);
    if (!slice && classify(source) == TensorKind::Memory)
      return read(tensor, indices);
    auto [from, map] = getIndexSource(op);
    return evaluate(from, apply(map, indices));
  }
  default:
    return read(getMemory(tensor), indices);
  }
}

/// The multiplication that `op`, a sum with an accumulator, adds.
static arith::MulFOp getFusedProduct(Operation *op, Value accumulator) {
  auto sum = dyn_cast<arith::AddFOp>(op);
  if (!sum)
    return nullptr;
  Value other = sum.getLhs() == accumulator ? sum.getRhs() : sum.getLhs();
  if (other == accumulator ||
      (sum.getLhs() != accumulator && sum.getRhs() != accumulator))
    return nullptr;
  auto product = other.getDefiningOp<arith::MulFOp>();
  bool wide = sum.getType().isF32() || sum.getType().isF64();
  return product && product->hasOneUse() && wide ? product : nullptr;
}

SmallVector<Value>
TensorEvaluator::evaluatePayload(linalg::LinalgOp op, ArrayRef<LaneIndex> loops,
                                 ValueRange accumulators,
                                 function_ref<Value(unsigned)> operandOf) {
  Block *block = op.getBlock();
  DenseMap<Value, Value> values;
  auto get = [&](Value value) -> Value {
    if (Value known = values.lookup(value))
      return known;
    if (auto index = value.getDefiningOp<linalg::IndexOp>())
      return values[value] = toValue(loops[index.getDim()]);
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != block) // the same in all lanes
      return isa<RankedTensorType>(value.getType()) ? getMemory(value) : value;
    OpOperand &operand = op->getOpOperand(argument.getArgNumber());
    Value result;
    if (op.isDpsInit(&operand) && !accumulators.empty())
      result = accumulators[argument.getArgNumber() - op.getNumDpsInputs()];
    else if (!isa<RankedTensorType>(operand.get().getType()))
      result = operand.get();
    else if (operandOf)
      result = operandOf(operand.getOperandNumber());
    if (!result)
      result = evaluate(operand.get(),
                        apply(op.getMatchingIndexingMap(&operand), loops));
    return values[value] = result;
  };

  // Products that are summed are fused, whoever comes first.
  DenseSet<Operation *> fused;
  for (Operation &inner : *block)
    for (Value accumulator :
         block->getArguments().take_back(accumulators.size()))
      if (arith::MulFOp product = getFusedProduct(&inner, accumulator))
        fused.insert(product);

  for (Operation &inner : block->without_terminator()) {
    // Indices become values where somebody wants them as such.
    if (fused.contains(&inner) || isa<linalg::IndexOp>(inner))
      continue;
    if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
      if (Value element = evaluateExtract(extract, loops, get)) {
        values[extract] = element;
        continue;
      }
    arith::MulFOp product;
    for (Value accumulator :
         block->getArguments().take_back(accumulators.size()))
      if (!product)
        product = getFusedProduct(&inner, accumulator);
    if (product) {
      Value sum = inner.getOperand(0) == product.getResult()
                      ? inner.getOperand(1)
                      : inner.getOperand(0);
      Value operands[] = {get(product.getLhs()), get(product.getRhs()),
                          get(sum)};
      if (llvm::any_of(operands, isVector))
        for (Value &operand : operands)
          operand = broadcast(operand);
      values[inner.getResult(0)] =
          builder.pure<math::FmaOp>(operands[0], operands[1], operands[2]);
      continue;
    }
    if (inner.getNumRegions() == 0 && inner.getNumResults() == 1 &&
        isMemoryEffectFree(&inner)) {
      SmallVector<Value> operands;
      for (Value operand : inner.getOperands())
        operands.push_back(get(operand));
      if (Value result = evaluateOp(&inner, operands)) {
        values[inner.getResult(0)] = result;
        continue;
      }
    }
    for (Value operand : inner.getOperands())
      values[operand] = get(operand);
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(inner.getRegions(), captured);
    for (Value operand : captured)
      values[operand] = get(operand);
    for (auto [result, value] :
         llvm::zip_equal(inner.getResults(), cloneByLane(&inner, values)))
      values[result] = value;
  }
  SmallVector<Value> results;
  for (Value yielded : block->getTerminator()->getOperands())
    results.push_back(get(yielded));
  return results;
}

/// What `extract`, in the payload of a linalg operation, reads in the iteration
/// `loops`; null if that is more than a move of lanes along with a loop, or the
/// same in all of them. `get` gives the values of its operands.
Value TensorEvaluator::evaluateExtract(tensor::ExtractOp extract,
                                       ArrayRef<LaneIndex> loops,
                                       function_ref<Value(Value)> get) {
  Indices indices;
  for (Value index : extract.getIndices()) {
    if (auto loop = index.getDefiningOp<linalg::IndexOp>()) {
      indices.push_back(loops[loop.getDim()]);
      continue;
    }
    Value value = get(index);
    if (isVector(value))
      return nullptr;
    indices.push_back({value, 0, 0});
  }
  return read(get(extract.getTensor()), indices);
}

/// `op` on other operands, as a vector operation if one of them is a vector;
/// null if `op` does not work on vectors.
Value TensorEvaluator::evaluateOp(Operation *op, ArrayRef<Value> operands) {
  Type type = op->getResult(0).getType();
  SmallVector<Value> newOperands(operands);
  if (llvm::any_of(operands, isVector)) {
    if (!OpTrait::hasElementwiseMappableTraits(op) ||
        !VectorType::isValidElementType(type))
      return nullptr;
    for (Value &operand : newOperands)
      operand = broadcast(operand);
    type = VectorType::get(lanes, type);
  }
  OperationState state(builder.getLoc(), op->getName());
  state.addOperands(newOperands);
  state.addTypes(type);
  state.addAttributes(op->getAttrs());
  return builder.place(Operation::create(state))->getResult(0);
}

/// `op` once for each lane, its results put together as vectors.
SmallVector<Value>
TensorEvaluator::cloneByLane(Operation *op,
                             const DenseMap<Value, Value> &values) {
  SmallVector<SmallVector<Value>> elements(op->getNumResults());
  bool uniform = llvm::none_of(
      values, [](const auto &entry) { return isVector(entry.second); });
  int64_t count = uniform ? 1 : active;
  bool pure = isMemoryEffectFree(op) && op->getNumRegions() == 0;
  for (int64_t lane = 0; lane < count; ++lane) {
    IRMapping mapping;
    for (auto [from, to] : values)
      mapping.map(from, isVector(to) ? builder.pure<vector::ExtractOp>(to, lane)
                                     : to);
    Operation *clone = op->clone(mapping);
    clone = pure ? builder.place(clone) : builder.append(clone);
    for (auto [list, result] : llvm::zip_equal(elements, clone->getResults()))
      list.push_back(result);
  }
  SmallVector<Value> results;
  for (SmallVector<Value> &list : elements) {
    if (uniform) {
      results.push_back(list.front());
      continue;
    }
    list.resize(lanes, list.front());
    results.push_back(builder.pure<vector::FromElementsOp>(
        VectorType::get(lanes, list.front().getType()), list));
  }
  return results;
}

} // namespace mind
