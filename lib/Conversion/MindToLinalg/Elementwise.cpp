//===- Elementwise.cpp - elementwise operations to linalg ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each operation is one function that emits its scalar code, in the operand's
// compute representation (f32 for f16 and bf16, i1 for bool), and one line in
// the list at the end.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;
using namespace mind;
using namespace mind::lowering;

namespace {

using Scalars = ArrayRef<Value>;

//===----------------------------------------------------------------------===//
// Comparisons and logic
//===----------------------------------------------------------------------===//

/// NaN differs from everything, itself included.
template <arith::CmpFPredicate floats, arith::CmpIPredicate signedInts,
          arith::CmpIPredicate unsignedInts = signedInts>
Value compare(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return arith::CmpFOp::create(b, floats, x[0], x[1]);
  return arith::CmpIOp::create(b, b.isUnsigned() ? unsignedInts : signedInts,
                               x[0], x[1]);
}

Value isLess(ScalarBuilder &b, Value x, Value y) {
  return compare<arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt,
                 arith::CmpIPredicate::ult>(b, {x, y});
}

Value isNan(ScalarBuilder &b, Scalars x) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, x[0], x[0]);
}

Value logicalNot(ScalarBuilder &b, Scalars x) {
  return arith::XOrIOp::create(b, x[0], b.number(1));
}

Value choose(ScalarBuilder &b, Scalars x) {
  return arith::SelectOp::create(b, x[0], x[1], x[2]);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// One operation of another dialect.
template <typename OpT> Value direct(ScalarBuilder &b, Scalars x) {
  return OpT::create(b, TypeRange(b.computeType()), ValueRange(x));
}

/// One operation for floats, one for integers.
template <typename FloatOp, typename IntOp>
Value arithmetic(ScalarBuilder &b, Scalars x) {
  return b.isFloat() ? direct<FloatOp>(b, x) : direct<IntOp>(b, x);
}

/// The same where signedness matters.
template <typename FloatOp, typename SignedOp, typename UnsignedOp>
Value ordered(ScalarBuilder &b, Scalars x) {
  return b.isUnsigned() ? direct<UnsignedOp>(b, x)
                        : arithmetic<FloatOp, SignedOp>(b, x);
}

Value minimum(ScalarBuilder &b, Scalars x) {
  return ordered<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(b, x);
}

Value maximum(ScalarBuilder &b, Scalars x) {
  return ordered<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(b, x);
}

Value clamp(ScalarBuilder &b, Scalars x) {
  return minimum(b, {maximum(b, {x[0], x[1]}), x[2]});
}

Value relu(ScalarBuilder &b, Scalars x) {
  return maximum(b, {x[0], b.number(0)});
}

Value negate(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return direct<arith::NegFOp>(b, x);
  return arith::SubIOp::create(b, b.number(0), x[0]);
}

Value absolute(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return direct<math::AbsFOp>(b, x);
  return b.isUnsigned() ? x[0] : maximum(b, {x[0], negate(b, x)});
}

/// Zeros keep their sign, NaN stays NaN.
Value sign(ScalarBuilder &b, Scalars x) {
  Value zero = b.number(0);
  Value negativeOrZero = x[0];
  if (!b.isUnsigned())
    negativeOrZero =
        arith::SelectOp::create(b, isLess(b, x[0], zero), b.number(-1), x[0]);
  return arith::SelectOp::create(b, isLess(b, zero, x[0]), b.number(1),
                                 negativeOrZero);
}

Value isEqual(ScalarBuilder &b, Value x, double y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, b.number(y));
}

/// The divisor, or 1 where the machine's division would trap: at 0, which is
/// reported, and at -1, since MIN / -1 overflows.
Value safeDivisor(ScalarBuilder &b, Value divisor) {
  Value unsafe = isEqual(b, divisor, 0);
  if (!b.isUnsigned())
    unsafe = arith::OrIOp::create(b, unsafe, isEqual(b, divisor, -1));
  return arith::SelectOp::create(b, unsafe, b.number(1), divisor);
}

Value divide(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return direct<arith::DivFOp>(b, x);
  Value divisor = safeDivisor(b, x[1]);
  if (b.isUnsigned())
    return arith::DivUIOp::create(b, x[0], divisor);
  return arith::SelectOp::create(b, isEqual(b, x[1], -1), negate(b, x[0]),
                                 arith::DivSIOp::create(b, x[0], divisor));
}

Value modulo(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return direct<arith::RemFOp>(b, x);
  Value operands[] = {x[0], safeDivisor(b, x[1])};
  return b.isUnsigned() ? direct<arith::RemUIOp>(b, operands)
                        : direct<arith::RemSIOp>(b, operands);
}

/// Integers by squaring, modulo the size of their dtype; a negative power,
/// which is reported, counts as 0.
/// MLIR folds the angle of two zeros to NaN. That of a zero and another number
/// of x's sign is the same.
Value angle(ScalarBuilder &b, Scalars x) {
  auto isZero = [&](Value number) -> Value {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, number,
                                 b.number(0));
  };
  Value both = arith::AndIOp::create(b, isZero(x[0]), isZero(x[1]));
  Value unit = direct<math::CopySignOp>(b, {b.number(1), x[1]});
  Value across = arith::SelectOp::create(b, both, unit, x[1]);
  return direct<math::Atan2Op>(b, {x[0], across});
}

Value power(ScalarBuilder &b, Scalars x) {
  if (b.isFloat())
    return direct<math::PowFOp>(b, x);
  Value one = b.number(1), zero = b.number(0);
  auto product = [](ScalarBuilder &b, Value lhs, Value rhs) -> Value {
    return arith::MulIOp::create(b, lhs, rhs);
  };
  if (std::optional<int64_t> known = getConstantIntValue(x[1])) {
    auto exponent = uint64_t(std::max<int64_t>(*known, 0));
    if (b.isUnsigned())
      exponent = uint8_t(*known);
    Value result, square = x[0];
    for (; exponent != 0; exponent >>= 1) {
      if (exponent & 1)
        result = result ? product(b, result, square) : square;
      if (exponent > 1)
        square = product(b, square, square);
    }
    return result ? result : one;
  }
  Value exponent = x[1];
  if (!b.isUnsigned())
    exponent = arith::MaxSIOp::create(b, exponent, zero);
  Type type = b.computeType();
  auto loop = scf::WhileOp::create(
      b, TypeRange{type, type, type}, ValueRange{one, x[0], exponent},
      [&](OpBuilder &nested, Location loc, ValueRange args) {
        Value isLeft = arith::CmpIOp::create(
            nested, loc, arith::CmpIPredicate::ne, args[2], zero);
        scf::ConditionOp::create(nested, loc, isLeft, args);
      },
      [&](OpBuilder &nested, Location loc, ValueRange args) {
        ScalarBuilder inner(loc, nested, b.dtype);
        Value isOdd = arith::CmpIOp::create(
            inner, arith::CmpIPredicate::ne,
            arith::AndIOp::create(inner, args[2], one), zero);
        Value result = arith::SelectOp::create(
            inner, isOdd, product(inner, args[0], args[1]), args[0]);
        scf::YieldOp::create(
            inner, ValueRange{result, product(inner, args[1], args[1]),
                              arith::ShRUIOp::create(inner, args[2], one)});
      });
  return loop.getResult(0);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

Value reciprocal(ScalarBuilder &b, Scalars x) {
  return arith::DivFOp::create(b, b.number(1), x[0]);
}

Value reciprocalSqrt(ScalarBuilder &b, Scalars x) {
  return reciprocal(b, direct<math::SqrtOp>(b, x));
}

/// 1 + exp(-x), the denominator of sigmoid and silu. It overflows to infinity,
/// where both are 0 to working precision.
Value onePlusExpOfNegative(ScalarBuilder &b, Value x) {
  Value exp = math::ExpOp::create(b, arith::NegFOp::create(b, x));
  return arith::AddFOp::create(b, b.number(1), exp);
}

Value sigmoid(ScalarBuilder &b, Scalars x) {
  return reciprocal(b, onePlusExpOfNegative(b, x[0]));
}

Value silu(ScalarBuilder &b, Scalars x) {
  return arith::DivFOp::create(b, x[0], onePlusExpOfNegative(b, x[0]));
}

Value gelu(GeluOp op, ScalarBuilder &b, Scalars x) {
  auto product = [&](Value lhs, Value rhs) -> Value {
    return arith::MulFOp::create(b, lhs, rhs);
  };
  Value curve;
  if (op.getApproximate() == "tanh") {
    // Hendrycks and Gimpel: tanh(sqrt(2/pi) (x + 0.044715 x^3)).
    Value cube = product(product(x[0], x[0]), x[0]);
    Value inner =
        arith::AddFOp::create(b, x[0], product(b.number(0.044715), cube));
    curve = math::TanhOp::create(
        b, product(b.number(std::sqrt(2.0) * M_2_SQRTPI * 0.5), inner));
  } else {
    curve = math::ErfOp::create(b, product(x[0], b.number(M_SQRT1_2)));
  }
  return product(product(x[0], b.number(0.5)),
                 arith::AddFOp::create(b, b.number(1), curve));
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// Truncates and saturates; NaN gives 0. The conversion itself sees only
/// numbers that fit, since others are undefined for it.
Value floatToInt(ScalarBuilder &b, ScalarBuilder &to, Value x) {
  unsigned width = to.computeType().getIntOrFloatBitWidth();
  bool isSigned = !to.isUnsigned();
  // Both are powers of two, and so exact in every float type.
  double above = std::ldexp(1.0, width - isSigned);
  double least = isSigned ? -above : 0;
  Value tooHigh =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, x, b.number(above));
  Value tooLow =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x, b.number(least));
  Value outside = arith::OrIOp::create(
      b, isNan(b, x), arith::OrIOp::create(b, tooHigh, tooLow));
  Value inside = arith::SelectOp::create(b, outside, b.number(0), x);
  Value result;
  if (isSigned)
    result = arith::FPToSIOp::create(b, to.computeType(), inside);
  else
    result = arith::FPToUIOp::create(b, to.computeType(), inside);
  Value low = to.integer(isSigned ? APInt::getSignedMinValue(width)
                                  : APInt::getMinValue(width));
  Value high = to.integer(isSigned ? APInt::getSignedMaxValue(width)
                                   : APInt::getMaxValue(width));
  result = arith::SelectOp::create(b, tooLow, low, result);
  return arith::SelectOp::create(b, tooHigh, high, result);
}

Value convert(CastOp op, ScalarBuilder &b, Scalars x) {
  ScalarBuilder to(b.getLoc(), b, lowering::dtypeOf(op.getResult()));
  return lowering::convertElement(b, to, x[0]);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// A linalg.generic whose body is what `emit` emits.
template <auto emit, typename OpT>
Value lower(OpT op, typename OpT::Adaptor operands, RankedTensorType type,
            OpBuilder &builder) {
  // The condition of `where` comes first and is the only operand whose dtype
  // differs from the others'.
  DType dtype = lowering::dtypeOf(op->getOperands().back());
  auto body = [&](OpBuilder &nested, Location loc, ValueRange stored) {
    SmallVector<Value, 3> x;
    for (auto [operand, element] : llvm::zip_equal(op->getOperands(), stored))
      x.push_back(
          ScalarBuilder(loc, nested, lowering::dtypeOf(operand)).load(element));
    ScalarBuilder scalar(loc, nested, dtype);
    Value result;
    if constexpr (std::is_invocable_v<decltype(emit), ScalarBuilder &, Scalars>)
      result = emit(scalar, x);
    else
      result = emit(op, scalar, x);
    return ScalarBuilder(loc, nested, lowering::dtypeOf(op.getResult()))
        .store(result);
  };
  return elementwise(builder, op.getLoc(), type, operands.getOperands(), body);
}

/// Reports E6005 if any element of `divisor` is an integer zero.
void reportZero(OpBuilder &builder, Location loc, Value divisor) {
  auto type = cast<RankedTensorType>(divisor.getType());
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(type.getRank()));
  Value anyZero = reduce(
      builder, loc, divisor, axes, builder.getI8IntegerAttr(0),
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) -> Value {
        ImplicitLocOpBuilder b(nestedLoc, nested);
        Value zero =
            arith::ConstantOp::create(b, b.getIntegerAttr(x[1].getType(), 0));
        Value isZero =
            arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x[1], zero);
        return arith::OrIOp::create(
            b, x[0], arith::ExtUIOp::create(b, b.getI8Type(), isZero));
      });
  Value flag = tensor::ExtractOp::create(builder, loc, anyZero, ValueRange());
  RecordErrorOp::create(builder, loc,
                        ScalarBuilder(loc, builder, DType::Bool).load(flag),
                        DiagKind::DivisionByZero);
}

template <auto emit, typename OpT>
Value lowerDivision(OpT op, typename OpT::Adaptor operands,
                    RankedTensorType type, OpBuilder &builder) {
  if (op.mayFail())
    reportZero(builder, op.getLoc(), operands.getRhs());
  return lower<emit, OpT>(op, operands, type, builder);
}

Value lowerPower(PowOp op, PowOp::Adaptor operands, RankedTensorType type,
                 OpBuilder &builder) {
  if (op.mayFail())
    reportElements(builder, op.getLoc(), operands.getRhs(),
                   lowering::dtypeOf(op.getRhs()),
                   /*right=*/0,
                   [](ScalarBuilder &b, Value power) {
                     return isLess(b, power, b.number(0));
                   },
                   DiagKind::NegativePower, {"{0}"});
  return lower<power, PowOp>(op, operands, type, builder);
}

/// Adds patterns that lower operations by what emits their scalar code.
struct Lowerings {
  const TypeConverter &converter;
  RewritePatternSet &patterns;

  template <typename OpT, auto emit> void elementwise() {
    add<OpT>(patterns, converter, lower<emit, OpT>);
  }
  template <typename OpT, auto emit> void division() {
    add<OpT>(patterns, converter, lowerDivision<emit, OpT>);
  }
};

} // namespace

Value lowering::convertElement(ScalarBuilder &from, ScalarBuilder &to,
                               Value x) {
  Type type = to.computeType();
  if (type == x.getType())
    return x;
  if (isBool(to.dtype))
    return compare<arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne>(
        from, {x, from.number(0)});
  if (!from.isFloat() && to.isFloat()) {
    if (from.isUnsigned())
      return arith::UIToFPOp::create(from, type, x);
    return arith::SIToFPOp::create(from, type, x);
  }
  if (from.isFloat() && !to.isFloat())
    return floatToInt(from, to, x);
  if (type.getIntOrFloatBitWidth() > x.getType().getIntOrFloatBitWidth())
    return from.widen(x, type);
  if (from.isFloat())
    return arith::TruncFOp::create(from, type, x);
  return arith::TruncIOp::create(from, type, x);
}

void lowering::populateElementwise(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  Lowerings l{converter, patterns};
  l.elementwise<NegOp, negate>();
  l.elementwise<AbsOp, absolute>();
  l.elementwise<SignOp, sign>();
  l.elementwise<NotOp, logicalNot>();
  l.elementwise<ExpOp, direct<math::ExpOp>>();
  l.elementwise<Expm1Op, direct<math::ExpM1Op>>();
  l.elementwise<LogOp, direct<math::LogOp>>();
  l.elementwise<Log2Op, direct<math::Log2Op>>();
  l.elementwise<Log10Op, direct<math::Log10Op>>();
  l.elementwise<Log1pOp, direct<math::Log1pOp>>();
  l.elementwise<SqrtOp, direct<math::SqrtOp>>();
  l.elementwise<RsqrtOp, reciprocalSqrt>();
  l.elementwise<ReciprocalOp, reciprocal>();
  l.elementwise<SinOp, direct<math::SinOp>>();
  l.elementwise<CosOp, direct<math::CosOp>>();
  l.elementwise<TanOp, direct<math::TanOp>>();
  l.elementwise<AsinOp, direct<math::AsinOp>>();
  l.elementwise<AcosOp, direct<math::AcosOp>>();
  l.elementwise<AtanOp, direct<math::AtanOp>>();
  l.elementwise<SinhOp, direct<math::SinhOp>>();
  l.elementwise<CoshOp, direct<math::CoshOp>>();
  l.elementwise<TanhOp, direct<math::TanhOp>>();
  l.elementwise<ErfOp, direct<math::ErfOp>>();
  l.elementwise<SigmoidOp, sigmoid>();
  l.elementwise<SiluOp, silu>();
  l.elementwise<ReluOp, relu>();
  l.elementwise<GeluOp, gelu>();
  l.elementwise<FloorOp, direct<math::FloorOp>>();
  l.elementwise<CeilOp, direct<math::CeilOp>>();
  l.elementwise<RoundOp, direct<math::RoundEvenOp>>();
  l.elementwise<IsnanOp, isNan>();

  l.elementwise<AddOp, arithmetic<arith::AddFOp, arith::AddIOp>>();
  l.elementwise<SubOp, arithmetic<arith::SubFOp, arith::SubIOp>>();
  l.elementwise<MulOp, arithmetic<arith::MulFOp, arith::MulIOp>>();
  l.division<DivOp, divide>();
  l.division<RemOp, modulo>();
  add<PowOp>(patterns, converter, lowerPower);
  l.elementwise<Atan2Op, angle>();
  l.elementwise<MinimumOp, minimum>();
  l.elementwise<MaximumOp, maximum>();

  l.elementwise<EqOp, compare<F::OEQ, I::eq>>();
  l.elementwise<NeOp, compare<F::UNE, I::ne>>();
  l.elementwise<LtOp, compare<F::OLT, I::slt, I::ult>>();
  l.elementwise<LeOp, compare<F::OLE, I::sle, I::ule>>();
  l.elementwise<GtOp, compare<F::OGT, I::sgt, I::ugt>>();
  l.elementwise<GeOp, compare<F::OGE, I::sge, I::uge>>();
  l.elementwise<AndOp, direct<arith::AndIOp>>();
  l.elementwise<OrOp, direct<arith::OrIOp>>();
  l.elementwise<XorOp, direct<arith::XOrIOp>>();

  l.elementwise<WhereOp, choose>();
  l.elementwise<ClampOp, clamp>();
  l.elementwise<CastOp, convert>();
}
