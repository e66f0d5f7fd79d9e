//===- Extents.h - extents as values in IR ---------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types say what an extent is: a polynomial over named sizes. Here it
// becomes the arithmetic that computes it. It needs nothing but the sizes, so
// it may stand anywhere in a function, and equal extents are equal operations.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_DIALECT_MIND_IR_EXTENTS_H
#define MIND_DIALECT_MIND_IR_EXTENTS_H

#include "Mind/Dialect/Mind/IR/MindDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mind {

/// The value of `dim`, of type index. `make` is called with the type of an
/// operation and what its `create` takes after the location, as in
/// `make.template operator()<arith::AddIOp>(lhs, rhs)`.
template <typename Make>
mlir::Value makeExtent(mlir::MLIRContext *context, const Dim &dim, Make make) {
  mlir::Builder attributes(context);
  auto constant = [&](int64_t value) -> mlir::Value {
    return make.template operator()<mlir::arith::ConstantOp>(
        attributes.getIndexAttr(value));
  };
  if (dim.isConstant())
    return constant(dim.constant());
  mlir::Value sum;
  for (const auto &[monomial, coefficient] : dim.polynomial()) {
    mlir::Value term;
    if (coefficient != 1 || monomial.empty())
      term = constant(coefficient);
    for (const std::string &name : monomial) {
      mlir::Value size = make.template operator()<SizeOp>(
          attributes.getIndexType(), attributes.getStringAttr(name));
      term = term ? make.template operator()<mlir::arith::MulIOp>(size, term)
                  : size;
    }
    sum = sum ? make.template operator()<mlir::arith::AddIOp>(term, sum) : term;
  }
  return sum;
}

/// The value of `dim` at the insertion point of `builder`.
inline mlir::Value makeExtent(mlir::OpBuilder &builder, mlir::Location loc,
                              const Dim &dim) {
  return makeExtent(builder.getContext(), dim,
                    [&]<typename OpT>(auto &&...args) -> mlir::Value {
                      return OpT::create(builder, loc, args...);
                    });
}

} // namespace mind

#endif // MIND_DIALECT_MIND_IR_EXTENTS_H
