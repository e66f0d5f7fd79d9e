//===- KernelOps.cpp - calls of precompiled kernels ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"

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

LogicalResult MatmulKernelOp::verify() {
  ShapedType a = getA().getType(), b = getB().getType(), c = getC().getType();
  bool onTensors = isa<RankedTensorType>(c);
  for (Value operand : getOperands()) {
    if (operand == getScratch())
      continue;
    auto type = cast<ShapedType>(operand.getType());
    if (isa<RankedTensorType>(type) != onTensors)
      return emitOpError("works on tensors or on memory, not on both");
    if (!type.hasStaticShape() || type.getElementType() != c.getElementType())
      return emitOpError("has operands of constant extents and one type");
  }
  if (!c.getElementType().isF32() && !c.getElementType().isF64())
    return emitOpError("multiplies f32 or f64");
  if (getNumResults() != onTensors ||
      (onTensors && getResult(0).getType() != c))
    return emitOpError("yields what it writes, on tensors only");
  if (!onTensors && (!getPlan() || getPlan()->empty()))
    return emitOpError("has a plan, on memory");

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
  if (Value bias = getBias();
      bias && cast<ShapedType>(bias.getType()).getNumElements() != n)
    return emitOpError("has a bias of other than `n` elements");
  return success();
}

void MatmulKernelOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  auto add = [&](OpOperand &operand, MemoryEffects::Effect *effect) {
    if (isa<MemRefType>(operand.get().getType()))
      effects.emplace_back(effect, &operand);
  };
  add(getAMutable(), MemoryEffects::Read::get());
  add(getBMutable(), MemoryEffects::Read::get());
  for (OpOperand &operand : getBiasMutable())
    add(operand, MemoryEffects::Read::get());
  add(getCMutable(), MemoryEffects::Write::get());
  for (OpOperand &operand : getScratchMutable())
    add(operand, MemoryEffects::Write::get());
}
