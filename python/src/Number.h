//===- Number.h - Python's numbers as MIND's -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_NUMBER_H
#define MIND_PYTHON_SRC_NUMBER_H

#include "Mind/Runtime/Tensor.h"
#include <nanobind/nanobind.h>
#include <optional>

namespace mind::python {

/// The dtype that Python's bool, int or float `value` is passed as where
/// `wanted` is expected: like a literal, a number of the language adopts what
/// it meets, but none becomes a bool, nor a float an integer. None if `value`
/// is no number.
std::optional<DType> dtypeOfNumber(nanobind::handle value, DType wanted);

/// The tensor of rank 0 that holds `value`, rounded once. Raises OverflowError,
/// which names the parameter `name`, where an integer does not fit.
runtime::Tensor tensorOfNumber(nanobind::handle value, DType dtype,
                               const std::string &name);

} // namespace mind::python

#endif // MIND_PYTHON_SRC_NUMBER_H
