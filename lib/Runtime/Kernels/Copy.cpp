//===- Copy.cpp - elements from one layout to another --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Copy.h"
#include "SmallCopy.h"
#include "Transposition.h"
#include <bit>

namespace mind::kernels {

namespace {

/// The loops over a destination of these strides, its neighbours innermost, and
/// over other operands, whose strides `stridesOf` gives for an axis. The
/// strides of the destination, which come last, are made positive; `starts`
/// are the offsets that this takes.
template <size_t operands, typename StridesOf>
LoopNest<operands> sortedLoops(std::span<const int64_t> extents,
                               StridesOf stridesOf,
                               std::array<int64_t, operands> &starts) {
  Loop<operands> sorted[maxLoops];
  size_t count = 0;
  for (size_t axis = 0; axis < extents.size(); ++axis) {
    if (extents[axis] == 1)
      continue;
    Loop<operands> loop = {extents[axis], stridesOf(axis)};
    if (loop.strides.back() < 0)
      for (size_t i = 0; i < operands; ++i) {
        starts[i] += (loop.extent - 1) * loop.strides[i];
        loop.strides[i] = -loop.strides[i];
      }
    size_t place = count++;
    for (; place > 0 && sorted[place - 1].strides.back() < loop.strides.back();
         --place)
      sorted[place] = sorted[place - 1];
    sorted[place] = loop;
  }
  LoopNest<operands> nest;
  for (size_t i = 0; i < count; ++i)
    nest.add(sorted[i].extent, sorted[i].strides);
  return nest;
}

bool hasNone(std::span<const int64_t> extents) {
  return std::find(extents.begin(), extents.end(), 0) != extents.end();
}

} // namespace

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

CopyPlan::CopyPlan(size_t elementBytes, std::span<const int64_t> extents,
                   std::span<const int64_t> fromStrides,
                   std::span<const int64_t> toStrides, CpuLevel level)
    : elementBytes(elementBytes), inner{1, {}}, across{1, {}} {
  assert(extents.size() == fromStrides.size() &&
         extents.size() == toStrides.size());
  if (hasNone(extents))
    return;
  table = &copyTable(level);
  std::array<int64_t, 2> starts = {};
  outer = sortedLoops<2>(
      extents,
      [&](size_t axis) {
        return std::array{fromStrides[axis], toStrides[axis]};
      },
      starts);
  inner = outer.removeInnermost();
  if (inner.extent == 1)
    inner.strides = {1, 1};
  const bool inRows = inner.strides[1] == 1;
  if (inRows && inner.strides[0] == 1) {
    kind = Kind::Rows;
    across = outer.removeInnermost();
  } else if (inRows && inner.strides[0] == 0) {
    kind = Kind::Repeat;
  } else if (inRows && inner.strides[0] == -1) {
    kind = Kind::Reverse;
  } else {
    // The loop along which the source has neighbours, or next to.
    kind = Kind::Spread;
    auto distance = [](const Loop<2> &loop) {
      return std::abs(loop.strides[0]);
    };
    size_t nearest = outer.size();
    for (size_t i = 0; i < outer.size(); ++i)
      if (outer[i].strides[0] != 0 &&
          (nearest == outer.size() ||
           distance(outer[i]) < distance(outer[nearest])))
        nearest = i;
    if (nearest != outer.size() && distance(outer[nearest]) < distance(inner)) {
      across = outer.remove(nearest);
      if (across.strides[0] < 0)
        for (size_t i = 0; i < 2; ++i) {
          starts[i] += (across.extent - 1) * across.strides[i];
          across.strides[i] = -across.strides[i];
        }
      if (inRows && across.strides[0] == 1)
        kind = Kind::Transpose;
    }
  }
  fromStart = starts[0] * int64_t(elementBytes);
  toStart = starts[1] * int64_t(elementBytes);
  for (Loop<2> &loop : outer)
    for (int64_t &stride : loop.strides)
      stride *= int64_t(elementBytes);
}

void CopyPlan::run(const void *source, void *destination) const {
  const char *from = static_cast<const char *>(source) + fromStart;
  char *to = static_cast<char *>(destination) + toStart;
  const unsigned log = unsigned(std::countr_zero(elementBytes));
  switch (kind) {
  case Kind::Nothing:
    return;
  case Kind::Rows: {
    const int64_t size = int64_t(elementBytes);
    const CopiedRows rows = {across.extent, inner.extent * size,
                             across.strides[0] * size,
                             across.strides[1] * size};
    return outer.forEach([&](const std::array<int64_t, 2> &at) {
      table->copyRows(from + at[0], to + at[1], rows);
    });
  }
  case Kind::Reverse:
    return outer.forEach([&](const std::array<int64_t, 2> &at) {
      table->reverse[log](from + at[0], to + at[1], inner.extent);
    });
  case Kind::Transpose: {
    const TransposedMatrix matrix = {inner.extent, across.extent,
                                     inner.strides[0], across.strides[1],
                                     level2CacheBytes()};
    return outer.forEach([&](const std::array<int64_t, 2> &at) {
      table->transpose[log](from + at[0], to + at[1], matrix);
    });
  }
  case Kind::Repeat:
  case Kind::Spread:
    return withElement(elementBytes, [&]<typename T>(T) {
      outer.forEach([&](const std::array<int64_t, 2> &at) {
        const T *first = reinterpret_cast<const T *>(from + at[0]);
        T *place = reinterpret_cast<T *>(to + at[1]);
        if (kind == Kind::Repeat)
          std::fill_n(place, inner.extent, *first);
        else
          runSpread(first, place);
      });
    });
  }
}

template <typename T> void CopyPlan::runSpread(const T *from, T *to) const {
  // Few enough for what is read and written to stay in the first-level cache.
  constexpr int64_t side = 64;
  const auto [fromInner, toInner] = inner.strides;
  const auto [fromAcross, toAcross] = across.strides;
  for (int64_t j = 0; j < across.extent; j += side)
    for (int64_t i = 0; i < inner.extent; i += side) {
      const int64_t endOfJ = std::min(j + side, across.extent);
      const int64_t endOfI = std::min(i + side, inner.extent);
      for (int64_t column = j; column < endOfJ; ++column) {
        const T *read = from + column * fromAcross;
        T *write = to + column * toAcross;
        if (toInner == 1)
          for (int64_t row = i; row < endOfI; ++row)
            write[row] = read[row * fromInner];
        else
          for (int64_t row = i; row < endOfI; ++row)
            write[row * toInner] = read[row * fromInner];
      }
    }
}

//===----------------------------------------------------------------------===//
// Fills
//===----------------------------------------------------------------------===//

FillPlan::FillPlan(size_t elementBytes, std::span<const int64_t> extents,
                   std::span<const int64_t> strides)
    : isEmpty(hasNone(extents)), elementBytes(elementBytes), inner{1, {1}} {
  assert(extents.size() == strides.size());
  std::array<int64_t, 1> start = {};
  outer = sortedLoops<1>(
      extents, [&](size_t axis) { return std::array{strides[axis]}; }, start);
  inner = outer.removeInnermost();
  begin = start[0];
}

template <typename T> void FillPlan::runRows(T value, T *to) const {
  outer.forEach([&](const std::array<int64_t, 1> &at) {
    T *row = to + at[0];
    const int64_t stride = inner.strides[0];
    if (stride == 1 || inner.extent == 1)
      std::fill_n(row, inner.extent, value);
    else
      for (int64_t i = 0; i < inner.extent; ++i)
        row[i * stride] = value;
  });
}

void FillPlan::run(uint64_t bits, void *to) const {
  if (isEmpty)
    return;
  withElement(elementBytes, [&]<typename T>(T) {
    runRows(T(bits), static_cast<T *>(to) + begin);
  });
}

} // namespace mind::kernels
