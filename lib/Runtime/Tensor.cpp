//===- Tensor.cpp - a dense tensor in memory ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Tensor.h"

using namespace mind;
using namespace mind::runtime;

AlignedBuffer::AlignedBuffer(size_t bytes,
                             const std::shared_ptr<MemoryPool> &pool)
    : bytes(bytes) {
  if (pool && bytes >= MemoryPool::leastKept) {
    block = pool->take(bytes);
    owner = pool;
  } else {
    block = MemoryBlock(bytes);
  }
}

AlignedBuffer::AlignedBuffer(const void *data, size_t bytes,
                             std::shared_ptr<const void> keeper)
    : bytes(bytes), keeper(std::move(keeper)) {
  block.begin = const_cast<void *>(data);
}

AlignedBuffer &AlignedBuffer::operator=(AlignedBuffer &&other) {
  giveBack();
  block = std::move(other.block);
  bytes = other.bytes;
  owner = std::move(other.owner);
  keeper = std::move(other.keeper);
  return *this;
}

void AlignedBuffer::giveBack() {
  if (owner)
    owner->give(std::move(block));
}

int64_t mind::runtime::elementCount(std::span<const int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count))
      return -1;
  return count;
}

Tensor::Tensor(DType dtype, std::vector<int64_t> shape,
               const std::shared_ptr<MemoryPool> &pool)
    : type(dtype), extents(std::move(shape)), count(elementCount(extents)) {
  size_t bytes;
  if (count >= 0 &&
      !__builtin_mul_overflow(size_t(count), mind::sizeInBytes(dtype), &bytes))
    buffer = AlignedBuffer(bytes, pool);
}

Tensor::Tensor(DType dtype, std::vector<int64_t> shape, const void *data,
               std::shared_ptr<const void> keeper)
    : type(dtype), extents(std::move(shape)), count(elementCount(extents)),
      buffer(data, sizeInBytes(), std::move(keeper)) {}
