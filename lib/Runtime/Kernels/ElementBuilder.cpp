//===- ElementBuilder.cpp - from an expression to steps -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementBuilder.h"
#include <algorithm>
#include <bit>
#include <cassert>

namespace mind::kernels {
namespace {

/// Of a register: several stay in the first-level cache.
constexpr size_t blockBytes = 4096;
/// A domain whose operands are hardly in a cache.
constexpr int64_t farElements = 2 << 20;
/// How far before its use a line of such an operand is asked for.
constexpr int64_t bytesAhead = 4096;
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

/// Whether an instruction takes longer than it takes to load and store its
/// elements, even from and to memory.
bool isFunction(const ElementInstruction &instruction) {
  switch (instruction.op) {
  case ElementOp::Load:
  case ElementOp::Constant:
  case ElementOp::Position:
  case ElementOp::CheckDivisor:
  case ElementOp::CheckExponent:
  case ElementOp::Cast:
  case ElementOp::Neg:
  case ElementOp::Not:
  case ElementOp::Isnan:
  case ElementOp::Add:
  case ElementOp::Sub:
  case ElementOp::Mul:
  case ElementOp::Eq:
  case ElementOp::Ne:
  case ElementOp::Lt:
  case ElementOp::Le:
  case ElementOp::Gt:
  case ElementOp::Ge:
  case ElementOp::And:
  case ElementOp::Or:
  case ElementOp::Xor:
    return false;
  case ElementOp::Sqrt:
  case ElementOp::Rsqrt:
  case ElementOp::Reciprocal:
  case ElementOp::Div:
    return instruction.dtype == DType::F64;
  default:
    return !isExact(instruction.op) || instruction.op == ElementOp::Rem;
  }
}

/// The comparison that says of y and x what `op` says of x and y.
ElementOp mirrored(ElementOp op) {
  switch (op) {
  case ElementOp::Lt:
    return ElementOp::Gt;
  case ElementOp::Le:
    return ElementOp::Ge;
  case ElementOp::Gt:
    return ElementOp::Lt;
  case ElementOp::Ge:
    return ElementOp::Le;
  default:
    return op;
  }
}

} // namespace

/// Has equal instructions computed once.
void ElementProgram::Builder::mergeEquals() {
  // By hash, with a place for each and as many more.
  constexpr size_t few = 64;
  uint16_t fewPlaces[few];
  std::vector<uint16_t> manyPlaces;
  std::span<uint16_t> table(
      fewPlaces, std::min(few, std::bit_ceil(2 * instructions.size() + 1)));
  if (2 * instructions.size() >= few) {
    manyPlaces.resize(std::bit_ceil(2 * instructions.size() + 1));
    table = manyPlaces;
  }
  std::fill(table.begin(), table.end(), none);
  for (uint16_t i = 0; i < end; ++i) {
    ElementInstruction &each = instructions[i];
    const unsigned count = elementOpInfo(each.op).numOperands;
    uint64_t hash = uint64_t(each.op) | uint64_t(each.dtype) << 8 |
                    uint64_t(each.result) << 16;
    hash = (hash ^ uint64_t(each.value)) * 0x9e3779b97f4a7c15;
    for (unsigned j = 0; j < count; ++j) {
      each.operands[j] = values[each.operands[j]].first;
      hash = ((hash ^ hash >> 29) + each.operands[j]) * 0x9e3779b97f4a7c15;
    }
    auto isEqual = [&](const ElementInstruction &other) {
      return other.op == each.op && other.dtype == each.dtype &&
             other.result == each.result && other.value == each.value &&
             std::equal(each.operands, each.operands + count, other.operands);
    };
    size_t at = size_t(hash >> 32) & (table.size() - 1);
    while (table[at] != none && !isEqual(instructions[table[at]]))
      at = (at + 1) & (table.size() - 1);
    if (table[at] == none)
      table[at] = i;
    values[i].first = table[at];
  }
  for (ElementStore &store : stores)
    store.value = values[store.value].first;
  if (keptValue != none)
    keptValue = values[keptValue].first;
}

/// The loop for an instruction and the only one that reads it, if there is one:
/// which, of whose values.
std::optional<ElementProgram::Builder::Pair>
ElementProgram::Builder::pairOf(uint16_t number) const {
  const ElementInstruction &first = instructions[number];
  const ElementInstruction &second = instructions[values[number].user];
  if (first.dtype != DType::F32 || second.dtype != DType::F32)
    return std::nullopt;
  ElementOp op = first.op;
  Pair pair = {nullptr, {first.operands[0], first.operands[1]}};
  bool isSwapped = second.operands[0] != number;
  if (second.op != ElementOp::Where) {
    if (first.result != DType::F32)
      return std::nullopt;
    const bool isUnary = elementOpInfo(second.op).numOperands == 1;
    pair.values[2] = isUnary ? pair.values[0] : second.operands[!isSwapped];
  } else {
    // One of what it chooses between is to be what is compared first.
    const uint16_t *choices = second.operands + 1;
    if (isSwapped)
      return std::nullopt;
    auto isChoice = [&](uint16_t value) {
      return value == choices[0] || value == choices[1];
    };
    if (!isChoice(pair.values[0])) {
      if (!isChoice(pair.values[1]))
        return std::nullopt;
      std::swap(pair.values[0], pair.values[1]);
      op = mirrored(op);
    }
    isSwapped = pair.values[0] != choices[0];
    pair.values[2] = choices[!isSwapped];
  }
  pair.kernels = pairKernels(op, second.op, isSwapped, level);
  return pair.kernels ? std::optional(pair) : std::nullopt;
}

/// Finds whether an instruction may become one step with the only one that
/// reads it.
void ElementProgram::Builder::findPair(uint16_t number) {
  Value &value = values[number];
  if (value.numUses != 1 || value.user == none)
    return;
  Value &user = values[value.user];
  if (user.hasPair || user.pairedWith != none || !pairOf(number))
    return;
  value.pairedWith = value.user;
  user.hasPair = true;
}

void ElementProgram::Builder::findUses() {
  auto store = [&](uint16_t value) {
    values[value].isUsed = true;
    values[value].lastUse = end;
    ++values[value].numUses;
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
    findPair(i);
    const bool isLater =
        isRenaming(instruction) || values[i].pairedWith != none;
    const uint16_t lastUse = isLater ? values[i].lastUse : i;
    for (unsigned j = 0; j < elementOpInfo(instruction.op).numOperands; ++j) {
      Value &operand = values[instruction.operands[j]];
      operand.isUsed = operand.isRead = true;
      operand.lastUse = std::max(operand.lastUse, lastUse);
      ++operand.numUses;
      operand.user = i;
    }
    numFunctions += isFunction(instruction);
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
  if (numComputed == 0 && domain.reducesFirst && isReadInPlace())
    bytes = 16 * blockBytes;
  const auto most = int64_t(bytes / widest);
  domain.chooseBlocks(most, domain.reducesFirst ? most / 2 : shortestRow,
                      int64_t(4 * blockBytes / widest));
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
    call(when, value.pointer, from, false, half(instruction.dtype).load, 4, 2);
    return;
  }
  if (converts)
    call(when, value.pointer, operand, true, half(instruction.dtype).load, 4,
         2);
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
    if (operand.isPostponed)
      return emitPair(number, instruction.operands[i]);
    value.rate = std::max(value.rate, operand.rate);
    sources[i] = operand.pointer;
    ones |= unsigned(operand.rate != Rate::Element) << i;
  }
  for (unsigned i = count; i < 3; ++i)
    sources[i] = sources[0];
  const bool isForOne = value.rate != Rate::Element;
  if (!isForOne && value.pairedWith != none) {
    value.isPostponed = true;
    return;
  }
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
  Step &step = call(value.rate, value.pointer, sources[0], isForOne, kernel,
                    sizeInBytes(registerType(instruction.result)),
                    sizeInBytes(registerType(instruction.dtype)));
  step.y = sources[1];
  step.z = sources[2];
  if (isChoice)
    step.xSize = 1;
  // Storing rounds anyway.
  if (isHalf(instruction.result) && !isExact(instruction.op) &&
      (value.isRead || number == keptValue))
    call(value.rate, value.pointer, value.pointer, isForOne,
         half(instruction.result).round, 4, 4);
}

/// Two instructions as one step.
void ElementProgram::Builder::emitPair(uint16_t number, uint16_t firstNumber) {
  const Pair pair = *pairOf(firstNumber);
  Pointer sources[3];
  unsigned ones = 0;
  for (unsigned i = 0; i < 3; ++i) {
    const Value &operand = values[pair.values[i]];
    sources[i] = operand.pointer;
    ones |= unsigned(operand.rate != Rate::Element) << i;
  }
  Value &value = values[number];
  value.rate = Rate::Element;
  release(number);
  value.pointer = destination(number);
  Step &step = call(Rate::Element, value.pointer, sources[0], false,
                    pair.kernels[ones], 4, 4);
  step.y = sources[1];
  step.z = sources[2];
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
    call(Rate::Block, to, from, false, half(dtype).store, 2, 4);
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

/// Streams that the processor is to load ahead: those of large domains, unless
/// functions take longer than memory. Their lines are asked for between the
/// steps, a few at a time.
void ElementProgram::Builder::planAhead() {
  if (p.domain.size <= farElements || p.order.empty() || p.always.empty())
    return;
  const size_t axis = p.order.back();
  auto isStream = [&](size_t operand) {
    for (uint16_t each : p.order)
      if (p.domain.stride(operand, each) == 0)
        return false;
    return isSideBySide(operand) && !isUniform(operand);
  };
  enum Stream : uint8_t { None, IsRead, IsWritten };
  std::vector<Stream> streams(operands.size(), None);
  for (uint16_t i = 0; i < end; ++i)
    if (values[i].isUsed && instructions[i].op == ElementOp::Load)
      streams[size_t(instructions[i].value)] = IsRead;
  for (const ElementStore &store : stores)
    streams[store.operand] = IsWritten;
  size_t numStreams = 0;
  int64_t longest = 0;
  auto stepOf = [&](size_t operand) {
    return p.blockSteps[axis * operands.size() + operand];
  };
  for (size_t i = 0; i < operands.size(); ++i) {
    if (!isStream(i))
      streams[i] = None;
    if (streams[i] == None)
      continue;
    ++numStreams;
    longest = std::max(longest, stepOf(i));
  }
  constexpr size_t most = 16;
  if (2 * numFunctions >= numStreams || numStreams > most)
    return;
  constexpr int64_t line = 64;
  for (int64_t at = 0; at < longest; at += line)
    for (size_t i = 0; i < operands.size(); ++i)
      if (streams[i] != None && at < stepOf(i))
        p.ahead.push_back(
            {Pointer(i), streams[i] == IsWritten, int32_t(at + bytesAhead)});
  const size_t parts = p.always.size() + 1;
  for (size_t i = 0; i < p.always.size(); ++i)
    p.always[i].endAhead = uint16_t(p.ahead.size() * (i + 1) / parts);
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
  mergeEquals();
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
  callByRows();
  planAhead();
  placeEverything();
}

ElementProgram::ElementProgram(const ElementExpression &expression,
                               Domain domain,
                               std::span<const ElementOperand> operands,
                               CpuLevel level, uint16_t value)
    : domain(std::move(domain)), copies(&copyTable(level)),
      numOperands(operands.size()) {
  Builder(*this, expression, operands, level, value).build();
}
} // namespace mind::kernels
