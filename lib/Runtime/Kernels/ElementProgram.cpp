//===- ElementProgram.cpp - an expression, ready to run ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementProgram.h"
#include "ElementMoves.h"
#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <cstring>

namespace mind::kernels {

//===----------------------------------------------------------------------===//
// Domains
//===----------------------------------------------------------------------===//

namespace {

bool isCheck(ElementOp op) {
  return op == ElementOp::CheckDivisor || op == ElementOp::CheckExponent;
}

} // namespace

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

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {

/// Of a register: several stay in the first-level cache.
constexpr size_t blockBytes = 4096;
/// A domain whose operands are hardly in a cache.
constexpr int64_t farElements = 2 << 20;
/// Rows that are worth blocks of their own.
constexpr int64_t shortestRow = 128;

float toSingle(uint16_t bits, bool isBrain) {
  const ElementConversions &table = elementConversions(CpuLevel::Baseline);
  float result;
  (isBrain ? table.bf16 : table.f16).load(&result, &bits, nullptr, nullptr, 1);
  return result;
}

/// Whether what rounds the operands to a type rounds the result to it, too.
bool isExact(ElementOp op) {
  switch (op) {
  case ElementOp::Neg:
  case ElementOp::Abs:
  case ElementOp::Sign:
  case ElementOp::Relu:
  case ElementOp::Floor:
  case ElementOp::Ceil:
  case ElementOp::Round:
  case ElementOp::Rem:
  case ElementOp::Minimum:
  case ElementOp::Maximum:
  case ElementOp::Where:
  case ElementOp::Clamp:
    return true;
  default:
    return false;
  }
}

/// Whether a cast leaves the elements of blocks as they are.
bool isRenaming(const ElementInstruction &instruction) {
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

} // namespace

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
  void findUses();
  void describeBlocks();
  void findLastRead();
  void emitLoad(uint16_t number);
  void emitPosition(uint16_t number);
  void emitCheck(uint16_t number);
  void emitOperation(uint16_t number);
  void emitStore(const ElementStore &store);
  void keepValue();
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
    steps.push_back({kernel, to, x, x, x, kind, isForOne, 0, 0});
    return steps.back();
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
    for (unsigned i = 0; i < elementOpInfo(instruction.op).numOperands; ++i) {
      Value &owner = ownerOf(instruction.operands[i]);
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
  std::span<const ElementInstruction> instructions;
  std::span<const ElementStore> stores;
  std::span<const ElementOperand> operands;
  CpuLevel level;
  uint16_t keptValue;
  std::vector<Value> values;
  std::vector<Pointer> free;
  const uint16_t end;
  size_t numOnes = 0, numRegisters = 0, numConstants = 0, numComputed = 0;
  size_t widest = 1;
  /// Whether the elements of a smaller block lie where they do in all others.
  bool hasOneLayout = true;
  /// The last instruction that reads elements where a store may be.
  uint16_t lastRead = 0;
};

void ElementProgram::Builder::findUses() {
  auto store = [&](uint16_t value) {
    values[value].isUsed = true;
    values[value].lastUse = end;
  };
  if (keptValue != none)
    store(keptValue);
  for (const ElementStore &each : stores)
    store(each.value);
  size_t most = 0;
  for (uint16_t i = end; i-- != 0;) {
    const ElementInstruction &instruction = instructions[i];
    if (keptValue == none && isCheck(instruction.op))
      values[i].isUsed = true;
    if (!values[i].isUsed)
      continue;
    const uint16_t lastUse = isRenaming(instruction) ? values[i].lastUse : i;
    for (unsigned j = 0; j < elementOpInfo(instruction.op).numOperands; ++j) {
      Value &operand = values[instruction.operands[j]];
      operand.isUsed = operand.isRead = true;
      operand.lastUse = std::max(operand.lastUse, lastUse);
    }
    numComputed += instruction.op != ElementOp::Load &&
                   instruction.op != ElementOp::Constant;
    most += instruction.op == ElementOp::Constant ||
            instruction.op == ElementOp::Position;
    widest = std::max({widest, sizeInBytes(registerType(instruction.dtype)),
                       sizeInBytes(registerType(instruction.result))});
  }
  p.constants.resize(most);
}

void ElementProgram::Builder::describeBlocks() {
  Domain &domain = p.domain;
  const bool isLong = domain.size > farElements;
  // Registers are to stay in the first-level cache, and the longer a block
  // takes, the less the machine can read ahead.
  size_t bytes = isLong ? blockBytes / 2 : blockBytes;
  if (numComputed <= (domain.reducesFirst ? 0 : 1) &&
      (domain.reducesFirst || domain.rank() == 1))
    bytes = 4 * blockBytes;
  const auto most = int64_t(bytes / widest);
  domain.chooseBlocks(most, domain.reducesFirst ? most / 2 : shortestRow,
                      int64_t(blockBytes / widest));
  const size_t rank = domain.rank();
  for (size_t i = 0; i < rank; ++i)
    if (domain.axes[i].chunk > 1 || (i + 1 == rank && p.blockAxes.empty()))
      p.blockAxes.push_back(uint16_t(i));
  for (size_t i = 1; i < p.blockAxes.size(); ++i) {
    const DomainAxis &axis = domain.axes[p.blockAxes[i]];
    hasOneLayout &= axis.extent % axis.chunk == 0;
  }
  for (bool isReduced : {false, true})
    for (size_t i = 0; i < rank; ++i)
      if (domain.axes[i].numChunks() > 1 &&
          (domain.reducesFirst && domain.axes[i].isReduced) == isReduced)
        p.order.push_back(uint16_t(i)), p.numKept += !isReduced;
  p.blockStrides.reserve(operands.size() * p.blockAxes.size());
  for (size_t i = 0; i < operands.size(); ++i)
    for (uint16_t axis : p.blockAxes)
      p.blockStrides.push_back(domain.stride(i, axis));
  p.blockSteps.reserve(operands.size() * rank);
  for (size_t axis = 0; axis < rank; ++axis)
    for (size_t i = 0; i < operands.size(); ++i)
      p.blockSteps.push_back(domain.axes[axis].chunk * domain.stride(i, axis) *
                             int64_t(sizeInBytes(operands[i].dtype)));
}

void ElementProgram::Builder::findLastRead() {
  for (uint16_t i = 0; i < end; ++i) {
    const ElementInstruction &instruction = instructions[i];
    if (instruction.op != ElementOp::Load || !values[i].isUsed)
      continue;
    const size_t operand = size_t(instruction.value);
    const bool isInPlace = isSideBySide(operand) && !isHalf(instruction.dtype);
    lastRead = std::max(lastRead, isInPlace ? values[i].lastUse : i);
  }
}

ElementKernel
ElementProgram::Builder::findKernel(const ElementInstruction &instruction,
                                    int variant) const {
  const RegisterType type = registerType(instruction.dtype);
  if (instruction.op == ElementOp::Cast) {
    const ElementConversions &table = elementConversions(level);
    return isBool(instruction.result)
               ? table.toBool[int(type)]
               : table.casts[int(type)][int(registerType(instruction.result))];
  }
  const size_t op = size_t(instruction.op);
  if (type != RegisterType::F32 && type != RegisterType::F64)
    return integerOperations(type, level).kernels[op][variant];
  if (type == RegisterType::F32)
    for (auto *operations : {functionOperations, wideOperations})
      if (ElementKernel kernel = operations(level).kernels[op][variant])
        return kernel;
  return floatOperations(type, level).kernels[op][variant];
}

void ElementProgram::Builder::emitLoad(uint16_t number) {
  const ElementInstruction &instruction = instructions[number];
  const auto operand = Pointer(instruction.value);
  const bool converts = isHalf(instruction.dtype);
  const bool isSame = isSameInAllBlocks(operand);
  const Rate when = isSame ? Rate::Run : Rate::Block;
  Value &value = values[number];
  value.pointer = operand;
  if (isUniform(operand)) {
    value.rate = when;
    if (converts)
      value.pointer = placeOne();
  } else {
    value.rate = Rate::Element;
    Pointer from = operand;
    auto take = [&] { return isSame ? placeRegister() : takeRegister(); };
    if (!isSideBySide(operand)) {
      from = value.pointer = take();
      Step &gather = add(when, StepKind::Gather, from, operand, false);
      gather.type = uint8_t(sizeInBytes(instruction.dtype));
      gather.detail = operand;
      value.ownsRegister = !isSame;
    }
    if (!converts)
      return;
    value.pointer = take();
    value.ownsRegister = !isSame;
    if (from != operand && !isSame)
      free.push_back(from);
    add(when, StepKind::Call, value.pointer, from, false,
        half(instruction.dtype).load);
    return;
  }
  if (converts)
    add(when, StepKind::Call, value.pointer, operand, true,
        half(instruction.dtype).load);
}

void ElementProgram::Builder::emitPosition(uint16_t number) {
  Value &value = values[number];
  const auto &axes = p.domain.axes;
  uint16_t axis = 0;
  while (axis < axes.size() &&
         axes[axis].position != int32_t(instructions[number].value))
    ++axis;
  if (axis == axes.size()) { // the only one
    value.pointer = constant(0);
    return;
  }
  const Rate when =
      axes[axis].numChunks() == 1 && hasOneLayout ? Rate::Run : Rate::Block;
  const bool isForOne = axes[axis].chunk == 1;
  value.rate = isForOne ? Rate::Block : Rate::Element;
  value.ownsRegister = !isForOne && when == Rate::Block;
  value.pointer = isForOne              ? placeOne()
                  : when == Rate::Block ? takeRegister()
                                        : placeRegister();
  add(when, StepKind::Position, value.pointer, 0, isForOne).detail = axis;
}

void ElementProgram::Builder::emitCheck(uint16_t number) {
  const ElementInstruction &instruction = instructions[number];
  const Value &operand = values[instruction.operands[0]];
  const StepKind kind = instruction.op == ElementOp::CheckDivisor
                            ? StepKind::CheckDivisor
                            : StepKind::CheckExponent;
  Step &step = add(operand.rate, kind, 0, operand.pointer,
                   operand.rate != Rate::Element);
  step.type = uint8_t(registerType(instruction.dtype));
  step.detail = number;
  release(number);
}

void ElementProgram::Builder::emitOperation(uint16_t number) {
  const ElementInstruction &instruction = instructions[number];
  Value &value = values[number];
  if (isRenaming(instruction)) {
    const Value &operand = values[instruction.operands[0]];
    value.pointer = operand.pointer;
    value.rate = operand.rate;
    return;
  }
  const unsigned count = elementOpInfo(instruction.op).numOperands;
  Pointer sources[3] = {};
  unsigned ones = 0;
  for (unsigned i = 0; i < count; ++i) {
    const Value &operand = values[instruction.operands[i]];
    value.rate = std::max(value.rate, operand.rate);
    sources[i] = operand.pointer;
    ones |= unsigned(operand.rate != Rate::Element) << i;
  }
  for (unsigned i = count; i < 3; ++i)
    sources[i] = sources[0];
  const bool isForOne = value.rate != Rate::Element;
  const bool isChoice = instruction.op == ElementOp::Where;
  unsigned variant = AllBlocks;
  Pointer condition = 0;
  if (!isForOne && count == 3 && ones & 1) {
    const Value &first = values[instruction.operands[0]];
    sources[0] = spread(first, isChoice ? RegisterType::U8
                                        : registerType(instruction.dtype));
    if (first.rate == Rate::Block)
      condition = sources[0];
  }
  if (!isForOne)
    variant = count == 3 ? ones >> 1 : ones;

  // A place may be taken over by elements of the same size.
  const bool isSameSize = sizeInBytes(registerType(instruction.dtype)) ==
                              sizeInBytes(registerType(instruction.result)) &&
                          !isChoice;
  if (isSameSize)
    release(number);
  value.pointer = isForOne ? placeOne() : destination(number);
  if (!isSameSize)
    release(number);
  if (condition)
    free.push_back(condition);
  const ElementKernel kernel = findKernel(instruction, int(variant));
  assert(kernel && "the language has no such operation");
  Step &step = add(value.rate, StepKind::Call, value.pointer, sources[0],
                   isForOne, kernel);
  step.y = sources[1];
  step.z = sources[2];
  // Storing rounds anyway.
  if (isHalf(instruction.result) && !isExact(instruction.op) &&
      (value.isRead || number == keptValue))
    add(value.rate, StepKind::Call, value.pointer, value.pointer, isForOne,
        half(instruction.result).round);
}

void ElementProgram::Builder::emitStore(const ElementStore &store) {
  const Value &value = values[store.value];
  if (value.storedAs == store.operand)
    return;
  const DType dtype = operands[store.operand].dtype;
  const bool isDense = isSideBySide(store.operand);
  const auto size = uint8_t(sizeInBytes(dtype));
  auto isStep = [&](StepKind kind, Pointer from) {
    Step &step = add(Rate::Block, kind, store.operand, from, false);
    step.type = size;
    step.detail = store.operand;
  };
  if (value.rate != Rate::Element && isDense && !isHalf(dtype))
    return isStep(StepKind::Fill, value.pointer);
  Pointer from = value.pointer;
  if (value.rate != Rate::Element)
    from = spread(value, registerType(dtype));
  if (isHalf(dtype)) {
    const Pointer to = isDense ? store.operand : takeRegister();
    add(Rate::Block, StepKind::Call, to, from, false, half(dtype).store);
    if (isDense)
      return;
    from = to;
    isStep(StepKind::Scatter, from);
    free.push_back(to);
    return;
  }
  isStep(isDense ? StepKind::Copy : StepKind::Scatter, from);
}

void ElementProgram::Builder::keepValue() {
  const Value &value = values[keptValue];
  p.kept = value.rate == Rate::Element
               ? value.pointer
               : spread(value, registerType(instructions[keptValue].result));
}

/// The workspace has the pointers, then positions and extents, single elements,
/// and registers.
void ElementProgram::Builder::placeEverything() {
  constexpr size_t alignment = 64;
  auto align = [](size_t bytes) {
    return (bytes + alignment - 1) / alignment * alignment;
  };
  size_t count = 1;
  for (const DomainAxis &axis : p.domain.axes)
    count *= size_t(axis.chunk);
  const size_t registerBytes = align(count * widest);
  const size_t ones =
      sizeof(void *) *
          (operands.size() + p.constants.size() + p.offsets.size()) +
      sizeof(int64_t) * (2 * p.domain.rank() + p.blockAxes.size());
  const size_t registers = align(ones + numOnes * sizeof(uint64_t));
  for (size_t &offset : p.offsets)
    offset = offset & isRegister
                 ? registers + (offset & ~isRegister) * registerBytes
                 : ones + offset * sizeof(uint64_t);
  p.bytes = registers + numRegisters * registerBytes;
}

void ElementProgram::Builder::build() {
  findUses();
  describeBlocks();
  findLastRead();
  p.always.reserve(instructions.size() + stores.size());
  for (uint16_t i = 0; i < end; ++i) {
    if (!values[i].isUsed)
      continue;
    const ElementInstruction &instruction = instructions[i];
    switch (instruction.op) {
    case ElementOp::Load:
      emitLoad(i);
      break;
    case ElementOp::Constant: {
      const auto bits = uint64_t(instruction.value);
      values[i].pointer =
          constant(isHalf(instruction.dtype)
                       ? std::bit_cast<uint32_t>(toSingle(
                             uint16_t(bits), instruction.dtype == DType::BF16))
                       : bits);
      break;
    }
    case ElementOp::Position:
      emitPosition(i);
      break;
    case ElementOp::CheckDivisor:
    case ElementOp::CheckExponent:
      emitCheck(i);
      break;
    default:
      emitOperation(i);
    }
  }
  // What is read from memory first, since stores may replace it.
  for (bool isFromMemory : {true, false})
    for (const ElementStore &store : stores)
      if ((values[store.value].pointer < operands.size() &&
           values[store.value].storedAs == none) == isFromMemory)
        emitStore(store);
  if (keptValue != none)
    keepValue();
  placeEverything();
}

ElementProgram::ElementProgram(const ElementExpression &expression,
                               Domain domain,
                               std::span<const ElementOperand> operands,
                               CpuLevel level, uint16_t value)
    : domain(std::move(domain)), numOperands(operands.size()) {
  Builder(*this, expression, operands, level, value).build();
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

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
  case StepKind::Gather:
    return gatherBlock(step.type, to, x, view());
  case StepKind::Scatter:
    return scatterBlock(step.type, to, x, view());
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

bool ElementProgram::advance(State &state) const {
  for (size_t i = order.size();;) {
    if (i == numKept) {
      if (++state.pass != state.numPasses)
        return true;
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
    if (!isLast)
      return true;
  }
}

} // namespace mind::kernels
