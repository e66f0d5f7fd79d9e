//===- Convolution.h - windows of images by filters ------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two-dimensional convolutions (cross-correlations, as in all of machine
// learning) in all their forms: strides, zeros around the images, dilation and
// groups of channels.
//
//===----------------------------------------------------------------------===//

#ifndef MIND_RUNTIME_KERNELS_CONVOLUTION_H
#define MIND_RUNTIME_KERNELS_CONVOLUTION_H

#include "Mind/Runtime/Kernels/PaddedConvolution.h"
#include "Mind/Runtime/Kernels/Product.h"
#include <memory>

namespace mind::kernels {

/// Images [images, height, width, channels] by filters [windowHeight,
/// windowWidth, channels / groups, features] give [images, resultHeight(),
/// resultWidth(), features], extents at least 1. Group g of the features sees
/// group g of the channels.
struct ConvolutionShape {
  int64_t images, height, width, channels;
  int64_t windowHeight, windowWidth, features;
  /// Of windows, by rows and columns.
  std::array<int64_t, 2> steps = {1, 1};
  /// Rows and columns of zeros: top, bottom, left, right.
  std::array<int64_t, 4> padding = {0, 0, 0, 0};
  /// How far apart rows and columns are that a window sees.
  std::array<int64_t, 2> dilation = {1, 1};
  int64_t groups = 1;
  /// Strides in elements: any, but that the result's features are neighbours.
  std::array<int64_t, 4> x = {}, w = {}, y = {};
  /// Of what is added to the result, if anything is.
  std::array<int64_t, 4> residual = {0, 0, 0, 0};

  int64_t resultHeight() const {
    return (height + padding[0] + padding[1] - spanHeight()) / steps[0] + 1;
  }
  int64_t resultWidth() const {
    return (width + padding[2] + padding[3] - spanWidth()) / steps[1] + 1;
  }
  /// What a window reaches over.
  int64_t spanHeight() const { return (windowHeight - 1) * dilation[0] + 1; }
  int64_t spanWidth() const { return (windowWidth - 1) * dilation[1] + 1; }
  int64_t groupChannels() const { return channels / groups; }
  int64_t groupFeatures() const { return features / groups; }
  bool isPadded() const { return padding != std::array<int64_t, 4>{}; }
};

/// A convolution as a product of matrices: of the images as they are, or of
/// blocks of them with zeros around. B are the filters, whose rows are `row`
/// elements apart and whose columns, the features, are `column` apart.
struct WindowProduct {
  MatmulShape shape;
  std::optional<PaddedConvolution> padded;
};

/// A group of a convolution as a product of windows where they lie, if its
/// layout allows it: the lines of a window lie in one piece each; and if blocks
/// of images are copied, as they must be with zeros around them, so do the
/// lines of these.
std::optional<WindowProduct> windowProduct(const ConvolutionShape &shape,
                                           MatrixStrides filters, bool copies);

/// How one convolution is computed. T is float, double, int8_t, uint8_t,
/// int32_t or int64_t.
///
/// Windows are multiplied where they lie (windowProduct), in the images or in
/// copies of blocks of them, in which the channels of a group are neighbours;
/// where this cannot be, windows are copied to the workspace as the rows of a
/// matrix. Groups of fewer features than a vector has lanes share vectors: an
/// element of the image is repeated for each feature that sees it. An element
/// of the result is the sum over the window's rows, its columns and the
/// channels, in this order, as MatmulPlan sums; where groups share vectors,
/// zeros around the images are left out. Integers wrap.
template <typename T> class ConvolutionPlan {
public:
  /// Nothing follows a convolution of integers.
  explicit ConvolutionPlan(const ConvolutionShape &shape,
                           const LayerShape &layer = {},
                           CpuLevel level = cpuLevel());

  /// Computes y, which nothing overlaps. `workspace` has workspaceBytes(),
  /// aligned to 64.
  void run(const T *x, const T *w, const LayerOperands<T> &operands, T *y,
           void *workspace) const;

  size_t workspaceBytes() const { return layout.bytes(); }

  /// The multiplications and additions of a call, with those by zeros around
  /// the images.
  double flops() const {
    return 2.0 *
           double(shape.images * shape.resultHeight() * shape.resultWidth() *
                  shape.features) *
           double(shape.windowHeight * shape.windowWidth *
                  shape.groupChannels());
  }

private:
  static constexpr bool isReal = std::is_floating_point_v<T>;
  using Operands = EpilogueOperands<T>;
  using Product =
      std::conditional_t<isReal, MatmulPlan<T>, IntegerProductPlan<T>>;
  enum class Kind : uint8_t {
    Windows,       ///< of the images as they are
    PaddedWindows, ///< of blocks that are copied
    Gathered,      ///< copied one by one
    Depthwise,     ///< groups share vectors
  };

  void chooseProduct();
  void chooseGathered(MatrixStrides filters);
  void chooseDepthwise();
  void multiply(const T *a, const T *b, const Operands &operands, T *c,
                void *workspace) const;
  void runWindows(const T *x, const T *w, const Operands &operands, T *y,
                  void *workspace) const;
  void runPadded(const T *x, const T *w, const Operands &operands, T *y,
                 void *workspace) const;
  void runGathered(const T *x, const T *w, const Operands &operands, T *y,
                   void *workspace) const;
  void runDepthwise(const T *x, const T *w, const Operands &operands, T *y,
                    void *workspace) const;
  /// Copies what a block reads of a group of channels, with its zeros.
  void gatherBlock(const T *x, int64_t image, int64_t line, T *to) const;
  /// Copies the windows of a group of channels from number `first` on.
  void gatherWindows(const T *x, int64_t first, T *to) const;
  /// Repeats the elements of a line of an image for the features that see them.
  void repeatLine(const T *x, T *to) const;

  ConvolutionShape shape;
  LayerShape layer;
  CpuLevel level;
  Kind kind;
  /// Of a group.
  std::optional<Product> product;
  std::optional<PaddedConvolution> padded;
  /// The windows that follow one another in the result at equal distances, of
  /// which so many are copied at once; and the loops around them, if windows
  /// are copied. Strides are of windows, the result and the residual.
  std::unique_ptr<const LoopNest<3>> runs;
  Loop<3> windows;
  int64_t windowsAtOnce = 0;
  /// The lines of the result whose images are repeated at once; 0 if they are
  /// read where they lie.
  int64_t linesAtOnce = 0;
  /// Bring operands together where their layout is no matrix's, and the
  /// channels of a group in a line of an image.
  std::unique_ptr<const CopyPlan> gatherFilters, gatherResidual, gatherLine;
  WorkspaceLayout layout;
  size_t blockAt = 0, columnsAt = 0, filtersAt = 0, residualAt = 0;
};

extern template class ConvolutionPlan<float>;
extern template class ConvolutionPlan<double>;
extern template class ConvolutionPlan<int8_t>;
extern template class ConvolutionPlan<uint8_t>;
extern template class ConvolutionPlan<int32_t>;
extern template class ConvolutionPlan<int64_t>;

} // namespace mind::kernels

#endif // MIND_RUNTIME_KERNELS_CONVOLUTION_H
