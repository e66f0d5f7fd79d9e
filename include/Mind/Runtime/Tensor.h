//===- Tensor.h - a dense tensor in memory ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values that a compiled function reads and writes: dense, row-major, a
// bool a byte.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_TENSOR_H
#define MIND_RUNTIME_TENSOR_H

#include "Mind/Basic/DType.h"
#include "Mind/Runtime/Abi.h"
#include "Mind/Runtime/MemoryPool.h"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mind::runtime {

/// Bytes aligned for any vector instruction (MIND_WORKSPACE_ALIGNMENT), but for
/// those that somebody else keeps.
class AlignedBuffer {
public:
  AlignedBuffer() = default;
  /// Not initialised. If memory does not suffice, data() is null. What is large
  /// comes from `pool` if there is one, and goes back there.
  explicit AlignedBuffer(size_t bytes,
                         const std::shared_ptr<MemoryPool> &pool = nullptr);
  /// `bytes` at `data` that `keeper` keeps, of whatever alignment.
  AlignedBuffer(const void *data, size_t bytes,
                std::shared_ptr<const void> keeper);
  ~AlignedBuffer() { giveBack(); }
  AlignedBuffer(AlignedBuffer &&) = default;
  AlignedBuffer &operator=(AlignedBuffer &&other);

  void *data() const { return block.memory || keeper ? block.begin : nullptr; }
  size_t size() const { return bytes; }

private:
  void giveBack();

  MemoryBlock block;
  size_t bytes = 0;
  std::shared_ptr<MemoryPool> owner;
  std::shared_ptr<const void> keeper;
};

/// Whether `data` is a multiple of the size of the elements, as compiled
/// functions want it.
inline bool isAligned(const void *data, DType dtype) {
  return reinterpret_cast<uintptr_t>(data) % sizeInBytes(dtype) == 0;
}

/// The number of elements of `shape`, or -1 if it does not fit in 63 bits.
int64_t elementCount(std::span<const int64_t> shape);

/// A tensor that owns its elements, or keeps what does. Move-only, since a copy
/// of a large one is seldom meant.
class Tensor {
public:
  Tensor() = default;
  /// Not initialised; valid() tells whether memory sufficed. It comes from
  /// `pool`, if there is one.
  Tensor(DType dtype, std::vector<int64_t> shape,
         const std::shared_ptr<MemoryPool> &pool = nullptr);
  /// An input whose elements lie at `data`, aligned as isAligned() has it, as
  /// long as `keeper` lives. Nobody may write to it.
  Tensor(DType dtype, std::vector<int64_t> shape, const void *data,
         std::shared_ptr<const void> keeper);

  bool valid() const { return buffer.data() != nullptr; }
  DType dtype() const { return type; }
  const std::vector<int64_t> &shape() const { return extents; }
  size_t rank() const { return extents.size(); }
  /// The number of elements.
  int64_t size() const { return count; }
  size_t sizeInBytes() const { return size_t(count) * mind::sizeInBytes(type); }

  void *data() { return buffer.data(); }
  const void *data() const { return buffer.data(); }
  template <typename T> T *as() { return static_cast<T *>(data()); }
  template <typename T> const T *as() const {
    return static_cast<const T *>(data());
  }

  /// As long as the tensor stays where it is.
  MindView view() const {
    return {data(), extents.data(), int32_t(rank()), int32_t(type)};
  }

private:
  DType type = DType::F32;
  std::vector<int64_t> extents;
  int64_t count = 0;
  AlignedBuffer buffer;
};

} // namespace mind::runtime

#endif // MIND_RUNTIME_TENSOR_H
