//===- Matmul.cpp - products of matrices ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Matmul.h"
#include "Tiles.h"
#include <span>
#include <utility>

namespace mind::kernels {

/// The bytes of a row of A that are summed at once where B is packed, so that a
/// tile's rows stay in the first-level cache and C is seldom read again.
constexpr int64_t packedRowBytes = 4096;

/// How a B that the cache does not hold is streamed.
struct Streaming {
  /// The rows of A up to which it is; and those where B's columns meet in few
  /// sets of a cache. With wide vectors a panel that stays in the first-level
  /// cache is multiplied for as long as reading it takes; with others it soon
  /// pays to pack both.
  int64_t rows, rowsOfFewSets;
  /// How many rows of B are read at once: a panel begins with some that nobody
  /// has asked for. Lines come in pairs of so many bytes; what a panel leaves
  /// of them is to be in a cache for the next one.
  int64_t depth, depthOfParts;
};
constexpr Streaming wideStreaming = {16, 64, 256, 64};
constexpr Streaming narrowStreaming = {16, 6, 256, 256};

constexpr int64_t pairOfLines = 128;
/// Where there are several blocks of rows of A, so many bytes of a streamed
/// panel are to stay in the first-level cache.
constexpr int64_t streamedPanelBytes = 40 * 1024;

/// The columns from which it pays to read A anew for them, and to pack it.
constexpr int64_t leastColumns = 128, leastColumnsOfPackedRows = 1024;

/// The panels for which it pays to pack the rows that a tile takes, the rows
/// from which it does, and the bytes of them and of a panel of B, some of which
/// is to stay in the first-level cache from one panel to the next.
constexpr int64_t panelsOfPackedRows = 8, leastPackedRows = 4;
constexpr int64_t packedRowsBytes = 48 * 1024;

/// Where all rows of A are packed and B panel by panel: the bytes of a panel,
/// which stays in the first-level cache; the rows and the depth from which that
/// pays; and in how many groups these rows are at most.
constexpr int64_t blockedPanelBytes = 16 * 1024;
constexpr int64_t leastBlockedRows = 16, leastBlockedDepth = 128;
constexpr int64_t mostBlockedGroups = 32;

/// The rows up to which B's columns are multiplied where they lie, rather than
/// packed, if they are not very short.
constexpr int64_t innerRows = 16, innerDepth = 64;

/// Where A is one row: the elements of a row of B, or of B, from which its rows
/// are multiplied whole. Memory is read in long streams then, while sums pass
/// through the first-level cache.
constexpr int64_t leastWholeRow = 256, leastWholeRows = 64 * 1024;

/// The rows from which it pays to pack a B that the cache does not hold, or
/// whose vectors lie across two lines of it each; and one whose rows lie so far
/// apart that its columns meet in few sets of a cache: of the second level, or
/// of the first if the second holds it. Where A's rows are packed too, it takes
/// fewer.
constexpr int64_t packedRows = 128, packedRowsOfFewSets = 24;
constexpr int64_t packedRowsOfBoth = 7;
constexpr int64_t fewSetsBytes = 2048, fewSetsBytesInCache = 4096;

/// The vectors of columns from which it pays to take the first few columns
/// apart where those after them are aligned, and the rows of a tile up to which
/// it does: with more of them, loads are no bottleneck.
constexpr int64_t apartVectors = 16, apartRows = 4;

/// The bytes of A from which tiles ask for the rows that those after them take:
/// about those of a first-level cache.
constexpr int64_t askedForBytes = 32 * 1024;

//===----------------------------------------------------------------------===//
// Deciding
//===----------------------------------------------------------------------===//

/// Estimated cycles of a tile for each element of the depth, on a processor
/// with two multiply-adds a cycle, each four cycles long, and two loads. Once
/// there is a call. Of what is loaded, part is late, more often if it comes
/// from the second-level cache, as B does.
static double estimateCycles(double rows, double vectors, double depth) {
  const double sums = rows * vectors / 2, loads = (rows + 2 * vectors) / 2;
  return std::max({sums, loads, 4.0}) + rows / 12 + vectors / 4 + 40 / depth;
}

template <typename T>
MatmulPlan<T>::MatmulPlan(const MatmulShape &shape, Activation activation,
                          CpuLevel level, int64_t cacheBytes)
    : shape(shape), activation(activation), level(level),
      table(&tileTable<T>(level)) {
  const bool isTransposed = shape.b.col != 1;
  if (isTransposed && shape.b.row == 1 && shape.a.col == 1 &&
      shape.rows() <= innerRows && shape.rows() == shape.m &&
      (shape.k >= innerDepth || shape.m <= 2) && shape.segments == 1) {
    order = Order::Inner;
    return;
  }
  // Whatever the cache holds, since the order of the sums depends on it.
  if (!isTransposed && table->multiplyRow && shape.rows() == 1 &&
      shape.segments == 1 &&
      (shape.n >= leastWholeRow || shape.k * shape.n >= leastWholeRows)) {
    order = Order::WholeRows;
    return;
  }
  // Half of the cache is for A and C, which pass through it too. Of a larger B
  // parts are brought into it, small enough not to push each other out.
  const int64_t cache = cacheBytes / (2 * int64_t(sizeof(T)));
  const int64_t part = cache / 4;
  const bool fits = shape.k * shape.n <= cache;
  const bool hasFewSets = shape.b.row * int64_t(sizeof(T)) %
                              (fits ? fewSetsBytesInCache : fewSetsBytes) ==
                          0;
  const int64_t vectorBytes = table->lanes * int64_t(sizeof(T));
  const Streaming &streaming =
      table->packRows[0] ? narrowStreaming : wideStreaming;
  const bool isStreamed =
      !isTransposed && !fits &&
      shape.rows() <= (hasFewSets ? streaming.rowsOfFewSets : streaming.rows);
  auto isWholePairs = [&](int64_t bytes) { return bytes % pairOfLines == 0; };
  const TileExtents tile =
      chooseTile(*table, shape.m, shape.n, [&](double rows, double vectors) {
        const double cycles = estimateCycles(rows, vectors, double(shape.k));
        const bool readsParts = isStreamed && shape.m != 1 &&
                                shape.rows() <= streaming.rows &&
                                !isWholePairs(int64_t(vectors) * vectorBytes);
        return readsParts ? 1.1 * cycles : cycles;
      });
  rows = tile.rows;
  vectors = tile.vectors;
  const int64_t blocks = ceilDiv(shape.m, rows) * (shape.rows() / shape.m);
  if (isStreamed) {
    order = Order::Streamed;
    const int64_t width = vectors * vectorBytes;
    const bool leavesParts =
        blocks == 1 ? !isWholePairs(width) : width < pairOfLines;
    const int64_t depth =
        leavesParts ? streaming.depthOfParts : streaming.depth;
    chooseSlice(blocks == 1 ? depth
                            : std::min(depth, streamedPanelBytes / width));
    columnsAtOnce = shape.n;
  } else if (isTransposed ||
             (hasFewSets && shape.rows() >= packedRowsOfFewSets) ||
             (!fits && shape.rows() >=
                           (mayPackRows() ? packedRowsOfBoth : packedRows))) {
    if (chooseBlocked(cacheBytes))
      return;
    order = Order::Packed;
    const int64_t ofTile = rows + vectors * table->lanes;
    chooseSlice(packsRows() ? packedRowsBytes / int64_t(sizeof(T)) / ofTile
                            : packedRowBytes / int64_t(sizeof(T)));
    chooseColumns(
        std::max(part / (sliceSegments * sliceDepth),
                 packsRows() ? leastColumnsOfPackedRows : leastColumns));
  } else {
    order = Order::Direct;
    chooseSlice(shape.k);
    chooseColumns(fits ? shape.n : std::max(part / shape.k, leastColumns));
  }
}

/// About `most` elements of the depth: equal parts of a segment, or segments.
template <typename T> void MatmulPlan<T>::chooseSlice(int64_t most) {
  const int64_t segment = shape.k / shape.segments;
  sliceDepth = ceilDiv(segment, ceilDiv(segment, most));
  sliceSegments = sliceDepth == segment
                      ? std::clamp<int64_t>(most / segment, 1, shape.segments)
                      : 1;
}

/// Chooses to pack all rows of A, as far as a slice goes, and then B panel by
/// panel, if that pays. What it has set otherwise is to be chosen again.
template <typename T> bool MatmulPlan<T>::chooseBlocked(int64_t cacheBytes) {
  if (!mayPackRows() || shape.rows() < leastBlockedRows ||
      shape.k < leastBlockedDepth || shape.rows() / shape.m > mostBlockedGroups)
    return false;
  const int64_t bytes = int64_t(sizeof(T));
  columnsAtOnce = vectors * table->lanes;
  chooseSlice(blockedPanelBytes / (columnsAtOnce * bytes));
  if (shape.rows() * sliceSegments * sliceDepth * bytes > cacheBytes)
    return false;
  order = Order::Blocked;
  return true;
}

/// At most about `most` columns: equal parts, of whole panels.
template <typename T> void MatmulPlan<T>::chooseColumns(int64_t most) {
  const int64_t width = int64_t(vectors) * table->lanes;
  const int64_t parts = ceilDiv(shape.n, std::max(most, width));
  columnsAtOnce = ceilDiv(ceilDiv(shape.n, parts), width) * width;
}

template <typename T> bool MatmulPlan<T>::mayPack() const {
  return order == Order::Packed || order == Order::Blocked ||
         (order == Order::Direct && shape.rows() >= packedRows);
}

template <typename T> bool MatmulPlan<T>::packs(const T *b) const {
  return mayPack() && (order != Order::Direct || columnsBeforeAligned(b) != 0 ||
                       shape.b.row % table->lanes != 0);
}

template <typename T>
int64_t MatmulPlan<T>::columnsBeforeAligned(const T *row) const {
  const uintptr_t lanes = uintptr_t(table->lanes);
  const uintptr_t beyond = reinterpret_cast<uintptr_t>(row) / sizeof(T) % lanes;
  return int64_t((lanes - beyond) % lanes);
}

template <typename T> bool MatmulPlan<T>::mayPackRows() const {
  return rows >= leastPackedRows && table->packRows[rows - 1] &&
         shape.n >= panelsOfPackedRows * vectors * table->lanes;
}

template <typename T> bool MatmulPlan<T>::packsRows() const {
  return order == Order::Blocked || (order == Order::Packed && mayPackRows());
}

template <typename T> bool MatmulPlan<T>::asksForRows() const {
  // With narrow vectors A is packed before it would pay.
  return (order == Order::Direct || order == Order::Packed) &&
         !table->packRows[0] && shape.m > rows && shape.a.col == 1 &&
         shape.segments == 1 &&
         shape.m * shape.k * int64_t(sizeof(T)) >= askedForBytes;
}

template <typename T> size_t MatmulPlan<T>::packedElements() const {
  return mayPack() ? size_t(sliceSegments * sliceDepth * columnsAtOnce) : 0;
}

template <typename T> size_t MatmulPlan<T>::workspaceBytes() const {
  const int64_t atOnce = order == Order::Blocked ? shape.rows() : rows;
  const size_t ofRows =
      packsRows() ? size_t(atOnce * sliceSegments * sliceDepth) : 0;
  return (packedElements() + ofRows) * sizeof(T);
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
          sliceDepth,
          sliceSegments,
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
                {{words[17], words[18], words[19], words[20]},
                 {words[21], words[22], words[23], words[24]}},
                words[25],
                words[26],
                words[8]};
  plan.activation = Activation(words[9]);
  plan.level = CpuLevel(words[10]);
  plan.table = &tileTable<T>(plan.level);
  plan.order = Order(words[11]);
  plan.rows = words[12];
  plan.vectors = words[13];
  plan.sliceDepth = words[14];
  plan.sliceSegments = words[15];
  plan.columnsAtOnce = words[16];
  return plan;
}

//===----------------------------------------------------------------------===//
// Computing
//===----------------------------------------------------------------------===//

/// Some rows of B, of which some columns are multiplied by all of A.
template <typename T> struct MatmulPlan<T>::Slice {
  /// What its tiles have in common; A, B, C and the bias begin at its
  /// beginning.
  Tile<T> tile;
  int64_t columns;
  /// Where B is packed, and whether it is there before the first block, which
  /// copies it otherwise; or null.
  T *packed;
  bool isPacked;
  /// Where the rows of A that a tile takes are packed, B being so already; or
  /// null.
  T *packedRows;
  /// The columns that are taken apart, so that the vectors after them are
  /// aligned.
  int64_t columnsApart;
  /// How many lines of each row of A after theirs the tiles of a panel ask for;
  /// 0 where they ask for none.
  int64_t linesOfPanel;
  /// What finishes blocks once their sums are complete, with what begins at its
  /// first column; null where there is nothing more to do.
  FinishFunction<T> finish;
  Operands operands;
};

/// Rows that a tile takes: how many, and how far A, C and the residual have
/// moved on to the first.
template <typename T> struct MatmulPlan<T>::Block {
  int64_t rows, a, c, residual;
  bool isFirst;
  /// The rows of A that come after them in the same group.
  int64_t after;
};

/// Columns that a tile takes: the first, how many are there in memory, and how
/// many of them belong to the product; and how many panels like it follow one
/// another.
template <typename T> struct MatmulPlan<T>::Panel {
  int64_t column, width, used;
  int64_t count = 1;
};

/// All blocks of rows of A, packed one after the other: those of as many rows
/// that follow one another in C, and how far C and the residual have moved on
/// to the first of them.
template <typename T> struct MatmulPlan<T>::PackedBlocks {
  struct Run {
    int64_t rows, count, c, residual;
  };
  /// The blocks of a group of rows differ in their rows once at most.
  Run runs[2 * mostBlockedGroups];
  int64_t numRuns = 0, numBlocks = 0;
};

/// A bias and a rectifier are applied in registers, all else to a block that is
/// still in a near cache: so there is one tile for all.
template <typename T>
auto MatmulPlan<T>::finisher(const Operands &operands) const
    -> void (*)(const FinishedBlock<T> &) {
  const bool inRegisters =
      !operands.scale && !operands.residual && activation <= Activation::Relu;
  return inRegisters ? nullptr : table->finish[int(activation)];
}

template <typename T>
void MatmulPlan<T>::run(const T *a, const T *b, const Operands &operands, T *c,
                        void *workspace) const {
  if (order == Order::Inner)
    return runInnerProducts(a, b, operands, c);
  if (order == Order::WholeRows)
    return runWholeRows(a, b, operands, c);
  const FinishFunction<T> finish = finisher(operands);
  T *const memory = static_cast<T *>(workspace);
  T *const packed = packs(b) ? memory : nullptr;
  T *const packedRows = packsRows() ? memory + packedElements() : nullptr;
  const int64_t segment = shape.k / shape.segments;
  const int64_t widest = vectors * table->lanes;
  // Where they are blocked, a slice has all columns, and packs some at a time.
  const int64_t most = order == Order::Blocked ? shape.n : columnsAtOnce;
  const bool asks = asksForRows();
  for (int64_t j = 0; j < shape.n; j += most) {
    const int64_t columns = std::min(most, shape.n - j);
    for (int64_t s = 0; s < shape.segments; s += sliceSegments)
      for (int64_t k = 0; k < segment; k += sliceDepth) {
        const int64_t segments = std::min(sliceSegments, shape.segments - s);
        const int64_t depth = std::min(sliceDepth, segment - k);
        const bool isFirst = s == 0 && k == 0;
        const bool isLast =
            s + segments == shape.segments && k + depth == segment;
        Slice slice;
        slice.columns = columns;
        slice.packed = packed;
        slice.isPacked = packed && (shape.b.col != 1 || packedRows);
        slice.packedRows = packedRows;
        slice.columnsApart = 0;
        if (!packed && (rows <= apartRows || order == Order::Streamed) &&
            shape.b.row % table->lanes == 0 &&
            columns >= apartVectors * table->lanes)
          slice.columnsApart = columnsBeforeAligned(b + j);
        slice.finish = isLast ? finish : nullptr;
        slice.operands = operands.from(j);
        Tile<T> &tile = slice.tile;
        tile.depth = depth;
        tile.segments = segments;
        tile.a = a + s * shape.aSegment + k * shape.a.col;
        tile.aStrides = shape.a;
        tile.aSegment = shape.aSegment;
        tile.b = b + (s * segment + k) * shape.b.row + j * shape.b.col;
        tile.bStride = shape.b.row;
        tile.c = c + j;
        tile.cRow = shape.cRow;
        tile.bias = isLast && !finish ? slice.operands.bias : nullptr;
        tile.accumulate = !isFirst;
        tile.relu = isLast && !finish && activation == Activation::Relu;
        tile.copy = nullptr;
        tile.copyStride = widest;
        slice.linesOfPanel = 0;
        if (asks) {
          const int64_t lines = ceilDiv(depth, elementsInLine<T>);
          slice.linesOfPanel = ceilDiv(lines, ceilDiv(columns, widest));
          tile.next.depth = ceilDiv(depth, slice.linesOfPanel);
          tile.next.stride = shape.a.row;
        }
        if (order == Order::Blocked) {
          runBlocked(slice);
          continue;
        }
        if (slice.isPacked)
          table->pack(tile.b, shape.b, segments * depth, columns, widest,
                      packed);
        runSlice(slice);
      }
  }
}

template <typename T>
void MatmulPlan<T>::runInnerProducts(const T *a, const T *b,
                                     const Operands &operands, T *c) const {
  const FinishFunction<T> finish = finisher(operands);
  Tile<T> tile = {};
  tile.depth = shape.k;
  tile.aStrides = shape.a;
  tile.bStride = shape.b.col;
  tile.cRow = shape.cRow;
  tile.relu = !finish && activation == Activation::Relu;
  for (int64_t j = 0; j < shape.n; j += innerColumns) {
    tile.columns = std::min<int64_t>(innerColumns, shape.n - j);
    tile.b = b + j * shape.b.col;
    tile.bias = finish ? nullptr : operands.from(j).bias;
    forEachBlock(shape.m, maxInnerRows, [&](int64_t row, int64_t count) {
      tile.a = a + row * shape.a.row;
      tile.c = c + row * shape.cRow + j;
      table->inner[count - 1][tile.columns - 1](tile);
    });
  }
  if (finish)
    finish({shape.m, shape.n, c, shape.cRow, operands, shape.residualRow});
}

template <typename T>
void MatmulPlan<T>::runWholeRows(const T *a, const T *b,
                                 const Operands &operands, T *c) const {
  table->multiplyRow({shape.k, shape.n, a, shape.a.col, b, shape.b.row, c});
  const bool isFinished = !operands.scale && !operands.bias &&
                          !operands.residual && activation == Activation::None;
  if (!isFinished)
    table->finish[int(activation)]({1, shape.n, c, shape.cRow, operands, 0});
}

template <typename T> void MatmulPlan<T>::runSlice(const Slice &slice) const {
  // What is read again at once is a panel of B where it is streamed, which then
  // is in the first-level cache, and otherwise some rows of A.
  if (order == Order::Streamed)
    forPanels(slice, false, [&](const Panel &panel) {
      forBlocks([&](const Block &block) { runTile(slice, panel, block); });
    });
  else
    forBlocks([&](const Block &block) {
      const bool copies = slice.packed && !slice.isPacked && block.isFirst;
      if (slice.packedRows)
        packRows(slice, block, slice.packedRows);
      forPanels(slice, copies,
                [&](const Panel &panel) { runTile(slice, panel, block); });
    });
}

template <typename T>
typename MatmulPlan<T>::PackedBlocks
MatmulPlan<T>::packAllRows(const Slice &slice) const {
  PackedBlocks packed;
  T *to = slice.packedRows;
  forBlocks([&](const Block &block) {
    packRows(slice, block, to);
    to += block.rows * slice.tile.segments * slice.tile.depth;
    ++packed.numBlocks;
    if (packed.numRuns != 0) {
      auto &last = packed.runs[packed.numRuns - 1];
      const int64_t rows = last.count * last.rows;
      if (last.rows == block.rows && last.c + rows * shape.cRow == block.c &&
          last.residual + rows * shape.residualRow == block.residual) {
        ++last.count;
        return;
      }
    }
    packed.runs[packed.numRuns++] = {block.rows, 1, block.c, block.residual};
  });
  return packed;
}

template <typename T> void MatmulPlan<T>::runBlocked(const Slice &slice) const {
  const int64_t depth = slice.tile.segments * slice.tile.depth;
  const PackedBlocks blocks = packAllRows(slice);
  const int64_t widest = vectors * table->lanes;
  for (int64_t j = 0; j < slice.columns; j += widest) {
    const int64_t columns = std::min(widest, slice.columns - j);
    const T *b = slice.tile.b + j * shape.b.col;
    table->pack(b, shape.b, depth, columns, widest, slice.packed);
    Ahead<T> ahead = {};
    if (j + widest < slice.columns)
      ahead = aheadOf(b + widest * shape.b.col, depth, blocks.numBlocks);
    for (int64_t done = 0; done < columns;) {
      const Panel panel = panelAt(slice, j + done, false);
      Tile<T> tile = slice.tile;
      tile.depth = depth;
      tile.segments = 1;
      tile.a = slice.packedRows;
      tile.b = slice.packed + done;
      tile.bStride = widest;
      tile.columns = panel.used;
      if (tile.bias)
        tile.bias += panel.column;
      T *const c = slice.tile.c + panel.column;
      for (const auto &run : std::span(blocks.runs, size_t(blocks.numRuns))) {
        tile.aStrides = {1, run.rows};
        tile.c = c + run.c;
        tile.count = int32_t(run.count);
        tile.step = {run.rows * depth, 0, run.rows * shape.cRow, 0};
        tile.ahead = ahead;
        table->outer[panel.width / table->lanes - 1][run.rows - 1](tile);
        tile.a += run.count * tile.step.a;
        if (ahead.first)
          ahead.first += run.count * ahead.step;
        if (slice.finish)
          slice.finish({run.rows * run.count, panel.used, tile.c, tile.cRow,
                        slice.operands.at(run.residual).from(panel.column),
                        shape.residualRow});
      }
      done += panel.used;
      ahead = {};
    }
  }
}

/// A panel of B that so many tiles ask for: each for some of its rows, or for a
/// line of each of its columns.
template <typename T>
Ahead<T> MatmulPlan<T>::aheadOf(const T *panel, int64_t depth,
                                int64_t tiles) const {
  // Where a piece begins within a line, that one was there for another panel.
  const T *const first = panel + elementsInLine<T> - 1;
  if (shape.b.col == 1) {
    const int64_t each = ceilDiv(depth, tiles);
    return {first, each, shape.b.row, each * shape.b.row};
  }
  if (shape.b.row == 1)
    return {first, vectors * table->lanes, shape.b.col, elementsInLine<T>};
  return {};
}

template <typename T>
void MatmulPlan<T>::packRows(const Slice &slice, const Block &block,
                             T *to) const {
  Tile<T> tile = slice.tile;
  tile.a += block.a;
  table->packRows[block.rows - 1](tile, to);
}

template <typename T>
template <typename Body>
void MatmulPlan<T>::forBlocks(Body body) const {
  const RowGroup &inner = shape.groups[0], &outer = shape.groups[1];
  for (int64_t i = 0; i < outer.count; ++i)
    for (int64_t j = 0; j < inner.count; ++j)
      forEachBlock(shape.m, rows, [&](int64_t row, int64_t count) {
        body({count, i * outer.a + j * inner.a + row * shape.a.row,
              i * outer.c + j * inner.c + row * shape.cRow,
              i * outer.residual + j * inner.residual + row * shape.residualRow,
              i == 0 && j == 0 && row == 0, shape.m - row - count});
      });
}

template <typename T>
template <typename Body>
void MatmulPlan<T>::forPanels(const Slice &slice, bool copies,
                              Body body) const {
  for (int64_t j = 0; j < slice.columns;) {
    Panel panel = panelAt(slice, j, copies);
    // Where panels are the inner loop, a tile takes all that are whole.
    const bool isInner = order != Order::Streamed || shape.rows() <= rows;
    if (const int64_t widest = vectors * table->lanes;
        panel.used == widest && !copies && isInner)
      panel.count = (slice.columns - panel.column) / widest;
    body(panel);
    j = panel.column + panel.used * panel.count;
  }
}

template <typename T> int64_t MatmulPlan<T>::panelWidth(int64_t columns) const {
  return vectorsUpTo(*table, std::min(vectors, columns / table->lanes)) *
         table->lanes;
}

template <typename T>
typename MatmulPlan<T>::Panel
MatmulPlan<T>::panelAt(const Slice &slice, int64_t column, bool copies) const {
  const int64_t lanes = table->lanes;
  const int64_t left = slice.columns - column;
  const int64_t whole = ceilDiv(left, lanes) * lanes;
  if (slice.packed) {
    // Of a panel only a part may be there, a last vector filled up.
    const int64_t widest = vectors * lanes, rest = widest - column % widest;
    if (copies && left < lanes)
      return {column, left, left};
    const int64_t width = panelWidth(std::min(rest, copies ? left : whole));
    return {column, width, std::min(width, left)};
  }
  if (column == 0 && slice.columnsApart != 0)
    return {0, lanes, slice.columnsApart};
  // Where C is stored only once, the last panel is moved back, so that its
  // vectors are whole; it computes a few columns again, to the same values.
  const bool storesOnce = order == Order::Direct;
  int64_t width =
      panelWidth(storesOnce ? std::min(whole, slice.columns) : left);
  if (width == 0) // Less than a vector.
    width = left;
  if (storesOnce)
    column = std::min(column, slice.columns - width);
  return {column, width, width};
}

template <typename T>
void MatmulPlan<T>::runTile(const Slice &slice, const Panel &panel,
                            const Block &block) const {
  const int64_t lanes = table->lanes;
  Tile<T> tile = slice.tile;
  if (slice.packedRows) {
    tile.depth *= std::exchange(tile.segments, 1);
    tile.a = slice.packedRows;
    tile.aStrides = {1, block.rows};
  } else {
    tile.a += block.a;
  }
  tile.c += block.c + panel.column;
  tile.columns = panel.used;
  if (tile.bias)
    tile.bias += panel.column;
  tile.b += panel.column;
  tile.count = int32_t(panel.count);
  tile.step = {0, panel.width, panel.used, panel.used};
  if (const int64_t lines = slice.linesOfPanel; lines != 0) {
    const int64_t before =
        panel.column / (vectors * lanes) * lines * elementsInLine<T>;
    tile.next.first = tile.a + block.rows * shape.a.row + before;
    tile.next.count =
        before < tile.depth ? std::min(block.rows, block.after) : 0;
  }
  if (slice.packed) {
    const int64_t inPanel = panel.column % tile.copyStride;
    tile.step.b *= tile.segments * tile.depth;
    T *const packed = slice.packed +
                      (panel.column - inPanel) * tile.segments * tile.depth +
                      inPanel;
    if (block.isFirst && !slice.isPacked) {
      tile.copy = packed;
    } else {
      tile.b = packed;
      tile.bStride = tile.copyStride;
    }
  }
  const TileFunction<T> *functions =
      panel.width < lanes ? table->masked
                          : table->outer[panel.width / lanes - 1];
  functions[block.rows - 1](tile);
  if (slice.finish)
    slice.finish({block.rows, panel.used * panel.count, tile.c, tile.cRow,
                  slice.operands.at(block.residual).from(panel.column),
                  shape.residualRow});
}

template class MatmulPlan<float>;
template class MatmulPlan<double>;

} // namespace mind::kernels
