//===- ElementProgram.cpp - an expression, ready to run -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementProgram.h"
#include "ElementMoves.h"
#include <algorithm>
#include <cstring>

namespace mind::kernels {
namespace {

/// The first of `count` integers that is 0, or else negative, if any.
template <typename T>
const T *findFault(const void *elements, int64_t count, bool isDivisor) {
  const T *begin = static_cast<const T *>(elements), *end = begin + count;
  // Without an exit there are vectors.
  bool any = false;
  if (isDivisor)
    for (const T *each = begin; each != end; ++each)
      any |= *each == 0;
  else
    for (const T *each = begin; each != end; ++each)
      any |= *each < 0;
  if (!any)
    return nullptr;
  return std::find_if(begin, end,
                      [=](T x) { return isDivisor ? x == 0 : x < 0; });
}

template <typename T>
void check(const void *elements, int64_t count, bool isDivisor,
           ElementFault &fault) {
  if (const T *wrong = findFault<T>(elements, count, isDivisor))
    fault = {true, int64_t(*wrong)};
}

} // namespace

void ElementProgram::execute(const Step &step, State &state) const {
  void *to = state.pointers[step.to];
  const void *x = state.pointers[step.x];
  const int64_t count = step.isForOne ? 1 : state.count;
  auto view = [&] {
    return BlockView{state.blockExtents,
                     blockStrides.data() + step.detail * blockAxes.size(),
                     blockAxes.size()};
  };
  switch (step.kind) {
  case StepKind::Call:
    return step.kernel(to, x, state.pointers[step.y], state.pointers[step.z],
                       size_t(count));
  case StepKind::CallRows: {
    const RowSteps &steps = rowSteps[step.detail];
    const Pointer from[] = {step.to, step.x, step.y, step.z};
    const int64_t rows = state.blockExtents[0], length = state.blockExtents[1];
    char *row[4];
    int64_t bytes[4];
    for (size_t i = 0; i < 4; ++i) {
      row[i] = static_cast<char *>(state.pointers[from[i]]);
      bytes[i] = steps.fixed[i] + steps.perElement[i] * length;
    }
    for (int64_t i = 0; i < rows; ++i) {
      step.kernel(row[0], row[1], row[2], row[3], size_t(length));
      for (size_t j = 0; j < 4; ++j)
        row[j] += bytes[j];
    }
    return;
  }
  case StepKind::Gather:
    return gatherBlock(*copies, step.type, to, x, view());
  case StepKind::Scatter:
    return scatterBlock(*copies, step.type, to, x, view());
  case StepKind::Copy:
    if (to != x)
      std::memcpy(to, x, size_t(count) * step.type);
    return;
  case StepKind::Fill:
    return fillBlock(step.type, to, x, size_t(count));
  case StepKind::Position: {
    const int64_t first = state.positions[step.detail];
    int64_t repeats = 1;
    for (size_t i = step.detail + 1u; i < domain.rank(); ++i)
      repeats *= state.extents[i];
    return fillPositions(static_cast<int64_t *>(to), first,
                         step.isForOne ? 1 : state.extents[step.detail],
                         step.isForOne ? 1 : repeats, count);
  }
  case StepKind::CheckDivisor:
  case StepKind::CheckExponent: {
    // Of several, what the first check finds.
    if (state.fault.found && state.faulty <= step.detail)
      return;
    ElementFault fault;
    const bool isDivisor = step.kind == StepKind::CheckDivisor;
    switch (RegisterType(step.type)) {
    case RegisterType::I8:
      check<int8_t>(x, count, isDivisor, fault);
      break;
    case RegisterType::U8:
      check<uint8_t>(x, count, isDivisor, fault);
      break;
    case RegisterType::I32:
      check<int32_t>(x, count, isDivisor, fault);
      break;
    default:
      check<int64_t>(x, count, isDivisor, fault);
    }
    if (fault.found) {
      state.fault = fault;
      state.faulty = step.detail;
    }
    return;
  }
  }
}

/// To be called where the innermost position is 0.
void ElementProgram::countNear(State &state) const {
  state.near = 0;
  if (order.empty() || (state.numPasses != 1 && order.size() == numKept))
    return;
  const DomainAxis &axis = domain.axes[order.back()];
  state.near = axis.extent / axis.chunk - 1;
}

bool ElementProgram::advance(State &state) const {
  if (state.near != 0) {
    --state.near;
    const size_t axis = order.back();
    state.positions[axis] += domain.axes[axis].chunk;
    const int64_t *steps = blockSteps.data() + axis * numOperands;
    for (size_t i = 0; i < numOperands; ++i)
      state.pointers[i] = static_cast<char *>(state.pointers[i]) + steps[i];
    return true;
  }
  for (size_t i = order.size();;) {
    if (i == numKept) {
      if (++state.pass != state.numPasses) {
        countNear(state);
        return true;
      }
      state.pass = 0;
    }
    if (i-- == 0)
      return false;
    const size_t axis = order[i];
    const DomainAxis &each = domain.axes[axis];
    const int64_t *steps = blockSteps.data() + axis * numOperands;
    int64_t &position = state.positions[axis];
    const bool isLast = position + each.chunk >= each.extent;
    const int64_t moves = isLast ? -(position / each.chunk) : 1;
    position = isLast ? 0 : position + each.chunk;
    for (size_t i = 0; i < numOperands; ++i)
      state.pointers[i] =
          static_cast<char *>(state.pointers[i]) + moves * steps[i];
    const int64_t extent = std::min(each.chunk, each.extent - position);
    if (extent != state.extents[axis]) {
      state.count = state.count / state.extents[axis] * extent;
      state.extents[axis] = extent;
      for (size_t j = 0; j < blockAxes.size(); ++j)
        if (blockAxes[j] == axis)
          state.blockExtents[j] = extent;
    }
    if (!isLast) {
      if (i + 1 != order.size())
        countNear(state);
      return true;
    }
  }
}

} // namespace mind::kernels
