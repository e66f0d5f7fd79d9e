//===- Attention.cpp - scaled dot-product attention ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Attention.h"
#include "Softmax.h"
#include "Tiles.h"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

namespace mind::kernels {

/// What a panel of V, and what the scores of a block, may take of the
/// first-level data cache, whose smallest is 32 KiB on the processors that we
/// know; scores are read and written in order, and may leave it.
constexpr int64_t panelBytes = 24 * 1024, scoreBytes = 40 * 1024;
/// The most queries of a block: enough that a panel of K, read from the
/// second-level cache, is used many times.
constexpr int64_t mostQueries = 36;

static int64_t roundUp(int64_t n, int64_t d) { return ceilDiv(n, d) * d; }

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// What a call needs besides its operands. Whole vectors lie in all of it.
template <typename T> struct AttentionPlan<T>::Workspace {
  /// K's transpose and V in panels as wide as the tiles, if they are packed.
  T *keys, *values;
  /// Of a block of queries: themselves, their scores, what the weights have
  /// been multiplied with, and what is known of each row.
  T *queries, *scores, *sums, *largest, *weights;
  /// The distances between their rows.
  int64_t scoreRow, sumRow;
  char *end;
};

/// Estimated cycles of a tile: two multiply-adds in one, each four long, or a
/// load, and what it takes to begin and end.
static double estimateCycles(double rows, double vectors, int64_t depth) {
  return double(depth) * std::max({rows * vectors / 2, 4.0, rows + vectors}) +
         40;
}

template <typename T>
AttentionPlan<T>::AttentionPlan(const AttentionShape &shape,
                                const AttentionOptions &options, CpuLevel level)
    : shape(shape), scale(options.scale), maskKind(options.mask),
      causal(options.causal), level(int64_t(level)) {
  const TileTable<T> &table = tileTable<T>(level);
  const int64_t blocks = ceilDiv(shape.queries, mostQueries);
  queriesAtOnce = ceilDiv(shape.queries, blocks);
  auto tileFor = [&](int64_t columns, int64_t depth) {
    return chooseTile(table, queriesAtOnce, columns,
                      [&](double rows, double vectors) {
                        return estimateCycles(rows, vectors, depth);
                      });
  };
  scoreTile = tileFor(shape.keys, shape.depth);
  valueTile = tileFor(shape.features, shape.keys);
  // What is read once as it is, or nearly so, is not brought together first.
  packKeys = shape.queries > maxInnerRows || shape.k.col != 1;
  packValues = shape.queries > valueTile.rows || shape.v.col != 1 ||
               shape.features % table.lanes != 0;
  // Blocks begin where panels do.
  const int64_t width = scoreTile.vectors * table.lanes;
  const int64_t most = std::max<int64_t>(
      scoreBytes / (queriesAtOnce * int64_t(sizeof(T)) * width), 1);
  const int64_t panels = ceilDiv(shape.keys, width);
  keysAtOnce = ceilDiv(panels, ceilDiv(panels, most)) * width;
  valuesAtOnce = panelBytes / (valueTile.vectors * table.lanes * sizeof(T));
}

template <typename T>
typename AttentionPlan<T>::Words AttentionPlan<T>::toWords() const {
  return std::bit_cast<Words>(*this);
}

template <typename T>
AttentionPlan<T> AttentionPlan<T>::fromWords(const int64_t *words) {
  AttentionPlan plan;
  std::memcpy(static_cast<void *>(&plan), words, sizeof(plan));
  return plan;
}

template <typename T> double AttentionPlan<T>::flops() const {
  double scores = double(shape.queries) * double(shape.keys);
  if (causal) {
    // The rows of a triangle, then whole ones.
    const double partial = double(std::min(shape.queries, shape.keys));
    scores = partial * (partial + 1) / 2 +
             (double(shape.queries) - partial) * double(shape.keys);
  }
  for (const AttentionShape::Axis &axis : shape.axes)
    scores *= double(axis.extent);
  return 2 * scores * double(shape.depth + shape.features);
}

/// Divides `memory`, which may be null: then only the end counts.
template <typename T>
typename AttentionPlan<T>::Workspace
AttentionPlan<T>::divide(void *memory) const {
  const int64_t lanes = tileTable<T>(CpuLevel(level)).lanes;
  Workspace result;
  uintptr_t next = reinterpret_cast<uintptr_t>(memory);
  auto take = [&](int64_t count) {
    T *taken = reinterpret_cast<T *>(next);
    next += size_t(roundUp(count * int64_t(sizeof(T)), 64));
    return taken;
  };
  // One vector more, so that rows do not compete for the same lines of a cache.
  result.scoreRow = keysAtOnce + lanes;
  result.sumRow = roundUp(shape.features, lanes);
  result.keys = take(packKeys * shape.depth *
                     roundUp(shape.keys, scoreTile.vectors * lanes));
  result.values = take(packValues * shape.keys *
                       roundUp(shape.features, valueTile.vectors * lanes));
  result.queries = take(queriesAtOnce * shape.depth);
  result.scores = take(queriesAtOnce * result.scoreRow);
  result.sums = take(queriesAtOnce * result.sumRow);
  result.largest = take(queriesAtOnce);
  result.weights = take(queriesAtOnce);
  result.end = reinterpret_cast<char *>(next);
  return result;
}

template <typename T> size_t AttentionPlan<T>::workspaceBytes() const {
  return reinterpret_cast<size_t>(divide(nullptr).end);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

template <typename T>
int64_t AttentionPlan<T>::visibleKeys(const Block &block, int64_t row) const {
  return causal ? std::clamp<int64_t>(block.query + row + 1 - block.key, 0,
                                      block.keys)
                : block.keys;
}

/// Calls `each` with the first of `count` columns in panels of `vectors`
/// vectors, of which the last may be a part, and the number of vectors that go
/// together.
template <typename T, typename Each>
static void forEachPanel(const TileTable<T> &table, int64_t count,
                         int64_t vectors, Each each) {
  for (int64_t column = 0; column < count;) {
    const int64_t inPanel = column / table.lanes % vectors;
    const int64_t wide =
        vectorsUpTo(table, std::min(ceilDiv(count - column, table.lanes),
                                    vectors - inPanel));
    each(column, wide);
    column += wide * table.lanes;
  }
}

/// K read as it is, row by row.
template <typename T>
void AttentionPlan<T>::scoreUnpacked(const Workspace &memory,
                                     const Block &block, const T *k) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  Tile<T> tile = {};
  tile.depth = shape.depth;
  tile.segments = 1;
  tile.a = memory.queries;
  tile.aStrides = {shape.depth, 1};
  tile.bStride = shape.k.row;
  tile.cRow = memory.scoreRow;
  const int64_t visible = visibleKeys(block, block.queries - 1);
  for (int64_t key = 0; key < visible; key += innerColumns) {
    tile.b = k + (block.key + key) * shape.k.row;
    tile.c = memory.scores + key;
    tile.columns = std::min<int64_t>(innerColumns, visible - key);
    table.inner[block.queries - 1][tile.columns - 1](tile);
  }
}

template <typename T>
void AttentionPlan<T>::scorePacked(const Workspace &memory,
                                   const Block &block) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  const int64_t widest = scoreTile.vectors * table.lanes;
  Tile<T> tile = {};
  tile.depth = shape.depth;
  tile.segments = 1;
  tile.aStrides = {shape.depth, 1};
  tile.bStride = widest;
  tile.cRow = memory.scoreRow;
  forEachPanel(
      table, visibleKeys(block, block.queries - 1), scoreTile.vectors,
      [&](int64_t column, int64_t vectors) {
        const int64_t inPanel = column % widest;
        tile.b = memory.keys + (block.key + column - inPanel) * shape.depth +
                 inPanel;
        tile.columns = vectors * table.lanes;
        forEachBlock(block.queries, scoreTile.rows, [&](int64_t row, int rows) {
          if (visibleKeys(block, row + rows - 1) <= column)
            return;
          tile.a = memory.queries + row * shape.depth;
          tile.c = memory.scores + row * memory.scoreRow + column;
          table.outer[vectors - 1][rows - 1](tile);
        });
      });
}

template <typename T>
void AttentionPlan<T>::weighBlock(const Workspace &memory, const Block &block,
                                  const void *mask) const {
  const SoftmaxTable<T> &table = softmaxTable<T>(CpuLevel(level));
  const int64_t width = visibleKeys(block, block.queries - 1);
  for (int64_t row = 0; row < block.queries; ++row) {
    T *scores = memory.scores + row * memory.scoreRow;
    const int64_t visible = visibleKeys(block, row);
    const int64_t first =
        (block.query + row) * shape.mask.row + block.key * shape.mask.col;
    if (maskKind == AttentionMask::Keep)
      table.keepMask(scores, static_cast<const uint8_t *>(mask) + first,
                     shape.mask.col, visible);
    else if (maskKind == AttentionMask::Add)
      table.addMask(scores, static_cast<const T *>(mask) + first,
                    shape.mask.col, visible);
    table.weigh({scores, visible, width, memory.largest + row,
                 memory.weights + row, block.key == 0,
                 memory.sums + row * memory.sumRow, shape.features});
  }
}

template <typename T>
void AttentionPlan<T>::sumBlock(const Workspace &memory, const Block &block,
                                const T *v) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  const int64_t widest = valueTile.vectors * table.lanes;
  Tile<T> tile = {};
  tile.segments = 1;
  tile.aStrides = {memory.scoreRow, 1};
  // Panels follow one another, or lie side by side in V.
  const T *values = packValues ? memory.values : v;
  const int64_t panel = packValues ? widest * shape.keys : widest;
  tile.bStride = packValues ? widest : shape.v.row;
  tile.cRow = memory.sumRow;
  for (int64_t key = 0; key < block.keys; key += valuesAtOnce)
    forEachPanel(
        table, shape.features, valueTile.vectors,
        [&](int64_t column, int64_t vectors) {
          tile.b = values + (block.key + key) * tile.bStride +
                   column / widest * panel + column % widest;
          tile.columns = vectors * table.lanes;
          tile.accumulate = block.key + key != 0;
          forEachBlock(
              block.queries, valueTile.rows, [&](int64_t row, int rows) {
                tile.depth = std::min(visibleKeys(block, row + rows - 1) - key,
                                      valuesAtOnce);
                if (tile.depth <= 0)
                  return;
                tile.a = memory.scores + row * memory.scoreRow + key;
                tile.c = memory.sums + row * memory.sumRow + column;
                table.outer[vectors - 1][rows - 1](tile);
              });
        });
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

template <typename T>
void AttentionPlan<T>::packPanels(const T *v, int64_t keys,
                                  const Workspace &memory) const {
  const SoftmaxTable<T> &table = softmaxTable<T>(CpuLevel(level));
  const int64_t widest =
      valueTile.vectors * tileTable<T>(CpuLevel(level)).lanes;
  for (int64_t column = 0; column < shape.features; column += widest) {
    const int64_t count = std::min(widest, shape.features - column);
    T *to = memory.values + column * shape.keys;
    for (int64_t key = 0; key < keys; ++key, to += widest) {
      table.gather(v + key * shape.v.row + column * shape.v.col, shape.v.col,
                   T(1), to, count);
      // What lies there is multiplied too, and denormals are slow.
      std::fill(to + count, to + widest, T(0));
    }
  }
}

template <typename T>
void AttentionPlan<T>::runMatrices(const T *q, const T *k, const T *v,
                                   const void *mask, T *out,
                                   const Workspace &memory) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  // With `causal`, no query sees what comes after the last of them.
  const int64_t keys =
      causal ? std::min(shape.keys, shape.queries) : shape.keys;
  if (packKeys)
    table.pack(k, {shape.k.col, shape.k.row}, shape.depth, keys,
               scoreTile.vectors * table.lanes, memory.keys);
  if (packValues)
    packPanels(v, keys, memory);
  const SoftmaxTable<T> &softmax = softmaxTable<T>(CpuLevel(level));
  const T factor = T(scale * std::numbers::log2e);
  Block block;
  for (block.query = 0; block.query < shape.queries;
       block.query += queriesAtOnce) {
    block.queries = std::min(queriesAtOnce, shape.queries - block.query);
    for (int64_t row = 0; row < block.queries; ++row)
      softmax.gather(q + (block.query + row) * shape.q.row, shape.q.col, factor,
                     memory.queries + row * shape.depth, shape.depth);
    for (block.key = 0; block.key < keys; block.key += keysAtOnce) {
      block.keys = std::min(keysAtOnce, keys - block.key);
      if (visibleKeys(block, block.queries - 1) == 0)
        break;
      if (packKeys)
        scorePacked(memory, block);
      else
        scoreUnpacked(memory, block, k);
      weighBlock(memory, block, mask);
      sumBlock(memory, block, v);
    }
    for (int64_t row = 0; row < block.queries; ++row) {
      T *sums = memory.sums + row * memory.sumRow;
      const T weight = memory.weights[row];
      if (weight == 0)
        std::fill_n(sums, shape.features, T(0));
      softmax.scatter(sums, weight == 0 ? 1 : 1 / weight,
                      out + (block.query + row) * shape.out.row, shape.out.col,
                      shape.features);
    }
  }
}

template <typename T>
void AttentionPlan<T>::run(const T *q, const T *k, const T *v, const void *mask,
                           T *out, void *workspace) const {
  const Workspace memory = divide(workspace);
  const int64_t maskBytes =
      maskKind == AttentionMask::Keep ? 1 : int64_t(sizeof(T));
  int64_t count = 1;
  for (const AttentionShape::Axis &axis : shape.axes)
    count *= axis.extent;
  for (int64_t number = 0; number < count; ++number) {
    AttentionShape::Axis at;
    int64_t rest = number;
    for (const AttentionShape::Axis &axis : shape.axes) {
      const int64_t index = rest % axis.extent;
      rest /= axis.extent;
      at.q += index * axis.q;
      at.k += index * axis.k;
      at.v += index * axis.v;
      at.mask += index * axis.mask;
      at.out += index * axis.out;
    }
    const char *maskAt = static_cast<const char *>(mask);
    if (maskAt)
      maskAt += at.mask * maskBytes;
    runMatrices(q + at.q, k + at.k, v + at.v, maskAt, out + at.out, memory);
  }
}

template class AttentionPlan<float>;
template class AttentionPlan<double>;

} // namespace mind::kernels
