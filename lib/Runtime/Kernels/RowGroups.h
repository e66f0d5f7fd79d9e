//===- RowGroups.h - axes of rows ------------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ROWGROUPS_H
#define MIND_LIB_RUNTIME_KERNELS_ROWGROUPS_H

#include "Mind/Runtime/Kernels/Matmul.h"

namespace mind::kernels {

/// Makes an axis around the rows of a product, along which B is the same, one
/// of rows; false if there is no room for it.
inline bool addRows(MatmulShape &shape, const RowGroup &axis) {
  if (axis.count == 1)
    return true;
  if (shape.groups[0].count == 1) {
    if (shape.m == 1) {
      shape.m = axis.count;
      shape.a.row = axis.a;
      shape.cRow = axis.c;
      shape.residualRow = axis.residual;
      return true;
    }
    if (axis.a == shape.m * shape.a.row && axis.c == shape.m * shape.cRow &&
        axis.residual == shape.m * shape.residualRow) {
      shape.m *= axis.count;
      return true;
    }
  }
  for (RowGroup &group : shape.groups)
    if (group.count == 1) {
      group = axis;
      return true;
    }
  return false;
}

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ROWGROUPS_H
