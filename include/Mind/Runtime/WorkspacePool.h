//===- WorkspacePool.h - scratch memory for concurrent calls ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each call needs a workspace of its own for its duration; the pool hands out
// the ones that earlier calls gave back.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_WORKSPACEPOOL_H
#define MIND_RUNTIME_WORKSPACEPOOL_H

#include "Mind/Runtime/Tensor.h"
#include <atomic>
#include <mutex>
#include <vector>

namespace mind::runtime {

/// Workspaces, as many as there were calls at the same time, each as large as
/// the largest call that had it. Safe to use from several threads.
class WorkspacePool {
public:
  WorkspacePool() = default;
  ~WorkspacePool();
  WorkspacePool(const WorkspacePool &) = delete;
  WorkspacePool &operator=(const WorkspacePool &) = delete;

  /// Frees what is not in use.
  void clear();

  /// A workspace, given back when it goes out of scope.
  class Lease {
  public:
    /// Of at least `bytes`. Allocates if no earlier call left one so large,
    /// from `memory` if that is large and not null.
    Lease(WorkspacePool &pool, size_t bytes,
          const std::shared_ptr<MemoryPool> &memory)
        : pool(pool), memory(pool.take(bytes, memory)) {}
    ~Lease() { pool.give(memory); }
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;

    /// Null if memory did not suffice.
    void *data() const { return memory->data(); }

  private:
    WorkspacePool &pool;
    AlignedBuffer *memory;
  };

private:
  AlignedBuffer *take(size_t bytes, const std::shared_ptr<MemoryPool> &memory);
  void give(AlignedBuffer *memory);

  /// The workspace of a single caller, which thus takes no lock.
  std::atomic<AlignedBuffer *> first{nullptr};
  std::mutex mutex;
  std::vector<std::unique_ptr<AlignedBuffer>> others;
};

} // namespace mind::runtime

#endif // MIND_RUNTIME_WORKSPACEPOOL_H
