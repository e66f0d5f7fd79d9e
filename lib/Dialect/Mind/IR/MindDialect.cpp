//===- MindDialect.cpp - the mind dialect ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "Mind/Dialect/Mind/IR/MindDialect.cpp.inc"

#include "Mind/Dialect/Mind/IR/LanguageOpInterface.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "Mind/Dialect/Mind/IR/MindAttributes.cpp.inc"

namespace mind {

void MindDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "Mind/Dialect/Mind/IR/MindOps.cpp.inc"
      >();
}

void MindDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Mind/Dialect/Mind/IR/MindAttributes.cpp.inc"
      >();
}

Operation *MindDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}

LogicalResult
DimsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                         function_ref<InFlightDiagnostic()> emitError) const {
  if (getExtents().size() != shape.size())
    return emitError() << "the encoding has " << getExtents().size()
                       << " extents for a tensor of rank " << shape.size();
  for (auto [text, extent] : llvm::zip_equal(getExtents(), shape)) {
    std::optional<Dim> dim = Dim::parse(text.getValue());
    if (!dim)
      return emitError() << "'" << text.getValue()
                         << "' is not an expression over named sizes";
    int64_t expected =
        dim->isConstant() ? dim->constant() : ShapedType::kDynamic;
    if (expected != extent)
      return emitError() << "extent '" << text.getValue()
                         << "' disagrees with the tensor's shape";
  }
  return success();
}

} // namespace mind
