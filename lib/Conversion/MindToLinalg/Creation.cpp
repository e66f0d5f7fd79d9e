//===- Creation.cpp - tensors from nothing ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

/// zeros and ones.
template <int64_t value, typename OpT>
static Value lowerFilled(OpT op, typename OpT::Adaptor, RankedTensorType type,
                         OpBuilder &builder) {
  Attribute element = numberAttr(type.getElementType(), value);
  return arith::ConstantOp::create(builder, op.getLoc(),
                                   DenseElementsAttr::get(type, element));
}

/// Elements change to their storage type, and keep their values.
static Value lowerConstant(ConstantOp op, ConstantOp::Adaptor,
                           RankedTensorType type, OpBuilder &builder) {
  auto value = cast<DenseElementsAttr>(op.getValue());
  if (value.getType() != type) {
    unsigned width = type.getElementTypeBitWidth();
    auto widen = [width](const APInt &element) { return element.zext(width); };
    value = value.mapValues(type.getElementType(), widen);
  }
  return arith::ConstantOp::create(builder, op.getLoc(), value);
}

void lowering::populateCreation(const TypeConverter &converter,
                                RewritePatternSet &patterns) {
  add<ConstantOp>(patterns, converter, lowerConstant);
  add<ZerosOp>(patterns, converter, lowerFilled<0, ZerosOp>);
  add<OnesOp>(patterns, converter, lowerFilled<1, OnesOp>);
}
