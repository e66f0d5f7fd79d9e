//===- PrintTensor.h - tensors as text -------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_PRINTTENSOR_H
#define MIND_TOOLS_MINDC_PRINTTENSOR_H

#include "Mind/Runtime/Tensor.h"
#include "llvm/Support/raw_ostream.h"

namespace mind::mindc {

/// Prints `tensor` and a line end as NumPy 2 prints an array by default:
/// aligned columns, at most 8 digits after the point, lines of 75 columns, the
/// inner part of more than 1000 elements left out. A scalar is printed with as
/// many digits as tell it from its neighbours.
void printTensor(const runtime::Tensor &tensor, llvm::raw_ostream &os);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_PRINTTENSOR_H
