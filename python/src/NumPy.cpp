//===- NumPy.cpp - arrays of NumPy ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The numbers and layouts are those of NumPy's C interface, which are part of
// its binary interface: https://numpy.org/doc/stable/reference/c-api/
//
//===----------------------------------------------------------------------===//

#include "NumPy.h"
#include "llvm/Support/ErrorHandling.h"

namespace nb = nanobind;
using namespace mind;
using namespace mind::python;

namespace {

/// The beginning of PyArray_Descr, a dtype.
struct DescriptorLayout {
  PyObject_HEAD PyTypeObject *scalarType;
  char kind, character;
  /// '=' for the machine's, '|' where it does not matter.
  char byteOrder;
  char flags;
  int number;
};

/// The beginning of PyArrayObject. Extents are Py_ssize_t.
struct ArrayLayout {
  PyObject_HEAD char *data;
  int rank;
  Py_ssize_t *extents, *strides;
  PyObject *base;
  DescriptorLayout *descriptor;
  int flags;
};
static_assert(sizeof(Py_ssize_t) == sizeof(int64_t));

/// NPY_ARRAY_C_CONTIGUOUS, and with it NPY_ARRAY_ALIGNED and _WRITEABLE.
constexpr int dense = 0x1, carray = 0x501;

/// Places in the table of functions.
enum Place {
  GetVersion = 0,
  ArrayType = 2,
  DescriptorFromNumber = 45,
  NewFromDescriptor = 94,
  SetBaseObject = 282
};

/// NPY_TYPES.
enum Number {
  Bool = 0,
  Byte = 1,
  UnsignedByte = 2,
  Int = 5,
  Long = 7,
  LongLong = 9,
  Float = 11,
  Double = 12,
  Half = 23
};

} // namespace

static std::optional<DType> dtypeOfNumber(int number) {
  switch (number) {
  case Bool:
    return DType::Bool;
  case Byte:
    return DType::I8;
  case UnsignedByte:
    return DType::U8;
  case Int:
    return DType::I32;
  case Long:
    return sizeof(long) == 8 ? DType::I64 : DType::I32;
  case LongLong:
    return DType::I64;
  case Half:
    return DType::F16;
  case Float:
    return DType::F32;
  case Double:
    return DType::F64;
  default:
    return std::nullopt;
  }
}

static int numberOf(DType dtype) {
  switch (dtype) {
  case DType::Bool:
    return Bool;
  case DType::I8:
    return Byte;
  case DType::U8:
    return UnsignedByte;
  case DType::I32:
    return Int;
  case DType::I64:
    return sizeof(long) == 8 ? Long : LongLong;
  case DType::F16:
    return Half;
  case DType::F32:
    return Float;
  case DType::F64:
    return Double;
  case DType::BF16:
    break;
  }
  llvm_unreachable("NumPy has no bfloat16");
}

NumPy::NumPy(void *const *functions)
    : functions(functions),
      arrayType(static_cast<PyTypeObject *>(functions[ArrayType])) {}

const NumPy *NumPy::loaded() {
  // A process has one NumPy, which stays.
  static const NumPy *numpy = nullptr;
  if (numpy)
    return numpy;
  PyObject *modules = PyImport_GetModuleDict(); // borrowed
  for (const char *name : // of version 2, and of version 1
       {"numpy._core._multiarray_umath", "numpy.core._multiarray_umath"}) {
    nb::handle module = PyDict_GetItemString(modules, name);
    if (!module.is_valid())
      continue;
    nb::object capsule = nb::getattr(module, "_ARRAY_API", nb::none());
    if (!PyCapsule_CheckExact(capsule.ptr()))
      continue;
    auto *functions = static_cast<void *const *>(
        PyCapsule_GetPointer(capsule.ptr(), PyCapsule_GetName(capsule.ptr())));
    auto version = reinterpret_cast<unsigned (*)()>(functions[GetVersion])();
    if (version >> 24 == 1 || version >> 24 == 2) {
      numpy = new NumPy(functions);
      return numpy;
    }
  }
  return nullptr;
}

std::optional<ArrayView> NumPy::view(nb::handle value) const {
  if (Py_TYPE(value.ptr()) != arrayType)
    return std::nullopt;
  auto *array = reinterpret_cast<const ArrayLayout *>(value.ptr());
  char order = array->descriptor->byteOrder;
  std::optional<DType> dtype = dtypeOfNumber(array->descriptor->number);
  if (!(array->flags & dense) || (order != '=' && order != '|') || !dtype)
    return std::nullopt;
  return ArrayView{
      array->data,
      dtype,
      {reinterpret_cast<const int64_t *>(array->extents), size_t(array->rank)}};
}

nb::object NumPy::wrap(runtime::Tensor tensor) const {
  auto descriptor = reinterpret_cast<PyObject *(*)(int)>(
      functions[DescriptorFromNumber])(numberOf(tensor.dtype()));
  if (!descriptor)
    throw nb::python_error();
  auto *owned = new runtime::Tensor(std::move(tensor));
  nb::capsule owner(owned, [](void *memory) noexcept {
    delete static_cast<runtime::Tensor *>(memory);
  });
  auto newFromDescriptor =
      reinterpret_cast<PyObject *(*)(PyTypeObject * type, PyObject * descriptor,
                                     int rank, const Py_ssize_t *extents,
                                     const Py_ssize_t *strides, void *data,
                                     int flags, PyObject *context)>(
          functions[NewFromDescriptor]);
  // Takes the reference to `descriptor`.
  nb::object array = nb::steal(newFromDescriptor(
      arrayType, descriptor, int(owned->rank()),
      reinterpret_cast<const Py_ssize_t *>(owned->shape().data()), nullptr,
      owned->data(), carray, nullptr));
  // Takes the reference to `owner`, whatever the outcome.
  auto setBase = reinterpret_cast<int (*)(PyObject *, PyObject *)>(
      functions[SetBaseObject]);
  if (!array.is_valid() || setBase(array.ptr(), owner.release().ptr()) != 0)
    throw nb::python_error();
  return array;
}
