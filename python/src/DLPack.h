//===- DLPack.h - how array libraries exchange memory -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What we use of the C interface DLPack (version 1.3), beside the structures
// that nanobind declares. A class of arrays publishes a table of functions, in
// a capsule that is its attribute `__dlpack_c_exchange_api__`. The layout is
// the standard's: https://dmlc.github.io/dlpack/latest/c_api.html
//
//===----------------------------------------------------------------------===//

#ifndef MIND_PYTHON_SRC_DLPACK_H
#define MIND_PYTHON_SRC_DLPACK_H

#include <nanobind/ndarray.h>

namespace mind::python::dlpack {

/// Another major version means another layout, a higher minor one new values.
struct Version {
  uint32_t major, minor;
};

/// An array and what keeps its memory. Whoever has it calls `deleter` once.
struct ManagedTensor {
  Version version;
  void *context;
  void (*deleter)(ManagedTensor *self);
  uint64_t flags;
  nanobind::dlpack::dltensor tensor;
};

/// The name of the capsule, and the major version of DLPack declared here.
inline constexpr const char *exchangeName = "dlpack_exchange_api";
inline constexpr uint32_t majorVersion = 1;

/// The functions of one library, which live as long as the process. The caller
/// holds the GIL. They return 0, or else set a Python exception.
struct ExchangeApi {
  Version version;
  /// A table of an older major version, or null.
  const ExchangeApi *previous;
  /// Makes an array like `prototype`. Not called here.
  int (*allocate)(nanobind::dlpack::dltensor *prototype, ManagedTensor **out,
                  void *errorContext,
                  void (*setError)(void *errorContext, const char *kind,
                                   const char *message));
  /// Shares the memory of a Python array. Not called here.
  int (*share)(void *array, ManagedTensor **out);
  /// Makes a Python array of a tensor, which it owns from then on.
  int (*wrap)(ManagedTensor *tensor, void **out);
  /// Says what a Python array is, whose memory may not be used longer than
  /// that array lives unchanged. May be null.
  int (*view)(void *array, nanobind::dlpack::dltensor *out);
};

} // namespace mind::python::dlpack

#endif // MIND_PYTHON_SRC_DLPACK_H
