//===- Array.cpp - Python's arrays and MIND's tensors -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Array.h"
#include "llvm/ADT/SmallVector.h"
#include <cstring>

namespace nb = nanobind;
using namespace mind;
using nb::dlpack::dtype_code;

static nb::dlpack::dtype dlpackType(DType type) {
  auto code = dtype_code::Float;
  if (isBool(type))
    code = dtype_code::Bool;
  else if (isInt(type))
    code = isSignedInt(type) ? dtype_code::Int : dtype_code::UInt;
  else if (type == DType::BF16)
    code = dtype_code::Bfloat;
  return {uint8_t(code), uint8_t(8 * sizeInBytes(type)), 1};
}

std::optional<DType> python::dtypeOf(nb::dlpack::dtype type) {
  for (size_t i = 0; i != numDTypes; ++i)
    if (dlpackType(DType(i)) == type)
      return DType(i);
  return std::nullopt;
}

runtime::Tensor python::copyOf(const InputArray &array, DType dtype) {
  const int64_t *shape = array.shape_ptr();
  runtime::Tensor copy(dtype, {shape, shape + array.ndim()});
  if (!copy.valid())
    throw std::bad_alloc();
  std::memcpy(copy.data(), array.data(), copy.sizeInBytes());
  return copy;
}

nb::object python::toPython(runtime::Tensor tensor, bool asTorch) {
  if (tensor.dtype() == DType::BF16 && !asTorch)
    throw nb::type_error("NumPy has no bfloat16: pass torch tensors to a "
                         "function with bf16 results, or cast them in MIND");
  auto *owned = new runtime::Tensor(std::move(tensor));
  nb::capsule owner(owned, [](void *memory) noexcept {
    delete static_cast<runtime::Tensor *>(memory);
  });
  auto shape = llvm::to_vector_of<size_t>(owned->shape());
  nb::dlpack::dtype type = dlpackType(owned->dtype());
  if (asTorch)
    return nb::cast(nb::ndarray<nb::pytorch>(
        owned->data(), shape.size(), shape.data(), owner, nullptr, type));
  return nb::cast(nb::ndarray<nb::numpy>(owned->data(), shape.size(),
                                         shape.data(), owner, nullptr, type));
}
