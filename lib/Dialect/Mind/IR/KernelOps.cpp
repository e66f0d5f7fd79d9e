//===- KernelOps.cpp - calls of precompiled kernels ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Kernels/Matmul.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mind;

static int64_t product(ArrayRef<int64_t> extents) {
  int64_t result = 1;
  for (int64_t extent : extents)
    result *= extent;
  return result;
}

int64_t MatmulKernelOp::getM() {
  return product(
      getC().getType().getShape().drop_front(getBatch()).drop_back());
}

int64_t MatmulKernelOp::getN() { return getC().getType().getShape().back(); }

int64_t MatmulKernelOp::getK() {
  ArrayRef<int64_t> shape = getA().getType().getShape();
  return getTransposeA() ? shape[shape.size() - 2] : shape.back();
}

int64_t MatmulKernelOp::getNumProducts() {
  return product(getC().getType().getShape().take_front(getBatch()));
}

/// What holds for every kernel that multiplies.
template <typename KernelOp> static LogicalResult verifyProduct(KernelOp op) {
  ShapedType c = op.getC().getType();
  bool onTensors = isa<RankedTensorType>(c);
  for (Value operand : op->getOperands()) {
    if (operand == op.getScratch())
      continue;
    auto type = cast<ShapedType>(operand.getType());
    if (isa<RankedTensorType>(type) != onTensors)
      return op.emitOpError("works on tensors or on memory, not on both");
    if (!type.hasStaticShape() || type.getElementType() != c.getElementType())
      return op.emitOpError("has operands of constant extents and one type");
  }
  if (!c.getElementType().isF32() && !c.getElementType().isF64())
    return op.emitOpError("multiplies f32 or f64");
  if (op.getNumResults() != onTensors ||
      (onTensors && op->getResult(0).getType() != c))
    return op.emitOpError("yields what it writes, on tensors only");
  if (!onTensors && (!op.getPlan() || op.getPlan()->empty()))
    return op.emitOpError("has a plan, on memory");
  if (c.getRank() == 0)
    return op.emitOpError("has operands of other ranks than it multiplies");
  for (auto [name, values] :
       {std::pair("mean", op.getMean()),
        std::pair("variance", op.getVariance()),
        std::pair("scale", op.getScale()), std::pair("bias", op.getBias())})
    if (values && cast<ShapedType>(values.getType()).getNumElements() !=
                      c.getShape().back())
      return op.emitOpError("has a ") << name << " of other than `n` elements";
  if (bool(op.getMean()) != bool(op.getVariance()))
    return op.emitOpError("has a mean and a variance, or neither");
  if (op.getVariance() && (!op.getScale() || !op.getBias() || !op.getEps()))
    return op.emitOpError("normalises with eps, scale and bias");
  if (Value residual = op.getResidual();
      residual &&
      cast<ShapedType>(residual.getType()).getShape() != c.getShape())
    return op.emitOpError("has a residual of another shape than `c`");
  if (auto name = op.getActivation()) {
    auto activation = kernels::activationNamed(*name);
    if (!activation || *activation == kernels::Activation::None)
      return op.emitOpError("does not know the activation ") << *name;
    if (*activation != kernels::Activation::Relu && !c.getElementType().isF32())
      return op.emitOpError("has activations other than relu of f32 only");
  }
  return success();
}

LogicalResult MatmulKernelOp::verify() {
  if (failed(verifyProduct(*this)))
    return failure();
  ShapedType a = getA().getType(), b = getB().getType(), c = getC().getType();
  int64_t batch = getBatch();
  if (batch < 0 || a.getRank() < batch + (getTransposeA() ? 2 : 1) ||
      b.getRank() != batch + 2 || c.getRank() < batch + 1 ||
      (getTransposeA() && a.getRank() != batch + 2))
    return emitOpError("has operands of other ranks than it multiplies");
  for (ShapedType type : {a, b})
    if (type.getShape().take_front(batch) != c.getShape().take_front(batch))
      return emitOpError("has other products than it yields");
  ArrayRef<int64_t> bShape = b.getShape().take_back(2);
  int64_t k = bShape[getTransposeB()], n = bShape[!getTransposeB()];
  int64_t m = product(a.getShape().drop_front(batch)) / getK();
  if (k != getK() || n != getN() || m != getM())
    return emitOpError("multiplies matrices that do not fit");
  return success();
}

LogicalResult Conv2dKernelOp::verify() {
  if (failed(verifyProduct(*this)))
    return failure();
  ArrayRef<int64_t> a = getA().getType().getShape(),
                    b = getB().getType().getShape(),
                    c = getC().getType().getShape();
  if (a.size() != 4 || b.size() != 4 || c.size() != 4)
    return emitOpError("has operands of other ranks than it multiplies");
  if (getStrides().size() != 2 || getStrides()[0] < 1 || getStrides()[1] < 1 ||
      getDilation() < 1)
    return emitOpError("has strides and a dilation of at least 1");
  SmallVector<int64_t, 4> zeros(4, 0);
  if (auto padding = getPadding()) {
    if (padding->size() != 4 ||
        llvm::any_of(*padding, [](int64_t count) { return count < 0; }))
      return emitOpError("has padding on four sides, of at least 0");
    zeros.assign(padding->begin(), padding->end());
  }
  int64_t rows = (c[1] - 1) * getStrides()[0] + (b[0] - 1) * getDilation() + 1;
  int64_t columns = (c[2] - 1) * getStrides()[1] + b[1];
  if (a[0] != c[0] || a[3] != b[2] || b[3] != c[3] ||
      rows > zeros[0] + a[1] + zeros[1] || columns > zeros[2] + a[2] + zeros[3])
    return emitOpError("has windows that do not fit");
  return success();
}

SmallVector<std::pair<Value, AffineMap>>
AttentionKernelOp::getIndexedOperands() {
  SmallVector<Value> operands = {getQ(), getK(), getV()};
  if (getMask())
    operands.push_back(getMask());
  operands.push_back(getOut());
  return llvm::map_to_vector(
      llvm::zip(operands, getMaps().getAsValueRange<AffineMapAttr>()),
      [](auto pair) {
        return std::pair(std::get<0>(pair), std::get<1>(pair));
      });
}

SmallVector<int64_t> AttentionKernelOp::getLoopExtents() {
  SmallVector<int64_t> extents(getNumMatrixLoops() + 4, 1);
  for (auto [operand, map] : getIndexedOperands())
    for (auto [expr, extent] : llvm::zip_equal(
             map.getResults(), cast<ShapedType>(operand.getType()).getShape()))
      if (auto loop = dyn_cast<AffineDimExpr>(expr))
        extents[loop.getPosition()] = extent;
  return extents;
}

LogicalResult AttentionKernelOp::verify() {
  size_t numOperands = getMask() ? 5 : 4;
  if (getMaps().size() != numOperands)
    return emitOpError("has a map for each of its operands");
  unsigned numLoops = cast<AffineMapAttr>(getMaps()[0]).getValue().getNumDims();
  if (numLoops < 4)
    return emitOpError("has loops over queries, keys, depth and features");
  for (auto [number, indexed] : llvm::enumerate(getIndexedOperands())) {
    auto [operand, map] = indexed;
    auto type = cast<ShapedType>(operand.getType());
    bool isOut = number + 1 == numOperands;
    if (map.getNumDims() != numLoops || map.getNumSymbols() != 0 ||
        map.getNumResults() != size_t(type.getRank()) ||
        !map.isProjectedPermutation(/*allowZeroInResults=*/!isOut))
      return emitOpError("has maps from loops to dimensions");
  }
  SmallVector<int64_t> loops = getLoopExtents();
  ShapedType out = getOut().getType();
  bool onTensors = isa<RankedTensorType>(out);
  // Of q, k, v, the mask and out, besides those over matrices.
  unsigned query = getQueryLoop(), key = getKeyLoop(), depth = getDepthLoop(),
           feature = getFeatureLoop();
  const std::pair<unsigned, unsigned> ownLoops[] = {{query, depth},
                                                    {key, depth},
                                                    {key, feature},
                                                    {query, key},
                                                    {query, feature}};
  for (auto [number, indexed] : llvm::enumerate(getIndexedOperands())) {
    auto [operand, map] = indexed;
    auto type = cast<ShapedType>(operand.getType());
    for (auto [expr, extent] :
         llvm::zip_equal(map.getResults(), type.getShape())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      int64_t wanted = loop ? loops[loop.getPosition()] : 1;
      if (extent != wanted && !ShapedType::isDynamic(extent) &&
          !ShapedType::isDynamic(wanted))
        return emitOpError("has loops of more than one extent");
    }
    auto [first, second] = ownLoops[number + 1 == numOperands ? 4 : number];
    for (unsigned loop = query; loop <= feature; ++loop)
      if (map.isFunctionOfDim(loop) && loop != first && loop != second)
        return emitOpError("has operands that are indexed by foreign loops");
    Type element = type.getElementType();
    bool keeps = getMask() && number == 3 && element.isInteger(8);
    if (!keeps && element != out.getElementType())
      return emitOpError("has operands of one type, but for a mask of i8");
    if (isa<RankedTensorType>(type) != onTensors)
      return emitOpError("works on tensors or on memory, not on both");
    if (getLevel() && !type.hasStaticShape())
      return emitOpError("has operands of constant extents for a kernel");
  }
  if (!isa<FloatType>(out.getElementType()) ||
      (getLevel() && !out.getElementType().isF32() &&
       !out.getElementType().isF64()))
    return emitOpError("computes floats, a kernel f32 or f64");
  if (getNumResults() != onTensors ||
      (onTensors && getResult(0).getType() != out))
    return emitOpError("yields what it writes, on tensors only");
  if (!onTensors && (!getPlan() || getPlan()->empty()))
    return emitOpError("has a plan, on memory");
  return success();
}

LogicalResult CallGroupOp::verify() {
  bool onTensors = isa<RankedTensorType>(getOut().getType());
  for (Type type : getInputs().getTypes())
    if (isa<RankedTensorType>(type) != onTensors ||
        !cast<ShapedType>(type).hasStaticShape())
      return emitOpError("works on tensors or on memory of constant extents");
  if (getNumResults() != onTensors ||
      (onTensors && getResult(0).getType() != getOut().getType()))
    return emitOpError("yields what it writes, on tensors only");
  return success();
}

LogicalResult CallGroupOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom(*this, getCalleeAttr()))
    return emitOpError("calls no function of this module");
  return success();
}

LogicalResult CallTableOp::verify() {
  auto function = (*this)->getParentOfType<FunctionOpInterface>();
  if (!function)
    return emitOpError("stands in a function");
  // Of counts beyond the table's length the sum does not matter.
  const auto most = int64_t(getTable().size());
  int64_t perRound = 0;
  for (int64_t count : getArity())
    perRound = count < 1 || count > most ? most + 1 : perRound + 2 * count;
  if (getArity().size() != getCallees().size() || perRound == 0 ||
      perRound > most || most % perRound != 0)
    return emitOpError("has a row of operands for each call");
  for (int64_t i = 0; i < most; i += 2)
    if (getTable()[i] < 0 || getTable()[i] >= function.getNumArguments())
      return emitOpError("has operands that are arguments of the function");
  return success();
}

LogicalResult CallTableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (auto callee : getCallees().getAsRange<FlatSymbolRefAttr>())
    if (!symbols.lookupNearestSymbolFrom(*this, callee))
      return emitOpError("calls no function of this module");
  return success();
}

/// Of memory, a kernel writes what it computes and the scratch, and reads all
/// else.
template <typename KernelOp>
static void
addEffects(KernelOp op,
           SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
               &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isWritten = op.isDpsInit(&operand) || operand.get() == op.getScratch();
    effects.emplace_back(isWritten ? static_cast<MemoryEffects::Effect *>(
                                         MemoryEffects::Write::get())
                                   : MemoryEffects::Read::get(),
                         &operand);
  }
}

void MatmulKernelOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

void Conv2dKernelOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

void AttentionKernelOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

void CallGroupOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}
