//===- CodeCache.h - machine code that is there already --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_JIT_CODECACHE_H
#define MIND_JIT_CODECACHE_H

#include "Mind/Jit/Jit.h"
#include "llvm/ADT/StringMap.h"

#include <list>
#include <mutex>

namespace mind {

/// Code by what it was made from: whoever wants the same again takes what is
/// here. Several threads may use it.
///
/// It holds so many bytes of code and keys; what was not wanted for longest
/// goes first. Code that goes from here stays alive as long as a program uses
/// it.
class CodeCache {
public:
  static constexpr size_t defaultCapacity = size_t(32) << 20;

  explicit CodeCache(size_t capacity = defaultCapacity) : capacity(capacity) {}
  CodeCache(const CodeCache &) = delete;
  CodeCache &operator=(const CodeCache &) = delete;

  /// The one that all Sessions of this process have, unless they are given
  /// another. Made when it is first asked for.
  static std::shared_ptr<CodeCache> ofProcess();

  /// The code of `key`, all bytes of which are compared; null if there is none.
  std::shared_ptr<const Jit::Code> find(llvm::StringRef key);

  /// Keeps `code` for `key`. Returns what is there for `key`: other code, if
  /// somebody was faster.
  std::shared_ptr<const Jit::Code> add(llvm::StringRef key,
                                       std::shared_ptr<const Jit::Code> code);

  void clear();

  struct Statistics {
    /// Searches that found something, and that did not.
    uint64_t hits = 0, misses = 0;
    /// How much is in it, keys counted.
    size_t entries = 0, bytes = 0;
  };
  Statistics statistics() const;

private:
  struct Entry;
  using Map = llvm::StringMap<Entry>;
  /// What was wanted last comes first.
  using Order = std::list<llvm::StringMapEntry<Entry> *>;
  struct Entry {
    std::shared_ptr<const Jit::Code> code;
    Order::iterator place;
  };

  static size_t sizeOf(const llvm::StringMapEntry<Entry> &entry) {
    return entry.getKeyLength() + entry.second.code->size();
  }

  const size_t capacity;
  mutable std::mutex mutex;
  Map entries;
  Order order;
  Statistics counts;
};

} // namespace mind

#endif // MIND_JIT_CODECACHE_H
