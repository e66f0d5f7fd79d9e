//===- KernelEpilogue.cpp - what follows a contraction -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEpilogue.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace mlir::linalg;

namespace mind {
namespace {

/// The elementwise operation that alone uses `value`, reading it where it
/// writes; or null.
GenericOp onlyUser(Value value) {
  if (!value.hasOneUse())
    return nullptr;
  auto user = dyn_cast<GenericOp>(*value.user_begin());
  if (!user || user.getNumReductionLoops() != 0 || user.getNumDpsInits() != 1 ||
      user->getResult(0).getType() != value.getType() ||
      user.isDpsInit(&*value.use_begin()))
    return nullptr;
  AffineMap read = user.getMatchingIndexingMap(&*value.use_begin()),
            written = user.getMatchingIndexingMap(user.getDpsInitOperand(0));
  return read.isIdentity() && written.isIdentity() ? user : nullptr;
}

//===----------------------------------------------------------------------===//
// By columns
//===----------------------------------------------------------------------===//

/// Whether `user` reads `operand` as one value for each column of its result.
bool isByColumn(GenericOp user, OpOperand &operand) {
  auto type = dyn_cast<RankedTensorType>(operand.get().getType());
  auto result = cast<RankedTensorType>(user->getResult(0).getType());
  if (!type || type.getRank() == 0 ||
      type.getNumElements() != result.getShape().back())
    return false;
  AffineMap map = user.getMatchingIndexingMap(&operand);
  for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
    bool isColumn = dim + 1 == size_t(type.getRank());
    auto loop = dyn_cast<AffineDimExpr>(expr);
    if (isColumn ? !loop || loop.getPosition() != user.getNumLoops() - 1
                 : type.getDimSize(dim) != 1)
      return false;
  }
  return true;
}

/// The steps that `user` consists of, the first of which is on `sums`; none if
/// it does anything else.
SmallVector<KernelEpilogue::Step> matchSteps(GenericOp user, Value sums) {
  Block &block = *user.getBlock();
  auto columnsOf = [&](Value scalar) -> Value {
    auto argument = dyn_cast<BlockArgument>(scalar);
    if (!argument || argument.getOwner() != &block)
      return {};
    OpOperand &operand = user->getOpOperand(argument.getArgNumber());
    return operand.get() != sums && isByColumn(user, operand) ? operand.get()
                                                              : Value();
  };
  SmallVector<KernelEpilogue::Step> steps;
  Value current = user.getMatchingBlockArgument(&*sums.use_begin());
  for (Operation &op : block.without_terminator()) {
    if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(op))
      return {};
    bool isLeft = op.getOperand(0) == current;
    if (!isLeft && (isa<arith::SubFOp>(op) || op.getOperand(1) != current))
      return {};
    Value columns = columnsOf(op.getOperand(isLeft ? 1 : 0));
    if (!columns)
      return {};
    steps.push_back({&op, columns});
    current = op.getResult(0);
  }
  if (block.getTerminator()->getOperand(0) != current)
    return {};
  return steps;
}

/// The operand of the one input of `value`'s elementwise operation, or null,
/// and what it yields.
struct Elementwise {
  Value input, argument, result;
};

std::optional<Elementwise> onlyInput(Value value) {
  auto op = value.getDefiningOp<GenericOp>();
  if (!op || op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 0 ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isIdentity(); }))
    return std::nullopt;
  Block &block = *op.getBlock();
  return Elementwise{op.getDpsInputs()[0], block.getArgument(0),
                     block.getTerminator()->getOperand(0)};
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

/// What `user` adds to `sums`, if it is like `sums`; or null.
Value matchResidual(GenericOp user, Value sums) {
  Block &block = *user.getBlock();
  if (user.getNumDpsInputs() != 2 ||
      !llvm::hasSingleElement(block.without_terminator()))
    return {};
  auto sum = dyn_cast<arith::AddFOp>(block.front());
  if (!sum || block.getTerminator()->getOperand(0) != sum ||
      !llvm::is_contained(sum->getOperands(), block.getArgument(0)) ||
      !llvm::is_contained(sum->getOperands(), block.getArgument(1)))
    return {};
  OpOperand *other =
      user.getDpsInputOperand(user.getDpsInputs()[0] == sums ? 1 : 0);
  return other->get().getType() == sums.getType() &&
                 user.getMatchingIndexingMap(other).isIdentity()
             ? other->get()
             : Value();
}

/// Matches a constant of f32.
struct Number {
  double number;
  bool match(Value value) const {
    FloatAttr attribute;
    return matchPattern(value, m_Constant(&attribute)) &&
           attribute.getValueAsDouble() == float(number);
  }
};

/// The activation that `user` is, by name, or nothing: they look as
/// mind-to-linalg makes them.
StringRef matchActivation(GenericOp user) {
  if (user.getNumDpsInputs() != 1)
    return {};
  auto x = matchers::m_Val(user.getBlock()->getArgument(0));
  Value result = user.getBlock()->getTerminator()->getOperand(0);
  auto is = [&](auto pattern) { return matchPattern(result, pattern); };
  if (is(m_Op<arith::MaximumFOp>(x, m_AnyZeroFloat())))
    return "relu";
  if (!result.getType().isF32())
    return {};
  auto add = [](auto lhs, auto rhs) { return m_Op<arith::AddFOp>(lhs, rhs); };
  auto mul = [](auto lhs, auto rhs) { return m_Op<arith::MulFOp>(lhs, rhs); };
  auto tanh = [](auto of) { return m_Op<math::TanhOp>(of); };
  auto onePlusExp = add(Number{1}, m_Op<math::ExpOp>(m_Op<arith::NegFOp>(x)));
  if (is(m_Op<arith::DivFOp>(x, onePlusExp)))
    return "silu";
  if (is(m_Op<arith::DivFOp>(Number{1}, onePlusExp)))
    return "sigmoid";
  if (is(tanh(x)))
    return "tanh";
  auto gelu = [&](auto curve) {
    return mul(mul(x, Number{0.5}), add(Number{1}, curve));
  };
  if (is(gelu(m_Op<math::ErfOp>(mul(x, Number{1 / std::numbers::sqrt2})))))
    return "gelu";
  auto cubic = add(x, mul(Number{0.044715}, mul(mul(x, x), x)));
  if (is(gelu(tanh(mul(Number{std::sqrt(2 / std::numbers::pi)}, cubic)))))
    return "gelu_tanh";
  return {};
}

} // namespace

//===----------------------------------------------------------------------===//
// KernelEpilogue
//===----------------------------------------------------------------------===//

KernelEpilogue::KernelEpilogue(LinalgOp contraction)
    : operations({contraction}) {
  while (!activation) {
    Value sums = operations.back()->getResult(0);
    GenericOp user = onlyUser(sums);
    if (!user || !append(user, sums))
      break;
    operations.push_back(user);
  }
}

bool KernelEpilogue::append(GenericOp user, Value sums) {
  if (StringRef name = matchActivation(user); !name.empty()) {
    activation = StringAttr::get(user.getContext(), name);
    return true;
  }
  if (appendSteps(user, sums))
    return true;
  if (residual)
    return false;
  residual = matchResidual(user, sums);
  return bool(residual);
}

bool KernelEpilogue::appendSteps(GenericOp user, Value sums) {
  SmallVector<Step> steps = matchSteps(user, sums);
  if (!scale && !bias && !residual && appendNormalization(steps))
    return true;
  Value newScale = scale, newBias = bias;
  for (auto [op, columns] : steps) {
    if (isa<arith::MulFOp>(op) && !newScale && !newBias && !residual)
      newScale = columns;
    // A bias may be added after the residual too: sums are in any order.
    else if (isa<arith::AddFOp>(op) && !newBias)
      newBias = columns;
    else
      return false;
  }
  scale = newScale;
  bias = newBias;
  return !steps.empty();
}

/// (x - mean) * inverse * gamma + beta, where the inverse of the deviation is
/// 1 / sqrt(variance + eps).
bool KernelEpilogue::appendNormalization(ArrayRef<Step> steps) {
  if (steps.size() != 4 || !isa<arith::SubFOp>(steps[0].op) ||
      !isa<arith::MulFOp>(steps[1].op) || !isa<arith::MulFOp>(steps[2].op) ||
      !isa<arith::AddFOp>(steps[3].op))
    return false;
  std::optional<Elementwise> inverse = onlyInput(steps[1].columns);
  FloatAttr constant;
  if (!inverse ||
      !matchPattern(inverse->result,
                    m_Op<arith::DivFOp>(m_OneFloat(),
                                        m_Op<math::SqrtOp>(m_Op<arith::AddFOp>(
                                            matchers::m_Val(inverse->argument),
                                            m_Constant(&constant))))))
    return false;
  mean = steps[0].columns;
  variance = inverse->input;
  scale = steps[2].columns;
  bias = steps[3].columns;
  eps = constant;
  return true;
}

} // namespace mind
