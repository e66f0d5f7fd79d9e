//===- Tensor.cpp - a dense tensor in memory ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Tensor.h"
#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

using namespace mind;
using namespace mind::runtime;

namespace {

/// Measured on virtual machines: a page of 4 KiB takes about 1.3 us to get, and
/// a huge one, which is 512 of them, 90 us.
constexpr size_t hugePage = size_t(2) << 20;
constexpr size_t worthHugePage = size_t(512) << 10;

/// How memory for some bytes is got.
struct Placement {
  size_t alignment = MIND_WORKSPACE_ALIGNMENT;
  /// From the beginning on, how many bytes belong to the buffer, and are to be
  /// in huge pages.
  size_t size, huge = 0;

  explicit Placement(size_t bytes) : size(bytes) {
    if (bytes < worthHugePage || bytes > SIZE_MAX - 2 * hugePage)
      return;
    alignment = hugePage;
    const size_t rest = bytes % hugePage;
    huge = bytes - rest;
    if (rest >= worthHugePage)
      huge = size = huge + hugePage;
  }
};

} // namespace

AlignedBuffer::AlignedBuffer(size_t bytes) : bytes(bytes) {
  const Placement placement(bytes);
  if (placement.size > SIZE_MAX - placement.alignment)
    return;
  memory.reset(std::malloc(placement.size + placement.alignment - 1));
  const auto address = reinterpret_cast<uintptr_t>(memory.get());
  begin = reinterpret_cast<void *>((address + placement.alignment - 1) &
                                   -placement.alignment);
#ifdef MADV_HUGEPAGE
  if (memory && placement.huge)
    (void)madvise(begin, placement.huge, MADV_HUGEPAGE); // no more than advice
#endif
}

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
