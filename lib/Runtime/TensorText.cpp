//===- TensorText.cpp - tensors as text -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layout is that of numpy.array2string with its defaults. Two passes: the
// first formats every element that is shown, to find the width they have in
// common; the second lays them out.
//
//===----------------------------------------------------------------------===//

#include "Mind/Runtime/TensorText.h"
#include "Mind/Basic/DType.h"
#include "Mind/Runtime/Tensor.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>

using namespace mind;
using namespace mind::runtime;

namespace {
constexpr int64_t summaryThreshold = 1000;
constexpr int64_t edgeItems = 3;
constexpr size_t lineWidth = 75;
constexpr int maxFraction = 8;
} // namespace

static_assert(DType(MIND_BOOL) == DType::Bool && DType(MIND_I8) == DType::I8 &&
              DType(MIND_U8) == DType::U8 && DType(MIND_I32) == DType::I32 &&
              DType(MIND_I64) == DType::I64 && DType(MIND_F16) == DType::F16 &&
              DType(MIND_BF16) == DType::BF16 &&
              DType(MIND_F32) == DType::F32 && DType(MIND_F64) == DType::F64);

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static DType dtypeOf(const MindView &tensor) { return DType(tensor.dtype); }

template <typename T> static T load(const MindView &tensor, int64_t index) {
  T element;
  memcpy(&element, static_cast<const T *>(tensor.data) + index, sizeof(T));
  return element;
}

/// The value of a 16-bit float with `mantissaBits` after the point.
static double widen(uint16_t bits, int mantissaBits) {
  int mantissa = bits & ((1 << mantissaBits) - 1);
  int exponentMask = (1 << (15 - mantissaBits)) - 1;
  int exponent = bits >> mantissaBits & exponentMask;
  double magnitude;
  if (exponent == exponentMask) {
    magnitude = mantissa ? NAN : INFINITY;
  } else {
    // A denormal has the exponent of the smallest others.
    if (exponent)
      mantissa |= 1 << mantissaBits;
    magnitude = std::ldexp(mantissa, std::max(exponent, 1) - exponentMask / 2 -
                                         mantissaBits);
  }
  return bits >> 15 ? -magnitude : magnitude;
}

/// An element of a tensor of a float type.
static double loadFloat(const MindView &tensor, int64_t index) {
  switch (dtypeOf(tensor)) {
  case DType::F16:
    return widen(load<uint16_t>(tensor, index), 10);
  case DType::BF16:
    return widen(load<uint16_t>(tensor, index), 7);
  case DType::F32:
    return load<float>(tensor, index);
  default:
    return load<double>(tensor, index);
  }
}

/// An element of a tensor of an integer type or of bool.
static int64_t loadInt(const MindView &tensor, int64_t index) {
  switch (dtypeOf(tensor)) {
  case DType::I8:
    return load<int8_t>(tensor, index);
  case DType::I32:
    return load<int32_t>(tensor, index);
  case DType::I64:
    return load<int64_t>(tensor, index);
  default:
    return load<uint8_t>(tensor, index);
  }
}

/// A finite `value` rounded once, to nearest even, to the float type `dtype`.
static double roundTo(DType dtype, double value) {
  if (dtype == DType::F64 || value == 0)
    return value;
  if (dtype == DType::F32)
    return float(value);
  int precision = dtype == DType::F16 ? 11 : 8;
  int maxExponent = dtype == DType::F16 ? 16 : 128;
  int exponent; // value is less than 2^exponent
  std::frexp(value, &exponent);
  int unit = std::max(exponent, 3 - maxExponent) - precision;
  double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -unit)), unit);
  return std::fabs(rounded) < std::ldexp(1.0, maxExponent)
             ? rounded
             : std::copysign(INFINITY, value);
}

//===----------------------------------------------------------------------===//
// Shortest digits
//===----------------------------------------------------------------------===//

static int exponentOf(const std::string &scientific) {
  return std::stoi(scientific.substr(scientific.find('e') + 1));
}

/// What `dtype` reads `text` as.
static double readBack(DType dtype, std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return roundTo(dtype, value);
}

/// `value` with `digits` digits after the point in either notation: what is
/// nearest to it, ties to even. Numbers are half as far apart below a power of
/// two as above it: where `dtype` reads back only the next text above, it is
/// that, as in NumPy.
static std::string withDigits(DType dtype, double value,
                              std::chars_format format, int digits) {
  auto nearest = [&](double value) -> std::string {
    char text[512];
    return {text,
            std::to_chars(text, std::end(text), value, format, digits).ptr};
  };
  std::string text = nearest(value);
  int unused;
  bool isPowerOfTwo = std::fabs(std::frexp(value, &unused)) == 0.5;
  if (!isPowerOfTwo || readBack(dtype, text) == value)
    return text;
  int exponent = format == std::chars_format::fixed ? 0 : exponentOf(text);
  double unit = std::copysign(std::pow(10.0, exponent - digits), value);
  double below = readBack(DType::F64, text);
  std::string above = nearest(below + unit);
  return readBack(dtype, above) == value ? above : text;
}

/// Scientific notation with the fewest digits that `dtype` reads back as
/// `value`, such as "1.25e-03" or "1e+00".
static std::string shortestScientific(DType dtype, double value) {
  char text[64];
  auto text32 = [&] {
    return std::to_chars(text, std::end(text), float(value),
                         std::chars_format::scientific);
  };
  auto text64 = [&] {
    return std::to_chars(text, std::end(text), value,
                         std::chars_format::scientific);
  };
  if (dtype == DType::F32)
    return {text, text32().ptr};
  if (dtype == DType::F64)
    return {text, text64().ptr};
  for (int digits = 0;; ++digits) { // 16 bits: at most 5 digits are needed.
    std::string shorter =
        withDigits(dtype, value, std::chars_format::scientific, digits);
    if (readBack(dtype, shorter) == value)
      return shorter;
  }
}

/// Digits after the point of the mantissa of a scientific notation.
static int fractionDigits(std::string_view scientific) {
  std::string_view mantissa = scientific.substr(0, scientific.find('e'));
  size_t point = mantissa.find('.');
  return point == std::string_view::npos ? 0 : int(mantissa.size() - point - 1);
}

/// A finite value without exponent: the shortest digits, at most `maxDigits`
/// after the point; always with a point, such as "2.".
static std::string positional(DType dtype, double value, int maxDigits) {
  std::string shortest = shortestScientific(dtype, value);
  int digits = std::max(0, fractionDigits(shortest) - exponentOf(shortest));
  std::string text = withDigits(dtype, value, std::chars_format::fixed,
                                std::min(digits, maxDigits));
  if (text.find('.') == std::string::npos)
    return text + '.';
  while (text.back() == '0')
    text.pop_back();
  return text;
}

/// As `positional`, with an exponent, such as "1.5e-05".
static std::string scientific(DType dtype, double value, int maxDigits) {
  std::string text = shortestScientific(dtype, value);
  if (fractionDigits(text) > maxDigits) {
    text = withDigits(dtype, value, std::chars_format::scientific, maxDigits);
    size_t e = text.find('e');
    size_t digits = text.find_last_not_of('0', e - 1) + 1;
    return text.erase(digits, e - digits);
  }
  if (fractionDigits(text) == 0)
    text.insert(text.find('e'), ".");
  return text;
}

//===----------------------------------------------------------------------===//
// One format for all elements
//===----------------------------------------------------------------------===//

namespace {
using Formatter = std::function<std::string(int64_t index)>;
} // namespace

static std::string padded(std::string text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text
                             : text;
}

/// Every element padded to the width of the widest.
static Formatter
alignRight(std::span<const int64_t> shown,
           std::function<std::string(int64_t index)> formatElement) {
  size_t width = 0;
  for (int64_t index : shown)
    width = std::max(width, formatElement(index).size());
  return [=](int64_t index) { return padded(formatElement(index), width); };
}

/// From where on whole numbers no longer have all their digits.
static double largestPlain(DType dtype, double largestDouble) {
  return dtype == DType::F64 ? largestDouble : dtype == DType::F32 ? 1e6 : 1e3;
}

/// Whether elements are shown with exponents.
static bool wantsExponent(const MindView &tensor,
                          std::span<const int64_t> shown) {
  DType dtype = dtypeOf(tensor);
  double largest = 0, smallest = INFINITY;
  for (int64_t index : shown) {
    double magnitude = std::fabs(loadFloat(tensor, index));
    if (!std::isfinite(magnitude) || magnitude == 0)
      continue;
    largest = std::max(largest, magnitude);
    smallest = std::min(smallest, magnitude);
  }
  if (largest == 0)
    return false;
  return largest >= largestPlain(dtype, 1e8) ||
         smallest < roundTo(dtype, 1e-4) ||
         roundTo(dtype, largest / smallest) > 1000;
}

namespace {
/// The widths that aligned floats have in common.
struct FloatLayout {
  size_t left = 0;  ///< before the point, the sign included
  size_t right = 0; ///< after the point, without exponent
};
} // namespace

static FloatLayout
commonLayout(const MindView &tensor, std::span<const int64_t> shown,
             const std::function<std::string(double)> &format) {
  FloatLayout layout;
  for (int64_t index : shown) {
    double value = loadFloat(tensor, index);
    if (!std::isfinite(value))
      continue;
    std::string text = format(value);
    size_t point = text.find('.');
    size_t end = std::min(text.find('e'), text.size());
    layout.left = std::max(layout.left, point);
    layout.right = std::max(layout.right, end - point - 1);
  }
  return layout;
}

static std::string nonFinite(double value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

static Formatter floatFormatter(const MindView &tensor,
                                std::span<const int64_t> shown) {
  DType dtype = dtypeOf(tensor);
  if (wantsExponent(tensor, shown)) {
    FloatLayout layout = commonLayout(tensor, shown, [=](double value) {
      return scientific(dtype, value, maxFraction);
    });
    // All get as many digits as the one that wants most.
    size_t exponentSize = 2;
    for (int64_t index : shown)
      if (double value = loadFloat(tensor, index); std::isfinite(value)) {
        std::string text = scientific(dtype, value, maxFraction);
        exponentSize = std::max(exponentSize, text.size() - text.find('e') - 2);
      }
    return alignRight(shown, [=, &tensor](int64_t index) {
      double value = loadFloat(tensor, index);
      if (!std::isfinite(value))
        return nonFinite(value);
      std::string text = withDigits(dtype, value, std::chars_format::scientific,
                                    int(layout.right));
      size_t e = text.find('e');
      if (layout.right == 0)
        text.insert(e++, ".");
      size_t exponent = text.size() - e - 2;
      text.insert(e + 2, exponentSize - exponent, '0');
      return text;
    });
  }

  FloatLayout layout = commonLayout(tensor, shown, [=](double value) {
    return positional(dtype, value, maxFraction);
  });
  return alignRight(shown, [=, &tensor](int64_t index) {
    double value = loadFloat(tensor, index);
    if (!std::isfinite(value))
      return nonFinite(value);
    // Points stand under points.
    std::string text = positional(dtype, value, maxFraction);
    size_t fraction = text.size() - text.find('.') - 1;
    return text + std::string(layout.right - fraction, ' ');
  });
}

static Formatter makeFormatter(const MindView &tensor,
                               std::span<const int64_t> shown) {
  if (isFloat(dtypeOf(tensor)))
    return floatFormatter(tensor, shown);
  return alignRight(shown, [&tensor](int64_t index) -> std::string {
    int64_t value = loadInt(tensor, index);
    if (isBool(dtypeOf(tensor)))
      return value ? " True" : "False";
    return std::to_string(value);
  });
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

namespace {
/// Lays out the elements; holds what the recursion over the axes shares.
class Layout {
public:
  explicit Layout(const MindView &tensor)
      : shape(tensor.shape, size_t(tensor.rank)),
        summarise(elementCount(shape) > summaryThreshold) {
    collect(0, 0);
    format = makeFormatter(tensor, shown);
  }

  std::string text() { return nested(0, 0, " ", lineWidth); }

private:
  bool leavesOut(size_t axis) const {
    return summarise && shape[axis] > 2 * edgeItems;
  }

  /// The positions along `axis` that are shown; -1 stands for those left out.
  std::vector<int64_t> positions(size_t axis) const {
    std::vector<int64_t> result;
    for (int64_t i = 0; i < shape[axis]; ++i) {
      if (leavesOut(axis) && i == edgeItems) {
        result.push_back(-1);
        i = shape[axis] - edgeItems;
      }
      result.push_back(i);
    }
    return result;
  }

  /// Fills `shown` with the elements below `base`.
  void collect(size_t axis, int64_t base) {
    if (axis == shape.size()) {
      shown.push_back(base);
      return;
    }
    for (int64_t position : positions(axis))
      if (position >= 0)
        collect(axis + 1, base * shape[axis] + position);
  }

  /// The part below `base`; `indent` leads its further lines, and `width` is
  /// left for a line, closing brackets of the outer parts considered.
  std::string nested(size_t axis, int64_t base, std::string indent,
                     size_t width) {
    if (axis + 1 == shape.size())
      return row(base, indent, width - 1);
    std::string result;
    std::string separator(shape.size() - axis - 1, '\n');
    for (int64_t position : positions(axis)) {
      result += result.empty() ? "[" : separator + indent;
      result += position < 0 ? "..."
                             : nested(axis + 1, base * shape[axis] + position,
                                      indent + " ", width - 1);
    }
    return result + "]";
  }

  /// The innermost axis: as many elements a line as fit.
  std::string row(int64_t base, const std::string &indent, size_t width) {
    size_t axis = shape.size() - 1;
    std::string result, line = indent;
    for (int64_t position : positions(axis)) {
      std::string word =
          position < 0 ? "..." : format(base * shape[axis] + position);
      if (line.size() > indent.size()) {
        if (line.size() + 1 + word.size() > width) {
          result += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
          line = indent;
        } else {
          line += ' ';
        }
      }
      line += word;
    }
    result += line;
    return "[" + result.substr(indent.size()) + "]";
  }

  std::span<const int64_t> shape;
  bool summarise;
  std::vector<int64_t> shown;
  Formatter format;
};
} // namespace

static std::string formatScalar(const MindView &tensor) {
  DType dtype = dtypeOf(tensor);
  if (isBool(dtype))
    return loadInt(tensor, 0) ? "True" : "False";
  if (!isFloat(dtype))
    return std::to_string(loadInt(tensor, 0));
  double value = loadFloat(tensor, 0);
  if (!std::isfinite(value))
    return nonFinite(value);
  double magnitude = std::fabs(value);
  if (magnitude >= largestPlain(dtype, 1e16) ||
      (magnitude != 0 && magnitude < 1e-4))
    return shortestScientific(dtype, value);
  std::string text = positional(dtype, value, 400);
  return text.back() == '.' ? text + "0" : text;
}

std::string mind::runtime::tensorText(const MindView &tensor) {
  return tensor.rank == 0 ? formatScalar(tensor) : Layout(tensor).text();
}

std::string mind::runtime::printedText(std::string_view format,
                                       const MindView *values) {
  std::string text;
  for (size_t i = 0; i < format.size(); ++i) {
    std::string_view pair = format.substr(i, 2);
    if (pair == "{}")
      text += tensorText(*values++);
    else
      text += format[i];
    i += pair == "{}" || pair == "{{";
  }
  return text;
}
