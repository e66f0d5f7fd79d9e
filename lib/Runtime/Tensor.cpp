//===- Tensor.cpp - a dense tensor in memory ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Tensor.h"
#include <cstdlib>

using namespace mind;
using namespace mind::runtime;

/// std::aligned_alloc wants a multiple of the alignment, and never nothing.
static size_t roundedUp(size_t bytes) {
  constexpr size_t alignment = MIND_WORKSPACE_ALIGNMENT;
  if (bytes > SIZE_MAX - alignment)
    return 0;
  return bytes == 0 ? alignment : (bytes + alignment - 1) & ~(alignment - 1);
}

AlignedBuffer::AlignedBuffer(size_t bytes) : bytes(bytes) {
  if (size_t rounded = roundedUp(bytes))
    memory.reset(std::aligned_alloc(MIND_WORKSPACE_ALIGNMENT, rounded));
}

void AlignedBuffer::Free::operator()(void *memory) const { std::free(memory); }

int64_t mind::runtime::elementCount(std::span<const int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count))
      return -1;
  return count;
}

Tensor::Tensor(DType dtype, std::vector<int64_t> shape)
    : type(dtype), extents(std::move(shape)), count(elementCount(extents)) {
  size_t bytes;
  if (count >= 0 &&
      !__builtin_mul_overflow(size_t(count), mind::sizeInBytes(dtype), &bytes))
    buffer = AlignedBuffer(bytes);
}
