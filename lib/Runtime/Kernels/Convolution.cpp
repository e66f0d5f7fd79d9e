//===- Convolution.cpp - windows of images by filters --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Convolution.h"
#include "Depthwise.h"
#include "RowGroups.h"
#include "Tiles.h"

namespace mind::kernels {

//===----------------------------------------------------------------------===//
// Windows where they lie
//===----------------------------------------------------------------------===//

std::optional<WindowProduct> windowProduct(const ConvolutionShape &shape,
                                           MatrixStrides filters, bool copies) {
  const int64_t channels = shape.groupChannels();
  int64_t image = shape.x[0], line = shape.x[1], pixel = shape.x[2],
          channel = shape.x[3];
  int64_t images = shape.images, lines = shape.resultHeight();
  WindowProduct product;
  if (copies) {
    // Lines are copied as they lie.
    const bool inPiece = shape.groups == 1 && (channels == 1 || channel == 1) &&
                         (shape.width == 1 || pixel == channels);
    if (!inPiece)
      return std::nullopt;
    PaddedConvolution padded = {};
    padded.images = images;
    padded.lines = lines;
    padded.step = shape.steps[0];
    padded.span = shape.spanHeight();
    padded.imageLines = shape.height;
    padded.line = shape.width * channels;
    padded.imageStride = image;
    padded.lineStride = line;
    padded.top = shape.padding[0];
    padded.left = shape.padding[2] * channels;
    padded.right = shape.padding[3] * channels;
    padded.chooseBlocks(shape.resultWidth());
    images = padded.imagesAtOnce;
    lines = padded.linesAtOnce;
    image = padded.paddedImage();
    line = padded.paddedLine();
    pixel = channels;
    channel = 1;
    product.padded = padded;
  }
  // What a line of a window consists of lies at equal distances.
  int64_t distance = channel;
  if (shape.windowWidth != 1) {
    if (channels == 1)
      distance = shape.dilation[1] * pixel;
    else if (shape.dilation[1] != 1 || pixel != channels * channel)
      return std::nullopt;
  }
  const int64_t segment = shape.windowWidth * channels;
  product.shape = {shape.resultWidth(),
                   shape.groupFeatures(),
                   shape.windowHeight * segment,
                   {shape.steps[1] * pixel, distance},
                   filters,
                   shape.y[2]};
  product.shape.segments = shape.windowHeight;
  product.shape.aSegment = shape.dilation[0] * line;
  product.shape.residualRow = shape.residual[2];
  const RowGroup groups[] = {
      {lines, shape.steps[0] * line, shape.y[1], shape.residual[1]},
      {images, image, shape.y[0], shape.residual[0]}};
  if (product.padded) {
    // Blocks move on by these.
    std::copy(std::begin(groups), std::end(groups), product.shape.groups);
  } else {
    for (const RowGroup &group : groups)
      addRows(product.shape, group);
  }
  return product;
}

//===----------------------------------------------------------------------===//
// Deciding
//===----------------------------------------------------------------------===//

static std::array<int64_t, 4>
denseStrides(const std::array<int64_t, 4> &extents) {
  return {extents[1] * extents[2] * extents[3], extents[2] * extents[3],
          extents[3], 1};
}

template <typename T>
ConvolutionPlan<T>::ConvolutionPlan(const ConvolutionShape &given,
                                    const LayerShape &layer, CpuLevel level)
    : shape(given), layer(layer), level(level) {
  // The strides of axes of one element mean nothing.
  if (shape.channels == 1)
    shape.x[3] = 1;
  if (shape.features == 1)
    shape.w[3] = shape.y[3] = shape.residual[3] = 1;
  const std::array<int64_t, 4> result = {shape.images, shape.resultHeight(),
                                         shape.resultWidth(), shape.features};
  const bool gathersResidual = layer.residual && shape.residual[3] != 1;
  if (gathersResidual) {
    const std::array<int64_t, 4> dense = denseStrides(result);
    gatherResidual = std::make_unique<const CopyPlan>(
        sizeof(T), result, shape.residual, dense, level);
    shape.residual = dense;
  }

  // Features of several groups in a vector of 64 bytes.
  const bool shareVectors = isReal && shape.groups != 1 &&
                            shape.groupFeatures() < 64 / int64_t(sizeof(T));
  if (shareVectors)
    chooseDepthwise();
  else
    chooseProduct();

  if (product)
    layout.add(product->workspaceBytes());
  const int64_t block =
      kind == Kind::PaddedWindows ? padded->blockSize()
      : kind == Kind::Gathered    ? windowsAtOnce * shape.windowHeight *
                                        shape.windowWidth * shape.groupChannels()
      : kind == Kind::Depthwise && linesAtOnce != 0
          ? ((linesAtOnce - 1) * shape.steps[0] + shape.spanHeight()) *
                shape.width * shape.groupChannels() * shape.features
          : 0;
  blockAt = layout.add(size_t(block) * sizeof(T));
  if (layer.normalize)
    columnsAt = layout.add(2 * size_t(shape.features) * sizeof(T));
  if (gatherFilters)
    filtersAt = layout.add(size_t(shape.windowHeight * shape.w[0]) * sizeof(T));
  if (gatherResidual)
    residualAt =
        layout.add(size_t(shape.images * shape.residual[0]) * sizeof(T));
}

/// Brings the filters together unless they are a matrix, and chooses how they
/// are multiplied.
template <typename T> void ConvolutionPlan<T>::chooseProduct() {
  const std::array<int64_t, 4> filters = {shape.windowHeight, shape.windowWidth,
                                          shape.groupChannels(),
                                          shape.features};
  LoopNest<1> rows;
  for (size_t axis = 0; axis < 3; ++axis)
    rows.add(filters[axis], {shape.w[axis]});
  MatrixStrides matrix = {shape.features, 1};
  if (rows.size() <= 1) {
    matrix = {rows.removeInnermost().strides[0], shape.w[3]};
  } else {
    const std::array<int64_t, 4> dense = denseStrides(filters);
    gatherFilters = std::make_unique<const CopyPlan>(sizeof(T), filters,
                                                     shape.w, dense, level);
    shape.w = dense;
  }
  if constexpr (isReal) {
    std::optional<WindowProduct> windows =
        windowProduct(shape, matrix, shape.isPadded());
    if (!windows) {
      // The channels of a group as they are when copied.
      const int64_t channels = shape.groupChannels();
      ConvolutionShape group = shape;
      group.channels = channels;
      group.features = shape.groupFeatures();
      group.groups = 1;
      group.x =
          denseStrides({shape.images, shape.height, shape.width, channels});
      windows = windowProduct(group, matrix, true);
      if (windows) {
        const int64_t extents[] = {shape.width, channels},
                      from[] = {shape.x[2], shape.x[3]}, to[] = {channels, 1};
        gatherLine = std::make_unique<const CopyPlan>(sizeof(T), extents, from,
                                                      to, level);
      }
    }
    if (windows) {
      kind = windows->padded ? Kind::PaddedWindows : Kind::Windows;
      padded = windows->padded;
      product.emplace(windows->shape, layer.activation, level);
      return;
    }
  }
  kind = Kind::Gathered;
  chooseGathered(matrix);
}

/// Chooses blocks of lines that stay in the second-level cache.
template <typename T> void ConvolutionPlan<T>::chooseDepthwise() {
  kind = Kind::Depthwise;
  if (shape.w[3] != 1) {
    const std::array<int64_t, 4> filters = {
        shape.windowHeight, shape.windowWidth, shape.groupChannels(),
        shape.features};
    const std::array<int64_t, 4> dense = denseStrides(filters);
    gatherFilters = std::make_unique<const CopyPlan>(sizeof(T), filters,
                                                     shape.w, dense, level);
    shape.w = dense;
  }
  if (shape.features == shape.groups && shape.channels == shape.groups &&
      shape.x[3] == 1)
    return;
  const int64_t line =
      shape.width * shape.groupChannels() * shape.features * int64_t(sizeof(T));
  const int64_t lines = shape.resultHeight();
  const int64_t most = std::max<int64_t>(
      (level2CacheBytes() / 2 / line - shape.spanHeight()) / shape.steps[0] + 1,
      1);
  linesAtOnce = ceilDiv(lines, ceilDiv(lines, most));
}

/// Chooses blocks of windows that stay in the second-level cache.
template <typename T>
void ConvolutionPlan<T>::chooseGathered(MatrixStrides filters) {
  const int64_t width = shape.resultWidth(),
                windowsOfImage = width * shape.resultHeight();
  LoopNest<3> all;
  all.add(shape.images, {windowsOfImage, shape.y[0], shape.residual[0]});
  all.add(shape.resultHeight(), {width, shape.y[1], shape.residual[1]});
  all.add(width, {1, shape.y[2], shape.residual[2]});
  windows = all.removeInnermost();
  runs = std::make_unique<const LoopNest<3>>(all);
  const int64_t depth =
      shape.windowHeight * shape.windowWidth * shape.groupChannels();
  const int64_t most = std::clamp<int64_t>(
      level2CacheBytes() / 4 / (depth * int64_t(sizeof(T))), 16, 1024);
  // Equal blocks, the last one moved back to fit.
  windowsAtOnce = ceilDiv(windows.extent, ceilDiv(windows.extent, most));
  if constexpr (isReal) {
    MatmulShape matrices = {windowsAtOnce, shape.groupFeatures(),
                            depth,         {depth, 1},
                            filters,       windows.strides[1]};
    matrices.residualRow = windows.strides[2];
    product.emplace(matrices, layer.activation, level);
  } else {
    product.emplace(ProductShape{windowsAtOnce,
                                 shape.groupFeatures(),
                                 depth,
                                 {depth, 1},
                                 filters,
                                 windows.strides[1]},
                    level);
  }
}

//===----------------------------------------------------------------------===//
// Computing
//===----------------------------------------------------------------------===//

template <typename T>
void ConvolutionPlan<T>::run(const T *x, const T *w,
                             const LayerOperands<T> &operands, T *y,
                             void *workspace) const {
  Operands epilogue = {operands.scale, operands.bias, operands.residual};
  if constexpr (isReal)
    if (layer.normalize)
      epilogue = normalizedColumns(operands, layer.eps, shape.features,
                                   pieceOf<T>(workspace, columnsAt));
  if (gatherResidual) {
    T *gathered = pieceOf<T>(workspace, residualAt);
    gatherResidual->run(operands.residual, gathered);
    epilogue.residual = gathered;
  }
  if (gatherFilters) {
    T *gathered = pieceOf<T>(workspace, filtersAt);
    gatherFilters->run(w, gathered);
    w = gathered;
  }
  switch (kind) {
  case Kind::Windows:
    return runWindows(x, w, epilogue, y, workspace);
  case Kind::PaddedWindows:
    return runPadded(x, w, epilogue, y, workspace);
  case Kind::Gathered:
    return runGathered(x, w, epilogue, y, workspace);
  case Kind::Depthwise:
    return runDepthwise(x, w, epilogue, y, workspace);
  }
}

template <typename T>
void ConvolutionPlan<T>::multiply(const T *a, const T *b,
                                  const Operands &operands, T *c,
                                  void *workspace) const {
  if constexpr (isReal)
    product->run(a, b, operands, c, workspace);
  else
    product->run(a, b, c, workspace);
}

template <typename T>
void ConvolutionPlan<T>::runWindows(const T *x, const T *w,
                                    const Operands &operands, T *y,
                                    void *workspace) const {
  for (int64_t group = 0; group < shape.groups; ++group) {
    const int64_t feature = group * shape.groupFeatures();
    multiply(x + group * shape.groupChannels() * shape.x[3],
             w + feature * shape.w[3], operands.from(feature), y + feature,
             workspace);
  }
}

template <typename T>
void ConvolutionPlan<T>::runPadded(const T *x, const T *w,
                                   const Operands &operands, T *y,
                                   void *workspace) const {
  T *block = pieceOf<T>(workspace, blockAt);
  padded->forEachBlock([&](int64_t image, int64_t line) {
    T *lines = y + image * shape.y[0] + line * shape.y[1];
    const Operands ofLines =
        operands.at(image * shape.residual[0] + line * shape.residual[1]);
    for (int64_t group = 0; group < shape.groups; ++group) {
      const int64_t feature = group * shape.groupFeatures();
      const T *channels = x + group * shape.groupChannels() * shape.x[3];
      if (gatherLine)
        gatherBlock(channels, image, line, block);
      else
        padded->copyBlock(channels, image, line, block);
      multiply(block, w + feature * shape.w[3], ofLines.from(feature),
               lines + feature, workspace);
    }
  });
}

template <typename T>
void ConvolutionPlan<T>::gatherBlock(const T *x, int64_t image, int64_t line,
                                     T *to) const {
  const int64_t first = line * padded->step - padded->top;
  const int64_t count = (padded->linesAtOnce - 1) * padded->step + padded->span;
  for (int64_t i = image; i < image + padded->imagesAtOnce; ++i)
    for (int64_t j = first; j < first + count; ++j) {
      if (j < 0 || j >= shape.height) {
        to = std::fill_n(to, padded->paddedLine(), T(0));
        continue;
      }
      to = std::fill_n(to, padded->left, T(0));
      gatherLine->run(x + i * shape.x[0] + j * shape.x[1], to);
      to = std::fill_n(to + padded->line, padded->right, T(0));
    }
}

template <typename T>
void ConvolutionPlan<T>::runGathered(const T *x, const T *w,
                                     const Operands &operands, T *y,
                                     void *workspace) const {
  T *block = pieceOf<T>(workspace, blockAt);
  runs->forEach([&](const std::array<int64_t, 3> &at) {
    for (int64_t done = 0; done < windows.extent; done += windowsAtOnce) {
      const int64_t first = std::min(done, windows.extent - windowsAtOnce);
      T *rows = y + at[1] + first * windows.strides[1];
      const Operands ofRows = operands.at(at[2] + first * windows.strides[2]);
      for (int64_t group = 0; group < shape.groups; ++group) {
        const int64_t feature = group * shape.groupFeatures();
        gatherWindows(x + group * shape.groupChannels() * shape.x[3],
                      at[0] + first, block);
        multiply(block, w + feature * shape.w[3], ofRows.from(feature),
                 rows + feature, workspace);
      }
    }
  });
}

template <typename T>
void ConvolutionPlan<T>::gatherWindows(const T *x, int64_t first, T *to) const {
  const int64_t width = shape.resultWidth(), height = shape.resultHeight();
  const int64_t channels = shape.groupChannels();
  const auto [imageStride, lineStride, pixelStride, channelStride] = shape.x;
  // Whether the pixels of a line of a window are neighbours too.
  const bool inPiece =
      shape.dilation[1] == 1 && channelStride == 1 && pixelStride == channels;
  auto copyPixels = [&](const T *from, int64_t count) {
    if (inPiece) {
      to = std::copy_n(from, count * channels, to);
      return;
    }
    for (int64_t i = 0; i < count; ++i) {
      const T *pixel = from + i * shape.dilation[1] * pixelStride;
      if (channelStride == 1)
        for (int64_t c = 0; c < channels; ++c)
          *to++ = pixel[c];
      else
        for (int64_t c = 0; c < channels; ++c)
          *to++ = pixel[c * channelStride];
    }
  };
  int64_t column = first % width, line = first / width % height,
          image = first / width / height;
  for (int64_t i = 0; i < windowsAtOnce; ++i) {
    const int64_t left = column * shape.steps[1] - shape.padding[2];
    // The columns of the window that are in the image.
    auto columnsBefore = [&](int64_t distance) {
      return std::clamp<int64_t>(ceilDiv(distance, shape.dilation[1]), 0,
                                 shape.windowWidth);
    };
    const int64_t begin = left >= 0 ? 0 : columnsBefore(-left),
                  end = std::max(begin, columnsBefore(std::max<int64_t>(
                                            shape.width - left, 0)));
    for (int64_t row = 0; row < shape.windowHeight; ++row) {
      const int64_t seen =
          line * shape.steps[0] - shape.padding[0] + row * shape.dilation[0];
      if (seen < 0 || seen >= shape.height) {
        to = std::fill_n(to, shape.windowWidth * channels, T(0));
        continue;
      }
      const T *from = x + image * imageStride + seen * lineStride +
                      (left + begin * shape.dilation[1]) * pixelStride;
      to = std::fill_n(to, begin * channels, T(0));
      copyPixels(from, end - begin);
      to = std::fill_n(to, (shape.windowWidth - end) * channels, T(0));
    }
    if (++column == width) {
      column = 0;
      if (++line == height) {
        line = 0;
        ++image;
      }
    }
  }
}

template <typename T>
void ConvolutionPlan<T>::repeatLine(const T *x, T *to) const {
  const int64_t channels = shape.groupChannels(),
                features = shape.groupFeatures();
  const int64_t pixelStride = shape.x[2], channelStride = shape.x[3];
  auto repeat = [&](auto count) {
    for (int64_t pixel = 0; pixel < shape.width; ++pixel)
      for (int64_t c = 0; c < channels; ++c) {
        const T *from = x + pixel * pixelStride + c * channelStride;
        for (int64_t group = 0; group < shape.groups;
             ++group, from += channels * channelStride, to += count) {
          const T value = *from;
          for (int64_t i = 0; i < count; ++i)
            to[i] = value;
        }
      }
  };
  switch (features) {
  case 1:
    return repeat(std::integral_constant<int64_t, 1>());
  case 2:
    return repeat(std::integral_constant<int64_t, 2>());
  case 4:
    return repeat(std::integral_constant<int64_t, 4>());
  case 8:
    return repeat(std::integral_constant<int64_t, 8>());
  default:
    return repeat(features);
  }
}

template <typename T>
void ConvolutionPlan<T>::runDepthwise(const T *x, const T *w,
                                      const Operands &operands, T *y,
                                      void *workspace) const {
  if constexpr (isReal) {
    const DepthwiseFunction<T> sum = depthwiseFunction<T>(level);
    // As in MatmulPlan, a bias and a rectifier are applied in registers.
    const bool inRegisters = !operands.scale && !operands.residual &&
                             layer.activation <= Activation::Relu;
    const FinishFunction<T> finish =
        inRegisters ? nullptr
                    : tileTable<T>(level).finish[int(layer.activation)];
    const int64_t lines = shape.resultHeight(), features = shape.features;
    const int64_t repeatedLine = shape.width * shape.groupChannels() * features;
    const bool repeats = linesAtOnce != 0;
    T *const block = pieceOf<T>(workspace, blockAt);
    // Between the lines of an image, or of the block.
    const int64_t lineStride = repeats ? repeatedLine : shape.x[1];

    DepthwiseLine<T> line = {};
    line.channels = features;
    line.depth = shape.groupChannels();
    line.pixels = shape.resultWidth();
    line.width = shape.width;
    line.xLine = shape.dilation[0] * lineStride;
    line.xPixel = repeats ? line.depth * features : shape.x[2];
    line.xDepth = features;
    line.wLine = shape.w[0];
    line.wPixel = shape.w[1];
    line.wDepth = shape.w[2];
    line.yPixel = shape.y[2];
    line.columns = shape.windowWidth;
    line.dilation = shape.dilation[1];
    line.step = shape.steps[1];
    line.left = shape.padding[2];
    line.bias = finish ? nullptr : operands.bias;
    line.relu = !finish && layer.activation == Activation::Relu;
    auto rowsBefore = [&](int64_t distance) {
      return distance <= 0 ? 0
                           : std::min(ceilDiv(distance, shape.dilation[0]),
                                      shape.windowHeight);
    };
    for (int64_t image = 0; image < shape.images; ++image) {
      const T *pixels = x + image * shape.x[0];
      // The first line of the block.
      int64_t begin = 0;
      for (int64_t row = 0; row < lines; ++row) {
        const int64_t top = row * shape.steps[0] - shape.padding[0];
        if (repeats && row % linesAtOnce == 0) {
          const int64_t last = std::min(row + linesAtOnce, lines) - 1;
          begin = std::max<int64_t>(top, 0);
          const int64_t end = std::min(
              last * shape.steps[0] - shape.padding[0] + shape.spanHeight(),
              shape.height);
          for (int64_t i = begin; i < end; ++i)
            repeatLine(pixels + i * shape.x[1],
                       block + (i - begin) * repeatedLine);
        }
        const int64_t first = rowsBefore(-top);
        line.lines =
            std::max<int64_t>(rowsBefore(shape.height - top) - first, 0);
        line.x = (repeats ? block : pixels) +
                 (top + first * shape.dilation[0] - begin) * lineStride;
        line.w = w + first * shape.w[0];
        line.y = y + image * shape.y[0] + row * shape.y[1];
        sum(line);
        if (finish)
          finish(
              {line.pixels, features, line.y, shape.y[2],
               operands.at(image * shape.residual[0] + row * shape.residual[1]),
               shape.residual[2]});
      }
    }
  }
}

template class ConvolutionPlan<float>;
template class ConvolutionPlan<double>;
template class ConvolutionPlan<int8_t>;
template class ConvolutionPlan<uint8_t>;
template class ConvolutionPlan<int32_t>;
template class ConvolutionPlan<int64_t>;

} // namespace mind::kernels
