//===- ExpandMath.cpp - mathematical functions become arithmetic ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions on f32 that programs use most are expanded, so that they run
// on vectors; the others stay intrinsics, or become calls, of the C library.
//
//===----------------------------------------------------------------------===//

#include "Mind/Codegen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSwitch.h"

namespace mind {
#define GEN_PASS_DEF_EXPANDMATH
#include "Mind/Codegen/Passes.h.inc"
} // namespace mind

using namespace mlir;

namespace mind {
namespace {

/// Emits arithmetic on f32 and i32, on scalars or vectors as `shape` is.
class Emitter {
public:
  Emitter(Operation *op)
      : b(op->getLoc(), op), floatType(op->getResult(0).getType()) {}

  Value constant(float value) { return constant(b.getF32FloatAttr(value)); }
  Value constant(int32_t value) { return constant(b.getI32IntegerAttr(value)); }
  Value abs(Value x) { return math::AbsFOp::create(b, x); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value fma(Value x, Value y, Value z) {
    return math::FmaOp::create(b, x, y, z);
  }
  Value addi(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value subi(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mini(Value x, Value y) { return arith::MinSIOp::create(b, x, y); }
  Value shl(Value x, int32_t n) {
    return arith::ShLIOp::create(b, x, constant(n));
  }
  Value shr(Value x, int32_t n) {
    return arith::ShRSIOp::create(b, x, constant(n));
  }
  Value less(Value x, Value y) {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x, y);
  }
  Value equal(Value x, Value y) {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x, y);
  }
  Value select(Value c, Value x, Value y) {
    return arith::SelectOp::create(b, c, x, y);
  }
  Value copySign(Value x, Value y) { return math::CopySignOp::create(b, x, y); }
  Value toFloat(Value x) { return arith::SIToFPOp::create(b, floatType, x); }
  Value floatBits(Value x) { return arith::BitcastOp::create(b, floatType, x); }
  Value intBits(Value x) {
    return arith::BitcastOp::create(b, like(b.getI32Type()), x);
  }
  /// The polynomial with these coefficients, the constant first.
  Value polynomial(Value x, ArrayRef<float> coefficients) {
    Value result = constant(coefficients.back());
    for (float coefficient : llvm::reverse(coefficients.drop_back()))
      result = fma(result, x, constant(coefficient));
    return result;
  }

  ImplicitLocOpBuilder b;

private:
  Type like(Type element) {
    if (auto vector = dyn_cast<VectorType>(floatType))
      return vector.clone(element);
    return element;
  }
  Value constant(TypedAttr value) {
    if (auto vector = dyn_cast<VectorType>(floatType))
      value = DenseElementsAttr::get(vector.clone(value.getType()),
                                     Attribute(value));
    return arith::ConstantOp::create(b, value);
  }

  Type floatType;
};

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float smallestNormal = std::numeric_limits<float>::min();

/// e^x = 2^n e^r with |r| <= log(2) / 2; e^r = 1 + r + r^2 P(r), where P is
/// least squares at Chebyshev nodes. Within 1 ulp, denormal results too.
Value expandExp(math::ExpOp op) {
  Emitter e(op);
  Value x = op.getOperand();
  // Beyond these the result is 0 and infinity; NaN is neither.
  Value low = e.constant(-105.0f), high = e.constant(90.0f);
  x = e.select(e.less(x, low), low, x);
  x = e.select(e.less(high, x), high, x);
  // Adding 1.5 * 2^23 rounds to an integer, found in the lowest bits: n + 254.
  Value magic = e.constant(12582912.0f + 254.0f);
  Value shifted = e.fma(x, e.constant(1.44269504088896341f), magic);
  Value n = e.sub(shifted, magic);
  Value r = e.fma(n, e.constant(-0.693359375f), x);
  r = e.fma(n, e.constant(2.12194440054690583e-4f), r);
  Value y = e.polynomial(r, {1.0f, 1.0f, 0.49999988079071045f,
                             0.166665181517601f, 0.041669540107250214f,
                             0.008368952199816704f, 0.0013751279329881072f});
  // 2^n may be no normal number: multiply by two that are, whose exponents, of
  // bias 127, are the halves of n + 254. The other bits are shifted out.
  Value bits = e.intBits(shifted), half = e.shr(bits, 1);
  for (Value part : {half, e.subi(bits, half)})
    y = e.mul(y, e.floatBits(e.shl(part, 23)));
  return y;
}

/// log(x + c) for an x that, unless it is NaN, is at least `atLeast`, and a c
/// that is null or below a unit in the last place of x.
///
/// x = 2^n (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and log(1 + f) =
/// 2 s + s R(s^2) with s = f / (2 + f), so that 2 s = f - s f. Within 2 ulp.
Value emitLog(Emitter &e, Value x, Value c, float atLeast = -infinity) {
  Value bits = e.intBits(x);
  Value correction; // of n
  if (!(atLeast >= smallestNormal)) {
    Value isDenormal = e.less(x, e.constant(smallestNormal));
    bits = e.intBits(e.select(isDenormal, e.mul(x, e.constant(8388608.0f)), x));
    correction = e.select(isDenormal, e.constant(-23), e.constant(0));
  }
  constexpr int32_t sqrtHalfBits = 0x3f3504f3;
  Value exponent = e.shr(e.subi(bits, e.constant(sqrtHalfBits)), 23);
  Value shifted = e.shl(exponent, 23);
  Value f = e.sub(e.floatBits(e.subi(bits, shifted)), e.constant(1.0f));
  if (c) { // Times 2^-n, whose bits are those of 1 less n at the exponent.
    Value least = e.shl(e.mini(exponent, e.constant(127)), 23);
    f = e.fma(c, e.floatBits(e.subi(e.intBits(e.constant(1.0f)), least)), f);
  }
  Value n = e.toFloat(correction ? e.addi(exponent, correction) : exponent);
  Value s = e.div(f, e.add(f, e.constant(2.0f)));
  Value z = e.mul(s, s);
  Value r =
      e.mul(z, e.polynomial(z, {0.6666666865348816f, 0.4000012278556824f,
                                0.2855073809623718f, 0.23332516849040985f}));
  Value y = e.fma(s, e.sub(r, f), f);
  y = e.fma(n, e.constant(0.69314718055994531f), y);
  y = e.select(e.less(x, e.constant(infinity)), y, x); // infinity and NaN
  if (atLeast > 0)
    return y;
  Value zero = e.constant(0.0f);
  y = e.select(e.less(x, zero),
               e.constant(std::numeric_limits<float>::quiet_NaN()), y);
  return e.select(e.equal(x, zero), e.constant(-infinity), y);
}

/// What `x` is not below, whatever the inputs are, unless it is NaN.
float lowerBound(Value x) {
  Operation *op = x.getDefiningOp();
  FloatAttr number;
  SplatElementsAttr splat;
  if (matchPattern(x, m_Constant(&number)))
    return number.getValue().convertToFloat();
  if (matchPattern(x, m_Constant(&splat)))
    return splat.getSplatValue<float>();
  if (isa_and_present<math::ExpOp>(op))
    return 0;
  if (isa_and_present<arith::AddFOp>(op))
    return lowerBound(op->getOperand(0)) + lowerBound(op->getOperand(1));
  return -infinity;
}

Value expandLog(math::LogOp op) {
  Emitter e(op);
  return emitLog(e, op.getOperand(), Value(), lowerBound(op.getOperand()));
}

/// log(1 + x), where what is lost when the sum is rounded is added again.
Value expandLog1p(math::Log1pOp op) {
  Emitter e(op);
  Value x = op.getOperand(), one = e.constant(1.0f);
  Value sum = e.add(x, one);
  Value y = emitLog(e, sum, e.sub(x, e.sub(sum, one)));
  return e.copySign(y, x); // for -0
}

/// Below 1, x + x P(x^2); beyond, 1 - 2^-W(|x|). The polynomials are those
/// whose largest error is least. Within 2 ulp.
Value expandErf(math::ErfOp op) {
  Emitter e(op);
  Value x = op.getOperand(), one = e.constant(1.0f);
  Value p = e.polynomial(e.mul(x, x),
                         {0.12837912142276764f, -0.37612324953079224f,
                          0.11280180513858795f, -0.02671131305396557f,
                          0.004917553626000881f, -0.000563143112231046f});
  Value inner = e.fma(x, p, x);

  Value magnitude = e.abs(x);
  Value end = e.constant(3.95f); // From here on, the result is 1.
  Value t = e.select(e.less(end, magnitude), end, magnitude);
  Value w = e.polynomial(t, {0.0037787058390676975f, 1.6123865842819214f,
                             0.9438690543174744f, 0.12811081111431122f,
                             -0.021397797390818596f, 0.0016695130616426468f});
  // As in expandExp, but 2^n, with n from -26 to 0, is a normal number.
  Value magic = e.constant(12582912.0f + 127.0f);
  Value shifted = e.sub(magic, w);
  Value r = e.add(w, e.sub(shifted, magic));
  Value minusPower = e.polynomial( // -2^-r
      r,
      {-1.0f, 0.6931469440460205f, -0.24022120237350464f, 0.05550713464617729f,
       -0.009675540961325169f, 0.0013276467798277736f});
  Value scale = e.floatBits(e.shl(e.intBits(shifted), 23));
  Value outer = e.copySign(e.fma(minusPower, scale, one), x);
  return e.select(e.less(magnitude, one), inner, outer);
}

/// The function of the C library for double that `op` is, where LLVM has no
/// intrinsic for it or what upstream makes of it loses digits.
StringRef getLibraryFunction(Operation *op) {
  bool isDouble = getElementTypeOrSelf(op->getResult(0)).isF64();
  StringRef name = llvm::StringSwitch<StringRef>(op->getName().getStringRef())
                       .Case("math.acosh", "acosh")
                       .Case("math.asinh", "asinh")
                       .Case("math.atanh", "atanh")
                       .Case("math.cbrt", "cbrt")
                       .Case("math.erf", "erf")
                       .Case("math.erfc", "erfc")
                       .Case("math.expm1", "expm1")
                       .Case("math.log1p", "log1p")
                       .Default("");
  // These are expanded for f32.
  return !isDouble && isa<math::ErfOp, math::Log1pOp>(op) ? "" : name;
}

struct ExpandMath : impl::ExpandMathBase<ExpandMath> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    bool expand = false;
    getOperation().walk([&](Operation *op) {
      if (isa<math::MathDialect>(op->getDialect()))
        ops.push_back(op);
      expand |=
          isa<math::TanhOp, arith::ExtFOp, arith::TruncFOp, arith::CeilDivSIOp,
              arith::CeilDivUIOp, arith::FloorDivSIOp>(op);
    });
    // Operands after what they are operands of, which looks at them.
    for (Operation *op : llvm::reverse(ops))
      rewrite(op);
    if (!expand)
      return;
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(
        patterns, [](StringRef name) { return name == "math.tanh"; });
    arith::populateExpandBFloat16Patterns(patterns);
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    GreedyRewriteConfig config;
    config.enableFolding(false).enableConstantCSE(false);
    (void)applyPatternsGreedily(getOperation(), std::move(patterns), config);
  }

  void rewrite(Operation *op) {
    Value result;
    bool isFloat = getElementTypeOrSelf(op->getResult(0)).isF32();
    StringRef function = getLibraryFunction(op);
    if (!function.empty())
      result =
          callByLane(op, isFloat ? (function + "f").str() : function.str());
    else if (auto exp = dyn_cast<math::ExpOp>(op); exp && isFloat)
      result = expandExp(exp);
    else if (auto log = dyn_cast<math::LogOp>(op); log && isFloat)
      result = expandLog(log);
    else if (auto log1p = dyn_cast<math::Log1pOp>(op); log1p && isFloat)
      result = expandLog1p(log1p);
    else if (auto erf = dyn_cast<math::ErfOp>(op); erf && isFloat)
      result = expandErf(erf);
    if (!result)
      return;
    op->replaceAllUsesWith(ValueRange(result));
    op->erase();
  }

  /// Calls `function` on each element.
  Value callByLane(Operation *op, StringRef function) {
    ImplicitLocOpBuilder b(op->getLoc(), op);
    Type element = getElementTypeOrSelf(op->getResult(0));
    declare(function,
            b.getFunctionType(SmallVector<Type>(op->getNumOperands(), element),
                              element));
    auto call = [&](ValueRange operands) -> Value {
      return func::CallOp::create(b, function, element, operands).getResult(0);
    };
    auto vector = dyn_cast<VectorType>(op->getResult(0).getType());
    if (!vector)
      return call(op->getOperands());
    SmallVector<Value> elements;
    for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(vector::ExtractOp::create(b, operand, lane));
      elements.push_back(call(operands));
    }
    return vector::FromElementsOp::create(b, vector, elements);
  }

  void declare(StringRef name, FunctionType type) {
    ModuleOp module = getOperation();
    if (module.lookupSymbol(name))
      return;
    auto b = OpBuilder::atBlockEnd(module.getBody());
    func::FuncOp::create(b, module.getLoc(), name, type).setPrivate();
  }
};

} // namespace
} // namespace mind
