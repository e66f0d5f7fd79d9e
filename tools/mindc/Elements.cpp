//===- Elements.cpp - single elements of a tensor -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Mind/Basic/FloatFormat.h"
#include "llvm/Support/Error.h"
#include <limits>

using namespace mind;
using namespace mind::mindc;
using runtime::Tensor;

void mindc::storeFloat(Tensor &tensor, int64_t index, double value) {
  switch (tensor.dtype()) {
  case DType::F32:
    tensor.as<float>()[index] = float(value);
    return;
  case DType::F64:
    tensor.as<double>()[index] = value;
    return;
  default:
    tensor.as<uint16_t>()[index] = uint16_t(
        roundedTo(tensor.dtype(), value).bitcastToAPInt().getZExtValue());
  }
}

bool mindc::storeText(Tensor &tensor, int64_t index, llvm::StringRef text) {
  llvm::APFloat number(floatFormat(tensor.dtype()));
  llvm::Expected<llvm::APFloat::opStatus> status =
      number.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return false;
  }
  // Each type holds the value exactly, so this does not round again.
  storeFloat(tensor, index, number.convertToDouble());
  return true;
}

void mindc::storeInt(Tensor &tensor, int64_t index, int64_t value) {
  switch (tensor.dtype()) {
  case DType::Bool:
    tensor.as<uint8_t>()[index] = value != 0;
    return;
  case DType::I8:
  case DType::U8:
    tensor.as<uint8_t>()[index] = uint8_t(value);
    return;
  case DType::I32:
    tensor.as<uint32_t>()[index] = uint32_t(value);
    return;
  case DType::I64:
    tensor.as<int64_t>()[index] = value;
    return;
  default:
    storeFloat(tensor, index, double(value));
  }
}

template <typename T> static IntRange rangeOf() {
  return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}

IntRange mindc::intRange(DType dtype) {
  switch (dtype) {
  case DType::I8:
    return rangeOf<int8_t>();
  case DType::U8:
    return rangeOf<uint8_t>();
  case DType::I32:
    return rangeOf<int32_t>();
  default:
    return rangeOf<int64_t>();
  }
}
