//===- Tensors.h - tensors of any strides to test with ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_KERNELS_TENSORS_H
#define MIND_TEST_UNIT_KERNELS_TENSORS_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

using Integers = std::vector<int64_t>;

/// Strides in row-major order, `step` elements between neighbours.
inline Integers denseStrides(const Integers &extents, int64_t step = 1) {
  Integers strides(extents.size());
  for (size_t axis = extents.size(); axis-- > 0;) {
    strides[axis] = step;
    step *= extents[axis];
  }
  return strides;
}

inline int64_t elementsOf(const Integers &extents) {
  int64_t product = 1;
  for (int64_t extent : extents)
    product *= extent;
  return product;
}

/// How many elements before and after the first one a tensor reaches.
struct Reach {
  int64_t before = 0, after = 0;
};

inline Reach reachOf(const Integers &extents, const Integers &strides) {
  Reach reach;
  for (size_t axis = 0; axis < extents.size(); ++axis) {
    const int64_t distance = (extents[axis] - 1) * strides[axis];
    (distance < 0 ? reach.before : reach.after) += std::abs(distance);
  }
  return reach;
}

/// Calls `each` with the indices of all elements, in row-major order.
template <typename Each> void forEachIndex(const Integers &extents, Each each) {
  Integers index(extents.size());
  for (int64_t i = 0, count = elementsOf(extents); i < count; ++i) {
    each(index);
    for (size_t axis = extents.size(); axis-- > 0;) {
      if (++index[axis] < extents[axis])
        break;
      index[axis] = 0;
    }
  }
}

inline int64_t offsetOf(const Integers &index, const Integers &strides) {
  int64_t offset = 0;
  for (size_t axis = 0; axis < index.size(); ++axis)
    offset += index[axis] * strides[axis];
  return offset;
}

/// Memory for a tensor, which begins where no vector is aligned.
template <typename T> class Tensor {
public:
  Tensor(Integers extents, Integers strides, T value = T())
      : extents(extents), strides(strides), reach(reachOf(extents, strides)),
        memory(size_t(reach.before + reach.after + 2), value) {}
  explicit Tensor(Integers extents) : Tensor(extents, denseStrides(extents)) {}

  T *data() { return memory.data() + 1 + reach.before; }
  const T *data() const { return memory.data() + 1 + reach.before; }
  T &operator[](const Integers &index) {
    return data()[offsetOf(index, strides)];
  }
  const T &operator[](const Integers &index) const {
    return data()[offsetOf(index, strides)];
  }
  /// Sets all memory, between the elements too.
  template <typename Next> Tensor &fill(Next next) {
    std::generate(memory.begin(), memory.end(), next);
    return *this;
  }

  Integers extents, strides;

private:
  Reach reach;

public:
  std::vector<T> memory;
};

/// Workspace of a plan, aligned as plans want it.
class Workspace {
public:
  explicit Workspace(size_t bytes)
      : memory(bytes ? std::aligned_alloc(64, (bytes + 63) / 64 * 64)
                     : nullptr) {}
  void *get() const { return memory.get(); }

private:
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory;
};

#endif // MIND_TEST_UNIT_KERNELS_TENSORS_H
