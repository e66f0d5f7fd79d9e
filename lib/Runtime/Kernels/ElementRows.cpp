//===- ElementRows.cpp - rows of blocks where they lie --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks that are tiles have operands whose rows are apart. Rather than to copy
// them into a register and back, loops are called for one row after the other.
//
//===----------------------------------------------------------------------===//

#include "ElementBuilder.h"

namespace mind::kernels {

/// Has the readers of what a step gathers read it where it lies, if they can:
/// they are loops, and nothing is written to memory before they read.
bool ElementProgram::Builder::readsByRows(size_t gather) {
  std::vector<Step> &steps = p.always;
  const Pointer copy = steps[gather].to, operand = steps[gather].x;
  size_t last = gather;
  bool isWritten = false;
  for (size_t i = gather + 1; i < steps.size(); ++i) {
    const Step &step = steps[i];
    const bool isCall = step.kind == StepKind::Call && !step.isForOne;
    if (step.x == copy || step.y == copy || step.z == copy) {
      if (!isCall || isWritten)
        return false;
      last = i;
    }
    if (step.kind == StepKind::CheckDivisor ||
        step.kind == StepKind::CheckExponent)
      continue; // They write nothing.
    if (step.to == copy)
      break;
    isWritten |= step.to < operands.size();
  }
  for (size_t i = gather + 1; i <= last; ++i)
    for (Pointer *from : {&steps[i].x, &steps[i].y, &steps[i].z})
      if (*from == copy)
        *from = operand;
  return true;
}

/// Has what a step scatters computed where it belongs, if it is by a loop,
/// after which nothing reads it or memory.
bool ElementProgram::Builder::writesByRows(size_t scatter) {
  std::vector<Step> &steps = p.always;
  const Pointer copy = steps[scatter].x;
  auto reads = [](const Step &step, Pointer from) {
    return step.x == from || step.y == from || step.z == from;
  };
  for (size_t i = scatter + 1; i < steps.size(); ++i)
    if (reads(steps[i], copy))
      return false;
  for (size_t i = scatter; i-- != 0;) {
    Step &step = steps[i];
    const bool isCheck = step.kind == StepKind::CheckDivisor ||
                         step.kind == StepKind::CheckExponent;
    if (step.to == copy && !isCheck) {
      if (step.kind != StepKind::Call || step.isForOne)
        return false;
      step.to = steps[scatter].to;
      return true;
    }
    if (reads(step, copy) || step.x < operands.size() ||
        step.y < operands.size() || step.z < operands.size())
      return false;
  }
  return false;
}

void ElementProgram::Builder::callByRows() {
  // Shorter ones are copied in less time than the calls take.
  constexpr int64_t shortest = 128;
  if (keptValue != none || p.blockAxes.size() != 2 ||
      p.domain.axes[p.blockAxes[1]].chunk < shortest)
    return;
  std::vector<Step> &steps = p.always;
  for (size_t i = 0; i < steps.size();) {
    const Step &step = steps[i];
    const bool isDone = (step.kind == StepKind::Gather &&
                         isInRows(step.detail) && readsByRows(i)) ||
                        (step.kind == StepKind::Scatter &&
                         isInRows(step.detail) && writesByRows(i));
    if (isDone)
      steps.erase(steps.begin() + ptrdiff_t(i));
    else
      ++i;
  }
  const size_t firstPlace = operands.size() + p.constants.size();
  for (Step &step : steps) {
    if (step.kind != StepKind::Call || step.isForOne)
      continue;
    const Pointer pointers[] = {step.to, step.x, step.y, step.z};
    const uint8_t sizes[] = {step.toSize, step.xSize, step.size, step.size};
    RowSteps rows = {};
    bool isByRows = false;
    for (size_t i = 0; i < 4; ++i) {
      const Pointer each = pointers[i];
      if (each < operands.size()) {
        rows.fixed[i] =
            blockStride(each, 0) * int64_t(sizeInBytes(operands[each].dtype));
        isByRows |= isInRows(each) && !isSideBySide(each);
      } else if (each >= firstPlace &&
                 p.offsets[each - firstPlace] & isRegister) {
        rows.perElement[i] = sizes[i];
      }
    }
    if (!isByRows)
      continue;
    step.kind = StepKind::CallRows;
    step.detail = uint16_t(p.rowSteps.size());
    p.rowSteps.push_back(rows);
  }
}

} // namespace mind::kernels
