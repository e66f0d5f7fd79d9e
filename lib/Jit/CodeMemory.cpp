//===- CodeMemory.cpp - memory that code runs in -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeMemory.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Memory.h"
#include "llvm/Support/Process.h"

using namespace llvm;
using sys::Memory;

namespace mind {

/// How much is mapped at a time, unless more is wanted.
static constexpr size_t chunkSize = size_t(1) << 20;

CodeMemory::CodeMemory() : pageSize(sys::Process::getPageSizeEstimate()) {}

static sys::MemoryBlock toLlvm(CodeMemory::Block block) {
  return {block.data(), block.size()};
}

CodeMemory::~CodeMemory() {
  for (Block chunk : chunks) {
    sys::MemoryBlock memory = toLlvm(chunk);
    Memory::releaseMappedMemory(memory);
  }
}

Expected<CodeMemory::Block> CodeMemory::allocate(size_t size) {
  constexpr unsigned writable = Memory::MF_READ | Memory::MF_WRITE;
  size = alignTo(std::max<size_t>(size, 1), pageSize);
  std::lock_guard lock(mutex);
  auto found = llvm::find_if(
      unused, [&](const auto &range) { return range.second >= size; });
  if (found == unused.end()) {
    std::error_code error;
    sys::MemoryBlock memory = Memory::allocateMappedMemory(
        std::max(size, chunkSize), nullptr, writable, error);
    if (error)
      return errorCodeToError(error);
    char *begin = static_cast<char *>(memory.base());
    chunks.push_back({begin, memory.allocatedSize()});
    found = unused.insert({begin, memory.allocatedSize()}).first;
  }
  auto [begin, available] = *found;
  Block block(begin, size);
  if (std::error_code error =
          Memory::protectMappedMemory(toLlvm(block), writable))
    return errorCodeToError(error);
  unused.erase(found);
  if (available != size)
    unused.insert({block.end(), available - size});
  return block;
}

Error CodeMemory::makeExecutable(Block block) {
  // Invalidates the instruction cache, too.
  return errorCodeToError(Memory::protectMappedMemory(
      toLlvm(block), Memory::MF_READ | Memory::MF_EXEC));
}

void CodeMemory::free(Block block) {
  std::lock_guard lock(mutex);
  auto merged = unused.insert({block.data(), block.size()}).first;
  auto next = std::next(merged);
  if (next != unused.end() && merged->first + merged->second == next->first) {
    merged->second += next->second;
    unused.erase(next);
  }
  if (merged != unused.begin())
    if (auto last = std::prev(merged);
        last->first + last->second == merged->first) {
      last->second += merged->second;
      unused.erase(merged);
      merged = last;
    }
  // What was mapped for one large object goes with it.
  auto *chunk = llvm::find_if(chunks, [&](Block chunk) {
    return chunk.size() > chunkSize && chunk.data() == merged->first &&
           chunk.size() == merged->second;
  });
  if (chunk == chunks.end())
    return;
  sys::MemoryBlock memory = toLlvm(*chunk);
  Memory::releaseMappedMemory(memory);
  chunks.erase(chunk);
  unused.erase(merged);
}

} // namespace mind
