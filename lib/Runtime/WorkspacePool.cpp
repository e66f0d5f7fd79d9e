//===- WorkspacePool.cpp - scratch memory for concurrent calls ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/WorkspacePool.h"

using namespace mind::runtime;

WorkspacePool::~WorkspacePool() {
  delete first.load(std::memory_order_acquire);
}

void WorkspacePool::clear() {
  delete first.exchange(nullptr, std::memory_order_acquire);
  std::lock_guard lock(mutex);
  others.clear();
}

AlignedBuffer *
WorkspacePool::take(size_t bytes,
                    const std::shared_ptr<MemoryPool> &memoryPool) {
  AlignedBuffer *memory = first.exchange(nullptr, std::memory_order_acquire);
  if (!memory) {
    std::lock_guard lock(mutex);
    if (!others.empty()) {
      memory = others.back().release();
      others.pop_back();
    }
  }
  if (!memory)
    return new AlignedBuffer(bytes, memoryPool);
  if (memory->size() < bytes) {
    *memory = AlignedBuffer(); // Nothing in it is wanted any more.
    *memory = AlignedBuffer(bytes, memoryPool);
  }
  return memory;
}

void WorkspacePool::give(AlignedBuffer *memory) {
  if (!memory->data()) { // Perhaps there is more memory the next time.
    delete memory;
    return;
  }
  AlignedBuffer *none = nullptr;
  if (first.compare_exchange_strong(none, memory, std::memory_order_release,
                                    std::memory_order_relaxed))
    return;
  std::lock_guard lock(mutex);
  others.emplace_back(memory);
}
