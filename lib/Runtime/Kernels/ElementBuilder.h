//===- ElementBuilder.h - from an expression to steps ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ELEMENTBUILDER_H
#define MIND_LIB_RUNTIME_KERNELS_ELEMENTBUILDER_H

#include "ElementProgram.h"
#include <optional>

namespace mind::kernels {

/// Whether a cast leaves the elements of blocks as they are.
inline bool isRenaming(const ElementInstruction &instruction) {
  const DType from = instruction.dtype, to = instruction.result;
  if (instruction.op != ElementOp::Cast)
    return false;
  if (from == to)
    return true;
  if (isBool(to))
    return false;
  if (sizeInBytes(from) == 1 && sizeInBytes(to) == 1)
    return true;
  return isHalf(from) && to == DType::F32;
}

/// Makes the steps of a program.
class ElementProgram::Builder {
public:
  Builder(ElementProgram &program, const ElementExpression &expression,
          std::span<const ElementOperand> operands, CpuLevel level,
          uint16_t value)
      : p(program), instructions(expression.instructions),
        stores(expression.stores), operands(operands), level(level),
        keptValue(value), values(instructions.size()),
        end(uint16_t(instructions.size())) {
    if (keptValue != none)
      stores = {};
  }

  void build();

private:
  void mergeEquals();
  void findUses();
  /// A loop for two instructions, by which operands are one element, and the
  /// values at its x, y and z.
  struct Pair {
    const ElementKernel *kernels;
    uint16_t values[3];
  };
  std::optional<Pair> pairOf(uint16_t number) const;
  void findPair(uint16_t number);
  void describeBlocks();
  void findLastRead();
  void emitLoad(uint16_t number);
  void emitPosition(uint16_t number);
  void emitCheck(uint16_t number);
  void emitOperation(uint16_t number);
  void emitPair(uint16_t number, uint16_t firstNumber);
  void emitStore(const ElementStore &store);
  void keepValue();
  void callByRows();
  bool readsByRows(size_t gather);
  bool writesByRows(size_t scatter);
  void planAhead();
  void placeEverything();

  ElementKernel findKernel(const ElementInstruction &instruction,
                           int variant) const;
  const ElementConversions::Half &half(DType type) const {
    const ElementConversions &table = elementConversions(level);
    return type == DType::BF16 ? table.bf16 : table.f16;
  }

  // How the elements of an operand lie in a block, and from block to block.
  int64_t blockStride(size_t operand, size_t axis) const {
    return p.blockStrides[operand * p.blockAxes.size() + axis];
  }
  bool isUniform(size_t operand) const {
    for (size_t i = 0; i < p.blockAxes.size(); ++i)
      if (blockStride(operand, i) != 0)
        return false;
    return true;
  }
  bool isSideBySide(size_t operand) const {
    int64_t expected = 1;
    for (size_t i = p.blockAxes.size(); i-- != 0;) {
      const DomainAxis &axis = p.domain.axes[p.blockAxes[i]];
      if (blockStride(operand, i) != expected ||
          (axis.chunk != axis.extent && i != 0))
        return false;
      expected *= axis.chunk;
    }
    return true;
  }
  /// Whether blocks are matrices, of whose rows it has the elements side by
  /// side.
  bool isInRows(size_t operand) const {
    return p.blockAxes.size() == 2 && blockStride(operand, 1) == 1;
  }
  /// Whether what is loaded lies side by side in all of the domain.
  bool isReadInPlace() const {
    for (uint16_t i = 0; i < end; ++i) {
      const ElementInstruction &each = instructions[i];
      if (each.op != ElementOp::Load || !values[i].isUsed)
        continue;
      int64_t expected = 1;
      for (size_t axis = p.domain.rank(); axis-- != 0;) {
        if (p.domain.stride(size_t(each.value), axis) != expected)
          return false;
        expected *= p.domain.axes[axis].extent;
      }
      if (isHalf(each.dtype))
        return false;
    }
    return true;
  }
  bool isSameInAllBlocks(size_t operand) const {
    if (!hasOneLayout)
      return false;
    for (size_t i = 0; i < p.domain.rank(); ++i)
      if (p.domain.axes[i].numChunks() > 1 && p.domain.stride(operand, i) != 0)
        return false;
    return true;
  }

  /// `rate` says when it is done: once a run, or in every block.
  Step &add(Rate rate, StepKind kind, Pointer to, Pointer x, bool isForOne,
            ElementKernel kernel = nullptr) {
    std::vector<Step> &steps = rate == Rate::Run ? p.once : p.always;
    steps.push_back({kernel, to, x, x, x, kind, isForOne, 0, 0, 0, 0, 0, 0});
    return steps.back();
  }
  /// Sizes are of the elements at `to` and of the others.
  Step &call(Rate rate, Pointer to, Pointer x, bool isForOne,
             ElementKernel kernel, size_t toSize, size_t size) {
    Step &step = add(rate, StepKind::Call, to, x, isForOne, kernel);
    step.toSize = uint8_t(toSize);
    step.xSize = step.size = uint8_t(size);
    return step;
  }

  // Places in the workspace are known by number until all are.
  static constexpr size_t isRegister = size_t(1) << 63;
  Pointer place(size_t number) {
    p.offsets.push_back(number);
    return Pointer(operands.size() + p.constants.size() + p.offsets.size() - 1);
  }
  /// For one element, and for good.
  Pointer placeOne() { return place(numOnes++); }
  /// For a block, and for good unless it is given back.
  Pointer placeRegister() { return place(isRegister | numRegisters++); }
  Pointer takeRegister() {
    if (free.empty())
      return placeRegister();
    const Pointer result = free.back();
    free.pop_back();
    return result;
  }
  Pointer constant(uint64_t bits) {
    p.constants[numConstants] = bits;
    return Pointer(operands.size() + numConstants++);
  }

  /// The value that another name stands for.
  Value &ownerOf(uint16_t value) {
    while (isRenaming(instructions[value]))
      value = instructions[value].operands[0];
    return values[value];
  }
  /// Gives the registers of operands back that are read for the last time.
  void release(uint16_t number) {
    const ElementInstruction &instruction = instructions[number];
    releaseOperands(instruction, number);
  }
  void releaseOperands(const ElementInstruction &instruction, uint16_t number) {
    for (unsigned i = 0; i < elementOpInfo(instruction.op).numOperands; ++i) {
      const uint16_t operand = instruction.operands[i];
      if (values[operand].isPostponed) {
        releaseOperands(instructions[operand], number);
        continue;
      }
      Value &owner = ownerOf(operand);
      if (!owner.ownsRegister || owner.lastUse != number)
        continue;
      free.push_back(owner.pointer);
      owner.ownsRegister = false;
    }
  }
  /// A block of the element of `value`, which is the same in all of it.
  Pointer spread(const Value &value, RegisterType type) {
    const Pointer to =
        value.rate == Rate::Run ? placeRegister() : takeRegister();
    add(value.rate, StepKind::Fill, to, value.pointer, false).type =
        uint8_t(sizeInBytes(type));
    return to;
  }
  /// Where the value may be computed at once, since nothing is read any more
  /// that it might replace.
  Pointer destination(uint16_t number) {
    if (number >= lastRead)
      for (size_t i = 0; i < stores.size(); ++i) {
        const ElementStore &store = stores[i];
        if (store.value != number || isHalf(operands[store.operand].dtype) ||
            !isSideBySide(store.operand))
          continue;
        values[number].storedAs = store.operand;
        return store.operand;
      }
    values[number].ownsRegister = true;
    return takeRegister();
  }

  ElementProgram &p;
  std::vector<ElementInstruction> instructions;
  std::vector<ElementStore> stores;
  std::span<const ElementOperand> operands;
  CpuLevel level;
  uint16_t keptValue;
  std::vector<Value> values;
  std::vector<Pointer> free;
  const uint16_t end;
  size_t numOnes = 0, numRegisters = 0, numConstants = 0, numComputed = 0;
  /// Instructions that take longer than it takes to load and store elements.
  size_t numFunctions = 0;
  size_t widest = 1;
  /// Whether the elements of a smaller block lie where they do in all others.
  bool hasOneLayout = true;
  /// The last instruction that reads elements where a store may be.
  uint16_t lastRead = 0;
};

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ELEMENTBUILDER_H
