//===- VerifyGrouped.cpp - whether IR is what the planner counts on -------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Plan/Planner.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mind;

/// Whether every size in `dims` is one of `sizes`.
static bool areKnown(ArrayRef<Dim> dims, ArrayRef<StringRef> sizes) {
  return llvm::all_of(dims, [&](const Dim &dim) {
    if (dim.isConstant())
      return true;
    const Dim::Polynomial polynomial = dim.polynomial();
    return llvm::all_of(polynomial, [&](const auto &term) {
      return llvm::all_of(term.first, [&](const std::string &name) {
        return llvm::is_contained(sizes, name);
      });
    });
  });
}

/// Whether every size in the types of `types` is one of `sizes`.
static bool areKnown(TypeRange types, ArrayRef<StringRef> sizes) {
  return llvm::all_of(types, [&](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return true;
    std::optional<Dims> dims = dimsOf(tensor);
    return dims && areKnown(*dims, sizes);
  });
}

LogicalResult mind::verifyGrouped(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has more than one block");
  SmallVector<StringRef> sizes;
  if (auto names = function->getAttrOfType<ArrayAttr>(sizesAttr))
    for (auto name : names.getAsRange<StringAttr>())
      sizes.push_back(name);
  constexpr StringLiteral unknown =
      "has a size that the function does not list";
  if (!areKnown(function.getArgumentTypes(), sizes))
    return function.emitOpError(unknown);
  DenseSet<Block *> contracting;
  WalkResult walked = function.walk([&](Operation *op) {
    bool known = areKnown(op->getResultTypes(), sizes);
    if (auto requirement = dyn_cast<RequireOp>(op))
      known &= areKnown(requirement.getDims(), sizes);
    if (auto extent = dyn_cast<ExtentOp>(op))
      known &= areKnown(extent.getExtent(), sizes);
    if (!known) {
      op->emitOpError(unknown);
      return WalkResult::interrupt();
    }
    auto language = dyn_cast<LanguageOpInterface>(op);
    if (language && language.getOpInfo().family == OpFamily::Contraction &&
        !contracting.insert(op->getBlock()).second) {
      op->emitOpError("is not in a group of its own");
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}
