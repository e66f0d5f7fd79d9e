//===- TileSizes.cpp - how many elements a stage computes at once --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileSizes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
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
      *accumulator.user_begin() != combiner || combiner->getNumOperands() != 2)
    return std::nullopt;
  return linalg::getCombinerOpKind(combiner);
}

namespace {

/// How an access moves when a dimension does.
enum class Motion { None, Contiguous, Strided };

Motion getMotion(const Access &access, unsigned dim) {
  unsigned numDims = access.map.getNumDims();
  SmallVector<int64_t> origin(numDims), step(numDims);
  step[dim] = 1;
  SmallVector<int64_t> from = access.map.compose(origin);
  SmallVector<int64_t> to = access.map.compose(step);
  auto type = cast<RankedTensorType>(access.tensor.getType());
  Motion motion = Motion::None;
  for (auto [d, a, b] : llvm::enumerate(from, to)) {
    if (motion == Motion::Contiguous && type.getDimSize(d) != 1)
      motion = Motion::Strided;
    if (a != b)
      motion = motion == Motion::None && b - a == 1 ? Motion::Contiguous
                                                    : Motion::Strided;
  }
  return motion;
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
      SmallVector<Motion> row;
      for (const Access &access : stage.accesses)
        row.push_back(getMotion(access, d));
      motions.push_back(row);
    }
  }

  Tile run();

private:
  void consider(const Tile &tile);
  void considerAccumulation(unsigned laneDim);
  Tile makeTile(unsigned laneDim, int64_t vectors) const;
  int64_t countTiles(const Tile &tile, unsigned dim) const {
    return llvm::divideCeil(stage.extents[dim], tile.sizes[dim]);
  }
  double estimate(const Tile &tile) const;

  const Stage &stage;
  const VectorTarget &target;
  unsigned sharedDims;
  int64_t lanes;
  /// By dimension, then by access.
  SmallVector<SmallVector<Motion>> motions;
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

  double loads = 0, reused = 0;
  for (auto [number, access] : llvm::enumerate(stage.accesses)) {
    if (!access.inReduction)
      continue;
    double vectors = 1;
    for (unsigned d = 0; d < stage.extents.size(); ++d)
      if (motions[d][number] != Motion::None)
        vectors *= d == tile.laneDim ? tile.sizes[d] / tile.lanes
                                     : tile.sizes[d];
    Motion lane = motions[tile.laneDim][number];
    bool packed = tile.packedOperand && lane != Motion::None;
    if (lane == Motion::Strided && !packed)
      vectors *= 2 * tile.lanes;
    else if (lane != Motion::None)
      reused = std::max(reused, vectors);
    loads += vectors;
  }
  if (instances + std::min(reused, instances) + 1 > target.registers &&
      instances > 1)
    return std::numeric_limits<double>::infinity();
  double latency = 4;
  double work = stage.isContraction() ? instances : instances * stage.cost;
  double cycles = std::max({work / 2, loads / 2, latency});
  double after = stage.isReduced(tile.laneDim) ? 8 * instances : instances;
  return tiles * (iterations * cycles + after + 10);
}

void TileSearch::consider(const Tile &tile) {
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

  if (!stage.accumulate) {
    if (!lastDim)
      return scalar;
    int64_t vectors = std::min<int64_t>(
        llvm::divideCeil(stage.extents[*lastDim], lanes),
        stage.cost < 16 ? 4 : 1);
    return makeTile(*lastDim, vectors);
  }
  if (lastDim)
    considerAccumulation(*lastDim);
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
