//===- Indexing.cpp - elements by their position -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Indexing.h"
#include "ElementKernels.h"
#include "SmallCopy.h"

namespace mind::kernels {

namespace {

/// Calls `body` with the indices in their type.
template <typename Body>
void withIndices(DType dtype, const void *indices, Body body) {
  assert((dtype == DType::I32 || dtype == DType::I64) && "not an index");
  if (dtype == DType::I32)
    body(static_cast<const int32_t *>(indices));
  else
    body(static_cast<const int64_t *>(indices));
}

bool isOutside(int64_t index, int64_t extent) {
  return uint64_t(index) >= uint64_t(extent);
}

template <typename Index>
IndexFault firstOutside(const Index *indices, int64_t count, int64_t extent) {
  // In blocks without an early exit, which become vectors.
  constexpr int64_t block = 64;
  for (int64_t i = 0; i < count; i += block) {
    const int64_t end = std::min(i + block, count);
    bool isAny = false;
    for (int64_t j = i; j < end; ++j)
      isAny |= isOutside(indices[j], extent);
    if (isAny)
      for (int64_t j = i; j < end; ++j)
        if (isOutside(indices[j], extent))
          return {true, indices[j]};
  }
  return {};
}

int64_t productOf(std::span<const int64_t> extents) {
  int64_t product = 1;
  for (int64_t extent : extents)
    product *= extent;
  return product;
}

/// Strides of a dense tensor of no more than maxLoops axes.
struct DenseStrides {
  explicit DenseStrides(std::span<const int64_t> extents)
      : count(extents.size()) {
    int64_t stride = 1;
    for (size_t axis = count; axis-- > 0;) {
      values[axis] = stride;
      stride *= extents[axis];
    }
  }
  operator std::span<const int64_t>() const { return {values, count}; }

  int64_t values[maxLoops];
  size_t count;
};

} // namespace

IndexFault checkIndices(DType dtype, const void *indices, int64_t count,
                        int64_t extent) {
  IndexFault fault;
  withIndices(dtype, indices, [&](const auto *values) {
    fault = firstOutside(values, count, extent);
  });
  return fault;
}

//===----------------------------------------------------------------------===//
// gather
//===----------------------------------------------------------------------===//

GatherPlan::GatherPlan(size_t elementBytes, std::span<const int64_t> extents,
                       std::span<const int64_t> strides, size_t axis,
                       DType indexDType, int64_t numIndices, CpuLevel level)
    : elementBytes(elementBytes), indexDType(indexDType), extent(extents[axis]),
      numIndices(numIndices) {
  const int64_t bytes = int64_t(elementBytes);
  const auto partExtents = extents.subspan(axis + 1),
             partStrides = strides.subspan(axis + 1);
  axisStride = strides[axis] * bytes;
  partBytes = productOf(partExtents) * bytes;
  int64_t around = productOf(extents.first(axis));
  for (size_t i = 0; i < axis; ++i) {
    around /= extents[i];
    outer.add(extents[i],
              {strides[i] * bytes, around * numIndices * partBytes});
  }
  LoopNest<1> part;
  for (size_t i = 0; i < partExtents.size(); ++i)
    part.add(partExtents[i], {partStrides[i]});
  const bool inPiece =
      part.size() == 0 || (part.size() == 1 && part[0].strides[0] == 1);
  if (!inPiece)
    copyPart =
        std::make_unique<const CopyPlan>(elementBytes, partExtents, partStrides,
                                         DenseStrides(partExtents), level);
}

IndexFault GatherPlan::run(const void *x, const void *indices,
                           void *result) const {
  withIndices(indexDType, indices, [&](const auto *values) {
    take(static_cast<const char *>(x), values, static_cast<char *>(result));
  });
  return checkIndices(indexDType, indices, numIndices, extent);
}

template <typename Index>
void GatherPlan::take(const char *x, const Index *indices, char *result) const {
  if (partBytes == int64_t(elementBytes))
    return withElement(elementBytes, [&]<typename T>(T) {
      takeElements<T>(x, indices, result);
    });
  outer.forEach([&](const std::array<int64_t, 2> &at) {
    const char *from = x + at[0];
    char *to = result + at[1];
    for (int64_t i = 0; i < numIndices; ++i, to += partBytes) {
      const int64_t index = isOutside(indices[i], extent) ? 0 : indices[i];
      const char *part = from + index * axisStride;
      if (copyPart)
        copyPart->run(part, to);
      else
        copyRow(part, to, size_t(partBytes));
    }
  });
}

template <typename T, typename Index>
void GatherPlan::takeElements(const char *x, const Index *indices,
                              char *result) const {
  outer.forEach([&](const std::array<int64_t, 2> &at) {
    const char *from = x + at[0];
    T *to = reinterpret_cast<T *>(result + at[1]);
    for (int64_t i = 0; i < numIndices; ++i) {
      const int64_t index = isOutside(indices[i], extent) ? 0 : indices[i];
      to[i] = *reinterpret_cast<const T *>(from + index * axisStride);
    }
  });
}

//===----------------------------------------------------------------------===//
// scatter_add
//===----------------------------------------------------------------------===//

static bool isRounded(DType dtype) {
  return dtype == DType::F16 || dtype == DType::BF16;
}

ScatterAddPlan::ScatterAddPlan(DType dtype, std::span<const int64_t> extents,
                               std::span<const int64_t> strides, size_t axis,
                               DType indexDType,
                               std::span<const int64_t> indexExtents,
                               std::span<const int64_t> updateStrides,
                               CpuLevel level)
    : dtype(dtype), indexDType(indexDType), level(level), extent(extents[axis]),
      numIndices(productOf(indexExtents)), elements(productOf(extents)),
      numUpdates(elements / extents[axis] * numIndices),
      copy(sizeInBytes(dtype), extents, strides, DenseStrides(extents), level) {
  const size_t indexRank = indexExtents.size();
  assert(updateStrides.size() == extents.size() - 1 + indexRank);
  int64_t updateExtents[maxLoops];
  size_t rank = 0;
  for (size_t i = 0; i < extents.size(); ++i)
    if (i != axis)
      updateExtents[rank++] = extents[i];
    else
      for (int64_t each : indexExtents)
        updateExtents[rank++] = each;
  assert(rank == updateStrides.size());
  const std::span<const int64_t> shape(updateExtents, rank);
  const DenseStrides dense(shape);
  if (isRounded(dtype)) {
    gatherUpdates = std::make_unique<const CopyPlan>(
        sizeInBytes(dtype), shape, updateStrides, dense, level);
    updateStrides = dense;
    sumsAt = layout.add(size_t(elements) * sizeof(float));
    updatesAt = layout.add(size_t(numUpdates) * sizeof(float));
    roundedAt = layout.add(size_t(numUpdates) * sizeInBytes(dtype));
  }
  const DenseStrides resultStrides(extents);
  axisStride = resultStrides.values[axis];
  for (size_t i = 0; i < rank; ++i) {
    if (i >= axis && i < axis + indexRank) {
      positions.add(shape[i], {updateStrides[i]});
      continue;
    }
    const size_t ofResult = i < axis ? i : i - indexRank + 1;
    (i < axis ? outer : part)
        .add(shape[i], {updateStrides[i], resultStrides.values[ofResult]});
  }
  inner = part.removeInnermost();
}

IndexFault ScatterAddPlan::run(const void *x, const void *indices,
                               const void *updates, void *result,
                               void *workspace) const {
  copy.run(x, result);
  if (isRounded(dtype)) {
    const ElementConversions &all = elementConversions(level);
    const ElementConversions::Half &half =
        dtype == DType::F16 ? all.f16 : all.bf16;
    float *sums = pieceOf<float>(workspace, sumsAt),
          *wide = pieceOf<float>(workspace, updatesAt);
    uint16_t *rounded = pieceOf<uint16_t>(workspace, roundedAt);
    gatherUpdates->run(updates, rounded);
    half.load(wide, rounded, nullptr, nullptr, size_t(numUpdates));
    half.load(sums, result, nullptr, nullptr, size_t(elements));
    addAll<float>(wide, indices, sums);
    half.store(result, sums, nullptr, nullptr, size_t(elements));
    return checkIndices(indexDType, indices, numIndices, extent);
  }
  switch (dtype) {
  case DType::F32:
    addAll<float>(updates, indices, result);
    break;
  case DType::F64:
    addAll<double>(updates, indices, result);
    break;
  default:
    // What wraps has no sign.
    withElement(sizeInBytes(dtype),
                [&]<typename T>(T) { addAll<T>(updates, indices, result); });
  }
  return checkIndices(indexDType, indices, numIndices, extent);
}

template <typename T>
void ScatterAddPlan::addAll(const void *updates, const void *indices,
                            void *result) const {
  withIndices(indexDType, indices, [&](const auto *values) {
    add(static_cast<const T *>(updates), values, static_cast<T *>(result));
  });
}

template <typename T, typename Index>
void ScatterAddPlan::add(const T *updates, const Index *indices,
                         T *result) const {
  const int64_t count = inner.extent;
  const auto [fromStride, toStride] = inner.strides;
  outer.forEach([&](const std::array<int64_t, 2> &at) {
    const Index *next = indices;
    positions.forEach([&](const std::array<int64_t, 1> &position) {
      const int64_t index = *next++;
      if (isOutside(index, extent))
        return;
      const T *update = updates + at[0] + position[0];
      T *place = result + at[1] + index * axisStride;
      part.forEach([&](const std::array<int64_t, 2> &in) {
        const T *from = update + in[0];
        T *to = place + in[1];
        if (fromStride == 1 && toStride == 1)
          for (int64_t i = 0; i < count; ++i)
            to[i] = T(to[i] + from[i]);
        else
          for (int64_t i = 0; i < count; ++i)
            to[i * toStride] = T(to[i * toStride] + from[i * fromStride]);
      });
    });
  });
}

} // namespace mind::kernels
