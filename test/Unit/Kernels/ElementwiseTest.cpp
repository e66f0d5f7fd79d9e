//===- ElementwiseTest.cpp - the byte-code machine of elements -----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementCase.h"
#include "Levels.h"

using namespace elements;

namespace {

double unitInLastPlace(DType dtype) {
  return dtype == DType::F16    ? 0x1p-10
         : dtype == DType::BF16 ? 0x1p-7
         : dtype == DType::F32  ? 0x1p-23
                                : 0x1p-52;
}

/// How many units in the last place a function may be off; 0 is exact. Those
/// of a 16-bit type are rounded once.
int allowedUlps(ElementOp op, DType dtype) {
  if (op < ElementOp::Exp)
    return 0;
  switch (op) {
  case ElementOp::Sqrt:
  case ElementOp::Rsqrt:
  case ElementOp::Reciprocal:
    return 0;
  case ElementOp::Pow:
  case ElementOp::Atan2:
    break;
  default:
    if (op > ElementOp::GeluTanh || op == ElementOp::Relu)
      return 0;
  }
  if (dtype == DType::F16 || dtype == DType::BF16)
    return 1;
  return op == ElementOp::Exp || op == ElementOp::Log ? 2 : 4;
}

void expectNumber(ElementOp op, DType operand, DType dtype, Number x,
                  Number actual, Number expected) {
  if (!isFloat(dtype)) {
    EXPECT_EQ(actual.whole, expected.whole);
    return;
  }
  const double a = actual.real, e = expected.real;
  const int ulps = allowedUlps(op, operand);
  if (std::isnan(e) || ulps == 0 || a == e) {
    EXPECT_TRUE(std::isnan(e) ? std::isnan(a)
                              : a == e && (ulps != 0 ||
                                           std::signbit(a) == std::signbit(e)))
        << a << " for " << e;
    return;
  }
  const double scale = op == ElementOp::Gelu || op == ElementOp::GeluTanh
                           ? std::abs(x.real)
                           : std::abs(e);
  // 1 / (1 + exp(-x)) may be 0 where exp is beyond the largest number, and is
  // multiplied by x for silu.
  const double least = (dtype == DType::F16   ? 0x1p-14
                        : dtype == DType::F64 ? 0x1p-1022
                                              : 0x1p-126) *
                       (op == ElementOp::Silu ? std::abs(x.real) : 1);
  const double bound = ulps * unitInLastPlace(dtype) * scale;
  EXPECT_LE(std::abs(a - e), std::isfinite(bound) ? bound + least : 0)
      << a << " for " << e;
}

/// Runs the case on all levels, and judges the elements of `result`, which
/// `value` is stored in.
void judge(Case &it, uint16_t value, Tensor &result, Tensor *x = nullptr) {
  const ElementInstruction &last = it.expression.instructions[value];
  for (CpuLevel level : levels()) {
    SCOPED_TRACE(std::string(elementOpInfo(last.op).mnemonic) + " of " +
                 std::string(dtypeName(last.dtype)) + " at level " +
                 std::to_string(int(level)));
    std::fill(result.bytes.begin(), result.bytes.end(), char(0x33));
    it.run(level);
    it.forEachPosition([&](const std::vector<int64_t> &position) {
      if (testing::Test::HasFailure())
        return;
      const Number argument = x ? x->get(position) : Number();
      SCOPED_TRACE("x = " + std::to_string(argument.real) + ", " +
                   std::to_string(argument.whole));
      expectNumber(last.op, last.dtype, result.dtype, argument,
                   result.get(position), it.expected(value, position));
    });
  }
}

bool allows(ElementOp op, DType dtype) {
  switch (op) {
  case ElementOp::Not:
  case ElementOp::And:
  case ElementOp::Or:
  case ElementOp::Xor:
    return isBool(dtype);
  case ElementOp::Neg:
  case ElementOp::Abs:
  case ElementOp::Sign:
  case ElementOp::Relu:
  case ElementOp::Add:
  case ElementOp::Sub:
  case ElementOp::Mul:
  case ElementOp::Div:
  case ElementOp::Rem:
  case ElementOp::Pow:
  case ElementOp::Minimum:
  case ElementOp::Maximum:
  case ElementOp::Clamp:
    return !isBool(dtype);
  case ElementOp::Eq:
  case ElementOp::Ne:
  case ElementOp::Lt:
  case ElementOp::Le:
  case ElementOp::Gt:
  case ElementOp::Ge:
  case ElementOp::Where:
    return true;
  default:
    return isFloat(dtype);
  }
}

DType resultOf(ElementOp op, DType dtype) {
  return op == ElementOp::Isnan || (op >= ElementOp::Eq && op <= ElementOp::Ge)
             ? DType::Bool
             : dtype;
}

const std::vector<int64_t> lengths = {1, 2, 7, 16, 67, 1031, 4099};

TEST(Elementwise, UnaryOperations) {
  for (ElementOp op = ElementOp::Neg; op < ElementOp::Add;
       op = ElementOp(int(op) + 1))
    for (DType dtype : allDTypes) {
      if (!allows(op, dtype))
        continue;
      for (int64_t length : lengths) {
        Case it{{}, {length}, {}};
        Tensor x = Tensor::dense(dtype, it.extents);
        Tensor y = Tensor::dense(resultOf(op, dtype), it.extents);
        fill(x, uint32_t(length));
        const uint16_t value = it.add(op, dtype, y.dtype, {it.load(x)});
        it.store(value, y);
        judge(it, value, y, &x);
      }
    }
}

TEST(Elementwise, FunctionsFarAndNear) {
  for (ElementOp op = ElementOp::Exp; op <= ElementOp::GeluTanh;
       op = ElementOp(int(op) + 1)) {
    Case it{{}, {1 << 16}, {}};
    Tensor x = Tensor::dense(DType::F32, it.extents);
    Tensor y = Tensor::dense(DType::F32, it.extents);
    // Every exponent, and both signs.
    for (uint32_t i = 0; i < 1 << 16; ++i) {
      const uint32_t bits = i << 16 | (i * 40503u & 0xffff);
      reference::store(DType::F32, {std::bit_cast<float>(bits)}, x.at(i));
    }
    const uint16_t value = it.add(op, DType::F32, DType::F32, {it.load(x)});
    it.store(value, y);
    judge(it, value, y, &x);
  }
}

/// Bases of every exponent, whole, broken and huge powers.
TEST(Elementwise, PowersFarAndNear) {
  const double powers[] = {3,    -1,  0.5,   -0.5, 7,    2.5,  1e-3, 33, -20,
                           1e-8, 120, -3.25, 0,    1e30, 0.75, 11,   1,  127};
  Case it{{}, {1 << 16}, {}};
  Tensor x = Tensor::dense(DType::F32, it.extents), y = x, z = x;
  for (uint32_t i = 0; i < 1 << 16; ++i) {
    uint32_t bits = i << 16 | (i * 40503u & 0xffff);
    if ((bits & 0x7f800000) == 0x7f800000)
      bits |= 0x400000; // a quiet NaN, whose power 0 is 1
    // Half of them where powers are mostly finite.
    const float base =
        i % 2 ? std::bit_cast<float>(bits) : (float(i) - 30000) / 16384;
    reference::store(DType::F32, {base}, x.at(i));
    const double power = powers[i / 2 % std::size(powers)];
    reference::store(DType::F32, {float(power)}, y.at(i));
  }
  const uint16_t a = it.load(x), b = it.load(y);
  const uint16_t value = it.add(ElementOp::Pow, DType::F32, DType::F32, {a, b});
  it.store(value, z);
  judge(it, value, z, &x);
}

TEST(Elementwise, BinaryOperations) {
  for (ElementOp op = ElementOp::Add; op < ElementOp::Where;
       op = ElementOp(int(op) + 1))
    for (DType dtype : allDTypes) {
      if (!allows(op, dtype))
        continue;
      for (int64_t length : {1, 67, 1031})
        for (int ones : {0, 1, 2, 3})
          for (uint32_t seed : {1, 2, 3}) {
            Case it{{}, {length}, {}};
            Tensor x = ones & 1 ? Tensor::strided(dtype, it.extents, {0})
                                : Tensor::dense(dtype, it.extents);
            Tensor y = ones & 2 ? Tensor::strided(dtype, it.extents, {0})
                                : Tensor::dense(dtype, it.extents);
            Tensor z = Tensor::dense(resultOf(op, dtype), it.extents);
            fill(x, seed);
            fill(y, seed + 20);
            if (op == ElementOp::Pow && ones == 2)
              reference::store(dtype, {double(seed), seed}, y.at(0));
            const uint16_t a = it.load(x), b = it.load(y);
            const uint16_t value = it.add(op, dtype, z.dtype, {a, b});
            it.store(value, z);
            judge(it, value, z, &x);
          }
    }
}

TEST(Elementwise, WhereAndClamp) {
  for (ElementOp op : {ElementOp::Where, ElementOp::Clamp})
    for (DType dtype : allDTypes) {
      if (!allows(op, dtype))
        continue;
      for (int64_t length : {1, 67, 1031})
        for (int ones = 0; ones < 8; ++ones) {
          Case it{{}, {length}, {}};
          auto make = [&](int which, DType type) {
            Tensor result = ones >> which & 1
                                ? Tensor::strided(type, it.extents, {0})
                                : Tensor::dense(type, it.extents);
            fill(result, uint32_t(which + 1 + ones));
            return result;
          };
          Tensor x = make(0, op == ElementOp::Where ? DType::Bool : dtype);
          Tensor y = make(1, dtype), z = make(2, dtype);
          Tensor r = Tensor::dense(dtype, it.extents);
          const uint16_t a = it.load(x), b = it.load(y), c = it.load(z);
          const uint16_t value = it.add(op, dtype, dtype, {a, b, c});
          it.store(value, r);
          judge(it, value, r, &x);
        }
    }
}

TEST(Elementwise, Casts) {
  for (DType from : allDTypes)
    for (DType to : allDTypes)
      for (int64_t length : {1, 67, 1031}) {
        Case it{{}, {length}, {}};
        Tensor x = Tensor::dense(from, it.extents);
        Tensor y = Tensor::dense(to, it.extents);
        fill(x, 3);
        const uint16_t value = it.add(ElementOp::Cast, from, to, {it.load(x)});
        it.store(value, y);
        judge(it, value, y, &x);
      }
}

TEST(Elementwise, EveryHalf) {
  for (DType half : {DType::F16, DType::BF16}) {
    Case it{{}, {1 << 16}, {}};
    Tensor x = Tensor::dense(half, it.extents);
    Tensor y = Tensor::dense(DType::F32, it.extents);
    Tensor z = Tensor::dense(half, it.extents);
    for (uint32_t i = 0; i < 1 << 16; ++i) {
      const auto bits = uint16_t(i);
      std::memcpy(x.at(i), &bits, sizeof(bits));
    }
    const uint16_t wide =
        it.add(ElementOp::Cast, half, DType::F32, {it.load(x)});
    const uint16_t narrow = it.add(ElementOp::Cast, DType::F32, half, {wide});
    it.store(wide, y);
    it.store(narrow, z);
    judge(it, wide, y, &x);
    judge(it, narrow, z, &x);
  }
  // Ties, and what is beside them.
  for (DType half : {DType::F16, DType::BF16}) {
    Case it{{}, {1 << 16}, {}};
    Tensor x = Tensor::dense(DType::F32, it.extents);
    Tensor y = Tensor::dense(half, it.extents);
    const uint32_t lows[] = {0,      1,     0x7fff, 0x8000, 0x8001,
                             0xffff, 0xfff, 0x1000, 0x1001, 0x3000};
    for (uint32_t i = 0; i < 1 << 16; ++i)
      reference::store(DType::F32,
                       {std::bit_cast<float>(i << 16 | lows[i % 10])}, x.at(i));
    const uint16_t value =
        it.add(ElementOp::Cast, DType::F32, half, {it.load(x)});
    it.store(value, y);
    judge(it, value, y, &x);
  }
}

/// (x * y + z) > position of axis 0, chosen from x and -y.
uint16_t addChain(Case &it, uint16_t x, uint16_t y, uint16_t z, DType dtype) {
  const uint16_t product = it.add(ElementOp::Mul, dtype, dtype, {x, y});
  const uint16_t sum = it.add(ElementOp::Add, dtype, dtype, {product, z});
  uint16_t row;
  if (it.extents.empty())
    row = it.add(ElementOp::Constant, DType::I64, DType::I64, {}, 3);
  else
    row = it.add(ElementOp::Position, DType::I64, DType::I64, {},
                 int64_t(it.extents.size()) - 1);
  const uint16_t index = it.add(ElementOp::Cast, DType::I64, dtype, {row});
  const uint16_t isMore =
      it.add(ElementOp::Gt, dtype, DType::Bool, {sum, index});
  const uint16_t negated = it.add(ElementOp::Neg, dtype, dtype, {y});
  return it.add(ElementOp::Where, dtype, dtype, {isMore, sum, negated});
}

TEST(Elementwise, Shapes) {
  struct Shape {
    std::vector<int64_t> extents, x, y, z, out;
  };
  const Shape shapes[] = {
      {{}, {}, {}, {}, {}},
      {{1, 1}, {0, 0}, {7, 1}, {3, 3}, {0, 1}},
      {{0, 5}, {5, 1}, {5, 1}, {0, 1}, {5, 1}},
      {{31, 17}, {17, 1}, {0, 1}, {1, 0}, {17, 1}},
      {{4096, 3}, {3, 1}, {0, 1}, {1, 0}, {3, 1}},
      {{3, 4099}, {4099, 1}, {0, 1}, {1, 0}, {4099, 1}},
      {{37, 300}, {300, 1}, {1, 37}, {-300, -1}, {300, 1}},
      {{300, 37}, {1, 300}, {37, 1}, {0, -1}, {1, 300}},
      {{300, 13}, {1, 300}, {13, 1}, {0, -1}, {1, 300}},
      {{13, 301}, {301, 1}, {1, 13}, {-1, 0}, {301, 1}},
      {{100, 3, 90}, {270, 90, 1}, {1, 9000, 100}, {0, 1, 0}, {270, 90, 1}},
      {{5, 7, 11}, {1, 5, 35}, {0, 11, 1}, {77, 0, 1}, {77, 11, 1}},
      {{5, 70, 130}, {1, 5, 350}, {0, 130, 1}, {9100, 0, 1}, {9100, 130, 1}},
      {{2, 3, 2, 3, 2, 3, 2},
       {216, 72, 36, 12, 6, 2, 1},
       {0, 1, 0, 0, 3, 0, 0},
       {1, 2, 6, 12, 36, 72, 216},
       {216, 72, 36, 12, 6, 2, 1}},
      {{64, 64}, {64, 1}, {2, 300}, {64, 1}, {128, 2}},
  };
  for (const Shape &shape : shapes)
    for (DType dtype : {DType::F32, DType::F16, DType::I64, DType::U8}) {
      SCOPED_TRACE(std::to_string(&shape - shapes));
      Case it{{}, shape.extents, {}};
      Tensor x = Tensor::strided(dtype, it.extents, shape.x);
      Tensor y = Tensor::strided(dtype, it.extents, shape.y);
      Tensor z = Tensor::strided(dtype, it.extents, shape.z);
      Tensor out = Tensor::strided(dtype, it.extents, shape.out);
      fill(x, 1);
      fill(y, 2);
      fill(z, 3);
      const uint16_t a = it.load(x), b = it.load(y), c = it.load(z);
      const uint16_t value = addChain(it, a, b, c, dtype);
      it.store(value, out);
      judge(it, value, out);
    }
}

TEST(Elementwise, PositionsAlongEveryAxis) {
  for (std::vector<int64_t> extents :
       {std::vector<int64_t>{3, 5, 7}, {2, 1, 700}, {1500, 2, 3}, {1}})
    for (size_t axis = 0; axis < extents.size(); ++axis) {
      Case it{{}, extents, {}};
      Tensor out = Tensor::dense(DType::I64, extents);
      const uint16_t value = it.add(ElementOp::Position, DType::I64, DType::I64,
                                    {}, int64_t(axis));
      it.store(value, out);
      judge(it, value, out);
    }
}

TEST(Elementwise, OneNumberEverywhere) {
  for (DType dtype : allDTypes)
    for (bool isSpread : {false, true}) {
      Case it{{}, {300, 5}, {}};
      Tensor x = Tensor::strided(dtype, it.extents, {0, 0});
      Tensor out = isSpread ? Tensor::strided(dtype, it.extents, {15, 3})
                            : Tensor::dense(dtype, it.extents);
      fill(x, 8, /*isPlain=*/true);
      const uint16_t loaded = it.load(x);
      const uint16_t value =
          it.add(ElementOp::Where, dtype, dtype,
                 {it.add(ElementOp::Constant, DType::Bool, DType::Bool, {}, 1),
                  loaded, loaded});
      it.store(value, out);
      judge(it, value, out);
    }
}

/// Many values that live at once, some of them stored, one twice.
TEST(Elementwise, ManyValues) {
  Case it{{}, {1234}, {}};
  Tensor x = Tensor::dense(DType::F32, it.extents), y = x;
  fill(x, 1, true);
  fill(y, 2, true);
  std::vector<uint16_t> values = {it.load(x), it.load(y)};
  for (int i = 0; i < 30; ++i)
    values.push_back(it.add(i % 2 ? ElementOp::Sub : ElementOp::Add, DType::F32,
                            DType::F32,
                            {values[size_t(i) / 2], values.back()}));
  for (size_t i = 0; i < 30; ++i)
    values.push_back(it.add(ElementOp::Minimum, DType::F32, DType::F32,
                            {values[i], values.back()}));
  Tensor out = x, twice = x, copy = x, early = x;
  const uint16_t last = values.back();
  it.store(last, out);
  it.store(last, twice);
  it.store(values[0], copy);
  it.store(values[9], early);
  judge(it, last, out);
  judge(it, last, twice);
  judge(it, values[0], copy);
  judge(it, values[9], early);
}

/// Two operations that may become one step: all, with any of the operands the
/// same everywhere, and with what is in between used once more.
TEST(Elementwise, Pairs) {
  for (ElementOp first : {ElementOp::Add, ElementOp::Sub, ElementOp::Mul})
    for (ElementOp second : {ElementOp::Add, ElementOp::Sub, ElementOp::Mul,
                             ElementOp::Relu, ElementOp::Div})
      for (bool isSwapped : {false, true})
        for (DType dtype : {DType::F32, DType::F16, DType::F64})
          for (int ones = 0; ones < 16; ++ones) {
            SCOPED_TRACE(std::string(elementOpInfo(first).mnemonic) + ", " +
                         std::string(elementOpInfo(second).mnemonic) + ", " +
                         std::to_string(ones));
            Case it{{}, {3, 371}, {}};
            Tensor tensors[3], out = Tensor::dense(dtype, it.extents);
            uint16_t loads[3];
            for (int i = 0; i < 3; ++i) {
              // The same in a row, or in a column.
              tensors[i] = ones >> i & 1
                               ? Tensor::strided(dtype, it.extents, {1, 0})
                               : Tensor::strided(dtype, it.extents, {0, 1});
              if (!(ones & 8) && !(ones >> i & 1))
                tensors[i] = Tensor::dense(dtype, it.extents);
              fill(tensors[i], uint32_t(i + 1));
              loads[i] = it.load(tensors[i]);
            }
            const uint16_t inner =
                it.add(first, dtype, dtype, {loads[0], loads[1]});
            uint16_t value = 0;
            if (second == ElementOp::Relu)
              value = it.add(second, dtype, dtype, {inner});
            else if (isSwapped)
              value = it.add(second, dtype, dtype, {loads[2], inner});
            else
              value = it.add(second, dtype, dtype, {inner, loads[2]});
            if (ones & 8 && isSwapped)
              value = it.add(ElementOp::Sub, dtype, dtype, {value, inner});
            it.store(value, out);
            judge(it, value, out);
          }
}

TEST(Elementwise, ChoicesByComparison) {
  // What is chosen: of x and y, which are compared, and of z. Some are one
  // loop.
  constexpr int choices[][2] = {{0, 2}, {2, 0}, {1, 2}, {2, 1},
                                {0, 1}, {1, 0}, {0, 0}, {2, 2}};
  for (ElementOp compare : {ElementOp::Lt, ElementOp::Le, ElementOp::Gt,
                            ElementOp::Ge, ElementOp::Eq, ElementOp::Ne})
    for (auto [yes, no] : choices)
      for (DType dtype : {DType::F32, DType::F16, DType::I32})
        for (int ones = 0; ones < 8; ++ones) {
          SCOPED_TRACE(std::string(elementOpInfo(compare).mnemonic) + ", " +
                       std::to_string(yes) + ", " + std::to_string(no) + ", " +
                       std::to_string(ones));
          Case it{{}, {3, 371}, {}};
          Tensor tensors[3], out = Tensor::dense(dtype, it.extents);
          uint16_t loads[3];
          for (int i = 0; i < 3; ++i) {
            tensors[i] = ones >> i & 1
                             ? Tensor::strided(dtype, it.extents, {1, 0})
                             : Tensor::dense(dtype, it.extents);
            fill(tensors[i], uint32_t(i + 1));
            loads[i] = it.load(tensors[i]);
          }
          const uint16_t condition =
              it.add(compare, dtype, DType::Bool, {loads[0], loads[1]});
          const uint16_t value = it.add(ElementOp::Where, dtype, dtype,
                                        {condition, loads[yes], loads[no]});
          it.store(value, out);
          judge(it, value, out);
        }
}

/// What is computed twice, in other words.
TEST(Elementwise, EqualInstructions) {
  for (int numUnused : {0, 100}) {
    Case it{{}, {2345}, {}};
    Tensor x = Tensor::dense(DType::F32, it.extents), out = x, other = x;
    fill(x, 3);
    const uint16_t a = it.load(x);
    const uint16_t b = it.add(ElementOp::Load, DType::F32, DType::F32, {}, 0);
    auto add = [&](ElementOp op, std::initializer_list<uint16_t> operands) {
      return it.add(op, DType::F32, DType::F32, operands);
    };
    for (int i = 0; i < numUnused; ++i)
      add(i % 3 == 0 ? ElementOp::Neg : ElementOp::Abs,
          {uint16_t(i % 5 ? a : b)});
    const uint16_t first =
        add(ElementOp::Reciprocal, {add(ElementOp::Neg, {a})});
    const uint16_t second =
        add(ElementOp::Reciprocal, {add(ElementOp::Neg, {b})});
    const uint16_t difference = add(ElementOp::Sub, {first, b});
    const uint16_t product =
        add(ElementOp::Mul, {difference, add(ElementOp::Sub, {second, a})});
    it.store(product, out);
    it.store(second, other);
    judge(it, product, out);
    judge(it, second, other);
  }
}

/// So many elements that they are asked for ahead, in rows that are broken.
TEST(Elementwise, LargeDomains) {
  struct Shape {
    std::vector<int64_t> extents, x, y, z, out;
  };
  const Shape shapes[] = {
      {{2200003}, {1}, {1}, {0}, {1}},
      {{1499, 1511}, {1511, 1}, {1511, 1}, {0, 1}, {1511, 1}},
      {{17, 150001}, {150001, 1}, {0, 1}, {1, 0}, {150016, 1}},
      {{1511, 1499}, {1, 1511}, {1499, 1}, {0, -1}, {1499, 1}},
  };
  for (const Shape &shape : shapes) {
    SCOPED_TRACE(std::to_string(&shape - shapes));
    Case it{{}, shape.extents, {}};
    Tensor x = Tensor::strided(DType::F32, it.extents, shape.x);
    Tensor y = Tensor::strided(DType::U8, it.extents, shape.y);
    Tensor z = Tensor::strided(DType::F32, it.extents, shape.z);
    Tensor out = Tensor::strided(DType::F32, it.extents, shape.out);
    fill(x, 1, true);
    fill(y, 2, true);
    fill(z, 3, true);
    const uint16_t a = it.load(x), b = it.load(y), c = it.load(z);
    const uint16_t wide = it.add(ElementOp::Cast, DType::U8, DType::F32, {b});
    const uint16_t product =
        it.add(ElementOp::Mul, DType::F32, DType::F32, {a, c});
    const uint16_t sum =
        it.add(ElementOp::Add, DType::F32, DType::F32, {product, wide});
    it.store(sum, out);
    for (CpuLevel level : levels()) {
      std::fill(out.bytes.begin(), out.bytes.end(), char(0x5a));
      it.run(level);
      int64_t number = 0, wrong = 0;
      it.forEachPosition([&](const std::vector<int64_t> &position) {
        if (number++ % 7 == 0) // The reference is slow.
          wrong += out.get(position).real != it.expected(sum, position).real;
      });
      EXPECT_EQ(wrong, 0);
    }
  }
}

/// What is not needed is not computed, and different sizes share registers.
TEST(Elementwise, SizesMix) {
  Case it{{}, {2500}, {}};
  Tensor x = Tensor::dense(DType::F32, it.extents);
  Tensor y = Tensor::dense(DType::F64, it.extents);
  fill(x, 1);
  fill(y, 2);
  const uint16_t a = it.load(x), b = it.load(y);
  it.add(ElementOp::Exp, DType::F32, DType::F32, {a});
  const uint16_t wide = it.add(ElementOp::Cast, DType::F32, DType::F64, {a});
  const uint16_t sum =
      it.add(ElementOp::Add, DType::F64, DType::F64, {wide, b});
  const uint16_t isLess =
      it.add(ElementOp::Lt, DType::F64, DType::Bool, {sum, b});
  const uint16_t byte =
      it.add(ElementOp::Cast, DType::Bool, DType::I8, {isLess});
  const uint16_t narrow = it.add(ElementOp::Cast, DType::F64, DType::I8, {sum});
  const uint16_t bytes =
      it.add(ElementOp::Add, DType::I8, DType::I8, {byte, narrow});
  const uint16_t half = it.add(ElementOp::Cast, DType::I8, DType::F16, {bytes});
  const uint16_t again =
      it.add(ElementOp::Cast, DType::F16, DType::F32, {half});
  const uint16_t chosen =
      it.add(ElementOp::Where, DType::F32, DType::F32, {isLess, again, a});
  Tensor out = Tensor::dense(DType::F32, it.extents);
  Tensor flags = Tensor::dense(DType::Bool, it.extents);
  it.store(chosen, out);
  it.store(isLess, flags);
  judge(it, chosen, out);
  judge(it, isLess, flags);
}

TEST(Elementwise, InPlace) {
  for (CpuLevel level : levels())
    for (bool isReversed : {false, true}) {
      Case it{{}, {3, 1500}, {}};
      const std::vector<int64_t> backwards = {-1500, -1};
      Tensor x = isReversed ? Tensor::strided(DType::F32, it.extents, backwards)
                            : Tensor::dense(DType::F32, it.extents);
      Tensor copy = Tensor::dense(DType::F32, it.extents);
      fill(x, 1, true);
      Tensor before = x;
      const uint16_t a = it.load(x);
      const uint16_t square =
          it.add(ElementOp::Mul, DType::F32, DType::F32, {a, a});
      const uint16_t sum =
          it.add(ElementOp::Add, DType::F32, DType::F32, {square, a});
      it.storeInPlace(square, 0);
      it.store(sum, copy);
      it.run(level);
      it.forEachPosition([&](const std::vector<int64_t> &position) {
        const auto old = float(before.get(position).real);
        const float squared = old * old;
        EXPECT_EQ(x.get(position).real, squared);
        EXPECT_EQ(copy.get(position).real, squared + old);
      });
    }
}

/// Two tensors change places.
TEST(Elementwise, Exchange) {
  Case it{{}, {1500}, {}};
  Tensor x = Tensor::dense(DType::F32, it.extents), y = x;
  fill(x, 1, true);
  fill(y, 2, true);
  Tensor oldX = x, oldY = y;
  const uint16_t a = it.load(x), b = it.load(y);
  const uint16_t sum = it.add(ElementOp::Add, DType::F32, DType::F32, {a, b});
  it.storeInPlace(sum, 0);
  it.storeInPlace(a, 1);
  it.run(cpuLevel());
  for (int64_t i = 0; i < 1500; ++i) {
    EXPECT_EQ(x.get(i).real, float(oldX.get(i).real + oldY.get(i).real));
    EXPECT_EQ(y.get(i).real, oldX.get(i).real);
  }
}

/// Beside what is read across lie rows, of several types and in any gaps, which
/// may be read and stored in any order.
TEST(Elementwise, RowsBesideTiles) {
  Case it{{}, {70, 600}, {}};
  auto inRows = [&](DType dtype, int64_t stride) {
    return Tensor::strided(dtype, it.extents, {stride, 1});
  };
  Tensor across = Tensor::strided(DType::F32, it.extents, {1, 70});
  Tensor x = inRows(DType::F32, 600), y = inRows(DType::F32, 700);
  fill(across, 1);
  fill(x, 2);
  fill(y, 3);
  const uint16_t a = it.load(across), b = it.load(x), c = it.load(y);
  const uint16_t sum = it.add(ElementOp::Add, DType::F32, DType::F32, {a, b});
  const uint16_t isMore =
      it.add(ElementOp::Gt, DType::F32, DType::Bool, {sum, c});
  const uint16_t chosen =
      it.add(ElementOp::Where, DType::F32, DType::F32, {isMore, sum, c});
  const uint16_t half =
      it.add(ElementOp::Cast, DType::F32, DType::F16, {chosen});
  const struct {
    uint16_t value;
    Tensor out;
  } results[] = {
      {chosen, inRows(DType::F32, 650)}, {isMore, inRows(DType::Bool, 601)},
      {sum, inRows(DType::F32, 600)},    {sum, inRows(DType::F32, 620)},
      {c, inRows(DType::F32, 600)},      {half, inRows(DType::F16, 640)},
  };
  for (const auto &result : results) {
    Tensor out = result.out;
    Case alone = it;
    alone.store(result.value, out);
    judge(alone, result.value, out);
  }
  std::vector<Tensor> outs;
  outs.reserve(std::size(results));
  for (const auto &result : results)
    it.store(result.value, outs.emplace_back(result.out));
  for (size_t i = 0; i < outs.size(); ++i)
    judge(it, results[i].value, outs[i]);
}

TEST(Elementwise, ExchangeBesideTiles) {
  for (CpuLevel level : levels()) {
    Case it{{}, {70, 600}, {}};
    Tensor x = Tensor::strided(DType::F32, it.extents, {700, 1}), y = x;
    Tensor across = Tensor::strided(DType::F32, it.extents, {1, 70});
    fill(x, 1, true);
    fill(y, 2, true);
    fill(across, 3, true);
    Tensor oldX = x, oldY = y;
    const uint16_t a = it.load(x), b = it.load(y), c = it.load(across);
    const uint16_t sum = it.add(ElementOp::Add, DType::F32, DType::F32, {a, b});
    const uint16_t difference =
        it.add(ElementOp::Sub, DType::F32, DType::F32, {c, a});
    it.storeInPlace(sum, 0);
    it.storeInPlace(difference, 1);
    it.run(level);
    it.forEachPosition([&](const std::vector<int64_t> &at) {
      const auto first = float(oldX.get(at).real);
      EXPECT_EQ(x.get(at).real, first + float(oldY.get(at).real));
      EXPECT_EQ(y.get(at).real, float(across.get(at).real) - first);
    });
  }
}

TEST(Elementwise, Faults) {
  for (CpuLevel level : levels())
    for (DType dtype : {DType::I8, DType::U8, DType::I32, DType::I64}) {
      Case it{{}, {5, 700}, {}};
      Tensor x = Tensor::dense(dtype, it.extents);
      Tensor z = x, y = Tensor::dense(dtype, it.extents);
      fill(x, 1);
      for (int64_t i = 0; i < 3500; ++i)
        reference::store(dtype, {0, i % 9 + 1}, y.at(i));
      const uint16_t a = it.load(x), b = it.load(y);
      it.add(ElementOp::CheckDivisor, dtype, dtype, {b});
      it.add(ElementOp::CheckExponent, dtype, dtype, {b});
      const uint16_t value = it.add(ElementOp::Div, dtype, dtype, {a, b});
      it.store(value, z);
      EXPECT_FALSE(it.run(level).found);
      if (isSignedInt(dtype)) {
        reference::store(dtype, {0, -7}, y.at(3333));
        reference::store(dtype, {0, -5}, y.at(2222));
        const ElementFault fault = it.run(level);
        EXPECT_TRUE(fault.found);
        EXPECT_EQ(fault.value, -5);
      }
      reference::store(dtype, {}, y.at(3499));
      const ElementFault fault = it.run(level);
      EXPECT_TRUE(fault.found);
      EXPECT_EQ(fault.value, 0);
      judge(it, value, z);
    }
}

TEST(Elementwise, FaultOfOneNumber) {
  Case it{{}, {3, 4}, {}};
  Tensor x = Tensor::strided(DType::I32, it.extents, {0, 0});
  Tensor z = Tensor::dense(DType::I32, it.extents);
  const uint16_t a = it.load(x);
  it.add(ElementOp::CheckDivisor, DType::I32, DType::I32, {a});
  it.store(it.add(ElementOp::Div, DType::I32, DType::I32, {a, a}), z);
  EXPECT_TRUE(it.run(cpuLevel()).found);
  reference::store(DType::I32, {0, 5}, x.at(0));
  EXPECT_FALSE(it.run(cpuLevel()).found);
}

} // namespace
