//===- ElementCase.h - tensors and expressions to test ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_TEST_UNIT_KERNELS_ELEMENTCASE_H
#define MIND_TEST_UNIT_KERNELS_ELEMENTCASE_H

#include "ElementReference.h"
#include "Mind/Runtime/Kernels/Elementwise.h"
#include "gtest/gtest.h"
#include <random>

namespace elements {

using namespace mind;
using namespace mind::kernels;
using reference::Number;

inline constexpr DType allDTypes[] = {DType::Bool, DType::I8,  DType::U8,
                                      DType::I32,  DType::I64, DType::F16,
                                      DType::BF16, DType::F32, DType::F64};

/// Elements somewhere in memory, of which a domain sees some.
struct Tensor {
  DType dtype;
  std::vector<char> bytes;
  /// Along each axis of the domain, and where position 0 is.
  std::vector<int64_t> strides;
  int64_t first = 0;

  /// Side by side.
  static Tensor dense(DType dtype, const std::vector<int64_t> &extents) {
    Tensor result = {dtype, {}, std::vector<int64_t>(extents.size())};
    int64_t count = 1;
    for (size_t i = extents.size(); i-- != 0; count *= extents[i])
      result.strides[i] = count;
    result.bytes.resize(size_t(count) * sizeInBytes(dtype));
    return result;
  }
  /// With given strides.
  static Tensor strided(DType dtype, const std::vector<int64_t> &extents,
                        const std::vector<int64_t> &strides) {
    Tensor result = {dtype, {}, strides};
    int64_t last = 0;
    for (size_t i = 0; i < extents.size(); ++i) {
      const int64_t span = (extents[i] - 1) * strides[i];
      (span < 0 ? result.first : last) += span < 0 ? -span : span;
    }
    result.bytes.resize(size_t(result.first + last + 1) * sizeInBytes(dtype));
    return result;
  }
  size_t size() const { return bytes.size() / sizeInBytes(dtype); }
  void *at(int64_t element) {
    return bytes.data() + (first + element) * int64_t(sizeInBytes(dtype));
  }
  Number get(int64_t element) { return reference::load(dtype, at(element)); }
  Number get(const std::vector<int64_t> &position) {
    int64_t element = 0;
    for (size_t i = 0; i < position.size(); ++i)
      element += position[i] * strides[i];
    return get(element);
  }
  ElementOperand operand() const { return {dtype, strides}; }
};

/// Fills with ordinary and awkward numbers.
inline void fill(Tensor &tensor, uint32_t seed, bool isPlain = false) {
  std::minstd_rand random(seed);
  constexpr double inf = std::numeric_limits<double>::infinity();
  const double awkward[] = {
      0.0,    -0.0,    1,     -1,     inf,   -inf,   NAN,    0.5,
      -0.5,   1.5,     2.5,   -2.5,   1e-40, -1e-40, 1e-310, 3e38,
      -3e38,  1e-6,    -1e-6, 65519,  65520, 127.5,  255.5,  2147483648.0,
      9.3e18, -9.3e18, 88.7,  -103.9, 2,     -2,     3,      1e5};
  for (size_t i = 0; i < tensor.size(); ++i) {
    void *at = tensor.bytes.data() + i * sizeInBytes(tensor.dtype);
    const uint32_t choice = uint32_t(random());
    Number number;
    if (isFloat(tensor.dtype)) {
      number.real = (double(random() % 200001) - 100000) / 16384;
      if (choice % 5 == 0 && !isPlain)
        number.real = awkward[random() % std::size(awkward)];
      number.real = reference::roundReal(tensor.dtype, number.real);
    } else if (isBool(tensor.dtype)) {
      number.whole = choice >> 5 & 1;
    } else {
      const int bits = int(sizeInBytes(tensor.dtype)) * 8;
      number.whole =
          int64_t(random() % 23) - (isUnsignedInt(tensor.dtype) ? 0 : 11);
      if (choice % 5 == 0 && !isPlain)
        number.whole = int64_t((uint64_t(1) << (bits - 1)) - (choice >> 8 & 1));
      else if (choice % 5 == 1 && !isPlain)
        number.whole = int64_t(uint64_t(random()) * random() * random());
      number.whole = reference::wrap(tensor.dtype, uint64_t(number.whole));
    }
    reference::store(tensor.dtype, number, at);
  }
}

/// What of a domain and its tensors is computed.
struct Case {
  ElementExpression expression;
  std::vector<int64_t> extents;
  std::vector<Tensor *> tensors;

  uint16_t add(ElementOp op, DType dtype, DType result,
               std::initializer_list<uint16_t> operands = {},
               int64_t value = 0) {
    ElementInstruction instruction = {op, dtype, result, {}, value};
    std::copy(operands.begin(), operands.end(), instruction.operands);
    expression.instructions.push_back(instruction);
    return uint16_t(expression.instructions.size() - 1);
  }
  uint16_t load(Tensor &tensor) {
    tensors.push_back(&tensor);
    return add(ElementOp::Load, tensor.dtype, tensor.dtype, {},
               int64_t(tensors.size() - 1));
  }
  void store(uint16_t value, Tensor &tensor) {
    tensors.push_back(&tensor);
    expression.stores.push_back({value, uint16_t(tensors.size() - 1)});
  }
  /// Stores where operand number `operand` is.
  void storeInPlace(uint16_t value, uint16_t operand) {
    expression.stores.push_back({value, operand});
  }

  /// Runs what `make` makes a plan of operands.
  template <typename Make> ElementFault runPlan(Make make) {
    std::vector<ElementOperand> operands;
    std::vector<void *> pointers;
    for (Tensor *tensor : tensors) {
      operands.push_back(tensor->operand());
      pointers.push_back(tensor->at(0));
    }
    const auto plan = make(operands);
    const size_t bytes = plan.workspaceBytes();
    // Another byte, which must stay, and none initialized.
    std::vector<char> memory(bytes + 128, char(0x5a));
    char *workspace =
        memory.data() + (-reinterpret_cast<uintptr_t>(memory.data()) & 63);
    const ElementFault fault = plan.run(pointers.data(), workspace);
    EXPECT_EQ(workspace[bytes], 0x5a);
    return fault;
  }
  ElementFault run(CpuLevel level) {
    return runPlan([&](const std::vector<ElementOperand> &operands) {
      return ElementwisePlan(expression, extents, operands, level);
    });
  }

  Number expected(uint16_t value, const std::vector<int64_t> &position) {
    const ElementInstruction &each = expression.instructions[value];
    const unsigned count = elementOpInfo(each.op).numOperands;
    Number x[3];
    for (unsigned i = 0; i < count; ++i)
      x[i] = expected(each.operands[i], position);
    switch (each.op) {
    case ElementOp::Load:
      return tensors[size_t(each.value)]->get(position);
    case ElementOp::Constant:
      return reference::load(each.dtype, &each.value);
    case ElementOp::Position:
      return {0, position[size_t(each.value)]};
    default:
      return reference::compute(each, x[0], x[1], x[2]);
    }
  }

  template <typename Each> void forEachPosition(Each each) {
    std::vector<int64_t> position(extents.size(), 0);
    for (int64_t extent : extents)
      if (extent == 0)
        return;
    while (true) {
      each(position);
      size_t axis = extents.size();
      while (axis != 0 && ++position[axis - 1] == extents[axis - 1])
        position[--axis] = 0;
      if (axis == 0)
        return;
    }
  }
};

} // namespace elements

#endif // MIND_TEST_UNIT_KERNELS_ELEMENTCASE_H
