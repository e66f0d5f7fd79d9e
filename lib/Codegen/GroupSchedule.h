//===- GroupSchedule.h - what of a group is computed where -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Splits the tensor operations of a block (the body of a group) into *stages*.
// A stage fills one tensor by one nest of loops: optionally it accumulates (a
// contraction, convolution, reduction), then applies elementwise operations to
// the finished accumulators. Everything else is *inline*: evaluated, element
// by element, where a stage needs it.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_GROUPSCHEDULE_H
#define MIND_LIB_CODEGEN_GROUPSCHEDULE_H

#include "Mind/Shape/Dim.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/DenseSet.h"

namespace mind {

/// A read of a tensor by a stage.
struct Access {
  mlir::Value tensor;
  /// From the stage's dimensions to the tensor's indices.
  mlir::AffineMap map;
  /// Whether it happens in the loops over the reduced dimensions.
  bool inReduction;
};

/// The nest of loops that fills one tensor. Its dimensions are those of the
/// tensor, then those it reduces.
struct Stage {
  /// The tensor that is filled.
  mlir::Value result;
  /// What accumulates, or null. Its results are seen by the elementwise
  /// operations between it and `result`, or are `result`.
  mlir::linalg::LinalgOp accumulate;
  /// From the stage's dimensions to the loops of `accumulate`.
  mlir::AffineMap accumulateLoops;
  /// From the stage's dimensions to the indices of what `accumulate` yields.
  mlir::AffineMap accumulateResult;
  /// The extents of all dimensions, and what they are taken for in estimates,
  /// which differs only for those that a call knows.
  Dims dims;
  llvm::SmallVector<int64_t> extents;
  /// What is read, through inline operations, of memory and other stages.
  llvm::SmallVector<Access> accesses;
  /// The operations that this stage evaluates, each at the indices it does so.
  llvm::DenseSet<std::pair<mlir::Operation *, mlir::AffineMap>> evaluations;
  /// How many arithmetic operations each element costs, roughly.
  unsigned cost = 0;
  /// The width in bits of the widest element that is computed with.
  unsigned elementBits = 0;
  /// Whether an index is no sum of multiples of dimensions, so that lanes
  /// cannot be told apart.
  bool irregular = false;
  /// Whether a payload reads elements of tensors that are not its operands.
  bool capturesTensors = false;

  unsigned getRank() const {
    return mlir::cast<mlir::RankedTensorType>(result.getType()).getRank();
  }
  bool isReduced(unsigned dim) const { return dim >= getRank(); }
  /// Whether only a call knows the extent.
  bool isDynamic(unsigned dim) const { return !dims[dim].isConstant(); }
  /// Whether products of two tensors are summed.
  bool isContraction() const;
};

/// The tensors that the regions of `op` use without their being operands.
llvm::SmallVector<mlir::Value> getCapturedTensors(mlir::Operation *op);

/// How the operation that defines a tensor is treated.
enum class TensorKind {
  Memory,      ///< Exists already: an argument, an unknown operation's result.
  Uniform,     ///< A splat constant or `tensor.empty`.
  Elementwise, ///< One element from elements of other tensors.
  Accumulate,  ///< A reduction or contraction.
  Index,       ///< The same elements, at computed indices.
  Reshape,     ///< The same elements in order, not to be had by index.
  Assemble,    ///< Put together from pieces: pad, insert_slice, concat.
};

TensorKind classify(mlir::Value tensor);

/// The width in bits of an element of `tensor`; indices are words.
inline unsigned getElementBits(mlir::Value tensor) {
  mlir::Type element =
      mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementType();
  return element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
}

/// The extents of `tensor`, in terms of the named sizes if not constant.
Dims getDims(mlir::Value tensor);
/// What `dim` is taken for in estimates: itself if constant, else a number
/// greater than 1.
int64_t getTypicalExtent(const Dim &dim);

/// Where an element of the result of an `Index` operation comes from: the
/// source tensor and a map from the result's indices to the source's.
std::pair<mlir::Value, mlir::AffineMap> getIndexSource(mlir::Operation *op);

class GroupSchedule {
public:
  /// Plans the operations of `block`, whose terminator takes its results.
  explicit GroupSchedule(mlir::Block &block);

  /// In the order in which they must run. Operations that are not understood
  /// stand between them with an empty `result`.
  struct Step {
    mlir::Operation *op;
    std::optional<unsigned> stage;
  };
  llvm::ArrayRef<Step> getSteps() const { return steps; }
  llvm::ArrayRef<Stage> getStages() const { return stages; }
  bool isStored(mlir::Value tensor) const { return stored.contains(tensor); }

  /// A stage that only evaluates `tensor`, to copy it into another.
  Stage makeCopy(mlir::Value tensor) const;

  /// How many leading dimensions all stages have in common, so that one nest
  /// of loops over them can hold all stages.
  unsigned getSharedDims() const { return sharedDims; }

private:
  void findStored(mlir::Block &block);
  void makeStage(mlir::Value result);
  void visit(Stage &stage, mlir::Value tensor, mlir::AffineMap map,
             bool inReduction) const;
  void visitOperands(Stage &stage, mlir::linalg::LinalgOp op,
                     mlir::AffineMap loops, bool inReduction) const;
  void absorb(Stage &stage);
  unsigned findSharedDims() const;

  llvm::SetVector<mlir::Value> stored;
  llvm::SmallVector<Stage, 2> stages;
  llvm::SmallVector<Step> steps;
  unsigned sharedDims = 0;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_GROUPSCHEDULE_H
