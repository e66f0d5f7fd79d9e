//===- TensorType.cpp - dtype and shape -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Shape/TensorType.h"
#include "llvm/ADT/STLExtras.h"

namespace mind {

bool TensorType::isStatic() const {
  return llvm::all_of(dims, [](const Dim &dim) { return dim.isConstant(); });
}

std::string TensorType::str() const {
  std::string name(dtypeName(dtype));
  return dims.empty() ? name
                      : "Tensor<" + name + ", " + shapeString(dims) + ">";
}

} // namespace mind
