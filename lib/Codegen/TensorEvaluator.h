//===- TensorEvaluator.h - elements of tensors, on demand ------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes the code for an element of a tensor, or for a vector of elements, at
// given indices: a read if the tensor is in memory, else the operations that
// define it, with their operands evaluated at the indices they need.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_TENSOREVALUATOR_H
#define MIND_LIB_CODEGEN_TENSOREVALUATOR_H

#include "GroupSchedule.h"
#include "ScopedBuilder.h"

namespace mind {

/// An index as a function of the lane: `base + offset + lane * stride`, where
/// a null base is 0.
struct LaneIndex {
  mlir::Value base;
  int64_t offset = 0;
  int64_t stride = 0;

  bool operator==(const LaneIndex &) const = default;
};
using Indices = llvm::SmallVector<LaneIndex, 6>;

class TensorEvaluator {
public:
  explicit TensorEvaluator(ScopedBuilder &builder) : builder(builder) {}

  /// Vectors have `lanes` elements, of which the first `active` are wanted.
  void setLanes(int64_t newLanes, int64_t newActive) {
    lanes = newLanes;
    active = newActive;
  }

  /// The element of `tensor` at `indices`: a scalar if it is the same in all
  /// lanes, else a vector.
  mlir::Value evaluate(mlir::Value tensor, llvm::ArrayRef<LaneIndex> indices);

  /// What the payload of `op` yields in the iteration `loops`. `accumulators`
  /// are its init arguments, if it accumulates. `operand` may supply the value
  /// of an operand; where it gives null, the operand is evaluated.
  llvm::SmallVector<mlir::Value>
  evaluatePayload(mlir::linalg::LinalgOp op, llvm::ArrayRef<LaneIndex> loops,
                  mlir::ValueRange accumulators = {},
                  llvm::function_ref<mlir::Value(unsigned)> operand = nullptr);

  /// Reads `memory`.
  mlir::Value read(mlir::Value memory, llvm::ArrayRef<LaneIndex> indices);
  /// Stores `value` into `memory` and returns the new tensor.
  mlir::Value write(mlir::Value value, mlir::Value memory,
                    llvm::ArrayRef<LaneIndex> indices);

  /// From now on the elements of `tensor` are in `memory`, which lacks the
  /// first `dropped` dimensions.
  void setMemory(mlir::Value tensor, mlir::Value memory, unsigned dropped);
  /// The memory that holds all of `tensor`, which is no inline value.
  mlir::Value getMemory(mlir::Value tensor);

  /// Knows the element of `tensor` at `indices` until `release`.
  void bind(mlir::Value tensor, llvm::ArrayRef<LaneIndex> indices,
            mlir::Value value);
  size_t getMark() const { return bindings.size(); }
  void release(size_t mark) { bindings.truncate(mark); }

  /// Applies `map` to indices.
  Indices apply(mlir::AffineMap map, llvm::ArrayRef<LaneIndex> dims);
  /// `value` in all lanes of a vector, unless it is a vector.
  mlir::Value broadcast(mlir::Value value);
  /// The vector of `i1` in which the first `active` lanes are set.
  mlir::Value activeMask();

private:
  struct Binding {
    mlir::Value tensor;
    Indices indices;
    mlir::Value value;
  };
  struct Memory {
    mlir::Value value;
    unsigned dropped;
  };

  LaneIndex apply(mlir::AffineExpr expr, llvm::ArrayRef<LaneIndex> dims);
  mlir::Value toScalar(const LaneIndex &index);
  mlir::Value toValue(const LaneIndex &index);
  mlir::Value gather(mlir::Value memory, llvm::ArrayRef<LaneIndex> indices);
  mlir::Value evaluateExtract(mlir::tensor::ExtractOp extract,
                              llvm::ArrayRef<LaneIndex> loops,
                              llvm::function_ref<mlir::Value(mlir::Value)> get);
  mlir::Value evaluateOp(mlir::Operation *op,
                         llvm::ArrayRef<mlir::Value> operands);
  llvm::SmallVector<mlir::Value>
  cloneByLane(mlir::Operation *op,
              const llvm::DenseMap<mlir::Value, mlir::Value> &values);

  ScopedBuilder &builder;
  int64_t lanes = 1, active = 1;
  llvm::SmallVector<Binding> bindings;
  llvm::DenseMap<mlir::Value, Memory> memories;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_TENSOREVALUATOR_H
