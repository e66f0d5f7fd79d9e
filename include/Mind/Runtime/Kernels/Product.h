//===- Product.h - batches of matrix products ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the language's matmul, linear and dot come to: products of matrices of
// any strides, along any number of axes, along which an operand may be the
// same.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_PRODUCT_H
#define MIND_RUNTIME_KERNELS_PRODUCT_H

#include "Mind/Runtime/Kernels/Copy.h"
#include "Mind/Runtime/Kernels/Layer.h"
#include <memory>

namespace mind::kernels {

/// A is m x k, B is k x n, C is m x n, extents at least 1; and there are as
/// many of them as the product of the extents of `batch`. Strides are in
/// elements, and any, but that C's columns are neighbours; of an operand that
/// is the same along an axis they are 0.
struct ProductShape {
  int64_t m, n, k;
  MatrixStrides a, b;
  int64_t cRow;
  /// The axes of matrices, and the strides of the operands along them.
  std::span<const int64_t> batch = {}, aBatch = {}, bBatch = {}, cBatch = {};
  /// Of the residual, if there is one.
  MatrixStrides residual = {0, 0};
  std::span<const int64_t> residualBatch = {};
};

/// A matrix product of float or double, with what follows it in a layer: on
/// MatmulPlan, which says in what order sums are taken, and what their error
/// is. Axes along which B is the same are rows of A; a product by a vector is
/// that of the vector by the transposed matrix.
template <typename T> class ProductPlan {
public:
  ProductPlan(const ProductShape &shape, const LayerShape &layer,
              CpuLevel level = cpuLevel());

  /// Computes C, which nothing overlaps. `workspace` has workspaceBytes(),
  /// aligned to 64.
  void run(const T *a, const T *b, const LayerOperands<T> &operands, T *c,
           void *workspace) const;

  size_t workspaceBytes() const { return layout.bytes(); }

private:
  struct Choice;
  ProductPlan(const Choice &choice, const ProductShape &shape,
              const LayerShape &layer, CpuLevel level);

  LayerShape layer;
  /// A B^T is computed as B A^T, for a B of one column.
  bool isSwapped;
  MatmulPlan<T> plan;
  /// Of A, B, C and the residual, what is not rows; null for one product.
  std::unique_ptr<const LoopNest<4>> batch;
  /// Brings the residual of all products together, if its columns are no
  /// neighbours.
  std::unique_ptr<const CopyPlan> gatherResidual;
  /// Where in the workspace scale and bias of each column, and the residual
  /// are; the plan's own part is at 0.
  WorkspaceLayout layout;
  size_t columnsAt = 0, residualAt = 0;
};

extern template class ProductPlan<float>;
extern template class ProductPlan<double>;

struct IntegerTable;

/// The same for integers of 8, 32 and 64 bits, which wrap: signed ones and
/// others have the same bits. B is brought together if its columns are no
/// neighbours.
template <typename T> class IntegerProductPlan {
public:
  explicit IntegerProductPlan(const ProductShape &shape,
                              CpuLevel level = cpuLevel());

  void run(const T *a, const T *b, T *c, void *workspace) const;

  size_t workspaceBytes() const { return layout.bytes(); }

private:
  int64_t m, n, k;
  MatrixStrides a;
  int64_t bRow, cRow;
  const IntegerTable *table;
  /// Of A, B and C.
  LoopNest<3> batch;
  std::unique_ptr<const CopyPlan> gatherB;
  WorkspaceLayout layout;
};

extern template class IntegerProductPlan<int8_t>;
extern template class IntegerProductPlan<uint8_t>;
extern template class IntegerProductPlan<int32_t>;
extern template class IntegerProductPlan<int64_t>;

/// The plan of a product of elements of type T.
template <typename T>
using ProductPlanOf = std::conditional_t<std::is_floating_point_v<T>,
                                         ProductPlan<T>, IntegerProductPlan<T>>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_PRODUCT_H
