//===- TileSizes.cpp - how many elements a stage computes at once --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileSizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace mind {

std::optional<vector::CombiningKind> getCombiner(linalg::LinalgOp op) {
  if (op->getNumResults() != 1)
    return std::nullopt;
  BlockArgument accumulator = op.getRegionOutputArgs().front();
  Operation *combiner =
      op.getBlock()->getTerminator()->getOperand(0).getDefiningOp();
  if (!combiner || !accumulator.hasOneUse() ||
      *accumulator.user_begin() != combiner ||
      combiner->getNumOperands() != 2 || !arith::getNeutralElement(combiner))
    return std::nullopt;
  return linalg::getCombinerOpKind(combiner);
}

namespace {

/// How many elements an access moves in memory when a dimension goes up by 1.
int64_t getStride(const Access &access, unsigned dim) {
  unsigned numDims = access.map.getNumDims();
  SmallVector<int64_t> dims(numDims);
  SmallVector<int64_t> from = access.map.compose(dims);
  dims[dim] = 1;
  SmallVector<int64_t> to = access.map.compose(dims);
  Dims shape = getDims(access.tensor);
  int64_t stride = 0, size = 1;
  for (size_t d = shape.size(); d-- > 0; size *= getTypicalExtent(shape[d]))
    stride += (to[d] - from[d]) * size;
  return stride;
}

/// Estimates and compares tiles of one stage. All figures are cycles of a core
/// that starts two vector operations and two loads a cycle, of four cycles
/// latency.
class TileSearch {
public:
  TileSearch(const Stage &stage, const VectorTarget &target,
             unsigned sharedDims)
      : stage(stage), target(target), sharedDims(sharedDims) {
    lanes = std::max<int64_t>(
        target.vectorBits / std::max(stage.elementBits, 8u), 1);
    for (unsigned d = 0; d < stage.extents.size(); ++d) {
      SmallVector<int64_t> row;
      for (const Access &access : stage.accesses)
        row.push_back(getStride(access, d));
      strides.push_back(row);
    }
  }

  Tile run();

private:
  void consider(Tile tile);
  void considerTile(const Tile &tile);
  void considerAccumulation(unsigned laneDim);
  Tile makeTile(unsigned laneDim, int64_t vectors) const;
  Tile makeElementwiseTile(unsigned laneDim) const;
  int64_t countTiles(const Tile &tile, unsigned dim) const {
    int64_t size = tile.sizes[dim];
    // Half a tile is left on average, and done in the smallest ones.
    int64_t rest = stage.isDynamic(dim)
                       ? size / (dim == tile.laneDim ? tile.lanes : 1) / 2
                       : 0;
    return llvm::divideCeil(stage.extents[dim], size) + rest;
  }
  double estimate(const Tile &tile) const;
  double countPanelVectors(const Tile &tile) const;
  void findPackable(unsigned laneDim);

  const Stage &stage;
  const VectorTarget &target;
  unsigned sharedDims;
  int64_t lanes;
  /// By dimension, then by access.
  SmallVector<SmallVector<int64_t>> strides;
  /// The one operand of a contraction that moves along the last dimension.
  std::optional<unsigned> packable;
  /// The dimensions that move it.
  llvm::SmallBitVector packableDims;
  std::optional<Tile> best;
  double bestEstimate = 0;
};

Tile TileSearch::makeTile(unsigned laneDim, int64_t vectors) const {
  Tile tile;
  tile.lanes = lanes;
  tile.laneDim = laneDim;
  tile.sizes.assign(stage.extents.size(), 1);
  tile.sizes[laneDim] = lanes * vectors;
  return tile;
}

double TileSearch::estimate(const Tile &tile) const {
  // Vectors computed in one iteration of the innermost loop.
  double instances = 1;
  for (int64_t size : tile.sizes)
    instances *= size;
  instances /= tile.lanes;
  double iterations = 1, tiles = 1;
  for (unsigned d = 0; d < stage.extents.size(); ++d)
    (stage.isReduced(d) ? iterations : tiles) *= countTiles(tile, d);

  double loads = 0, reused = 0, packing = 0, misses = 0;
  for (auto [number, access] : llvm::enumerate(stage.accesses)) {
    if (!access.inReduction)
      continue;
    double vectors = 1;
    for (unsigned d = 0; d < stage.extents.size(); ++d)
      if (strides[d][number])
        vectors *=
            d == tile.laneDim ? tile.sizes[d] / tile.lanes : tile.sizes[d];
    int64_t stride = strides[tile.laneDim][number];
    if (stride)
      reused = std::max(reused, vectors);
    // Lanes apart are loaded and inserted one by one.
    double cost = stride == 0 || stride == 1 ? 1 : 2 * tile.lanes;
    if (!stride || !stage.isContraction()) {
      loads += vectors * cost;
      continue;
    }
    // A column of lines far apart neither stays in the nearest cache nor in
    // the translation buffer.
    int64_t pitch =
        strides.back()[number] * int64_t(getElementBits(access.tensor)) / 8;
    double miss =
        iterations > 64 ? std::clamp<double>(pitch / 256.0, 0, 16) / 2 : 0;
    if (tile.packedOperand) {
      double copied = countPanelVectors(tile);
      packing = copied * (2 + cost) + copied / vectors * miss;
      loads += vectors;
    } else {
      loads += vectors * cost;
      misses += miss;
    }
  }
  if (instances + std::min(reused, instances) + 1 > target.registers &&
      instances > 1)
    return std::numeric_limits<double>::infinity();
  double latency = 4;
  double work = stage.isContraction() ? instances : instances * stage.cost;
  double cycles = std::max({work / 2, loads / 2, latency});
  double after = stage.isReduced(tile.laneDim) ? 8 * instances : instances;
  return tiles * (iterations * (cycles + misses) + after + 10) + packing;
}

/// How many vectors are copied if the operand that moves along the lanes is
/// packed.
double TileSearch::countPanelVectors(const Tile &tile) const {
  double vectors = 1;
  for (unsigned d = 0; d < stage.extents.size(); ++d) {
    if (d == tile.laneDim)
      vectors *= countTiles(tile, d) * (tile.sizes[d] / tile.lanes);
    else if (stage.isReduced(d) || packableDims.test(d))
      vectors *= stage.extents[d];
  }
  return vectors;
}

void TileSearch::findPackable(unsigned laneDim) {
  linalg::LinalgOp op = stage.accumulate;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (!isa<RankedTensorType>(input->get().getType()))
      continue;
    AffineMap map =
        op.getMatchingIndexingMap(input).compose(stage.accumulateLoops);
    if (!map.isFunctionOfDim(laneDim))
      continue;
    if (packable) { // there must be just one
      packable.reset();
      return;
    }
    packable = input->getOperandNumber();
    packableDims.clear();
    packableDims.resize(stage.extents.size());
    for (unsigned d = 0; d < stage.extents.size(); ++d)
      packableDims[d] = map.isFunctionOfDim(d);
  }
}

void TileSearch::consider(Tile tile) {
  considerTile(tile);
  if (!packable || tile.lanes == 1 || stage.isReduced(tile.laneDim))
    return;
  // The panel is one block wide, along the lanes only, and its size is fixed.
  for (unsigned d = stage.getRank(); d < stage.extents.size(); ++d)
    if (stage.isDynamic(d))
      return;
  for (unsigned d = 0; d < stage.getRank(); ++d)
    if (d != tile.laneDim && tile.sizes[d] != 1 && packableDims.test(d))
      return;
  tile.packedOperand = packable;
  considerTile(tile);
}

void TileSearch::considerTile(const Tile &tile) {
  double cycles = estimate(tile);
  if (best && cycles >= bestEstimate)
    return;
  best = tile;
  bestEstimate = cycles;
}

/// Blocks of up to `registers` accumulators: vectors along the lanes, by
/// elements along one or two more dimensions.
void TileSearch::considerAccumulation(unsigned laneDim) {
  bool reducedLanes = stage.isReduced(laneDim);
  int64_t mostVectors =
      std::min<int64_t>(llvm::divideCeil(stage.extents[laneDim], lanes), 8);
  SmallVector<unsigned> others;
  for (unsigned d = sharedDims; d < stage.getRank(); ++d)
    if (d != laneDim && stage.extents[d] != 1)
      others.push_back(d);
  for (int64_t vectors = 1; vectors <= mostVectors; ++vectors) {
    consider(makeTile(laneDim, vectors));
    for (unsigned first : others)
      for (int64_t rows = 2;
           rows <= std::min<int64_t>(stage.extents[first], 12); ++rows) {
        if (rows * vectors >= target.registers)
          break;
        Tile tile = makeTile(laneDim, vectors);
        tile.sizes[first] = rows;
        consider(tile);
        // With partial results in the lanes, both operands can be reused.
        if (!reducedLanes || vectors > 1)
          continue;
        for (unsigned second : others)
          for (int64_t columns = 2;
               second > first &&
               columns <= std::min<int64_t>(stage.extents[second], 6);
               ++columns) {
            if (rows * columns >= target.registers)
              break;
            tile.sizes[second] = columns;
            consider(tile);
          }
      }
  }
}

/// A few vectors; and where the lanes read elements far apart, as much in the
/// direction in which these lie next to one another, to use whole cache lines.
Tile TileSearch::makeElementwiseTile(unsigned laneDim) const {
  int64_t wanted = stage.cost < 16 ? 4 : 1;
  std::optional<unsigned> acrossDim;
  for (auto [number, stride] : llvm::enumerate(strides[laneDim]))
    for (unsigned d = sharedDims; stride > 1 && d < laneDim; ++d)
      if (strides[d][number] == 1 && stage.extents[d] > 1)
        acrossDim = d;
  if (acrossDim)
    wanted = 1;
  Tile tile = makeTile(
      laneDim, std::min<int64_t>(
                   llvm::divideCeil(stage.extents[laneDim], lanes), wanted));
  if (acrossDim)
    tile.sizes[*acrossDim] = std::min<int64_t>(stage.extents[*acrossDim], 8);
  return tile;
}

Tile TileSearch::run() {
  Tile scalar;
  scalar.sizes.assign(stage.extents.size(), 1);
  if (stage.irregular)
    return scalar;

  // Results are stored contiguously along the last dimension that is not 1.
  std::optional<unsigned> lastDim, lastReduced;
  for (unsigned d = sharedDims; d < stage.extents.size(); ++d)
    if (stage.extents[d] != 1)
      (stage.isReduced(d) ? lastReduced : lastDim) = d;

  if (!stage.accumulate)
    return lastDim ? makeElementwiseTile(*lastDim) : scalar;
  if (lastDim) {
    if (stage.isContraction())
      findPackable(*lastDim);
    considerAccumulation(*lastDim);
  }
  if (lastReduced && getCombiner(stage.accumulate))
    considerAccumulation(*lastReduced);
  return best ? *best : scalar;
}

} // namespace

Tile chooseTile(const Stage &stage, const VectorTarget &target,
                unsigned sharedDims) {
  return TileSearch(stage, target, sharedDims).run();
}

} // namespace mind
