//===- Zeros.h - inputs of the programs that are called ---------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_BENCH_ZEROS_H
#define MIND_BENCH_ZEROS_H

#include "Mind/Runtime/Executable.h"
#include <algorithm>

namespace mind::bench {

/// A tensor of `type`, which has no named sizes.
inline runtime::Tensor makeZeros(const runtime::TensorType &type) {
  std::vector<int64_t> shape;
  for (const runtime::Dim &dim : type.dims)
    shape.push_back(*dim.evaluate({}));
  runtime::Tensor tensor(type.dtype, shape);
  std::fill_n(tensor.as<char>(), tensor.sizeInBytes(), 0);
  return tensor;
}

} // namespace mind::bench

#endif // MIND_BENCH_ZEROS_H
