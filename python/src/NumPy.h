//===- NumPy.h - arrays of NumPy -------------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's arrays through its C interface, which it publishes in a capsule. What
// is used of it is the same in the major versions 1 and 2; others are read and
// made as any other library's arrays, which takes longer.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_NUMPY_H
#define MIND_PYTHON_SRC_NUMPY_H

#include "Array.h"

namespace mind::python {

/// The NumPy of this process. All functions want the GIL.
class NumPy {
public:
  /// None if the process has not loaded it yet, or it is one that we do not
  /// know.
  static const NumPy *loaded();

  /// What `value` holds, if it is a dense array (of no derived class) of a
  /// dtype that MIND has, in the machine's order of bytes.
  std::optional<ArrayView> view(nanobind::handle value) const;

  /// A NumPy array, which frees the memory of `tensor`: not of bf16.
  nanobind::object wrap(runtime::Tensor tensor) const;

private:
  explicit NumPy(void *const *functions);

  void *const *functions;
  PyTypeObject *arrayType;
};

} // namespace mind::python

#endif // MIND_PYTHON_SRC_NUMPY_H
