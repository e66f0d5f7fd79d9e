//===- TileSizes.h - how many elements a stage computes at once -*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_TILESIZES_H
#define MIND_LIB_CODEGEN_TILESIZES_H

#include "GroupSchedule.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mind {

/// What of the machine decides on tiles.
struct VectorTarget {
  /// Width of a vector register in bits.
  unsigned vectorBits = 256;
  /// How many there are.
  unsigned registers = 16;
};

/// The block of a stage's iterations that its innermost code holds in
/// registers.
struct Tile {
  /// Elements in a vector; 1 for scalar code.
  int64_t lanes = 1;
  /// The dimension that lies along the lanes, if `lanes` is not 1. One that is
  /// reduced gives partial results in the lanes.
  unsigned laneDim = 0;
  /// The extent of the block along each dimension, 1 along reduced ones other
  /// than `laneDim`. Along `laneDim` a multiple of `lanes`, and more than the
  /// dimension where that is no multiple. Of a dimension whose extent only a
  /// call knows, what is left of it is done in smaller blocks.
  llvm::SmallVector<int64_t> sizes;
  /// The operand of the contraction that is copied, one panel of the lanes'
  /// block at a time, so that it is contiguous.
  std::optional<unsigned> packedOperand;
};

/// The tile of `stage` that is estimated to be fastest. The first `sharedDims`
/// dimensions belong to loops around it.
Tile chooseTile(const Stage &stage, const VectorTarget &target,
                unsigned sharedDims);

/// How the accumulations of `op` combine partial results, if they can.
std::optional<mlir::vector::CombiningKind>
getCombiner(mlir::linalg::LinalgOp op);

} // namespace mind

#endif // MIND_LIB_CODEGEN_TILESIZES_H
