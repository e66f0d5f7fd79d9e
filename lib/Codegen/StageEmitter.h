//===- StageEmitter.h - the loops of a stage -------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_STAGEEMITTER_H
#define MIND_LIB_CODEGEN_STAGEEMITTER_H

#include "TensorEvaluator.h"
#include "TileSizes.h"

namespace mind {

/// Emits the loops over the tiles of one stage, and in them the accumulation
/// and the elementwise operations after it.
class StageEmitter {
public:
  /// `shared` are the indices along the dimensions of enclosing loops.
  StageEmitter(ScopedBuilder &builder, TensorEvaluator &evaluator,
               const Stage &stage, const Tile &tile,
               llvm::ArrayRef<LaneIndex> shared);

  /// Fills `memory`, which lacks the shared dimensions if `local`, and returns
  /// it filled.
  mlir::Value fill(mlir::Value memory, bool local);

  /// Puts the tensor, or `uniform` in its place, into `memory` at the indices
  /// that `placement` gives, and returns it.
  mlir::Value copyTo(mlir::Value memory, mlir::AffineMap placement,
                     mlir::Value uniform = nullptr);

  /// The value of a stage that has one element inside of the shared dimensions.
  mlir::Value computeElement();

  /// The indices of that element.
  llvm::ArrayRef<LaneIndex> getIndices() const { return indices; }

private:
  /// One vector, or scalar, of the tile.
  struct Instance {
    Indices indices;
    int64_t active;
    /// For each result, one accumulator a partial result.
    llvm::SmallVector<mlir::Value> accumulators;
  };

  mlir::Value emitLoops(unsigned level, mlir::Value memory);
  /// The loops over a dimension whose extent only a call knows.
  mlir::Value emitDynamicLoops(unsigned level, mlir::Value memory);
  mlir::Value emitTile(mlir::Value memory);
  mlir::Value emitPanel();
  mlir::Value fillPanel(unsigned dim, Indices &at, mlir::Value memory);
  llvm::SmallVector<Instance> makeInstances() const;
  bool hasReducedLanes() const {
    return tile.lanes > 1 && stage.isReduced(tile.laneDim);
  }

  void accumulate(llvm::MutableArrayRef<Instance> instances);
  mlir::Value initialValue(const Instance &instance, unsigned result);
  void reduce(unsigned dim, llvm::MutableArrayRef<Instance> instances);
  void reduceLanes(llvm::MutableArrayRef<Instance> instances);
  void reduceDynamicLanes(llvm::MutableArrayRef<Instance> instances);
  /// Runs `body` in a loop that carries all accumulators.
  void loopOver(mlir::Value lower, mlir::Value upper, int64_t step,
                llvm::MutableArrayRef<Instance> instances,
                llvm::function_ref<void(mlir::Value)> body);
  /// The largest multiple of `size` that is not more than the extent of `dim`.
  mlir::Value wholeBlocks(unsigned dim, int64_t size);
  void step(Instance &instance, unsigned partial, int64_t active);
  mlir::Value combineLanes(const Instance &instance);

  ScopedBuilder &builder;
  TensorEvaluator &evaluator;
  const Stage &stage;
  /// Smaller than what was chosen while the rest of a dynamic dimension is
  /// being done.
  Tile tile;
  unsigned sharedDims;
  /// From the indices of the result to those of the memory it goes into.
  mlir::AffineMap placement;
  /// What is stored instead of the result, if not null.
  mlir::Value uniform;
  /// The order of the loops over tiles.
  llvm::SmallVector<unsigned> order;
  /// How many of them the packed operand depends on; they come first.
  unsigned panelLevel = 0;
  /// Of the current tile.
  Indices indices;
  /// How many partial results there are along lanes that are reduced.
  unsigned partials = 1;
  /// Where the reduction along the lanes goes on, one element at a time.
  mlir::Value restOfLanes;
  /// The packed operand's current panel.
  mlir::Value panel;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_STAGEEMITTER_H
