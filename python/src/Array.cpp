//===- Array.cpp - Python's arrays and MIND's tensors -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Array.h"
#include "NumPy.h"
#include "Torch.h"
#include <cstring>

namespace nb = nanobind;
using namespace mind;
using nb::dlpack::dtype_code;

nb::dlpack::dtype python::dlpackType(DType type) {
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

std::optional<python::ArrayView> python::InputArrays::read(nb::handle value) {
  if (const NumPy *numpy = NumPy::loaded())
    if (std::optional<ArrayView> view = numpy->view(value))
      return view;
  std::optional<ArrayView> view;
  const Torch *library = Torch::loaded();
  if (library && library->isTensor(value)) {
    torch = true;
    nb::object &tensor = tensors.emplace_back(library->resolved(value));
    view = library->view(tensor);
    if (!view)
      view = readAny(tensor);
  } else {
    view = readAny(value);
  }
  // Tensors that only stand for data have a shape, but no memory.
  if (view && !view->data && runtime::elementCount(view->shape) != 0)
    return std::nullopt;
  return view;
}

std::optional<python::ArrayView>
python::InputArrays::readAny(nb::handle value) {
  AnyArray array;
  if (!nb::try_cast(value, array))
    return std::nullopt;
  ArrayView view = {
      array.data(), dtypeOf(array.dtype()), {array.shape_ptr(), array.ndim()}};
  arrays.push_back(std::move(array)); // what the view points to stays
  return view;
}

runtime::Tensor python::copyOf(const ArrayView &array) {
  runtime::Tensor copy(*array.dtype, {array.shape.begin(), array.shape.end()});
  if (!copy.valid())
    throw std::bad_alloc();
  std::memcpy(copy.data(), array.data, copy.sizeInBytes());
  return copy;
}

/// As toPython, through nanobind.
template <typename Library> static nb::object exported(runtime::Tensor tensor) {
  auto *owned = new runtime::Tensor(std::move(tensor));
  nb::capsule owner(owned, [](void *memory) noexcept {
    delete static_cast<runtime::Tensor *>(memory);
  });
  auto shape = llvm::to_vector_of<size_t>(owned->shape());
  return nb::cast(nb::ndarray<Library>(owned->data(), shape.size(),
                                       shape.data(), owner, nullptr,
                                       python::dlpackType(owned->dtype())));
}

nb::object python::toPython(runtime::Tensor tensor, bool asTorch) {
  if (asTorch) {
    const Torch *torch = Torch::loaded();
    if (torch && torch->canWrap())
      return torch->wrap(std::move(tensor));
    return exported<nb::pytorch>(std::move(tensor));
  }
  if (tensor.dtype() == DType::BF16)
    throw nb::type_error("NumPy has no bfloat16: pass torch tensors to a "
                         "function with bf16 results, or cast them in MIND");
  if (const NumPy *numpy = NumPy::loaded())
    return numpy->wrap(std::move(tensor));
  return exported<nb::numpy>(std::move(tensor));
}
