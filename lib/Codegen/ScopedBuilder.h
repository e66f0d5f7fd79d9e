//===- ScopedBuilder.h - builds loops without redundancy -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A builder for nests of loops. Each pure operation is put into the outermost
// loop in which its operands exist, and only once there: code comes out
// without common subexpressions and without loop invariants, so that no pass
// has to look for them.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_CODEGEN_SCOPEDBUILDER_H
#define MIND_LIB_CODEGEN_SCOPEDBUILDER_H

#include "Mind/Shape/Dim.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/DenseSet.h"

namespace mind {

class ScopedBuilder {
public:
  /// Code is placed before `anchor`; operands that the builder did not make
  /// must dominate it.
  ScopedBuilder(mlir::Operation *anchor, mlir::Location loc);

  mlir::Location getLoc() const { return loc; }
  void setLoc(mlir::Location newLoc) { loc = newLoc; }
  mlir::MLIRContext *getContext() const { return builder.getContext(); }
  /// For types and attributes; its insertion point is unset.
  mlir::OpBuilder &getBuilder() { return builder; }

  /// Makes a pure operation, or finds the one made before.
  template <typename OpT, typename... Args> OpT pure(Args &&...args) {
    return mlir::cast<OpT>(
        place(OpT::create(builder, loc, std::forward<Args>(args)...)));
  }

  /// Takes a detached pure operation; returns it, or an equal one.
  mlir::Operation *place(mlir::Operation *op);

  /// Puts a detached operation with effects at the current position.
  mlir::Operation *append(mlir::Operation *op);

  /// A value that later `pure` operations may use anywhere in the innermost
  /// open loop.
  template <typename OpT, typename... Args> OpT effect(Args &&...args) {
    return mlir::cast<OpT>(
        append(OpT::create(builder, loc, std::forward<Args>(args)...)));
  }

  mlir::Value constant(mlir::TypedAttr value);
  mlir::Value constantIndex(int64_t value);
  /// The value of `dim`, of type index.
  mlir::Value extent(const Dim &dim);

  /// Opens a loop that carries `inits`; what follows goes into its body.
  mlir::scf::ForOp openLoop(mlir::Value lower, mlir::Value upper, int64_t step,
                            mlir::ValueRange inits);
  /// The same from 0.
  mlir::scf::ForOp openLoop(mlir::Value upper, int64_t step,
                            mlir::ValueRange inits) {
    return openLoop(constantIndex(0), upper, step, inits);
  }
  /// Ends the innermost loop, which yields `values`.
  void closeLoop(mlir::ValueRange values);

  /// How many loops are open.
  unsigned getDepth() const { return scopes.size() - 1; }

private:
  struct OperationInfo : llvm::DenseMapInfo<mlir::Operation *> {
    static unsigned getHashValue(const mlir::Operation *op);
    static bool isEqual(const mlir::Operation *lhs, const mlir::Operation *rhs);
  };
  struct Scope {
    mlir::Block *block;
    /// Where the next operation goes.
    mlir::Block::iterator point;
    llvm::DenseSet<mlir::Operation *, OperationInfo> known;
  };

  unsigned depthOf(mlir::Value value) const { return depths.lookup(value); }

  mlir::OpBuilder builder;
  mlir::Location loc;
  llvm::SmallVector<Scope> scopes;
  llvm::DenseMap<mlir::Value, unsigned> depths;
};

} // namespace mind

#endif // MIND_LIB_CODEGEN_SCOPEDBUILDER_H
