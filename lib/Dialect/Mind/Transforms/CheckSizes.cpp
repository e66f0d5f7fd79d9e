//===- CheckSizes.cpp - what a function wants of its sizes -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Basic/Diagnostic.h"
#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Dialect/Mind/Transforms/Optimizer.h"
#include "Mind/Dialect/Mind/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

namespace mind {
#define GEN_PASS_DEF_CHECKSIZES
#include "Mind/Dialect/Mind/Transforms/Passes.h.inc"
} // namespace mind

using namespace mlir;
using namespace mind;

namespace {

/// Adds to the beginning of a function what it requires, each condition once.
class Requirements {
public:
  explicit Requirements(func::FuncOp function)
      : builder(OpBuilder::atBlockBegin(&function.getBody().front())) {}

  /// Nothing is known of sizes but what these types of parameters want.
  void addParameter(RankedTensorType type, Location loc) {
    std::optional<mind::TensorType> tensor = fromIR(type);
    if (!tensor || tensor->isStatic())
      return;
    for (auto [position, dim] : llvm::enumerate(tensor->dims))
      if (dim.name())
        requireExtent(
            dim, 1, loc, DiagKind::NonPositiveDimension,
            {std::to_string(position), shapeString(tensor->dims), "{0}"});
    // No machine addresses more than 2^57 bytes, so that there is room for 64
    // times as many.
    if (std::optional<Dim> bytes = bytesOf(*tensor))
      if (std::optional<Dim> room = Dim::multiply(*bytes, 64))
        countable.push_back(*room);
  }

  void addResult(const mind::TensorType &tensor, Location loc) {
    if (tensor.isStatic())
      return;
    requireCountable(tensor, loc);
    for (auto [position, dim] : llvm::enumerate(tensor.dims))
      if (!dim.isAtLeast(1))
        requireExtent(
            dim, 1, loc, DiagKind::NonPositiveDimension,
            {std::to_string(position), shapeString(tensor.dims), "{0}"});
  }

  /// What the rule of an operation of the language wants of its operands.
  void addOperands(Operation *op) {
    std::optional<Call> call = callFromIR(op);
    mind::TensorType result;
    if (!call || inferType(*call, result))
      return;
    for (const Requirement &requirement : call->requirements) {
      const Dims &dims = call->operands[requirement.operand].dims;
      requireExtent(dims[requirement.dim], requirement.least, op->getLoc(),
                    DiagKind::DimensionTooShort,
                    {"`" + call->op.name().str() + "`", shapeString(dims),
                     std::to_string(requirement.dim), "{0}",
                     std::to_string(requirement.least)});
    }
  }

private:
  static std::optional<Dim> bytesOf(const mind::TensorType &tensor) {
    std::optional<Dim> count = elementCount(tensor.dims);
    return count ? Dim::multiply(*count, int64_t(sizeInBytes(tensor.dtype)))
                 : std::nullopt;
  }

  void requireExtent(const Dim &extent, int64_t least, Location loc,
                     DiagKind kind, ArrayRef<std::string> arguments) {
    // B - 2 >= 1 and B >= 3 are one condition.
    std::optional<Dim> excess = Dim::subtract(extent, least);
    std::string key =
        excess ? excess->str() : extent.str() + ">=" + std::to_string(least);
    if (required.insert(key).second)
      RequireOp::create(builder, loc, extent, least, kind, arguments);
  }

  void requireCountable(const mind::TensorType &tensor, Location loc) {
    std::optional<Dim> bytes = bytesOf(tensor);
    auto isMore = [&](const Dim &other) {
      std::optional<Dim> difference = Dim::subtract(other, *bytes);
      return difference && difference->isAtLeast(0);
    };
    if (bytes && llvm::any_of(countable, isMore))
      return;
    std::string shape = shapeString(tensor.dims);
    if (bytes)
      countable.push_back(*bytes);
    else if (!required.insert(tensor.str()).second)
      return;
    Dims factors = tensor.dims;
    factors.push_back(int64_t(sizeInBytes(tensor.dtype)));
    RequireOp::create(builder, loc, factors, std::nullopt,
                      DiagKind::ElementCountOverflow, shape);
  }

  OpBuilder builder;
  llvm::StringSet<> required;
  /// Numbers of bytes that fit in 63 bits.
  SmallVector<Dim> countable;
};

struct CheckSizes : mind::impl::CheckSizesBase<CheckSizes> {
  void runOnOperation() override { checkSizes(getOperation()); }
};

} // namespace

void mind::checkSizes(func::FuncOp function) {
  if (function.isExternal() || !function->hasAttr(sizesAttr))
    return;
  Requirements requirements(function);
  for (BlockArgument argument : function.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(argument.getType()))
      requirements.addParameter(type, argument.getLoc());
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<LanguageOpInterface>(op))
      requirements.addOperands(op);
    for (Type type : op->getResultTypes())
      if (auto ranked = dyn_cast<RankedTensorType>(type))
        if (std::optional<mind::TensorType> tensor = fromIR(ranked))
          requirements.addResult(*tensor, op->getLoc());
  });
}
