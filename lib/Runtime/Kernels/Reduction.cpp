//===- Reduction.cpp - many elements in, one out -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Reduction.h"
#include "ElementMoves.h"
#include "ElementProgram.h"
#include "ReductionKernels.h"
#include <algorithm>
#include <cstring>
#include <limits>

namespace mind::kernels {

namespace {

/// Calls `f` with a zero of the type.
template <typename F> decltype(auto) dispatch(RegisterType type, F f) {
  switch (type) {
  case RegisterType::I8:
    return f(int8_t());
  case RegisterType::U8:
    return f(uint8_t());
  case RegisterType::I32:
    return f(int32_t());
  case RegisterType::I64:
    return f(int64_t());
  case RegisterType::F32:
    return f(float());
  default:
    return f(double());
  }
}

Combination combinationOf(ReductionKind kind) {
  switch (kind) {
  case ReductionKind::Sum:
  case ReductionKind::Mean:
  case ReductionKind::Variance:
    return Combination::Sum;
  case ReductionKind::Prod:
    return Combination::Product;
  case ReductionKind::Max:
  case ReductionKind::Any:
  case ReductionKind::ArgMax:
    return Combination::Larger;
  default:
    return Combination::Smaller;
  }
}

template <typename T> T identityOf(Combination combination) {
  using Limits = std::numeric_limits<T>;
  constexpr bool isFloat = std::is_floating_point_v<T>;
  switch (combination) {
  case Combination::Sum:
    return 0;
  case Combination::Product:
    return 1;
  case Combination::Larger:
    return isFloat ? -Limits::infinity() : Limits::lowest();
  default:
    return isFloat ? Limits::infinity() : Limits::max();
  }
}

/// As the kernels have it: NaN is not beaten.
template <typename T> bool isBetter(T best, T x, bool isLargest) {
  return (isLargest ? x > best : x < best) || (x != x && best == best);
}

/// Neighbouring axes of a block that are both reduced or not.
struct BlockDim {
  int64_t extent;
  bool isReduced;
  /// How far apart the positions of neighbours along reduced axes are.
  int64_t step;
};

/// What is in memory besides the program's own, from its end.
struct AccumulatorPlaces {
  size_t parts, totals, centers, positions, dims, viewExtents, viewStrides;
  /// Between positions along reduced axes, by axis of the domain.
  std::vector<int64_t> steps;
};

} // namespace

/// The program, which variances run twice over each of their groups, and what
/// becomes of its blocks.
class ReductionPlan::Passes {
public:
  Passes(ReductionKind kind, const ElementExpression &producer, uint16_t value,
         std::span<const int64_t> extents, std::span<const bool> reduced,
         std::span<const ElementOperand> operands, uint16_t resultOperand,
         CpuLevel level);

  size_t workspaceBytes() const { return bytes; }
  ElementFault run(void *const *pointers, void *workspace) const;

private:
  struct Accumulators;

  /// Sums of about so many terms, one after the other, are added up apart.
  static constexpr int64_t termsPerSum = 64;
  /// The vectors of a row are dealt out to a few sums: those of so many
  /// elements have no more terms.
  int64_t longestPiece() const { return int64_t((16 << 10) / elementSize); }

  int sortedBy(const ElementExpression &expression) const;
  void prepare(const ElementExpression &expression, uint16_t value,
               std::span<const int64_t> extents, std::span<const bool> reduced,
               std::span<const ElementOperand> operands, CpuLevel level);
  void runBlocks(void *const *pointers, void *workspace) const;
  void writeNothing(void *result) const;
  void combine(std::span<const BlockDim> dims, const char *elements,
               int64_t count, char *accumulators, int64_t *positions,
               int64_t first, const char *centers) const;
  void combineRows(const char *elements, int64_t rows, int64_t length,
                   char *accumulators, const char *centers) const;
  void combineRowPositions(const char *elements, int64_t rows, int64_t length,
                           char *accumulators, int64_t *positions,
                           int64_t first, int64_t step) const;
  bool isVariance() const { return kind == ReductionKind::Variance; }
  void reset(void *accumulators, int64_t count) const {
    fillBlock(elementSize, accumulators, identity, size_t(count));
  }
  void divide(void *accumulators, int64_t count) const;

  ReductionKind kind;
  Combination combination;
  RegisterType type;
  size_t elementSize;
  char identity[8];
  bool findsPositions;
  const ReductionKernels *kernels, *squares;
  const CopyTable &copies;
  uint16_t resultOperand;
  /// How many elements make one.
  int64_t numReduced = 1, numReducedAxes = 0, size = 1;
  std::vector<int64_t> keptExtents, keptStrides;
  std::unique_ptr<const ElementProgram> program, checks;
  AccumulatorPlaces places;
  size_t bytes = 0;
};

ReductionPlan::Passes::Passes(ReductionKind kind,
                              const ElementExpression &producer, uint16_t value,
                              std::span<const int64_t> extents,
                              std::span<const bool> reduced,
                              std::span<const ElementOperand> operands,
                              uint16_t resultOperand, CpuLevel level)
    : kind(kind), combination(combinationOf(kind)),
      type(registerType(producer.instructions[value].result)),
      elementSize(sizeInBytes(type)),
      findsPositions(kind == ReductionKind::ArgMax ||
                     kind == ReductionKind::ArgMin),
      kernels(&reductionKernels(combination, type, level)),
      squares(&reductionKernels(Combination::SquareSum, type, level)),
      copies(copyTable(level)), resultOperand(resultOperand) {
  dispatch(type, [&]<typename T>(T) {
    T element = identityOf<T>(combination);
    // Truth, not the largest byte.
    if (kind == ReductionKind::All)
      element = 1;
    std::memcpy(identity, &element, sizeof(T));
  });
  for (size_t i = 0; i < extents.size(); ++i) {
    size *= extents[i];
    if (reduced[i]) {
      numReduced *= extents[i];
      numReducedAxes += extents[i] != 1;
    } else {
      keptExtents.push_back(extents[i]);
      keptStrides.push_back(operands[resultOperand].strides[i]);
    }
  }
  prepare(producer, value, extents, reduced, operands, level);
  for (const ElementInstruction &each : producer.instructions)
    if (!checks && (each.op == ElementOp::CheckDivisor ||
                    each.op == ElementOp::CheckExponent)) {
      ElementExpression only = producer;
      only.stores.clear();
      checks = std::make_unique<const ElementProgram>(
          only, Domain(only, extents, {}, operands, Domain::unsorted), operands,
          level);
      bytes = std::max(bytes, checks->workspaceBytes());
    }
}

/// The operand whose elements are to be read side by side: the first. But of
/// equal elements at positions along several axes, their order counts.
int ReductionPlan::Passes::sortedBy(const ElementExpression &expression) const {
  if (!findsPositions || numReducedAxes < 2)
    for (const ElementInstruction &each : expression.instructions)
      if (each.op == ElementOp::Load)
        return int(each.value);
  return Domain::unsorted;
}

void ReductionPlan::Passes::prepare(const ElementExpression &expression,
                                    uint16_t value,
                                    std::span<const int64_t> extents,
                                    std::span<const bool> reduced,
                                    std::span<const ElementOperand> operands,
                                    CpuLevel level) {
  Domain domain(expression, extents, reduced, operands, sortedBy(expression));
  domain.reducesFirst = true;
  program = std::make_unique<const ElementProgram>(
      expression, std::move(domain), operands, level, value);
  size_t kept = 1;
  const size_t rank = program->getBlockAxes().size();
  for (uint16_t axis : program->getBlockAxes())
    if (!program->getDomain().axes[axis].isReduced)
      kept *= size_t(program->getDomain().axes[axis].chunk);
  AccumulatorPlaces at = {};
  size_t end = program->workspaceBytes();
  auto place = [&](size_t count, size_t size) {
    end = (end + 63) / 64 * 64;
    const size_t begin = end;
    end += count * size;
    return begin;
  };
  at.parts = place(kept, elementSize);
  at.totals = place(kept, elementSize);
  at.centers = place(isVariance() ? kept : 0, elementSize);
  at.positions = place(findsPositions ? kept : 0, sizeof(int64_t));
  at.dims = place(rank, sizeof(BlockDim));
  at.viewExtents = place(rank, sizeof(int64_t));
  at.viewStrides = place(rank, sizeof(int64_t));
  const std::vector<DomainAxis> &axes = program->getDomain().axes;
  at.steps.resize(axes.size(), 0);
  int64_t step = 1;
  for (size_t i = axes.size(); i-- != 0;)
    if (axes[i].isReduced) {
      at.steps[i] = step;
      step *= axes[i].extent;
    }
  places = std::move(at);
  bytes = std::max(bytes, end);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void ReductionPlan::Passes::combineRowPositions(
    const char *elements, int64_t rows, int64_t length, char *accumulators,
    int64_t *positions, int64_t first, int64_t step) const {
  const bool isLargest = kind == ReductionKind::ArgMax;
  constexpr int64_t worthCall = 16;
  dispatch(type, [&]<typename T>(T) {
    const T *row = reinterpret_cast<const T *>(elements);
    T *best = reinterpret_cast<T *>(accumulators);
    for (int64_t i = 0; i < rows; ++i, row += length) {
      T found;
      std::memcpy(&found, identity, sizeof(T));
      kernels->rows(row, 1, length, &found, nullptr);
      if (!isBetter(best[i], found, isLargest))
        continue;
      int64_t where = 0;
      if (length >= worthCall)
        where = kernels->find(row, length, &found);
      else
        while (row[where] != found &&
               (row[where] == row[where] || found == found))
          ++where;
      best[i] = found;
      positions[i] = first + where * step;
    }
  });
}

/// Long rows in pieces, so that sums have no more terms than they are to.
void ReductionPlan::Passes::combineRows(const char *elements, int64_t rows,
                                        int64_t length, char *accumulators,
                                        const char *centers) const {
  const auto combine = (centers ? squares : kernels)->rows;
  const int64_t piece = longestPiece();
  if (length <= piece)
    return combine(elements, rows, length, accumulators, centers);
  const auto size = int64_t(elementSize);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < length; j += piece)
      combine(elements + (i * length + j) * size, 1,
              std::min(piece, length - j), accumulators + i * size,
              centers ? centers + i * size : nullptr);
}

/// Combines a block of `count` elements; `first` is the position of its first.
void ReductionPlan::Passes::combine(std::span<const BlockDim> dims,
                                    const char *elements, int64_t count,
                                    char *accumulators, int64_t *positions,
                                    int64_t first, const char *centers) const {
  if (dims.size() <= 2) {
    // A matrix whose rows or columns are reduced.
    const BlockDim one = {1, false, 0};
    BlockDim outer = one, inner = one;
    if (dims.size() == 2)
      outer = dims[0], inner = dims[1];
    else if (dims.size() == 1)
      inner = dims[0];
    if (inner.isReduced && findsPositions)
      combineRowPositions(elements, outer.extent, inner.extent, accumulators,
                          positions, first, inner.step);
    else if (inner.isReduced)
      combineRows(elements, outer.extent, inner.extent, accumulators, centers);
    else if (findsPositions)
      kernels->positions(elements, outer.extent, inner.extent, accumulators,
                         positions, first, outer.step);
    else
      (centers ? squares : kernels)
          ->columns(elements, outer.extent, inner.extent, accumulators,
                    centers);
    return;
  }
  const BlockDim &outer = dims.front();
  const int64_t inner = count / outer.extent;
  int64_t kept = 0;
  if (!outer.isReduced) {
    kept = 1;
    for (const BlockDim &dim : dims.subspan(1))
      kept *= dim.isReduced ? 1 : dim.extent;
  }
  for (int64_t i = 0; i < outer.extent; ++i)
    combine(dims.subspan(1), elements + i * inner * int64_t(elementSize), inner,
            accumulators + i * kept * int64_t(elementSize),
            positions + i * kept, first + i * outer.step,
            centers ? centers + i * kept * int64_t(elementSize) : nullptr);
}

void ReductionPlan::Passes::divide(void *accumulators, int64_t count) const {
  auto as = [&]<typename T>(T divisor) {
    T *each = static_cast<T *>(accumulators);
    for (int64_t i = 0; i < count; ++i)
      each[i] /= divisor;
  };
  if (type == RegisterType::F32)
    as(float(numReduced));
  else
    as(double(numReduced));
}

void ReductionPlan::Passes::runBlocks(void *const *pointers,
                                      void *workspace) const {
  const Domain &domain = program->getDomain();
  const AccumulatorPlaces &at = places;
  const int64_t *steps = at.steps.data();
  char *memory = static_cast<char *>(workspace);
  char *parts = memory + at.parts, *totals = memory + at.totals;
  char *centers = memory + at.centers;
  auto *positions = reinterpret_cast<int64_t *>(memory + at.positions);
  auto *dims = reinterpret_cast<BlockDim *>(memory + at.dims);
  auto *viewExtents = reinterpret_cast<int64_t *>(memory + at.viewExtents);
  auto *viewStrides = reinterpret_cast<int64_t *>(memory + at.viewStrides);
  const bool isDivided = kind == ReductionKind::Mean || isVariance();
  // Of integers any order is as good.
  const bool hasTotals =
      combination == Combination::Sum && type != RegisterType::I64;
  int64_t numTerms = 0;
  bool isInTotals = false;

  program->run(
      pointers, workspace,
      [&](const ElementProgram::Block &block) {
        bool isFirst = true, isLast = true;
        int64_t first = 0;
        for (size_t i = 0; i < domain.rank(); ++i) {
          const DomainAxis &axis = domain.axes[i];
          if (!axis.isReduced)
            continue;
          isFirst &= block.positions[i] == 0;
          isLast &= block.positions[i] + block.extents[i] == axis.extent;
          first += block.positions[i] * steps[i];
        }
        // The innermost last, neighbours of one kind as one.
        const std::span<const uint16_t> axes = program->getBlockAxes();
        size_t numDims = 0, viewRank = 0;
        int64_t kept = 1;
        for (uint16_t i : axes) {
          const bool isReduced = domain.axes[i].isReduced;
          const int64_t extent = block.extents[i];
          if (!isReduced) {
            kept *= extent;
            viewExtents[viewRank] = extent;
            viewStrides[viewRank++] = domain.stride(resultOperand, i);
          }
          if (extent == 1 && numDims != 0)
            continue;
          if (numDims != 0 && dims[numDims - 1].isReduced == isReduced)
            dims[numDims - 1] = {dims[numDims - 1].extent * extent, isReduced,
                                 steps[i]};
          else
            dims[numDims++] = {extent, isReduced, steps[i]};
        }
        if (isFirst) {
          reset(parts, kept);
          if (findsPositions)
            std::fill_n(positions, kept, 0);
          numTerms = 0;
          isInTotals = false;
        }
        const bool hasCenters = block.pass == 1;
        combine({dims, numDims}, static_cast<const char *>(block.elements),
                block.count, parts, positions, first,
                hasCenters ? centers : nullptr);
        // A block's columns are summed up term by term, its rows as a tree.
        const BlockDim &inner = dims[numDims - 1];
        numTerms += inner.isReduced
                        ? (inner.extent + longestPiece() - 1) / longestPiece()
                        : block.count / kept;
        if (hasTotals && numTerms >= termsPerSum && !isLast) {
          if (isInTotals)
            kernels->columns(parts, 1, kept, totals, nullptr);
          else
            std::memcpy(totals, parts, size_t(kept) * elementSize);
          reset(parts, kept);
          numTerms = 0;
          isInTotals = true;
        }
        if (!isLast)
          return;
        if (isInTotals)
          kernels->columns(totals, 1, kept, parts, nullptr);
        if (isDivided)
          divide(parts, kept);
        if (isVariance() && block.pass == 0) {
          std::memcpy(centers, parts, size_t(kept) * elementSize);
          return;
        }
        const void *result =
            findsPositions ? static_cast<void *>(positions) : parts;
        scatterBlock(copies, findsPositions ? sizeof(int64_t) : elementSize,
                     block.operands[resultOperand], result,
                     {viewExtents, viewStrides, viewRank});
      },
      isVariance() ? 2 : 1);
}

/// What comes of no elements.
void ReductionPlan::Passes::writeNothing(void *result) const {
  char element[8] = {};
  size_t resultSize = sizeof(int64_t);
  if (!findsPositions) {
    resultSize = elementSize;
    std::memcpy(element, identity, elementSize);
    if (kind == ReductionKind::Mean || isVariance())
      divide(element, 1);
  }
  // Each position of the result, the last axis first.
  std::vector<int64_t> positions(keptExtents.size(), 0);
  for (int64_t extent : keptExtents)
    if (extent == 0)
      return;
  while (true) {
    int64_t offset = 0;
    for (size_t i = 0; i < positions.size(); ++i)
      offset += positions[i] * keptStrides[i];
    std::memcpy(static_cast<char *>(result) + offset * int64_t(resultSize),
                element, resultSize);
    size_t axis = positions.size();
    while (axis != 0 && ++positions[axis - 1] == keptExtents[axis - 1])
      positions[--axis] = 0;
    if (axis == 0)
      return;
  }
}

ElementFault ReductionPlan::Passes::run(void *const *pointers,
                                        void *workspace) const {
  ElementFault fault;
  if (size == 0) {
    writeNothing(pointers[resultOperand]);
    return fault;
  }
  if (checks)
    fault = checks->run(pointers, workspace, [](const auto &) {});
  runBlocks(pointers, workspace);
  return fault;
}

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

ReductionPlan::ReductionPlan(ReductionKind kind,
                             const ElementExpression &producer, uint16_t value,
                             std::span<const int64_t> extents,
                             std::span<const bool> reduced,
                             std::span<const ElementOperand> operands,
                             uint16_t resultOperand, CpuLevel level)
    : passes(std::make_unique<Passes>(kind, producer, value, extents, reduced,
                                      operands, resultOperand, level)) {}

ReductionPlan::~ReductionPlan() = default;
ReductionPlan::ReductionPlan(ReductionPlan &&) noexcept = default;
ReductionPlan &ReductionPlan::operator=(ReductionPlan &&) noexcept = default;

size_t ReductionPlan::workspaceBytes() const {
  return passes->workspaceBytes();
}

ElementFault ReductionPlan::run(void *const *pointers, void *workspace) const {
  return passes->run(pointers, workspace);
}

} // namespace mind::kernels
