//===- Matmul.cpp - products of matrices ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Tiles.h"
#include <algorithm>

namespace mind::kernels {

/// What a packed panel may take of the first-level data cache, whose smallest
/// is 32 KiB on the processors that we know.
constexpr int64_t panelBytes = 16 * 1024;

/// What the panels packed together may take of the second-level cache, whose
/// smallest is 256 KiB.
constexpr int64_t packedBytes = 128 * 1024;

/// The rows of B that are read side by side where it is read row by row: as
/// many streams as prefetchers and translation buffers follow.
constexpr int64_t rowsAtOnce = 8;

static int64_t ceilDiv(int64_t n, int64_t d) { return (n + d - 1) / d; }

namespace {
struct TileSize {
  int rows, vectors;
};
} // namespace

/// The tile with which the products of m rows and n columns take the fewest
/// cycles: two multiply-adds a cycle, or two loads.
template <typename T>
static TileSize chooseTile(const TileTable<T> &table, int64_t m, int64_t n) {
  TileSize best = {1, 1};
  double least = 0;
  for (int vectors = 1; vectors <= maxTileVectors; ++vectors) {
    for (int rows = 1; rows <= std::min<int64_t>(m, maxTileRows); ++rows) {
      if (!table.outer[vectors - 1][rows - 1])
        continue;
      int64_t blocks = ceilDiv(m, rows);
      int64_t panels = ceilDiv(n, int64_t(vectors) * table.lanes);
      // A chain of dependent additions is four cycles long.
      double sums = std::max(rows * vectors / 2.0, 4.0);
      double loads = (rows + vectors) / 2.0;
      double cycles = double(blocks * panels) * std::max(sums, loads);
      // Of equals the one that loads least.
      double cost = cycles + 1e-3 * double(blocks * panels) * loads;
      if (least == 0 || cost < least) {
        least = cost;
        best = {rows, vectors};
      }
    }
  }
  return best;
}

template <typename T>
MatmulPlan<T>::MatmulPlan(const MatmulShape &shape, Activation activation,
                          CpuLevel level)
    : shape(shape), activation(activation), level(level),
      table(&tileTable<T>(level)), depth(shape.k) {
  const bool isTransposed = shape.b.col != 1;
  const int64_t segment = shape.k / shape.segments;
  if (isTransposed && shape.b.row == 1 && shape.a.col == 1 &&
      shape.rows() <= maxInnerRows && shape.rows() == shape.m &&
      shape.segments == 1) {
    order = Order::Inner;
    return;
  }
  TileSize tile = chooseTile(*table, shape.m, shape.n);
  rows = tile.rows;
  vectors = tile.vectors;
  // Whether the rows of a panel lie so far apart that reading them again costs
  // more than bringing them together once.
  const int64_t rowBytes = shape.b.row * int64_t(sizeof(T));
  const int64_t blocks = ceilDiv(shape.m, rows) * (shape.rows() / shape.m);
  if (isTransposed || (rowBytes >= 1024 && blocks >= 4 && shape.k >= 64)) {
    order = Order::PackedPanels;
    const int64_t width = int64_t(vectors) * table->lanes;
    const int64_t most = panelBytes / int64_t(width * sizeof(T));
    depth = ceilDiv(segment, ceilDiv(segment, most));
    const int64_t panels = packedBytes / int64_t(depth * width * sizeof(T));
    columnsAtOnce = std::min(panels, ceilDiv(shape.n, width)) * width;
  } else if (rowBytes >= 1024 && shape.k * rowBytes > packedBytes) {
    order = Order::Rows;
    depth = std::min(segment, rowsAtOnce);
  } else {
    order = Order::Panels;
    depth = segment;
  }
}

template <typename T> int64_t MatmulPlan<T>::sliceAt(int64_t k) const {
  const int64_t segment = shape.k / shape.segments;
  return std::min(depth, segment - k % segment);
}

template <typename T> size_t MatmulPlan<T>::workspaceBytes() const {
  if (order != Order::PackedPanels)
    return 0;
  return size_t(depth * columnsAtOnce) * sizeof(T);
}

template <typename T>
typename MatmulPlan<T>::Words MatmulPlan<T>::toWords() const {
  return {shape.m,
          shape.n,
          shape.k,
          shape.a.row,
          shape.a.col,
          shape.b.row,
          shape.b.col,
          shape.cRow,
          shape.residualRow,
          int64_t(activation),
          int64_t(level),
          int64_t(order),
          rows,
          vectors,
          depth,
          columnsAtOnce,
          shape.groups[0].count,
          shape.groups[0].a,
          shape.groups[0].c,
          shape.groups[0].residual,
          shape.groups[1].count,
          shape.groups[1].a,
          shape.groups[1].c,
          shape.groups[1].residual,
          shape.segments,
          shape.aSegment};
}

template <typename T>
MatmulPlan<T> MatmulPlan<T>::fromWords(const int64_t *words) {
  MatmulPlan plan;
  plan.shape = {words[0],
                words[1],
                words[2],
                {words[3], words[4]},
                {words[5], words[6]},
                words[7],
                {{words[16], words[17], words[18], words[19]},
                 {words[20], words[21], words[22], words[23]}},
                words[24],
                words[25],
                words[8]};
  plan.activation = Activation(words[9]);
  plan.level = CpuLevel(words[10]);
  plan.table = &tileTable<T>(plan.level);
  plan.order = Order(words[11]);
  plan.rows = int(words[12]);
  plan.vectors = int(words[13]);
  plan.depth = words[14];
  plan.columnsAtOnce = words[15];
  return plan;
}

template <typename T>
void MatmulPlan<T>::run(const T *a, const T *b, const Operands &operands, T *c,
                        void *workspace) const {
  switch (order) {
  case Order::Inner:
    return runInnerProducts(a, b, operands, c);
  case Order::Rows:
    return runRows(a, b, operands, c);
  case Order::Panels:
    return runPanels(a, b, operands, c);
  case Order::PackedPanels:
    return runPackedPanels(a, b, operands, c, static_cast<T *>(workspace));
  }
}

/// A bias and a rectifier are applied in registers, all else to a block that is
/// still in the first-level cache: so there is one tile for all.
template <typename T>
auto MatmulPlan<T>::finisher(const Operands &operands) const
    -> void (*)(const FinishedBlock<T> &) {
  const bool inRegisters =
      !operands.scale && !operands.residual && activation <= Activation::Relu;
  return inRegisters ? nullptr : table->finish[int(activation)];
}

template <typename T>
void MatmulPlan<T>::runInnerProducts(const T *a, const T *b,
                                     const Operands &operands, T *c) const {
  const auto finish = finisher(operands);
  for (int64_t j = 0; j < shape.n; j += innerColumns) {
    const int64_t columns = std::min<int64_t>(innerColumns, shape.n - j);
    table->inner[shape.m - 1][columns - 1](
        {shape.k, a, shape.a, b + j * shape.b.col, shape.b.col, c + j,
         shape.cRow, finish ? nullptr : operands.from(j).bias, columns, false,
         !finish && activation == Activation::Relu});
  }
  if (finish)
    finish({shape.m, shape.n, c, shape.cRow, operands, shape.residualRow});
}

template <typename T>
void MatmulPlan<T>::runBlocks(const T *a, const T *panel, int64_t stride,
                              const Operands &operands, T *c, PanelWidth width,
                              int64_t k, int64_t slice) const {
  const int64_t lanes = table->lanes;
  const bool isLast = k + slice == shape.k;
  const int64_t segment = shape.k / shape.segments;
  a += k / segment * shape.aSegment + k % segment * shape.a.col;
  const auto finish = finisher(operands);
  // Blocks of rows differ by one at most.
  const int64_t blocks = ceilDiv(shape.m, rows);
  const TileFunction<T> *functions =
      width.whole < lanes ? table->masked
                          : table->outer[width.whole / lanes - 1];
  Tile<T> tile = {slice,
                  a,
                  shape.a,
                  panel,
                  stride,
                  c,
                  shape.cRow,
                  isLast && !finish ? operands.bias : nullptr,
                  width.used,
                  k != 0,
                  isLast && !finish && activation == Activation::Relu};
  for (int64_t outer = 0; outer < shape.groups[1].count; ++outer)
    for (int64_t inner = 0; inner < shape.groups[0].count; ++inner) {
      const T *aRows =
          a + outer * shape.groups[1].a + inner * shape.groups[0].a;
      T *cRows = c + outer * shape.groups[1].c + inner * shape.groups[0].c;
      for (int64_t block = 0, row = 0; block < blocks; ++block) {
        const int64_t next = shape.m * (block + 1) / blocks;
        tile.a = aRows + row * shape.a.row;
        tile.c = cRows + row * shape.cRow;
        functions[next - row - 1](tile);
        if (isLast && finish)
          finish({next - row, width.used, tile.c, shape.cRow,
                  operands.at(outer * shape.groups[1].residual +
                              inner * shape.groups[0].residual +
                              row * shape.residualRow),
                  shape.residualRow});
        row = next;
      }
    }
}

template <typename T> int64_t MatmulPlan<T>::panelWidth(int64_t columns) const {
  int64_t count = std::min<int64_t>(vectors, columns / table->lanes);
  while (count > 1 && !table->outer[count - 1][0])
    --count;
  return count * table->lanes;
}

template <typename T>
void MatmulPlan<T>::runPanels(const T *a, const T *b, const Operands &operands,
                              T *c) const {
  const int64_t lanes = table->lanes;
  for (int64_t j = 0; j < shape.n;) {
    // The last panel is moved back, so that its vectors are whole; it computes
    // a few columns again, to the same values.
    const int64_t rest = ceilDiv(shape.n - j, lanes) * lanes;
    int64_t width = panelWidth(std::min(rest, shape.n));
    if (width == 0)
      width = shape.n;
    const int64_t column = std::min(j, shape.n - width);
    for (int64_t k = 0, slice; k < shape.k; k += slice) {
      slice = sliceAt(k);
      runBlocks(a, b + k * shape.b.row + column * shape.b.col, shape.b.row,
                operands.from(column), c + column, {width, width}, k, slice);
    }
    j = column + width;
  }
}

template <typename T>
void MatmulPlan<T>::runPackedPanels(const T *a, const T *b,
                                    const Operands &operands, T *c,
                                    T *packed) const {
  const int64_t lanes = table->lanes, widest = vectors * lanes;
  for (int64_t j = 0; j < shape.n; j += columnsAtOnce)
    for (int64_t k = 0, slice; k < shape.k; k += slice) {
      slice = sliceAt(k);
      const int64_t columns = std::min(columnsAtOnce, shape.n - j);
      table->pack(b + k * shape.b.row + j * shape.b.col, shape.b, slice,
                  columns, widest, packed);
      for (int64_t i = 0; i < columns;) {
        // Of the last panel only a part may be there, a last vector filled up.
        const int64_t inPanel = i % widest;
        const int64_t rest = std::min(widest - inPanel, columns - i);
        const int64_t width = panelWidth(ceilDiv(rest, lanes) * lanes);
        const int64_t used = std::min(width, rest);
        runBlocks(a, packed + (i - inPanel) * slice + inPanel, widest,
                  operands.from(j + i), c + j + i, {width, used}, k, slice);
        i += used;
      }
    }
}

template <typename T>
void MatmulPlan<T>::runRows(const T *a, const T *b, const Operands &operands,
                            T *c) const {
  for (int64_t k = 0, slice; k < shape.k; k += slice) {
    slice = sliceAt(k);
    for (int64_t j = 0; j < shape.n;) {
      int64_t width = panelWidth(shape.n - j);
      if (width == 0)
        width = shape.n - j;
      runBlocks(a, b + k * shape.b.row + j, shape.b.row, operands.from(j),
                c + j, {width, width}, k, slice);
      j += width;
    }
  }
}

template class MatmulPlan<float>;
template class MatmulPlan<double>;

} // namespace mind::kernels
