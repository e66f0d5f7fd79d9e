//===- Strides.h - the strides of memrefs ----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_STRIDES_H
#define MIND_LIB_CODEGEN_STRIDES_H

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mind {

/// The strides of `type`, what MemRefType::getStridesAndOffset gives: that goes
/// by affine expressions, which takes microseconds, and this is asked for each
/// access.
inline llvm::SmallVector<int64_t> stridesOf(mlir::MemRefType type) {
  if (auto layout = llvm::dyn_cast<mlir::StridedLayoutAttr>(type.getLayout()))
    return llvm::to_vector(layout.getStrides());
  if (!type.getLayout().isIdentity())
    return type.getStridesAndOffset().first;
  llvm::SmallVector<int64_t> strides(type.getRank());
  mlir::SaturatedInteger stride = mlir::SaturatedInteger::wrap(1);
  for (int64_t dim = type.getRank(); dim-- > 0;) {
    strides[dim] = stride.asInteger();
    stride = stride * mlir::SaturatedInteger::wrap(type.getDimSize(dim));
  }
  return strides;
}

} // namespace mind

#endif // MIND_LIB_CODEGEN_STRIDES_H
