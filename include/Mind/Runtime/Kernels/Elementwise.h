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
#include <memory>
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

class ElementProgram;

/// An expression over a domain, ready to run.
///
/// Arithmetic is that of IEEE 754 as it is written. Functions of f32 are within
/// the bounds that Math-inl.h states; the others are the C library's.
class ElementwisePlan {
public:
  /// `extents` are those of the domain, of any rank. Operands have a stride for
  /// each of its axes.
  ElementwisePlan(const ElementExpression &expression,
                  std::span<const int64_t> extents,
                  std::span<const ElementOperand> operands,
                  CpuLevel level = cpuLevel());
  ~ElementwisePlan();
  ElementwisePlan(ElementwisePlan &&) noexcept;
  ElementwisePlan &operator=(ElementwisePlan &&) noexcept;

  /// Scratch memory of a run, to be aligned at 64 bytes.
  size_t workspaceBytes() const;

  /// `pointers` are to each operand's element at position 0 of the domain.
  /// What is stored may overlap what is loaded only if each element takes the
  /// place of its own position. All elements are computed whatever checks find;
  /// of several checks, the first instruction's fault is returned.
  ElementFault run(void *const *pointers, void *workspace) const;

private:
  std::unique_ptr<const ElementProgram> program;
};

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ELEMENTWISE_H
