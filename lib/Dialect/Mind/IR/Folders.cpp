//===- Folders.cpp - operations known at compile time ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The folders of the dialect. Whatever they compute is bit for bit what the
// program would compute at run time (but for the payload of a NaN).
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "llvm/ADT/APSInt.h"

using namespace mlir;
using namespace mind;

namespace {

/// Results of more elements are computed at run time, unless they are splats.
constexpr int64_t maxFoldedElements = 1024;

/// Row-major strides with which a tensor of shape `operand` is read by loops
/// over `result`, to which it broadcasts.
SmallVector<int64_t> broadcastStrides(ArrayRef<int64_t> operand,
                                      ArrayRef<int64_t> result) {
  SmallVector<int64_t> strides(result.size(), 0);
  int64_t stride = 1;
  for (size_t i = 0; i < operand.size(); ++i) {
    int64_t extent = operand[operand.size() - 1 - i];
    if (extent != 1)
      strides[result.size() - 1 - i] = stride;
    stride *= extent;
  }
  return strides;
}

/// The offsets at which loops over `shape` read, in row-major order.
SmallVector<int64_t> offsetsOf(ArrayRef<int64_t> shape,
                               ArrayRef<int64_t> strides) {
  SmallVector<int64_t> offsets = {0};
  for (auto [extent, stride] : llvm::zip_equal(shape, strides)) {
    SmallVector<int64_t> inner;
    inner.reserve(offsets.size() * extent);
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < extent; ++i)
        inner.push_back(offset + i * stride);
    offsets = std::move(inner);
  }
  return offsets;
}

bool isSmall(RankedTensorType type) {
  return type.hasStaticShape() && type.getNumElements() <= maxFoldedElements;
}

/// Applies `compute` to the elements of constant operands, broadcast. Null if
/// an operand is not constant or the result is too large to be.
template <typename To, typename From>
DenseElementsAttr foldElements(RankedTensorType type,
                               ArrayRef<Attribute> operands,
                               function_ref<To(ArrayRef<From>)> compute) {
  if (!type.hasStaticShape())
    return {};
  SmallVector<DenseElementsAttr> constants;
  for (Attribute operand : operands) {
    constants.push_back(dyn_cast_or_null<DenseElementsAttr>(operand));
    if (!constants.back())
      return {};
  }
  SmallVector<From> elements;
  if (llvm::all_of(constants,
                   [](DenseElementsAttr c) { return c.isSplat(); })) {
    for (DenseElementsAttr constant : constants)
      elements.push_back(constant.getSplatValue<From>());
    return DenseElementsAttr::get(type, compute(elements));
  }
  if (!isSmall(type))
    return {};
  SmallVector<SmallVector<int64_t>> offsets;
  for (DenseElementsAttr constant : constants)
    offsets.push_back(offsetsOf(
        type.getShape(),
        broadcastStrides(constant.getType().getShape(), type.getShape())));
  SmallVector<To> results;
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    elements.clear();
    for (auto [constant, offset] : llvm::zip_equal(constants, offsets))
      elements.push_back(constant.getValues<From>()[offset[i]]);
    results.push_back(compute(elements));
  }
  return DenseElementsAttr::get(type, results);
}

/// Whether nothing is known of any operand, as is the rule: to be asked first,
/// since what follows is much code.
bool areUnknown(ArrayRef<Attribute> operands) {
  return llvm::none_of(operands,
                       [](Attribute operand) { return bool(operand); });
}

/// An operation on floats or on integers; operands and result share a dtype.
Attribute foldArithmetic(RankedTensorType type, ArrayRef<Attribute> operands,
                         function_ref<APFloat(ArrayRef<APFloat>)> floats,
                         function_ref<APInt(ArrayRef<APInt>)> ints) {
  if (isa<FloatType>(type.getElementType()))
    return foldElements<APFloat, APFloat>(type, operands, floats);
  return foldElements<APInt, APInt>(type, operands, ints);
}

/// Whether all elements of `operand` are the float or integer `value`; a zero
/// must have the sign of `value`.
bool isSplatOf(Attribute operand, double value) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(operand);
  if (!splat)
    return false;
  if (isa<FloatType>(splat.getElementType())) {
    APFloat element = splat.getSplatValue<APFloat>();
    return element.bitwiseIsEqual([&] {
      APFloat expected(value);
      bool losesInfo;
      expected.convert(element.getSemantics(), APFloat::rmNearestTiesToEven,
                       &losesInfo);
      return expected;
    }());
  }
  return splat.getSplatValue<APInt>() ==
         APInt(splat.getElementType().getIntOrFloatBitWidth(), int64_t(value),
               /*isSigned=*/true, /*implicitTrunc=*/true);
}

bool holdsFloats(Type tensor) {
  return isa<FloatType>(cast<RankedTensorType>(tensor).getElementType());
}

bool holdsUnsigned(Type tensor) {
  Type element = cast<RankedTensorType>(tensor).getElementType();
  return element.isUnsignedInteger() || element.isInteger(1);
}

} // namespace

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

static OpFoldResult foldFilled(RankedTensorType type, int64_t value) {
  if (!type.hasStaticShape())
    return {};
  Type element = type.getElementType();
  Attribute attr;
  if (isa<FloatType>(element))
    attr = FloatAttr::get(element, double(value));
  else
    attr = IntegerAttr::get(element,
                            APInt(element.getIntOrFloatBitWidth(), value));
  return DenseElementsAttr::get(type, attr);
}

OpFoldResult ZerosOp::fold(FoldAdaptor) { return foldFilled(getType(), 0); }
OpFoldResult OnesOp::fold(FoldAdaptor) { return foldFilled(getType(), 1); }
OpFoldResult ZerosLikeOp::fold(FoldAdaptor) { return foldFilled(getType(), 0); }
OpFoldResult OnesLikeOp::fold(FoldAdaptor) { return foldFilled(getType(), 1); }

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

OpFoldResult NegOp::fold(FoldAdaptor operands) {
  if (auto inner = getX().getDefiningOp<NegOp>())
    return inner.getX();
  return foldArithmetic(
      getType(), operands.getX(), [](ArrayRef<APFloat> x) { return -x[0]; },
      [](ArrayRef<APInt> x) { return -x[0]; });
}

OpFoldResult NotOp::fold(FoldAdaptor operands) {
  if (auto inner = getX().getDefiningOp<NotOp>())
    return inner.getX();
  return foldElements<APInt, APInt>(getType(), operands.getX(),
                                    [](ArrayRef<APInt> x) { return ~x[0]; });
}

OpFoldResult ReluOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<ReluOp>())
    return getX();
  if (!operands.getX())
    return {};
  bool keepsSign = holdsUnsigned(getType());
  return foldArithmetic(
      getType(), operands.getX(),
      [](ArrayRef<APFloat> x) {
        return maximum(x[0], APFloat::getZero(x[0].getSemantics()));
      },
      [=](ArrayRef<APInt> x) {
        return x[0].isNegative() && !keepsSign ? APInt(x[0].getBitWidth(), 0)
                                               : x[0];
      });
}

OpFoldResult AddOp::fold(FoldAdaptor operands) {
  if (areUnknown(operands.getOperands()))
    return {};
  // Only -0 is neutral: 0 + -0 is 0.
  double neutral = holdsFloats(getType()) ? -0.0 : 0.0;
  if (isSplatOf(operands.getRhs(), neutral) && getLhs().getType() == getType())
    return getLhs();
  if (isSplatOf(operands.getLhs(), neutral) && getRhs().getType() == getType())
    return getRhs();
  return foldArithmetic(
      getType(), operands.getOperands(),
      [](ArrayRef<APFloat> x) { return x[0] + x[1]; },
      [](ArrayRef<APInt> x) { return x[0] + x[1]; });
}

OpFoldResult SubOp::fold(FoldAdaptor operands) {
  if (areUnknown(operands.getOperands()))
    return {};
  if (isSplatOf(operands.getRhs(), 0.0) && getLhs().getType() == getType())
    return getLhs();
  return foldArithmetic(
      getType(), operands.getOperands(),
      [](ArrayRef<APFloat> x) { return x[0] - x[1]; },
      [](ArrayRef<APInt> x) { return x[0] - x[1]; });
}

OpFoldResult MulOp::fold(FoldAdaptor operands) {
  if (areUnknown(operands.getOperands()))
    return {};
  if (isSplatOf(operands.getRhs(), 1.0) && getLhs().getType() == getType())
    return getLhs();
  if (isSplatOf(operands.getLhs(), 1.0) && getRhs().getType() == getType())
    return getRhs();
  return foldArithmetic(
      getType(), operands.getOperands(),
      [](ArrayRef<APFloat> x) { return x[0] * x[1]; },
      [](ArrayRef<APInt> x) { return x[0] * x[1]; });
}

OpFoldResult DivOp::fold(FoldAdaptor operands) {
  if (areUnknown(operands.getOperands()))
    return {};
  if (isSplatOf(operands.getRhs(), 1.0) && getLhs().getType() == getType())
    return getLhs();
  if (mayFail())
    return {};
  bool isUnsignedDivision = holdsUnsigned(getType());
  return foldArithmetic(
      getType(), operands.getOperands(),
      [](ArrayRef<APFloat> x) { return x[0] / x[1]; },
      [=](ArrayRef<APInt> x) {
        return isUnsignedDivision ? x[0].udiv(x[1]) : x[0].sdiv(x[1]);
      });
}

OpFoldResult RemOp::fold(FoldAdaptor operands) {
  if (mayFail())
    return {};
  bool isUnsignedDivision = holdsUnsigned(getType());
  return foldArithmetic(
      getType(), operands.getOperands(),
      [](ArrayRef<APFloat> x) {
        APFloat result = x[0];
        result.mod(x[1]);
        return result;
      },
      [=](ArrayRef<APInt> x) {
        return isUnsignedDivision ? x[0].urem(x[1]) : x[0].srem(x[1]);
      });
}

/// Rounds `value` to `type`, to f16 and bf16 by way of f32 as at run time.
static APFloat toFloat(APFloat value, FloatType type) {
  bool losesInfo;
  if (type.getWidth() == 16)
    value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
  value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value;
}

OpFoldResult CastOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getType())
    return getX();
  Type to = getType().getElementType();
  bool fromUnsigned = holdsUnsigned(getX().getType());
  bool toUnsigned = holdsUnsigned(getType());
  unsigned width = to.getIntOrFloatBitWidth();
  if (holdsFloats(getX().getType())) {
    if (auto real = dyn_cast<FloatType>(to))
      return foldElements<APFloat, APFloat>(
          getType(), operands.getX(),
          [=](ArrayRef<APFloat> x) { return toFloat(x[0], real); });
    return foldElements<APInt, APFloat>(
        getType(), operands.getX(), [=](ArrayRef<APFloat> x) -> APInt {
          if (width == 1)
            return APInt(1, !x[0].isZero());
          // Saturates, and gives 0 for NaN.
          APSInt result(width, toUnsigned);
          bool isExact;
          x[0].convertToInteger(result, APFloat::rmTowardZero, &isExact);
          return result;
        });
  }
  if (auto real = dyn_cast<FloatType>(to))
    return foldElements<APFloat, APInt>(
        getType(), operands.getX(), [=](ArrayRef<APInt> x) {
          APFloat result(real.getIntOrFloatBitWidth() == 64
                             ? APFloat::IEEEdouble()
                             : APFloat::IEEEsingle());
          result.convertFromAPInt(x[0], !fromUnsigned,
                                  APFloat::rmNearestTiesToEven);
          return toFloat(result, real);
        });
  return foldElements<APInt, APInt>(
      getType(), operands.getX(), [=](ArrayRef<APInt> x) {
        if (width == 1)
          return APInt(1, !x[0].isZero());
        return fromUnsigned ? x[0].zextOrTrunc(width) : x[0].sextOrTrunc(width);
      });
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

/// Whether `op` changes the shape alone.
static bool isReinterpretation(Operation *op) {
  return isa_and_nonnull<ReshapeOp, ExpandDimsOp, SqueezeOp, FlattenOp>(op);
}

/// Folds an operation that only changes the shape of `x` to that of `type`.
static OpFoldResult foldReinterpretation(Value x, Attribute constant,
                                         RankedTensorType type) {
  if (x.getType() == type)
    return x;
  Operation *producer = x.getDefiningOp();
  if (isReinterpretation(producer) && producer->getOperand(0).getType() == type)
    return producer->getOperand(0);
  auto elements = dyn_cast_or_null<DenseElementsAttr>(constant);
  if (elements && type.hasStaticShape())
    return elements.reshape(type);
  return {};
}

OpFoldResult ReshapeOp::fold(FoldAdaptor operands) {
  if (OpFoldResult folded =
          foldReinterpretation(getX(), operands.getX(), getType()))
    return folded;
  Operation *producer = getX().getDefiningOp();
  if (!isReinterpretation(producer))
    return {};
  getXMutable().assign(producer->getOperand(0));
  return getResult();
}

OpFoldResult ExpandDimsOp::fold(FoldAdaptor operands) {
  return foldReinterpretation(getX(), operands.getX(), getType());
}

OpFoldResult SqueezeOp::fold(FoldAdaptor operands) {
  return foldReinterpretation(getX(), operands.getX(), getType());
}

OpFoldResult FlattenOp::fold(FoldAdaptor operands) {
  return foldReinterpretation(getX(), operands.getX(), getType());
}

OpFoldResult TransposeOp::fold(FoldAdaptor operands) {
  ArrayRef<int64_t> axes = getAxes();
  if (llvm::equal(axes, llvm::seq<int64_t>(0, axes.size())))
    return getX();
  if (auto inner = getX().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> composed;
    for (int64_t axis : axes)
      composed.push_back(inner.getAxes()[axis]);
    getXMutable().assign(inner.getX());
    setAxes(composed);
    return getResult();
  }
  auto constant = dyn_cast_or_null<DenseElementsAttr>(operands.getX());
  if (!constant || !getType().hasStaticShape())
    return {};
  if (constant.isSplat())
    return constant.resizeSplat(getType());
  if (!isSmall(getType()))
    return {};
  SmallVector<int64_t> dense = broadcastStrides(constant.getType().getShape(),
                                                constant.getType().getShape());
  SmallVector<int64_t> strides;
  for (int64_t axis : axes)
    strides.push_back(dense[axis]);
  auto values = constant.getValues<Attribute>();
  SmallVector<Attribute> elements;
  for (int64_t offset : offsetsOf(getType().getShape(), strides))
    elements.push_back(values[offset]);
  return DenseElementsAttr::get(getType(), elements);
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getTensors().size() == 1 ? getTensors().front() : OpFoldResult();
}

OpFoldResult SliceOp::fold(FoldAdaptor operands) {
  // A slice of the same type is all of it: steps drop elements.
  if (getX().getType() == getType())
    return getX();
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(operands.getX()))
    if (getType().hasStaticShape())
      return splat.resizeSplat(getType());
  return {};
}

OpFoldResult FlipOp::fold(FoldAdaptor operands) {
  ArrayRef<int64_t> shape = getType().getShape();
  if (llvm::all_of(getAxes(), [&](int64_t axis) { return shape[axis] == 1; }) ||
      isa_and_nonnull<SplatElementsAttr>(operands.getX()))
    return getX();
  return {};
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getType())
    return getX();
  if (!getType().hasStaticShape())
    return {};
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(operands.getX()))
    return splat.resizeSplat(getType());
  return {};
}
