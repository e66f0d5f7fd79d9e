//===- WorkspacePool.cpp - scratch memory for concurrent calls ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/WorkspacePool.h"

using namespace mind::runtime;

WorkspacePool::WorkspacePool(size_t bytes) : bytes(bytes) {}

WorkspacePool::~WorkspacePool() {
  delete first.load(std::memory_order_acquire);
}

AlignedBuffer *WorkspacePool::take() {
  if (AlignedBuffer *memory =
          first.exchange(nullptr, std::memory_order_acquire))
    return memory;
  {
    std::lock_guard lock(mutex);
    if (!others.empty()) {
      AlignedBuffer *memory = others.back().release();
      others.pop_back();
      return memory;
    }
  }
  return new AlignedBuffer(bytes);
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
