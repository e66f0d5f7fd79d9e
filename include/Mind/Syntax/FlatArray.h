//===- FlatArray.h - plain data that grows at its end ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a parser adds to with every other token. An element is made in place, in
// a few instructions; where there is no room, a function out of line sees to
// it and leaves the registers of its caller alone. To grow does not copy where
// the system can move pages.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_SYNTAX_FLATARRAY_H
#define MIND_SYNTAX_FLATARRAY_H

#include "llvm/Support/Compiler.h"
#include "llvm/Support/MemAlloc.h"
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace mind {

template <typename T> class FlatArray {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  FlatArray() = default;
  FlatArray(FlatArray &&other) noexcept { swap(other); }
  FlatArray &operator=(FlatArray &&other) noexcept {
    swap(other);
    return *this;
  }
  ~FlatArray() { std::free(first); }

  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  /// The number of elements that there is room for.
  size_t capacity() const { return room; }
  const T *data() const { return first; }
  const T *begin() const { return first; }
  const T *end() const { return first + count; }
  T &operator[](size_t i) {
    assert(i < count && "out of bounds");
    return first[i];
  }
  const T &operator[](size_t i) const {
    assert(i < count && "out of bounds");
    return first[i];
  }

  /// Adds `number` elements, to be written, and returns where the first is.
  T *add(size_t number = 1) {
    size_t start = count;
    if (LLVM_UNLIKELY(room - start < number))
      grow(start + number);
    count = start + number;
    return first + start;
  }
  void reserve(size_t number) {
    if (LLVM_UNLIKELY(number > room))
      grow(number);
  }
  /// Leaves the first `number`, or none. The memory stays.
  void truncate(size_t number) { count = number; }
  void clear() { count = 0; }

private:
  [[gnu::cold, gnu::noinline, clang::preserve_most]] void grow(size_t least) {
    room = std::max(least, 2 * room);
    first = static_cast<T *>(llvm::safe_realloc(first, room * sizeof(T)));
  }
  void swap(FlatArray &other) {
    std::swap(first, other.first);
    std::swap(count, other.count);
    std::swap(room, other.room);
  }

  T *first = nullptr;
  size_t count = 0, room = 0;
};

} // namespace mind

#endif // MIND_SYNTAX_FLATARRAY_H
