//===- Number.cpp - Python's numbers as MIND's ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Number.h"
#include "Mind/Basic/FloatFormat.h"
#include <cstring>

namespace nb = nanobind;
using namespace mind;

std::optional<DType> python::dtypeOfNumber(nb::handle value, DType wanted) {
  if (PyBool_Check(value.ptr()))
    return DType::Bool;
  if (PyLong_Check(value.ptr()))
    return isBool(wanted) ? DType::I64 : wanted;
  if (PyFloat_Check(value.ptr()))
    return isFloat(wanted) ? wanted : DType::F64;
  return std::nullopt;
}

/// Whether `value` lies in the range of `dtype`.
static bool fits(int64_t value, DType dtype) {
  switch (dtype) {
  case DType::I8:
    return value == int8_t(value);
  case DType::U8:
    return value == uint8_t(value);
  case DType::I32:
    return value == int32_t(value);
  default:
    return true;
  }
}

runtime::Tensor python::tensorOfNumber(nb::handle value, DType dtype,
                                       const std::string &name) {
  runtime::Tensor tensor(dtype, {});
  if (!tensor.valid())
    throw std::bad_alloc();
  uint64_t bits;
  if (isFloat(dtype)) {
    double number = PyFloat_AsDouble(value.ptr());
    if (number == -1 && PyErr_Occurred())
      throw nb::python_error();
    bits = roundedTo(dtype, number).bitcastToAPInt().getZExtValue();
  } else {
    int overflow;
    int64_t number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
    if (overflow || !fits(number, dtype)) {
      PyErr_SetString(PyExc_OverflowError,
                      ("'" + name + "' is out of range for " +
                       std::string(dtypeName(dtype)))
                          .c_str());
      throw nb::python_error();
    }
    bits = uint64_t(number);
  }
  // Little-endian, as all machines that code is generated for.
  std::memcpy(tensor.data(), &bits, sizeInBytes(dtype));
  return tensor;
}
