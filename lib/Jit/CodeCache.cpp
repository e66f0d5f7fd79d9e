//===- CodeCache.cpp - machine code that is there already ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Jit/CodeCache.h"

#include <pthread.h>

using namespace llvm;

namespace mind {

std::shared_ptr<CodeCache> CodeCache::ofProcess() {
  // The child of a fork would wait forever for a lock that a thread of its
  // parent held. Never destroyed: a process may fork while it ends.
  static const auto &cache = *[] {
    pthread_atfork([] { ofProcess()->mutex.lock(); },
                   [] { ofProcess()->mutex.unlock(); },
                   [] { ofProcess()->mutex.unlock(); });
    return new std::shared_ptr<CodeCache>(std::make_shared<CodeCache>());
  }();
  return cache;
}

std::shared_ptr<const Jit::Code> CodeCache::find(StringRef key) {
  std::lock_guard lock(mutex);
  auto found = entries.find(key);
  if (found == entries.end()) {
    ++counts.misses;
    return nullptr;
  }
  ++counts.hits;
  order.splice(order.begin(), order, found->second.place);
  return found->second.code;
}

std::shared_ptr<const Jit::Code>
CodeCache::add(StringRef key, std::shared_ptr<const Jit::Code> code) {
  // Freed when the lock is.
  SmallVector<std::shared_ptr<const Jit::Code>> unwanted;
  std::lock_guard lock(mutex);
  auto [entry, isNew] = entries.try_emplace(key);
  if (!isNew)
    return entry->second.code;
  entry->second = {code, order.insert(order.begin(), &*entry)};
  counts.bytes += sizeOf(*entry);
  while (counts.bytes > capacity) {
    StringMapEntry<Entry> *last = order.back();
    counts.bytes -= sizeOf(*last);
    unwanted.push_back(std::move(last->second.code));
    order.pop_back();
    entries.erase(last->getKey());
  }
  return code;
}

void CodeCache::clear() {
  Map unwanted;
  std::lock_guard lock(mutex);
  std::swap(unwanted, entries);
  order.clear();
  counts.bytes = 0;
}

CodeCache::Statistics CodeCache::statistics() const {
  std::lock_guard lock(mutex);
  Statistics now = counts;
  now.entries = entries.size();
  return now;
}

} // namespace mind
