//===- ScopedBuilder.cpp - builds loops without redundancy ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScopedBuilder.h"
#include "Mind/Dialect/Mind/IR/Extents.h"

using namespace mlir;

namespace mind {

unsigned ScopedBuilder::OperationInfo::getHashValue(const Operation *op) {
  return OperationEquivalence::computeHash(
      const_cast<Operation *>(op), OperationEquivalence::directHashValue,
      OperationEquivalence::ignoreHashValue,
      OperationEquivalence::IgnoreLocations);
}

bool ScopedBuilder::OperationInfo::isEqual(const Operation *lhs,
                                           const Operation *rhs) {
  if (lhs == rhs)
    return true;
  if (lhs == getEmptyKey() || lhs == getTombstoneKey() ||
      rhs == getEmptyKey() || rhs == getTombstoneKey())
    return false;
  return OperationEquivalence::isEquivalentTo(
      const_cast<Operation *>(lhs), const_cast<Operation *>(rhs),
      OperationEquivalence::IgnoreLocations);
}

ScopedBuilder::ScopedBuilder(Operation *anchor, Location loc)
    : builder(anchor->getContext()), loc(loc) {
  scopes.push_back({anchor->getBlock(), anchor->getIterator(), {}});
}

Operation *ScopedBuilder::place(Operation *op) {
  unsigned depth = 0;
  for (Value operand : op->getOperands())
    depth = std::max(depth, depthOf(operand));
  Scope &scope = scopes[depth];
  auto [known, isNew] = scope.known.insert(op);
  if (!isNew) {
    op->erase();
    return *known;
  }
  scope.block->getOperations().insert(scope.point, op);
  for (Value result : op->getResults())
    depths[result] = depth;
  return op;
}

Operation *ScopedBuilder::append(Operation *op) {
  Scope &scope = scopes.back();
  scope.block->getOperations().insert(scope.point, op);
  for (Value result : op->getResults())
    depths[result] = getDepth();
  return op;
}

Value ScopedBuilder::constant(TypedAttr value) {
  return pure<arith::ConstantOp>(value);
}

Value ScopedBuilder::constantIndex(int64_t value) {
  return constant(builder.getIndexAttr(value));
}

Value ScopedBuilder::extent(const Dim &dim) {
  return makeExtent(getContext(), dim,
                    [&]<typename OpT>(auto &&...args) -> Value {
                      return pure<OpT>(args...);
                    });
}

scf::ForOp ScopedBuilder::openLoop(Value lower, Value upper, int64_t step,
                                   ValueRange inits) {
  Value stepValue = constantIndex(step);
  auto loop = effect<scf::ForOp>(lower, upper, stepValue, inits);
  // Invariants of the loop found later go in front of it.
  scopes.back().point = loop->getIterator();
  Block *body = loop.getBody();
  // Without carried values, the loop is made with its terminator.
  if (inits.empty())
    body->getTerminator()->erase();
  scopes.push_back({body, body->end(), {}});
  for (BlockArgument argument : body->getArguments())
    depths[argument] = getDepth();
  return loop;
}

void ScopedBuilder::closeLoop(ValueRange values) {
  effect<scf::YieldOp>(values);
  Operation *loop = scopes.back().block->getParentOp();
  scopes.pop_back();
  scopes.back().point = std::next(loop->getIterator());
}

} // namespace mind
