//===- Elementwise.h - chains of elementwise operations --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise operations of the language, fused without code generation: an
// expression is a list of instructions, which run one after the other over
// blocks of elements that stay in the first-level cache. The dispatch of an
// instruction is so paid once a block, and each is a precompiled vector loop.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_ELEMENTWISE_H
#define MIND_RUNTIME_KERNELS_ELEMENTWISE_H

#include "Mind/Basic/DType.h"
#include "Mind/Runtime/Kernels/Cpu.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mind::kernels {

/// What an instruction computes.
enum class ElementOp : uint8_t {
#define MIND_ELEMENT_OP(Name, Mnemonic, Operands) Name,
#include "Mind/Runtime/Kernels/ElementOps.def"
};

struct ElementOpInfo {
  std::string_view mnemonic;
  unsigned numOperands;
};

/// Of every operation, by ElementOp.
inline constexpr ElementOpInfo elementOpInfos[] = {
#define MIND_ELEMENT_OP(Name, Mnemonic, Operands) {Mnemonic, Operands},
#include "Mind/Runtime/Kernels/ElementOps.def"
};

constexpr const ElementOpInfo &elementOpInfo(ElementOp op) {
  return elementOpInfos[size_t(op)];
}

/// One value of an expression, made from earlier ones.
struct ElementInstruction {
  ElementOp op;
  /// The element type of the operands, the condition of `where` aside.
  DType dtype = DType::F32;
  /// That of the value: another one for casts, comparisons and Isnan. f16 and
  /// bf16 are computed in f32 and rounded, once an instruction.
  DType result = DType::F32;
  /// The instructions that make the operands, by number.
  uint16_t operands[3] = {};
  /// Load: which operand of the kernel. Constant: the bits of the element.
  /// Position: which axis.
  int64_t value = 0;
};

/// Where a value of an expression goes.
struct ElementStore {
  uint16_t value;   ///< the instruction that makes it
  uint16_t operand; ///< the operand of the kernel that is written
};

/// What is computed of each element.
struct ElementExpression {
  std::vector<ElementInstruction> instructions;
  std::vector<ElementStore> stores;
};

/// How a kernel reads or writes a tensor: the type of its elements, and how
/// many elements apart neighbours along each axis of the domain are; 0 where it
/// is the same for all.
struct ElementOperand {
  DType dtype;
  std::span<const int64_t> strides;
};

/// What a check has found.
struct ElementFault {
  /// Whether an element was found wrong, and which value the first one in
  /// row-major order has.
  bool found = false;
  int64_t value = 0;
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ELEMENTWISE_H
