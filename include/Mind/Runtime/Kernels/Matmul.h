//===- Matmul.h - products of matrices -------------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C = A B, with what follows it in a layer, for matrices of any strides. The
// decisions (tile, packing, order) are made once, in a plan, from shapes and
// the processor's caches; a call only sees whether B is aligned. Whatever is
// decided on one instruction set, the same shapes give the same bits.
//
// The method is that of BLIS (Van Zee and van de Geijn, ACM TOMS 41:3, 2015):
// a tile of C stays in registers, B in the second-level cache. A is read where
// it lies, and so is B, unless it leaves the cache: rows of B are prefetched.
// Where vectors are narrow, rows of A are packed along with B: those of a tile,
// or all, and then B panel by panel for the first-level cache.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_MATMUL_H
#define MIND_RUNTIME_KERNELS_MATMUL_H

#include "Mind/Runtime/Kernels/Cpu.h"
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mind::kernels {

/// Distances in elements between neighbours in a matrix.
struct MatrixStrides {
  int64_t row; ///< from an element to the one below
  int64_t col; ///< from an element to the one on its right
};

/// Rows that follow one another at distances of their own: `count` times what
/// is inside, and how far A, C and what is added to C move on each time.
struct RowGroup {
  int64_t count = 1, a = 0, c = 0, residual = 0;
};

/// What is multiplied: A is m x k, B is k x n, C is m x n, extents at least 1.
///
/// A convolution is such a product, of an A that is nowhere: a row of A is a
/// window, whose lines are segments of the depth; the windows of a line of the
/// image are rows, those of the other lines and images groups of rows.
struct MatmulShape {
  int64_t m, n, k;
  MatrixStrides a, b;
  /// Of C; its columns are neighbours in memory.
  int64_t cRow;
  /// The rows are m times these, the first the inner one.
  RowGroup groups[2] = {};
  /// The depth consists of `segments` equal parts, whose beginnings in A are
  /// `aSegment` elements apart.
  int64_t segments = 1, aSegment = 0;
  /// From a row of what is added to C to the one below.
  int64_t residualRow = 0;

  int64_t rows() const { return m * groups[0].count * groups[1].count; }
};

/// Functions of an element of C, as the language defines them. Relu makes
/// negative values 0, and NaN stays; the others are of float only.
enum class Activation { None, Relu, Gelu, GeluTanh, Silu, Sigmoid, Tanh };

/// The same by name.
inline constexpr std::string_view activationNames[] = {
    "none", "relu", "gelu", "gelu_tanh", "silu", "sigmoid", "tanh"};

/// The activation of that name, if there is one.
constexpr std::optional<Activation> activationNamed(std::string_view name) {
  for (size_t i = 0; i < std::size(activationNames); ++i)
    if (activationNames[i] == name)
      return Activation(i);
  return std::nullopt;
}

/// What a sum becomes before it is stored:
/// activation(sum * scale + bias + residual), where null stands for nothing.
template <typename T> struct EpilogueOperands {
  /// A value for each column.
  const T *scale = nullptr, *bias = nullptr;
  /// A value for each element, in rows of neighbours.
  const T *residual = nullptr;

  /// The same from another column on.
  EpilogueOperands from(int64_t column) const {
    auto move = [column](const T *pointer) {
      return pointer ? pointer + column : nullptr;
    };
    return {move(scale), move(bias), move(residual)};
  }
  /// The same for a part of C whose residual lies `distance` further on.
  EpilogueOperands at(int64_t distance) const {
    return {scale, bias, residual ? residual + distance : nullptr};
  }
};

/// The largest tile of a product: rows, and vectors of columns.
struct TileExtents {
  int64_t rows, vectors;
};

template <typename T> struct Ahead;
template <typename T> struct FinishedBlock;
template <typename T> struct TileTable;

/// How one shape is multiplied. T is float or double.
///
/// Sums run over k in ascending order on one accumulator an element, however
/// tiles and slices are chosen, with fused multiply-adds where the processor
/// has them; where B's columns are contiguous along k and A has few rows, over
/// as many partial sums as a vector has lanes; where A is one row and B large,
/// k may take steps from several parts of it in turn. The error of an element
/// is at most that of a sum of k rounded products in any order: k u |A| |B|,
/// with u half an ulp of 1 (Higham, Accuracy and Stability of Numerical
/// Algorithms, 3.5).
template <typename T> class MatmulPlan {
public:
  /// For a processor with such instructions and such a second-level cache.
  explicit MatmulPlan(const MatmulShape &shape,
                      Activation activation = Activation::None,
                      CpuLevel level = cpuLevel(),
                      int64_t cacheBytes = level2CacheBytes());

  /// Computes C. `workspace` has workspaceBytes(), aligned to 64. Nothing
  /// overlaps C. Any alignment of the matrices serves.
  void run(const T *a, const T *b, const EpilogueOperands<T> &operands, T *c,
           void *workspace) const;

  /// The bytes of workspace that a call may need, 0 if nothing is packed.
  size_t workspaceBytes() const;

  /// A plan as numbers, which machine code can hold as a constant.
  using Words = std::array<int64_t, 27>;
  Words toWords() const;
  static MatmulPlan fromWords(const int64_t *words);

  const MatmulShape &matrices() const { return shape; }

  /// The multiplications and additions of a call.
  double flops() const { return 2.0 * shape.rows() * shape.n * shape.k; }

private:
  using Operands = EpilogueOperands<T>;

  MatmulPlan() = default;

  /// How B is read.
  enum class Order {
    Inner,     ///< column by column, few rows of A at once
    WholeRows, ///< A is one row: row by row, from several places at once
    Streamed,  ///< a few rows at a time, once: it is larger than the cache, and
               ///< A has few rows
    Direct,    ///< by columns that fit the cache together
    Packed,    ///< the same, brought together: rows by the first tiles that
               ///< read them, columns before; so is, for many rows of A, a B
               ///< that turns out not to be aligned
    Blocked,   ///< panel by panel, each brought together for all rows of A,
               ///< which are so too
  };
  struct Slice;
  struct Block;
  struct Panel;
  struct PackedBlocks;

  /// Whether some B is packed, and whether this one is.
  bool mayPack() const;
  bool packs(const T *b) const;
  /// Whether the rows of A that a tile takes are packed where B is, for all the
  /// columns that they are multiplied by; and whether they are.
  bool mayPackRows() const;
  bool packsRows() const;
  /// Whether tiles ask for the rows of A that those after them take.
  bool asksForRows() const;
  /// The elements of B that are packed at once.
  size_t packedElements() const;
  /// How many columns come before the first vector of a row that is aligned.
  int64_t columnsBeforeAligned(const T *row) const;
  bool chooseBlocked(int64_t cacheBytes);
  void chooseSlice(int64_t most);
  void chooseColumns(int64_t most);
  void runInnerProducts(const T *a, const T *b, const Operands &operands,
                        T *c) const;
  void runWholeRows(const T *a, const T *b, const Operands &operands,
                    T *c) const;
  void runSlice(const Slice &slice) const;
  PackedBlocks packAllRows(const Slice &slice) const;
  void runBlocked(const Slice &slice) const;
  Ahead<T> aheadOf(const T *panel, int64_t depth, int64_t tiles) const;
  void runTile(const Slice &slice, const Panel &panel,
               const Block &block) const;
  void packRows(const Slice &slice, const Block &block, T *to) const;
  template <typename Body> void forBlocks(Body body) const;
  /// `copies` says that the tiles read B where it lies, and pack it.
  template <typename Body>
  void forPanels(const Slice &slice, bool copies, Body body) const;
  Panel panelAt(const Slice &slice, int64_t column, bool copies) const;
  /// The columns of the next panel where so many are left.
  int64_t panelWidth(int64_t columns) const;
  /// What finishes a block that is not finished in registers, or null.
  auto finisher(const Operands &operands) const
      -> void (*)(const FinishedBlock<T> &);

  MatmulShape shape;
  Activation activation;
  CpuLevel level;
  const TileTable<T> *table;
  Order order = Order::Direct;
  /// The largest tile: rows, and vectors of columns.
  int64_t rows = 1, vectors = 1;
  /// What is summed before going on to other columns: so much of so many
  /// segments, of one segment only unless they are whole.
  int64_t sliceDepth = 0, sliceSegments = 1;
  /// How many columns the cache holds together.
  int64_t columnsAtOnce = 0;
};

extern template class MatmulPlan<float>;
extern template class MatmulPlan<double>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_MATMUL_H
