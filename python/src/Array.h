//===- Array.h - Python's arrays and MIND's tensors -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays come and go through DLPack or the buffer protocol, without a copy.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_ARRAY_H
#define MIND_PYTHON_SRC_ARRAY_H

#include "Mind/Runtime/Tensor.h"
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <optional>

namespace mind::python {

/// A dense, row-major array of any library, to be read.
using InputArray =
    nanobind::ndarray<nanobind::ro, nanobind::c_contig, nanobind::device::cpu>;

/// MIND's name of an array's element type, or none.
std::optional<DType> dtypeOf(nanobind::dlpack::dtype type);

/// An aligned copy of `array`, whose elements are of `dtype`.
runtime::Tensor copyOf(const InputArray &array, DType dtype);

/// Hands `tensor` to Python, which frees it: a NumPy array or, if `asTorch`, a
/// torch tensor. Throws nanobind::type_error if NumPy has no such dtype.
nanobind::object toPython(runtime::Tensor tensor, bool asTorch);

} // namespace mind::python

#endif // MIND_PYTHON_SRC_ARRAY_H
