//===- Loops.h - nested loops over tensors ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The axes that several tensors are walked along together, as few as their
// strides allow.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_LOOPS_H
#define MIND_RUNTIME_KERNELS_LOOPS_H

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace mind::kernels {

/// The most axes that a tensor has.
inline constexpr size_t maxLoops = 32;

/// An axis, and how many elements apart neighbours along it are in each of the
/// operands.
template <size_t operands> struct Loop {
  int64_t extent;
  std::array<int64_t, operands> strides;
};

/// Loops, the outermost first, over the elements of `operands` tensors. Held in
/// place: making one allocates nothing.
template <size_t operands> class LoopNest {
public:
  using Offsets = std::array<int64_t, operands>;

  LoopNest() = default;
  LoopNest(const LoopNest &other) { *this = other; }
  LoopNest &operator=(const LoopNest &other) {
    if (this != &other) {
      count = other.count;
      std::copy_n(other.loops, count, loops);
    }
    return *this;
  }

  /// Adds a loop inside the others. One of a single iteration is left out, and
  /// one that goes on where an iteration of that around it ends is merged with
  /// it.
  void add(int64_t extent, const Offsets &strides) {
    if (extent == 1)
      return;
    if (count != 0 && continues(loops[count - 1].strides, extent, strides)) {
      loops[count - 1].extent *= extent;
      loops[count - 1].strides = strides;
      return;
    }
    assert(count < maxLoops && "too many axes");
    loops[count++] = {extent, strides};
  }

  /// Adds it as it is.
  void addApart(int64_t extent, const Offsets &strides) {
    assert(count < maxLoops && "too many axes");
    loops[count++] = {extent, strides};
  }

  /// Takes a loop away.
  Loop<operands> remove(size_t index) {
    const Loop<operands> removed = loops[index];
    std::copy(loops + index + 1, loops + count, loops + index);
    --count;
    return removed;
  }

  /// Takes the innermost loop away; one of a single iteration if there is none.
  Loop<operands> removeInnermost() {
    return count == 0 ? Loop<operands>{1, {}} : loops[--count];
  }

  size_t size() const { return count; }
  Loop<operands> &operator[](size_t index) { return loops[index]; }
  const Loop<operands> &operator[](size_t index) const { return loops[index]; }
  Loop<operands> *begin() { return loops; }
  Loop<operands> *end() { return loops + count; }

  /// The product of all extents.
  int64_t iterations() const {
    int64_t product = 1;
    for (size_t i = 0; i < count; ++i)
      product *= loops[i].extent;
    return product;
  }

  /// Calls `body` with the offsets of each iteration, in order.
  template <typename Body> void forEach(Body body) const {
    walk(0, Offsets{}, body);
  }

private:
  static bool continues(const Offsets &outer, int64_t extent,
                        const Offsets &strides) {
    for (size_t i = 0; i < operands; ++i)
      if (outer[i] != extent * strides[i])
        return false;
    return true;
  }

  template <typename Body>
  void walk(size_t depth, Offsets at, Body &body) const {
    if (depth == count)
      return body(at);
    const Loop<operands> loop = loops[depth];
    for (int64_t i = 0; i < loop.extent; ++i) {
      if (depth + 1 == count)
        body(at);
      else
        walk(depth + 1, at, body);
      for (size_t j = 0; j < operands; ++j)
        at[j] += loop.strides[j];
    }
  }

  size_t count = 0;
  Loop<operands> loops[maxLoops];
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_LOOPS_H
