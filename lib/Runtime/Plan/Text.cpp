//===- Text.cpp - a program for people and tests --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Mind/Runtime/Plan/Program.h"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

using namespace mind;
using namespace mind::plan;

std::string_view plan::stepName(StepKind kind) {
  static constexpr std::string_view names[] = {
#define MIND_PLAN_STEP(Name, Mnemonic) Mnemonic,
#include "Mind/Runtime/Plan/Steps.def"
  };
  return names[size_t(kind)];
}

namespace {

class Printer {
public:
  explicit Printer(const Program &program) : program(program) {}

  std::string print() {
    nameBuffers();
    os = "plan " + program.signature.spelling() + " {\n";
    for (size_t i = 0; i < program.buffers.size(); ++i)
      printBuffer(i);
    for (size_t i = 0; i < program.steps.size(); ++i)
      printStep(i);
    return std::move(os) + "}\n";
  }

private:
  //===--------------------------------------------------------------------===//
  // Numbers
  //===--------------------------------------------------------------------===//

  const runtime::Dim *symbol(uint32_t number) const {
    auto found = std::ranges::lower_bound(program.symbols, number, {},
                                          &Program::Symbol::number);
    return found != program.symbols.end() && found->number == number
               ? &found->value
               : nullptr;
  }
  bool is(uint32_t number, int64_t value) const {
    return !symbol(number) && program.numbers[number] == value;
  }
  std::string number(uint32_t index) const {
    const runtime::Dim *dim = symbol(index);
    return dim ? program.signature.spelling(*dim)
               : std::to_string(program.numbers[index]);
  }
  std::string list(uint32_t first, size_t count) const {
    std::string text = "[";
    for (size_t i = 0; i < count; ++i)
      text += (i ? ", " : "") + number(first + uint32_t(i));
    return text + "]";
  }
  static std::string decimal(double value, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    return text;
  }
  /// An element of `dtype` with these bits.
  static std::string element(DType dtype, int64_t bits) {
    switch (dtype) {
    case DType::F64:
      return decimal(std::bit_cast<double>(bits), 17);
    case DType::F32:
      return decimal(std::bit_cast<float>(int32_t(bits)), 9);
    case DType::BF16:
      return decimal(std::bit_cast<float>(int32_t(bits) << 16), 4);
    case DType::F16: {
      int exponent = int(bits >> 10) & 31, mantissa = int(bits) & 1023;
      double size = exponent == 31 ? (mantissa ? NAN : INFINITY)
                    : exponent     ? std::ldexp(1024 + mantissa, exponent - 25)
                                   : std::ldexp(mantissa, -24);
      return decimal(bits & 0x8000 ? -size : size, 5);
    }
    case DType::Bool:
      return bits & 255 ? "true" : "false";
    case DType::U8:
      return std::to_string(uint8_t(bits));
    case DType::I8:
      return std::to_string(int8_t(bits));
    case DType::I32:
      return std::to_string(int32_t(bits));
    case DType::I64:
      break;
    }
    return std::to_string(bits);
  }

  //===--------------------------------------------------------------------===//
  // Buffers
  //===--------------------------------------------------------------------===//

  void nameBuffers() {
    size_t temporaries = 0, constants = 0, parts = 0;
    for (const Buffer &buffer : program.buffers)
      switch (buffer.kind) {
      case BufferKind::Input:
        names.push_back(program.signature.parameters[buffer.index].name);
        break;
      case BufferKind::Result:
        names.push_back("result" + std::to_string(buffer.index));
        break;
      case BufferKind::Constant:
        names.push_back("const" + std::to_string(constants++));
        break;
      case BufferKind::Workspace:
        names.push_back("temp" + std::to_string(temporaries++));
        break;
      case BufferKind::Part:
        names.push_back("part" + std::to_string(parts++));
        break;
      }
  }

  void printBuffer(size_t index) {
    const Buffer &buffer = program.buffers[index];
    if (buffer.kind == BufferKind::Workspace)
      os += "  " + names[index] + ": " + number(buffer.bytes) +
            " bytes, steps " + std::to_string(buffer.first) + " to " +
            std::to_string(buffer.last) + "\n";
    else if (buffer.kind == BufferKind::Part)
      os += "  " + names[index] + ": part of " + names[buffer.index] + "\n";
  }

  /// "temp0[4, 8]: f32"; where elements do not lie side by side, with their
  /// strides, and with the first one if it is not the buffer's.
  std::string operand(const Operand &operand) const {
    uint32_t extents = operand.layout + 1, strides = extents + operand.rank;
    std::string text = names[operand.buffer] + list(extents, operand.rank);
    bool isDense = true;
    int64_t expected = 1;
    bool isKnown = true;
    for (int i = operand.rank - 1; i >= 0; --i) {
      if (is(extents + i, 1))
        continue;
      if (symbol(strides + i))
        isDense &= isDenseSymbol(operand, i);
      else
        isDense &= isKnown && program.numbers[strides + i] == expected;
      if (symbol(extents + i))
        isKnown = false;
      else
        expected *= program.numbers[extents + i];
    }
    if (!isDense)
      text += " by " + list(strides, operand.rank);
    if (!is(operand.layout, 0))
      text += " from " + number(operand.layout);
    return text + ": " + std::string(dtypeName(operand.dtype));
  }

  /// Whether the stride of `axis`, a polynomial, is the product of the extents
  /// behind it, as far as the text of a single product tells.
  bool isDenseSymbol(const Operand &operand, int axis) const {
    int64_t factor = 1;
    std::vector<uint32_t> sizes;
    for (int i = axis + 1; i < operand.rank; ++i) {
      uint32_t at = operand.layout + 1 + uint32_t(i);
      const runtime::Dim *extent = symbol(at);
      if (!extent) {
        factor *= program.numbers[at];
        continue;
      }
      if (extent->extent != 0 || extent->terms.size() != 1)
        return false;
      factor *= extent->terms[0].coefficient;
      sizes.insert(sizes.end(), extent->terms[0].sizes.begin(),
                   extent->terms[0].sizes.end());
    }
    const runtime::Dim *stride =
        symbol(operand.layout + 1 + operand.rank + uint32_t(axis));
    if (stride->extent != 0 || stride->terms.size() != 1 ||
        stride->terms[0].coefficient != factor)
      return false;
    std::vector<uint32_t> own = stride->terms[0].sizes;
    std::ranges::sort(own);
    std::ranges::sort(sizes);
    return own == sizes;
  }

  //===--------------------------------------------------------------------===//
  // Steps
  //===--------------------------------------------------------------------===//

  /// The name of what `step` is a variant of, or empty.
  static std::string_view variant(const Step &step) {
    switch (step.kind) {
    case StepKind::Reduce: {
      constexpr std::string_view names[] = {"sum",    "prod",  "mean", "var",
                                            "max",    "min",   "any",  "all",
                                            "argmax", "argmin"};
      return names[step.variant];
    }
    case StepKind::Rows: {
      constexpr std::string_view names[] = {"softmax", "log_softmax",
                                            "layer_norm"};
      return names[step.variant];
    }
    case StepKind::Pool: {
      constexpr std::string_view names[] = {"max", "average"};
      return names[step.variant];
    }
    case StepKind::Product:
    case StepKind::Convolution:
      return step.variant ? kernels::activationNames[step.variant] : "";
    case StepKind::Attention: {
      constexpr std::string_view names[] = {"", "keep", "add"};
      return names[step.variant];
    }
    default:
      return "";
    }
  }

  /// What the operand at `index` is called, where that is not plain.
  static std::string_view role(const Step &step, size_t index) {
    constexpr std::string_view epilogue[] = {"scale", "bias", "residual",
                                             "mean", "variance"};
    constexpr std::string_view norm[] = {"gamma", "beta"};
    if (step.kind == StepKind::Product || step.kind == StepKind::Convolution)
      return index >= 2 && index < 7 ? epilogue[index - 2] : "";
    if (step.kind == StepKind::Rows)
      return index >= 1 && index < 3 ? norm[index - 1] : "";
    if (step.kind == StepKind::Attention)
      return index == 3 ? "mask" : "";
    return "";
  }

  static bool writes(StepKind kind) {
    switch (kind) {
    case StepKind::Print:
    case StepKind::Assert:
    case StepKind::CheckIndices:
    case StepKind::Jump:
    case StepKind::JumpUnless:
    case StepKind::LeaveUnless:
    case StepKind::LeaveAt:
      return false;
    default:
      return true;
    }
  }

  std::string attributes(const Step &step) const {
    uint32_t at = step.attributes.first;
    switch (step.kind) {
    case StepKind::Elementwise:
      return " over " + list(at, step.attributes.count);
    case StepKind::Reduce: {
      uint32_t rank = step.attributes.count / 2;
      std::string axes;
      for (uint32_t i = 0; i < rank; ++i)
        if (program.numbers[at + rank + i])
          axes += (axes.empty() ? "" : ", ") + std::to_string(i);
      return " over " + list(at, rank) + " along [" + axes + "]";
    }
    case StepKind::Product:
      return eps(at);
    case StepKind::Convolution:
      return " strides " + list(at + 1, 2) + " padding " + list(at + 3, 4) +
             " dilation " + list(at + 7, 2) + " groups " + number(at + 9) +
             eps(at);
    case StepKind::Attention:
      return std::string(program.numbers[at] ? " causal" : "") +
             (program.numbers[at + 1] ? " scale " + real(at + 2) : "");
    case StepKind::Rows: {
      uint32_t rank = step.attributes.count - 1;
      std::string axes;
      for (uint32_t i = 0; i < rank; ++i)
        if (program.numbers[at + i])
          axes += (axes.empty() ? "" : ", ") + std::to_string(i);
      return " along [" + axes + "]" + eps(at + rank);
    }
    case StepKind::Pool:
      return " window " + list(at, 2) + " strides " + list(at + 2, 2) +
             " padding " + list(at + 4, 4);
    case StepKind::Gather:
    case StepKind::ScatterAdd:
    case StepKind::Select:
      return " axis " + number(at);
    case StepKind::SetNumber:
      return " " + number(at);
    case StepKind::CheckIndices:
      return " below " + number(at);
    default:
      return "";
    }
  }
  std::string real(uint32_t at) const {
    return decimal(std::bit_cast<double>(program.numbers[at]), 9);
  }
  std::string eps(uint32_t at) const {
    return program.numbers[at] ? " eps " + real(at) : "";
  }

  void printStep(size_t index) {
    const Step &step = program.steps[index];
    os +=
        "  " + std::to_string(index) + ": " + std::string(stepName(step.kind));
    if (std::string_view name = variant(step); !name.empty())
      os += " " + std::string(name);
    bool isFirst = true;
    for (uint32_t i = 0; i < step.operands.count; ++i) {
      const Operand &part = program.operands[step.operands.first + i];
      if (!part.exists())
        continue;
      bool isWritten = writes(step.kind) && i + 1 == step.operands.count;
      os += isWritten && !isFirst ? " -> " : isFirst ? " " : ", ";
      if (std::string_view name = role(step, i); !name.empty())
        os += std::string(name) + " ";
      os += operand(part);
      isFirst = false;
    }
    os += attributes(step);
    bool isJump =
        step.kind == StepKind::Jump || step.kind == StepKind::JumpUnless ||
        step.kind == StepKind::LeaveUnless || step.kind == StepKind::LeaveAt;
    if (isJump)
      os += " to " + std::to_string(step.reference);
    if (step.kind == StepKind::Print)
      os += " " + quoted(program.texts[step.reference]);
    if (step.site != Step::none)
      os += " else E" + std::to_string(program.siteCodes[step.site]);
    os += "\n";
    if (step.kind == StepKind::Elementwise || step.kind == StepKind::Reduce)
      printExpression(step);
  }

  static std::string quoted(const std::string &text) {
    std::string result = "\"";
    for (char c : text) {
      if (c == '\n')
        result += "\\n";
      else if (c == '"' || c == '\\')
        result += std::string("\\") + c;
      else
        result += c;
    }
    return result + "\"";
  }

  void printExpression(const Step &step) {
    const kernels::ElementExpression &expression =
        program.expressions[step.reference];
    for (size_t i = 0; i < expression.instructions.size(); ++i) {
      const kernels::ElementInstruction &instruction =
          expression.instructions[i];
      const kernels::ElementOpInfo &info = elementOpInfo(instruction.op);
      os += "       %" + std::to_string(i) + " = " + std::string(info.mnemonic);
      if (instruction.op == kernels::ElementOp::Constant)
        os += " " + element(instruction.result, instruction.value);
      else if (info.numOperands == 0)
        os += " " + std::to_string(instruction.value);
      for (unsigned k = 0; k < info.numOperands; ++k)
        os += (k ? ", %" : " %") + std::to_string(instruction.operands[k]);
      os += ": " + std::string(dtypeName(instruction.result)) + "\n";
    }
    if (step.kind == StepKind::Reduce)
      os += "       reduce %" + std::to_string(step.value) + "\n";
    for (const kernels::ElementStore &store : expression.stores)
      os += "       store %" + std::to_string(store.value) + " to " +
            std::to_string(store.operand) + "\n";
  }

  const Program &program;
  std::vector<std::string> names;
  std::string os;
};

} // namespace

std::string Program::text() const { return Printer(*this).print(); }
