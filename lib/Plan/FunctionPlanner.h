//===- FunctionPlanner.h - one function on its way to a plan ----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value is in one of three states: it is *placed*, in a buffer of which a
// view is known; it is *pending*, a constant, or an elementwise operation of
// its group that becomes part of the expression of whoever reads it; or nobody
// has read it.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_PLAN_FUNCTIONPLANNER_H
#define MIND_LIB_PLAN_FUNCTIONPLANNER_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "Mind/Runtime/Kernels/Reduction.h"
#include "ProgramBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"
#include <array>
#include <deque>
#include <memory_resource>

namespace mind {

/// What elements of `dtype` are computed in: single precision for halves.
inline DType computeType(DType dtype) {
  return dtype == DType::F16 || dtype == DType::BF16 ? DType::F32 : dtype;
}

/// The dtype of the elements of `value`, and its extents.
DType dtypeOf(mlir::Value value);
Dims dimsOf(mlir::Value value);

/// What `block` holds before its terminator, which is there: unlike
/// Block::without_terminator, this does not look.
inline llvm::iterator_range<mlir::Block::iterator>
beforeTerminator(mlir::Block &block) {
  return {block.begin(), std::prev(block.end())};
}

class FunctionPlanner {
public:
  FunctionPlanner(mlir::func::FuncOp op, PlannedFunction &function);

  mlir::LogicalResult run();

  ProgramBuilder builder;

  //===--------------------------------------------------------------------===//
  // Values
  //===--------------------------------------------------------------------===//

  // Views stay where they are until the planner goes.

  /// Where `value` is, or null. f16 and bf16 may be placed as f32, unrounded:
  /// who reads them rounds.
  const View *find(mlir::Value value) const { return places.lookup(value); }
  /// Places `value`, if something other than an expression is to.
  void ensure(mlir::Value value);
  const View &place(mlir::Value value, View view) {
    const View &placed = keep(std::move(view));
    places[value] = &placed;
    return placed;
  }
  /// A view of `value` with its elements in `dtype`; computed or converted to a
  /// buffer of its own if there is none.
  const View &view(mlir::Value value, DType dtype);
  const View &view(mlir::Value value) { return view(value, dtypeOf(value)); }
  /// The same, dense.
  const View &denseView(mlir::Value value, DType dtype);
  const View &denseView(mlir::Value value) {
    return denseView(value, dtypeOf(value));
  }
  /// Memory for `value`, as elements of `dtype`: what it is to be written to,
  /// if somebody has said that, else a new buffer.
  const View &allocate(mlir::Value value, DType dtype);
  const View &allocate(mlir::Value value) {
    return allocate(value, dtypeOf(value));
  }
  /// `value` is to be written there, when it is computed.
  void setDestination(mlir::Value value, View view) {
    destinations[value] = &keep(std::move(view));
  }
  /// Appends the step that copies `from`, which has the same extents.
  void copy(const View &from, const View &to);

private:
  const View &keep(View &&view) { return views.emplace_back(std::move(view)); }

  mlir::LogicalResult planBlock(mlir::Block &block);
  mlir::LogicalResult planOperation(mlir::Operation *op);
  mlir::LogicalResult planArguments(mlir::Block &entry);
  mlir::LogicalResult planResults(mlir::func::ReturnOp op);
  void require(RequireOp op);

  // Control flow (Control.cpp).
  mlir::LogicalResult planIf(mlir::scf::IfOp op);
  mlir::LogicalResult planWhile(mlir::scf::WhileOp op);
  mlir::LogicalResult planFor(mlir::scf::ForOp op);
  /// The element of a rank-0 tensor, or a constant, as such a tensor.
  View scalar(mlir::Value value);
  View scalarOperation(mlir::Operation *op);
  void planSelect(mlir::arith::SelectOp op);
  /// Writes values to `targets` as if at once.
  void assign(mlir::ValueRange values, llvm::ArrayRef<View> targets);
  void planPrint(mlir::Operation *op, std::string format);
  void planAssert(AssertOp op);

  // Groups (Groups.cpp).
  mlir::LogicalResult planGroup(GroupOp group);
  /// An operation in a group, or of the language anywhere else. Elementwise
  /// ones stay pending.
  mlir::LogicalResult planInGroup(mlir::Operation *op);
  void planConstant(mlir::Value result, mlir::DenseElementsAttr data);

  // By family; each places the results.
  bool planMovement(mlir::Operation *op);    // Movement.cpp
  bool planContraction(mlir::Operation *op); // Contraction.cpp
  bool planReduction(mlir::Operation *op);   // Reduction.cpp
  void reduceTo(mlir::Value result, mlir::Value x, kernels::ReductionKind kind,
                llvm::ArrayRef<int64_t> axes);
  bool planRows(mlir::Operation *op);     // Reduction.cpp
  bool planPooling(mlir::Operation *op);  // Reduction.cpp
  bool planIndexing(mlir::Operation *op); // Indexing.cpp

  void planProduct(mlir::Operation *op, const View &a, const View &b,
                   mlir::Value bias);
  void planConvolution(Conv2dOp op);
  void planAttention(AttentionOp op);
  void join(mlir::Value result, int64_t axis, llvm::ArrayRef<View> parts);
  void planPad(PadOp op);
  void planIndex(IndexOp op);
  void planGather(mlir::Value result, mlir::Value x, mlir::Value indices,
                  int64_t axis, bool mayFail);
  void planScatterAdd(ScatterAddOp op);
  uint32_t outOfBoundsSite(mlir::Location location, int64_t axis,
                           const Dim &extent);

  mlir::func::FuncOp op;
  /// Whether something was met that no plan does, and reported.
  bool hasFailed = false;
  llvm::SmallVector<const View *> results;
  // Small programs need no other memory for their views.
  std::array<std::byte, 4096> memory;
  std::pmr::monotonic_buffer_resource resource{memory.data(), memory.size()};
  std::pmr::deque<View> views{&resource};
  llvm::SmallDenseMap<mlir::Value, const View *, 32> places;
  llvm::SmallDenseMap<mlir::Value, const View *, 8> destinations;
};

} // namespace mind

#endif // MIND_LIB_PLAN_FUNCTIONPLANNER_H
