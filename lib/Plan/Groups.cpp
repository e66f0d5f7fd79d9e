//===- Groups.cpp - a group as a step or a few ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"
#include "mlir/IR/BuiltinAttributes.h"
#include <bit>

using namespace mlir;
using namespace mind;
using plan::StepKind;

LogicalResult FunctionPlanner::planGroup(GroupOp group) {
  Block &block = group.getBlock();
  for (auto [argument, input] :
       llvm::zip_equal(block.getArguments(), group.getInputs()))
    places[argument] = &view(input);
  // What the group yields is computed where its result is to be.
  ValueRange yielded = group.getYield().getValues();
  for (auto [result, value] : llvm::zip_equal(group.getResults(), yielded))
    if (auto wanted = destinations.find(result); wanted != destinations.end()) {
      const View *destination = wanted->second;
      destinations.erase(wanted);
      if (value.getDefiningOp())
        destinations[value] = destination;
    }
  for (Operation &op : beforeTerminator(block))
    if (failed(planInGroup(&op)))
      return failure();
  for (auto [result, value] : llvm::zip_equal(group.getResults(), yielded)) {
    const View *place = &view(value);
    // What a view shows may be wanted elsewhere.
    if (auto wanted = destinations.find(value); wanted != destinations.end()) {
      copy(*place, *wanted->second);
      place = wanted->second;
      destinations.erase(wanted);
    }
    places[result] = place;
  }
  return success();
}

LogicalResult FunctionPlanner::planInGroup(Operation *op) {
  // Placed already, as part of a kernel with what comes before it.
  if (op->getNumResults() && find(op->getResult(0)))
    return success();
  if (auto extent = dyn_cast<ExtentOp>(op)) {
    const View &to = allocate(extent.getResult());
    plan::Operand result = builder.operand(to);
    Dim value = extent.getExtent();
    builder.addStep(StepKind::SetNumber, {result, value});
    return success();
  }
  if (isa<ConstantOp>(op))
    return success(); // pending
  auto language = dyn_cast<LanguageOpInterface>(op);
  if (!language)
    return op->emitOpError("has no kernel");
  const OpFamily family = language.getOpInfo().family;
  if (isPointwise(op, family))
    return success(); // pending
  switch (family) {
  case OpFamily::Movement:
    if (planMovement(op))
      return success();
    break;
  case OpFamily::Contraction:
    if (planContraction(op))
      return success();
    break;
  case OpFamily::Reduction:
    if (planReduction(op))
      return success();
    break;
  case OpFamily::Normalization:
    if (planRows(op))
      return success();
    break;
  case OpFamily::Pooling:
    if (planPooling(op))
      return success();
    break;
  case OpFamily::Indexing:
    if (planIndexing(op))
      return success();
    break;
  case OpFamily::Creation:
  case OpFamily::Elementwise:
  case OpFamily::Effect:
    break;
  }
  return op->emitOpError("has no kernel");
}

/// Writes the elements of `data`, of equal ones the first, as they lie in
/// memory, a bool a byte.
static void writeElements(DenseElementsAttr data, char *to) {
  if (!data.getElementType().isInteger(1)) {
    ArrayRef<char> raw = data.getRawData();
    std::memcpy(to, raw.data(), raw.size());
    return;
  }
  if (data.isSplat()) {
    *to = char(data.getSplatValue<bool>());
    return;
  }
  for (bool element : data.getValues<bool>())
    *to++ = char(element);
}

void FunctionPlanner::planConstant(Value result, DenseElementsAttr data) {
  Dims extents = dimsOf(result);
  DType dtype = dtypeOf(result);
  // Of equal elements there is one.
  bool isSplat = data.isSplat();
  size_t count = isSplat ? 1 : size_t(data.getNumElements());
  auto [memory, buffer] = builder.addConstant(count * sizeInBytes(dtype));
  writeElements(data, memory);
  if (isSplat)
    place(result, broadcast({buffer, dtype, 0, {}, {}}, extents));
  else
    place(result, {buffer, dtype, 0, extents, denseStrides(extents)});
}
