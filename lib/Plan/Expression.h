//===- Expression.h - elementwise operations as instructions ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_PLAN_EXPRESSION_H
#define MIND_LIB_PLAN_EXPRESSION_H

#include "FunctionPlanner.h"

namespace mind {

/// Whether the elements of the result follow from those of the operands at the
/// same position, and from the position: what an expression can hold.
bool isPointwise(mlir::Operation *op);
/// The same of an operation of the language, whose family is known.
bool isPointwise(mlir::Operation *op, OpFamily family);

/// Makes an expression over a domain from the values it is asked for. Values
/// are numbers of instructions.
class ExpressionBuilder {
public:
  ExpressionBuilder(FunctionPlanner &planner, llvm::ArrayRef<Dim> domain)
      : planner(planner), domain(domain.begin(), domain.end()) {}

  using Number = uint16_t;

  /// The elements of `value`, which broadcasts to the domain: loaded where it
  /// is placed, else computed.
  Number value(mlir::Value value);
  Number load(const View &view);
  Number constant(DType dtype, uint64_t bits);
  /// A number, rounded to `dtype`.
  Number number(DType dtype, double value);
  /// The index along an axis of the domain, an i64.
  Number position(size_t axis);
  Number cast(Number x, DType from, DType to);
  Number emit(kernels::ElementOp op, DType dtype, DType result,
              llvm::ArrayRef<Number> operands);
  /// An operation on values of one dtype, which its result has.
  Number emit(kernels::ElementOp op, DType dtype,
              llvm::ArrayRef<Number> operands) {
    return emit(op, dtype, dtype, operands);
  }

  /// The elements of the result, whose extents are the domain's.
  Number oneHot(OneHotOp op);

  /// Appends the step that writes a value to `to`, whose extents are the
  /// domain's.
  void store(Number value, const View &to);
  /// Appends the step that reduces a value over the axes that `reduced` says
  /// to `to`, whose strides along them are 0.
  void reduce(uint8_t kind, Number value, llvm::ArrayRef<bool> reduced,
              const View &to);

private:
  Number compute(mlir::Operation *op);
  Number creation(mlir::Operation *op);
  Number progression(Number position, double start, double step);
  Number batchNorm(BatchNormOp op);
  Number triangle(mlir::Operation *op, int64_t k, kernels::ElementOp keeps);
  /// Position along an axis of a value that broadcasts to the domain.
  Number positionOf(mlir::Value value, size_t axis);
  void step(plan::StepKind kind, uint8_t variant, uint16_t value,
            llvm::ArrayRef<Dim> attributes);

  FunctionPlanner &planner;
  Dims domain;
  kernels::ElementExpression expression;
  llvm::SmallVector<plan::Operand, 6> operands;
  llvm::SmallDenseMap<mlir::Value, Number, 8> numbers;
  uint32_t site = plan::Step::none;
};

} // namespace mind

#endif // MIND_LIB_PLAN_EXPRESSION_H
