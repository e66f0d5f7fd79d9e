//===- MemoryPool.h - large memory, used again -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first touch of a page of fresh memory takes the system as long as kernels
// take for several. So what programs give back is kept for the next result or
// workspace.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_MEMORYPOOL_H
#define MIND_RUNTIME_MEMORYPOOL_H

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

namespace mind::runtime {

/// A piece of memory, owned.
struct MemoryBlock {
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };

  MemoryBlock() = default;
  /// For `size` bytes that are aligned for any vector instruction
  /// (MIND_WORKSPACE_ALIGNMENT). From half a MiB on they lie in huge pages, if
  /// the system has them: these are got and reached sooner, for which up to 1.5
  /// MiB more may be taken. Null if memory does not suffice.
  explicit MemoryBlock(size_t size);

  /// What malloc returned.
  std::unique_ptr<void, Free> memory;
  void *begin = nullptr;
  /// From `begin` on.
  size_t size = 0;
};

/// Blocks that nobody uses, kept for who wants some next: of those that suit,
/// the one that was given back last, as it may still be in a cache. Safe to use
/// from several threads.
class MemoryPool {
public:
  /// Smaller ones are malloc's business, which keeps them itself.
  static constexpr size_t leastKept = size_t(128) << 10;

  /// Keeps at most `most` bytes. Under AddressSanitizer nothing unless told
  /// otherwise, so that it sees who uses memory that has been given back.
  explicit MemoryPool(size_t most = defaultMost);

  /// A block of at least `size` bytes; of at most twice as many as a fresh one
  /// if it was used before. Not initialised. Null if memory does not suffice.
  MemoryBlock take(size_t size);
  /// Frees the oldest blocks if they become too many.
  void give(MemoryBlock block);

  /// How many bytes it keeps.
  size_t size() const;
  /// Frees them.
  void clear();

private:
  static const size_t defaultMost;
  static constexpr size_t mostBlocks = 64;

  const size_t most;
  mutable std::mutex mutex;
  /// The oldest first; never reallocated.
  std::vector<MemoryBlock> blocks;
  size_t kept = 0;
};

} // namespace mind::runtime

#endif // MIND_RUNTIME_MEMORYPOOL_H
