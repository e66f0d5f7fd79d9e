//===- ElementDomain.cpp - where elements are computed --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementProgram.h"
#include <algorithm>
#include <cstdlib>

namespace mind::kernels {

Domain::Domain(const ElementExpression &expression,
               std::span<const int64_t> extents, std::span<const bool> reduced,
               std::span<const ElementOperand> operands, int sortedBy) {
  bool hasPositions = false;
  keepsOrder = sortedBy == unsorted;
  for (const ElementInstruction &instruction : expression.instructions) {
    hasPositions |= instruction.op == ElementOp::Position;
    keepsOrder |= isCheck(instruction.op);
  }
  auto isPosition = [&](size_t axis) {
    for (const ElementInstruction &instruction : expression.instructions)
      if (instruction.op == ElementOp::Position &&
          instruction.value == int64_t(axis))
        return true;
    return false;
  };

  // The axes that count, in the order they are to have.
  std::vector<size_t> given;
  given.reserve(extents.size());
  for (size_t i = 0; i < extents.size(); ++i) {
    size *= extents[i];
    if (extents[i] != 1)
      given.push_back(i);
  }
  if (!keepsOrder) {
    const std::span<const int64_t> by = operands[size_t(sortedBy)].strides;
    auto comesBefore = [&](size_t x, size_t y) {
      return std::abs(by[x]) > std::abs(by[y]);
    };
    bool isBroadcast = false;
    for (size_t axis : given)
      isBroadcast |= by[axis] == 0;
    if (!isBroadcast) // There are few: by insertion.
      for (size_t i = 1; i < given.size(); ++i)
        for (size_t j = i; j != 0 && comesBefore(given[j], given[j - 1]); --j)
          std::swap(given[j], given[j - 1]);
  }

  axes.reserve(given.size() + 1);
  strides.reserve(operands.size() * (given.size() + 1));
  // Of the axes that become one, the last stays in `given`.
  for (size_t i : given) {
    DomainAxis axis{extents[i]};
    axis.position = hasPositions && isPosition(i) ? int32_t(i) : -1;
    axis.isReduced = !reduced.empty() && reduced[i];
    bool isMerged = !axes.empty() && axis.position < 0 &&
                    axes.back().position < 0 &&
                    axes.back().isReduced == axis.isReduced;
    for (size_t j = 0; isMerged && j < operands.size(); ++j)
      isMerged = operands[j].strides[given[axes.size() - 1]] ==
                 operands[j].strides[i] * extents[i];
    if (isMerged)
      axes.back().extent *= extents[i];
    else
      axes.push_back(axis);
    given[axes.size() - 1] = i;
  }
  if (axes.empty()) { // one element
    axes.push_back({1});
    strides.assign(operands.size(), 1);
    return;
  }
  for (const ElementOperand &operand : operands)
    for (size_t i = 0; i < axes.size(); ++i)
      strides.push_back(operand.strides[given[i]]);
}

void Domain::chooseBlocks(int64_t most, int64_t shortest, int64_t tile) {
  auto part = [](int64_t extent, int64_t most) {
    if (extent <= most)
      return extent;
    // Of about one size, in whole vectors.
    const int64_t parts = (extent + most - 1) / most;
    const int64_t size = (extent + parts - 1) / parts;
    return std::min(most, (size + 63) / 64 * 64);
  };
  if (size == 0)
    return;
  size_t axis = axes.size() - 1;
  int64_t inner = 1;
  if (axes[axis].extent < shortest)
    for (; axis > 0 && inner * axes[axis].extent <= most; --axis) {
      axes[axis].chunk = axes[axis].extent;
      inner *= axes[axis].extent;
    }
  if (inner == 1)
    axes[axis].chunk = part(axes[axis].extent, most);
  else
    axes[axis].chunk = std::clamp(most / inner, int64_t(1), axes[axis].extent);
  if (!keepsOrder)
    chooseTiles(tile);
}

/// An operand whose neighbours lie along another axis than the last is to be
/// read in whole cache lines: blocks are then tiles of both axes.
void Domain::chooseTiles(int64_t most) {
  constexpr int64_t height = 16, narrowest = 32;
  const size_t last = rank() - 1;
  if (axes[last].extent < narrowest)
    return;
  for (size_t operand = 0; operand < strides.size() / rank(); ++operand) {
    if (std::abs(stride(operand, last)) <= 1)
      continue;
    for (size_t i = 0; i < last; ++i) {
      if (std::abs(stride(operand, i)) != 1 || axes[i].extent < 4 ||
          axes[i].chunk >= height / 2)
        continue;
      for (DomainAxis &axis : axes)
        axis.chunk = 1;
      axes[i].chunk = std::min(axes[i].extent, height);
      axes[last].chunk = std::min(axes[last].extent, most / axes[i].chunk);
      return;
    }
  }
}
} // namespace mind::kernels
