//===- FloatFormat.h - the float dtypes as APFloat has them ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BASIC_FLOATFORMAT_H
#define MIND_BASIC_FLOATFORMAT_H

#include "Mind/Basic/DType.h"
#include "llvm/ADT/APFloat.h"

namespace mind {

/// The format of the elements of `dtype`, a float dtype.
inline const llvm::fltSemantics &floatFormat(DType dtype) {
  switch (dtype) {
  case DType::F16:
    return llvm::APFloat::IEEEhalf();
  case DType::BF16:
    return llvm::APFloat::BFloat();
  case DType::F32:
    return llvm::APFloat::IEEEsingle();
  default:
    return llvm::APFloat::IEEEdouble();
  }
}

/// `value`, rounded to the nearest of `dtype`, to the even one of two.
inline llvm::APFloat roundedTo(DType dtype, double value) {
  llvm::APFloat result(value);
  bool isInexact;
  result.convert(floatFormat(dtype), llvm::APFloat::rmNearestTiesToEven,
                 &isInexact);
  return result;
}

} // namespace mind

#endif // MIND_BASIC_FLOATFORMAT_H
