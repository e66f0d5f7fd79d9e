//===- Array.h - Python's arrays and MIND's tensors -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays come and go without a copy: NumPy's and PyTorch's through what these
// publish for C (NumPy.h, Torch.h), those of other libraries through DLPack or
// the buffer protocol.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_ARRAY_H
#define MIND_PYTHON_SRC_ARRAY_H

#include "Mind/Runtime/Tensor.h"
#include "llvm/ADT/SmallVector.h"
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <optional>

namespace mind::python {

/// A dense, row-major array to be read, in memory of someone else.
struct ArrayView {
  const void *data;
  /// None if MIND has no such dtype.
  std::optional<DType> dtype;
  std::span<const int64_t> shape;
};

/// The arrays of one call, which keeps the values themselves.
class InputArrays {
public:
  /// What `value` holds, as long as this object lives. None if it is no array
  /// in the CPU's memory.
  std::optional<ArrayView> read(nanobind::handle value);

  /// Whether one of the arrays was a torch tensor.
  bool haveTorch() const { return torch; }

private:
  /// A dense, row-major array of any library.
  using AnyArray = nanobind::ndarray<nanobind::ro, nanobind::c_contig,
                                     nanobind::device::cpu>;

  std::optional<ArrayView> readAny(nanobind::handle value);

  // Few enough for the stack, mostly.
  llvm::SmallVector<AnyArray, 2> arrays;
  llvm::SmallVector<nanobind::object, 4> tensors; // of PyTorch
  bool torch = false;
};

/// How DLPack says `type`.
nanobind::dlpack::dtype dlpackType(DType type);

/// MIND's name of an array's element type, or none.
std::optional<DType> dtypeOf(nanobind::dlpack::dtype type);

/// An aligned copy of `array`, whose dtype MIND has.
runtime::Tensor copyOf(const ArrayView &array);

/// Hands `tensor` to Python, which frees it: a NumPy array or, if `asTorch`, a
/// torch tensor. Throws nanobind::type_error if NumPy has no such dtype.
nanobind::object toPython(runtime::Tensor tensor, bool asTorch);

} // namespace mind::python

#endif // MIND_PYTHON_SRC_ARRAY_H
