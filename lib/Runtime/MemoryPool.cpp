//===- MemoryPool.cpp - large memory, used again --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/MemoryPool.h"
#include "Mind/Runtime/Abi.h"
#include <algorithm>
#include <cstdint>
#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

using namespace mind::runtime;

//===----------------------------------------------------------------------===//
// MemoryBlock
//===----------------------------------------------------------------------===//

namespace {

/// Measured on virtual machines: a page of 4 KiB takes about 1.3 us to get, and
/// a huge one, which is 512 of them, 90 us, or 5 ms if the host has taken it
/// back meanwhile: for which huge pages begin at twice the size that pays.
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

MemoryBlock::MemoryBlock(size_t bytes) {
  const Placement placement(bytes);
  if (placement.size > SIZE_MAX - placement.alignment)
    return;
  // Larger than needed by the alignment: malloc is several times as fast as
  // the allocators that align, for small sizes.
  memory.reset(std::malloc(placement.size + placement.alignment - 1));
  const auto address = reinterpret_cast<uintptr_t>(memory.get());
  begin = reinterpret_cast<void *>((address + placement.alignment - 1) &
                                   -placement.alignment);
  size = placement.size;
#ifdef MADV_HUGEPAGE
  if (memory && placement.huge)
    (void)madvise(begin, placement.huge, MADV_HUGEPAGE); // no more than advice
#endif
}

//===----------------------------------------------------------------------===//
// MemoryPool
//===----------------------------------------------------------------------===//

#if defined(__has_feature)
#define MIND_HAS_ASAN __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define MIND_HAS_ASAN 1
#else
#define MIND_HAS_ASAN 0
#endif

const size_t MemoryPool::defaultMost = MIND_HAS_ASAN ? 0 : size_t(128) << 20;

MemoryPool::MemoryPool(size_t most) : most(most) { blocks.reserve(mostBlocks); }

MemoryBlock MemoryPool::take(size_t size) {
  const size_t largest = 2 * Placement(size).size;
  {
    std::lock_guard lock(mutex);
    auto found = std::find_if(
        blocks.rbegin(), blocks.rend(), [&](const MemoryBlock &block) {
          return block.size >= size && block.size <= largest;
        });
    if (found != blocks.rend()) {
      MemoryBlock block = std::move(*found);
      blocks.erase(std::next(found).base());
      kept -= block.size;
      return block;
    }
  }
  MemoryBlock fresh(size);
  if (!fresh.memory) {
    clear();
    fresh = MemoryBlock(size);
  }
  return fresh;
}

void MemoryPool::give(MemoryBlock block) {
  if (!block.memory || block.size > most)
    return;
  while (true) {
    MemoryBlock oldest; // freed without the lock, which takes long
    std::lock_guard lock(mutex);
    if (kept + block.size <= most && blocks.size() < mostBlocks) {
      kept += block.size;
      blocks.push_back(std::move(block));
      return;
    }
    oldest = std::move(blocks.front());
    blocks.erase(blocks.begin());
    kept -= oldest.size;
  }
}

size_t MemoryPool::size() const {
  std::lock_guard lock(mutex);
  return kept;
}

void MemoryPool::clear() {
  std::vector<MemoryBlock> unused;
  unused.reserve(mostBlocks);
  std::lock_guard lock(mutex);
  blocks.swap(unused);
  kept = 0;
}
