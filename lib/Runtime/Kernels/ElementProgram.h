//===- ElementProgram.h - an expression, ready to run ----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An expression over a domain becomes a list of steps, each the call of a loop
// over a block of elements. What is the same for a whole block is computed
// once a block, what is the same for all once a run.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_ELEMENTPROGRAM_H
#define MIND_LIB_RUNTIME_KERNELS_ELEMENTPROGRAM_H

#include "ElementKernels.h"
#include "Transposition.h"

namespace mind::kernels {

/// An axis of a domain, after neighbours that all operands walk through as
/// through one have become one.
struct DomainAxis {
  int64_t extent;
  /// How many positions a block has.
  int64_t chunk = 1;
  /// The axis that Position means, if it is still itself.
  int32_t position = -1;
  bool isReduced = false;

  int64_t numChunks() const { return (extent + chunk - 1) / chunk; }
};

/// Where elements are computed, and where operands have them.
struct Domain {
  static constexpr int unsorted = -1;

  /// Merges axes, and leaves those of extent 1 out; `reduced` is empty or says
  /// of each axis whether it is; only axes of one kind become one. The last
  /// axes are to be those along which `sortedBy`, an operand, has neighbours,
  /// unless it is `unsorted` or the expression has checks, whose order counts.
  Domain(const ElementExpression &expression, std::span<const int64_t> extents,
         std::span<const bool> reduced,
         std::span<const ElementOperand> operands, int sortedBy);

  size_t rank() const { return axes.size(); }
  int64_t stride(size_t operand, size_t axis) const {
    return strides[operand * rank() + axis];
  }
  /// Says how large blocks are: at most `most` elements, or `tile` if they are
  /// tiles. Rows that are shorter than `shortest` share a block.
  void chooseBlocks(int64_t most, int64_t shortest, int64_t tile);

private:
  void chooseTiles(int64_t most);

public:
  std::vector<DomainAxis> axes;
  /// By operand and axis.
  std::vector<int64_t> strides;
  int64_t size = 1;
  /// Whether blocks are gone through in row-major order.
  bool keepsOrder = false;
  /// Whether blocks go through axes that are reduced before the others, rather
  /// than through the last before the first.
  bool reducesFirst = false;
};

class ElementProgram {
public:
  static constexpr uint16_t none = UINT16_MAX;

  /// `value` is kept for who looks at blocks, and stores and checks are not
  /// made, unless it is `none`.
  ElementProgram(const ElementExpression &expression, Domain domain,
                 std::span<const ElementOperand> operands, CpuLevel level,
                 uint16_t value = none);

  /// A block that has been computed.
  struct Block {
    /// The value that is kept: elements in row-major order.
    const void *elements;
    int64_t count;
    /// By axis of the domain.
    const int64_t *positions, *extents;
    /// The operands at the block's first element.
    void *const *operands;
    /// How many times it has been computed before.
    int pass;
  };

  size_t workspaceBytes() const { return bytes; }

  /// Calls `each` with every block, or several times with those that differ in
  /// reduced axes only, before it goes on to others.
  template <typename Each>
  ElementFault run(void *const *pointers, void *workspace, Each each,
                   int numPasses = 1) const;

  const Domain &getDomain() const { return domain; }
  /// Axes of which a block has more than one position.
  std::span<const uint16_t> getBlockAxes() const { return blockAxes; }

private:
  /// A pointer of a run: an operand, a constant or a place in the workspace,
  /// counted in this order.
  using Pointer = uint16_t;

  enum class StepKind : uint8_t {
    Call,          ///< a loop
    CallRows,      ///< for each row of a block
    Gather,        ///< from an operand
    Scatter,       ///< to an operand
    Copy,          ///< side by side, to an operand
    Fill,          ///< with one element
    Position,      ///< along an axis
    CheckDivisor,  ///< of a type
    CheckExponent, ///< of a type
  };

  struct Step {
    ElementKernel kernel;
    Pointer to, x, y, z;
    StepKind kind;
    /// Whether it is done for one element, not for all of a block.
    bool isForOne;
    /// Of an element in bytes, or a RegisterType.
    uint8_t type;
    /// How many of `ahead` are to be asked for by the end of the step.
    uint16_t endAhead;
    /// Gather and Scatter: the operand. Position: the axis of the domain.
    /// Checks: the instruction. CallRows: which of `rowSteps`.
    uint16_t detail;
    /// Calls: of an element at `to`, at x, and at y and z in bytes.
    uint8_t toSize, xSize, size;
  };

  /// How often a value changes.
  enum class Rate : uint8_t { Run, Block, Element };

  struct Value {
    Pointer pointer = 0;
    Rate rate = Rate::Run;
    /// The last instruction that reads it or another name of it.
    uint16_t lastUse = 0;
    /// The operand that it has been stored as when it was computed.
    uint16_t storedAs = none;
    /// The instruction that computes it as well, in one loop.
    uint16_t pairedWith = none;
    uint16_t numUses = 0;
    /// The first instruction that is equal to this one.
    uint16_t first = 0;
    /// The first instruction that reads it, if any.
    uint16_t user = none;
    /// Whether another instruction is computed with it.
    bool hasPair = false;
    /// Whether it is left to the instruction that it is paired with.
    bool isPostponed = false;
    bool isUsed = false;
    /// Whether an instruction, rather than only a store, reads it.
    bool isRead = false;
    /// Whether it has a register of its own that is free after the last use.
    bool ownsRegister = false;
  };

  class Builder;
  struct State;

  void execute(const Step &step, State &state) const;
  bool advance(State &state) const;
  void countNear(State &state) const;

  Domain domain;
  const CopyTable *copies;
  size_t numOperands, bytes = 0;
  std::vector<Step> once, always;
  std::vector<uint64_t> constants;
  /// Of places in the workspace, from its beginning.
  std::vector<size_t> offsets;
  /// Axes that have several chunks, in the order they are gone through, which
  /// begins with the last.
  std::vector<uint16_t> order;
  /// How many of them come before those that are reduced.
  size_t numKept = 0;
  /// Bytes from block to block, by axis and operand.
  std::vector<int64_t> blockSteps;
  /// Axes of which a block has more than one position.
  std::vector<uint16_t> blockAxes;
  /// Strides along them, by operand and axis of the block.
  std::vector<int64_t> blockStrides;
  Pointer kept = 0;

  /// A line of the cache that a later block reads or writes.
  struct LineAhead {
    Pointer operand;
    bool isWritten;
    /// From where the block has the operand.
    int32_t bytes;
  };
  /// Bytes from row to row of what CallRows has at `to`, x, y and z: so many,
  /// and so many for each element of a row.
  struct RowSteps {
    int64_t fixed[4], perElement[4];
  };
  std::vector<RowSteps> rowSteps;

  void ask(size_t &next, size_t end, const State &state) const;
  /// In the order in which the steps of a block ask for them.
  std::vector<LineAhead> ahead;
};

struct ElementProgram::State {
  void **pointers;
  int64_t *positions, *extents, *blockExtents;
  int64_t count;
  /// How many more blocks differ in the innermost position only.
  int64_t near;
  int pass, numPasses;
  ElementFault fault;
  uint16_t faulty = none;
};

/// Has the processor load what comes soon.
inline void ElementProgram::ask(size_t &next, size_t end,
                                const State &state) const {
  for (; next < end; ++next) {
    const LineAhead &line = ahead[next];
    const char *at =
        static_cast<const char *>(state.pointers[line.operand]) + line.bytes;
    if (line.isWritten)
      __builtin_prefetch(at, 1);
    else
      __builtin_prefetch(at, 0);
  }
}

template <typename Each>
ElementFault ElementProgram::run(void *const *pointers, void *workspace,
                                 Each each, int numPasses) const {
  State state = {};
  state.numPasses = numPasses;
  if (domain.size == 0)
    return state.fault;
  char *memory = static_cast<char *>(workspace);
  void **to = state.pointers = static_cast<void **>(workspace);
  for (size_t i = 0; i < numOperands; ++i)
    *to++ = pointers[i];
  for (const uint64_t &constant : constants)
    *to++ = const_cast<uint64_t *>(&constant);
  for (size_t offset : offsets)
    *to++ = memory + offset;
  const size_t rank = domain.rank();
  state.positions = reinterpret_cast<int64_t *>(to);
  state.extents = state.positions + rank;
  state.blockExtents = state.extents + rank;
  state.count = 1;
  for (size_t i = 0; i < rank; ++i) {
    state.positions[i] = 0;
    state.extents[i] = domain.axes[i].chunk;
    state.count *= state.extents[i];
  }
  for (size_t i = 0; i < blockAxes.size(); ++i)
    state.blockExtents[i] = state.extents[blockAxes[i]];
  countNear(state);
  for (const Step &step : once)
    execute(step, state);
  do {
    size_t numAsked = 0;
    for (const Step &step : always) {
      ask(numAsked, step.endAhead, state);
      if (step.kind == StepKind::Call)
        step.kernel(state.pointers[step.to], state.pointers[step.x],
                    state.pointers[step.y], state.pointers[step.z],
                    step.isForOne ? 1 : size_t(state.count));
      else
        execute(step, state);
    }
    ask(numAsked, ahead.size(), state);
    each(Block{state.pointers[kept], state.count, state.positions,
               state.extents, state.pointers, state.pass});
  } while (advance(state));
  return state.fault;
}

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_ELEMENTPROGRAM_H
