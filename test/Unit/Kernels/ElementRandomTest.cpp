//===- ElementRandomTest.cpp - expressions and shapes by chance ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs of exact operations on operands that are permuted, broadcast,
// reversed or spread, over domains of any rank. MIND_TEST_SEEDS, a number, asks
// for more of them than a run of all tests wants.
//
//===----------------------------------------------------------------------===//

#include "ElementCase.h"
#include "Levels.h"
#include "Mind/Runtime/Kernels/Reduction.h"
#include <cstdlib>
#include <deque>
#include <memory>

using namespace elements;

namespace {

uint32_t numSeeds() {
  const char *asked = std::getenv("MIND_TEST_SEEDS");
  return asked ? uint32_t(std::atoi(asked)) : 300;
}

class RandomProgram {
public:
  explicit RandomProgram(uint32_t seed) : random(seed * 7919 + 1) {
    constexpr int64_t some[] = {1, 2, 3, 5, 16, 17, 31, 64, 100, 129, 260};
    const size_t rank = pick(5);
    int64_t size = 1;
    for (size_t i = 0; i < rank; ++i) {
      int64_t extent = some[pick(std::size(some))];
      if (size * extent > 20000)
        extent = 1 + int64_t(pick(3));
      size *= extent;
      it.extents.push_back(extent);
    }
    const size_t numLoads = 1 + pick(3);
    for (size_t i = 0; i < numLoads; ++i)
      it.load(make(allDTypes[pick(std::size(allDTypes))], true));
    const size_t numOperations = 1 + pick(10);
    for (size_t i = 0; i < numOperations; ++i)
      addOperation();
  }

  size_t pick(size_t count) { return size_t(random() >> 8) % count; }

  /// A tensor of the domain, whose axes have some order in memory.
  Tensor &make(DType dtype, bool maySkip) {
    const size_t rank = it.extents.size();
    std::vector<size_t> order(rank);
    for (size_t i = 0; i < rank; ++i)
      order[i] = i;
    if (pick(2))
      for (size_t i = 1; i < rank; ++i)
        std::swap(order[i], order[pick(i + 1)]);
    std::vector<int64_t> strides(rank);
    int64_t stride = pick(5) ? 1 : 2;
    const bool skips = maySkip && pick(2), reverses = !pick(4);
    for (size_t i = rank; i-- != 0;) {
      const size_t axis = order[i];
      if (skips && pick(2))
        continue; // 0
      strides[axis] = reverses && pick(2) ? -stride : stride;
      stride *= it.extents[axis];
      if (!pick(8))
        ++stride; // space between rows
    }
    tensors.push_back(Tensor::strided(dtype, it.extents, strides));
    fill(tensors.back(), uint32_t(random()));
    return tensors.back();
  }

  DType dtypeOf(uint16_t value) const {
    return it.expression.instructions[value].result;
  }
  uint16_t last() const {
    return uint16_t(it.expression.instructions.size() - 1);
  }
  /// A value, mostly a late one.
  uint16_t pickValue() {
    const uint16_t some = uint16_t(pick(last() + 1u));
    return pick(2) ? some : last();
  }
  uint16_t valueOf(DType dtype) {
    for (int attempts = 0; attempts < 4; ++attempts) {
      const uint16_t value = pickValue();
      if (dtypeOf(value) == dtype)
        return value;
    }
    if (pick(2)) {
      const uint16_t value = pickValue();
      return it.add(ElementOp::Cast, dtypeOf(value), dtype, {value});
    }
    int64_t bits = 0;
    reference::store(dtype, {1.5, 1}, &bits);
    return it.add(ElementOp::Constant, dtype, dtype, {}, bits);
  }

  void addOperation() {
    const uint16_t x = pickValue();
    const DType dtype = dtypeOf(x);
    switch (pick(8)) {
    case 0: {
      const DType to = allDTypes[pick(std::size(allDTypes))];
      it.add(ElementOp::Cast, dtype, to, {x});
      return;
    }
    case 1:
      if (!it.extents.empty()) {
        it.add(ElementOp::Position, DType::I64, DType::I64, {},
               int64_t(pick(it.extents.size())));
        return;
      }
      [[fallthrough]];
    case 2: {
      const uint16_t y = valueOf(dtype);
      it.add(pick(2) ? ElementOp::Lt : ElementOp::Ne, dtype, DType::Bool,
             {x, y});
      return;
    }
    case 3: {
      const uint16_t condition = valueOf(DType::Bool), y = valueOf(dtype);
      it.add(ElementOp::Where, dtype, dtype, {condition, x, y});
      return;
    }
    case 4:
      if (isBool(dtype)) {
        it.add(ElementOp::Not, dtype, dtype, {x});
      } else {
        constexpr ElementOp ops[] = {ElementOp::Neg, ElementOp::Abs,
                                     ElementOp::Relu, ElementOp::Sign};
        it.add(ops[pick(4)], dtype, dtype, {x});
      }
      return;
    default: {
      const uint16_t y = valueOf(dtype);
      if (isBool(dtype)) {
        it.add(ElementOp::Xor, dtype, dtype, {x, y});
        return;
      }
      constexpr ElementOp ops[] = {ElementOp::Add,     ElementOp::Sub,
                                   ElementOp::Mul,     ElementOp::Div,
                                   ElementOp::Minimum, ElementOp::Maximum};
      it.add(ops[pick(6)], dtype, dtype, {x, y});
    }
    }
  }

  /// All values at a position.
  std::vector<Number> evaluate(const std::vector<int64_t> &position) {
    std::vector<Number> values;
    for (const ElementInstruction &each : it.expression.instructions) {
      const unsigned count = elementOpInfo(each.op).numOperands;
      Number x[3];
      for (unsigned i = 0; i < count; ++i)
        x[i] = values[each.operands[i]];
      values.push_back(each.op == ElementOp::Load
                           ? it.tensors[size_t(each.value)]->get(position)
                       : each.op == ElementOp::Constant
                           ? reference::load(each.dtype, &each.value)
                       : each.op == ElementOp::Position
                           ? Number{0, position[size_t(each.value)]}
                           : reference::compute(each, x[0], x[1], x[2]));
    }
    return values;
  }

  std::string describe() const {
    std::string text = "extents";
    for (int64_t extent : it.extents)
      text += " " + std::to_string(extent);
    for (const Tensor *tensor : it.tensors) {
      text += "\n" + std::string(dtypeName(tensor->dtype)) + " strides";
      for (int64_t stride : tensor->strides)
        text += " " + std::to_string(stride);
    }
    for (const ElementInstruction &each : it.expression.instructions) {
      text += "\n" + std::string(elementOpInfo(each.op).mnemonic) + " " +
              std::string(dtypeName(each.dtype)) + " -> " +
              std::string(dtypeName(each.result));
      for (unsigned i = 0; i < elementOpInfo(each.op).numOperands; ++i)
        text += " " + std::to_string(each.operands[i]);
      text += " (" + std::to_string(each.value) + ")";
    }
    return text;
  }

  Case it;
  std::deque<Tensor> tensors;
  std::minstd_rand random;
};

bool isSame(DType dtype, Number x, Number y) {
  if (!isFloat(dtype))
    return x.whole == y.whole;
  return x.real == y.real || (std::isnan(x.real) && std::isnan(y.real));
}

TEST(ElementRandom, Elementwise) {
  for (uint32_t seed = 0; seed < numSeeds() && !HasFailure(); ++seed) {
    RandomProgram program(seed);
    Case &it = program.it;
    const size_t numStores = 1 + program.pick(2);
    std::vector<uint16_t> stored;
    for (size_t i = 0; i < numStores; ++i) {
      const uint16_t value = i == 0 ? program.last() : program.pickValue();
      stored.push_back(value);
      it.store(value, program.make(program.dtypeOf(value), false));
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + program.describe());
    const size_t first = it.tensors.size() - numStores;
    for (CpuLevel level : levels()) {
      for (size_t i = 0; i < numStores; ++i)
        std::fill(it.tensors[first + i]->bytes.begin(),
                  it.tensors[first + i]->bytes.end(), char(0x33));
      it.run(level);
      bool isRight = true;
      it.forEachPosition([&](const std::vector<int64_t> &position) {
        const std::vector<Number> values = program.evaluate(position);
        for (size_t i = 0; i < numStores; ++i)
          isRight &= isSame(program.dtypeOf(stored[i]), values[stored[i]],
                            it.tensors[first + i]->get(position));
      });
      EXPECT_TRUE(isRight) << "level " << int(level);
    }
  }
}

/// Extremes, and sums of integers, which are exact.
TEST(ElementRandom, Reductions) {
  for (uint32_t seed = 0; seed < numSeeds() && !HasFailure(); ++seed) {
    RandomProgram program(seed);
    Case &it = program.it;
    const size_t rank = it.extents.size();
    auto reduced = std::make_unique<bool[]>(rank + 1);
    std::vector<int64_t> strides(rank, 0);
    int64_t size = 1;
    for (size_t i = 0; i < rank; ++i)
      if (!(reduced[i] = program.pick(2))) {
        strides[i] = size;
        size *= it.extents[i];
      }
    constexpr ReductionKind kinds[] = {
        ReductionKind::Max, ReductionKind::ArgMin, ReductionKind::ArgMax};
    ReductionKind kind = kinds[program.pick(3)];
    uint16_t value = program.last();
    DType dtype = program.dtypeOf(value);
    if (dtype == DType::F16 || dtype == DType::BF16) {
      value = it.add(ElementOp::Cast, dtype, DType::F32, {value});
      dtype = DType::F32;
    }
    if (isBool(dtype))
      kind = ReductionKind::Any;
    else if (dtype == DType::I64 && program.pick(2))
      kind = ReductionKind::Sum;
    const bool isPosition =
        kind == ReductionKind::ArgMin || kind == ReductionKind::ArgMax;
    Tensor result = {isPosition ? DType::I64 : dtype, {}, strides};
    result.bytes.resize(size_t(size) * sizeInBytes(result.dtype));
    it.tensors.push_back(&result);
    SCOPED_TRACE("seed " + std::to_string(seed) + " kind " +
                 std::to_string(int(kind)) + "\n" + program.describe());

    struct Group {
      int64_t count = 0, where = 0;
      Number best;
    };
    std::vector<Group> groups(static_cast<size_t>(size));
    it.forEachPosition([&](const std::vector<int64_t> &position) {
      int64_t element = 0;
      for (size_t i = 0; i < rank; ++i)
        element += position[i] * strides[i];
      Group &group = groups[size_t(element)];
      const Number x = program.evaluate(position)[value];
      bool isBetter = group.count == 0;
      if (kind == ReductionKind::Sum)
        group.best.whole =
            int64_t(uint64_t(group.best.whole) + uint64_t(x.whole));
      else if (isFloat(dtype))
        isBetter |= !std::isnan(group.best.real) &&
                    (std::isnan(x.real) || (kind == ReductionKind::ArgMin
                                                ? x.real < group.best.real
                                                : x.real > group.best.real));
      else
        isBetter |= kind == ReductionKind::ArgMin ? x.whole < group.best.whole
                                                  : x.whole > group.best.whole;
      if (isBetter && kind != ReductionKind::Sum) {
        group.best = x;
        group.where = group.count;
      }
      ++group.count;
    });
    for (CpuLevel level : levels()) {
      it.runPlan([&](const std::vector<ElementOperand> &operands) {
        return ReductionPlan(kind, it.expression, value, it.extents,
                             {reduced.get(), rank}, operands,
                             uint16_t(it.tensors.size() - 1), level);
      });
      for (int64_t i = 0; i < size; ++i) {
        const Group &group = groups[size_t(i)];
        const Number expected =
            isPosition ? Number{0, group.where} : group.best;
        EXPECT_TRUE(isSame(result.dtype, expected, result.get(i)))
            << "level " << int(level) << " element " << i;
        if (HasFailure())
          return;
      }
    }
  }
}

} // namespace
