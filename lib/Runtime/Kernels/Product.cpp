//===- Product.cpp - batches of matrix products --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Product.h"
#include "Integers.h"
#include "RowGroups.h"

namespace mind::kernels {

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

/// What is decided before there is a plan.
template <typename T> struct ProductPlan<T>::Choice {
  bool isSwapped, gathersResidual;
  MatmulShape matrices;
  LoopNest<4> batch;
};

template <typename T>
ProductPlan<T>::ProductPlan(const ProductShape &shape, const LayerShape &layer,
                            CpuLevel level)
    : ProductPlan(
          [&] {
            Choice choice = {};
            choice.gathersResidual =
                layer.residual && shape.n != 1 && shape.residual.col != 1;
            const int64_t residualRow = !layer.residual ? 0
                                        : choice.gathersResidual
                                            ? shape.n
                                            : shape.residual.row;
            choice.matrices = {shape.m, shape.n, shape.k,
                               shape.a, shape.b, shape.cRow};
            choice.matrices.residualRow = residualRow;
            int64_t products = 1;
            for (int64_t extent : shape.batch)
              products *= extent;
            // Where the residual is brought together, its matrices follow one
            // another.
            int64_t gathered = products * shape.m * shape.n;
            for (size_t axis = 0; axis < shape.batch.size(); ++axis) {
              gathered /= shape.batch[axis];
              choice.batch.add(
                  shape.batch[axis],
                  {shape.aBatch[axis], shape.bBatch[axis], shape.cBatch[axis],
                   !layer.residual          ? 0
                   : choice.gathersResidual ? gathered
                                            : shape.residualBatch[axis]});
            }
            MatmulShape &matrices = choice.matrices;
            for (size_t i = choice.batch.size(); i-- > 0;) {
              const auto [count, strides] = choice.batch[i];
              const auto [a, b, c, residual] = strides;
              if (b == 0 && addRows(matrices, {count, a, c, residual}))
                choice.batch.remove(i);
            }
            const bool isOneMatrix =
                matrices.rows() == matrices.m && matrices.cRow == 1 &&
                (!layer.residual || matrices.residualRow == 1);
            if (matrices.n == 1 && matrices.m > 1 && isOneMatrix) {
              choice.isSwapped = true;
              std::swap(matrices.m, matrices.n);
              matrices.cRow = matrices.residualRow = matrices.n;
              matrices.b = {matrices.a.col, matrices.a.row};
              matrices.a = {0, shape.b.row};
            }
            // A vector may be called a row of one column or a column.
            if (matrices.n == 1 && matrices.b.row == 1)
              matrices.b.col = matrices.k + 1;
            return choice;
          }(),
          shape, layer, level) {}

template <typename T>
ProductPlan<T>::ProductPlan(const Choice &choice, const ProductShape &shape,
                            const LayerShape &layer, CpuLevel level)
    : layer(layer), isSwapped(choice.isSwapped),
      plan(choice.matrices, layer.activation, level) {
  if (choice.batch.size() != 0)
    batch = std::make_unique<const LoopNest<4>>(choice.batch);
  layout.add(plan.workspaceBytes());
  if (layer.normalize || (isSwapped && (layer.scale || layer.bias)))
    columnsAt = layout.add(2 * size_t(choice.matrices.n) * sizeof(T));
  if (choice.gathersResidual) {
    assert(shape.batch.size() + 2 <= maxLoops && "too many axes");
    int64_t extents[maxLoops], from[maxLoops], to[maxLoops];
    const size_t rank = shape.batch.size() + 2;
    std::copy(shape.batch.begin(), shape.batch.end(), extents);
    std::copy(shape.residualBatch.begin(), shape.residualBatch.end(), from);
    extents[rank - 2] = shape.m;
    extents[rank - 1] = shape.n;
    from[rank - 2] = shape.residual.row;
    from[rank - 1] = shape.residual.col;
    int64_t elements = 1;
    for (size_t axis = rank; axis-- > 0;) {
      to[axis] = elements;
      elements *= extents[axis];
    }
    gatherResidual = std::make_unique<const CopyPlan>(
        sizeof(T), std::span(extents, rank), std::span(from, rank),
        std::span(to, rank), level);
    residualAt = layout.add(size_t(elements) * sizeof(T));
  }
}

template <typename T>
void ProductPlan<T>::run(const T *a, const T *b,
                         const LayerOperands<T> &operands, T *c,
                         void *workspace) const {
  EpilogueOperands<T> epilogue = {operands.scale, operands.bias,
                                  operands.residual};
  T *const columns = pieceOf<T>(workspace, columnsAt);
  const int64_t n = plan.matrices().n;
  if (isSwapped && (layer.scale || layer.bias || layer.normalize)) {
    // What belongs to the one column belongs to all elements.
    T scale[1], both[2];
    EpilogueOperands<T> one = epilogue;
    if (layer.normalize)
      one = normalizedColumns(operands, layer.eps, 1, both);
    if (one.scale) {
      scale[0] = *one.scale;
      epilogue.scale = columns;
      std::fill_n(columns, n, scale[0]);
    }
    if (one.bias) {
      epilogue.bias = columns + n;
      std::fill_n(columns + n, n, *one.bias);
    }
  } else if (layer.normalize) {
    epilogue = normalizedColumns(operands, layer.eps, n, columns);
  }
  if (gatherResidual) {
    T *gathered = pieceOf<T>(workspace, residualAt);
    gatherResidual->run(operands.residual, gathered);
    epilogue.residual = gathered;
  }
  if (isSwapped)
    std::swap(a, b);
  if (!batch)
    return plan.run(a, b, epilogue, c, workspace);
  batch->forEach([&](const std::array<int64_t, 4> &at) {
    plan.run(a + at[isSwapped], b + at[!isSwapped], epilogue.at(at[3]),
             c + at[2], workspace);
  });
}

template class ProductPlan<float>;
template class ProductPlan<double>;

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

template <typename T>
IntegerProductPlan<T>::IntegerProductPlan(const ProductShape &shape,
                                          CpuLevel level)
    : m(shape.m), n(shape.n), k(shape.k), a(shape.a), bRow(shape.b.row),
      cRow(shape.cRow), table(&integerTable(level)) {
  for (size_t axis = 0; axis < shape.batch.size(); ++axis)
    batch.add(shape.batch[axis],
              {shape.aBatch[axis], shape.bBatch[axis], shape.cBatch[axis]});
  // What is the same for all rows of some products is one product.
  while (batch.size() != 0) {
    const auto &[extent, strides] = batch[batch.size() - 1];
    if (strides[1] != 0 || strides[0] != m * a.row || strides[2] != m * cRow)
      break;
    m *= extent;
    batch.removeInnermost();
  }
  if (n != 1 && shape.b.col != 1) {
    const int64_t extents[] = {k, n}, from[] = {shape.b.row, shape.b.col},
                  to[] = {n, 1};
    gatherB =
        std::make_unique<const CopyPlan>(sizeof(T), extents, from, to, level);
    bRow = n;
    layout.add(size_t(k * n) * sizeof(T));
  }
}

template <typename T>
void IntegerProductPlan<T>::run(const T *a, const T *b, T *c,
                                void *workspace) const {
  const T *gathered = nullptr;
  batch.forEach([&](const std::array<int64_t, 3> &at) {
    const T *matrix = b + at[1];
    if (gatherB) {
      if (matrix != gathered)
        gatherB->run(matrix, workspace);
      gathered = matrix;
      matrix = static_cast<const T *>(workspace);
    }
    table->multiply<T>({m, n, k, this->a, bRow, cRow}, a + at[0], matrix,
                       c + at[2]);
  });
}

template class IntegerProductPlan<int8_t>;
template class IntegerProductPlan<uint8_t>;
template class IntegerProductPlan<int32_t>;
template class IntegerProductPlan<int64_t>;

} // namespace mind::kernels
