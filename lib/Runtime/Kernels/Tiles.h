//===- Tiles.h - products of blocks that fit the registers -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The innermost kernels of matrix products, one table for each instruction set.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_LIB_RUNTIME_KERNELS_TILES_H
#define MIND_LIB_RUNTIME_KERNELS_TILES_H

#include "Mind/Runtime/Kernels/Matmul.h"
#include <algorithm>
#include <limits>

namespace mind::kernels {

/// The elements of a line of a cache.
template <typename T> constexpr int64_t elementsInLine = 64 / sizeof(T);

/// What is asked for while tiles are computed, to be packed next: from `first`
/// on, each tile asks for `count` pieces, as wide as its panel, that lie
/// `stride` elements apart, and the next one for those `step` elements further
/// on. Nothing if `first` is null.
template <typename T> struct Ahead {
  const T *first;
  int64_t count, stride, step;
};

/// The rows of A that come after those of a tile, and are asked for while it is
/// computed: a line of each of them from `first` on, and after every `depth`
/// elements of the depth the next one. Nothing if `depth` is 0.
template <typename T> struct NextRows {
  const T *first;
  int64_t count, stride, depth;
};

/// One block of C, of as many rows and vectors of columns as the function that
/// computes it says.
template <typename T> struct Tile {
  /// The extent that is summed over, `segments` times, from places in A that
  /// are `aSegment` elements apart.
  int64_t depth, segments;
  const T *a;
  MatrixStrides aStrides;
  int64_t aSegment;
  /// B's columns are neighbours, but for an inner product, where its rows are.
  const T *b;
  int64_t bStride;
  /// Where rows of B are copied to while they are multiplied, and how far apart
  /// they lie there, in whole vectors; null for nowhere. Outer products only.
  T *copy;
  int64_t copyStride;
  T *c;
  int64_t cRow;
  /// Of the tile's columns, or null.
  const T *bias;
  /// The number of columns: of the last vector, not all lanes may be there.
  int64_t columns;
  /// How many tiles of such an extent follow one another, and how far they move
  /// on from one to the next. Outer products only, and none that copy.
  int32_t count = 1;
  struct {
    int64_t a, b, c, bias;
  } step = {};
  /// What is asked for meanwhile; only where A was packed.
  Ahead<T> ahead = {};
  /// The same where A was not packed. Of several tiles each goes on where the
  /// one before has ended.
  NextRows<T> next = {};
  /// Whether the sums start from C rather than from 0.
  bool accumulate;
  bool relu;
};

/// A product of which A is one row; B's columns are neighbours.
template <typename T> struct RowProduct {
  int64_t depth, columns;
  const T *a;
  int64_t aStride;
  const T *b;
  int64_t bStride;
  T *c;
};

template <typename T> using TileFunction = void (*)(const Tile<T> &);

/// A block of C whose sums are complete, and what becomes of them.
template <typename T> struct FinishedBlock {
  int64_t rows, columns;
  T *c;
  int64_t cRow;
  /// From the block's first row and column on.
  EpilogueOperands<T> operands;
  int64_t residualRow;
};

template <typename T> using FinishFunction = void (*)(const FinishedBlock<T> &);

/// Brings `depth` rows of `columns` elements of a matrix together: panel after
/// panel of `width` columns, each row by row, the last one filled with zeros.
template <typename T>
using PackFunction = void (*)(const T *from, MatrixStrides strides,
                              int64_t depth, int64_t columns, int64_t width,
                              T *to);

/// The largest tile of any instruction set.
constexpr int maxTileRows = 14, maxTileVectors = 12;
/// The columns and the most rows of an inner product.
constexpr int innerColumns = 4, maxInnerRows = 4;

template <typename T> struct TileTable {
  /// The elements of a vector.
  int lanes;
  /// The most rows of a tile, by vectors - 1; 0 where there is no tile.
  /// Choosing one reads these alone, since `outer` takes 21 lines of a cache.
  int8_t mostRows[maxTileVectors];
  /// By vectors - 1 and rows - 1; null where the registers do not suffice.
  TileFunction<T> outer[maxTileVectors][maxTileRows];
  /// One vector, of which only Tile::columns are read and written; by rows - 1.
  TileFunction<T> masked[maxTileRows];
  /// By rows - 1 and columns - 1.
  TileFunction<T> inner[maxInnerRows][innerColumns];
  /// Null where vectors are as wide as a line: it was not measured there.
  void (*multiplyRow)(const RowProduct<T> &product);
  PackFunction<T> pack;
  /// Brings the rows of a tile of A together, step by step of the depth; by
  /// rows - 1, null where that makes nothing faster.
  void (*packRows[maxTileRows])(const Tile<T> &tile, T *to);
  /// By Activation; null where there is none.
  FinishFunction<T> finish[std::size(activationNames)];
  /// Multiplies and adds in registers, at least so often (Roof.h).
  int64_t (*multiplyAdd)(int64_t count);
};

/// The table of the richest instruction set up to `level` that was compiled.
template <typename T> const TileTable<T> &tileTable(CpuLevel level);

inline int64_t ceilDiv(int64_t n, int64_t d) { return (n + d - 1) / d; }

/// Calls `each` with the first of `count` rows and the number of them that make
/// a block, `most` at most; the first have one more than the others, or none.
template <typename Each>
void forEachBlock(int64_t count, int64_t most, Each each) {
  const int64_t blocks = ceilDiv(count, most);
  const int64_t least = count / blocks, larger = count % blocks;
  for (int64_t block = 0, row = 0; block < blocks; ++block) {
    const int64_t rows = block < larger ? least + 1 : least;
    each(row, rows);
    row += rows;
  }
}

/// The most vectors, up to `most`, of which there is a tile.
template <typename T>
int64_t vectorsUpTo(const TileTable<T> &table, int64_t most) {
  while (most > 1 && table.mostRows[most - 1] == 0)
    --most;
  return most;
}

/// The tile with which a product of so many rows and columns takes the fewest
/// cycles. `cyclesOf` estimates those of a tile from its rows, which may be a
/// fraction, and its vectors, which are whole. A row more must cost less than
/// those before it did on average, so that tiles have as many rows as there are
/// tiles for; that leaves one choice for each number of vectors.
template <typename T, typename CyclesOf>
TileExtents chooseTile(const TileTable<T> &table, int64_t rows, int64_t columns,
                       CyclesOf cyclesOf) {
  const int64_t wide = ceilDiv(columns, table.lanes);
  TileExtents best = {1, 1};
  double least = std::numeric_limits<double>::infinity();
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(wide, maxTileVectors);
       ++vectors) {
    const int64_t mostRows = table.mostRows[vectors - 1];
    if (mostRows == 0)
      continue;
    const int64_t blocks = ceilDiv(rows, mostRows), rest = wide % vectors;
    const double each = double(rows) / double(blocks);
    double cycles = double(wide / vectors) * cyclesOf(each, double(vectors));
    if (rest != 0)
      cycles += cyclesOf(each, double(rest));
    cycles *= double(blocks);
    if (cycles < least) {
      least = cycles;
      best = {ceilDiv(rows, blocks), vectors};
    }
  }
  return best;
}

} // namespace mind::kernels

#endif // MIND_LIB_RUNTIME_KERNELS_TILES_H
