//===- LowerRequirements.cpp - conditions on sizes ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Extents are computed without a look at overflow wherever else they are
// needed: what is checked here is what makes that right.
//
//===----------------------------------------------------------------------===//

#include "LowerRequirements.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace mind {
namespace {

/// Arithmetic on i64 that keeps in mind whether a result did not fit.
class CheckedArithmetic {
public:
  explicit CheckedArithmetic(ImplicitLocOpBuilder &builder)
      : builder(builder) {}

  /// Null if everything fits for certain.
  Value overflows;

  Value constant(int64_t value) {
    return arith::ConstantOp::create(builder, builder.getI64IntegerAttr(value));
  }

  template <typename WithOverflowOp> Value apply(Value lhs, Value rhs) {
    Type both = LLVM::LLVMStructType::getLiteral(
        builder.getContext(), {builder.getI64Type(), builder.getI1Type()});
    Value pair = WithOverflowOp::create(builder, both, lhs, rhs);
    Value flag =
        LLVM::ExtractValueOp::create(builder, pair, ArrayRef<int64_t>(1));
    overflows =
        overflows ? arith::OrIOp::create(builder, overflows, flag) : flag;
    return LLVM::ExtractValueOp::create(builder, pair, ArrayRef<int64_t>(0));
  }

  Value evaluate(const Dim &dim) {
    Value sum;
    const Dim::Polynomial polynomial = dim.polynomial();
    for (const auto &[monomial, coefficient] : polynomial) {
      Value term;
      if (coefficient != 1 || monomial.empty())
        term = constant(coefficient);
      for (const std::string &name : monomial) {
        Value size = arith::IndexCastOp::create(builder, builder.getI64Type(),
                                                SizeOp::create(builder, name));
        term = term ? apply<LLVM::SMulWithOverflowOp>(term, size) : size;
      }
      sum = sum ? apply<LLVM::SAddWithOverflowOp>(sum, term) : term;
    }
    return sum ? sum : constant(0);
  }

private:
  ImplicitLocOpBuilder &builder;
};

} // namespace

RecordErrorOp lowerRequirement(RequireOp op) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  CheckedArithmetic arithmetic(builder);
  Value product;
  for (const Dim &dim : op.getDims()) {
    Value extent = arithmetic.evaluate(dim);
    product = product
                  ? arithmetic.apply<LLVM::SMulWithOverflowOp>(product, extent)
                  : extent;
  }
  if (!product)
    product = arithmetic.constant(1);
  Value isWrong = arithmetic.overflows;
  if (std::optional<int64_t> least = op.getLeast()) {
    Value isLess = arith::CmpIOp::create(builder, arith::CmpIPredicate::slt,
                                         product, arithmetic.constant(*least));
    isWrong = isWrong ? arith::OrIOp::create(builder, isWrong, isLess) : isLess;
  }
  if (!isWrong)
    isWrong = arith::ConstantIntOp::create(builder, 0, 1);
  return RecordErrorOp::create(builder, isWrong, op.getCode(), op.getMessage(),
                               product);
}

} // namespace mind
