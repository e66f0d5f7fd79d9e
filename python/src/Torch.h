//===- Torch.h - tensors of PyTorch ----------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// PyTorch's tensors through the functions that it publishes (DLPack.h), since
// its methods in Python take several times as long as a small operation. There
// is no dependence on PyTorch: it is used if the process has loaded it, and
// versions before 2.10, which publish none, are read as any other library's.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_TORCH_H
#define MIND_PYTHON_SRC_TORCH_H

#include "Array.h"
#include "DLPack.h"

namespace mind::python {

/// The PyTorch of this process. All functions want the GIL.
class Torch {
public:
  /// None if the process has not loaded it yet.
  static const Torch *loaded();

  /// Whether `value` is a tensor, of a derived class too.
  bool isTensor(nanobind::handle value) const {
    return isPlain(value) || PyType_IsSubtype(Py_TYPE(value.ptr()), tensorType);
  }

  /// `tensor`, or what it stands for if it is a negated view of other memory.
  nanobind::object resolved(nanobind::handle tensor) const;

  /// What `tensor` holds, if it is in the CPU's memory. One that is not dense
  /// is replaced by a copy that is. None if the functions above are missing, or
  /// do not serve this tensor.
  std::optional<ArrayView> view(nanobind::object &tensor) const;

  /// Whether wrap() works.
  bool canWrap() const { return api; }
  /// A torch tensor, which frees the memory of `tensor`.
  nanobind::object wrap(runtime::Tensor tensor) const;

private:
  explicit Torch(nanobind::handle module);

  /// Whether the class of `value` is PyTorch's own: what memory holds then is
  /// what the tensor is, whereas a derived one may say that it is anything.
  bool isPlain(nanobind::handle value) const {
    PyTypeObject *type = Py_TYPE(value.ptr());
    return type == tensorType || type == parameterType;
  }

  // References that are never given back.
  PyTypeObject *tensorType, *parameterType;
  PyObject *isNegated;
  const dlpack::ExchangeApi *api = nullptr;
};

} // namespace mind::python

#endif // MIND_PYTHON_SRC_TORCH_H
