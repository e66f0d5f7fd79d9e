//===- Elements.h - single elements of a tensor ----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing elements of any type, for making inputs. f16 and bf16 are rounded
// once.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TOOLS_MINDC_ELEMENTS_H
#define MIND_TOOLS_MINDC_ELEMENTS_H

#include "Mind/Runtime/Tensor.h"
#include "llvm/ADT/StringRef.h"

namespace mind::mindc {

/// Sets an element of a tensor of a float type, rounding once.
void storeFloat(runtime::Tensor &tensor, int64_t index, double value);

/// Sets an element of a tensor of a float type to the number that `text`
/// spells, rounding once. Returns false if it spells none.
bool storeText(runtime::Tensor &tensor, int64_t index, llvm::StringRef text);

/// Sets an element of a tensor of any type. Integers wrap; bool means != 0.
void storeInt(runtime::Tensor &tensor, int64_t index, int64_t value);

/// The smallest and the largest value of an integer type.
struct IntRange {
  int64_t min;
  int64_t max;
};
IntRange intRange(DType dtype);

} // namespace mind::mindc

#endif // MIND_TOOLS_MINDC_ELEMENTS_H
