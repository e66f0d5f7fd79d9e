//===- ReductionTest.cpp - many elements in, one out ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/Kernels/Reduction.h"
#include "ElementCase.h"
#include "Levels.h"
#include <map>
#include <memory>

using namespace elements;

namespace {

struct Shape {
  std::vector<int64_t> extents;
  std::vector<bool> reduced;
  /// Of the operand; empty if its elements lie side by side.
  std::vector<int64_t> strides = {};
};

const Shape shapes[] = {
    {{}, {}},
    {{1}, {true}},
    {{17}, {true}},
    {{17}, {false}},
    {{1031}, {true}},
    {{300000}, {true}},
    {{5, 7}, {false, true}},
    {{5, 7}, {true, false}},
    {{5, 7}, {true, true}},
    {{1031, 3}, {false, true}},
    {{1031, 3}, {true, false}},
    {{1031, 1}, {true, false}},
    {{37, 700}, {false, true}},
    {{37, 700}, {true, false}},
    {{700, 37}, {true, false}},
    {{3, 5000}, {true, false}},
    {{3, 5000}, {false, true}},
    {{600, 513}, {true, false}},
    {{4, 5, 6}, {true, false, true}},
    {{4, 5, 6}, {false, true, false}},
    {{7, 40, 60}, {true, false, true}},
    {{7, 40, 60}, {false, true, false}},
    {{2, 3, 2, 3, 2, 3}, {true, false, true, false, true, false}},
    {{2, 3, 2, 3, 2, 3}, {false, true, false, true, false, true}},
    {{2, 3, 7, 11, 13}, {false, true, true, false, true}},
    {{33, 65}, {false, true}, {1, 33}},
    {{33, 65}, {true, false}, {1, 33}},
    {{33, 65}, {false, true}, {-65, -1}},
    {{300, 700}, {true, false}, {1, 300}},
    {{300, 700}, {false, true}, {1, 300}},
    {{300, 700}, {true, true}, {1, 300}},
    {{300, 700}, {true, false}, {0, 1}},
    {{300, 700}, {false, true}, {0, 2}},
    {{0}, {true}},
    {{3, 0}, {false, true}},
    {{0, 3}, {false, true}},
};

/// The tensors of a reduction and what is expected of it.
struct Reduction {
  Case it;
  std::unique_ptr<bool[]> reduced;
  Tensor x, result;
  uint16_t value = 0;

  Reduction(const Shape &shape, DType dtype, DType resultDType, uint32_t seed,
            bool isPlain)
      : it{{}, shape.extents, {}}, reduced(new bool[shape.extents.size() + 1]),
        x(shape.strides.empty()
              ? Tensor::dense(dtype, shape.extents)
              : Tensor::strided(dtype, shape.extents, shape.strides)) {
    fill(x, seed, isPlain);
    std::vector<int64_t> strides(shape.extents.size(), 0), kept = shape.extents;
    // Side by side, in the other order, so that no axes merge by chance.
    int64_t size = 1;
    for (size_t i = 0; i < kept.size(); ++i) {
      reduced[i] = shape.reduced[i];
      if (reduced[i])
        continue;
      strides[i] = size;
      size *= std::max<int64_t>(kept[i], 1);
    }
    result = {resultDType, {}, strides};
    result.bytes.resize(size_t(size) * sizeInBytes(resultDType));
    value = it.load(x);
    it.tensors.push_back(&result);
  }

  uint16_t resultOperand() const { return uint16_t(it.tensors.size() - 1); }

  ElementFault run(ReductionKind kind, CpuLevel level) {
    std::fill(result.bytes.begin(), result.bytes.end(), char(0x33));
    return it.runPlan([&](const std::vector<ElementOperand> &operands) {
      return ReductionPlan(kind, it.expression, value, it.extents,
                           {reduced.get(), it.extents.size()}, operands,
                           resultOperand(), level);
    });
  }

  /// By element of the result, its operands in row-major order.
  std::map<int64_t, std::vector<Number>> groups() {
    std::map<int64_t, std::vector<Number>> all;
    for (size_t i = 0; i < result.size(); ++i)
      all[int64_t(i)];
    for (int64_t extent : it.extents)
      if (extent == 0)
        return all;
    it.forEachPosition([&](const std::vector<int64_t> &position) {
      int64_t element = 0;
      for (size_t i = 0; i < position.size(); ++i)
        element += position[i] * result.strides[i];
      all[element].push_back(it.expected(value, position));
    });
    return all;
  }
};

bool isNoReductionOf(ReductionKind kind, DType dtype) {
  switch (kind) {
  case ReductionKind::Any:
  case ReductionKind::All:
    return !isBool(dtype);
  case ReductionKind::Mean:
  case ReductionKind::Variance:
    return dtype != DType::F32 && dtype != DType::F64;
  case ReductionKind::Sum:
  case ReductionKind::Prod:
    return dtype != DType::F32 && dtype != DType::F64 && dtype != DType::I64;
  default:
    return isBool(dtype) || dtype == DType::F16 || dtype == DType::BF16;
  }
}

Number identity(ReductionKind kind, DType dtype) {
  const bool isLeast =
      kind == ReductionKind::Max || kind == ReductionKind::ArgMax;
  const int bits = int(sizeInBytes(dtype)) * 8;
  switch (kind) {
  case ReductionKind::Prod:
    return {1, 1};
  case ReductionKind::All:
    return {0, 1};
  case ReductionKind::Sum:
  case ReductionKind::Mean:
  case ReductionKind::Variance:
  case ReductionKind::Any:
    return {};
  default:
    if (isUnsignedInt(dtype))
      return {0, isLeast ? 0 : 255};
    return {isLeast ? -INFINITY : INFINITY,
            isLeast ? int64_t(-(uint64_t(1) << (bits - 1)))
                    : int64_t((uint64_t(1) << (bits - 1)) - 1)};
  }
}

void expectReduced(ReductionKind kind, DType dtype,
                   const std::vector<Number> &elements, Number actual) {
  const bool isReal = isFloat(dtype);
  const bool isLargest = kind == ReductionKind::Max ||
                         kind == ReductionKind::ArgMax ||
                         kind == ReductionKind::Any;
  Number best = identity(kind, dtype);
  long double sum = 0, sizes = 0, product = 1;
  uint64_t wholeSum = 0, wholeProduct = 1;
  int64_t where = 0;
  for (size_t i = 0; i < elements.size(); ++i) {
    const Number x = elements[i];
    sum += x.real;
    sizes += std::abs(x.real);
    product *= x.real;
    wholeSum += uint64_t(x.whole);
    wholeProduct *= uint64_t(x.whole);
    bool isBetter = isLargest ? x.whole > best.whole : x.whole < best.whole;
    if (isReal)
      isBetter = (isLargest ? x.real > best.real : x.real < best.real) ||
                 (std::isnan(x.real) && !std::isnan(best.real));
    if (isBetter) {
      best = x;
      where = int64_t(i);
    }
  }
  const auto count = double(elements.size());
  const double eps = dtype == DType::F32 ? 0x1p-24 : 0x1p-53;
  auto near = [&](double expected, double bound) {
    if (std::isnan(expected) || std::isinf(expected))
      EXPECT_TRUE(std::isnan(expected) ? std::isnan(actual.real)
                                       : actual.real == expected)
          << actual.real << " for " << expected;
    else
      EXPECT_NEAR(actual.real, expected, bound);
  };
  switch (kind) {
  case ReductionKind::Sum:
    if (!isReal)
      EXPECT_EQ(actual.whole, int64_t(wholeSum));
    else
      near(double(sum), std::min(count + 2, 140.0) * eps * double(sizes));
    return;
  case ReductionKind::Prod:
    if (!isReal)
      EXPECT_EQ(actual.whole, int64_t(wholeProduct));
    else
      near(double(product),
           (count + 2) * eps * std::abs(double(product)) + 0x1p-126 * count);
    return;
  case ReductionKind::Mean:
    near(double(sum / count), 140 * eps * double(sizes / count));
    return;
  case ReductionKind::Variance: {
    long double squares = 0;
    for (Number x : elements)
      squares += (x.real - sum / count) * (x.real - sum / count);
    near(double(squares / count), 200 * eps * double(squares / count) +
                                      eps * eps * double(sizes * sizes));
    return;
  }
  case ReductionKind::ArgMax:
  case ReductionKind::ArgMin:
    EXPECT_EQ(actual.whole, where);
    return;
  default:
    if (!isReal)
      EXPECT_EQ(actual.whole, best.whole);
    else
      EXPECT_TRUE(std::isnan(best.real) ? std::isnan(actual.real)
                                        : actual.real == best.real)
          << actual.real << " for " << best.real;
  }
}

void judge(Reduction &reduction, ReductionKind kind) {
  const auto groups = reduction.groups();
  const DType dtype =
      reduction.it.expression.instructions[reduction.value].result;
  for (CpuLevel level : levels()) {
    SCOPED_TRACE("kind " + std::to_string(int(kind)) + " of " +
                 std::string(dtypeName(dtype)) + " at level " +
                 std::to_string(int(level)));
    reduction.run(kind, level);
    for (const auto &[element, numbers] : groups) {
      if (testing::Test::HasFailure())
        return;
      SCOPED_TRACE("element " + std::to_string(element));
      if (numbers.empty() && reduction.it.extents[0] == 0 &&
          !reduction.reduced[0])
        continue; // no result
      expectReduced(kind, dtype, numbers, reduction.result.get(element));
    }
  }
}

constexpr ReductionKind kinds[] = {
    ReductionKind::Sum,      ReductionKind::Prod, ReductionKind::Mean,
    ReductionKind::Variance, ReductionKind::Max,  ReductionKind::Min,
    ReductionKind::Any,      ReductionKind::All,  ReductionKind::ArgMax,
    ReductionKind::ArgMin};

DType resultOf(ReductionKind kind, DType dtype) {
  return kind == ReductionKind::ArgMax || kind == ReductionKind::ArgMin
             ? DType::I64
             : dtype;
}

TEST(Reduction, AllKindsDTypesAndShapes) {
  for (const Shape &shape : shapes)
    for (DType dtype : allDTypes)
      for (ReductionKind kind : kinds) {
        if (isNoReductionOf(kind, dtype))
          continue;
        SCOPED_TRACE("shape " + std::to_string(&shape - shapes));
        Reduction reduction(shape, dtype, resultOf(kind, dtype), 5,
                            /*isPlain=*/true);
        // Products that stay far from 0 and infinity.
        if (kind == ReductionKind::Prod && isFloat(dtype))
          for (size_t i = 0; i < reduction.x.size(); ++i) {
            const double size = 1 + 0.01 * (double(i % 7) - 3);
            reference::store(
                dtype, {reference::roundReal(dtype, i % 5 ? size : -size)},
                reduction.x.bytes.data() + i * sizeInBytes(dtype));
          }
        judge(reduction, kind);
      }
}

TEST(Reduction, AwkwardNumbers) {
  for (const Shape &shape :
       {Shape{{31, 67}, {false, true}}, Shape{{67, 31}, {true, false}},
        Shape{{3}, {true}}})
    for (DType dtype : {DType::F32, DType::F64, DType::I8, DType::I64})
      for (ReductionKind kind : {ReductionKind::Max, ReductionKind::Min,
                                 ReductionKind::ArgMax, ReductionKind::ArgMin})
        for (uint32_t seed = 0; seed < 20; ++seed) {
          Reduction reduction(shape, dtype, resultOf(kind, dtype), seed, false);
          judge(reduction, kind);
        }
}

/// Where all are the same, the first is found; of the worst ones, too.
TEST(Reduction, FirstOfEquals) {
  for (const Shape &shape :
       {Shape{{3000}, {true}}, Shape{{70, 3}, {true, false}}})
    for (double number : {double(-INFINITY), 0.0, double(NAN)})
      for (ReductionKind kind :
           {ReductionKind::ArgMax, ReductionKind::ArgMin}) {
        Reduction reduction(shape, DType::F32, DType::I64, 1, true);
        for (size_t i = 0; i < reduction.x.size(); ++i)
          reference::store(DType::F32, {number}, reduction.x.at(int64_t(i)));
        judge(reduction, kind);
      }
}

/// Ten million numbers: an error that does not grow with their number.
TEST(Reduction, LongSums) {
  Case it{{}, {10'000'000}, {}};
  Tensor x = Tensor::dense(DType::F32, it.extents);
  Tensor result = {DType::F32, std::vector<char>(4), {0}};
  double sum = 0;
  for (int64_t i = 0; i < it.extents[0]; ++i) {
    const float element = float(i % 1013) * 0.001f + 0.1f;
    sum += element;
    std::memcpy(x.at(i), &element, sizeof(element));
  }
  const uint16_t value = it.load(x);
  it.tensors.push_back(&result);
  const bool reduced[] = {true};
  for (CpuLevel level : levels()) {
    it.runPlan([&](const std::vector<ElementOperand> &operands) {
      return ReductionPlan(ReductionKind::Sum, it.expression, value, it.extents,
                           reduced, operands, 1, level);
    });
    EXPECT_NEAR(result.get(0).real / sum, 1, 1e-6);
  }
}

/// What is reduced is computed on the way, from two tensors and in f16.
TEST(Reduction, OfExpressions) {
  for (const Shape &shape : shapes)
    for (ReductionKind kind :
         {ReductionKind::Sum, ReductionKind::Variance, ReductionKind::ArgMax}) {
      SCOPED_TRACE("shape " + std::to_string(&shape - shapes));
      Reduction reduction(shape, DType::F16, resultOf(kind, DType::F32), 5,
                          true);
      Case &it = reduction.it;
      // The result comes before the second operand.
      std::vector<int64_t> strides(shape.extents.size(), 0);
      if (!strides.empty())
        strides.back() = 1;
      Tensor y = Tensor::strided(DType::F32, shape.extents, strides);
      fill(y, 9, true);
      const uint16_t wide =
          it.add(ElementOp::Cast, DType::F16, DType::F32, {reduction.value});
      it.tensors.push_back(&y);
      const uint16_t other =
          it.add(ElementOp::Load, DType::F32, DType::F32, {}, 2);
      reduction.value =
          it.add(ElementOp::Mul, DType::F32, DType::F32, {wide, other});
      const auto groups = reduction.groups();
      for (CpuLevel level : levels()) {
        it.runPlan([&](const std::vector<ElementOperand> &operands) {
          return ReductionPlan(kind, it.expression, reduction.value, it.extents,
                               {reduction.reduced.get(), it.extents.size()},
                               operands, 1, level);
        });
        for (const auto &[element, numbers] : groups)
          if (!(numbers.empty() && it.extents[0] == 0 && !reduction.reduced[0]))
            expectReduced(kind, DType::F32, numbers,
                          reduction.result.get(element));
      }
    }
}

/// The number of elements, from what no operand says.
TEST(Reduction, OfConstants) {
  for (const Shape &shape : shapes) {
    Reduction reduction(shape, DType::I64, DType::I64, 5, true);
    reduction.value =
        reduction.it.add(ElementOp::Constant, DType::I64, DType::I64, {}, 3);
    judge(reduction, ReductionKind::Sum);
    judge(reduction, ReductionKind::ArgMin);
  }
}

TEST(Reduction, Faults) {
  const Shape shape = {{500, 7}, {true, false}};
  Reduction reduction(shape, DType::I64, DType::I64, 5, true);
  Case &it = reduction.it;
  for (int64_t i = 0; i < 3500; ++i)
    reference::store(DType::I64, {0, i % 5}, reduction.x.at(i));
  it.add(ElementOp::CheckExponent, DType::I64, DType::I64, {reduction.value});
  reduction.value = it.add(ElementOp::Pow, DType::I64, DType::I64,
                           {reduction.value, reduction.value});
  EXPECT_FALSE(reduction.run(ReductionKind::Sum, cpuLevel()).found);
  // The first in row-major order, though columns are gone through first.
  reference::store(DType::I64, {0, -3}, reduction.x.at(2 * 7 + 5));
  reference::store(DType::I64, {0, -4}, reduction.x.at(3 * 7));
  const ElementFault fault = reduction.run(ReductionKind::Sum, cpuLevel());
  EXPECT_TRUE(fault.found);
  EXPECT_EQ(fault.value, -3);
}

} // namespace
