//===- Attention.h - scaled dot-product attention --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// softmax(Q K^T * scale) V for matrices of any strides, without the matrix of
// all scores: blocks of queries meet blocks of keys, and a row's largest score,
// the sum of its weights and its sums of values are corrected whenever a block
// has a larger score (online softmax: Milakov and Gimelshein, 2018; so used by
// FlashAttention, Dao et al., 2022).
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_ATTENTION_H
#define MIND_RUNTIME_KERNELS_ATTENTION_H

#include "Mind/Runtime/Kernels/Matmul.h"

namespace mind::kernels {

/// What is attended to: Q is queries x depth, K is keys x depth, V is
/// keys x features, the result is queries x features, extents at least 1.
/// Where an operand is the same for all, its stride is 0.
struct AttentionShape {
  int64_t queries, keys, depth, features;
  MatrixStrides q, k, v, out;
  /// Of the mask, queries x keys.
  MatrixStrides mask = {0, 0};

  /// An axis of matrices: how many there are, and the distances in elements
  /// between neighbours of each operand.
  struct Axis {
    int64_t extent = 1, q = 0, k = 0, v = 0, mask = 0, out = 0;
  };
  /// The most axes of extents other than 1.
  static constexpr int maxAxes = 6;
  Axis axes[maxAxes] = {};
};

/// What a mask does to the scores.
enum class AttentionMask : int64_t {
  None,
  Keep, ///< Bytes: a score counts where they are not 0.
  Add,  ///< Numbers of the operands' type, which are added to the scores.
};

struct AttentionOptions {
  double scale;
  AttentionMask mask = AttentionMask::None;
  /// Whether query i sees the keys 0 to i only.
  bool causal = false;
};

/// How one shape is computed. T is float or double.
///
/// A row with nothing to attend to is 0. A score that is NaN makes its row NaN.
/// Keys that a whole block of queries does not see for `causal` are not read.
/// Weights that are less than the smallest normal number times the largest of
/// their row count for nothing.
template <typename T> class AttentionPlan {
public:
  AttentionPlan(const AttentionShape &shape, const AttentionOptions &options,
                CpuLevel level = cpuLevel());

  /// Computes the result, which nothing overlaps. `mask` is null if there is
  /// none; `workspace` has workspaceBytes(), aligned to 64. Any alignment of
  /// the operands serves.
  void run(const T *q, const T *k, const T *v, const void *mask, T *out,
           void *workspace) const;

  /// The bytes of workspace that a call needs.
  size_t workspaceBytes() const;

  /// A plan as numbers, which machine code can hold as a constant.
  using Words = std::array<int64_t, 27 + 6 * size_t(AttentionShape::maxAxes)>;
  Words toWords() const;
  static AttentionPlan fromWords(const int64_t *words);

  /// The multiplications and additions of both products, for the keys that
  /// `causal` leaves.
  double flops() const;

private:
  AttentionPlan() = default;

  /// Some queries, from `query` on, and some keys.
  struct Block {
    int64_t query, queries, key, keys;
  };
  struct Workspace;

  Workspace divide(void *memory) const;
  void runMatrices(const T *q, const T *k, const T *v, const void *mask, T *out,
                   const Workspace &memory) const;
  /// Brings V together, the last panel filled up with zeros.
  void packPanels(const T *v, int64_t keys, const Workspace &memory) const;
  void scorePacked(const Workspace &memory, const Block &block) const;
  void scoreUnpacked(const Workspace &memory, const Block &block,
                     const T *k) const;
  void weighBlock(const Workspace &memory, const Block &block,
                  const void *mask) const;
  void sumBlock(const Workspace &memory, const Block &block, const T *v) const;
  /// How many keys of the block a row of it sees.
  int64_t visibleKeys(const Block &block, int64_t row) const;

  // All members are words (toWords).
  AttentionShape shape;
  double scale;
  AttentionMask maskKind;
  int64_t causal, level;
  /// The size of a block of queries by keys.
  int64_t queriesAtOnce, keysAtOnce;
  /// How many rows of V are summed before going on to other queries.
  int64_t valuesAtOnce;
  TileExtents scoreTile, valueTile;
  /// Whether K and V are brought together first.
  int64_t packKeys, packValues;
};

extern template class AttentionPlan<float>;
extern template class AttentionPlan<double>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_ATTENTION_H
