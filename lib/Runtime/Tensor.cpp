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

/// Asks for huge pages. With pages of 4 KiB, to get 64 MiB takes several times
/// as long as to compute them.
static void preferHugePages([[maybe_unused]] void *memory,
                            [[maybe_unused]] size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr uintptr_t page = 4096;
  auto address = reinterpret_cast<uintptr_t>(memory);
  uintptr_t begin = (address + page - 1) & -page;
  (void)madvise(reinterpret_cast<void *>(begin), address + bytes - begin,
                MADV_HUGEPAGE); // It is no more than advice.
#endif
}

AlignedBuffer::AlignedBuffer(size_t bytes) : bytes(bytes) {
  constexpr size_t alignment = MIND_WORKSPACE_ALIGNMENT;
  constexpr size_t large = size_t(4) << 20; // Holds a whole huge page.
  if (bytes > SIZE_MAX - alignment)
    return;
  memory.reset(std::malloc(bytes + alignment - 1));
  if (bytes >= large && memory)
    preferHugePages(memory.get(), bytes);
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
