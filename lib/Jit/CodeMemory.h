//===- CodeMemory.h - memory that code runs in -----------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_JIT_CODEMEMORY_H
#define MIND_LIB_JIT_CODEMEMORY_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <map>
#include <mutex>

namespace mind {

/// Pages that are written and then run, never both at a time. Those that are
/// freed are used again: mapping and unmapping memory, and touching it for the
/// first time, would cost as much as linking what goes there. Several threads
/// may use it.
class CodeMemory {
public:
  CodeMemory();
  ~CodeMemory();
  CodeMemory(const CodeMemory &) = delete;
  CodeMemory &operator=(const CodeMemory &) = delete;

  /// Whole pages.
  using Block = llvm::MutableArrayRef<char>;

  /// At least `size` bytes, which may be written.
  llvm::Expected<Block> allocate(size_t size);
  /// From here on `block` may be read and run.
  static llvm::Error makeExecutable(Block block);
  void free(Block block);

private:
  const size_t pageSize;
  std::mutex mutex;
  /// What was mapped.
  llvm::SmallVector<Block> chunks;
  /// What is free, by address; neighbours are one.
  std::map<char *, size_t> unused;
};

} // namespace mind

#endif // MIND_LIB_JIT_CODEMEMORY_H
