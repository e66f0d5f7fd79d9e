//===- ConvolutionTest.cpp - windows of images by filters ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Convolution.h"
#include "Levels.h"
#include "Tensors.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace mind::kernels;

namespace {

Integers listOf(const std::array<int64_t, 4> &values) {
  return {values.begin(), values.end()};
}

std::array<int64_t, 4> denseOf(const Integers &extents) {
  std::array<int64_t, 4> result;
  std::copy_n(denseStrides(extents).begin(), 4, result.begin());
  return result;
}

struct Extents {
  explicit Extents(const ConvolutionShape &shape)
      : x{shape.images, shape.height, shape.width, shape.channels},
        w{shape.windowHeight, shape.windowWidth, shape.groupChannels(),
          shape.features},
        y{shape.images, shape.resultHeight(), shape.resultWidth(),
          shape.features} {}
  Integers x, w, y;
};

ConvolutionShape dense(ConvolutionShape shape) {
  const Extents extents(shape);
  shape.x = denseOf(extents.x);
  shape.w = denseOf(extents.w);
  shape.y = shape.residual = denseOf(extents.y);
  return shape;
}

/// All forms, each in several layouts.
std::vector<ConvolutionShape> allShapes() {
  std::vector<ConvolutionShape> forms;
  auto add = [&](ConvolutionShape shape, auto... set) {
    (set(shape), ...);
    forms.push_back(dense(shape));
  };
  auto steps = [](int64_t rows, int64_t columns) {
    return [=](ConvolutionShape &shape) { shape.steps = {rows, columns}; };
  };
  auto padding = [](int64_t top, int64_t bottom, int64_t left, int64_t right) {
    return [=](ConvolutionShape &shape) {
      shape.padding = {top, bottom, left, right};
    };
  };
  auto dilation = [](int64_t rows, int64_t columns) {
    return [=](ConvolutionShape &shape) { shape.dilation = {rows, columns}; };
  };
  auto groups = [](int64_t count) {
    return [=](ConvolutionShape &shape) { shape.groups = count; };
  };
  add({1, 1, 1, 1, 1, 1, 1});
  add({2, 5, 7, 3, 1, 1, 4});
  add({2, 7, 9, 4, 3, 3, 17});
  add({2, 7, 9, 4, 3, 2, 17}, steps(2, 3));
  add({3, 6, 5, 3, 3, 3, 5}, padding(1, 1, 1, 1));
  add({1, 8, 6, 2, 3, 5, 3}, padding(2, 0, 1, 4), steps(2, 1));
  add({2, 9, 9, 3, 3, 2, 5}, dilation(2, 3));
  add({2, 9, 9, 3, 3, 2, 5}, dilation(3, 1), steps(1, 2));
  add({2, 6, 7, 3, 3, 3, 5}, dilation(2, 2), padding(2, 2, 2, 2));
  add({2, 7, 7, 1, 3, 3, 6}, dilation(1, 2), padding(1, 1, 2, 2));
  add({2, 7, 7, 1, 3, 3, 6}, dilation(2, 2));
  add({1, 5, 6, 6, 1, 1, 4}, groups(2));
  add({2, 5, 6, 6, 2, 3, 9}, groups(3), padding(1, 0, 2, 1));
  add({1, 6, 6, 4, 3, 3, 8}, groups(4), padding(1, 1, 1, 1));
  add({2, 5, 6, 8, 3, 3, 40}, groups(2), padding(1, 1, 1, 1));
  add({1, 7, 6, 4, 2, 3, 34}, groups(2), steps(2, 1), dilation(2, 1));
  add({1, 7, 9, 4, 2, 3, 34}, groups(2), dilation(1, 2));
  add({1, 40, 30, 32, 3, 2, 32}, groups(8), steps(2, 1), padding(1, 1, 1, 0));
  // A filter for each channel, of few and of many channels.
  for (int64_t channels : {2, 7, 16, 33}) {
    auto alone = groups(channels);
    add({2, 5, 9, channels, 3, 3, channels}, alone);
    add({1, 6, 23, channels, 3, 3, channels}, alone, padding(1, 1, 1, 1));
    add({1, 7, 19, channels, 3, 2, channels}, alone, padding(2, 1, 1, 1),
        steps(2, 2), dilation(1, 2));
  }
  // Windows that see nothing but zeros, or one pixel.
  add({1, 1, 1, 3, 3, 3, 2}, padding(3, 3, 3, 3));
  add({1, 1, 1, 3, 3, 3, 3}, padding(3, 3, 3, 3), groups(3));
  add({1, 2, 2, 3, 2, 2, 3}, padding(4, 4, 4, 4), groups(3), dilation(3, 3));
  add({1, 2, 2, 3, 2, 2, 3}, padding(4, 4, 4, 4), dilation(3, 3));
  // Many windows: several blocks of them.
  add({2, 33, 40, 3, 3, 3, 2}, dilation(1, 2));
  add({2, 40, 40, 3, 3, 3, 2}, padding(1, 1, 1, 1));

  std::vector<ConvolutionShape> all;
  for (const ConvolutionShape &form : forms) {
    all.push_back(form);
    const Extents extents(form);
    // Channels first; filters by features first.
    ConvolutionShape other = form;
    other.x = {form.x[0], form.width, 1, form.width * form.height};
    other.w = {form.windowWidth, 1, form.windowHeight * form.windowWidth,
               form.windowHeight * form.windowWidth * form.groupChannels()};
    all.push_back(other);
    // Pixels with room between them, lines turned around; the same residual for
    // all features; a part of a larger result.
    other = form;
    other.x = {form.height * form.width * (form.channels + 1),
               -form.width * (form.channels + 1), form.channels + 1, 1};
    other.residual = {0, form.resultWidth(), 1, 0};
    other.y[0] *= 2;
    all.push_back(other);
    // The same image for all; lines of the residual and the result apart.
    other = form;
    other.x[0] = 0;
    other.residual[1] += 3;
    other.residual[0] = other.residual[1] * form.resultHeight();
    other.y[1] += 5;
    other.y[0] = other.y[1] * form.resultHeight();
    all.push_back(other);
  }
  return all;
}

template <typename T> struct Data {
  explicit Data(const ConvolutionShape &shape)
      : extents(shape), x(extents.x, listOf(shape.x)),
        w(extents.w, listOf(shape.w)), y(extents.y, listOf(shape.y), T(77)),
        residual(extents.y, listOf(shape.residual)) {
    std::mt19937 random(unsigned(shape.height + shape.features));
    auto next = [&] { return T(int64_t(random() % 19) - 9); };
    for (auto *tensor : {&x, &w, &residual})
      tensor->fill(next);
    for (auto *values : {&mean, &variance, &scale, &bias}) {
      values->resize(size_t(shape.features));
      std::generate(values->begin(), values->end(), next);
    }
    for (T &each : variance)
      each = T(each * each + 1);
  }
  Extents extents;
  Tensor<T> x, w, y, residual;
  std::vector<T> mean, variance, scale, bias;
};

/// The sum of a window's products, as numbers of type U.
template <typename U, typename T>
U sumAt(const ConvolutionShape &shape, const Data<T> &data,
        const Integers &index) {
  U sum = 0;
  for (int64_t row = 0; row < shape.windowHeight; ++row)
    for (int64_t column = 0; column < shape.windowWidth; ++column)
      for (int64_t c = 0; c < shape.groupChannels(); ++c) {
        const int64_t i = index[1] * shape.steps[0] - shape.padding[0] +
                          row * shape.dilation[0];
        const int64_t j = index[2] * shape.steps[1] - shape.padding[2] +
                          column * shape.dilation[1];
        if (i < 0 || i >= shape.height || j < 0 || j >= shape.width)
          continue;
        const int64_t group = index[3] / shape.groupFeatures();
        sum += U(data.x[{index[0], i, j, group * shape.groupChannels() + c}]) *
               U(data.w[{row, column, c, index[3]}]);
      }
  return sum;
}

std::string describe(const ConvolutionShape &shape) {
  const Extents extents(shape);
  return testing::PrintToString(extents.x) + " at " +
         testing::PrintToString(shape.x) + " by " +
         testing::PrintToString(extents.w) + " at " +
         testing::PrintToString(shape.w) + " padding " +
         testing::PrintToString(shape.padding) + " steps " +
         testing::PrintToString(shape.steps) + " dilation " +
         testing::PrintToString(shape.dilation) + " groups " +
         std::to_string(shape.groups);
}

template <typename T>
void checkReal(const ConvolutionShape &shape, const LayerShape &layer,
               CpuLevel level) {
  Data<T> data(shape);
  ConvolutionPlan<T> plan(shape, layer, level);
  Workspace workspace(plan.workspaceBytes());
  auto given = [](bool is, const std::vector<T> &values) {
    return is ? values.data() : nullptr;
  };
  plan.run(data.x.data(), data.w.data(),
           {given(layer.normalize, data.mean),
            given(layer.normalize, data.variance),
            given(layer.scale, data.scale), given(layer.bias, data.bias),
            layer.residual ? data.residual.data() : nullptr},
           data.y.data(), workspace.get());
  Tensor<T> want = Data<T>(shape).y;
  forEachIndex(want.extents, [&](const Integers &index) {
    double sum = sumAt<double>(shape, data, index);
    const size_t j = size_t(index.back());
    if (layer.normalize)
      sum = (sum - double(data.mean[j])) /
            std::sqrt(double(data.variance[j]) + layer.eps);
    if (layer.scale)
      sum *= double(data.scale[j]);
    if (layer.bias)
      sum += double(data.bias[j]);
    if (layer.residual)
      sum += double(data.residual[index]);
    if (layer.activation == Activation::Relu)
      sum = sum < 0 ? 0 : sum;
    want[index] = T(sum);
  });
  // Sums of small integers are exact; normalised, they are rounded a few times.
  const double bound = layer.normalize ? 2e-3 : 0;
  for (size_t i = 0; i < want.memory.size(); ++i)
    ASSERT_NEAR(double(data.y.memory[i]), double(want.memory[i]), bound)
        << describe(shape);
}

TEST(Convolution, FormsAndLayers) {
  std::vector<LayerShape> layers(3);
  layers[1].bias = layers[1].residual = true;
  layers[1].activation = Activation::Relu;
  layers[2].normalize = layers[2].scale = layers[2].bias = true;
  layers[2].eps = 0.125;
  for (const ConvolutionShape &shape : allShapes())
    for (const LayerShape &layer : layers)
      for (CpuLevel level : levels()) {
        checkReal<float>(shape, layer, level);
        checkReal<double>(shape, layer, level);
        if (HasFatalFailure())
          return;
      }
}

template <typename T> void checkIntegers(int64_t spread) {
  for (const ConvolutionShape &shape : allShapes())
    for (CpuLevel level : levels()) {
      Data<T> data(shape);
      // Large enough to wrap.
      for (auto *tensor : {&data.x, &data.w})
        for (T &each : tensor->memory)
          each = T(uint64_t(each) * uint64_t(spread));
      ConvolutionPlan<T> plan(shape, {}, level);
      Workspace workspace(plan.workspaceBytes());
      plan.run(data.x.data(), data.w.data(), {}, data.y.data(),
               workspace.get());
      Tensor<T> want = Data<T>(shape).y;
      forEachIndex(want.extents, [&](const Integers &index) {
        want[index] = T(sumAt<uint64_t>(shape, data, index));
      });
      ASSERT_EQ(data.y.memory, want.memory) << describe(shape);
    }
}

TEST(Convolution, IntegersWrap) {
  checkIntegers<int8_t>(13);
  checkIntegers<uint8_t>(13);
  checkIntegers<int32_t>(987654321);
  checkIntegers<int64_t>(987654321987654321);
}

} // namespace
