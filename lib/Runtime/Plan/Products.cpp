//===- Products.cpp - products, convolutions and attention ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bind.h"
#include "Mind/Runtime/Kernels/Attention.h"
#include "Mind/Runtime/Kernels/Convolution.h"
#include "Mind/Runtime/Kernels/Product.h"
#include <cmath>

using namespace mind;
using namespace mind::plan;
using kernels::LayerOperands;
using kernels::LayerShape;

namespace {

// The operands of products and convolutions (Steps.def).
enum : size_t { A, B, Scale, Bias, Residual, Mean, Variance, C };

LayerShape layerOf(const StepReader &step) {
  return {.normalize = step.has(Mean),
          .scale = step.has(Scale),
          .bias = step.has(Bias),
          .residual = step.has(Residual),
          .eps = step.real(0),
          .activation = kernels::Activation(step.step.variant)};
}

/// A product or a convolution of elements of type T, whose plan is made of
/// `shape`.
template <typename T, typename Plan>
class ProductStep final : public BoundStep {
public:
  template <typename... Shape>
  explicit ProductStep(const StepReader &step, const Shape &...shape)
      : kernel(shape...) {
    for (size_t i = A; i <= C; ++i)
      addresses[i] = step.address(i);
  }

  size_t scratchBytes() const override { return kernel.workspaceBytes(); }

  void run(Frame &frame) const override {
    auto at = [&](size_t i) { return addresses[i].template in<T>(frame); };
    if constexpr (!std::is_same_v<Plan, kernels::IntegerProductPlan<T>>)
      kernel.run(at(A), at(B),
                 LayerOperands<T>{.mean = at(Mean),
                                  .variance = at(Variance),
                                  .scale = at(Scale),
                                  .bias = at(Bias),
                                  .residual = at(Residual)},
                 at(C), frame.scratch);
    else
      kernel.run(at(A), at(B), at(C), frame.scratch);
  }

private:
  Plan kernel;
  Address addresses[C + 1];
};

kernels::MatrixStrides matrixStrides(std::span<const int64_t> strides) {
  return {strides[strides.size() - 2], strides.back()};
}

template <typename T> Bound productOf(const StepReader &step) {
  const size_t batch = step.rank(C) - 2;
  std::span<const int64_t> a = step.extents(A), c = step.extents(C);
  kernels::ProductShape shape{.m = c[batch],
                              .n = c[batch + 1],
                              .k = a[batch + 1],
                              .a = matrixStrides(step.strides(A)),
                              .b = matrixStrides(step.strides(B)),
                              .cRow = step.strides(C)[batch],
                              .batch = c.first(batch),
                              .aBatch = step.strides(A).first(batch),
                              .bBatch = step.strides(B).first(batch),
                              .cBatch = step.strides(C).first(batch)};
  if (step.has(Residual)) {
    shape.residual = matrixStrides(step.strides(Residual));
    shape.residualBatch = step.strides(Residual).first(batch);
  }
  using Plan = kernels::ProductPlanOf<T>;
  if constexpr (std::is_floating_point_v<T>)
    return std::make_unique<ProductStep<T, Plan>>(step, shape, layerOf(step));
  else
    return std::make_unique<ProductStep<T, Plan>>(step, shape);
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

template <typename T> class AttentionStep final : public BoundStep {
public:
  // The operands (Steps.def).
  enum : size_t { Q, K, V, Mask, Out };

  explicit AttentionStep(const StepReader &step)
      : kernel(shapeOf(step), optionsOf(step)) {
    for (size_t i = Q; i <= Out; ++i)
      addresses[i] = step.address(i);
  }

  size_t scratchBytes() const override { return kernel.workspaceBytes(); }

  void run(Frame &frame) const override {
    auto at = [&](size_t i) { return addresses[i].template in<T>(frame); };
    kernel.run(at(Q), at(K), at(V), addresses[Mask].template in<void>(frame),
               at(Out), frame.scratch);
  }

private:
  static kernels::AttentionShape shapeOf(const StepReader &step) {
    const size_t batch = step.rank(Out) - 2;
    kernels::AttentionShape shape{.queries = step.extents(Q)[batch],
                                  .keys = step.extents(K)[batch],
                                  .depth = step.extents(Q)[batch + 1],
                                  .features = step.extents(V)[batch + 1],
                                  .q = matrixStrides(step.strides(Q)),
                                  .k = matrixStrides(step.strides(K)),
                                  .v = matrixStrides(step.strides(V)),
                                  .out = matrixStrides(step.strides(Out))};
    if (step.has(Mask))
      shape.mask = matrixStrides(step.strides(Mask));
    int used = 0;
    for (size_t axis = 0; axis < batch; ++axis)
      if (int64_t extent = step.extents(Out)[axis]; extent != 1)
        shape.axes[used++] = {extent,
                              step.strides(Q)[axis],
                              step.strides(K)[axis],
                              step.strides(V)[axis],
                              step.has(Mask) ? step.strides(Mask)[axis] : 0,
                              step.strides(Out)[axis]};
    return shape;
  }

  static kernels::AttentionOptions optionsOf(const StepReader &step) {
    double depth = double(step.extents(Q).back());
    return {.scale = step.attributes()[1] ? step.real(2) : 1 / std::sqrt(depth),
            .mask = kernels::AttentionMask(step.step.variant),
            .causal = step.attributes()[0] != 0};
  }

  kernels::AttentionPlan<T> kernel;
  Address addresses[Out + 1];
};

} // namespace

Bound plan::bindProduct(const StepReader &step) {
  return byType(step.dtype(C),
                [&]<typename T>(T) { return productOf<T>(step); });
}

Bound plan::bindAttention(const StepReader &step) {
  if (step.dtype(0) == DType::F64)
    return std::make_unique<AttentionStep<double>>(step);
  return std::make_unique<AttentionStep<float>>(step);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

template <typename T> static Bound convolutionOf(const StepReader &step) {
  auto four = [](std::span<const int64_t> list) {
    return std::array<int64_t, 4>{list[0], list[1], list[2], list[3]};
  };
  std::span<const int64_t> x = step.extents(A), w = step.extents(B);
  std::span<const int64_t> attributes = step.attributes().subspan(1);
  kernels::ConvolutionShape shape{.images = x[0],
                                  .height = x[1],
                                  .width = x[2],
                                  .channels = x[3],
                                  .windowHeight = w[0],
                                  .windowWidth = w[1],
                                  .features = w[3],
                                  .steps = {attributes[0], attributes[1]},
                                  .padding = four(attributes.subspan(2)),
                                  .dilation = {attributes[6], attributes[7]},
                                  .groups = attributes[8],
                                  .x = four(step.strides(A)),
                                  .w = four(step.strides(B)),
                                  .y = four(step.strides(C))};
  if (step.has(Residual))
    shape.residual = four(step.strides(Residual));
  using Plan = kernels::ConvolutionPlan<T>;
  return std::make_unique<ProductStep<T, Plan>>(step, shape, layerOf(step));
}

Bound plan::bindConvolution(const StepReader &step) {
  return byType(step.dtype(C),
                [&]<typename T>(T) { return convolutionOf<T>(step); });
}
