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
#include <numbers>

namespace mind::kernels {

/// What the scores of a block may take of the second-level cache, and the most
/// queries of a block.
constexpr int64_t scoreBytes = 64 * 1024, mostQueries = 64;

static int64_t ceilDiv(int64_t n, int64_t d) { return (n + d - 1) / d; }
static int64_t roundUp(int64_t n, int64_t d) { return ceilDiv(n, d) * d; }

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// What a call needs besides its operands. Whole vectors lie in all of it.
template <typename T> struct AttentionPlan<T>::Workspace {
  /// K's transpose and V in panels as wide as the tiles.
  T *keys, *values;
  /// Of a block of queries: themselves, their scores, what the weights have
  /// been multiplied with, and what is known of each row.
  T *queries, *scores, *sums, *largest, *weights;
  /// The distances between their rows.
  int64_t scoreRow, sumRow;
  char *end;
};

template <typename T>
AttentionPlan<T>::AttentionPlan(const AttentionShape &shape,
                                const AttentionOptions &options, CpuLevel level)
    : shape(shape), scale(options.scale), maskKind(options.mask),
      causal(options.causal), level(int64_t(level)) {
  const TileTable<T> &table = tileTable<T>(level);
  const int64_t blocks = ceilDiv(shape.queries, mostQueries);
  queriesAtOnce = ceilDiv(shape.queries, blocks);
  TileSize tile = chooseTile(table, queriesAtOnce, shape.keys);
  scoreTile = {tile.rows, tile.vectors};
  tile = chooseTile(table, queriesAtOnce, shape.features);
  valueTile = {tile.rows, tile.vectors};
  // Blocks begin where panels do.
  const int64_t width = scoreTile.vectors * table.lanes;
  const int64_t most = std::max<int64_t>(
      scoreBytes / (mostQueries * int64_t(sizeof(T)) * width), 1);
  const int64_t panels = ceilDiv(shape.keys, width);
  keysAtOnce = ceilDiv(panels, ceilDiv(panels, most)) * width;
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
  double count = 1;
  for (const AttentionShape::Axis &axis : shape.axes)
    count *= double(axis.extent);
  return 2 * count * double(shape.queries) * double(shape.keys) *
         double(shape.depth + shape.features);
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
  result.keys =
      take(shape.depth * roundUp(shape.keys, scoreTile.vectors * lanes));
  result.values =
      take(shape.keys * roundUp(shape.features, valueTile.vectors * lanes));
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

/// Multiplies some rows of A by columns `begin` to `end` of B, which is packed
/// in panels of `vectors` vectors, `depth` rows of each. Columns of `tile.c` are
/// filled up to whole vectors.
template <typename T>
static void multiplyPanels(const TileTable<T> &table, Tile<T> tile, int rows,
                           const T *packed, int64_t depth, int64_t vectors,
                           int64_t begin, int64_t end) {
  const int64_t lanes = table.lanes, widest = vectors * lanes;
  T *c = tile.c;
  tile.bStride = widest;
  for (int64_t column = begin; column < end;) {
    const int64_t inPanel = column % widest;
    int64_t count = std::min(ceilDiv(end - column, lanes),
                             (widest - inPanel) / lanes);
    while (!table.outer[count - 1][rows - 1])
      --count;
    tile.b = packed + (column - inPanel) * depth + inPanel;
    tile.c = c + (column - begin);
    tile.columns = count * lanes;
    table.outer[count - 1][rows - 1](tile);
    column += tile.columns;
  }
}

template <typename T>
int64_t AttentionPlan<T>::visibleKeys(const Block &block, int64_t row) const {
  return causal ? std::clamp<int64_t>(block.query + row + 1 - block.key, 0,
                                      block.keys)
                : block.keys;
}

/// Calls `each` with the first of `count` rows and the number of them that go
/// together, `most` at most; the numbers differ by one at most.
template <typename Each>
static void forEachTile(int64_t count, int64_t most, Each each) {
  const int64_t tiles = ceilDiv(count, most);
  for (int64_t tile = 0, row = 0; tile < tiles; ++tile) {
    const int64_t next = count * (tile + 1) / tiles;
    each(row, int(next - row));
    row = next;
  }
}

template <typename T>
void AttentionPlan<T>::scoreBlock(const Workspace &memory,
                                  const Block &block) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  forEachTile(block.queries, scoreTile.rows, [&](int64_t row, int rows) {
    Tile<T> tile = {};
    tile.depth = shape.depth;
    tile.a = memory.queries + row * shape.depth;
    tile.aStrides = {shape.depth, 1};
    tile.c = memory.scores + row * memory.scoreRow;
    tile.cRow = memory.scoreRow;
    multiplyPanels(table, tile, rows, memory.keys, shape.depth,
                   scoreTile.vectors, block.key,
                   block.key + visibleKeys(block, row + rows - 1));
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
    const int64_t first = (block.query + row) * shape.mask.row +
                          block.key * shape.mask.col;
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
void AttentionPlan<T>::sumBlock(const Workspace &memory,
                                const Block &block) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  forEachTile(block.queries, valueTile.rows, [&](int64_t row, int rows) {
    Tile<T> tile = {};
    tile.depth = visibleKeys(block, row + rows - 1);
    tile.a = memory.scores + row * memory.scoreRow;
    tile.aStrides = {memory.scoreRow, 1};
    tile.c = memory.sums + row * memory.sumRow;
    tile.cRow = memory.sumRow;
    tile.accumulate = block.key != 0;
    multiplyPanels(table, tile, rows,
                   memory.values + block.key * valueTile.vectors * table.lanes,
                   shape.keys, valueTile.vectors, 0, shape.features);
  });
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

template <typename T>
void AttentionPlan<T>::runMatrices(const T *q, const T *k, const T *v,
                                   const void *mask, T *out,
                                   const Workspace &memory) const {
  const TileTable<T> &table = tileTable<T>(CpuLevel(level));
  // With `causal`, no query sees what comes after the last of them.
  const int64_t keys =
      causal ? std::min(shape.keys, shape.queries) : shape.keys;
  table.pack(k, {shape.k.col, shape.k.row}, shape.depth, keys,
             scoreTile.vectors * table.lanes, memory.keys);
  table.pack(v, shape.v, shape.keys, shape.features,
             valueTile.vectors * table.lanes, memory.values);
  const T factor = T(scale * std::numbers::log2e);
  Block block;
  for (block.query = 0; block.query < shape.queries;
       block.query += queriesAtOnce) {
    block.queries = std::min(queriesAtOnce, shape.queries - block.query);
    for (int64_t row = 0; row < block.queries; ++row) {
      const T *from = q + (block.query + row) * shape.q.row;
      T *to = memory.queries + row * shape.depth;
      for (int64_t i = 0; i < shape.depth; ++i)
        to[i] = from[i * shape.q.col] * factor;
    }
    for (block.key = 0; block.key < keys; block.key += keysAtOnce) {
      block.keys = std::min(keysAtOnce, keys - block.key);
      if (visibleKeys(block, block.queries - 1) == 0)
        break;
      scoreBlock(memory, block);
      weighBlock(memory, block, mask);
      sumBlock(memory, block);
    }
    for (int64_t row = 0; row < block.queries; ++row) {
      const T *from = memory.sums + row * memory.sumRow;
      T *to = out + (block.query + row) * shape.out.row;
      const T sum = memory.weights[row], inverse = 1 / sum;
      for (int64_t i = 0; i < shape.features; ++i)
        to[i * shape.out.col] = sum == 0 ? 0 : from[i] * inverse;
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
    runMatrices(q + at.q, k + at.k, v + at.v,
                static_cast<const char *>(mask) + at.mask * maskBytes,
                out + at.out, memory);
  }
}

template class AttentionPlan<float>;
template class AttentionPlan<double>;

} // namespace mind::kernels
